"""What the stored attempts say about a learner's practice. Grades are read, nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bugbash.grading.rubric import DIMENSIONS, METHOD
from bugbash.serving.levels import Level, hardest
from bugbash.store import PlayedRow

FAMILIES = ("logic", "library", "validation", "configuration", "platform")
"""In the order in which they are played first."""
Result = Literal["open", "solved", "revealed", "given up"]
STEPS = tuple(name for name in DIMENSIONS if name != "fix")
_AFTER_THE_FIX = frozenset({"verify", "clean up"})
"""Steps that nobody can take before something is fixed."""
_FEW = 3
"""A step with no more than one in so many of its points was skipped."""


@dataclass(frozen=True)
class Step:
    """What one attempt earned for a step of the method that could be seen."""

    name: str
    points: int
    max: int
    advice: str = ""

    @property
    def skipped(self) -> bool:
        return _FEW * self.points <= self.max


@dataclass(frozen=True)
class PlayedBug:
    id: str
    mutator: str
    family: str


@dataclass(frozen=True)
class Record:
    """One attempt and how it went."""

    attempt: str
    target: str
    argument: str
    """What was typed to get the target."""
    bugs: tuple[PlayedBug, ...]
    difficulty: Level | None
    blind: bool
    mode: str
    """`interview`, `stripe`, or nothing."""
    result: Result
    started: float
    """Seconds since the epoch."""
    ended: float
    """Of the first solved check, else of the last check, else when it was started."""
    checks: int = 0
    hints: int = 0
    checked: float | None = None
    """When the last check was made."""
    seconds: float | None = None
    """From the start to the first solved check; None where there is none."""
    score: int | None = None
    """None where the answer was revealed, or nothing of the method was seen."""
    max_score: int | None = None
    steps: tuple[Step, ...] = ()
    """The steps that were seen; empty where recording was off."""

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(sorted({bug.family for bug in self.bugs}))

    @property
    def mutators(self) -> tuple[str, ...]:
        return tuple(sorted({bug.mutator for bug in self.bugs}))

    @property
    def share(self) -> float | None:
        """The score from 0 to 1."""
        if self.score is None or not self.max_score:
            return None
        return self.score / self.max_score


def record_of(played: PlayedRow) -> Record:
    """The record of one attempt.

    It is judged by its last check that said solved, else by its last one; checks after `reveal`
    count for nothing, nor do those after a reset where it was solved before.
    """
    row, scenario = played.row, played.scenario
    bugs = scenario["bugs"] or []
    counted = [(at, grade) for at, grade in played.checks if grade["score"] is not None]
    solved = [(at, grade) for at, grade in counted if grade["solved"]]
    solved = [(at, grade) for at, grade in solved if grade["past"]] or solved
    result = _result(played, bool(solved))
    judged = next((grade for _, grade in reversed(solved or counted)), None)
    steps = _steps(judged) if judged else ()
    scored = judged is not None and result != "revealed" and _is_seen(steps)
    return Record(
        attempt=row.id,
        target=row.target,
        argument=scenario["target"] or row.target,
        bugs=tuple(PlayedBug(bug["id"], bug["mutator"], bug["family"]) for bug in bugs),
        difficulty=hardest(bug.get("difficulty") for bug in bugs),
        blind=bool(scenario["blind"]),
        mode=scenario["mode"] or "",
        result=result,
        started=row.created,
        ended=solved[0][0] if solved else counted[-1][0] if counted else row.created,
        checks=len(played.checks),
        hints=int(judged["hints"] or 0) if judged else 0,
        checked=played.checks[-1][0] if played.checks else None,
        seconds=float(solved[0][1]["elapsed_s"]) if solved else None,
        score=judged["score"] if judged and scored else None,
        max_score=judged["max_score"] if judged and scored else None,
        steps=steps if _is_seen(steps) else (),
    )


def _result(played: PlayedRow, solved: bool) -> Result:
    state = played.row.state
    if state == "removed":
        state = played.ended or "open"
        if state == "open":
            return "solved" if solved else "given up"
    if state == "revealed":
        return "revealed"
    return "solved" if solved or state == "solved" else "open"


def _steps(grade: Mapping[str, Any]) -> tuple[Step, ...]:
    return tuple(
        Step(row["name"], row["points"], row["max"], row.get("advice", ""))
        for row in grade["dimensions"] or ()
        if row["name"] in STEPS and row["observed"] and row["max"]
        if grade["solved"] or row["name"] not in _AFTER_THE_FIX
    )


def _is_seen(steps: Iterable[Step]) -> bool:
    """Whether test runs were recorded: clean-up is seen without."""
    return any(step.name in METHOD for step in steps)


@dataclass(frozen=True)
class Skips:
    """How often a step was skipped."""

    name: str
    skipped: int
    seen: int
    """Attempts in which it could be seen."""
    advice: str = ""
    """What the newest attempt that skipped it was told."""

    @property
    def share(self) -> float:
        return self.skipped / self.seen if self.seen else 0.0


@dataclass(frozen=True)
class Tally:
    """Attempts that have something in common, taken together."""

    name: str
    attempts: int
    solved: int
    score: float | None
    """The mean, from 0 to 1, of those that have one; None where none has."""
    scored: int
    """How many have one."""
    seconds: float | None
    """The median time to the first solved check."""
    skips: tuple[Skips, ...]
    """The step skipped most first; only steps that were seen."""

    @property
    def worst(self) -> Skips | None:
        """The step skipped most; None where none was."""
        return self.skips[0] if self.skips and self.skips[0].skipped else None


@dataclass(frozen=True)
class History:
    """Finished attempts, in the order in which they ended, and their tallies."""

    records: tuple[Record, ...]
    all: Tally
    families: tuple[Tally, ...]
    mutators: tuple[Tally, ...]
    targets: tuple[Tally, ...]


def finished(records: Iterable[Record]) -> list[Record]:
    """Those that are over, in the order in which they ended."""
    over = (record for record in records if record.result != "open")
    return sorted(over, key=lambda record: (record.ended, record.attempt))


def matching(
    records: Iterable[Record],
    families: Iterable[str] = (),
    targets: Iterable[str] = (),
    since: float | None = None,
) -> list[Record]:
    """Those with a bug of one of the families, on one of the targets, ended since then.

    Nothing given means any. A target is named as in a list, or as it was typed.
    """
    wanted, named = set(families), set(targets)
    return [
        record
        for record in records
        if (not wanted or wanted & set(record.families))
        and (not named or named & {record.target, record.argument})
        and (since is None or record.ended >= since)
    ]


def history_of(records: Iterable[Record], families: Iterable[str] = ()) -> History:
    """The finished ones among the records, tallied.

    An attempt with several bugs counts once for each of their families and mutators; with
    `families`, only for those.
    """
    over, wanted = finished(records), set(families)

    def named(key: Callable[[PlayedBug], str]) -> Callable[[Record], set[str]]:
        def names(record: Record) -> set[str]:
            return {key(bug) for bug in record.bugs if not wanted or bug.family in wanted}

        return names

    return History(
        records=tuple(over),
        all=tally("all", over),
        families=_tallies(over, named(lambda bug: bug.family)),
        mutators=_tallies(over, named(lambda bug: bug.mutator)),
        targets=_tallies(over, lambda record: {record.target}),
    )


def _tallies(records: list[Record], names: Callable[[Record], set[str]]) -> tuple[Tally, ...]:
    """One tally a name, those with the most attempts first."""
    grouped: dict[str, list[Record]] = {}
    for record in records:
        for name in names(record):
            grouped.setdefault(name, []).append(record)
    ordered = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(tally(name, group) for name, group in ordered)


def tally(name: str, records: list[Record]) -> Tally:
    """The records taken together; they are in the order in which they ended."""
    shares = [record.share for record in records if record.share is not None]
    solved = [record for record in records if record.result == "solved"]
    times = [record.seconds for record in solved if record.seconds is not None]
    return Tally(
        name=name,
        attempts=len(records),
        solved=len(solved),
        score=sum(shares) / len(shares) if shares else None,
        scored=len(shares),
        seconds=_median(times) if times else None,
        skips=skips_of(records),
    )


def _median(values: list[float]) -> float:
    """As `statistics.median`, which takes longer to import than all of this to run."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def skips_of(records: list[Record]) -> tuple[Skips, ...]:
    """How often each step that was seen was skipped, the one skipped most first.

    Of two that were skipped as often, the one skipped in the larger share comes first, then the
    one that comes first in an attempt.
    """
    found = []
    for name in STEPS:
        seen = [step for record in records for step in record.steps if step.name == name]
        skipped = [step for step in seen if step.skipped]
        advice = next((step.advice for step in reversed(skipped) if step.advice), "")
        found.append(Skips(name, len(skipped), len(seen), advice))
    ordered = sorted(found, key=lambda one: (-one.skipped, -one.share))
    return tuple(one for one in ordered if one.seen)
