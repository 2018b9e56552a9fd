"""Which lines of the clean code are reached before anybody can notice a change of a function.

A run that executes none of them does the same in the clean and in the broken program. The two
syntax trees are compared statement by statement, since the text alone misleads: `elif` made `if`
is reached by those who took the branch before it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from types import CodeType

from bugbash.syntax import parse

_Function = tuple[int, int, int]
"""The first byte of its first line, the byte after its last line, its first line."""


def affected_lines(source: bytes, start: int, end: int, replacement: bytes) -> tuple[range, ...]:
    """The lines (from 1) of the statements of a module that an edit of its bytes changes.

    Where the edit lies in no function, or what it leaves does not parse, all lines.
    """
    return _compared(source, start, end, replacement)[0]


def changes_defaults(source: bytes, start: int, end: int, replacement: bytes) -> bool:
    """Whether an edit changes nothing but defaults of the parameters of an outermost function."""
    return _compared(source, start, end, replacement)[1]


@lru_cache(maxsize=256)
def _compared(
    source: bytes, start: int, end: int, replacement: bytes
) -> tuple[tuple[range, ...], bool]:
    """The lines that an edit changes, and whether it changes nothing but defaults."""
    lines = source.count(b"\n") + 1
    everything = (range(1, lines + 1),), False
    try:
        function = _outer_function(source, start, end)
        if function is None:
            return everything
        first, last, line = function
        clean = source[first:last]
        broken = source[first:start] + replacement + source[end:last]
        ours, theirs = _body(clean), _body(broken)
        if _lazy(ours) != _lazy(theirs):
            return everything  # who merely calls it notices
        whole = (range(line, line + len(clean.splitlines())),)
        if _only_defaults(ours, theirs):
            return whole, True
        if _bound(ours) != _bound(theirs):
            return whole, False
        found = _blocks(ours, theirs)
    except (SyntaxError, ValueError):
        return everything
    shift = line - 2  # a line stands above it
    changed = tuple(range(r.start + shift, r.stop + shift) for r in found)
    return (changed, False) if changed else everything


@lru_cache(maxsize=64)
def traced_lines(source: bytes) -> frozenset[int]:
    """The lines that a tracer is told of whenever they run.

    Not those that the compiler leaves out, nor the heads of loops: of `while True` it may be told
    only when the loop begins again.
    """
    found: set[int] = set()
    try:
        tree = parse(source)
        codes = [compile(tree, "", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError):
        return frozenset()
    while codes:
        code = codes.pop()
        found |= {line for _, _, line in code.co_lines() if line is not None}
        codes += [each for each in code.co_consts if isinstance(each, CodeType)]
    loops = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.While)}
    return frozenset(found - loops)


def _only_defaults(clean: Sequence[ast.stmt], broken: Sequence[ast.stmt]) -> bool:
    if len(clean) != 1 or len(broken) != 1 or _same(clean[0], broken[0]):
        return False
    return _without_defaults(clean[0]) == _without_defaults(broken[0])


def _without_defaults(node: ast.stmt) -> str:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ast.dump(node)
    given = node.args
    bare = ast.arguments(
        given.posonlyargs, given.args, given.vararg, given.kwonlyargs, [], given.kwarg, []
    )
    parts = {name: value for name, value in ast.iter_fields(node) if name != "args"}
    count = (len(given.defaults), [each is None for each in given.kw_defaults])
    return ast.dump(type(node)(args=bare, **parts)) + repr(count)


def function_lines(source: bytes, start: int, end: int) -> range:
    """The lines of the outermost function around some bytes; all lines where there is none."""
    try:
        function = _outer_function(source, start, end)
    except SyntaxError:
        function = None
    if function is None:
        return range(1, source.count(b"\n") + 2)
    first, last, line = function
    return range(line, line + len(source[first:last].splitlines()))


def _body(function: bytes) -> list[ast.stmt]:
    """The function as the only statement of a block, one line further down."""
    if function[:1] not in (b" ", b"\t"):
        return parse(b"\n" + function).body
    block = parse(b"if 1:\n" + function).body[0]
    assert isinstance(block, ast.If)
    return block.body


_Scopes = set[tuple[tuple[str, ...], str]]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _lazy(nodes: Sequence[ast.AST], scope: tuple[str, ...] = ()) -> _Scopes:
    """Generators and coroutines by name: calling one executes no line of it."""
    found: _Scopes = set()
    for node in nodes:
        inner = scope
        if isinstance(node, _FUNCTIONS):
            inner = (*scope, getattr(node, "name", "lambda"))
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            found.add((scope, "yield"))
        elif isinstance(node, ast.AsyncFunctionDef):
            found.add((inner, "async"))
        found |= _lazy(list(ast.iter_child_nodes(node)), inner)
    return found


def _bound(nodes: Sequence[ast.AST], scope: tuple[str, ...] = ()) -> _Scopes:
    """The names that each scope binds: they are its own in every statement of it."""
    found: _Scopes = set()
    for node in nodes:
        inner = scope
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            name = getattr(node, "name", "lambda")
            found.add((scope, name))
            inner = (*scope, name)
        elif isinstance(node, _COMPREHENSIONS):
            inner = (*scope, "comprehension")
        found |= {(scope, name) for name in _names(node)}
        found |= _bound(list(ast.iter_child_nodes(node)), inner)
    return found


def _names(node: ast.AST) -> list[str]:
    """The names that a node itself binds, or declares to be another scope's."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.Global | ast.Nonlocal):
        return [f"{type(node).__name__} {name}" for name in node.names]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).partition(".")[0]]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return [node.name] if node.name else []
    if isinstance(node, ast.MatchMapping):
        return [node.rest] if node.rest else []
    return [node.arg] if isinstance(node, ast.arg) else []


