"""Taking a node out of the text, with the lines, commas and comments that are its alone."""

from __future__ import annotations

from bisect import bisect_left

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.source import Source, is_elif

Removal = tuple[int, int, str]
"""Characters `start` to `end` become the text, which is mostly empty."""

BRANCHES = (cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase, cst.Else, cst.Finally)
STATEMENTS = (cst.SimpleStatementLine, cst.BaseCompoundStatement)


def removal(source: Source, context: Context) -> Removal | None:
    """How to remove a node: a statement or branch by its lines, an item with its comma.

    None where the grammar needs the node, or where it is no such node.
    """
    node = context.node
    if isinstance(node, cst.BaseSmallStatement):
        return _small_statement(source, context)
    if isinstance(node, STATEMENTS) and not is_elif(context) and _is_alone(context):
        return source.first_token(context), _code_end(source, context), "pass"
    if isinstance(node, (*STATEMENTS, *BRANCHES, cst.Decorator)):
        return None if _is_needed(context) else _lines(source, context)
    if hasattr(node, "comma"):
        return _item(source, context)
    return None


def core_end(context: Context) -> int:
    """Where an item or small statement ends, its own comma or semicolon left out."""
    for child in context.children:
        if isinstance(child.node, (cst.Comma, cst.Semicolon)):
            return child.start
    return context.end


def _is_alone(context: Context) -> bool:
    return isinstance(context.parent, cst.IndentedBlock) and len(context.parent.body) == 1


def _is_needed(context: Context) -> bool:
    node, parent = context.node, context.parent
    if isinstance(parent, (cst.Try, cst.TryStar)):
        last = len(parent.handlers) == 1 and (not parent.finalbody or parent.orelse is not None)
        return last if not isinstance(node, (cst.Else, cst.Finally)) else not parent.handlers
    return isinstance(parent, cst.Match) and len(parent.cases) == 1


def _small_statement(source: Source, context: Context) -> Removal | None:
    line = context.outer
    if line is None:
        return None
    beside = [c for c in line.children if isinstance(c.node, cst.BaseSmallStatement)]
    index = beside.index(context)
    if index + 1 < len(beside):
        return context.start, beside[index + 1].start, ""
    if index:
        return core_end(beside[index - 1]), core_end(context), ""
    if isinstance(line.node, cst.SimpleStatementLine):
        return removal(source, line)
    return context.start, core_end(context), "pass"


def _code_end(source: Source, context: Context) -> int:
    return context.start + len(source.text[context.start : context.end].rstrip())


def _lines(source: Source, context: Context) -> Removal:
    """The lines of a statement or branch, its own comments, and blank lines nobody would leave."""
    first = source.first_token(context)
    start, end = source.line_start(first), _end(context)
    indent = first - start
    if _comment_is_its_own(source, context, indent, end):
        start = _upwards(source, start, context.start, "#")
    above, below = _line(source, start - 1), _line(source, end)
    if not above.strip() and start and (not below.strip() or _indent(below) < indent):
        start = _upwards(source, start, 0, "")
    elif not below.strip() and (start == 0 or _indent(above) < indent):
        end = _downwards(source, end)
    return start, end, ""


def _end(context: Context) -> int:
    if is_elif(context):
        branches = [c.start for c in context.children if isinstance(c.node, (cst.If, cst.Else))]
        return next(iter(branches), context.end)
    return context.end


def _comment_is_its_own(source: Source, context: Context, indent: int, end: int) -> bool:
    """Whether the comment above a statement heads that statement only, not those below it too."""
    if isinstance(context.node, cst.Decorator):
        return False
    below = _line(source, end)
    is_branch = is_elif(context) or isinstance(context.node, BRANCHES)
    alone = not below.strip() or below.lstrip().startswith("#") or _indent(below) != indent
    return is_branch or alone


def _line(source: Source, offset: int) -> str:
    """The line that holds `offset`; "" outside the text."""
    if not 0 <= offset < len(source.text):
        return ""
    return source.text[source.line_start(offset) : source.line_end(offset)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _upwards(source: Source, start: int, limit: int, mark: str) -> int:
    """Where the run of comments (`mark` "#") or blank lines (`mark` "") above `start` begins."""
    while start > limit:
        line = _line(source, start - 1).strip()
        if not (line.startswith(mark) if mark else not line):
            break
        start = source.line_start(start - 1)
    return start


def _downwards(source: Source, end: int) -> int:
    while end < len(source.text) and not _line(source, end).strip():
        end = source.line_end(end)
    return end


def _item(source: Source, context: Context) -> Removal | None:
    """An argument, element, parameter or the like, with one comma."""
    if context.outer is None:
        return None
    before, after = _neighbours(context, context.outer.children)
    if isinstance(context.parent, (cst.Set, cst.Tuple)) and not before and not after:
        return None
    if isinstance(context.parent, cst.Tuple) and len(context.parent.elements) == 2:
        return _one_of_two(source, context, before or after)
    if isinstance(context.node, cst.Arg) and not before and not after:
        return context.start - len(_space_before(source, context)), context.end, ""
    if _fills_lines(source, context):
        start = _upwards(source, source.line_start(context.start), 0, "#")
        return start, source.line_end(_item_end(context)), ""
    if after:
        return context.start, after.start, ""
    if before:
        return core_end(before), _item_end(context), ""
    return context.start, context.end, ""


def _item_end(context: Context) -> int:
    """Where an item ends, neither its comma nor the space before a closing bracket included."""
    parts = [c.end for c in context.children if not isinstance(c.node, cst.Comma)]
    return max(parts, default=core_end(context))


def _space_before(source: Source, context: Context) -> str:
    """The blanks and line ends between an opening bracket and its only item."""
    head = source.text[: context.start]
    return head[len(head.rstrip()) :]


def _neighbours(context: Context, children: list[Context]) -> tuple[Context | None, Context | None]:
    """The items before and after this one; found by place, a display may be long."""
    index = bisect_left(children, context.start, key=lambda child: child.start)
    index = next(i for i in range(index, len(children)) if children[i] is context)
    before = children[index - 1] if index else None
    after = children[index + 1] if index + 1 < len(children) else None
    return _if_item(before), _if_item(after)


def _if_item(context: Context | None) -> Context | None:
    return context if context and hasattr(context.node, "comma") else None


def _one_of_two(source: Source, context: Context, kept: Context | None) -> Removal | None:
    """A pair stays a tuple: one item and a comma."""
    if kept is None:
        return None
    first, second = sorted((context, kept), key=lambda item: item.start)
    text = source.text[kept.start : core_end(kept)] + ","
    end = next((c.end for c in second.children if isinstance(c.node, cst.Comma)), second.end)
    end = second.start + len(source.text[second.start : end].rstrip())
    return first.start, end, text


def _fills_lines(source: Source, context: Context) -> bool:
    """Whether an item begins and ends its lines, so that they can go as a whole."""
    end = _item_end(context)
    above = source.text[source.line_start(context.start) : context.start]
    below = source.text[end : source.line_end(end)].lstrip(", \t").rstrip()
    return not above.strip() and (not below or below.startswith("#"))
