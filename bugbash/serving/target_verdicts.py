"""What is good about a target, what it lacks and what to do about it: a verdict a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bugbash.files import walk
from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.families import FAMILIES
from bugbash.serving.code_size import code_lines, reached
from bugbash.serving.suite_runs import AHEAD_DAYS, Noted, SuiteFacts
from bugbash.serving.survey import COUNTED, NOTICED
from bugbash.serving.target_check import JourneyFacts, SampleFacts, TargetFacts
from bugbash.targets.spec import Target
from bugbash.trials.baseline import Baseline
from bugbash.words import counted

Verdict = Literal["good", "lacking", "unusable"]
FAST_S, SLOW_S = 3.0, 30.0
FEW_TESTS = 20
KILLED = 0.85
COVERED = 0.85
SHOWN = 0.5
COMFORTABLE = (500, 1500)
"""Lines of code that somebody can find a way through within an hour."""
_FEW = 20
"""Under so many mutants the share of those that are noticed means nothing."""
_ENOUGH = 30
"""Mutants tried from which on it means something that none of them can be served."""
_BINARIES = (".so", ".pyd", ".dylib", ".dll", ".exe")
_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")


@dataclass(frozen=True)
class Line:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""
    """What to do about it; empty where it is good."""
    items: tuple[str, ...] = ()
    """Tests, files or cases that it is about."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The numbers behind it."""


def lines_of(facts: TargetFacts, typed: str) -> tuple[Line, ...]:
    """Every verdict that the facts allow, the suite first.

    `typed` is the target with its options, as a shell takes them.
    """
    found = [_suite(facts)]
    if facts.suite is not None and facts.baseline is not None:
        found += _about_runs(facts.suite)
        found.append(_left_out(facts.baseline, facts.target))
    if facts.sample is not None:
        found += [_killed(facts.sample, typed), _servable(facts.sample), _families(facts.sample)]
    if facts.target is not None and facts.baseline is not None:
        found.append(_coverage(facts.target, facts.baseline))
        found += _journeys(facts.journeys)
    if facts.target is not None:
        found += [_size(facts.target), *_files(facts.target)]
    return tuple(found)


def usable(lines: Iterable[Line]) -> bool:
    """Whether nothing stands in the way of using the target."""
    return all(line.verdict != "unusable" for line in lines)


def _judged(good: bool, name: str, says: str, do: str = "", **rest: Any) -> Line:
    return Line(name, "good" if good else "lacking", says, "" if good else do, **rest)


def _suite(facts: TargetFacts) -> Line:
    if facts.unusable or facts.suite is None or facts.baseline is None:
        do = "give it tests that pytest finds and that pass on the clean code"
        return Line("tests", "unusable", facts.unusable.rstrip("."), do)
    tests, skipped = facts.suite.tests, facts.suite.skipped
    passing = len(facts.baseline.passing)
    says = f"{tests:,} tests, {passing:,} of them used, {skipped:,} skipped"
    values = {"tests": tests, "used": passing, "skipped": skipped}
    do = f"write more: under {FEW_TESTS} tests tell too few bugs from clean code"
    return _judged(passing >= FEW_TESTS, "tests", says, do, values=values)


