"""drop-expanduser: `~` is taken for the name of a folder."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_lone
from bugbash.mutation.wrapping import instead, sets_itself

FUNCTIONS = frozenset({"expanduser", "expandvars"})


class DropExpanduser(Mutator):
    name = "drop-expanduser"
    family = "platform"
    trait = "return"
    summary = "A path that begins with `~` is not found, or a folder named `~` is made."
    models = "The shell expands `~` in arguments, so nobody missed it until it came from a file."
    explanation = (
        "Only shells expand `~` and `$HOME`; a path from a settings file or a prompt arrives as it "
        "was typed. Print the path with `repr` right before it is opened."
    )
    examples = (
        Example(
            "folder = Path(text).expanduser()",
            "folder = Path(text)",
        ),
        Example(
            "folder = (base / name).expanduser()",
            "folder = base / name",
        ),
        Example(
            """
            def load(path):
                path = os.path.expanduser(path)
                return open(path)
            """,
            """
            def load(path):
                return open(path)
            """,
        ),
        Example(
            "path = Path(os.path.expandvars(text)).expanduser().resolve()",
            "path = Path(text).expanduser().resolve()",
            "path = Path(os.path.expandvars(text)).resolve()",
        ),
        Example(
            "file = open(os.path.expanduser(  # from the settings\n    path\n))",
            "file = open(path)",
        ),
        Example(
            "root = osp.join(osp.expanduser(base), name)",
            "root = osp.join(base, name)",
        ),
        Example('cache = os.path.expanduser("~/.cache")'),
        Example('cache = Path("~/.cache").expanduser()'),
        Example("home = Path.home()"),
        Example("name = users.expand(user)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Assign):
            inner = _unexpanded(node.value)
            names = [dotted(target.target) for target in node.targets]
            if inner is not None and names == [dotted(inner)] and not is_lone(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Call):
            inner = _unexpanded(node)
            if inner is not None and not sets_itself(inner, context):
                yield instead(node, inner, context)


def _unexpanded(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The path of a call that expands it, unless it is a literal."""
    if not isinstance(node, cst.Call):
        return None
    inner: cst.BaseExpression | None = None
    name = call_name(node).rpartition(".")[2]
    if name in FUNCTIONS and len(node.args) == 1:
        inner = node.args[0].value
    elif name == "expanduser" and not node.args and isinstance(node.func, cst.Attribute):
        inner = node.func.value
    return None if inner is None or _is_literal(inner) else inner


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call) and len(node.args) == 1:
        return _is_literal(node.args[0].value)
    return isinstance(node, cst.SimpleString)
