"""drop-resolve: a path is compared or kept as it was given."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_lone
from bugbash.mutation.paths import is_about_module
from bugbash.mutation.verdicts import is_cosmetic
from bugbash.mutation.vocabulary import vocabulary
from bugbash.mutation.wrapping import instead, sets_itself

METHODS = frozenset({"resolve", "absolute"})
FUNCTIONS = frozenset({"abspath", "realpath"})
TELLING = ("abs", "real", "resolved", "full", "canonical")
"""Parts of names that would contradict a path that is left as it is."""
ANYWAY = vocabulary(
    "exists is_file is_dir is_symlink read_text read_bytes write_text write_bytes open stat mkdir "
    "unlink rmdir iterdir glob rglob touch resolve absolute"
)
"""Methods for which a relative path will do as well."""
OPENERS = vocabulary(
    "open os.listdir os.stat os.makedirs os.mkdir os.remove os.unlink os.path.exists "
    "os.path.isfile os.path.isdir os.path.getsize os.path.abspath os.path.realpath Path.resolve"
)


class DropResolve(Mutator):
    name = "drop-resolve"
    family = "platform"
    trait = "return"
    summary = (
        "A path stays relative, or keeps its `..`: it means another place, or looks different."
    )
    models = "Two spellings of one folder are compared; a path is used after the folder changed."
    explanation = (
        "A path has many spellings; what is compared, stored or used from elsewhere has to be "
        "absolute. Run the program from another folder, or with `./`, `..` or a link in the path."
    )
    examples = (
        Example(
            "self.root = Path(root).resolve()",
            "self.root = Path(root)",
        ),
        Example(
            "inside = target.resolve().is_relative_to(root)",
            "inside = target.is_relative_to(root)",
        ),
        Example(
            """
            def is_same(one, other):
                # Links count.
                return os.path.realpath(one) == os.path.realpath(other)
            """,
            """
            def is_same(one, other):
                # Links count.
                return one == os.path.realpath(other)
            """,
            """
            def is_same(one, other):
                # Links count.
                return os.path.realpath(one) == other
            """,
        ),
        Example(
            """
            def key(path):
                path = path.absolute()
                return str(path)
            """,
            """
            def key(path):
                return str(path)
            """,
        ),
        Example(
            "target = (base / name).resolve()",
            "target = base / name",
        ),
        Example("here = Path(__file__).resolve().parent"),
        Example("here = os.path.dirname(os.path.abspath(__file__))"),
        Example("found = path.resolve().exists()"),
        Example("absolute = path.resolve()"),
        Example("file = open(os.path.abspath(path))"),
        Example("name = names.resolve(host)"),
        Example("promise.resolve()"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Assign):
            inner = _given(node.value)
            names = [dotted(target.target) for target in node.targets]
            if inner is not None and names == [dotted(inner)] and not is_lone(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Call) and not isinstance(context.parent, cst.Expr):
            inner = _given(node)
            if inner is None or sets_itself(inner, context) or is_cosmetic(context):
                return
            if not _works_anyway(context):
                yield instead(node, inner, context)


def _given(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The path of a call that makes it absolute."""
    if not isinstance(node, cst.Call):
        return None
    inner: cst.BaseExpression | None = None
    if call_name(node).rpartition(".")[2] in FUNCTIONS and len(node.args) == 1:
        inner = node.args[0].value
    elif isinstance(node.func, cst.Attribute) and node.func.attr.value in METHODS:
        strict = all(arg.keyword and arg.keyword.value == "strict" for arg in node.args)
        inner = node.func.value if strict else None
    if inner is None or is_about_module(inner) or call_name(inner).endswith(("cwd", "home")):
        return None
    return inner


def _works_anyway(context: Context) -> bool:
    """Whether a relative path will do, or the name of the result would tell what is missing."""
    parent, outer = context.parent, context.outer
    user = outer.parent if outer else None
    if isinstance(parent, cst.Assign):
        name = dotted(parent.targets[0].target).rpartition(".")[2].lower()
        return any(word in name for word in TELLING)
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in ANYWAY
    return isinstance(parent, cst.Arg) and user is not None and call_name(user) in OPENERS
