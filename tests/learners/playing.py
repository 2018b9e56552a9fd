"""Letting learners play, and keeping what they reached."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.learners.desk import Desk
from tests.learners.learners import Play

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Result:
    """What one play was worth."""

    learner: str
    case: str
    tier: int
    solved: bool
    exit_code: int
    score: int
    dimensions: dict[str, int | None]
    """Points by dimension; None for one that was not observed."""


def play(one: Play, folder: Path) -> tuple[Result, dict[str, Any]]:
    """Play in a new workspace below `folder`; the result, and the whole grade with its evidence."""
    desk = Desk(one.case, folder / "desk", one.learner.recorded)
    one.learner.script(desk)
    outcome = desk.check()
    desk.clear()
    grade = outcome.grade
    points = {d["name"]: d["points"] if d["observed"] else None for d in grade["dimensions"]}
    learner = one.learner
    result = Result(
        learner=learner.name,
        case=one.case.name,
        tier=learner.tier,
        solved=grade["solved"],
        exit_code=outcome.code,
        score=grade["score"],
        dimensions=points,
    )
    return result, grade


def stored() -> dict[str, Result]:
    """The results of the last `python -m tests.learners`, by the play's name."""
    values = json.loads(RESULTS.read_text("utf-8"))
    return {name: Result(**value) for name, value in values.items()}


def store(results: dict[str, Result]) -> None:
    """Keep the results for the docs and for the tests."""
    values = {name: asdict(result) for name, result in results.items()}
    RESULTS.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
