"""`bugbash list`: how far each attempt is, and where it lies."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.store import Store
from bugbash.workspace.attempt import Attempt
from tests.commands.past import Past, ago, bug, grade

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "own home")


def test_an_attempt_has_its_age_difficulty_and_last_check(run: Run, past: Past) -> None:
    past.play(state="open", at=ago(3), bugs=[{**bug(), "difficulty": 0.9}], blind=True)
    never, second = (
        run("list", env=past.env, code=0).stdout.split("Unfinished attempts:\n")[1].splitlines()[:2]
    )
    assert "billcycle hard blind, 3 d old, never checked" in never
    assert "(the folder is gone)" in second
    past.play(grade(solved=False), grade(solved=False), state="open", at=ago(2))
    past.play(grade(revealed=True), state="revealed", at=ago(1))
    rows = json.loads(run("list", "--all", "--json", env=past.env, code=0).stdout)["attempts"]
    assert [row["difficulty"] for row in rows] == ["hard", "easy", "easy"]
    assert [row["checks"] for row in rows] == [0, 2, 1]
    assert rows[0]["last_check"] is None
    assert rows[0]["blind"] is True
    assert rows[1]["last_check"]["score"] == 60
    assert rows[1]["last_check"]["at"] == pytest.approx(rows[1]["created"] + 600)
    assert rows[2]["last_check"] == {
        "at": pytest.approx(rows[2]["created"]),
        "solved": True,
        "score": None,
    }
    assert [round(row["age_s"] / 86400) for row in rows] == [3, 2, 1]
    shown = run("list", "--all", env=past.env, code=0).stdout
    assert "2 d old, checked 1 d 23 h ago: not solved, 60 points" in shown
    assert "revealed, 1 d old, checked 1 d ago: solved\n" in shown


def test_a_path_can_be_copied_whatever_is_in_it(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt(name="zwei Wörter & more")
    lines = run("list", code=0).stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if attempt.id in line)
    assert shlex.split(lines[at + 1]) == [str(attempt.workspace)]


def test_a_real_check_is_told(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    run("check", cwd=attempt.workspace, code=1)
    rows = json.loads(run("list", "--json", code=0).stdout)["attempts"]
    (row,) = [row for row in rows if row["attempt"] == attempt.id]
    (check,) = Store().checks_of(attempt.id)
    assert row["last_check"]["solved"] is False
    assert row["last_check"]["score"] == check["score"]


def test_the_finished_are_shown_only_when_asked_for_and_the_removed_never(
    run: Run, past: Past
) -> None:
    for state in ("open", "solved", "revealed", "removed"):
        past.play(grade(), state=state)
    states = [
        {row["state"] for row in json.loads(run(*words, env=past.env).stdout)["attempts"]}
        for words in (["list", "--json"], ["list", "--all", "--json"])
    ]
    assert states == [{"open"}, {"open", "solved", "revealed"}]
