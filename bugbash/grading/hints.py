"""Hints in four levels, each a step beyond what the learner has found without them.

What the next hint costs depends on how many were taken, never on what it will be about: else
asking for the price would say, for nothing, whether an edit or a hypothesis is at the right place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bugbash.files import walk
from bugbash.grading.areas import area_of
from bugbash.grading.narrowing import narrowed
from bugbash.grading.places import AtWork, Now, Place, at_work, bug_places
from bugbash.recording.timeline import Hint, Timeline
from bugbash.serving.scenario import Bug, Scenario
from bugbash.targets.spec import Target
from bugbash.words import ranges

LEVELS = ("area", "file", "function", "line")
PRICES = (3, 5, 7, 9)
"""Points that the first, second, third and fourth hint about one bug cost."""
FOCUS = 3
"""Who is at work in more files than this has not found one."""

_KINDS = {
    "validation": "what comes in is checked or cleaned wrongly: something is let through, refused "
    "or altered that should not be",
    "platform": "something depends on the machine: files and paths, encodings, time zones, "
    "locales, the environment",
    "logic": "the reasoning is wrong: a condition, an order of steps, a limit or a calculation",
    "library": "something is used wrongly: an argument, a name or a method of other code",
    "configuration": "a setting is wrong: its value, its name, its unit, or which of two wins",
}


@dataclass(frozen=True)
class NextHint:
    """The hint that would be given now."""

    bug: int
    level: int
    """1 area, 2 file, 3 function, 4 line."""
    text: str
    price: int


def unsolved_bug(
    scenario: Scenario, timeline: Timeline, last_check: Mapping[str, Any] | None
) -> int | None:
    """The number of a bug that is not fixed as far as is known; None where all are.

    It is the first with a hint left, and the first of all where every hint was taken. The last
    check says what is fixed, and runs after it that saw all tests of a bug pass. `last_check` is
    a grade as `check --json` prints it.
    """
    rows = last_check["bugs"] if last_check else ()
    solved = {row["number"] for row in rows if row["solved"]}
    checked_at = timeline.checks[-1].at if timeline.checks else -1.0
    unsolved = []
    for number, bug in enumerate(scenario.bugs, 1):
        wanted = set(bug.fail_to_pass)
        seen = [run for run in timeline.runs if run.at > checked_at and wanted & set(run.outcomes)]
        if number not in solved and not (seen and wanted <= seen[-1].passed):
            unsolved.append(number)
    left = (n for n in unsolved if price_of_next(scenario, timeline, n) is not None)
    return next(left, unsolved[0] if unsolved else None)


def taken(scenario: Scenario, timeline: Timeline, bug: int) -> tuple[Hint, ...]:
    """The hints that were taken about one bug."""
    head = _head(scenario, bug)
    return tuple(hint for hint in timeline.hints if hint.text.startswith(head))


def price_of_next(scenario: Scenario, timeline: Timeline, bug: int) -> int | None:
    """What the next hint about a bug costs; None where all were taken."""
    before = taken(scenario, timeline, bug)
    if any(hint.level == len(LEVELS) for hint in before):
        return None
    return PRICES[min(len(before), len(PRICES) - 1)]


def next_hint(
    scenario: Scenario,
    target: Target,
    workspace: Path,
    timeline: Timeline,
    bug: int,
) -> NextHint | None:
    """The first hint about a bug that says more than what was found or hinted at before.

    A scenario's own text for the area is given whatever was found: nobody knows what it repeats.
    The last level is never passed over. None where all were taken. Reads only.
    """
    price = price_of_next(scenario, timeline, bug)
    if price is None:
        return None
    texts = scenario.bugs[bug - 1].hints
    level = 1 + max((hint.level for hint in taken(scenario, timeline, bug)), default=0)
    given = dict(enumerate(texts, 1)).get
    search = _Search(scenario, target, workspace, timeline, scenario.bugs[bug - 1])
    while level < len(LEVELS) and not (level == 1 and given(1)) and search.knows(level):
        level += 1
    text = given(level) or search.text(level)
    return NextHint(bug, level, _head(scenario, bug) + text, price)


def texts_for_a_beginner(
    scenario: Scenario, target: Target, workspace: Path, bug: int
) -> tuple[str, ...]:
    """The texts of all four levels about one bug, for somebody who has found nothing yet.

    `workspace` is a folder with the code as it was served, or an empty one.
    """
    search = _Search(
        scenario, target, workspace, Timeline(workspace, False), scenario.bugs[bug - 1]
    )
    own = dict(enumerate(scenario.bugs[bug - 1].hints, 1)).get
    return tuple(own(level) or search.text(level) for level in range(1, len(LEVELS) + 1))


def _head(scenario: Scenario, bug: int) -> str:
    """What the texts about one of several bugs begin with; a failure report numbers them alike."""
    return f"Problem {bug}: " if len(scenario.bugs) > 1 else ""


class _Search:
    """How far one learner is with one bug, and what there is to say next."""

    def __init__(
        self, scenario: Scenario, target: Target, workspace: Path, timeline: Timeline, bug: Bug
    ) -> None:
        self._scenario, self._target, self._workspace = scenario, target, workspace
        self._timeline, self._bug = timeline, bug
        self._places = bug_places(bug, scenario, target)
        self._files = sorted({place.file for place in self._places})
        self._area = area_of(bug, target, scenario.blind)
        work = at_work(workspace, scenario, target, timeline)
        self._work = work if len(work.lines) <= FOCUS else AtWork({})

    def knows(self, level: int) -> bool:
        """Whether the learner has found what the hint of a level would say."""
        if level == 1:
            tests = set(self._bug.fail_to_pass)
            looked = any(narrowed(run, self._scenario, tests) for run in self._timeline.runs)
            inside = self._area is not None and bool(self._area.files & self._work.lines.keys())
            return looked or inside or self._knows_file()
        if level == 2:
            return self._knows_file()
        return any(self._knows_scope(place) for place in self._places)

    def _knows_scope(self, place: Place) -> bool:
        lines = self._work.lines.get(place.file, frozenset())
        return bool(place.scope) and any(place.first <= n <= place.last for n in lines)

    def _knows_file(self) -> bool:
        """Whether the learner is at work in a file of it, or a failure that was seen names one."""
        return any(file in self._work.lines or self._was_seen(file) for file in self._files)

    def _was_seen(self, file: str) -> bool:
        name = PurePosixPath(file).name
        alone = sum(path.name == name for path in walk(self._target.tree)) == 1
        named = re.compile(rf"(?<![\w-]){re.escape(name if alone else file)}(?![\w-])")
        wanted = set(self._bug.fail_to_pass)
        return any(
            named.search(message.replace("\\", "/"))
            for run in self._timeline.runs
            for test, message in run.messages.items()
            if test in wanted
        )

    def text(self, level: int) -> str:
        """The hint of a level in words. Those before the last name neither line nor answer."""
        return (self._area_text, self._file_text, self._function_text, self._line_text)[level - 1]()

    def _area_text(self) -> str:
        kind = _KINDS.get(self._bug.family, "")
        parts = [f"The kind of bug: {kind}."] if kind else []
        if self._area is not None:
            parts.append(self._area.told)
        return " ".join(parts) or "It is in the project's own code, where any module could hold it."

    def _file_text(self) -> str:
        head = "The file" if len(self._files) == 1 else "The files"
        return f"{head}: {', '.join(self._files)}."

    def _function_text(self) -> str:
        return " ".join(dict.fromkeys(map(_scope_text, self._places)))

    def _line_text(self) -> str:
        """Every changed line; "You are there" for somebody who is at work at one of them."""
        parts = [part for file in self._files for part in self._lines_of(file)]
        there = any(
            set(place.all_lines) & self._work.lines.get(place.file, frozenset())
            for place in self._places
        )
        several = len(parts) > 1 or sum(len(place.all_lines) for place in self._places) > 1
        if several:
            head = "You are at one of the lines: " if there else "The lines: "
        else:
            head = "You are there: " if there else "The line: "
        return head + "; ".join(parts)

    def _lines_of(self, file: str) -> Iterator[str]:
        """The changed lines of one file as they are in the learner's now."""
        now = Now(self._workspace, file, self._scenario, self._target)
        places = [place for place in self._places if place.file == file]
        for told in ranges(now.number(line) for place in places for line in place.lines):
            text = now.text(int(told.partition("-")[0]))
            more = " ..." if "-" in told else ""
            yield f"{file}:{told} ({text}{more})" if text else f"{file}:{told}"
        for gap in sorted(gap for place in places for gap in place.gaps):
            number = now.number(gap)
            yield f"something is missing just before {file}:{number} ({now.text(number)})"


def _scope_text(place: Place) -> str:
    name = PurePosixPath(place.file).name
    if place.kind == "function":
        return f"The function: {place.scope} in {place.file}."
    if place.kind == "class":
        return f"In the body of the class {place.scope} in {place.file}, in none of its methods."
    if place.kind == "section":
        return f"In {name}, what belongs to {place.scope}."
    kind = "functions and classes" if name.endswith(".py") else "all sections"
    return f"At the top level of {place.file}, outside of {kind}."
