"""The form of a mutation operator, and of the examples that are its tests and its documentation."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, final

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.families import Family
from bugbash.mutation.traits import Trait

Faulty = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]
"""What a mutator yields: a node, several statements, or `cst.RemoveFromParent()`."""


@dataclass(frozen=True, init=False)
class Example:
    """Code and what the mutator makes of it: each of `after` in turn, or nothing at all.

    Both are whole files; they may be indented like the code around them. An example without
    `after` is code that the mutator must leave alone. `file` is named where it is not Python.
    """

    before: str
    after: tuple[str, ...]
    file: str

    def __init__(self, before: str, *after: str, file: str = "example.py") -> None:
        object.__setattr__(self, "before", _module(before))
        object.__setattr__(self, "after", tuple(map(_module, after)))
        object.__setattr__(self, "file", file)


def _module(text: str) -> str:
    """`text` without the indentation of the file that it stands in, and with a last line end."""
    if text.startswith("\n"):
        text = textwrap.dedent(text[1:]).rstrip(" ")
    return text if text.endswith("\n") else text + "\n"


class Mutator(ABC):
    """One mutation operator. A file of `mutators/<family>/` holds exactly one subclass.

    bugbash walks the syntax tree and calls `mutate` once for every node. Indentation, white space
    and commas are its business: yield the smallest node that changes, or `cst.RemoveFromParent()`
    to drop a statement, an `elif`, a `case`, an `except`, an argument or an element.
    """

    name: ClassVar[str]
    """Words joined by hyphens; the file has the same name with underscores."""
    family: ClassVar[Family]
    """The folder that the file lies in."""
    summary: ClassVar[str]
    """One sentence in the learner's language: what is wrong after it."""
    models: ClassVar[str]
    """The pattern of real bugs that it stands for."""
    trait: ClassVar[Trait] = "other"
    """What the fix looks like: the share of real fixes like it weighs the choice among bugs."""
    explanation: ClassVar[str]
    """Why the clean code is right, and how one finds such a bug; shown by `reveal`."""
    examples: ClassVar[tuple[Example, ...]]
    """Its tests and its page in `bugbash mutators show`: code to change and code to leave."""

    @abstractmethod
    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        """Each faulty version of `node`, one at a time; nothing where it has no site.

        Pure: no randomness, no input or output; the same source gives the same faulty nodes in the
        same order. Return early: most nodes are not yours.
        """


class TextChange(NamedTuple):
    """Characters `start` to `end` of a file's text become `text`."""

    start: int
    end: int
    text: str


class FileMutator(Mutator):
    """A mutation operator of other files than Python: settings and data.

    It lies in `mutators/<family>/` and is chosen, shown and tested like any other. bugbash calls
    `rewrite` once for every file with one of `suffixes`, and drops what does not parse or says
    the same as before.
    """

    suffixes: ClassVar[tuple[str, ...]]
    """Of the files that it can change, each with its dot; of those in DATA_SUFFIXES."""

    @abstractmethod
    def rewrite(self, file: str, text: str) -> Iterator[TextChange]:
        """Each faulty version of a file, one at a time, as the characters that change.

        `file` is its relative path with forward slashes. Pure, like `Mutator.mutate`.
        """

    @final
    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        """Nothing: there are no syntax nodes in these files."""
        return iter(())
