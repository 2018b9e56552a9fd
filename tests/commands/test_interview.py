"""`new --interview`, its closing words, and the look at the machine the day before."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.commands.briefing import EDITORS
from bugbash.grading.debrief import debrief
from bugbash.grading.grade import grade
from bugbash.recording.timeline import tell, timeline_of
from bugbash.serving import catalogue
from bugbash.serving.interview import ROUNDS
from bugbash.serving.levels import level
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets.venv import python_of, site_packages
from bugbash.workspace.attempt import Attempt, find
from bugbash.workspace.make import make

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]


def test_the_round_has_a_clock_a_hard_report_and_no_completion(run: Run, tmp_path: Path) -> None:
    words = ("new", "parcelrate", "--seed", "1", "--interview", "--dir", tmp_path / "ws")
    told = run(*words, code=0).stdout
    assert "Interview: 45 minutes" in told
    assert "no hints" in told
    for editor, how in EDITORS:
        assert editor in told
        assert how in told
    report = (tmp_path / "ws" / "FAILURE_REPORT.md").read_text("utf-8")
    assert "Steps to reproduce" not in report
    assert "```python" not in report
    status = json.loads(run("status", "--json", cwd=tmp_path / "ws", code=0).stdout)
    assert status["minutes"] == 45
    assert status["bug_count"] == 1


MODES = {
    "plain": (("parcelrate", "--interview"), "interview", (1, 1)),
    "the target behind the word": (("--interview", "parcelrate"), "interview", (1, 1)),
    "stripe": (("parcelrate", "--interview", "stripe"), "stripe", (2, 3)),
    "minutes of one's own": (
        ("parcelrate", "--interview", "stripe", "--minutes", "5", "--bugs", "1"),
        "stripe",
        (1, 1),
    ),
}


LEVELS = {
    "medium or hard": ("--interview", {"medium", "hard"}),
    "what is asked for": ("--interview --difficulty easy", {"easy"}),
    "easy, where the family has no other": ("--interview --mutator {easy}", {"easy"}),
}


@pytest.mark.parametrize("case", LEVELS)
def test_how_hard_the_bug_of_a_round_is(case: str, run: Run, tmp_path: Path) -> None:
    words, levels = LEVELS[case]
    known = catalogue.load("parcelrate")
    assert known is not None
    of: dict[str, set[str]] = {}
    for entry in known.entries:
        assert entry.bug.difficulty is not None
        of.setdefault(entry.bug.mutator, set()).add(level(entry.bug.difficulty))
    only_easy = next(name for name, found in sorted(of.items()) if found == {"easy"})
    for seed in ("1", "2", "3"):
        asked = ("new", "parcelrate", *words.format(easy=only_easy).split(), "--seed", seed)
        made = json.loads(run(*asked, "--json", "--dir", tmp_path / seed, code=0).stdout)
        assert made["difficulty"] in levels


@pytest.mark.slow
def test_a_round_in_a_project_that_nobody_measured(run: Run, project: Path, tmp_path: Path) -> None:
    words = ("new", project, "--interview", "--seed", "1", "--json", "--dir", tmp_path / "ws")
    made = json.loads(run(*words, code=0).stdout)
    assert (made["mode"], made["bug_count"]) == ("interview", 1)
    unknown = ("new", project, "--interview", "--mutator", "no-such")
    assert "no-such" in run(*unknown, code=2).stderr


@pytest.mark.slow
@pytest.mark.parametrize("case", MODES)
def test_the_forms_of_the_round(case: str, run: Run, tmp_path: Path) -> None:
    words, mode, (least, most) = MODES[case]
    asked = ("new", *words, "--seed", "1", "--json", "--dir", tmp_path / "ws")
    made = json.loads(run(*asked, code=0).stdout)
    assert made["mode"] == mode
    assert least <= made["bug_count"] <= most
    again = run(*made["again"].split()[1:], "--json", "--dir", tmp_path / "again", code=0).stdout
    assert json.loads(again)["bug_count"] == made["bug_count"]
    one, other = (tmp_path / name / "FAILURE_REPORT.md" for name in ("ws", "again"))
    assert one.read_bytes() == other.read_bytes()


def test_the_real_round_has_two_or_three_bugs() -> None:
    assert {ROUNDS["stripe"].bugs(seed) for seed in range(10)} == {2, 3}
    assert ROUNDS["stripe"].minutes == 60


def test_a_real_package_that_was_never_fetched_is_not_fetched_behind_ones_back(
    run: Run, tmp_path: Path
) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "home")}
    done = run("new", "--interview", "stripe", env=home, code=2)
    assert "bugbash new itsdangerous --interview stripe" in done.stderr


def test_an_unknown_round_is_said(run: Run) -> None:
    done = run("new", "parcelrate", "--interview", "amazon", code=2)
    assert "say nothing behind it, or stripe" in done.stderr


def test_the_first_attempt_of_all_is_easy_and_tells_the_five_steps(
    run: Run, tmp_path: Path
) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "home")}
    first = run("new", "--dir", tmp_path / "one", env=home, code=0).stdout
    assert ", easy" in first
    steps = ("1 Reproduce", "2 Isolate", "3 Hypothesis", "4 Verify", "5 Clean up")
    places = [first.index(step) for step in steps]
    assert places == sorted(places)
    assert "git add -A && git commit" in first
    second = run("new", "--dir", tmp_path / "two", env=home, code=0).stdout
    assert not [step for step in steps if step in second]


def test_the_first_attempt_when_blind_begins_with_a_test_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "home")}
    told = run("new", "--blind", "--dir", tmp_path / "one", env=home, code=0).stdout
    assert "1 Reproduce  write a test that fails as the report says" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [((), "Recorded: each test run"), (("--no-record",), "Not recorded: test runs and files")],
    ids=["recorded", "--no-record"],
)
def test_new_says_in_one_line_what_is_recorded_and_where(
    options: tuple[str, ...], told: str, run: Run, tmp_path: Path, bugbash_home: Path
) -> None:
    words = ("new", "parcelrate", "--seed", "1", "--dir", tmp_path / "ws", *options)
    (line,) = [line for line in run(*words, code=0).stdout.splitlines() if told in line]
    assert str(bugbash_home / "timelines") in line
    attempt = (tmp_path / "ws" / ".bugbash").read_text("utf-8").strip()
    timeline = timeline_of(attempt)
    assert timeline.recorded is (not options)
    plugin = site_packages(tmp_path / "ws" / ".venv") / "bugbash_recorder.py"
    assert plugin.exists() is (not options)


def pytest_in(workspace: Path, *words: str) -> None:
    python = python_of(workspace / ".venv")
    subprocess.run([python, "-m", "pytest", "-q", *words], cwd=workspace, capture_output=True)


PLAYS: dict[str, tuple[str, list[str]]] = {
    "in order": (
        "run one say fix one run commit",
        [
            r"Fix 1 line, diagnosis \d+ of \d+ min\.",
            r"Reproduction: the failure was seen at \d+:\d\d, before any edit\.",
            r"Isolation: down to 1 test at \d+:\d\d, 2 runs before the fix\.",
            r"Hypothesis: 1 stated, 1 confirmed, the first at .*, before the first edit\.",
            r"Verification: the whole suite ran at \d+:\d\d, and it passed\.",
            r"Clean-up: nothing left behind, committed\.",
        ],
    ),
    "edits first": (
        "fix one",
        [
            r"Fix 1 line, .*",
            r"Reproduction: no run showed the failure\.",
            r"Isolation: no failing run to narrow down\.",
            r"Hypothesis: none was stated\.",
            r"Verification: .*",
            r"Clean-up: nothing left behind, not committed\.",
        ],
    ),
    "gives up": (
        "run say",
        [
            r"Not solved after \d+ min\.",
            r"Reproduction: the failure was seen at \d+:\d\d, before any edit\.",
            r"Isolation: 1 run before the fix, none narrower than 8 tests\.",
            r"Hypothesis: 1 stated, .*",
            r"Verification: there was no fix to verify\.",
            r"Clean-up: .*",
        ],
    ),
    "only the failing test after the fix": (
        "run fix one",
        [
            r"Fix .*",
            r"Reproduction: .*",
            r"Isolation: .*",
            r"Hypothesis: .*",
            r"Verification: 1 run after the fix, none of the whole suite\.",
            r"Clean-up: .*",
        ],
    ),
}


@pytest.mark.parametrize("case", PLAYS)
def test_the_debrief_tells_each_step_as_it_was(
    case: str, make_attempt: Make, tiny_served: Served, clean_labels: str
) -> None:
    play, expected = PLAYS[case]
    attempt = make_attempt()
    folder = attempt.workspace
    for action in play.split():
        if action == "run":
            pytest_in(folder)
        elif action == "one":
            pytest_in(folder, tiny_served.scenario.fail_to_pass[0])
        elif action == "say":
            tell(attempt.id, "hypothesis", folder, number=1, text="I suspect the order")
        elif action == "fix":
            (folder / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
        elif action == "commit":
            tell(attempt.id, "close", folder, number=1, verdict="confirmed")
            subprocess.run(["git", "commit", "-qam", "Name first"], cwd=folder, check=True)
    found = grade(attempt, tiny_served.target, tiny_served.environment)
    lines = debrief(timeline_of(attempt.id, folder), found)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_the_debrief_of_an_attempt_that_was_not_recorded_is_the_result(
    tiny_served: Served, store: Store, tmp_path: Path, clean_labels: str
) -> None:
    attempt = make(tiny_served, "00decaf0", tmp_path / "ws", None, store, recorded=False)
    (attempt.workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    found = grade(attempt, tiny_served.target, tiny_served.environment)
    lines = debrief(timeline_of(attempt.id), found)
    assert re.fullmatch(r"Fix 1 line, solved after \d+ min\.", lines[0])
    assert lines[1:] == ("How it was found was not recorded.",)


def findings(run: Run, folder: Path, code: int) -> dict[str, dict[str, object]]:
    value = json.loads(run("doctor", "--workspace", "--json", cwd=folder, code=code).stdout)
    assert value["ready"] is (code == 0)
    return {finding["name"]: finding for finding in value["findings"]}


def test_doctor_tries_a_workspace_and_leaves_nothing(
    run: Run, tmp_path: Path, bugbash_home: Path
) -> None:
    before = {row.id for row in Store().attempts()}
    timelines = set((bugbash_home / "timelines").glob("*"))
    found = findings(run, tmp_path, 0)
    for name in ("workspace", "pytest", "recorder", "git", "commits", "clock", "disk"):
        assert found[name]["good"], found[name]
    assert {row.id for row in Store().attempts()} == before
    assert set((bugbash_home / "timelines").glob("*")) == timelines
    assert list(tmp_path.iterdir()) == []


def test_doctor_inside_a_workspace_adds_no_run(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    pytest_in(attempt.workspace)
    found = findings(run, attempt.workspace, 0)
    assert "8 tests collected" in str(found["pytest"]["said"])
    assert "on, 1 run so far" in str(found["recorder"]["said"])
    assert len(timeline_of(attempt.id).runs) == 1
    assert "Ready: go on" in run("doctor", "--workspace", cwd=attempt.workspace, code=0).stdout


def test_the_round_ends_with_the_debrief_which_the_page_keeps(
    run: Run, make_attempt: Make, tiny_served: Served, clean_labels: str
) -> None:
    scenario = replace(tiny_served.scenario, mode="interview")
    workspace = make_attempt(replace(tiny_served, scenario=scenario)).workspace
    assert "Debrief" not in run("check", cwd=workspace, code=1).stdout
    pytest_in(workspace)
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    said = run("check", "--html", workspace.parent / "page.html", cwd=workspace, code=0).stdout
    assert said.index("Debrief") < said.index("Reproduction: ") < said.index("Next: ")
    page = (workspace.parent / "page.html").read_text("utf-8")
    line = next(line.strip() for line in said.splitlines() if "Reproduction: " in line)
    assert "<h3>Debrief</h3>" in page
    assert line in page


BROKEN = {
    "no recorder": ("bugbash_recorder.py", "recorder", "bugbash reset"),
    "no dependencies": ("01_dependencies.pth", "pytest", "bugbash test"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_doctor_says_what_is_broken_in_a_workspace_and_what_to_do(
    case: str, run: Run, make_attempt: Make
) -> None:
    file, name, advice = BROKEN[case]
    workspace = make_attempt().workspace
    (site_packages(workspace / ".venv") / file).unlink()
    found = findings(run, workspace, 3)
    assert not found[name]["good"]
    assert advice in str(found[name]["said"])
    assert find(Store(), workspace).marker_intact


def test_doctor_names_variables_that_change_what_pytest_runs(run: Run, tmp_path: Path) -> None:
    done = run("doctor", "--workspace", env={"PYTEST_ADDOPTS": "-q"}, code=0)
    assert "PYTEST_ADDOPTS set" in done.stdout
