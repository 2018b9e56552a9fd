"""Bugs that were proved, and the scenario that serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bugbash.files import Edit
from bugbash.mutation.traits import Trait
from bugbash.serving.levels import Level, hardest


@dataclass(frozen=True)
class Bug:
    """A validated mutant: what it changes and which tests it breaks everywhere."""

    id: str
    mutator: str
    family: str
    edit: Edit
    """From the clean tree to the broken one; the first where there are several."""
    line: int
    """In the clean file, from 1."""
    function: str | None
    before: str
    """The clean text of the changed place."""
    after: str
    explanation: str
    fail_to_pass: tuple[str, ...]
    trait: Trait = "other"
    """What the fix looks like."""
    difficulty: float | None = None
    """From 0 to 1; None where it was not measured."""
    at_once: bool = False
    """Whether the program crashes right behind the change: too plain to be served early."""
    more: tuple[Edit, ...] = ()
    """The other edits of a bug that somebody wrote."""
    hints: tuple[str, ...] = ()
    """A scenario's own texts for the levels of hints; "" where the generated one serves."""

    @property
    def edits(self) -> tuple[Edit, ...]:
        return (self.edit, *self.more)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it changes, in order."""
        return tuple(sorted({edit.file for edit in self.edits}))


@dataclass(frozen=True)
class Origin:
    """Where a real bug comes from."""

    name: str
    """The library."""
    url: str
    fix_commit: str
    base_commit: str
    """The fix's parent: its history lies below the workspace's one commit."""
    issues: tuple[int, ...]
    """Numbers that the fix's message names."""
    when: int
    """Of the fix, in seconds since the epoch."""


@dataclass(frozen=True)
class Scenario:
    """What can be played: a target, its bugs, the report, and how it is judged."""

    target: str
    """What a user types to get the target again."""
    name: str
    version: str
    digest: str
    """Of the clean tree, which lies under BUGBASH_HOME/trees."""
    bugs: tuple[Bug, ...]
    report: str
    """Text of FAILURE_REPORT.md."""
    pass_to_pass: tuple[str, ...]
    left_out: tuple[str, ...]
    """Ids of tests that the clean tree does not pass reliably; not run."""
    ignored_files: tuple[str, ...]
    seed: int
    again: str
    """The command that gives somebody else the same bugs."""
    spec: dict[str, Any]
    """The target's spec as of when it was served."""
    sort: str
    overlay: tuple[str, ...]
    lock: str
    """Hash of the dependency lock, with Python and platform."""
    lock_text: str
    python: str
    suite_seconds: float | None
    """Of the clean suite; None where it was not measured on this machine."""
    blind: bool = False
    """Whether the failing tests are withheld."""
    mode: str = ""
    """`interview`, `stripe`, or nothing."""
    withheld: tuple[str, ...] = ()
    """Ids of the tests that the workspace is served without."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """Points by dimension, where a scenario sets its own."""
    written: str = ""
    """What a user types to get a scenario that somebody wrote; empty for another."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Files of the clean tree that the workspace is served without, by path."""
    editable: tuple[str, ...] = ()
    """Patterns of the files whose changes count; empty where all do."""
    details: str = "full"
    """What a grade may show of failing tests: `full`, `actual-only`, `none`."""
    origin: Origin | None = None
    """Of a bug that was in a library; None for another."""

    @property
    def shown_target(self) -> str:
        """The target, for a learner: without the commit of a real bug's fix, which tells it."""
        return f"real:{self.origin.name}" if self.origin else self.target

    @property
    def fail_to_pass(self) -> tuple[str, ...]:
        return tuple(sorted({test for bug in self.bugs for test in bug.fail_to_pass}))

    @property
    def shown_tests(self) -> tuple[str, ...]:
        """The failing tests that a learner may be told of: none of a blind attempt."""
        if self.blind:
            return ()
        return tuple(test for test in self.fail_to_pass if test not in self.withheld)

    @property
    def difficulty(self) -> Level | None:
        """That of its hardest bug; None where one was not measured."""
        return hardest(bug.difficulty for bug in self.bugs)

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(sorted({bug.family for bug in self.bugs}))


def to_json(scenario: Scenario) -> dict[str, Any]:
    return asdict(scenario)


def bug_from_json(value: dict[str, Any]) -> Bug:
    fields = {
        **value,
        "edit": Edit(**value["edit"]),
        "fail_to_pass": tuple(value["fail_to_pass"]),
        "more": tuple(Edit(**edit) for edit in value.get("more", ())),
        "hints": tuple(value.get("hints", ())),
    }
    return Bug(**fields)


def from_json(value: dict[str, Any]) -> Scenario:
    """The scenario that `to_json` wrote. Raises TypeError or KeyError when it is not one."""
    tuples = ("pass_to_pass", "left_out", "ignored_files", "overlay")
    later = {key: tuple(value.get(key, ())) for key in ("withheld", "editable")}
    fields = {**value, **{key: tuple(value[key]) for key in tuples}, **later}
    bugs = tuple(bug_from_json(bug) for bug in value["bugs"])
    return Scenario(**{**fields, "bugs": bugs, "origin": _origin(value.get("origin"))})


def _origin(value: dict[str, Any] | None) -> Origin | None:
    return Origin(**{**value, "issues": tuple(value["issues"])}) if value else None
