"""From what a user types to a prepared target: one registry of the sorts of argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bugbash.errors import UsageProblem, nearest
from bugbash.targets.overrides import NOTHING, Note, Overrides, quiet
from bugbash.targets.spec import Target

__all__ = ["Overrides", "resolve"]


@dataclass(frozen=True)
class Source:
    """One sort of argument: `claims` says whether an argument is of it, at no cost.

    `module` has `prepare(argument, overrides, note) -> Target` and is imported only then.
    """

    module: str
    claims: Callable[[str], bool]


def resolve(argument: str, overrides: Overrides = NOTHING, note: Note = quiet) -> Target:
    """The prepared target that `argument` names.

    A vendored name, a shipped spec's name, a folder, `pypi:NAME[==VERSION]` or `git+URL[@REF]`.
    `note` hears one line about long work. Raises UsageProblem for what nobody knows (with the
    nearest names) and for a package that can't serve; EnvironmentProblem where the network or
    the machine is in the way.
    """
    for source in SOURCES:
        if source.claims(argument):
            prepare: Callable[[str, Overrides, Note], Target]
            prepare = import_module(source.module).prepare
            return prepare(argument, overrides, note)
    raise UsageProblem(_unknown(argument))


def vendored_names() -> list[str]:
    """The vendored targets, in name order."""
    from bugbash.targets import vendored

    return sorted(vendored.names())


def _is_vendored(argument: str) -> bool:
    return argument in vendored_names()


def _is_pinned(argument: str) -> bool:
    from bugbash.targets import pinned

    return argument in pinned.names()


def _is_folder(argument: str) -> bool:
    return bool(argument) and Path(argument).expanduser().exists()


def _unknown(argument: str) -> str:
    from bugbash.targets import pinned

    if "/" in argument or "\\" in argument or argument.startswith((".", "~")):
        return f"There is no folder {argument}."
    known = [*vendored_names(), *pinned.names()]
    return (
        f"Unknown target {argument!r}. {nearest(argument, known)} "
        f"A package is pypi:{argument or 'NAME'}, a repository git+URL, a folder its path."
    )


SOURCES = (
    Source("bugbash.targets.vendored", _is_vendored),
    Source("bugbash.targets.pinned", _is_pinned),
    Source("bugbash.targets.pypi", lambda argument: argument.startswith("pypi:")),
    Source("bugbash.targets.git_source", lambda argument: argument.startswith("git+")),
    Source("bugbash.targets.real_source", lambda argument: argument.startswith("real:")),
    Source("bugbash.targets.local", _is_folder),
)
