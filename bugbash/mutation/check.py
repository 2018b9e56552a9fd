"""Whether a change parses and makes another syntax tree, seen on the statement around it alone."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from bugbash.mutation.change import Change
from bugbash.mutation.context import Context
from bugbash.mutation.removal import BRANCHES, STATEMENTS
from bugbash.mutation.source import Source, is_elif
from bugbash.syntax import parse

LONG = 4000
"""Characters from which on a statement is not parsed again for every change inside it."""


class Unit(NamedTuple):
    """A part of a module that parses on its own between `prefix` and `suffix`."""

    start: int
    end: int
    prefix: str
    suffix: str

    def tree(self, text: str) -> str | None:
        """The syntax tree of `text` in the place of the unit; None where it does not parse."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.dump(parse(self.prefix + text + self.suffix))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class Checker:
    """Checks the changes of one module; remembers the trees of the clean code."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._clean: dict[Unit, str | None] = {}

    def accepts(self, context: Context, change: Change) -> bool:
        """Whether the module still parses after `change` and means something else."""
        if _drops_lines(self.source, context, change) or _drops_item(context, change):
            return True
        text = self.source.text
        for unit in _units(self.source, context, change):
            clean = self._tree(unit)
            if clean is None:
                continue
            head, rest = text[unit.start : change.start], text[change.end : unit.end]
            faulty = unit.tree(head + change.text + rest)
            return faulty is not None and faulty != clean
        return False

    def _tree(self, unit: Unit) -> str | None:
        if unit not in self._clean:
            self._clean[unit] = unit.tree(self.source.text[unit.start : unit.end])
        return self._clean[unit]


def _drops_lines(source: Source, context: Context, change: Change) -> bool:
    """Whether a statement or branch goes with its lines: `removal` saw that others are left."""
    kinds = (cst.BaseSmallStatement, *STATEMENTS, *BRANCHES)
    if change.text or not isinstance(context.node, kinds):
        return False
    return change.start <= source.first_token(context) < change.end


def _drops_item(context: Context, change: Change) -> bool:
    """Whether an item of a long display goes: sure to parse, and dear to parse again."""
    if not isinstance(context.node, (cst.BaseElement, cst.BaseDictElement)):
        return False
    covers = not change.text and change.start <= context.start < change.end
    return covers and not isinstance(context.parent, cst.Tuple) and _is_long(context)


def statement_span(source: Source, context: Context, start: int, end: int) -> tuple[int, int]:
    """The whole lines of the innermost statement, or header of one, that holds an edit."""
    for around in context.chain:
        for unit in _statement_units(source, around):
            if unit.start <= start and end <= unit.end:
                first = source.line_start(source.first_token(around))
                return first if first <= start else unit.start, unit.end
    return 0, len(source.text)


def _units(source: Source, context: Context, change: Change) -> Iterator[Unit]:
    """The parts of the module that hold the change, the smallest first."""
    for around in context.chain:
        for unit in (*_expression_units(around), *_statement_units(source, around)):
            if unit.start <= change.start and change.end <= unit.end:
                yield unit
    yield Unit(0, len(source.text), "", "")


def _expression_units(context: Context) -> Iterator[Unit]:
    """An expression inside a long statement: cheaper to parse than all of it."""
    node = context.node
    if isinstance(node, cst.BaseExpression) and _is_long(context) and _stands_alone(context):
        yield Unit(context.start, context.end, "(", "\n)")


def _is_long(context: Context) -> bool:
    statement = context.statement
    return statement.end - statement.start > LONG


def _stands_alone(context: Context) -> bool:
    """Whether an expression means the same between brackets: no part of an f-string or target."""
    inside = (cst.FormattedString, cst.FormattedStringExpression, cst.ConcatenatedString)
    target = isinstance(context.parent, (cst.AssignTarget, cst.Param, cst.Arg, cst.Attribute))
    return not target and not any(isinstance(node, inside) for node in context.ancestors)


def _statement_units(source: Source, context: Context) -> Iterator[Unit]:
    node = context.node
    if isinstance(node, cst.SimpleStatementLine):
        yield _unit(source, context, context.end, "")
    elif isinstance(node, (cst.BaseCompoundStatement, cst.ExceptHandler, cst.MatchCase)):
        header = _header_end(context)
        if header:
            suffix = "\n case _: pass\n" if isinstance(node, cst.Match) else " pass\n"
            yield _unit(source, context, header, suffix)
        if not is_elif(context) and isinstance(node, cst.BaseCompoundStatement):
            yield _unit(source, context, context.end, "")


def _header_end(context: Context) -> int | None:
    bodies = (cst.IndentedBlock, cst.SimpleStatementSuite)
    if isinstance(context.node, cst.Match):
        return None
    return next((c.start for c in context.children if isinstance(c.node, bodies)), None)


def _unit(source: Source, context: Context, end: int, suffix: str) -> Unit:
    first = source.first_token(context)
    indent = source.text[source.line_start(first) : first]
    prefix = "if 1:\n" if indent else ""
    if isinstance(context.node, cst.ExceptHandler):
        prefix += f"{indent}try: pass\n"
    elif isinstance(context.node, cst.MatchCase):
        prefix = "match _:\n"
    elif is_elif(context):
        prefix += f"{indent}if 1: pass\n"
    return Unit(context.start, end, prefix, suffix)
