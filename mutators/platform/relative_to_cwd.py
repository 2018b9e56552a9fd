"""relative-to-cwd: a file is looked for in the folder that the program was started in."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import annotated_types
from bugbash.mutation.imports import is_imported, leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_text
from bugbash.mutation.paths import (
    FOLDER_WORDS,
    PATH_CALLS,
    PATH_TYPES,
    is_about_module,
    is_path,
    joined,
    last_word,
)
from bugbash.mutation.verdicts import is_cosmetic
from bugbash.mutation.wrapping import instead

STARTERS = frozenset({"run", "Popen", "check_call", "check_output", "call"})
DANGEROUS = ("rmtree", "unlink", "rmdir", "remove", "delete", "mkdir", "makedirs", "write", "touch")
"""Nothing is deleted or made right away in the folder that somebody happens to be in."""
FOLDER_FUNCTIONS = frozenset({"os.path.dirname", "dirname", "os.getcwd", "path.dirname"})


class RelativeToCwd(Mutator):
    name = "relative-to-cwd"
    family = "platform"
    trait = "return"
    summary = "A path counts from the current folder instead of the one it belongs to."
    models = '`Path("data.json")` for the file beside the module: started elsewhere, it is gone.'
    explanation = (
        "The current folder is wherever the user happens to be: files of a program count from its "
        "modules, files named in a settings file from that file. Start the program from another "
        "folder, and print the absolute path that it looks for."
    )
    examples = (
        Example(
            """
            from pathlib import Path

            DATA = Path(__file__).parent / "data" / "rates.json"
            """,
            """
            from pathlib import Path

            DATA = Path("data") / "rates.json"
            """,
        ),
        Example(
            """
            from pathlib import Path

            class Settings:
                def place(self, text: str, other: str) -> Path:
                    return self.folder / text
            """,
            """
            from pathlib import Path

            class Settings:
                def place(self, text: str, other: str) -> Path:
                    return Path(text)
            """,
        ),
        Example(
            """
            from pathlib import Path

            def place(config: Path, name: str) -> Path:
                if config.is_file():
                    return config.parent / Path(name).expanduser()
            """,
            """
            from pathlib import Path

            def place(config: Path, name: str) -> Path:
                if config.is_file():
                    return Path(name).expanduser()
            """,
        ),
        Example(
            'words = open(os.path.join(os.path.dirname(__file__), "words.txt"))',
            'words = open("words.txt")',
        ),
        Example(
            """
            def template(self, name):
                return os.path.join(self.root, "templates", name)
            """,
            """
            def template(self, name):
                return os.path.join("templates", name)
            """,
        ),
        Example(
            "subprocess.run(command, cwd=folder, check=True)",
            "subprocess.run(command, check=True)",
        ),
        Example(
            """
            from pathlib import Path

            def report(self, day):
                return (self.base_dir / f"{day}.csv").read_text()
            """,
            """
            from pathlib import Path

            def report(self, day):
                return Path(f"{day}.csv").read_text()
            """,
        ),
        Example(
            """
            import pathlib

            SCHEMA = pathlib.Path(__file__).resolve().parent / "schema.sql"
            """,
            """
            import pathlib

            SCHEMA = pathlib.Path("schema.sql")
            """,
        ),
        Example("""
            from pathlib import Path

            def report(root: Path, name: str) -> Path:
                return root / name
            """),
        Example("share = total / count"),
        Example("""
            from pathlib import Path

            def clear(self, name):
                (self.root / name).unlink()
            """),
        Example("""
            def report(self, name):
                return self.root / name
            """),
        Example("name = os.path.join(first, second)"),
        Example("run(command, cwd=None)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.BinaryOperation):
            if isinstance(node.operator, cst.Divide) and not _is_inner(context):
                yield from _without_base(node, context)
        elif isinstance(node, cst.Call):
            if call_name(node) in ("os.path.join", "path.join", "osp.join"):
                yield from _unjoined(node, context)
        elif isinstance(node, cst.Arg) and _places_program(node, context):
            yield cst.RemoveFromParent()


def _is_inner(context: Context) -> bool:
    parent = context.parent
    return isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.Divide)


def _without_base(node: cst.BinaryOperation, context: Context) -> Iterator[Faulty]:
    base, *parts = joined(node)
    if not is_path(base, context) or not _is_believable(base, parts, context):
        return
    user = context.outer.parent if context.outer else None
    if user is not None and call_name(user) in ("str", "os.fspath"):
        return
    first = _as_path(parts[0], context)
    if first is None or (isinstance(context.parent, cst.Attribute) and len(parts) > 1):
        return
    whole = first
    for part in parts[1:]:
        whole = cst.BinaryOperation(left=whole, operator=node.operator, right=part)
    yield instead(node, whole, context)


def _is_believable(
    base: cst.BaseExpression, parts: list[cst.BaseExpression], context: Context
) -> bool:
    """Whether somebody might have forgotten the base: something of the path is left without it."""
    if _is_destroyed(context) or is_cosmetic(context):
        return False
    parent, name = context.parent, dotted(parts[0]) if len(parts) == 1 else ""
    if (
        name
        and isinstance(parent, cst.IfExp)
        and name in (dotted(parent.body), dotted(parent.orelse))
    ):
        return False
    named = any(not isinstance(part, cst.SimpleString) or "." in part.value for part in parts)
    known = is_about_module(base) or named
    return known and not leaves_idle(context, base, parameters=True)


def _as_path(part: cst.BaseExpression, context: Context) -> cst.BaseExpression | None:
    """`Path(part)`, or the part alone where it is a path already."""
    if isinstance(part, cst.Call):
        inner: cst.CSTNode = part
        while isinstance(inner, cst.Call) and isinstance(inner.func, cst.Attribute):
            inner = inner.func.value
        if isinstance(inner, cst.Call):
            return part if call_name(inner) in PATH_CALLS else None
    types = annotated_types(part, context)
    if types is not None and types & PATH_TYPES:
        return part
    if not (is_text(part) or dotted(part)):
        return None
    if is_imported(context, "Path"):
        func: cst.BaseExpression = cst.Name("Path")
    elif is_imported(context, "pathlib"):
        func = cst.Attribute(cst.Name("pathlib"), cst.Name("Path"))
    else:
        return None
    return cst.Call(func, [cst.Arg(part)])


def _is_destroyed(context: Context) -> bool:
    """Whether the path is deleted or made right here."""
    parent, user = context.parent, context.outer.parent if context.outer else None
    name = parent.attr.value if isinstance(parent, cst.Attribute) else ""
    if isinstance(parent, cst.Arg) and user is not None:
        name = call_name(user).rpartition(".")[2]
    return any(word in name for word in DANGEROUS)


def _unjoined(call: cst.Call, context: Context) -> Iterator[Faulty]:
    """`os.path.join(base, ...)` without its base."""
    if len(call.args) < 2 or any(arg.star or arg.keyword for arg in call.args):
        return
    base, rest = call.args[0].value, call.args[1:]
    if not _is_base(base) or not _is_believable(base, [arg.value for arg in rest], context):
        return
    if len(rest) == 1:
        if isinstance(context.parent, (cst.Assign, cst.AnnAssign)) and dotted(rest[0].value):
            return
        yield instead(call, rest[0].value, context)
    else:
        yield call.with_changes(args=rest)


def _is_base(node: cst.BaseExpression) -> bool:
    if is_about_module(node) or call_name(node) in FOLDER_FUNCTIONS:
        return True
    return bool(dotted(node)) and last_word(node) in FOLDER_WORDS


def _places_program(arg: cst.Arg, context: Context) -> bool:
    """`cwd=folder` of a program that is started."""
    call = context.parent
    if arg.keyword is None or arg.keyword.value != "cwd" or dotted(arg.value) == "None":
        return False
    if not isinstance(call, cst.Call):
        return False
    module, _, function = call_name(call).rpartition(".")
    starts = function in STARTERS and module == "subprocess"
    return starts and not leaves_idle(context, arg, parameters=True)