def _outer_function(source: bytes, start: int, end: int) -> _Function | None:
    for function in _functions(source):
        if function[0] <= start and end <= function[1]:
            return function
    return None


@lru_cache(maxsize=64)
def _functions(source: bytes) -> tuple[_Function, ...]:
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found: list[_Function] = []
    stack: list[ast.AST] = [parse(source)]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found.append((offsets[first - 1], offsets[node.end_lineno or first], first))
        else:
            stack.extend(ast.iter_child_nodes(node))
    return tuple(sorted(found))


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def _all_same(some: Sequence[ast.AST], others: Sequence[ast.AST]) -> bool:
    return len(some) == len(others) and all(map(_same, some, others))


def _blocks(clean: Sequence[ast.stmt], broken: Sequence[ast.stmt]) -> list[range]:
    """The lines of the statements of a block that differ; an insertion counts at its neighbours."""
    head = 0
    while head < min(len(clean), len(broken)) and _same(clean[head], broken[head]):
        head += 1
    tail = 0
    while tail < min(len(clean), len(broken)) - head and _same(clean[~tail], broken[~tail]):
        tail += 1
    ours, theirs = clean[head : len(clean) - tail], broken[head : len(broken) - tail]
    if len(ours) == 1 and isinstance(ours[0], ast.Try):
        handler = _handler(ours[0], theirs)
        if handler is not None:
            return [_head_lines(handler)]
    if len(ours) == len(theirs) == 1:
        return _statement(ours[0], theirs[0])
    if not ours and theirs:
        ours = clean[max(0, head - 1) : head + 1]
    return [_span(node) for node in ours]


def _handler(clean: ast.Try, broken: Sequence[ast.stmt]) -> ast.ExceptHandler | None:
    """The handler at which an error has to arrive before anybody notices, if there is one.

    Its class is another one, it is gone, or it was the first of a `try` that is gone.
    """
    if not clean.finalbody and _all_same([*clean.body, *clean.orelse], broken):
        return clean.handlers[0]
    if len(broken) != 1 or not isinstance(other := broken[0], ast.Try):
        return None
    if not all(
        _all_same(getattr(clean, name), getattr(other, name))
        for name in ("body", "orelse", "finalbody")
    ):
        return None
    ours, theirs = clean.handlers, other.handlers
    differ = next(
        (
            at
            for at, (one, two) in enumerate(zip(ours, theirs, strict=False))
            if not _same(one, two)
        ),
        min(len(ours), len(theirs)),
    )
    if differ < len(ours) and _all_same(ours[differ + 1 :], theirs[differ:]):
        return ours[differ]
    if differ == len(theirs) or not _all_same(ours[differ + 1 :], theirs[differ + 1 :]):
        return None
    one, two = ours[differ], theirs[differ]
    named = one.name == two.name and one.type is not None and two.type is not None
    return one if named and _all_same(one.body, two.body) else None


def _statement(clean: ast.stmt, broken: ast.stmt) -> list[range]:
    """The lines of one statement that differs from the one in its place."""
    blocks = [name for name, value in ast.iter_fields(clean) if _is_block(value)]
    if type(clean) is not type(broken) or not blocks:
        return [_span(clean)]
    if _head(clean, blocks) != _head(broken, blocks):
        head = _head_lines(clean)
        return [head if _same_blocks(clean, broken, blocks) else _span(clean)]
    found: list[range] = []
    for name in blocks:
        ours, theirs = getattr(clean, name), getattr(broken, name)
        if _all_same(ours, theirs):
            continue
        if not ours or not theirs or not isinstance(ours[0], ast.stmt):
            return [_span(clean)]
        found += _blocks(ours, theirs)
    return found or [_span(clean)]


def _same_blocks(clean: ast.stmt, broken: ast.stmt, blocks: list[str]) -> bool:
    return all(_all_same(getattr(clean, name), getattr(broken, name)) for name in blocks)


def _is_block(value: object) -> bool:
    kinds = (ast.stmt, ast.excepthandler, ast.match_case)
    return isinstance(value, list) and (not value or isinstance(value[0], kinds))


def _head(node: ast.stmt, blocks: list[str]) -> list[str]:
    """A compound statement without its blocks, as text."""
    return [
        ast.dump(value) if isinstance(value, ast.AST) else repr(_dumped(value))
        for name, value in ast.iter_fields(node)
        if name not in blocks
    ]


def _dumped(value: object) -> object:
    if isinstance(value, list):
        return [ast.dump(item) if isinstance(item, ast.AST) else item for item in value]
    return value


def _head_lines(node: ast.stmt | ast.ExceptHandler) -> range:
    body: list[ast.stmt] = getattr(node, "body", [])
    first = _first(node)
    if body and _first(body[0]) > first:
        return range(first, _first(body[0]))
    return _span(node)


def _span(node: ast.stmt | ast.ExceptHandler) -> range:
    return range(_first(node), (node.end_lineno or node.lineno) + 1)


def _first(node: ast.stmt | ast.ExceptHandler) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
