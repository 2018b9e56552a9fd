"""`bugbash history`: what counts, what is shown of it, exporting and forgetting it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bugbash.commands.briefing import launcher
from bugbash.recording.timeline import folder_of
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt
from tests.commands.past import Past, ago, bug, grade
from tests.commands.test_contracts import NUMBER, differences

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]
NONE = type(None)

TALLY = {
    "name": str,
    "attempts": int,
    "solved": int,
    "scored": int,
    "score": (*NUMBER, NONE),
    "seconds": (*NUMBER, NONE),
    "skipped": [{"name": str, "skipped": int, "seen": int, "advice": str}],
}
HISTORY = {
    "schema": "bugbash/history/v1",
    "filters": {"families": [str], "targets": [str], "since": (str, NONE)},
    "unfinished": int,
    **{key: shape for key, shape in TALLY.items() if key not in ("name", "skipped")},
    "steps": [{"name": str, "skipped": int, "seen": int, "advice": str}],
    "families": [TALLY],
    "mutators": [TALLY],
    "targets": [TALLY],
    "trend": [{"attempt": str, "ended": str, "solved": bool, "score": (*NUMBER, NONE)}],
}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "own home")


def history(run: Run, past: Past, *words: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(
        run("history", *words, "--json", env=past.env, code=0).stdout
    )
    assert differences(value, HISTORY) == []
    return value


def named(tallies: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Name, then attempts, solved, mean score and median time."""
    keys = ("attempts", "solved", "score", "seconds")
    return {one["name"]: tuple(one[key] for key in keys) for one in tallies}


def fixed_and_checked(run: Run, attempt: Attempt, clean: str, times: int) -> None:
    pytest_words = [str(attempt.workspace / launcher("pytest")), "-q"]
    subprocess.run(pytest_words, cwd=attempt.workspace, capture_output=True)
    for number in range(times):
        if number:
            (attempt.workspace / "tiny" / "labels.py").write_text(clean, "utf-8")
        run("check", cwd=attempt.workspace, code=0 if number else 1)


def test_a_real_attempt_counts_from_its_check_on_and_after_its_workspace_is_gone(
    run: Run, make_attempt: Make, clean_labels: str, tmp_path: Path
) -> None:
    attempt = make_attempt()
    first = json.loads(run("history", "--json", code=0).stdout)
    fixed_and_checked(run, attempt, clean_labels, times=3)
    grades = Store().checks_of(attempt.id)
    for words in (None, ("clean", "--attempt", attempt.id, "--yes")):
        if words:
            run(*words, code=0)
        value = json.loads(run("history", "--json", code=0).stdout)
        assert value["attempts"] == first["attempts"] + 1
        assert value["unfinished"] == first["unfinished"] - 1
        (row,) = [row for row in value["trend"] if row["attempt"] == attempt.id]
        assert (row["solved"], row["score"]) == (True, grades[-1]["score"])
        lines = run("history", "export", "-", code=0).stdout.splitlines()
        (line,) = [one for one in map(json.loads, lines) if one["attempt"] == attempt.id]
        assert line["seconds"] == grades[1]["elapsed_s"]  # the first that said solved
        assert (line["result"], line["checks"]) == ("solved", 3)
        assert set(line["steps"]) == {"reproduce", "isolate", "hypothesis", "verify", "clean up"}
        assert line["steps"]["hypothesis"] == {"points": 0, "max": 12, "skipped": True}


def test_an_empty_history_says_what_to_type(run: Run, past: Past) -> None:
    assert "bugbash new" in run("history", env=past.env, code=0).stdout
    past.play(state="open")
    shown = run("history", env=past.env, code=0).stdout
    assert "1 is unfinished" in shown
    assert "bugbash list" in shown
    value = history(run, past)
    assert (value["attempts"], value["unfinished"], value["families"]) == (0, 1, [])


