"""Questions about conditions: what they ask, and what one of their halves looks like alone."""

from __future__ import annotations

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.nodes import call_name, dotted, is_len
from bugbash.mutation.usage import root_of, text_of
from bugbash.syntax import parse_expression

KIND_CALLS = frozenset({"isinstance", "issubclass", "hasattr", "callable"})
ABSENCE_METHODS = frozenset({"exists", "is_file", "is_dir", "isfile", "isdir"})
TRUTH_METHODS = frozenset(
    {"startswith", "endswith", "match", "fullmatch", "search", "any", "all", "bool"}
)
TRUTH_PREFIXES = ("is_", "has_", "can_", "should_", "was_", "are_", "needs_", "allow", "may_")
FLAGS = frozenset(
    {"strict", "force", "quiet", "silent", "ok", "success", "done", "ready", "recursive", "inplace"}
)

SELF_CONTAINED = (
    cst.Tuple,
    cst.GeneratorExp,
    cst.Yield,
    cst.NamedExpr,
    cst.Lambda,
    cst.IfExp,
    cst.Await,
)


def is_none(node: cst.CSTNode | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def is_flag(node: cst.CSTNode) -> bool:
    """Whether a name reads like a yes or no: `is_open`, `self.closed`, `strict`."""
    name = dotted(node).rpartition(".")[2].lstrip("_").lower()
    return name.startswith(TRUTH_PREFIXES) or name.endswith("ed") or name in FLAGS


def is_value_name(node: cst.CSTNode) -> bool:
    """Whether an expression is a variable or attribute that holds a value, not a flag."""
    name = dotted(node)
    return bool(name) and name not in ("True", "False") and not name.isupper() and not is_flag(node)


def negated(node: cst.CSTNode) -> cst.BaseExpression | None:
    """What stands behind a `not`."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        return node.expression
    return None


def is_absence(node: cst.CSTNode) -> bool:
    """Whether a condition asks if there is a value, a key, a file, or one of a certain type."""
    inner = negated(node)
    if inner is not None:
        return is_value_name(inner) or is_absence(inner)
    if isinstance(node, cst.Call):
        name = call_name(node)
        return name in KIND_CALLS or name.rpartition(".")[2] in ABSENCE_METHODS
    if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
        return False
    operator, right = node.comparisons[0].operator, node.comparisons[0].comparator
    if isinstance(operator, (cst.Is, cst.IsNot)):
        return is_none(right)
    if isinstance(operator, (cst.In, cst.NotIn)):
        return is_value_name(right)
    return is_len(node.left) and isinstance(right, cst.Integer) and right.evaluated_value == 0


def guarded_by(left: cst.CSTNode, right: cst.CSTNode) -> bool:
    """`x and x.y`: whether the left half only sees to it that there is a value for the right."""
    name = dotted(left)
    return bool(name) and not is_flag(left) and mentions(right, name)


def absent_halves(node: cst.BooleanOperation) -> tuple[bool, bool]:
    """Which of the two halves of an `and` or `or` are checks for absence."""
    left = is_absence(node.left) or guarded_by(node.left, node.right)
    return left, is_absence(node.right)


def mentions(node: cst.CSTNode, name: str) -> bool:
    """Whether the dotted `name` occurs inside an expression."""
    if isinstance(node, (cst.Name, cst.Attribute)) and dotted(node) == name:
        return True
    return any(mentions(child, name) for child in node.children)


def is_truth(node: cst.CSTNode) -> bool:
    """Whether an expression is a yes or no as far as can be seen."""
    if isinstance(node, cst.Comparison) or negated(node) is not None or is_absence(node):
        return True
    if isinstance(node, cst.BooleanOperation):
        return is_truth(node.left) and is_truth(node.right)
    if isinstance(node, cst.Call):
        last = call_name(node).rpartition(".")[2].lstrip("_")
        return last in TRUTH_METHODS or last.startswith(("is", *TRUTH_PREFIXES))
    return is_flag(node)


def is_test(context: Context) -> bool:
    """Whether an expression is a condition, or a part of one: of an if, while, filter or the like.

    What is returned, assigned or handed over counts where it is a yes or no.
    """
    for around in context.chain:
        node, parent = around.node, around.parent
        if isinstance(parent, cst.BooleanOperation) or (parent and negated(parent) is not None):
            continue
        if isinstance(parent, (cst.If, cst.While, cst.CompIf, cst.IfExp)):
            return parent.test is node
        return is_truth(node) and not isinstance(parent, cst.Assert)
    return False


def in_place(kept: cst.BaseExpression, context: Context) -> cst.BaseExpression:
    """A part of the expression at `context` as one would write it in the place of the whole."""
    whole = context.node
    if isinstance(kept, SELF_CONTAINED):
        return kept
    bare = kept.with_changes(lpar=[], rpar=[])
    code = cst.Module([]).code_for_node(bare)
    if "\n" in code:
        lines_alone = not getattr(whole, "lpar", ()) and _parses(code)
        if kept.lpar or lines_alone:
            return kept
        return kept.with_changes(lpar=whole.lpar, rpar=whole.rpar)  # type: ignore[attr-defined]
    if _is_glued(context) or _level(bare) < _needed(context):
        return bare.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return bare


def _parses(code: str) -> bool:
    try:
        parse_expression(code.strip())
    except SyntaxError:
        return False
    return True


def _is_glued(context: Context) -> bool:
    """Whether a word touches the expression, as in `not(a or b)`."""
    module = root_of(context).node
    assert isinstance(module, cst.Module)
    text = text_of(module)
    around = text[max(context.start - 1, 0) : context.start] + text[context.end : context.end + 1]
    return any(char.isalnum() or char == "_" for char in around)


def _level(node: cst.BaseExpression) -> int:
    """How tightly an expression binds."""
    if isinstance(node, cst.BooleanOperation):
        return 1 if isinstance(node.operator, cst.Or) else 2
    if isinstance(node, cst.UnaryOperation):
        return 3 if isinstance(node.operator, cst.Not) else 6
    if isinstance(node, cst.Comparison):
        return 4
    return 5 if isinstance(node, cst.BinaryOperation) else 9


def _needed(context: Context) -> int:
    """How tightly an expression has to bind in its place to do without parentheses."""
    node, parent = context.node, context.parent
    if isinstance(parent, (cst.BooleanOperation, cst.UnaryOperation)):
        return _level(parent) if not isinstance(parent, cst.UnaryOperation) else _unary(parent)
    if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
        return 5
    if isinstance(parent, (cst.BinaryOperation, cst.Await, cst.StarredElement)):
        return 9
    if isinstance(parent, (cst.Attribute, cst.Subscript)):
        return 9 if parent.value is node else 0
    if isinstance(parent, cst.Call):
        return 9
    if isinstance(parent, cst.Arg):
        return 9 if parent.star else 0
    return 0


def _unary(parent: cst.UnaryOperation) -> int:
    return 3 if isinstance(parent.operator, cst.Not) else 9
