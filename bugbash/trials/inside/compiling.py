"""The functions of a clean source file, and their code compiled without the rest of the module."""

from __future__ import annotations
import __future__

import ast
import contextlib
import re
import types
import warnings
from typing import Any

_INTERNED = re.compile(r"\w*", re.ASCII)
"""The strings that the compiler makes one object of in all modules."""


class OuterFunction:
    """A function that stands in a module or class body, and where its body lies in the file."""

    def __init__(self, node: Any, opens: list[tuple[int, int, str]], starts: list[int]) -> None:
        self.name = node.name
        self.first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        self.last = node.end_lineno
        self.indent = node.col_offset
        self.documented = ast.get_docstring(node, clean=False)
        body = node.body[0]
        decorators = getattr(body, "decorator_list", [])
        line = min([body.lineno, *(each.lineno for each in decorators)])
        self.body_start = starts[line] + (body.col_offset if line == body.lineno else 0)
        self.edit_start = self.body_start
        """Where an edit may begin: the indentation of the first statement is the body's."""
        self.span_start = starts[self.first]
        self.span_end = starts[node.end_lineno] + node.end_col_offset
        self.line_end = starts[node.end_lineno + 1]
        self.opens = opens


def outer_functions(source: bytes) -> list[OuterFunction]:
    """The functions of a module in source order, with the class and block heads around each."""
    starts = [0, 0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[OuterFunction] = []
    _collect(ast.parse(source), [], starts, found)
    for function in found:
        begin = source.rfind(b"\n", 0, function.body_start) + 1
        if begin > function.span_start and not source[begin : function.body_start].strip():
            function.edit_start = begin
        rest = source[function.span_end : function.line_end].strip()
        if not rest or rest.startswith(b"#"):
            function.span_end = function.line_end
    return found


def _collect(node: Any, opens: list[tuple[int, int, str]], starts: list[int], found: Any) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append(OuterFunction(child, opens, starts))
        elif isinstance(child, ast.match_case):  # it has no line of its own
            _collect(child, opens, starts, found)
        elif isinstance(child, (ast.stmt, ast.excepthandler)):
            head = f"class {child.name}:" if isinstance(child, ast.ClassDef) else "if 1:"
            _collect(child, [*opens, (child.lineno, child.col_offset, head)], starts, found)


def future_flags(source: bytes) -> int:
    """The compiler flags of the `from __future__` imports of a module."""
    flags = 0
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(__future__, alias.name).compiler_flag
    return flags


def imported_names(source: bytes) -> tuple[str, ...]:
    """The names that imports bind in a module: calls of their attributes compile differently."""
    found: set[str] = set()
    stack: list[ast.AST] = [ast.parse(source)]
    while stack:
        for child in ast.iter_child_nodes(stack.pop()):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                bound = (alias.asname or alias.name.partition(".")[0] for alias in child.names)
                found.update(name for name in bound if name != "*")
            elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                stack.append(child)
    return tuple(sorted(found))


def compile_alone(
    function: OuterFunction, text: bytes, path: str, flags: int, imports: tuple[str, ...]
) -> types.CodeType | None:
    """The code object of one function, compiled without the rest of its module.

    `text` is the function's source from its first decorator on. None where it has a syntax that
    does not stand alone, or makes the compiler warn.
    """
    lines: list[bytes] = [b""] * (function.first - 1)
    for line, column, head in function.opens:
        if line >= function.first or (line > 1 and lines[line - 1]):
            return None
        lines[line - 1] = b" " * column + head.encode()
    if imports:
        if function.first == 1 or lines[0]:
            return None
        lines[0] = f"import {', '.join(imports)}".encode()
    whole = b"\n".join([*lines, text]) + b"\n"
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            module = compile(whole, path, "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    found = None if told else _find(module, function.name, function.first)
    if found is None or _docstring(whole, function) != function.documented:
        return None
    return found


def _docstring(module: bytes, function: OuterFunction) -> str | None:
    """What `__doc__` would be: a live function keeps the one that it was made with."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if (node.name, first) == (function.name, function.first):
                return ast.get_docstring(node, clean=False)
    return None


def compiles(source: bytes, path: str) -> bool:
    """Whether a module can be imported without a word of the compiler."""
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return not told


def _find(code: types.CodeType, name: str, first: int) -> types.CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_name == name and constant.co_firstlineno == first:
                return constant
            found = _find(constant, name, first)
            if found is not None:
                return found
    return None


class Defaults:
    """The defaults of a function's parameters, as its text says them, and the rest of it."""

    def __init__(self, node: Any) -> None:
        by_name = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        self.by_place: list[ast.expr] = node.args.defaults
        self.by_name: dict[str, ast.expr] = {arg.arg: d for arg, d in by_name if d is not None}
        node.args.defaults, node.args.kw_defaults = [], []
        self.rest = (ast.dump(node), len(self.by_place), sorted(self.by_name))


def parsed_alone(text: bytes) -> Any:
    """The syntax tree of a function alone, whose text begins with its first decorator or `def`;
    that stands in line 2. None where it does not parse."""
    try:
        if text[:1] in (b" ", b"\t"):
            block: Any = ast.parse(b"if 1:\n" + text).body[0]
            return block.body[0]
        return ast.parse(b"\n" + text).body[0]
    except (SyntaxError, ValueError):
        return None


def defaults_of(text: bytes) -> Defaults | None:
    """Those of a function alone."""
    node = parsed_alone(text)
    try:
        return None if node is None else Defaults(node)
    except ValueError:
        return None


def other_default(file: CleanFile, live: Any, clean: ast.expr, new: ast.expr) -> Any:
    """What a default becomes: the live one where the text is the same, else the new literal.

    Raises ValueError where one of them is no literal, where the live one is not the clean one, or
    where the module has the new constant already: the compiler would make them one object.
    """
    if ast.dump(clean) == ast.dump(new):
        return live
    was = _made_by_compiler(clean)
    if type(was) is not type(live) or repr(was) != repr(live):
        raise ValueError
    if any(isinstance(each, ast.Call) for each in ast.walk(new)):
        raise ValueError
    made = _made_by_compiler(new)
    parts = [each.value for each in ast.walk(new) if isinstance(each, ast.Constant)]
    if any(not _is_one(each) and repr(each) in file.constants() for each in (made, *parts)):
        raise ValueError
    return made


def _made_by_compiler(node: ast.expr) -> Any:
    """The value of a literal as a module has it, the order of a set with it; raises ValueError
    where it is none."""
    ast.literal_eval(node)
    return eval(compile(ast.Expression(node), "", "eval", dont_inherit=True))


def _is_one(value: Any) -> bool:
    """Whether a literal is the same object in all modules."""
    if type(value) is str:
        return _INTERNED.fullmatch(value) is not None
    return value is None or type(value) is bool or (type(value) is int and -5 <= value <= 256)


class CleanFile:
    """A clean source file and what has to be known to compile a part of it."""

    def __init__(self, source: bytes) -> None:
        marked = source.startswith(b"\xef\xbb\xbf")
        self.source = source
        self.functions = [] if marked else outer_functions(source)
        self.flags = future_flags(source)
        self.imports = imported_names(source)
        self._constants: set[str] | None = None

    def around(self, start: int, end: int) -> OuterFunction | None:
        """The function in whose body these bytes lie."""
        inside = (f for f in self.functions if f.edit_start <= start and end <= f.span_end)
        return next(inside, None)

    def headed(self, start: int, end: int) -> OuterFunction | None:
        """The function in whose head these bytes lie."""
        heads = (f for f in self.functions if f.span_start <= start and end <= f.body_start)
        return next(heads, None)

    def text(self, function: OuterFunction) -> bytes:
        """Its source from its first decorator on."""
        return self.source[function.span_start : function.span_end]

    def changed(self, function: OuterFunction, start: int, end: int, replacement: bytes) -> bytes:
        """The same after an edit of these bytes of the file."""
        before = self.source[function.span_start : start]
        return before + replacement + self.source[end : function.span_end]

    def compiled(self, function: OuterFunction, text: bytes, path: str) -> types.CodeType | None:
        """What `compile_alone` makes of a text of one of its functions."""
        return compile_alone(function, text, path, self.flags, self.imports)

    def constants(self) -> set[str]:
        """The text of every literal of the file that the compiler could share."""
        if self._constants is None:
            shared = (ast.Constant, ast.Tuple, ast.UnaryOp)
            nodes = [each for each in ast.walk(ast.parse(self.source)) if isinstance(each, shared)]
            self._constants = set()
            for node in nodes:
                with contextlib.suppress(ValueError, TypeError):
                    self._constants.add(repr(ast.literal_eval(node)))
        return self._constants