def test_attempts_are_tallied_by_family_mutator_and_target(run: Run, past: Past) -> None:
    past.play(grade({"verify": 0}, seconds=100))
    past.play(grade(seconds=300), bugs=[bug("swap-arguments", "library")], target="paylane")
    past.play(grade(solved=False), state="revealed", bugs=[bug("drop-else")], target="paylane")
    two = [bug("drop-guard"), bug("swap-arguments", "library")]
    past.play(grade({"verify": 0, "isolate": 0}, seconds=500), bugs=two)
    value = history(run, past)
    assert named(value["families"]) == {
        "logic": (3, 2, 82.0, 300.0),
        "library": (2, 2, 88.0, 400.0),
    }
    assert named(value["mutators"]) == {
        "drop-guard": (2, 2, 82.0, 300.0),
        "swap-arguments": (2, 2, 88.0, 400.0),
        "drop-else": (1, 0, None, None),
    }
    assert named(value["targets"]) == {
        "billcycle": (2, 2, 82.0, 300.0),
        "paylane": (2, 1, 100.0, 300.0),
    }
    assert (value["attempts"], value["solved"], value["scored"]) == (4, 3, 3)
    assert [(one["name"], one["skipped"], one["seen"]) for one in value["steps"][:2]] == [
        ("verify", 2, 3),
        ("isolate", 1, 4),
    ]
    assert value["steps"][0]["advice"] == "do better at verify"
    (logic,) = [one for one in value["families"] if one["name"] == "logic"]
    assert [one["name"] for one in logic["skipped"]] == ["verify", "isolate"]


OUTCOMES: dict[str, tuple[tuple[Mapping[str, Any], ...], tuple[str, ...], tuple[Any, ...]]] = {
    "solved": ((grade(),), ("solved",), ("solved", 100, 600.0)),
    "solved at the second check": (
        (grade(solved=False, seconds=50), grade(seconds=90)),
        ("solved",),
        ("solved", 100, 90.0),
    ),
    "cleaned up after it was solved": (
        (grade({"clean up": 3}, seconds=50), grade(seconds=90)),
        ("solved",),
        ("solved", 100, 50.0),
    ),
    "broken again after it was solved": (
        (grade({"verify": 6}, seconds=50), grade(solved=False, seconds=90)),
        ("solved",),
        ("solved", 94, 50.0),
    ),
    "solved, then the answer shown": (
        (grade(), grade(solved=False)),
        ("solved",),
        ("solved", 100, 600.0),
    ),
    "solved, then removed": ((grade(),), ("solved", "removed"), ("solved", 100, 600.0)),
    "revealed": ((grade(solved=False),), ("revealed",), ("revealed", None, None)),
    "revealed, then solved": ((grade(revealed=True),), ("revealed",), ("revealed", None, None)),
    "revealed, then removed": (
        (grade(solved=False),),
        ("revealed", "removed"),
        ("revealed", None, None),
    ),
    "removed twice": ((grade(),), ("solved", "removed", "removed"), ("solved", 100, 600.0)),
    "removed, then shown": ((), ("open", "removed", "revealed"), ("revealed", None, None)),
    "given up after a check": (
        (grade(solved=False),),
        ("open", "removed"),
        ("given up", 60, None),
    ),
    "given up unseen": ((), ("open", "removed"), ("given up", None, None)),
    "not recorded": ((grade(recorded=False),), ("solved",), ("solved", None, 600.0)),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_what_an_attempt_counts_for(case: str, run: Run, past: Past) -> None:
    grades, states, expected = OUTCOMES[case]
    attempt = past.play(*grades, state="open")
    past.set_state(attempt, *states)
    (line,) = run("history", "export", "-", env=past.env, code=0).stdout.splitlines()
    row = json.loads(line)
    assert (row["result"], row["score"], row["seconds"]) == expected
    value = history(run, past)
    assert value["solved"] == (expected[0] == "solved")
    assert value["score"] == expected[1]


SKIPPED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "everything done": (grade(), set()),
    "none of the points": (grade({"reproduce": 0}), {"reproduce"}),
    "a third of them": (grade({"isolate": 4}), {"isolate"}),
    "almost half of them": (grade({"isolate": 5}), set()),
    "nothing fixed: nothing to verify or to clean up": (
        grade({"verify": 0, "clean up": 0, "hypothesis": 0}, solved=False),
        {"hypothesis"},
    ),
    "not recorded: nothing is known of the steps": (
        grade({"clean up": 0}, recorded=False),
        set(),
    ),
}


