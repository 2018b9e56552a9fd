"""missing-mkdir: a folder that is only there on the author's machine."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, is_lone

MAKERS = frozenset({"mkdir", "makedirs"})
TESTS = frozenset({"exists", "isdir", "is_dir"})


class MissingMkdir(Mutator):
    name = "missing-mkdir"
    family = "platform"
    trait = "statement"
    summary = "A folder is expected to be there already: on a fresh machine the write fails."
    models = (
        "The directory is made by hand once, or by another code path, and never on a new machine."
    )
    explanation = (
        "Nothing promises that the folder exists: it has to be made before the first write, with "
        "`parents=True` for those above it and `exist_ok=True` for the second run. The error "
        "message names the path; ask who should have made it."
    )
    examples = (
        Example(
            """
            def save(path, text):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            """,
            """
            def save(path, text):
                path.write_text(text)
            """,
            """
            def save(path, text):
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
            """,
            """
            def save(path, text):
                path.parent.mkdir(parents=True)
                path.write_text(text)
            """,
        ),
        Example(
            """
            def dump(folder, data):
                # The first run has no folder yet.
                os.makedirs(folder, exist_ok=True)

                with open(os.path.join(folder, 'a'), 'w') as file:
                    file.write(data)
            """,
            """
            def dump(folder, data):
                with open(os.path.join(folder, 'a'), 'w') as file:
                    file.write(data)
            """,
            """
            def dump(folder, data):
                # The first run has no folder yet.
                os.makedirs(folder)

                with open(os.path.join(folder, 'a'), 'w') as file:
                    file.write(data)
            """,
        ),
        Example(
            """
            if not os.path.isdir(cache):
                os.mkdir(cache)
            store(cache)
            """,
            "store(cache)",
        ),
        Example(
            """
            def log(folder, line):
                try:
                    os.makedirs(folder)
                except FileExistsError:
                    pass
                append(folder, line)
            """,
            """
            def log(folder, line):
                append(folder, line)
            """,
        ),
        Example(
            """
            def __init__(self, root):
                self.root = root; root.mkdir()
            """,
            """
            def __init__(self, root):
                self.root = root
            """,
        ),
        Example(
            """
            def ensure(folder):
                Path(folder).mkdir(parents=True)
            """,
            """
            def ensure(folder):
                Path(folder).mkdir()
            """,
        ),
        Example("""
            def ensure(folder):
                folder.mkdir()
            """),
        Example("""
            def ensure(folder):
                if not folder.exists():
                    folder.mkdir()
            """),
        Example("folder = make(parents=True)"),
        Example("path.mkdir(parents=False)[0]"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Expr):
            drops = _makes_folder(node.value) and not _is_all(context)
        elif isinstance(node, (cst.If, cst.Try)):
            drops = _only_makes_folder(node) and not _is_all(context)
        else:
            drops = isinstance(node, cst.Arg) and _is_option(node, context)
        if drops:
            yield cst.RemoveFromParent()


def _makes_folder(node: cst.CSTNode) -> bool:
    return call_name(node).rpartition(".")[2] in MAKERS


def _is_all(context: Context) -> bool:
    """Whether the block does nothing else: an empty function or branch would be left."""
    return is_lone(context)


def _only_makes_folder(node: cst.If | cst.Try) -> bool:
    """`if not path.exists(): path.mkdir()`, or the same with `try` and FileExistsError."""
    body = node.body.body
    if len(body) != 1 or node.orelse or not isinstance(body[0], cst.SimpleStatementLine):
        return False
    statement = body[0].body[0]
    if not isinstance(statement, cst.Expr) or not _makes_folder(statement.value):
        return False
    return isinstance(node, cst.Try) or _asks_for_folder(node.test)


def _asks_for_folder(test: cst.BaseExpression) -> bool:
    if not isinstance(test, cst.UnaryOperation) or not isinstance(test.operator, cst.Not):
        return False
    return call_name(test.expression).rpartition(".")[2] in TESTS


def _is_option(arg: cst.Arg, context: Context) -> bool:
    """`parents=True` or `exist_ok=True` of a call that makes a folder."""
    name = arg.keyword.value if arg.keyword else ""
    given = isinstance(arg.value, cst.Name) and arg.value.value == "True"
    call = context.parent
    return name in ("parents", "exist_ok") and given and call is not None and _makes_folder(call)