def _about_runs(suite: SuiteFacts) -> list[Line]:
    runs = [
        _time(suite),
        _none_of(
            "failing tests", suite.failing, "every test passes on the clean code",
            "{} on the clean code", "mend or remove what fails on the clean code", "fails", "fail",
        ),
        _none_of(
            "flaky tests", suite.flaky, "equal runs do the same",
            "{} now and then", "find what they leave to chance: threads, sleeps, random numbers",
            "fails", "fail",
        ),
        _none_of(
            "test order", suite.by_order, "reversed and shuffled runs do the same",
            "{} on the order", "let each test make what it needs, and take it away after",
            "depends", "depend",
        ),
        _none_of(
            "circumstances", suite.by_circumstances,
            "hash seeds, time zones, locales, listings and folders make no difference",
            "{} on where it runs", "fix what differs in the test, or name the encoding, the zone "
            "and the order in the code", "depends", "depend",
        ),
        _none_of(
            "clock", suite.by_date, f"the same {AHEAD_DAYS} days from now",
            f"{{}} with the date {AHEAD_DAYS} days on", "give the code the date as an argument in "
            "the tests", "fails", "fail",
        ),
        _network(suite), _ports(suite), _writes(suite),
    ]  # fmt: skip
    if suite.cut_short:
        do = "see what the order, the date or the circumstances do to it: nothing was told of these"
        says = "not every run came to its end"
        runs.append(Line("whole runs", "lacking", says, do, suite.cut_short))
    return runs


def _time(suite: SuiteFacts) -> Line:
    says = f"{suite.seconds:.1f} s for one run"
    items: tuple[str, ...] = ()
    if suite.seconds >= FAST_S:
        says += f"; under {FAST_S:.0f} s is what a learner does not notice"
        items = tuple(f"{seconds:.2f} s  {name}" for name, seconds in suite.slowest)
    do = f"make the slowest tests quicker: above {SLOW_S:.0f} s nobody runs the suite often"
    values = {"seconds": suite.seconds, "slowest": dict(suite.slowest)}
    return _judged(suite.seconds <= SLOW_S, "suite time", says, do, items=items, values=values)


def _none_of(
    name: str, found: tuple[Noted, ...], good: str, bad: str, do: str, one: str, many: str
) -> Line:
    items = tuple(f"{noted.test}  {noted.what}" for noted in found)
    number = f"1 test {one}" if len(found) == 1 else f"{len(found):,} tests {many}"
    says = bad.format(number) if found else good
    return _judged(not found, name, says, do, items=items, values={"tests": _names(found)})


def _names(found: tuple[Noted, ...]) -> list[str]:
    return [noted.test for noted in found]


def _network(suite: SuiteFacts) -> Line:
    found = suite.network
    tries = "1 test tries" if len(found) == 1 else f"{len(found):,} tests try"
    says = f"{tries} to leave the machine" if found else "no test leaves the machine"
    do = "put something in the network's place: bugbash runs offline"
    return _judged(not found, "network", says, do, items=found, values={"tests": list(found)})


def _ports(suite: SuiteFacts) -> Line:
    items = tuple(
        f"{test or '(while tests are loaded)'}  port {port}" for test, port in suite.ports
    )
    says = "a fixed port: two runs are in each other's way" if items else "no fixed port"
    do = "listen on port 0 and ask which one it became"
    values = {"ports": [{"test": test or None, "port": port} for test, port in suite.ports]}
    return _judged(not items, "ports", says, do, items=items, values=values)


def _writes(suite: SuiteFacts) -> Line:
    items = tuple(f"{test or '(by nobody who was seen)'}  {file}" for test, file in suite.writes)
    says = "the suite writes into the project" if items else "the suite leaves the project alone"
    values = {"writes": [{"test": test or None, "file": file} for test, file in suite.writes]}
    do = "write to tmp_path"
    return _judged(not items, "project tree", says, do, items=items, values=values)


def _left_out(baseline: Baseline, target: Target | None) -> Line:
    named = target.spec.deselect if target is not None else ()
    gone = [*baseline.ignored_files, *baseline.left_out]
    items = (*(f"{one.id}  {one.why}" for one in gone), *(f"{one}  by the spec" for one in named))
    says = f"{counted(len(items), 'test')} left out" if items else "none"
    do = "mend them, or leave them: nobody is asked about a test that is left out"
    values = {"tests": [one.id for one in gone] + list(named)}
    return _judged(not items, "left out", says, do, items=items, values=values)


