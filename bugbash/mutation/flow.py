"""Questions about statements: where control goes, what stands in a block, what a block becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.nodes import call_name, dotted, is_docstring

Block = cst.BaseSuite | Sequence[cst.CSTNode]

JUMPS = (cst.Return, cst.Raise, cst.Continue, cst.Break)
DISPLAYED = frozenset({"__repr__", "__rich_repr__", "_repr_pretty_", "_repr_html_", "__del__"})
PRINTERS = frozenset({"print", "click.echo", "echo", "click.secho", "pprint"})
PLATFORM = frozenset(
    {
        "platform",
        "version_info",
        "hexversion",
        "TYPE_CHECKING",
        "__debug__",
        "WINDOWS",
        "WIN",
        "IS_WINDOWS",
        "MACOS",
        "PYPY",
        "PY2",
        "PY3",
        "DEBUG",
        "debug",
        "verbose",
        "_debug",
    }
)


def in_function(context: Context) -> bool:
    """Whether a node lies in a function whose work can be seen: not at import, not in a repr."""
    return bool(context.function) and context.function.rpartition(".")[2] not in DISPLAYED  # type: ignore[union-attr]


def is_out_of_reach(context: Context) -> bool:
    """Whether a node lies in a repr, or in the condition of a statement that runs at import."""
    if context.function:
        return not in_function(context)
    return isinstance(context.statement.node, (cst.If, cst.While))


def statements(block: Block | None) -> Sequence[cst.CSTNode]:
    """The statements of a suite."""
    if block is None:
        return ()
    return block.body if isinstance(block, cst.BaseSuite) else block


def last_small(node: cst.CSTNode) -> cst.CSTNode:
    """The last small statement of a line; other statements as they are."""
    return node.body[-1] if isinstance(node, cst.SimpleStatementLine) else node


def only_small(node: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The one small statement of a line; None for several, and for other statements."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        return node.body[0]
    return node if isinstance(node, cst.BaseSmallStatement) else None


def jump(block: Block | None) -> cst.CSTNode | None:
    """The return, raise, continue or break that ends a block as its own statement."""
    body = statements(block)
    last = last_small(body[-1]) if body else None
    return last if isinstance(last, JUMPS) else None


def never_falls_through(block: Block | None) -> bool:
    """Whether no path leads out of the end of a block, as far as can be seen."""
    if jump(block):
        return True
    body = statements(block)
    last = body[-1] if body else None
    if isinstance(last, cst.With):
        return never_falls_through(last.body)
    if isinstance(last, cst.If) and last.orelse:
        rest = last.orelse
        after = [rest] if isinstance(rest, cst.If) else rest.body
        return never_falls_through(last.body) and never_falls_through(after)
    return False


def loops_around(context: Context) -> Iterator[Context]:
    """The loops around a node inside its function, the innermost first."""
    for around in context.chain:
        if isinstance(around.node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            return
        if isinstance(around.node, (cst.For, cst.While)) and around is not context:
            yield around


def branch_children(context: Context) -> list[Context]:
    """The statements in the body of a compound statement."""
    return block_children(next(c for c in context.children if isinstance(c.node, cst.BaseSuite)))


def block_children(block: Context) -> list[Context]:
    """The statements of a suite."""
    kinds = (cst.BaseStatement, cst.SimpleStatementLine, cst.BaseSmallStatement)
    return [child for child in block.children if isinstance(child.node, kinds)]


def test_of(context: Context) -> Context:
    """The condition of an `if`, `while` or conditional expression."""
    test = getattr(context.node, "test", None)
    return next(child for child in context.children if child.node is test)


def is_inline(context: Context) -> bool:
    """Whether a small statement stands behind the colon of another: `if x: y()`."""
    return isinstance(context.parent, cst.SimpleStatementSuite)


def asks_platform(context: Context) -> bool:
    """Whether a condition asks for the system, the Python, or a debugging flag."""
    for each in (context, *context.inside()):
        if isinstance(each.node, cst.Name) and _is_platform(each.node.value):
            return True
        if isinstance(each.node, cst.Attribute) and dotted(each.node) == "os.name":
            return True
    return False


def _is_platform(name: str) -> bool:
    systems = ("PYPY", "GRAALPY", "CPYTHON", "WINDOWS", "MACOS", "LINUX", "JYTHON", "IRONPYTHON")
    return name in PLATFORM or name.removeprefix("_").startswith(systems)


def is_noise(context: Context) -> bool:
    """Whether a statement only tells: a docstring, `pass`, a log line, something printed."""
    node = context.node
    if is_docstring(node) or context.excluded:
        return True
    small = only_small(node)
    if isinstance(small, cst.Pass):
        return True
    if isinstance(small, cst.Expr):
        quiet = any(child.excluded for child in context.children)
        return quiet or call_name(small.value) in PRINTERS
    return False


def dedented(
    node: cst.CSTNode, body: Sequence[cst.CSTNode]
) -> cst.FlattenSentinel[cst.CSTNode] | None:
    """Statements in the place of the compound statement that held them, below its comments."""
    if not body or not all(hasattr(each, "leading_lines") for each in body):
        return None
    above = [*getattr(node, "leading_lines", ()), *body[0].leading_lines]  # type: ignore[attr-defined]
    first = body[0].with_changes(leading_lines=above)
    return cst.FlattenSentinel([first, *body[1:]])


def calls_itself(context: Context) -> bool:
    """Whether the function around a node calls a function of its own name."""
    function = context.scope
    if not isinstance(function.node, cst.FunctionDef):
        return False
    name = function.node.name.value
    return any(call_name(each.node).rpartition(".")[2] == name for each in function.inside())
