"""Mutants: every place of a module where a mutator can act, as an edit of bytes."""

from __future__ import annotations

import hashlib
import itertools
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeVar

import libcst as cst

from bugbash.errors import UsageProblem
from bugbash.files import Edit
from bugbash.mutation.change import Change, change
from bugbash.mutation.check import Checker, statement_span
from bugbash.mutation.context import Context
from bugbash.mutation.data_source import DataSource
from bugbash.mutation.families import Family
from bugbash.mutation.mutator import Faulty, FileMutator, Mutator, TextChange
from bugbash.mutation.source import Source, UnreadableSource
from bugbash.mutation.usage import leaves_behind

_T = TypeVar("_T")

PATIENCE = 10_000
"""Faulty nodes of one node after which a mutator is taken to be endless."""

SHOWN_LINES = 8
"""A statement of more lines is shown by those that change alone."""


class MutatorFails(UsageProblem):
    """A mutator raises, has no end or yields what is no node: `why` says on which code."""

    def __init__(self, mutator: Mutator, why: str, error: BaseException | None = None) -> None:
        self.why = why
        self.line: int | None = None
        """Of the mutator's own file, where it raised."""
        file = getattr(sys.modules.get(type(mutator).__module__), "__file__", None)
        for frame in traceback.extract_tb(error.__traceback__ if error else None):
            if frame.filename == file:
                self.line = frame.lineno
        own = f"{file}:{self.line}: " if self.line else ""
        super().__init__(f"{own}The mutator {mutator.name!r} {self.why}.")


@dataclass(frozen=True)
class Mutant:
    """A module with one site changed."""

    id: str
    """16 hexadecimal digits, the same on every machine and Python."""
    mutator: str
    family: Family
    edit: Edit
    line: int
    """The first changed line of the clean file, from 1."""
    end_line: int
    function: str | None
    """The `__qualname__` of the function that holds the change."""
    before: str
    """The clean lines, dedented."""
    after: str
    """The broken lines; "" where they are gone."""


def mutants_of(file: str, source: bytes, mutators: Iterable[Mutator]) -> Iterator[Mutant]:
    """The mutants of one module, or settings or data file, in source order.

    Left out is what any linter would point at: an import, variable or parameter that nothing reads
    any more, a list that nothing fills.
    `file` is its relative path with forward slashes, `source` its content. Raises UnreadableSource
    where it does not parse or is not UTF-8, UsageProblem where a mutator fails.
    """
    if not file.endswith(".py"):
        yield from _mutants_of_data(file, source, mutators)
        return
    module = Source(file, source)
    checker = Checker(module)
    walking = (mutator for mutator in mutators if not isinstance(mutator, FileMutator))
    ordered = sorted(walking, key=lambda mutator: mutator.name)
    found: dict[Change, tuple[Mutator, Context]] = {}
    for context in module.contexts():
        for mutator in ordered:
            for edit in _changes(module, context, mutator):
                if edit in found or leaves_behind(context, [edit[:2]], edit.text):
                    continue
                if checker.accepts(context, edit):
                    found[edit] = mutator, context
    for edit, (mutator, context) in sorted(found.items(), key=lambda item: item[0]):
        yield _mutant(module, mutator, context, edit)


def mutants_in_tree(
    tree: Path,
    files: Iterable[PurePosixPath | str],
    mutators: Iterable[Mutator],
    on_skip: Callable[[UnreadableSource], None] = lambda _: None,
) -> Iterator[Mutant]:
    """The mutants of `files` (relative to `tree`), file by file in name order.

    A file that can't be mutated is skipped and handed to `on_skip` as the error that says why.
    """
    operators = list(mutators)
    for file in sorted(str(PurePosixPath(name)) for name in files):
        try:
            yield from mutants_of(file, (tree / file).read_bytes(), operators)
        except UnreadableSource as problem:
            on_skip(problem)


def _mutants_of_data(file: str, data: bytes, mutators: Iterable[Mutator]) -> Iterator[Mutant]:
    rewriting = [m for m in mutators if isinstance(m, FileMutator) and file.endswith(m.suffixes)]
    if not rewriting:
        return
    source = DataSource(file, data)
    found: dict[TextChange, FileMutator] = {}
    for mutator in sorted(rewriting, key=lambda mutator: mutator.name):
        for rewritten in rewritings(source, mutator):
            if rewritten not in found and source.accepts(rewritten):
                found[rewritten] = mutator
    for rewritten, mutator in sorted(found.items(), key=lambda item: item[0]):
        edit = source.edit(rewritten)
        first, last = source.lines(rewritten)
        before, after = source.shown(rewritten)
        yield Mutant(
            id=_identity(edit, mutator, data[edit.start : edit.end]),
            mutator=mutator.name,
            family=mutator.family,
            edit=edit,
            line=first,
            end_line=last,
            function=None,
            before=before,
            after=after,
        )


def rewritings(source: DataSource, mutator: FileMutator) -> list[TextChange]:
    """What a mutator makes of a settings or data file. Raises MutatorFails."""
    rewrite = partial(mutator.rewrite, source.file, source.text)
    found = _listed(mutator, rewrite, lambda: source.file)
    for one in found:
        if not isinstance(one, TextChange):
            raise MutatorFails(
                mutator, f"yields {type(one).__name__} at {source.file}, no TextChange"
            )
    return found


