"""`bugbash hint`: what it costs, when that is said, and when there is nothing to give."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bugbash.recording.timeline import timeline_of
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]

LABELS = "tiny/labels.py"


def take(run: Run, workspace: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(run("hint", "--yes", "--json", cwd=workspace, code=0).stdout)
    assert value["schema"] == "bugbash/hint/v1"
    return value


def test_four_hints_and_their_prices(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    hints = [take(run, attempt.workspace) for _ in range(4)]
    assert [hint["about"] for hint in hints] == ["area", "file", "function", "line"]
    assert [hint["price"] for hint in hints] == [3, 5, 7, 9]
    assert [hint["cost"] for hint in hints] == [3, 8, 15, 24]
    assert LABELS not in hints[0]["text"]
    assert hints[1]["text"] == f"The file: {LABELS}."
    assert hints[2]["text"] == f"The function: parcel in {LABELS}."
    assert f"{LABELS}:11 " in hints[3]["text"]
    kept = timeline_of(attempt.id).hints
    assert [(hint.level, hint.price) for hint in kept] == [(1, 3), (2, 5), (3, 7), (4, 9)]
    assert [hint.text for hint in kept] == [hint["text"] for hint in hints]


def test_what_was_paid_so_far_is_told(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    told = [run("hint", "--yes", cwd=workspace, code=0).stdout for _ in range(2)]
    assert "It cost 3 points; 1 hint so far, 3 points." in told[0]
    assert "It cost 5 points; 2 hints so far, 8 points." in told[1]


def test_when_all_were_given_they_are_shown_again_for_nothing(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    texts = [take(run, attempt.workspace)["text"] for _ in range(4)]
    shown = run("hint", cwd=attempt.workspace, code=0).stdout
    assert all(text in shown for text in texts)
    assert "All hints were given" in shown
    again = take(run, attempt.workspace)
    assert (again["text"], again["price"], again["cost"]) == (None, None, 24)
    assert [hint["text"] for hint in again["given"]] == texts
    assert len(timeline_of(attempt.id).hints) == 4


@pytest.mark.parametrize("words", [["hint"], ["hint", "--json"]], ids=" ".join)
def test_where_nobody_can_be_asked_the_price_is_said_and_nothing_is_paid(
    words: list[str], run: Run, make_attempt: Make
) -> None:
    attempt = make_attempt()
    for price in (3, 5):
        done = run(*words, cwd=attempt.workspace, code=2)
        assert done.stdout == ""
        assert f"costs {price} of 100 points: `bugbash hint --yes`" in done.stderr
        take(run, attempt.workspace)
    assert len(timeline_of(attempt.id).hints) == 2


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("answer", "paid"), [("y", 1), ("n", 0), ("", 0)], ids=repr)
def test_a_person_is_asked_first(answer: str, paid: int, make_attempt: Make) -> None:
    import pty

    attempt = make_attempt()
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", "hint"],
        cwd=attempt.workspace,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert "costs 3 of 100 points. Take it?" in done.stderr
    assert ("The kind of bug" in done.stdout) == bool(paid)
    assert len(timeline_of(attempt.id).hints) == paid


def test_the_price_does_not_tell_whether_one_is_at_the_right_place(
    run: Run, make_attempt: Make
) -> None:
    said = set()
    for name in ("tiny/prices.py", LABELS):
        workspace = make_attempt().workspace
        path = workspace / name
        path.write_text(path.read_text("utf-8").replace("return", "return 0 or"), "utf-8")
        said.add(run("hint", cwd=workspace, code=2).stderr)
    assert len(said) == 1


def test_with_several_bugs_it_is_about_the_first_that_is_not_fixed(
    run: Run, make_attempt: Make, serve_tiny: Callable[..., Served]
) -> None:
    attempt = make_attempt(serve_tiny("swapped", "limit"))
    workspace = attempt.workspace
    assert "problem 1 of 2" in run("hint", cwd=workspace, code=2).stderr
    first = take(run, workspace)
    assert (first["bug"], first["bug_count"], first["price"]) == (1, 2, 3)
    assert first["text"].startswith("Problem 1: ")
    path = workspace / LABELS
    path.write_text(path.read_text("utf-8").replace("(street, name)}]", "(name, street)}]"))
    assert take(run, workspace)["bug"] == 1  # nobody has seen yet that it is fixed
    run("check", cwd=workspace, code=1)
    second = take(run, workspace)
    assert (second["bug"], second["about"], second["price"]) == (2, "area", 3)
    assert take(run, workspace)["text"] == "Problem 2: The file: tiny/prices.py."
    assert [hint.price for hint in timeline_of(attempt.id).hints] == [3, 5, 3, 5]


def test_when_all_hints_about_one_bug_were_given_the_next_unsolved_bug_follows(
    run: Run, make_attempt: Make, serve_tiny: Callable[..., Served]
) -> None:
    workspace = make_attempt(serve_tiny("swapped", "limit")).workspace
    assert [take(run, workspace)["bug"] for _ in range(8)] == [1, 1, 1, 1, 2, 2, 2, 2]
    shown = run("hint", cwd=workspace, code=0).stdout
    assert "All hints about all that is unsolved were given" in shown
    assert "`bugbash reveal` would show all answers, and ends the attempt." in shown


def test_after_a_run_that_saw_it_pass_one_is_sent_to_check(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    attempt = make_attempt()
    workspace = attempt.workspace
    (workspace / LABELS).write_text(clean_labels, "utf-8")
    run("test", "-q", cwd=workspace, code=0)
    assert "`bugbash check` says" in run("hint", "--yes", cwd=workspace, code=0).stdout
    prices = workspace / "tiny" / "prices.py"
    prices.write_text(prices.read_text("utf-8").replace("sum(prices)", "0"), "utf-8")
    run("check", cwd=workspace, code=1)
    shown = run("hint", "--yes", cwd=workspace, code=0).stdout
    assert "fixed, but other tests broke" in shown
    assert timeline_of(attempt.id).hints == ()


OVER = {"check": "This attempt is solved", "reveal": "The answer was revealed"}


@pytest.mark.parametrize("command", OVER)
def test_when_it_is_over_there_is_nothing_to_pay_for(
    command: str, run: Run, make_attempt: Make, clean_labels: str
) -> None:
    attempt = make_attempt()
    (attempt.workspace / LABELS).write_text(clean_labels, "utf-8")
    run(command, cwd=attempt.workspace, code=0)
    for words in (["hint"], ["hint", "--yes"]):
        assert OVER[command] in run(*words, cwd=attempt.workspace, code=0).stdout
    value = take(run, attempt.workspace)
    assert value["text"] is None
    assert OVER[command] in value["why"]
    assert timeline_of(attempt.id).hints == ()


@pytest.mark.parametrize("seen_by", ["check", "test"])
def test_who_undid_a_solved_fix_is_told_what_counts(
    seen_by: str, run: Run, make_attempt: Make, clean_labels: str
) -> None:
    attempt = make_attempt()
    path = attempt.workspace / LABELS
    served = path.read_text("utf-8")
    path.write_text(clean_labels, "utf-8")
    run("check", cwd=attempt.workspace, code=0)
    path.write_text(served, "utf-8")
    run(seen_by, cwd=attempt.workspace, code=1)
    told = run("hint", "--yes", cwd=attempt.workspace, code=0).stdout
    assert re.search(r"It was solved at 0:\d\d, which counts; the code now is not\.", told)
    assert timeline_of(attempt.id).hints == ()


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
@pytest.mark.parametrize("words", [(), ("--yes",)], ids=["asked", "with --yes"])
def test_reveal_asks_on_a_terminal_unless_it_is_told(
    words: tuple[str, ...], make_attempt: Make
) -> None:
    import pty

    attempt = make_attempt()
    ours, theirs = pty.openpty()
    os.write(ours, b"n\n")
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", "reveal", *words],
        cwd=attempt.workspace,
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert ("Nothing was done." in done.stdout) is not bool(words)
    assert ("The fix:" in done.stdout) is bool(words)


def test_an_interview_has_no_hints(run: Run, make_attempt: Make, tiny_served: Served) -> None:
    served = replace(tiny_served, scenario=replace(tiny_served.scenario, mode="interview"))
    attempt = make_attempt(served)
    assert "no hints in an interview" in run("hint", "--yes", cwd=attempt.workspace, code=0).stdout
    assert timeline_of(attempt.id).hints == ()