def _killed(sample: SampleFacts, typed: str) -> Line:
    outcomes = [one.trial.outcome for one in sample.findings]
    ran = sum(outcome in COUNTED for outcome in outcomes)
    noticed = sum(outcome in NOTICED for outcome in outcomes)
    share = noticed / ran if ran else 0.0
    values = {
        "mutants": sum(sample.mutants.values()), "tried": len(outcomes), "counted": ran,
        "noticed": noticed, "share": round(share, 3),
    }  # fmt: skip
    part = "" if sample.whole else f" of a sample (of {values['mutants']:,})"
    if outcomes and ran < _FEW and not sample.whole:
        tried = f"{noticed} of {counted(ran, 'mutant')}{part} are noticed"
        says = f"{tried}: too few for a verdict"
        do = "try more with --sample; 60 is what is tried where nothing is said"
        return Line("mutants killed", "lacking", says, do, values=values)
    if not ran:
        do = "give it code that can be changed: --source says where it lies"
        says = "no mutant could be tried" if not outcomes else "no mutant runs at all"
        return Line("mutants killed", "unusable", says, do, values=values)
    says = f"{int(100 * share)} % of {ran:,} mutants{part} are noticed"
    if not noticed:
        do = "let the tests call the code and compare what it returns"
        return Line("mutants killed", "unusable", says, do, values=values)
    scan = f"bugbash scan {typed} --html survivors.html"
    do = f"bring it to {int(100 * KILLED)} %: `{scan}` shows what survives"
    return _judged(share >= KILLED, "mutants killed", says, do, values=values)


def _servable(sample: SampleFacts) -> Line:
    tried, servable = len(sample.findings), len(sample.servable)
    rows = {family: _family(sample, family) for family in FAMILIES}
    items = tuple(
        f"{family:<14}{_tried(row, sample.whole)}" for family, row in rows.items() if row["mutants"]
    )
    values = {"servable": servable, "tried": tried, "estimated": not sample.whole, "families": rows}
    says = f"{servable} of {tried} mutants break 1 to 10 tests and nothing else"
    if not sample.whole:
        says += "; the numbers for all are estimated from them"
    if servable:
        return Line("servable bugs", "good", says, items=items, values=values)
    hopeless = sample.whole or tried >= _ENOUGH
    do = "write tests that look at one thing each" if hopeless else "try more with --sample"
    verdict: Verdict = "unusable" if hopeless else "lacking"
    return Line("servable bugs", verdict, says, do, items, values)


def _family(sample: SampleFacts, family: str) -> dict[str, Any]:
    findings = [one for one in sample.findings if one.mutant.family == family]
    mutants = sample.mutants.get(family, 0)
    servable = sum(one.servable for one in findings)
    estimate = round(mutants * servable / len(findings)) if findings else None
    return {
        "mutants": mutants, "tried": len(findings), "servable": servable, "estimate": estimate
    }  # fmt: skip


def _tried(row: dict[str, Any], whole: bool) -> str:
    """What became of a family's mutants, and what that lets expect of all."""
    if not row["tried"]:
        return f"none tried of {row['mutants']:,}"
    found = f"{row['servable']} of {row['tried']} tried"
    return found if whole else f"{found}; about {row['estimate']:,} of all {row['mutants']:,}"


def _families(sample: SampleFacts) -> Line:
    having = {one.mutant.family for one in sample.servable}
    without = tuple(family for family in FAMILIES if family not in having)
    items = tuple(
        f"{family}  {'no place for a mutator' if not sample.mutants.get(family) else 'none'}"
        for family in without
    )
    part = "" if sample.whole else " in the sample"
    says = f"{len(without)} of {len(FAMILIES)} without a servable bug{part}"
    do = "fine for a target that is about something else; else write code and tests of that kind"
    values = {"without": list(without)}
    if not without:
        says = f"each has servable bugs{part}"
    return _judged(not without, "families", says, do, items=items, values=values)


