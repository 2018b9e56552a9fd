"""`bugbash scenario new`: a folder that reads and holds, or one sentence and no folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.anchors import anchor
from bugbash.serving.catalogue import load
from bugbash.serving.drafting import draft_of_entry, write_draft
from bugbash.serving.written import read
from bugbash.targets.resolve import resolve, vendored_names
from tests.commands.mutator_files import named
from tests.scenario_files import patch_of
from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]
BUG = "50ed53356126c237"
SWAP = patch_of("tiny/labels.py", "{label(name, street)}", "{label(street, name)}", broken=False)
BY_HAND = ("--target", "./tiny", "--family", "library", "--title", "Streets are printed first")


UNTRIED = {"NOTES.md": "No other test tries mutants of the project with this file.\n"}
"""Trials are kept for the whole session, by what they were made of."""


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_proved_bug_becomes_a_folder_that_reads_with_all_that_was_said(
    run: Run, tmp_path: Path
) -> None:
    title = 'Quotes are "open" at their last moment'
    done = run(
        *("scenario", "new", "my first/quotes", "--target", "parcelrate", "--bug", BUG[:6]),
        *("--title", title, "--author", "Ada", "--minutes", "25", "--report", "own"),
        *("--explanation", "A quote is over at the moment that it names."),
        code=0,
    )
    folder = tmp_path / "my first" / "quotes"
    assert left_in(folder) == ["accepted", "hidden", "rejected", "report.md", "scenario.toml"]
    assert left_in(tmp_path / "my first") == ["quotes"]
    written = read(folder)
    (bug,) = written.bugs
    assert (written.title, written.target, written.author) == (title, "parcelrate", "Ada")
    assert (written.minutes, bug.mutator) == (25, "boundary-comparison")
    assert bug.explanation == "A quote is over at the moment that it names."
    assert len(bug.fail_to_pass) == 3
    assert written.report.startswith(f"# {title}\n\n")
    assert "## Steps to reproduce" in written.report
    assert done.stdout.splitlines()[-2:] == [
        "  bugbash scenario check 'my first/quotes'",
        "  bugbash new --scenario 'my first/quotes'",
    ]


def test_every_optional_key_is_there_as_a_value_or_as_a_comment_that_may_be_uncommented(
    run: Run, tmp_path: Path
) -> None:
    run("scenario", "new", "one", "--target", "parcelrate", "--bug", BUG, code=0)
    file = tmp_path / "one" / "scenario.toml"
    lines = file.read_text("utf-8").splitlines()
    keys = ("author", "tags", "minutes", "details", "editable", "pass_to_pass", "hints")
    points = ("fix", "reproduce", "isolate", "hypothesis", "verify", "clean_up")
    wanted = [*(f"# {key} =" for key in (*keys, *points)), "# [rubric]"]
    for number, line in enumerate(lines):
        if line.startswith(tuple(wanted)):
            wanted = [word for word in wanted if not line.startswith(word)]
            lines[number] = line.removeprefix("# ")
    assert wanted == []
    file.write_text("\n".join(lines) + "\n", "utf-8")
    written = read(tmp_path / "one")
    assert (written.minutes, written.details) == (30, "actual-only")
    assert written.rubric["clean up"] == 12


def test_every_bug_of_every_catalogue_is_found_again_by_what_is_written(
    tmp_path: Path,
) -> None:
    for name in vendored_names():
        target, known = resolve(name), load(name)
        assert known is not None
        for entry in known.entries:
            folder = tmp_path / name / entry.bug.id
            write_draft(folder, draft_of_entry(entry, target, known), target)
            written = read(folder)
            found = anchor(written, written.bugs[0], target)
            clean = (target.tree / entry.bug.edit.file).read_bytes()
            broken = clean
            for edit in reversed(found.edits):
                broken = edit.apply(broken)
            assert broken == entry.bug.edit.apply(clean), folder
            assert written.title == entry.ticket.title


def test_bugs_to_choose_from_are_listed_by_what_is_asked_for(run: Run, tmp_path: Path) -> None:
    words = ("scenario", "new", "--target", "parcelrate", "--list")
    everything = json.loads(run(*words, "--json", code=0).stdout)["bugs"]
    some = ("--family", "logic", "--difficulty", "easy", "--mutator", "boundary-comparison")
    found = json.loads(run(*words, *some, "--json", code=0).stdout)["bugs"]
    known = load("parcelrate")
    assert known is not None
    assert {bug["id"] for bug in everything} == {entry.bug.id for entry in known.entries}
    assert [bug["id"] for bug in found] == [BUG]
    assert {(bug["family"], bug["difficulty"]) for bug in found} == {("logic", "easy")}
    table = run(*words, *some, code=0)
    assert BUG[:8] in table.stdout
    assert "easy" in table.stdout
    assert '+ return "open" if now <= self.valid_until else "expired"' in table.stdout
    assert "test_states" in table.stdout
    assert f"bugbash scenario new --target parcelrate --bug {BUG}" in table.stderr
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param([], "with --target", id="no target"),
        pytest.param(["--target", "parcelrate"], "with --family", id="no family"),
        pytest.param(
            ["--target", "parcelrate", "--family", "logic"], "with --difficulty", id="no difficulty"
        ),
        pytest.param(
            ["--target", "parcelrate", "--family", "any", "--difficulty", "any"],
            "with --bug ID",
            id="no bug",
        ),
        pytest.param(["--target", "parcelrat"], "Did you mean 'parcelrate'?", id="target"),
        pytest.param(
            ["--target", "parcelrate", "--family", "logik", "--difficulty", "easy"],
            "Did you mean 'logic'?",
            id="family",
        ),
        pytest.param(
            ["--target", "parcelrate", "--family", "any", "--difficulty", "heavy"],
            "say easy, medium or hard",
            id="difficulty",
        ),
        pytest.param(["--target", "parcelrate", "--bug", "zz"], "has no bug 'zz'", id="bug"),
        pytest.param(["--target", "parcelrate", "--bug", "5"], "more of the id", id="short id"),
        pytest.param(
            ["--target", "parcelrate", "--bug", BUG, "--title", "one\ntwo"],
            "title must be one line",
            id="title of two lines",
        ),
        pytest.param(
            ["--target", "parcelrate", "--bug", BUG, "--title", " "],
            "title is empty",
            id="no title",
        ),
        pytest.param(
            ["--target", "parcelrate", "--bug", BUG, "--family", "logic"],
            "leave --family out",
            id="bug and family",
        ),
        pytest.param(
            ["--target", "./tiny", "--list"], "`bugbash scan ./tiny` first", id="not scanned"
        ),
        pytest.param(
            ["--target", "./tiny", "--mutators", "none", "--list"],
            "There is no folder none of mutators",
            id="no mutators",
        ),
        pytest.param(["--json"], "--json goes with --list", id="json alone"),
        pytest.param(["--from-diff", "none.patch", *BY_HAND], "can't be read", id="no patch"),
        pytest.param(["--from-diff", "swap.patch"], "with --target", id="patch of what"),
        pytest.param(
            ["--from-diff", "swap.patch", "--target", "./tiny"],
            "with --family",
            id="patch's family",
        ),
        pytest.param(
            ["--from-diff", "swap.patch", *BY_HAND[:4]], "with --title", id="patch's title"
        ),
        pytest.param(
            ["--from-diff", "swap.patch", *BY_HAND, "--bug", BUG], "leave --bug out", id="both"
        ),
        pytest.param(["--from-diff", "-", *BY_HAND[:4]], "give --title too", id="stdin, no title"),
        pytest.param(["--from-diff", "-", *BY_HAND], "stdin is empty", id="empty stdin"),
    ],
)
def test_what_is_missing_or_wrong_is_told_in_one_line_and_nothing_is_written(
    run: Run, tmp_path: Path, tiny_project: Project, options: list[str], told: str
) -> None:
    tiny_project(UNTRIED)
    (tmp_path / "swap.patch").write_text(SWAP)
    done = run("scenario", "new", "below/mine", *options, code=2)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert left_in(tmp_path) == ["swap.patch", "tiny"]


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        pytest.param(
            SWAP.replace("parcel(name", "parcel(nam"), "bug.patch:3 does not apply", id="drifted"
        ),
        pytest.param(
            "\n" + patch_of("tests/test_labels.py", '"small"', '"tiny"', broken=False),
            "bug.patch:2: tests/test_labels.py belongs to the tests",
            id="tests",
        ),
        pytest.param(
            patch_of("pyproject.toml", "tests", "test", broken=False),
            "bug.patch:1: pyproject.toml belongs to the tests",
            id="pytest's settings",
        ),
        pytest.param("--- /dev/null\n+++ b/tiny/x.py\n@@ -0,0 +1 @@\n+x = 1\n", "adds", id="new"),
        pytest.param("no patch\n", "bug.patch is no patch", id="no patch"),
        pytest.param("", "bug.patch is empty", id="empty"),
    ],
)
def test_a_change_by_hand_that_is_no_bug_is_refused_with_its_line(
    run: Run, tmp_path: Path, tiny_project: Project, patch: str, told: str
) -> None:
    tiny_project()
    (tmp_path / "bug.patch").write_text(patch)
    done = run("scenario", "new", "mine", "--from-diff", "bug.patch", *BY_HAND, code=2)
    assert told in done.stderr
    assert left_in(tmp_path) == ["bug.patch", "tiny"]


MINE = named("price-for-percent").replace("True", "percent").replace("False", "price")


def own_mutator(folder: Path) -> None:
    """A folder `mine` with a mutator that makes two bugs of the tiny project."""
    (folder / "mine").mkdir()
    (folder / "mine" / "price_for_percent.py").write_text(MINE)


@pytest.mark.slow
@pytest.mark.parametrize("named_by", ["option", "project"])
def test_a_bug_of_a_mutator_of_ones_own_becomes_a_scenario_after_a_scan(
    run: Run, tmp_path: Path, tiny_project: Project, named_by: str
) -> None:
    own_mutator(tmp_path)
    options: tuple[str, ...] = ("--target", "./tiny", "--mutators", "mine")
    if named_by == "project":
        project = TINY["pyproject.toml"] + '\n[tool.bugbash]\nmutators = ["../mine"]\n'
        tiny_project({"pyproject.toml": project, **UNTRIED})
        options = options[:2]
    else:
        tiny_project(UNTRIED)
    only = ("--mutator", "price-for-percent")
    refused = run("scenario", "new", *options, *only, "--list", code=2)
    assert "no mutant of ./tiny was tried yet" in refused.stderr
    run("scan", "./tiny", *options[2:], *only, code=0)
    listed = run("scenario", "new", *options, *only, "--list", "--json", code=0)
    bugs = json.loads(listed.stdout)["bugs"]
    assert {bug["mutator"] for bug in bugs} == {"price-for-percent"}
    assert {tuple(bug["diff"]) for bug in bugs} == {
        ("- if percent < 0:", "+ if price < 0:"),
        (
            "- return price - price * percent // 100",
            "+ return price - price * price // 100",
        ),
    }
    words = ("scenario", "new", "mine-too", *options, "--bug", bugs[0]["id"][:6])
    assert "with --title" in run(*words, code=2).stderr
    run(*words, "--title", "Discounts are far too large", code=0)
    (bug,) = read(tmp_path / "mine-too").bugs
    assert (bug.mutator, bug.family, bug.file) == ("price-for-percent", "logic", "tiny/prices.py")
    assert f"- {bug.before.strip()}" in bugs[0]["diff"]
    assert bug.explanation == "Print the switch where it is read."
    assert bug.fail_to_pass == tuple(bugs[0]["fail_to_pass"])
    assert "14 of 14 hold" in run("scenario", "check", "mine-too", code=0).stdout


@pytest.mark.slow
def test_a_project_that_was_scanned_needs_no_catalogue(
    run: Run, tmp_path: Path, tiny_project: Project
) -> None:
    tiny_project({"NOTES.md": "One mutator was tried on this one.\n"})
    run("scan", "./tiny", "--mutator", "swap-arguments", code=0)
    done = run("scenario", "new", "--target", "./tiny", "--list", code=0)
    assert "swap-arguments" in done.stdout
    assert "mutants were not tried yet: `bugbash scan ./tiny` tries them" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("by", ["file", "stdin"])
def test_a_change_by_hand_becomes_a_scenario_that_holds(
    run: Run, tmp_path: Path, tiny_project: Project, by: str
) -> None:
    tiny_project()
    (tmp_path / "swap.patch").write_text(SWAP)
    words = ["scenario", "new", "below/mine", *BY_HAND]
    words += ["--explanation", "The two texts are handed on in the wrong order."]
    if by == "file":
        run(*words, "--from-diff", "swap.patch", code=0)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "bugbash", *words, "--from-diff", "-"],
            cwd=tmp_path,
            input=SWAP,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
    folder = tmp_path / "below" / "mine"
    assert left_in(folder) == ["accepted", "bug.patch", "hidden", "rejected", "scenario.toml"]
    assert (folder / "bug.patch").read_text() == SWAP
    assert read(folder).target == "../../tiny"
    assert "14 of 14 hold" in run("scenario", "check", "below/mine", code=0).stdout


def test_an_explanation_that_is_missing_is_told(
    run: Run, tmp_path: Path, tiny_project: Project
) -> None:
    tiny_project()
    (tmp_path / "swap.patch").write_text(SWAP)
    done = run("scenario", "new", "--from-diff", "swap.patch", *BY_HAND, code=0)
    assert "why it is a bug: `explanation`" in done.stdout
    assert (tmp_path / "streets-are-printed-first" / "scenario.toml").is_file()


@pytest.mark.parametrize("taken", ["folder", "file", "file above"])
def test_what_is_there_already_is_left_alone(run: Run, tmp_path: Path, taken: str) -> None:
    place = tmp_path / "mine"
    if taken == "folder":
        place.mkdir()
    else:
        place.write_text("mine")
    name = "mine/below" if taken == "file above" else "mine"
    done = run("scenario", "new", name, "--target", "parcelrate", "--bug", BUG, code=2)
    assert "mine" in done.stderr
    assert left_in(tmp_path) == ["mine"]
    assert place.is_dir() if taken == "folder" else place.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
@pytest.mark.parametrize(
    ("answers", "title", "report"),
    [
        pytest.param(
            "parcelrate\nlogic\neasy\nnonsense\n99\n50ed53\nQuotes stay open\ny\nmine\n",
            "Quotes stay open",
            True,
            id="everything",
        ),
        pytest.param("parcelrate\n\n\n\n\n\nmine\n", "", False, id="what is offered"),
        pytest.param(
            "parcelrat\nparcelrate\nlogik\nlogic\nheavy\neasy\n1\n \nQuotes stay open\ny\n"
            "taken\nmine\n",
            "Quotes stay open",
            True,
            id="each answer wrong at first",
        ),
    ],
)
def test_a_person_is_asked_for_what_is_missing(
    tmp_path: Path, answers: str, title: str, report: bool
) -> None:
    import pty

    (tmp_path / "taken").mkdir()
    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", "scenario", "new"],
        cwd=tmp_path,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    for question in ("Target (", "Family (", "Difficulty (", "Number or id", "Title", "Folder"):
        assert question in done.stderr
    wrong = {
        "nonsense": "has no bug 'nonsense'", "99": "has no bug '99'",
        "parcelrat": "Did you mean 'parcelrate'?", "logik": "Did you mean 'logic'?",
        "heavy": "say easy, medium or hard", " ": "the title is empty",
        "taken": "taken is there already",
    }  # fmt: skip
    for answer, told in wrong.items():
        assert (told in done.stderr) == (answer in answers.split("\n")), answer
    if title:
        assert done.stderr.count("Target (") == 1 + ("parcelrat" in answers.split("\n"))
    written = read(tmp_path / "mine")
    assert written.title == title if title else written.title
    assert bool(written.report) == report
