"""Reading a module: its syntax tree, where every node lies in the text, and lines."""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

import libcst as cst
from libcst._nodes.internal import CodegenState

from bugbash.errors import BugbashError
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import is_excluded, is_message

BOM = b"\xef\xbb\xbf"
NEWLINE = re.compile(r"\r\n|\r|\n")
TRIVIA = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Comment,
    cst.Newline,
    cst.LeftParen,
    cst.RightParen,
)


class UnreadableSource(BugbashError):
    """A source file that can't be mutated: it does not parse, or is not UTF-8."""


class Source:
    """A parsed module. Offsets count characters of `text`; `span` turns them into bytes."""

    def __init__(self, file: str, data: bytes) -> None:
        """Parse `data`, the content of `file`. Raises UnreadableSource."""
        self.file = file
        self.data = data
        text = _decode(file, data)
        self.length = len(text)
        self.module = _parse(file, text)
        newline = self.module.default_newline
        self.text = text if text.endswith(("\n", "\r")) or not text else text + newline
        if self.text != text:
            self.module = _parse(file, self.text)
        self.root = _record(file, self.module, self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    @cached_property
    def _line_bytes(self) -> list[int]:
        starts, at, total = self.line_starts, 0, len(BOM) if self.data.startswith(BOM) else 0
        found = []
        for start in starts:
            total += len(self.text[at:start].encode())
            found.append(total)
            at = start
        return found

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The byte offsets in the file of two offsets in `text`."""
        return self._byte(start), self._byte(end)

    def _byte(self, offset: int) -> int:
        offset = min(offset, self.length)
        line = bisect_right(self.line_starts, offset) - 1
        inside = self.text[self.line_starts[line] : offset]
        return self._line_bytes[line] + len(inside.encode())

    def line_of(self, offset: int) -> int:
        """The number, from 1, of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def line_start(self, offset: int) -> int:
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the next line starts."""
        line = bisect_right(self.line_starts, offset)
        return self.line_starts[line] if line < len(self.line_starts) else len(self.text)

    def first_token(self, context: Context) -> int:
        """Where a statement's code starts, behind the blank lines and comments above it."""
        at = context.start
        while at < context.end:
            end = self.line_end(at)
            line = self.text[at:end].strip()
            if line and not line.startswith("#"):
                return at + len(self.text[at:end]) - len(self.text[at:end].lstrip())
            at = end
        return context.start

    def contexts(self) -> Iterator[Context]:
        """Every place that may be mutated, in source order."""
        stack = [self.root]
        while stack:
            context = stack.pop()
            if not context.excluded:
                yield context
                stack.extend(reversed(context.children))

    def render(self, node: cst.CSTNode, context: Context) -> str:
        """The text of `node` at the place of `context`."""
        state = CodegenState(self.module.default_indent, self.module.default_newline)
        state.indent_tokens = list(context.indent)
        if is_elif(context) and isinstance(node, cst.If):
            node._codegen(state, is_elif=True)
        else:
            node._codegen(state)
        return "".join(state.tokens)


def is_elif(context: Context) -> bool:
    """Whether the node is the `elif` of another `if`."""
    parent = context.parent
    return isinstance(parent, cst.If) and parent.orelse is context.node


def _decode(file: str, data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding not in ("utf-8", "utf-8-sig", "ascii"):
            raise UnreadableSource(f"{file} is written in {encoding}; only UTF-8 is mutated.")
        return data.removeprefix(BOM).decode("utf-8")
    except (SyntaxError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"{file} can't be read as UTF-8: {error}.") from error


def _parse(file: str, text: str) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise UnreadableSource(f"{file}:{error.raw_line} does not parse.") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableSource(f"{file} does not parse ({type(error).__name__}).") from error


def _record(file: str, module: cst.Module, text: str) -> Context:
    recorder = Recorder(module)
    try:
        module._codegen(recorder)
    except RecursionError as error:
        raise UnreadableSource(f"{file} is nested too deeply.") from error
    if recorder.root is None or "".join(recorder.tokens) != text:
        raise UnreadableSource(f"{file} can't be written back unchanged.")
    return recorder.root


class Recorder(CodegenState):
    """Writes a module's code and notes on the way where each node starts and ends.

    libcst's own position providers copy the tree and keep several tables; this needs neither.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.root: Context | None = None
        self.here: Context | None = None
        self.offset = 0
        self.indent: tuple[str, ...] = ()

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        self.tokens.extend(self.indent_tokens)
        self.offset += sum(map(len, self.indent_tokens))

    def increase_indent(self, value: str) -> None:
        super().increase_indent(value)
        self.indent = tuple(self.indent_tokens)

    def decrease_indent(self) -> None:
        super().decrease_indent()
        self.indent = tuple(self.indent_tokens)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if isinstance(node, TRIVIA):
            return
        outer = self.here
        context = Context(
            node, outer, self.offset, self.offset, None, self.indent, _excluded(node, outer)
        )
        context.function = _function(node, outer)
        if outer is None:
            self.root = context
        else:
            outer.children.append(context)
        self.here = context

    def after_codegen(self, node: cst.CSTNode) -> None:
        if isinstance(node, TRIVIA):
            return
        assert self.here is not None
        self.here.end = self.offset
        self.here = self.here.outer


def _excluded(node: cst.CSTNode, outer: Context | None) -> bool:
    if outer is None:
        return False
    above = outer.outer.node if outer.outer else None
    return outer.excluded or is_excluded(node, outer.node) or is_message(node, outer.node, above)


def _function(node: cst.CSTNode, outer: Context | None) -> str | None:
    if not isinstance(node, cst.FunctionDef):
        return outer.function if outer else None
    parts = [node.name.value]
    for context in outer.chain if outer else ():
        if isinstance(context.node, cst.FunctionDef):
            parts += ["<locals>", context.node.name.value]
        elif isinstance(context.node, cst.ClassDef):
            parts.append(context.node.name.value)
    return ".".join(reversed(parts))
