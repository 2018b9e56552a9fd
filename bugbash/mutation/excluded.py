"""Code that is never mutated: it has no behaviour, or only that of a message."""

from __future__ import annotations

import libcst as cst

LOG_METHODS = frozenset(
    {"debug", "info", "warn", "warning", "error", "exception", "critical", "fatal", "log"}
)
MESSAGE_CALLS = frozenset({"warnings.warn", "warn", "TypeVar", "ParamSpec", "NewType"})
TYPE_FORMS = frozenset({"Literal", "Union", "Optional", "Annotated", "Callable"})


def is_excluded(node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
    """Whether `node` and all that is inside it must stay as it is."""
    check = CHECKS.get(type(node))
    if check and check(node, parent):
        return True
    return isinstance(parent, (cst.If, cst.Assert, cst.Arg)) and _is_quiet_part(node, parent)


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` for a name or an attribute of names; "" for any other expression."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    return ".".join([node.value, *reversed(parts)]) if isinstance(node, cst.Name) else ""


def is_text(node: cst.CSTNode) -> bool:
    """Whether an expression is a string or is put together from strings."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return is_text(node.func.value)
    return False


def _is_log_call(node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.Call):
        return False
    name = dotted(node.func)
    receiver, _, method = name.rpartition(".")
    return name in MESSAGE_CALLS or (method in LOG_METHODS and "log" in receiver.lower())


def _always(_node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    return True


def _expression(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    assert isinstance(node, cst.Expr)
    bare = isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis))
    return bare or _is_log_call(node.value) or _changes_all(node.value)


def _changes_all(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and dotted(node.func).startswith("__all__.")


def _assignment(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    if isinstance(node, cst.Assign):
        names = {dotted(target.target) for target in node.targets}
    else:
        assert isinstance(node, (cst.AugAssign, cst.AnnAssign))
        names = {dotted(node.target)}
        if isinstance(node, cst.AnnAssign) and "TypeAlias" in dotted(node.annotation.annotation):
            return True
    return bool(names & {"__all__", "__slots__", "__version__", "__author__"})


def _call(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    return _is_log_call(node)


def _subscript(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    assert isinstance(node, cst.Subscript)
    return dotted(node.value).rpartition(".")[2] in TYPE_FORMS


def _function(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    assert isinstance(node, cst.FunctionDef)
    names = (dotted(decorator.decorator).rpartition(".")[2] for decorator in node.decorators)
    return "overload" in names


def _if(node: cst.CSTNode, _parent: cst.CSTNode | None) -> bool:
    assert isinstance(node, cst.If)
    test = node.test
    return isinstance(test, cst.Comparison) and dotted(test.left) == "__name__"


def _is_quiet_part(node: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """The guarded part of `if TYPE_CHECKING`, and the message of an assertion."""
    if isinstance(parent, cst.If):
        checking = dotted(parent.test).rpartition(".")[2] == "TYPE_CHECKING"
        return checking and node is not parent.orelse
    return isinstance(parent, cst.Assert) and node is parent.msg


def is_message(node: cst.CSTNode, parent: cst.CSTNode | None, outer: cst.CSTNode | None) -> bool:
    """Whether `node` is an argument of a raised exception (`parent` a call in `outer`) and text."""
    return (
        isinstance(node, cst.Arg)
        and isinstance(parent, cst.Call)
        and isinstance(outer, cst.Raise)
        and is_text(node.value)
    )


CHECKS = {
    cst.Annotation: _always,
    cst.TypeAlias: _always,
    cst.TypeParameters: _always,
    cst.Import: _always,
    cst.ImportFrom: _always,
    cst.Expr: _expression,
    cst.Assign: _assignment,
    cst.AugAssign: _assignment,
    cst.AnnAssign: _assignment,
    cst.Call: _call,
    cst.Subscript: _subscript,
    cst.FunctionDef: _function,
    cst.If: _if,
}