def _coverage(target: Target, baseline: Baseline) -> Line:
    files = [file for file in mutable_files(target) if file.endswith(".py")]
    ran, every = reached(target.tree, files, baseline.reach.lines)
    share = ran / every if every else 0.0
    says = f"tests run {int(100 * share)} % of {every:,} statements in functions"
    values = {"run": ran, "statements": every, "share": round(share, 3)}
    do = f"test what no test runs, up to {int(100 * COVERED)} %: a bug there is never noticed"
    return _judged(share >= COVERED, "coverage", says, do, values=values)


def _journeys(journeys: JourneyFacts | None) -> list[Line]:
    if journeys is None:
        do = 'write one and name its folder in the spec, journeys = "journeys" (optional)'
        says = "none: failure reports are those of a CI run"
        return [Line("journeys", "lacking", says, do, values={"journeys": 0})]
    if journeys.problem:
        do = "mend it: `new` refuses a target whose journeys can't be used"
        says = journeys.problem.rstrip(".")
        return [Line("journeys", "unusable", says, do, values={"journeys": journeys.journeys})]
    items = (
        *(f"{case}  prints something else in another run" for case in journeys.unsteady),
        *(f"{case}  ends in an error of the journey itself" for case in journeys.mistaken),
    )
    says = f"{journeys.journeys} with {journeys.cases} cases"
    says += "" if items else ", which print the same in each of three runs"
    do = "let each case print the same whenever and wherever it runs"
    values = {
        "journeys": journeys.journeys, "cases": journeys.cases,
        "unsteady": list(journeys.unsteady), "mistaken": list(journeys.mistaken),
    }  # fmt: skip
    found = [_judged(not items, "journeys", says, do, items=items, values=values)]
    return [*found, _shown(journeys)] if journeys.asked else found


def _shown(journeys: JourneyFacts) -> Line:
    share = journeys.shown / journeys.asked
    says = f"{journeys.shown} of {journeys.asked} servable bugs of the sample show in a journey"
    values = {"shown": journeys.shown, "servable": journeys.asked, "share": round(share, 3)}
    do = "add cases with edge values, and journeys through code that none of them calls"
    return _judged(share >= SHOWN, "bugs in journeys", says, do, values=values)


def _size(target: Target) -> Line:
    files = [target.tree / file for file in mutable_files(target) if file.endswith(".py")]
    lines = sum(len(code_lines(path.read_text("utf-8", "replace"))) for path in files)
    few, many = COMFORTABLE
    says = f"{counted(lines, 'line')} of code in {counted(len(files), 'file')}"
    if few <= lines <= many:
        return Line("code size", "good", says, values={"lines": lines, "files": len(files)})
    says += f"; {few:,} to {many:,} are comfortable"
    do = (
        "fine for a first exercise; a bug is soon found where there is little to read"
        if lines < few
        else "limit what is broken with --source, and say where to begin in the README"
    )
    return Line("code size", "lacking", says, do, values={"lines": lines, "files": len(files)})


def _files(target: Target) -> list[Line]:
    names = sorted(path.name for path in target.tree.iterdir() if path.is_file())
    readme = next((name for name in names if name.lower().startswith("readme")), "")
    project = next((name for name in _PROJECT_FILES if name in names), "")
    return [
        _judged(
            bool(readme), "README", readme or "missing",
            "write one: it is what a learner reads first, and what the behaviour is judged by",
        ),
        _judged(
            bool(project), "project file", project or "missing",
            "add a pyproject.toml with name, version and what the project needs",
        ),
        _compiled(target),
    ]  # fmt: skip


def _compiled(target: Target) -> Line:
    files = (path.as_posix() for path in walk(target.tree))
    binaries = {name for name in files if name.endswith(_BINARIES)}
    items = tuple(sorted({*binaries, *target.overlay}))
    says = f"{len(items):,} compiled or generated files" if items else "nothing compiled"
    do = "nobody can debug into them: limit what is broken to Python code with --source"
    values = {"files": len(items)}
    return _judged(not items, "compiled files", says, do, items=items, values=values)
