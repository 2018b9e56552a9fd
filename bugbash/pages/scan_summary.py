"""What a scan comes to, by mutator, family and file, for whatever form it is shown in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bugbash.mutation.families import FAMILIES
from bugbash.serving.levels import LEVELS, Level, level
from bugbash.serving.survey import COUNTED, NOTICED, Finding, Survey
from bugbash.trials.audit import Disagreement
from bugbash.trials.outcome import OUTCOMES, Outcome
from bugbash.trials.scan import MOST_FAILING, MutantTrial
from bugbash.words import counted

RARE: tuple[Outcome, ...] = ("timeout", "died", "invalid", "error")


@dataclass(frozen=True)
class ScanReport:
    """A survey, and what was asked for."""

    survey: Survey
    until: str
    """`first`, a number or `all`."""
    part: str = ""
    """Which part of the target's mutants was tried ("a sample of 30"); "" where all were."""
    stored: int = 0
    """Mutants whose trial was known from an earlier scan."""
    why_slow: str = ""
    """Why a fast way of trying was never taken, or nothing."""
    next_steps: tuple[tuple[str, str], ...] = ()
    """A command line, and what it is good for."""

    @property
    def whole(self) -> bool:
        """Whether every mutant was tried against every test."""
        return not self.part and self.until == "all"

    @property
    def fresh(self) -> int:
        """Mutants that were tried now."""
        return len(self.survey.findings) - self.stored


@dataclass(frozen=True)
class MutatorRow:
    """What became of one mutator's mutants."""

    name: str
    family: str
    counts: Mapping[str, int]
    servable: int

    @property
    def mutants(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class FamilyRow:
    """How many servable bugs of one family there are of each difficulty."""

    name: str
    counts: Mapping[Level, int]

    @property
    def bugs(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class FileRow:
    """How well the tests watch one file."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def counted(self) -> int:
        return sum(one.trial.outcome in COUNTED for one in self.findings)

    @property
    def noticed(self) -> int:
        return sum(one.trial.outcome in NOTICED for one in self.findings)

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where no mutant counts."""
        return self.noticed / self.counted if self.counted else None

    @property
    def survivors(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.trial.outcome == "survived")


def by_mutator(survey: Survey) -> tuple[MutatorRow, ...]:
    """A row for every mutator that found a place, in name order."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in survey.findings:
        groups.setdefault((one.mutant.mutator, one.mutant.family), []).append(one)
    return tuple(_row(name, family, groups[name, family]) for name, family in sorted(groups))


def in_all(survey: Survey) -> MutatorRow:
    """The sum of all mutators."""
    return _row("all", "", survey.findings)


def _row(name: str, family: str, findings: Iterable[Finding]) -> MutatorRow:
    found = list(findings)
    counts = Counter(one.trial.outcome for one in found)
    ordered: dict[str, int] = {outcome: counts[outcome] for outcome in OUTCOMES}
    return MutatorRow(name, family, ordered, sum(one.servable for one in found))


def by_family(survey: Survey) -> tuple[FamilyRow, ...]:
    """A row for every family, those without a servable bug included."""
    counts: dict[str, Counter[Level]] = {family: Counter() for family in FAMILIES}
    for one in survey.findings:
        if one.signals is not None:
            counts[one.mutant.family][level(one.signals.difficulty)] += 1
    return tuple(
        FamilyRow(family, {word: found[word] for word in LEVELS})
        for family, found in counts.items()
    )


def by_file(survey: Survey) -> tuple[FileRow, ...]:
    """A row for every file with mutants; those with the most survivors first."""
    files: dict[str, list[Finding]] = {}
    for one in survey.findings:
        files.setdefault(one.mutant.edit.file, []).append(one)
    rows = [
        FileRow(name, tuple(sorted(found, key=lambda one: (one.mutant.line, one.mutant.id))))
        for name, found in files.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row.survivors), row.name)))


def rate_line(report: ScanReport) -> str:
    """How many mutants, in what time, and how many of them were known before."""
    survey = report.survey
    total = counted(len(survey.findings), "mutant")
    if report.fresh <= 0:
        return f"{total}, all stored from an earlier scan."
    line = f"{total} in {duration(survey.seconds)}"
    if survey.seconds > 0:
        line += f", {per_second(report.fresh / survey.seconds)}"
    stored = f"; {report.stored:,} stored from an earlier scan" if report.stored else ""
    return f"{line}{stored}."


def per_second(rate: float) -> str:
    """A rate with as many digits as mean something."""
    if rate < 0.1:
        return f"{rate * 60:.1f} a minute"
    return f"{rate:.1f} a second" if rate < 10 else f"{rate:.0f} a second"


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> [duration(s) for s in (2.34, 59.96, 150, 7300)]
    ['2.3 s', '1 min 00 s', '2 min 30 s', '2 h 01 min']
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def audit_line(survey: Survey) -> str:
    """How far the faster ways can be believed."""
    made = survey.audit
    if made is None:
        return "Every mutant was tried cold: there is nothing to compare."
    warm = sum(one.trial.engine != "cold" for one in survey.findings) + len(made.differ)
    if not made.asked:
        return "Every mutant went the cold way: there is nothing to compare."
    differ = f"{len(made.differ)} differ{'s' if len(made.differ) == 1 else ''}"
    return f"{made.asked} of {warm:,} tried again cold: {differ}."


def answers(one: Disagreement) -> tuple[str, str]:
    """What the fast way and the cold one say of a mutant."""
    return answer(one.said), answer(one.cold)


def answer(trial: MutantTrial) -> str:
    """A trial in a few words: "swap: killed by 2 tests (a, b)"."""
    said = f"{trial.engine}: {trial.outcome}"
    if not trial.fail_to_pass:
        return said
    number = len(trial.fail_to_pass)
    names = ", ".join(trial.fail_to_pass[:3])
    more = f" and {number - 3} more" if number > 3 else ""
    return f"{said} by {counted(number, 'test')} ({names}{more})"


def why_no_idle_tests(report: ScanReport) -> str:
    """Why a scan can't tell which tests never kill anything, or nothing."""
    if report.whole:
        return ""
    reasons = [f"this one tried {report.part}"] if report.part else []
    if report.until != "all":
        failures = "1 failure" if report.until == "first" else f"{report.until} failures"
        reasons.append(f"its trials stopped after {failures}")
    return f"Only a whole scan with --until all can tell: {' and '.join(reasons)}."


def why_few_servable(report: ScanReport) -> str:
    """Why servable bugs may be missing from a report, or nothing."""
    if report.until == "all":
        return ""
    if report.until == "first":
        return "With --until first nobody knows how many tests break: use --until 10 or all."
    few = int(report.until)
    return (
        f"With --until {few} only those that break at most {few} tests."
        if few < MOST_FAILING
        else ""
    )
