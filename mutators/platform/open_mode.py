"""open-mode: a file is opened for the wrong thing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import argument, call_name, dotted
from bugbash.mutation.vocabulary import vocabulary

OTHERS = {
    "a": "w",
    "at": "wt",
    "ab": "wb",
    "a+": "w+",
    "w": "a",
    "wt": "at",
    "wb": "ab",
    "x": "w",
    "xt": "wt",
    "xb": "wb",
    "rb": "r",
    "r+": "w+",
    "r+b": "w+b",
    "rb+": "wb+",
}
"""What people write instead: a file starts afresh, or it does not; text for bytes."""
FUNCTIONS = frozenset({"open", "io.open", "os.fdopen", "codecs.open", "gzip.open", "bz2.open"})
NOT_FILES = vocabulary(
    "webbrowser image Image tarfile zipfile dbm shelve os wave aifc sunau urllib request"
)
ARCHIVES = frozenset({"ZipFile", "zipfile.ZipFile", "tarfile.open", "TarFile", "tarfile.TarFile"})
FLAGS = frozenset({"os.O_EXCL", "os.O_APPEND", "os.O_TRUNC"})
BINARY_ONLY = frozenset(
    {
        "tomllib.load",
        "tomli.load",
        "pickle.load",
        "marshal.load",
        "pickle.Unpickler",
        "plistlib.load",
    }
)
"""Readers that refuse text at once: nobody would have kept that."""


class OpenMode(Mutator):
    name = "open-mode"
    family = "platform"
    trait = "text"
    summary = (
        "A file is opened in the wrong way: it is emptied, grows, or its bytes are read as text."
    )
    models = '`"w"` for `"a"`: every run wipes what the last one wrote; `"r"` for `"rb"`.'
    explanation = (
        'The mode says what happens to what is there already: `"w"` empties the file, `"a"` adds '
        'to it, `"x"` insists that there is none; `"b"` leaves the bytes alone. Look at the file '
        "before and after two runs."
    )
    examples = (
        Example(
            """
            with open(path, "a", encoding="utf-8") as log:
                log.write(line)
            """,
            """
            with open(path, "w", encoding="utf-8") as log:
                log.write(line)
            """,
        ),
        Example(
            "out = path.open('w')  # one report",
            "out = path.open('a')  # one report",
        ),
        Example(
            'file = open(lock, mode="x")',
            'file = open(lock, mode="w")',
        ),
        Example(
            """
            with open(path, "rb") as file:
                digest.update(file.read())
            """,
            """
            with open(path, "r") as file:
                digest.update(file.read())
            """,
        ),
        Example(
            'file = self.path.open("r+")',
            'file = self.path.open("w+")',
        ),
        Example(
            'archive = zipfile.ZipFile(path, "a")',
            'archive = zipfile.ZipFile(path, "w")',
        ),
        Example(
            "flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY",
            "flags = os.O_CREAT | os.O_WRONLY",
        ),
        Example("file = open(path)"),
        Example('file = open(path, "r")'),
        Example("""
            with open(path, "rb") as file:
                data = tomllib.load(file)
            """),
        Example('webbrowser.open("w")'),
        Example('log(path, "a")'),
        Example("flags = os.O_RDONLY | os.O_DIRECTORY"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.SimpleString):
            other = OTHERS.get(node.raw_value)
            if other and _is_mode(node, context):
                yield node.with_changes(value=node.value.replace(node.raw_value, other))
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            if dotted(node.right) in FLAGS:
                yield node.left
            elif dotted(node.left) in FLAGS:
                yield node.right


def _is_mode(node: cst.SimpleString, context: Context) -> bool:
    arg, call = context.parent, context.outer.parent if context.outer else None
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return False
    name = call_name(call)
    if "bytes" in (context.function or "") or _is_device(call):
        return False
    if name in ARCHIVES:
        return argument(call, 1, "mode") is arg and node.raw_value in ("a", "x")
    if name in FUNCTIONS:
        found = argument(call, 1, "mode")
    elif name.endswith(".open") and name.rpartition(".")[0] not in NOT_FILES:
        found = argument(call, 0, "mode")
    else:
        return False
    return found is arg and not (node.raw_value == "rb" and _must_be_bytes(call, context))


def _is_device(call: cst.Call) -> bool:
    first = call.args[0].value
    return isinstance(first, cst.SimpleString) and first.raw_value.startswith("/dev/")


def _must_be_bytes(call: cst.Call, context: Context) -> bool:
    """Whether text would be refused at once: by a reader of bytes, or an encoding that is given."""
    if call_name(call) in ("gzip.open", "bz2.open"):
        return True
    statement = context.statement
    return any(call_name(place.node) in BINARY_ONLY for place in statement.inside())
