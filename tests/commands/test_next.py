"""`bugbash next`: what is needed most, why, and that its command makes just that."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bugbash.grading.practice import FAMILIES, Record, record_of
from bugbash.grading.repetition import Card, Suggestion, cards_of, reasons, suggestion_of
from bugbash.mutation import families
from bugbash.store import AttemptRow, PlayedRow
from tests.commands.past import NOON, Past, bug, grade, on_day, scenario
from tests.commands.test_contracts import differences

Run = Callable[..., subprocess.CompletedProcess[str]]
NONE = type(None)
GOOD, WEAK = grade(), grade({"reproduce": 0, "hypothesis": 0, "verify": 5})
FAILED = grade(solved=False)
HIDDEN = grade(recorded=False)

NEXT = {
    "schema": "bugbash/next/v1",
    "command": str,
    "target": str,
    "family": str,
    "difficulty": str,
    "seed": int,
    "blind": bool,
    "interview": bool,
    "why": [str],
    "step": (str, NONE),
    "families": [
        {
            "name": str,
            "box": int,
            "attempts": int,
            "solved": int,
            "last": (str, NONE),
            "due": (str, NONE),
        }
    ],
    "steps": [{"name": str, "skipped": int, "seen": int}],
    "unfinished": [str],
}


def record(
    family: str = "logic",
    day: int = 0,
    graded: dict[str, Any] | None = GOOD,
    *,
    bug_id: str = "b",
    target: str = "billcycle",
    state: str | None = None,
) -> Record:
    """An attempt that ended on a day, solved where its grade says so, else revealed."""
    at = on_day(day)
    state = state or ("solved" if graded and graded["solved"] else "revealed")
    row = AttemptRow(f"{family}-{day}", target, "/w", "/s", state, at, None)
    checks = ((at, {"past": False, **graded}),) if graded else ()
    return record_of(
        PlayedRow(row, None, scenario(bug(family=family, id=bug_id), target=target), checks)
    )


def today(day: int) -> date:
    return (NOON + timedelta(days=day)).date()


def card(records: list[Record], day: int, family: str = "logic") -> Card:
    return next(one for one in cards_of(records, today(day)) if one.family == family)


def pick(records: list[Record], day: int) -> Suggestion:
    return suggestion_of(records, today(day))


def all_families(day: int, graded: dict[str, Any] = GOOD) -> list[Record]:
    return [record(family, day, graded) for family in FAMILIES]


def test_the_families_are_those_of_the_mutators() -> None:
    assert set(FAMILIES) == set(families.FAMILIES)


BOXES: dict[str, tuple[list[tuple[int, dict[str, Any]]], int]] = {
    "never played": ([], 0),
    "solved well": ([(0, GOOD)], 1),
    "twice": ([(0, GOOD), (1, GOOD)], 2),
    "six times": ([(day, GOOD) for day in range(6)], 5),
    "twice in a day counts once": ([(0, GOOD), (0, GOOD)], 1),
    "solved with few points stays": ([(0, GOOD), (1, GOOD), (2, WEAK)], 2),
    "solved with few points at first": ([(0, WEAK)], 1),
    "solved and not recorded stays": ([(0, GOOD), (1, GOOD), (2, HIDDEN)], 2),
    "not solved goes back": ([(0, GOOD), (1, GOOD), (2, FAILED)], 1),
}


@pytest.mark.parametrize("case", BOXES)
def test_the_box_of_a_family(case: str) -> None:
    played, box = BOXES[case]
    found = card([record(day=day, graded=graded) for day, graded in played], 30)
    assert found.box == box
    assert found.attempts == len(played)


@pytest.mark.parametrize(("times", "days"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (9, 16)])
def test_each_box_waits_twice_as_long_as_the_one_before(times: int, days: int) -> None:
    found = card([record(day=day) for day in range(times)], times)
    assert found.due == today(times - 1) + timedelta(days=days)


def test_families_never_played_come_first_one_after_the_other() -> None:
    records: list[Record] = []
    for day, family in enumerate(FAMILIES):
        found = pick(records, day)
        assert found.family == family
        assert f"You have not played a {family} bug yet." in reasons(found, today(day))
        records.append(record(family, day))


def test_a_family_that_is_unfinished_waits_for_those_never_played() -> None:
    records = [record("logic", 0, None, state="open")]
    assert pick(records, 0).family == "library"
    records += [record(family, 0) for family in FAMILIES[1:]]
    found = pick(records, 0)
    assert found.family == "logic"
    assert list(reasons(found, today(0))) == ["You have not finished a logic bug yet."]


def test_what_was_not_solved_comes_before_what_was() -> None:
    records = [*all_families(0), *all_families(1), record("platform", 2, FAILED)]
    found = pick(records, 5)
    assert found.family == "platform"
    assert "Platform bugs are due" in next(reasons(found, today(5)))
    assert "box 1 of 5 comes back after 1 day" in next(reasons(found, today(5)))


def test_the_same_wait_is_longer_for_a_lower_box() -> None:
    well_known = [record("logic", day) for day in range(4)]
    others = [record(family, 4) for family in FAMILIES[1:]]
    assert pick([*well_known, *others], 7).family == "library"


def test_where_nothing_is_due_that_is_said() -> None:
    found = pick(all_families(0), 0)
    assert next(reasons(found, today(0))).startswith("Nothing is due today; logic comes first")


@pytest.mark.parametrize(
    ("times", "level"), [(0, "easy"), (1, "easy"), (2, "medium"), (3, "medium"), (4, "hard")]
)
def test_the_boxes_make_it_harder(times: int, level: str) -> None:
    records = [one for day in range(times) for one in all_families(day)]
    assert pick(records, times + 40).difficulty == level


FOCUS: dict[str, tuple[list[dict[str, Any]], str | None, bool]] = {
    "nothing skipped": ([GOOD, GOOD], None, False),
    "a hypothesis": ([grade({"hypothesis": 0})], "hypothesis", False),
    "reproducing": ([grade({"reproduce": 4})], "reproduce", True),
    "verifying": ([GOOD, grade({"verify": 0})], "verify", True),
    "cleaning up": ([grade({"clean up": 3})], "clean up", False),
    "the one skipped most": (
        [grade({"isolate": 0, "verify": 0}), grade({"isolate": 0}), GOOD],
        "isolate",
        False,
    ),
    "seldom": ([grade({"verify": 0}), GOOD, GOOD, GOOD], None, False),
    "long ago": ([*[grade({"verify": 0})] * 5, *[GOOD] * 5], None, False),
    "before anything was solved": (
        [grade({"reproduce": 0}, solved=False)],
        "reproduce",
        False,
    ),
    "not recorded": ([grade({"verify": 0}), HIDDEN, HIDDEN, HIDDEN], "verify", True),
}


@pytest.mark.parametrize("case", FOCUS)
def test_the_step_skipped_most_decides_what_to_work_on(case: str) -> None:
    grades, step, blind = FOCUS[case]
    found = pick([record(day=day, graded=one) for day, one in enumerate(grades)], 20)
    assert (found.focus.name if found.focus else None) == step
    assert found.blind == blind
    assert ("--blind" in found.words) == blind
    why = " ".join(reasons(found, today(20)))
    assert (f"do better at {step}" in why) == (step is not None)


def test_who_knows_all_families_and_skips_nothing_is_sent_into_an_interview() -> None:
    records = [one for day in range(3) for one in all_families(day)]
    found = pick(records, 10)
    assert found.interview
    assert "--interview" in found.words
    assert not pick([*records, record("logic", 3, WEAK), record("logic", 4, WEAK)], 10).interview
    assert not pick(records[:-1], 10).interview


def test_the_same_history_and_day_give_the_same_whatever_the_order_of_reading() -> None:
    records = [*all_families(0), *all_families(2, WEAK), record("logic", 3, FAILED)]
    assert pick(records, 6) == pick(list(reversed(records)), 6) == pick(records, 6)


def test_targets_take_turns_and_the_first_is_one_to_begin_with() -> None:
    from bugbash.serving.about import about

    first = pick([], 0).target
    assert about(first).first
    seen = [first]
    records = [record("logic", 0, target=first)]
    for day in range(1, 5):
        found = pick(records, day)
        assert found.target not in seen
        seen.append(found.target)
        records.append(record(found.family, day, target=found.target))


def test_no_bug_is_served_twice_while_there_are_others() -> None:
    from bugbash.serving import catalogue
    from bugbash.serving.choosing import Wanted, candidates
    from bugbash.targets import vendored

    records: list[Record] = []
    played: set[str] = set()
    there = {
        entry.bug.id
        for name in vendored.names()
        if (known := catalogue.load(name))
        for entry in known.entries
        if entry.bug.family == "configuration"
    }
    for family in FAMILIES:
        if family != "configuration":
            records += [record(family, day) for day in range(5)]
    for number in range(len(there) + 3):
        found = pick(records, 6)
        assert found.family == "configuration"
        known = catalogue.load(found.target)
        assert known is not None
        assert found.difficulty is not None
        wish = Wanted(found.seed, families=(found.family,), levels=(found.difficulty,))
        bug_id = candidates(known, wish)[0].bug.id
        assert (bug_id in played) == (number >= len(there))
        played.add(bug_id)
        one = record("configuration", 5, FAILED, bug_id=bug_id, target=found.target)
        records.append(one)
    assert played == there


def test_json_and_text_say_the_same(run: Run, tmp_path: Path) -> None:
    past = Past(tmp_path / "own home")
    past.play(grade({"verify": 0}))
    past.play(state="open", workspace=tmp_path / "my attempt")
    value = json.loads(run("next", "--json", env=past.env, code=0).stdout)
    assert differences(value, NEXT) == []
    assert value["unfinished"] == [str(tmp_path / "my attempt")]
    words = shlex.split(value["command"])
    assert words[:3] == ["bugbash", "new", value["target"]]
    assert {"--blind", "--family", value["family"], str(value["seed"])} <= set(words)
    shown = run("next", env=past.env, code=0).stdout
    assert f"\n  {value['command']}\n" in shown
    assert all(" ".join(why.split()) in " ".join(shown.split()) for why in value["why"])
    assert max(len(line) for line in shown.splitlines() if "my attempt" not in line) <= 80
    assert "my attempt" in shown
    assert json.loads(run("next", "--json", env=past.env, code=0).stdout) == value


def test_start_makes_what_was_said(run: Run, tmp_path: Path) -> None:
    past = Past(tmp_path / "own home")
    past.play(grade({"verify": 0}))
    said = json.loads(run("next", "--json", env=past.env, code=0).stdout)
    done = run("next", "--start", "--json", env=past.env, code=0)
    made = json.loads(done.stdout)
    assert all(why in done.stderr for why in said["why"])
    assert made["schema"] == "bugbash/attempt/v1"
    assert (made["target"], made["families"]) == (said["target"], [said["family"]])
    assert (made["difficulty"], made["seed"]) == (said["difficulty"], said["seed"])
    assert made["blind"] is said["blind"] is True
    assert (Path(made["workspace"]) / "FAILURE_REPORT.md").is_file()
    after = json.loads(run("next", "--json", env=past.env, code=0).stdout)
    assert after["unfinished"] == [made["workspace"]]
    assert after["family"] != said["family"]


def test_the_very_first_one_is_easy_and_told_with_the_five_steps(run: Run, tmp_path: Path) -> None:
    env = {"BUGBASH_HOME": str(tmp_path / "own home")}
    shown = run("next", "--start", env=env, code=0).stdout
    assert "easy" in shown
    assert "Five steps" in shown
