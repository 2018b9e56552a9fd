"""drop-encoding: the encoding is left to the machine."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.ascii_text import is_ascii, writes_ascii
from bugbash.mutation.context import Context
from bugbash.mutation.imports import leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import argument, call_name, positional
from bugbash.mutation.vocabulary import vocabulary

OPENERS = vocabulary(
    "open read_text write_text fdopen TextIOWrapper NamedTemporaryFile TemporaryFile FileHandler "
    "RotatingFileHandler TimedRotatingFileHandler FileType File FileInput input"
)
"""Calls that take the encoding of the machine where none is given."""
CODERS = frozenset({"encode", "decode"})
"""Calls that take UTF-8 and strictness where nothing is given."""
UTF_8 = frozenset({"utf-8", "utf8", "u8", "utf_8"})
STRICTER = {
    "utf-8": ("ascii",),
    "utf8": ("ascii",),
    "utf_8": ("ascii",),
    "utf-8-sig": ("utf-8",),
    "latin-1": ("ascii",),
    "latin1": ("ascii",),
    "iso-8859-1": ("ascii",),
    "cp1252": ("latin-1",),
}
"""Encodings and what people take for the same."""
DEFAULT_ERRORS = frozenset({"strict"})


class DropEncoding(Mutator):
    name = "drop-encoding"
    family = "platform"
    trait = "argument"
    summary = "Text is read or written in another encoding than the rest of the world expects."
    models = "`open(path)` works on the author's machine: UTF-8 there, another default elsewhere."
    explanation = (
        "Bytes have no encoding of their own: reader and writer have to agree, so it is named on "
        "both sides. Try a name with an accent, a file that begins with a byte order mark, a byte "
        "that is no UTF-8; compare the encodings on both sides of the file."
    )
    examples = (
        Example(
            'text = path.read_text(encoding="utf-8")',
            "text = path.read_text()",
            'text = path.read_text(encoding="ascii")',
        ),
        Example(
            """
            with open(path, "w", encoding="utf-8-sig") as file:  # for Excel
                file.write(text)
            """,
            """
            with open(path, "w") as file:  # for Excel
                file.write(text)
            """,
            """
            with open(path, "w", encoding="utf-8") as file:  # for Excel
                file.write(text)
            """,
        ),
        Example(
            "line = data.decode('utf-8', errors='replace')",
            "line = data.decode('ascii', errors='replace')",
            "line = data.decode('utf-8')",
        ),
        Example(
            "data = text.encode('latin-1')",
            "data = text.encode()",
            "data = text.encode('ascii')",
        ),
        Example(
            """
            file = path.open(
                "r",
                encoding=self.encoding,
                newline="",
            )
            """,
            """
            file = path.open(
                "r",
                newline="",
            )
            """,
        ),
        Example(
            "data = text.encode('ascii', 'ignore')",
            "data = text.encode('ascii')",
        ),
        Example(
            'text = path.read_text("utf-8")',
            "text = path.read_text()",
            'text = path.read_text("ascii")',
        ),
        Example("data = text.encode()"),
        Example("key = 'id'.encode('ascii') + json.dumps(value).encode('utf-8')"),
        Example("""
            def as_text(value):
                return json.dumps(value, indent=2) + "end"

            def save(path, value):
                text = as_text(value)
                path.write_text(text, encoding="utf-8")
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(value, file)
                    file.write("end")
            """),
        Example("text = data.decode(errors='strict')"),
        Example("run(command, encoding='utf-8')"),
        Example("text = str(data, 'utf-8')"),
        Example("codec = make('utf-8')"),
        Example("password = vault.decode(token, key)"),
        Example("name = idna.encode(host, strict=True)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Arg) or node.star:
            return
        call = context.parent
        if not isinstance(call, cst.Call):
            return
        part = _part(node, call)
        if part is None or leaves_idle(context, node, parameters=True):
            return
        assert context.outer is not None
        if _is_all_the_same(call, context.outer):
            return
        if part == "encoding":
            if not _is_default(node, call) and not _has_followers(node, call):
                yield cst.RemoveFromParent()
            yield from _others(node)
        elif _text(node) not in DEFAULT_ERRORS:
            yield cst.RemoveFromParent()


def _part(arg: cst.Arg, call: cst.Call) -> str | None:
    """Whether an argument is the encoding or the treatment of errors of text in a file."""
    name = call_name(call).rpartition(".")[2]
    if name in OPENERS:
        if arg.keyword:
            return arg.keyword.value if arg.keyword.value in ("encoding", "errors") else None
        is_first = name == "read_text" and argument(call, 0, "encoding") is arg
        return "encoding" if is_first and _text(arg) else None
    if name not in CODERS or not isinstance(call.func, cst.Attribute):
        return None
    if argument(call, 0, "encoding") is arg:
        return "encoding" if _text(arg).lower() in STRICTER else None
    is_errors = argument(call, 1, "errors") is arg and _text(arg) != ""
    return "errors" if is_errors and _coder_encoding(call) else None


def _is_all_the_same(call: cst.Call, context: Context) -> bool:
    """Whether only ASCII is written or encoded: JSON as `json.dumps` writes it."""
    name = call_name(call).rpartition(".")[2]
    if name == "write_text":
        return bool(call.args) and is_ascii(call.args[0].value, context)
    if name == "encode" and isinstance(call.func, cst.Attribute):
        return is_ascii(call.func.value, context)
    return writes_ascii(context)


def _coder_encoding(call: cst.Call) -> bool:
    """Whether the first argument names an encoding, or is left out, as with `bytes.decode`."""
    first = argument(call, 0, "encoding")
    return first is None or bool(_text(first)) or "encod" in str(call_name_of(first)).lower()


def call_name_of(arg: cst.Arg) -> str:
    return arg.value.value if isinstance(arg.value, cst.Name) else call_name(arg.value)


def _text(arg: cst.Arg) -> str:
    return arg.value.raw_value if isinstance(arg.value, cst.SimpleString) else ""


def _is_default(arg: cst.Arg, call: cst.Call) -> bool:
    """UTF-8 is what `encode` and `decode` take anyway."""
    coder = call_name(call).rpartition(".")[2] in CODERS
    return coder and _text(arg).lower() in UTF_8


def _has_followers(arg: cst.Arg, call: cst.Call) -> bool:
    """Whether other positional arguments would move up."""
    leading = positional(call)
    return arg in leading and leading[-1] is not arg


def _others(arg: cst.Arg) -> Iterator[Faulty]:
    for other in STRICTER.get(_text(arg).lower(), ()):
        value = arg.value
        assert isinstance(value, cst.SimpleString)
        new = value.value.replace(value.raw_value, other)
        yield arg.with_changes(value=value.with_changes(value=new))
