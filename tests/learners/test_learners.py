"""The score is fair: scripted learners reach what a good interviewer would give them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.learners.learners import CHEATS, GAP, LEARNERS, MORE_PLAYS, PLAYS, TIERS, Play, Tier
from tests.learners.playing import Result, play, stored
from tests.learners.table import PAGE, PARTS

FIRST = {tier.number: next(p for p in PLAYS if p.learner.tier == tier.number) for tier in TIERS}
ALL = [
    pytest.param(one, id=one.name, marks=() if one in FIRST.values() else pytest.mark.slow)
    for one in (*PLAYS, *MORE_PLAYS)
]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """What `python -m tests.learners` stored; every play is held to it below."""
    return stored()


@pytest.mark.parametrize("one", ALL)
def test_a_learner_reaches_the_same_again(
    one: Play, results: dict[str, Result], tmp_path: Path
) -> None:
    result, grade = play(one, tmp_path)
    assert result == results[one.name], json.dumps(grade["dimensions"], indent=1)


def test_every_learner_has_a_stored_result(results: dict[str, Result]) -> None:
    assert list(results) == [one.name for one in (*PLAYS, *MORE_PLAYS)]
    assert {result.learner for result in results.values()} == {one.name for one in LEARNERS}
    assert len(LEARNERS) >= 16


@pytest.mark.parametrize("one", [pytest.param(p, id=p.name) for p in (*PLAYS, *MORE_PLAYS)])
def test_a_learner_stands_in_the_tier(one: Play, results: dict[str, Result]) -> None:
    tier = next(tier for tier in TIERS if tier.number == one.learner.tier)
    result = results[one.name]
    assert tier.least <= result.score <= tier.most, result.dimensions


@pytest.mark.parametrize("better, worse", list(pairwise(TIERS)), ids=lambda tier: str(tier.number))
def test_tiers_are_apart(better: Tier, worse: Tier, results: dict[str, Result]) -> None:
    above = [result.score for result in results.values() if result.tier <= better.number]
    below = [result.score for result in results.values() if result.tier >= worse.number]
    assert min(above) >= max(below) + GAP


def test_cheats_are_never_solved(results: dict[str, Result]) -> None:
    cheats = [result for result in results.values() if result.tier == CHEATS]
    assert len(cheats) >= 3
    assert [one.learner for one in cheats if one.solved or one.exit_code not in (1, 4)] == []


def test_whoever_touches_tests_or_the_timeline_is_told_so(results: dict[str, Result]) -> None:
    tampered = {name for name, result in results.items() if result.exit_code == 4}
    honest = {"special-cases the input"}  # bad code, and yet nothing but code
    cheats = {one.name for one in (*PLAYS, *MORE_PLAYS) if one.learner.tier == CHEATS}
    assert tampered == {name for name in cheats if name.partition(":")[0] not in honest}


def test_turning_the_recorder_off_never_helps(results: dict[str, Result]) -> None:
    seen, unseen = (
        next(r for r in results.values() if r.learner == name)
        for name in ("textbook", "recorder off")
    )
    assert unseen.solved
    assert seen.score > unseen.score
    assert unseen.dimensions["fix"] == seen.dimensions["fix"]


@pytest.mark.parametrize("part", PARTS)
def test_the_tables_of_the_docs_are_those_of_the_stored_results(part: str) -> None:
    assert PARTS[part]() in PAGE.read_text("utf-8")