@pytest.mark.parametrize("case", SKIPPED)
def test_a_step_is_skipped_where_it_was_seen_and_earned_little(
    case: str, run: Run, past: Past
) -> None:
    graded, expected = SKIPPED[case]
    past.play(graded, state="solved" if graded["solved"] else "revealed")
    steps = history(run, past)["steps"]
    assert {one["name"] for one in steps if one["skipped"]} == expected


def test_of_unfinished_attempts_no_mutator_is_told(run: Run, past: Past) -> None:
    past.play(grade(solved=False), state="open", bugs=[bug("tighten-regex", "validation")])
    past.play(grade())
    for words in (["history"], ["history", "--json"], ["history", "export", "-"]):
        assert "tighten-regex" not in run(*words, env=past.env, code=0).stdout


def test_bugs_without_a_mutator_were_written_by_a_person(run: Run, past: Past) -> None:
    past.play(grade(), bugs=[bug("by hand", "logic")])
    shown = run("history", env=past.env, code=0).stdout
    assert "written by a person  " in shown
    assert "by hand" not in shown
    assert [one["name"] for one in history(run, past)["mutators"]] == ["by hand"]


DAY = date.today() - timedelta(days=10)
FILTERS: dict[str, tuple[list[str], set[str]]] = {
    "all": ([], {"old", "new", "both"}),
    "family": (["--family", "library"], {"new", "both"}),
    "families": (["--family", "library", "--family", "platform"], {"new", "both"}),
    "target": (["--target", "paylane"], {"new"}),
    "target as typed": (["--target", "pypi:click==8"], {"both"}),
    "since a date": (["--since", DAY.isoformat()], {"new", "both"}),
    "since days": (["--since", "10d"], {"new", "both"}),
    "since weeks": (["--since", "2 weeks"], {"new", "both"}),
    "several": (["--since", "3w", "--family", "logic", "--target", "billcycle"], {"old"}),
    "nothing fits": (["--since", "1d", "--family", "platform"], set()),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters_choose_attempts_here_and_in_an_export(case: str, run: Run, past: Past) -> None:
    ids = {
        past.play(state="revealed", at=ago(20)): "old",
        past.play(state="revealed", bugs=[bug("drop-keyword", "library")], target="paylane"): "new",
        past.play(
            state="revealed",
            bugs=[bug(), bug("drop-keyword", "library")],
            target="click",
            typed="pypi:click==8",
        ): "both",
    }
    words, expected = FILTERS[case]
    found = {ids[row["attempt"]] for row in history(run, past, *words)["trend"]}
    assert found == expected
    for line in (["history", *words, "export", "-"], ["history", "export", "-", *words]):
        rows = run(*line, env=past.env, code=0).stdout.splitlines()
        assert {ids[json.loads(row)["attempt"]] for row in rows} == expected


def test_with_a_family_the_other_bugs_of_an_attempt_have_no_row(run: Run, past: Past) -> None:
    past.play(grade(), bugs=[bug(), bug("drop-keyword", "library")])
    value = history(run, past, "--family", "library")
    assert [one["name"] for one in value["families"]] == ["library"]
    assert [one["name"] for one in value["mutators"]] == ["drop-keyword"]


WRONG = {
    "family": (["--family", "logik"], "'logic'"),
    "target": (["--target", "bilcycle"], "'billcycle'"),
    "day": (["--since", "yesterday"], "2026-03-01"),
    "no such day": (["--since", "2026-02-30"], "30d"),
    "too long ago": (["--since", "999999d"], "30d"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_filter_that_nobody_knows_is_a_usage_problem(case: str, run: Run, past: Past) -> None:
    past.play(grade())
    words, told = WRONG[case]
    done = run("history", *words, env=past.env, code=2)
    assert told in done.stderr
    assert done.stdout == ""


def test_where_filters_leave_nothing_the_way_back_is_told(run: Run, past: Past) -> None:
    past.play(grade())
    shown = run("history", "--family", "platform", env=past.env, code=0).stdout
    assert shown == "No finished attempt fits. See all of them: bugbash history\n"


def many(past: Past) -> None:
    long = "a-package-with-quite-a-long-name\x1b[31m"
    for number in range(70):
        points = {"reproduce": number % 13, "hypothesis": 0}
        kind = bug(f"a-mutator-with-a-long-name-{number % 12}", "configuration")
        solved = number % 5 > 0
        past.play(
            grade(points, solved=solved, seconds=8000.0 + number),
            state="solved" if solved else "revealed",
            at=ago(100 - number),
            bugs=[kind, bug()],
            target=long,
        )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_the_page_fits_80_columns_and_any_terminal(encoding: str, run: Run, past: Past) -> None:
    many(past)
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", "history"],
        env={**os.environ, **past.env, "PYTHONIOENCODING": encoding, "COLUMNS": "80"},
        capture_output=True,
        check=True,
    )
    shown = done.stdout.decode(encoding)
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
    assert "the last 60" in shown
    assert "hypothesis 70 of 70" in shown
    assert "... and 3 more" in shown
    assert "bugbash next" in shown


def test_the_trend_has_a_column_for_each_attempt(run: Run, past: Past) -> None:
    low = dict.fromkeys(("reproduce", "isolate", "hypothesis", "verify", "clean up"), 0)
    for number, (graded, state) in enumerate(
        [
            (grade(low, solved=False), "removed"),
            (grade(low), "solved"),
            (grade(solved=False), "revealed"),
            *[(grade(), "solved")] * 5,
        ]
    ):
        past.play(graded, state=state, at=ago(20 - number))
    lines = run("history", env=past.env, code=0).stdout.splitlines()
    assert "  score   ▁▄ █████" in lines
    assert "  solved  ·●·●●●●●" in lines
    assert any("last 5: 100; of the 2 before: 20" in line for line in lines)
    ascii_only = {**past.env, "PYTHONIOENCODING": "ascii"}
    lines = run("history", env=ascii_only, code=0).stdout.splitlines()
    assert "  score   03 77777" in lines
    assert "  solved  .x.xxxxx" in lines


def test_csv_has_a_row_for_each_attempt(run: Run, past: Past, tmp_path: Path) -> None:
    past.play(grade({"verify": 6}), bugs=[bug(), bug("drop-keyword", "library")], target='a "b", c')
    past.play(state="revealed")
    past.play(state="open")
    file = tmp_path / "attempts.CSV"
    done = run("history", "export", file, env=past.env, code=0)
    assert done.stdout == f"{file}\n"
    with file.open(newline="", encoding="utf-8") as opened:
        one, two = csv.DictReader(opened)
    assert (one["target"], one["families"], one["mutators"]) == (
        'a "b", c',
        "library;logic",
        "drop-guard;drop-keyword",
    )
    assert (one["score"], one["verify"], one["seconds"], one["blind"]) == ("94", "6", "600.0", "no")
    assert (two["result"], two["score"], two["verify"]) == ("revealed", "", "")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.ndjson"])
def test_an_export_takes_the_place_of_an_older_one_and_of_nothing_else(
    name: str, run: Run, past: Past, tmp_path: Path
) -> None:
    file = tmp_path / name
    past.play(grade())
    run("history", "export", file, env=past.env, code=0)
    before = file.read_text("utf-8")
    past.play(grade())
    run("history", "export", file, env=past.env, code=0)
    assert len(file.read_text("utf-8").splitlines()) == len(before.splitlines()) + 1
    file.write_text("my thesis", "utf-8")
    assert "remove it" in run("history", "export", file, env=past.env, code=2).stderr
    assert file.read_text("utf-8") == "my thesis"


@pytest.mark.parametrize("name", ["attempts.xlsx", "attempts", "no folder/a.csv"])
def test_a_file_that_can_not_be_exported_to_is_a_usage_problem(
    name: str, run: Run, past: Past, tmp_path: Path
) -> None:
    done = run("history", "export", tmp_path / name, env=past.env, code=2)
    assert "name a" in done.stderr or "make it first" in done.stderr


def test_reset_forgets_finished_attempts_and_no_workspace(
    run: Run, past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = tmp_path / "ws one"
    workspace.mkdir()
    (workspace / "mine.py").write_text("x")
    done_one = past.play(grade(), grade(), workspace=workspace)
    gone = past.play(grade(), state="solved")
    past.set_state(gone, "removed")
    going_on = past.play(grade(solved=False), state="open")
    monkeypatch.setenv("BUGBASH_HOME", str(past.home))
    for attempt in (done_one, going_on):
        folder_of(attempt).mkdir(parents=True)
    done = run("history", "reset", "--yes", env=past.env, code=0)
    assert "2 finished attempts (3 checks, and their timelines)" in done.stdout
    assert "1 of their workspaces" in done.stdout
    assert str(workspace) in done.stderr
    assert (workspace / "mine.py").read_text() == "x"
    store = past.store
    assert [row.id for row in store.attempts()] == [going_on]
    assert store.checks_of(done_one) == []
    assert not folder_of(done_one).exists()
    assert folder_of(going_on).exists()
    assert history(run, past)["attempts"] == 0
    again = run("history", "reset", "--yes", env=past.env, code=0)
    assert "no finished attempt" in again.stdout


def test_reset_asks_first(run: Run, past: Past) -> None:
    past.play(grade())
    run("history", "reset", env=past.env, code=130)
    assert history(run, past)["attempts"] == 1


def test_reset_with_a_filter_forgets_only_what_it_means(run: Run, past: Past) -> None:
    past.play(grade())
    past.play(grade(), target="paylane")
    run("history", "--target", "paylane", "reset", "--yes", env=past.env, code=0)
    assert [one["name"] for one in history(run, past)["targets"]] == ["billcycle"]


def test_of_attempts_that_were_opened_again_meanwhile_nothing_is_forgotten(past: Past) -> None:
    finished, opened = past.play(grade()), past.play(grade(), state="open")
    store = past.store
    assert store.forget_finished([finished, opened, "no such"]) == 1
    assert [row.id for row in store.attempts()] == [opened]


def test_all_attempts_are_one_query(past: Past) -> None:
    for _ in range(5):
        past.play(grade(), grade())
    store = past.store
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    played = store.played(("solved",))
    assert [len(one.checks) for one in played] == [2] * 5
    assert len([query for query in asked if query.startswith("SELECT")]) == 1


@pytest.mark.parametrize("words", [["history"], ["next"], ["history", "--json"]], ids=" ".join)
def test_it_imports_nothing_that_takes_time(words: list[str], past: Past, tmp_path: Path) -> None:
    past.play(grade())
    code = """\
import json, sys
from bugbash.cli import run
try:
    run(sys.argv[2:])
finally:
    names = sorted({name.split(".")[0] for name in sys.modules})
    open(sys.argv[1], "w").write(json.dumps(names))
"""
    line = [sys.executable, "-c", code, str(tmp_path / "modules"), *words]
    subprocess.run(line, env={**os.environ, **past.env}, check=True, capture_output=True)
    modules = set(json.loads((tmp_path / "modules").read_text()))
    heavy = {"libcst", "git", "rich", "pytest", "coverage", "jinja2", "subprocess", "statistics"}
    assert modules & heavy == set()