def _changes(module: Source, context: Context, mutator: Mutator) -> Iterator[Change]:
    for faulty in faulty_nodes(module, context, mutator):
        found = placed(module, context, mutator, faulty)
        if found is not None:
            yield found


def faulty_nodes(module: Source, context: Context, mutator: Mutator) -> Sequence[Faulty]:
    """What a mutator yields for one node. Raises MutatorFails."""
    mutate = partial(mutator.mutate, context.node, context)
    return _listed(mutator, mutate, lambda: _place(module, context))


def placed(module: Source, context: Context, mutator: Mutator, faulty: Faulty) -> Change | None:
    """The change that a faulty node stands for; None where it can't be made.

    Raises MutatorFails for what is no node, or none that can stand there.
    """
    if not isinstance(faulty, (cst.CSTNode, cst.RemovalSentinel, cst.FlattenSentinel)):
        at = f"at {_place(module, context)}"
        raise MutatorFails(mutator, f"yields {type(faulty).__name__}, no syntax node, {at}")
    try:
        return change(module, context, faulty)
    except Exception as error:  # libcst refuses what can't stand there, each kind in its own way
        old, new = type(context.node).__name__, type(faulty).__name__
        why = f"yields {new} at {_place(module, context)} in the place of {old}: {_said(error)}"
        raise MutatorFails(mutator, why) from error


def _listed(
    mutator: Mutator, call: Callable[[], Iterator[_T]], place: Callable[[], str]
) -> list[_T]:
    """What a mutator yields. Raises MutatorFails with the place where it fails or has no end."""
    try:
        faulty: Iterator[_T] | None = call()
        if faulty is None:
            raise TypeError("it returns None: it has to `yield`")
        found = list(itertools.islice(faulty, PATIENCE + 1))
    except (Exception, SystemExit) as error:  # a mutator may be anybody's code
        why = f"fails at {place()}: {type(error).__name__}: {_said(error)}"
        raise MutatorFails(mutator, why, error) from error
    if len(found) > PATIENCE:
        raise MutatorFails(mutator, f"does not come to an end at {place()}")
    return found


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())


def _place(module: Source, context: Context) -> str:
    return f"{module.file}:{module.line_of(module.first_token(context))}"


def _mutant(module: Source, mutator: Mutator, context: Context, change: Change) -> Mutant:
    start, end = module.span(change.start, change.end)
    edit = Edit(module.file, start, end, _replacement(module, change))
    first, last = _changed_lines(module, change)
    before, after = _shown(module, context, change)
    return Mutant(
        id=_identity(edit, mutator, module.data[start:end]),
        mutator=mutator.name,
        family=mutator.family,
        edit=edit,
        line=first,
        end_line=last,
        function=context.function,
        before=before,
        after=after,
    )


def _replacement(module: Source, change: Change) -> str:
    """The new text, without the line end that a file lacked and reading added."""
    added = len(module.text) - module.length
    return change.text[:-added] if added and change.end > module.length else change.text


def _identity(edit: Edit, mutator: Mutator, clean: bytes) -> str:
    parts = (edit.file, str(edit.start), str(edit.end), mutator.name)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape"))
    digest.update(b"\0" + clean + b"\0" + edit.replacement.encode())
    return digest.hexdigest()[:16]


def _changed_lines(module: Source, change: Change) -> tuple[int, int]:
    first = module.line_of(change.start)
    if not change.text and change.end > change.start and _is_line_start(module, change.start):
        first = max(first, module.line_of(_skip_trivia(module, change)))
    return first, max(first, module.line_of(max(change.end - 1, change.start)))


def _is_line_start(module: Source, offset: int) -> bool:
    return module.line_start(offset) == offset


def _skip_trivia(module: Source, change: Change) -> int:
    """The first line of code among removed lines, behind comments and blank lines."""
    at = change.start
    while at < change.end:
        line = module.text[at : module.line_end(at)].strip()
        if line and not line.startswith("#"):
            return at
        at = module.line_end(at)
    return change.start


def _shown(module: Source, context: Context, change: Change) -> tuple[str, str]:
    start, end = _shown_span(module, context, change)
    text = module.text
    after = text[start : change.start] + change.text + text[change.end : end]
    return _readable(text[start:end]), _readable(after)


def _shown_span(module: Source, context: Context, change: Change) -> tuple[int, int]:
    start = module.line_start(change.start)
    whole = not change.text and start == change.start and _is_line_start(module, change.end)
    if whole and change.end > change.start:
        return change.start, change.end
    end = module.line_end(max(change.end - 1, change.start))
    around = statement_span(module, context, change.start, change.end)
    lines = module.line_of(max(around[1] - 1, 0)) - module.line_of(around[0]) + 1
    if lines <= SHOWN_LINES:
        return around[0], module.line_end(max(around[1] - 1, 0))
    return start, end


def _readable(text: str) -> str:
    lines = textwrap.dedent(text.replace("\r\n", "\n").replace("\r", "\n"))
    return lines.strip("\n")
