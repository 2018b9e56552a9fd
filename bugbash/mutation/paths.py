"""Whether an expression is a path, a folder or the name of a file, as far as one sees."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import annotated_types
from bugbash.mutation.excluded import dotted
from bugbash.mutation.nodes import call_name
from bugbash.mutation.vocabulary import vocabulary

FOLDER_WORDS = vocabulary(
    "root folder dir directory base parent home path cwd tmp tmpdir archive inbox outbox spool "
    "cache here target destination dest workspace repo tree where output rootdir basedir"
)
NAME_WORDS = vocabulary("name filename basename stem slug fname")
TEXT_NAME_WORDS = NAME_WORDS | vocabulary("key title id label code user customer file")
"""Names of what may be the name of a file, when it is known to be a text."""
PATH_TYPES = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath"})
PATH_CALLS = frozenset({"Path", "pathlib.Path", "PurePath", "pathlib.PurePath", "PurePosixPath"})
PATH_PARTS = frozenset({"parent", "home", "cwd", "resolve", "absolute", "expanduser", "parents"})


def last_word(node: cst.CSTNode) -> str:
    """The last word of a name: "dir" of `self.base_dir`."""
    return dotted(node).rpartition(".")[2].strip("_").lower().rpartition("_")[2]


def is_path(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression is a `pathlib` path."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Divide) and is_path(node.left, context)
    if isinstance(node, cst.Call):
        name = call_name(node)
        return name in PATH_CALLS or name.rpartition(".")[2] in PATH_PARTS
    if isinstance(node, cst.Subscript):
        return last_word(node.value) == "parents"
    if isinstance(node, cst.Attribute) and node.attr.value == "parent":
        return True
    types = annotated_types(node, context)
    if types is not None:
        return bool(types & PATH_TYPES)
    return last_word(node) in FOLDER_WORDS


def is_file_name(node: cst.BaseExpression, context: Context) -> bool:
    """Whether an expression is the name of a file or a part of one, not a constant."""
    name = dotted(node)
    if not name or name.count(".") > 1 or name.isupper():
        return False
    types = annotated_types(node, context)
    if types is None:
        return last_word(node) in NAME_WORDS
    return last_word(node) in TEXT_NAME_WORDS and "str" in types


def joined(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The parts of `a / b / c`."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return [*joined(node.left), node.right]
    return [node]


def is_about_module(node: cst.CSTNode) -> bool:
    """Whether a path starts at `__file__`: it is absolute and resolved in almost every case."""
    while True:
        if isinstance(node, cst.Attribute):
            node = node.value
        elif isinstance(node, cst.BinaryOperation):
            node = node.left
        elif isinstance(node, cst.Subscript):
            node = node.value
        elif isinstance(node, cst.Call):
            if any(is_about_module(arg.value) for arg in node.args):
                return True
            node = node.func
        else:
            return isinstance(node, cst.Name) and node.value == "__file__"
