"""`bugbash status`: what it says at each point of an attempt."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.recording.timeline import tell
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets.venv import python_of
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import make, new_attempt_id

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]

LABELS = "tiny/labels.py"
FAILING = "tests/test_labels.py::test_parcel"
NONE_YET = {
    "reproduce": False,
    "isolate": False,
    "hypothesis": False,
    "verify": False,
    "clean up": None,
}


def status(run: Run, workspace: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(run("status", "--json", cwd=workspace, code=0).stdout)
    return value


def done(run: Run, workspace: Path) -> set[str]:
    """The steps that are done so far."""
    return {name for name, yes in status(run, workspace)["steps"].items() if yes}


def pytest_in(workspace: Path, *arguments: str) -> int:
    words = [str(python_of(workspace / ".venv")), "-m", "pytest", "-q", *arguments]
    return subprocess.run(
        words, cwd=workspace, stdin=subprocess.DEVNULL, capture_output=True, timeout=120
    ).returncode


def test_an_attempt_step_by_step(run: Run, make_attempt: Make, clean_labels: str) -> None:
    workspace = make_attempt().workspace
    value = status(run, workspace)
    assert value["steps"] == NONE_YET
    assert "before you change anything" in value["next"]
    assert value["runs"] == {"count": 0, "last": None, "unseen": False}

    pytest_in(workspace)
    value = status(run, workspace)
    assert {name for name, yes in value["steps"].items() if yes} == {"reproduce"}
    last = value["runs"]["last"]
    assert (value["runs"]["count"], last["passed"], last["failed"], last["exit"]) == (1, 7, 1, 1)
    assert "run one failing test alone" in value["next"]

    pytest_in(workspace, FAILING)
    value = status(run, workspace)
    assert done(run, workspace) == {"reproduce", "isolate"}
    assert "say what you suspect" in value["next"]

    run("hypothesis", "the arguments are swapped because of the frame", cwd=workspace, code=0)
    value = status(run, workspace)
    assert done(run, workspace) == {"reproduce", "isolate"}
    assert value["hypotheses"] == {"open": 1, "closed": 0}
    assert "could refute hypothesis 1" in value["next"]

    pytest_in(workspace, FAILING)
    assert "was hypothesis 1 right?" in status(run, workspace)["next"]
    run("hypothesis", "--confirmed", cwd=workspace, code=0)
    assert status(run, workspace)["hypotheses"] == {"open": 0, "closed": 1}
    assert "smallest change" in status(run, workspace)["next"]

    (workspace / LABELS).write_text(clean_labels, "utf-8")
    pytest_in(workspace, FAILING)
    assert "verify" not in done(run, workspace)
    pytest_in(workspace)
    assert done(run, workspace) == {"reproduce", "isolate", "hypothesis", "verify"}
    assert "bugbash check" in status(run, workspace)["next"]

    run("check", cwd=workspace, code=0)
    value = status(run, workspace)
    assert value["steps"]["clean up"] is False  # not committed
    assert "clean up and commit" in value["next"]
    subprocess.run(["git", "commit", "-qam", "Name and street in order"], cwd=workspace, check=True)
    run("check", cwd=workspace, code=0)
    value = status(run, workspace)
    assert all(value["steps"].values())
    assert (value["checks"], value["solved"], value["state"]) == (2, True, "solved")


def insert(workspace: Path, before: str, text: str) -> int:
    path = workspace / LABELS
    return path.write_text(path.read_text("utf-8").replace(before, text + before, 1), "utf-8")


RETURN = '    return f"[{'

REPRODUCED: dict[str, tuple[Callable[[Path, str], object], bool]] = {
    "run at once": (lambda ws, clean: pytest_in(ws), True),
    "a passing test alone": (lambda ws, clean: pytest_in(ws, "tests/test_prices.py"), False),
    "a print first": (
        lambda ws, clean: (insert(ws, RETURN, "    print(name)\n"), pytest_in(ws)),
        True,
    ),
    "a note in the README first": (
        lambda ws, clean: ((ws / "NOTES.md").write_text("look\n"), pytest_in(ws)),
        True,
    ),
    "a test of one's own first": (
        lambda ws, clean: (
            (ws / "tests" / "test_mine.py").write_text("def test_mine(): assert 0\n"),
            pytest_in(ws, "tests/test_mine.py"),
        ),
        True,
    ),
    "an edit first": (
        lambda ws, clean: (insert(ws, RETURN, "    name = name.strip()\n"), pytest_in(ws)),
        False,
    ),
    "fixed before any run": (
        lambda ws, clean: ((ws / LABELS).write_text(clean, "utf-8"), pytest_in(ws)),
        False,
    ),
}


@pytest.mark.parametrize("case", REPRODUCED)
def test_reproduced_is_what_was_seen_to_fail_before_an_edit(
    case: str, run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    act, expected = REPRODUCED[case]
    act(workspace, clean_labels)
    assert ("reproduce" in done(run, workspace)) == expected


ISOLATED: dict[str, tuple[Callable[[Path, Run], object], bool]] = {
    "the whole suite": (lambda ws, run: pytest_in(ws), False),
    "the failing test alone": (lambda ws, run: pytest_in(ws, FAILING), True),
    "another test alone": (lambda ws, run: pytest_in(ws, "-k", "test_total"), False),
    "a print": (
        lambda ws, run: (insert(ws, RETURN, "    print(name)\n"), pytest_in(ws)),
        True,
    ),
    "its file alone": (lambda ws, run: pytest_in(ws, "tests/test_labels.py"), True),
    "a print where nothing fails": (
        lambda ws, run: (insert(ws, RETURN, "    print(name)\n"), pytest_in(ws, "-k", "total")),
        False,
    ),
    "a debugger": (lambda ws, run: pytest_in(ws, "--pdb"), True),
    "nothing run": (
        lambda ws, run: run("hypothesis", "x", "--at", f"{LABELS}:11", cwd=ws, code=0),
        False,
    ),
}


@pytest.mark.parametrize("case", ISOLATED)
def test_isolated_whatever_the_tool(case: str, run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    act, expected = ISOLATED[case]
    act(workspace, run)
    assert ("isolate" in done(run, workspace)) == expected


def test_an_edit_after_the_last_full_run_is_to_be_verified_again(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    (workspace / LABELS).write_text(clean_labels, "utf-8")
    pytest_in(workspace)
    assert "verify" in done(run, workspace)
    insert(workspace, RETURN, "    name = name.strip()\n")
    pytest_in(workspace, FAILING)
    assert "verify" not in done(run, workspace)


@pytest.mark.parametrize("sign", ["edit", "check"])
def test_a_pytest_from_elsewhere_is_missed_where_work_was_done(
    sign: str, run: Run, make_attempt: Make
) -> None:
    workspace = make_attempt().workspace
    assert "none recorded yet\n" in run("status", cwd=workspace, code=0).stdout
    if sign == "edit":
        insert(workspace, RETURN, "    name = name.strip()\n")
    else:
        run("check", cwd=workspace, code=1)
    assert status(run, workspace)["runs"]["unseen"] is True
    shown = run("status", cwd=workspace, code=0).stdout
    assert "none recorded yet; a pytest from elsewhere is not recorded" in shown
    assert "Next: run the tests with .venv/bin/pytest or `bugbash test`" in shown
    pytest_in(workspace)
    assert status(run, workspace)["runs"]["unseen"] is False


def test_without_recording_nothing_is_claimed(
    run: Run, tmp_path: Path, store: Store, tiny_served: Served
) -> None:
    workspace = tmp_path / "quiet"
    make(tiny_served, new_attempt_id(), workspace, None, store, recorded=False)
    pytest_in(workspace)
    insert(workspace, RETURN, "    name = name.strip()\n")
    value = status(run, workspace)
    assert value["recorded"] is False
    assert value["runs"] == {"count": 0, "last": None, "unseen": False}
    assert value["steps"] == {**dict.fromkeys(NONE_YET), "hypothesis": False}
    assert "--no-record" in run("status", cwd=workspace, code=0).stdout
    run("hypothesis", "x", "--confirmed", cwd=workspace, code=0)
    assert status(run, workspace)["steps"]["hypothesis"] is True


def test_notes_hints_and_what_they_cost(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    shown = run("status", cwd=workspace, code=0).stdout
    assert "notes " not in shown
    assert "hints " not in shown
    for words in (("note", "x"), ("hint", "--yes"), ("hint", "--yes")):
        run(*words, cwd=workspace, code=0)
    value = status(run, workspace)
    assert (value["notes"], value["hints"]) == (1, {"count": 2, "cost": 8})
    shown = run("status", cwd=workspace, code=0).stdout
    assert "hints       2, which cost 8 points" in shown
    assert "notes       1" in shown


def test_the_clock_counts_down_from_the_minutes(
    run: Run, tmp_path: Path, store: Store, tiny_served: Served
) -> None:
    make(tiny_served, new_attempt_id(), tmp_path / "ws", 45, store)
    value = status(run, tmp_path / "ws")
    assert value["minutes"] == 45
    assert value["minutes_left"] == pytest.approx(45 - value["elapsed_s"] / 60, abs=0.1)
    assert " left\n" in run("status", cwd=tmp_path / "ws", code=0).stdout


@pytest.mark.parametrize("command", ["check", "reveal"])
def test_the_clock_stops_when_it_is_over_and_goes_on_after_a_reset(
    command: str, run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    (workspace / LABELS).write_text(clean_labels, "utf-8")
    run(command, cwd=workspace, code=0)
    stopped = status(run, workspace)["elapsed_s"]
    time.sleep(0.3)
    assert status(run, workspace)["elapsed_s"] == stopped
    if command == "check":
        run("reset", "--yes", cwd=workspace, code=0)
        assert status(run, workspace)["elapsed_s"] > stopped


def test_a_run_that_was_killed_is_said_to_have_no_end(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    root = str(attempt.workspace)
    tell(attempt.id, "run", attempt.workspace, run="a", root=root)
    assert "did not end" in run("status", cwd=attempt.workspace, code=0).stdout
    assert status(run, attempt.workspace)["runs"]["last"]["exit"] is None


def test_a_run_without_tests(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    pytest_in(workspace, "-k", "nothing_like_this")
    assert "no test ran" in run("status", cwd=workspace, code=0).stdout


def test_a_timeline_that_is_gone_leaves_the_clock(run: Run, make_attempt: Make) -> None:
    from bugbash.recording.timeline import forget

    attempt = make_attempt()
    forget(attempt.id)
    value = status(run, attempt.workspace)
    assert value["recorded"] is False
    assert value["elapsed_s"] > 0


def test_in_a_workspace_it_imports_nothing_that_takes_time(
    run: Run, make_attempt: Make, tmp_path: Path
) -> None:
    workspace = make_attempt().workspace
    pytest_in(workspace)
    code = """\
import json, sys
from bugbash.cli import run
try:
    run(["status"])
finally:
    names = sorted({name.split(".")[0] for name in sys.modules})
    open(sys.argv[1], "w").write(json.dumps(names))
"""
    words = [sys.executable, "-c", code, str(tmp_path / "modules")]
    subprocess.run(words, cwd=workspace, check=True, capture_output=True)
    modules = set(json.loads((tmp_path / "modules").read_text()))
    heavy = {"libcst", "git", "rich", "pytest", "_pytest", "coverage", "jinja2", "subprocess"}
    assert modules & heavy == set()
