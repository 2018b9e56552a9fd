"""Small programs made by chance, edits of them, and what a run of one does."""

from __future__ import annotations

import ast
import contextlib
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from types import FrameType
from typing import Any

HEAD = """\
import contextlib
a = 10
log = []
def f(x, y):
"""
NAMES = ("a", "b", "x", "y")
ERRORS = ("ValueError", "NameError", "TypeError", "Exception")
ATOMS = ("0", "1", "2", "a", "b", "x", "y", "len(log)")
EXPRESSIONS = (
    "({0} + {1})", "({0} - {1})", "({0} < {1})", "({0} and {1})", "({0}\n  or {1})",
    "[b for b in range({0})]", "(lambda b: b + {0})({1})", "({0} if x else {1})", "1 // {0}",
    "[b := {0}]",
)  # fmt: skip
SIMPLE = (
    "{name} = {one}", "log.append({one})", "{name} += {one}", "return {one}", "pass", "break",
    "continue", "raise ValueError", "assert {one}", "del {name}", "global a", "...",
    "log.append(\n{one}\n)", "import os as b", "yield {one}", "{name}: int",
)  # fmt: skip
COMPOUND = (
    "if {one}:\n{A}", "if {one}:\n{A}\nelse:\n{B}", "if {one}:\n{A}\nelif {two}:\n{B}",
    "if {one}:\n{A}\nelif {two}:\n{B}\nelse:\n{C}", "for {name} in range({two}):\n{A}",
    "for {name} in [1, 2]:\n{A}\nelse:\n{B}", "while {one}:\n{A}", "while True:\n{A}",
    "try:\n{A}\nexcept {error}:\n{B}", "try:\n{A}\nexcept {error}:\n{B}\nelse:\n{C}",
    "try:\n{A}\nfinally:\n{B}", "with contextlib.suppress({error}):\n{A}",
    "match {one}:\n case 0:\n{AA}\n case _:\n{BB}", "match [{one}, {two}]:\n case [b, 1]:\n{AA}",
    "def b({name}={one}):\n{A}", "try:\n{A}\nexcept {error} as b:\n{B}", "class C:\n{A}",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What programs are made of."""

    head: str = HEAD
    atoms: tuple[str, ...] = ATOMS
    expressions: tuple[str, ...] = EXPRESSIONS


PLAIN = Words()
OBJECTS = Words(
    """\
import contextlib
a = 10
log = []
class T:
    kind = None
    def __init__(self, v): self.v = v
    @property
    def pure(self):
        if self.v is None: return "none"
        return self.v
    @property
    def loud(self): log.append("loud"); return self.v
    def __eq__(self, other): log.append("eq"); return self.v == other
    def __bool__(self): log.append("bool"); return bool(self.v)
    def same(self, n, m=0):
        if isinstance(n, str): n = n.strip()
        return n
class U:
    def __init__(self, w): self.w = w
    def __getattr__(self, name): log.append(name); return 1
def loud(n): log.append(n); return n
t, u = T(None), U(T(2))
def f(x, y):
""",
    ("0", "1", "2", "a", "b", "x", "y", "log", "t.v", "t.pure", "t.loud", "t.kind", "u.w", "u.z",
     "u.w.v", "t", "None", "True", "''", "'ab'", "' ab'", "b'ab'", "0.0", "-0.0", "300", "(1, 2)",
     "float('nan')", "f"),
    ("t.same({0})", "t.same({0}, m={1})", "loud({0})", "({0} == {1})", "({0} is {1})",
     "({0} is None)", "({0} in {1})", "(not {0})", "({0} and {1})", "({0} or {1})", "str({0})",
     "f'{{{0}}}{{{1}!r}}'", "len({0})", "isinstance({0}, (int, str))", "({0}, {1})", "[{0}, {1}]",
     "'ab'.strip({0})", "' a'.replace({0}, {1})", "'ab'[{0}]", "[1, 2][{0}:]", "(2, 300)[{0}]",
     "({0}\n if {1} else {0})", "({0} + {1})", "({0} - 0)", "max({0}, {1})", "{{{0}: {1}}}",
     "list({0})", "{0}.strip()", "'é'.encode('ascii', {0})", "[b for b in [{0}]]"),
)  # fmt: skip
"""Values of every kind, and code that is noticed when it runs."""


def expression(chance: Random, deep: int = 1, words: Words = PLAIN) -> str:
    if deep == 0 or chance.random() < 0.5:
        return chance.choice(words.atoms)
    form = chance.choice(words.expressions)
    return form.format(expression(chance, 0, words), expression(chance, 0, words))


def indented(text: str, by: int = 1) -> str:
    return "\n".join(" " * by + line for line in text.split("\n"))


def statement(chance: Random, deep: int, words: Words = PLAIN) -> str:
    form = chance.choice(SIMPLE if deep == 0 or chance.random() < 0.5 else COMPOUND)
    parts = {key: block(chance, deep - 1, words) for key in "ABC"} if deep else {}
    return form.format(
        name=chance.choice(NAMES),
        one=expression(chance, 1, words),
        two=expression(chance, 0, words),
        error=chance.choice(ERRORS),
        **{key: indented(part) for key, part in parts.items()},
        **{key * 2: indented(part, 2) for key, part in parts.items()},
    )


def block(chance: Random, deep: int, words: Words = PLAIN) -> str:
    return "\n".join(statement(chance, deep, words) for _ in range(chance.randint(1, 3)))


@dataclass(frozen=True)
class Program:
    """A module with one function, and an edit of it."""

    source: bytes
    start: int
    end: int
    replacement: bytes

    @property
    def broken(self) -> bytes:
        return self.source[: self.start] + self.replacement + self.source[self.end :]


def program_of(chance: Random, words: Words = PLAIN) -> Program | None:
    """A program and an edit of it; None where one of the two does not fit."""
    text = words.head + indented(block(chance, 2, words)) + "\n"
    if not fits(text.encode()):
        return None
    function = ast.parse(text).body[-1]
    nodes = [node for node in ast.walk(function) if node is not function and _has_place(node)]
    node: Any = chance.choice(nodes)
    offsets = [0]
    for line in text.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    start = offsets[node.lineno - 1] + node.col_offset
    end = offsets[node.end_lineno - 1] + node.end_col_offset
    old = text[start:end]
    if isinstance(node, ast.expr):
        new = expression(chance, 1, words)
    else:
        new = _other(chance, old, node.col_offset, words)
    made = Program(text.encode(), start, end, new.encode())
    return made if new != old and fits(made.broken) else None


def _other(chance: Random, old: str, column: int, words: Words) -> str:
    """Another text for a statement that begins in this column."""
    other = indented(statement(chance, 1, words), column).lstrip()
    space = "\n" + " " * column
    return chance.choice(
        [
            other,
            "pass",
            f"{old}{space}{other}",
            f"{other}{space}{old}",
            old.replace("elif", "if"),
            old.replace("while", "if"),
            old.replace("else:", "if x:"),
            old.rpartition("\n")[0],
            "\n".join(line for line in old.split("\n") if chance.random() < 0.7),
        ]
    )


def _has_place(node: ast.AST) -> bool:
    return isinstance(node, (ast.expr, ast.stmt)) and hasattr(node, "end_lineno")


def fits(source: bytes) -> bool:
    """Whether a program parses, and no `finally` swallows what ends it."""
    try:
        compile(source, "program.py", "exec")
    except (SyntaxError, ValueError):
        return False
    lasts = [
        each for node in ast.walk(ast.parse(source)) for each in getattr(node, "finalbody", ())
    ]
    leaving = (ast.Continue, ast.Break, ast.Return)
    return not any(isinstance(node, leaving) for each in lasts for node in ast.walk(each))


class _Endless(BaseException):
    pass


def _end(number: int, frame: object) -> None:
    raise _Endless


def run(
    source: bytes, *arguments: Any, watch: Callable[[FrameType], None] = lambda frame: None
) -> tuple[tuple[Any, ...], set[int]]:
    """What a call of `f` does, and the lines that it executes; `watch` hears of each."""
    space: dict[str, Any] = {}
    exec(compile(source, "program.py", "exec"), space)
    lines: set[int] = set()
    left = 400

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != "program.py":
            return None
        if event == "line":
            lines.add(frame.f_lineno)
            watch(frame)
        left -= 1
        if left < 0:
            raise _Endless
        return trace

    # A tracer that raised is heard no more: a timer ends the loops that are entered after it.
    old = signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.3, 0.05)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        value = space["f"](*arguments)
        with contextlib.suppress(TypeError):
            value = list(value)
        told = "returns", _plain(value)
    except _Endless:
        told = "does not end", ""
    except Exception as error:
        told = "raises", type(error).__name__
    finally:
        sys.settrace(before)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)
    return (*told, [_plain(value) for value in space["log"]], _plain(space.get("a"))), lines


_SHOWN = int | str | float | bytes


def _plain(value: Any, deep: int = 4) -> str:
    """A value as text; objects of the program's own have an address."""
    if isinstance(value, list | tuple) and deep:
        return str([_plain(each, deep - 1) for each in value])
    return repr(value) if isinstance(value, _SHOWN | None) else type(value).__name__
