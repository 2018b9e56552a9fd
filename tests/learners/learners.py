"""The scripted learners, the tiers that a fair interviewer would put them in, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.learners import scripts
from tests.learners.cases import LIGHT_PARCELS, SHORT_LINES, TWO_BUGS, Case
from tests.learners.desk import Desk

GAP = 10
"""Points that lie at least between the members of two tiers."""


@dataclass(frozen=True)
class Tier:
    """Learners among whom the order is free."""

    number: int
    least: int
    most: int
    """Points that its members reach at least and at most."""
    reason: str


TIERS = (
    Tier(1, 85, 100, "a method that can be explained; which tools it uses does not matter"),
    Tier(2, 72, 80, "sound work, with one or two steps left out"),
    Tier(3, 47, 67, "a result without a method that can be seen, or the method with half a result"),
    Tier(4, 25, 42, "a part of a result: a good search without a fix, or one bug of two"),
    Tier(5, 0, 20, "nothing was repaired, and it is made to look otherwise"),
)


@dataclass(frozen=True)
class Learner:
    """Somebody with a way of working, which is a script that plays any case of one bug."""

    name: str
    tier: int
    reason: str
    script: Callable[[Desk], None]
    case: Case = SHORT_LINES
    recorded: bool = True

    @property
    def what(self) -> str:
        """The script in a sentence."""
        return (self.script.__doc__ or "").strip()


LEARNERS = (
    Learner("textbook", 1, "all five steps, each with its proof", scripts.textbook),
    Learner("test first", 1, "the failing test is written before the fix", scripts.test_first),
    Learner("adds to the tests", 1, "more tests are no other tests", scripts.adds_to_the_tests),
    Learner("prints everywhere", 1, "prints are a tool, and they are gone", scripts.prints),
    Learner("debugger", 1, "looks instead of guessing", scripts.debugger),
    Learner("stashes and compares", 1, "shows that the change is what helps", scripts.stash),
    Learner("editor's test button", 1, "the same method without a terminal", scripts.editor),
    Learner("comes back the next day", 1, "a night is no fault", scripts.next_day),
    Learner("wrong idea first", 1, "a refuted idea is progress", scripts.wrong_first),
    Learner("two bugs in order", 1, "the method, twice", scripts.both_in_order, TWO_BUGS),
    Learner("no hypothesis", 2, "can't say what was suspected", scripts.reads_then_fixes),
    Learner(
        "large refactoring",
        2,
        "nobody can review the fix in it, and the suite was not run",
        scripts.refactors,
    ),
    Learner(
        "prints left in",
        2,
        "no suspicion was said, and others have to clean up",
        scripts.leaves_prints,
    ),
    Learner("edits first", 3, "the failure was not seen before the change", scripts.edits_first),
    Learner("lucky", 3, "right by chance, for all that one can see", scripts.lucky),
    Learner("shotgun", 3, "chance, ten times", scripts.shotgun),
    Learner(
        "recorder off",
        3,
        "only the result can be seen",
        scripts.unrecorded,
        recorded=False,
    ),
    Learner(
        "one bug of two, in order",
        3,
        "half the work, and one can follow it: worth as much as a whole fix by chance",
        scripts.half_in_order,
        TWO_BUGS,
    ),
    Learner(
        "right fix, tests weakened",
        3,
        "the code is right, and nothing is left that would show it",
        scripts.fixes_and_weakens,
    ),
    Learner("gives up", 4, "a good search that was not ended", scripts.gives_up),
    Learner(
        "one bug of two", 4, "half the work, and no method to it", scripts.one_of_two, TWO_BUGS
    ),
    Learner("weakens the test", 5, "the fault is still there", scripts.weakens_the_test),
    Learner("deletes the test", 5, "the fault is still there", scripts.deletes_the_test),
    Learner("special-cases the input", 5, "the next input fails again", scripts.special_case),
    Learner("skips by configuration", 5, "the fault is still there", scripts.skips_the_tests),
    Learner("rewrites the timeline", 5, "the fault is still there", scripts.rewrites_the_timeline),
)
CHEATS = 5
"""The tier whose members have nothing solved."""


@dataclass(frozen=True)
class Play:
    """A learner at a case."""

    learner: Learner
    case: Case

    @property
    def name(self) -> str:
        """As results and tests call it."""
        return f"{self.learner.name}: {self.case.name}"


_ELSEWHERE = (
    *("textbook", "wrong idea first", "no hypothesis"),
    *("shotgun", "gives up", "special-cases the input"),
)
"""Learners of every tier who play a second, harder bug."""

PLAYS = tuple(Play(learner, learner.case) for learner in LEARNERS)
MORE_PLAYS = tuple(
    Play(learner, LIGHT_PARCELS) for learner in LEARNERS if learner.name in _ELSEWHERE
)
