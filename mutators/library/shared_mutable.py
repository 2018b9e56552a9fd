"""shared-mutable: one list or dictionary where each was to have its own."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.calls import same_code
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import is_docstring

MAKERS = frozenset({"list", "dict", "set", "defaultdict", "Counter", "OrderedDict", "deque"})
REFUSED = MAKERS | {"bytearray", "field"}
"""What `dataclasses` refuses as a default."""
CHANGING = frozenset(
    {
        "add",
        "append",
        "appendleft",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "popleft",
        "remove",
        "setdefault",
        "update",
    }
)


class SharedMutable(Mutator):
    name = "shared-mutable"
    family = "library"
    trait = "statement"
    summary = "Several objects or calls share one list or dictionary: what one adds, all see."
    models = "`def f(x=[])`, a list in the class body, `[[0] * 3] * 3`, a default made once."
    explanation = (
        "A default argument and a class body run once, and `*` repeats the same object: the list "
        "made there is one and the same for all. Compare `id(...)` of two of them, and look for "
        "the place where it is made rather than where it is changed."
    )
    examples = (
        Example(
            """
            def tagged(name, tags=None):
                \"\"\"The tags with one more.\"\"\"
                if tags is None:
                    tags = []
                tags.append(name)
                return tags
            """,
            """
            def tagged(name, tags=[]):
                \"\"\"The tags with one more.\"\"\"
                tags.append(name)
                return tags
            """,
        ),
        Example(
            """
            def collect(rows, found: dict | None = None):
                found = found or {}
                for row in rows:
                    found[row.name] = row
                return found
            """,
            """
            def collect(rows, found: dict | None = {}):
                for row in rows:
                    found[row.name] = row
                return found
            """,
        ),
        Example("grid = [[0] * width for _ in range(height)]", "grid = [[0] * width] * height"),
        Example("rows = [[] for row in range(n + 1)]", "rows = [[]] * (n + 1)"),
        Example("groups = {name: [] for name in names}", "groups = dict.fromkeys(names, [])"),
        Example(
            """
            @dataclass
            class Order:
                tags: list = field(default_factory=list)
                made: datetime = field(default_factory=datetime.now)
            """,
            """
            @dataclass
            class Order:
                tags: list = field(default_factory=list)
                made: datetime = field(default=datetime.now())
            """,
        ),
        Example(
            """
            class Queue:
                \"\"\"What waits.\"\"\"

                def __init__(self, limit):
                    self.limit = limit
                    self.waiting: list[str] = []

                def put(self, name):
                    self.waiting.append(name)
            """,
            """
            class Queue:
                \"\"\"What waits.\"\"\"

                waiting: list[str] = []

                def __init__(self, limit):
                    self.limit = limit

                def put(self, name):
                    self.waiting.append(name)
            """,
        ),
        Example(
            """
            def first(tags=None):
                if tags is None:
                    tags = []
                return len(tags)
            """
        ),
        Example("squares = [[n] for n in range(3)]"),
        Example("zeros = [0 for _ in range(3)]"),
        Example("names = {name: [name] for name in names}"),
        Example(
            """
            class Queue:
                __slots__ = ("limit", "waiting")

                def __init__(self, limit):
                    self.limit = limit
                    self.waiting = []

                def put(self, name):
                    self.waiting.append(name)
            """
        ),
        Example(
            """
            class Box:
                def __init__(self, size):
                    self.size = size
                    self.rows = []

                def reset(self):
                    self.rows = []
            """
        ),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.FunctionDef):
            yield from _defaults(node, context)
        elif isinstance(node, cst.ListComp):
            yield from _repeated(node)
        elif isinstance(node, cst.DictComp):
            yield from _keys(node)
        elif isinstance(node, cst.Call) and dotted(node.func) in ("field", "dataclasses.field"):
            yield from _factories(node, context)
        elif isinstance(node, cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
            yield from _attributes(node, context)


def _is_empty(node: cst.BaseExpression | None) -> bool:
    """Whether it makes a new, empty list, dictionary or set."""
    if isinstance(node, (cst.List, cst.Dict)):
        return not node.elements
    return isinstance(node, cst.Call) and dotted(node.func) in MAKERS and not node.args


def _defaults(function: cst.FunctionDef, context: Context) -> Iterator[cst.FunctionDef]:
    """A parameter that is None, and a guard that makes the list, to a list as the default."""
    if not isinstance(function.body, cst.IndentedBlock) or len(function.body.body) < 2:
        return
    for statement in function.body.body:
        made = _made(statement)
        if made is None:
            continue
        name, value = made
        params = [_replaced(param, name, value) for param in function.params.params]
        same = all(new is old for new, old in zip(params, function.params.params, strict=True))
        if same or not _changes(name, context):
            continue
        body = [other for other in function.body.body if other is not statement]
        yield function.with_changes(
            params=function.params.with_changes(params=params),
            body=function.body.with_changes(body=body),
        )


def _replaced(param: cst.Param, name: str, value: cst.BaseExpression) -> cst.Param:
    none = isinstance(param.default, cst.Name) and param.default.value == "None"
    return param.with_changes(default=value) if none and param.name.value == name else param


def _made(statement: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    """Name and value of `if x is None: x = []` and of `x = x or []`."""
    guarded = ""
    if isinstance(statement, cst.If) and statement.orelse is None:
        test, body = statement.test, statement.body
        guarded = _none_test(test)
        if not guarded or not isinstance(body, cst.IndentedBlock) or len(body.body) != 1:
            return None
        statement = body.body[0]
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    assign = statement.body[0]
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return None
    name, value = dotted(assign.targets[0].target), assign.value
    if not guarded and isinstance(value, cst.BooleanOperation) and dotted(value.left) == name:
        guarded, value = name, value.right
    return (name, value) if guarded == name and _is_empty(value) else None


def _none_test(test: cst.BaseExpression) -> str:
    """`x` for `x is None`."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return ""
    target = test.comparisons[0]
    is_none = isinstance(target.operator, cst.Is) and dotted(target.comparator) == "None"
    return dotted(test.left) if is_none else ""


def _changes(name: str, context: Context) -> bool:
    """Whether the function changes or keeps what `name` holds: else, nobody sees it is shared."""
    for each in context.inside():
        if not isinstance(each.node, cst.Name) or each.node.value != name:
            continue
        parent, outer = each.parent, each.outer
        if isinstance(parent, cst.Attribute) and parent.attr.value in CHANGING:
            return True
        item = outer.parent if isinstance(parent, cst.Subscript) and outer else None
        if isinstance(item, (cst.AssignTarget, cst.AugAssign)):
            return True
        if isinstance(parent, cst.Assign) and "." in dotted(parent.targets[0].target):
            return True
    return False


def _repeated(node: cst.ListComp) -> Iterator[cst.BinaryOperation]:
    """`[[...] for _ in range(n)]` to `[[...]] * n`."""
    loop = node.for_in
    count = _range(loop.iter)
    if count is None or loop.ifs or loop.inner_for_in or loop.asynchronous:
        return
    elt = node.elt
    row = elt.left if isinstance(elt, cst.BinaryOperation) else elt
    if not (isinstance(row, cst.List) or _is_empty(row)) or _mentions(elt, loop.target):
        return
    if not isinstance(count, (cst.Name, cst.Attribute, cst.Call, cst.Integer, cst.Subscript)):
        count = count.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    rows = cst.List([cst.Element(elt)])
    yield cst.BinaryOperation(rows, cst.Multiply(), count, lpar=node.lpar, rpar=node.rpar)


def _range(node: cst.BaseExpression) -> cst.BaseExpression | None:
    if isinstance(node, cst.Call) and dotted(node.func) == "range" and len(node.args) == 1:
        return node.args[0].value
    return None


def _mentions(node: cst.CSTNode, target: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return same_code(node, target)
    return any(_mentions(child, target) for child in node.children)


def _keys(node: cst.DictComp) -> Iterator[cst.Call]:
    """`{key: [] for key in keys}` to `dict.fromkeys(keys, [])`."""
    loop = node.for_in
    plain = not (loop.ifs or loop.inner_for_in or loop.asynchronous)
    if plain and _is_empty(node.value) and same_code(node.key, loop.target):
        function = cst.Attribute(cst.Name("dict"), cst.Name("fromkeys"))
        yield cst.Call(function, [cst.Arg(loop.iter), cst.Arg(node.value)])


def _factories(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    """`default_factory=make` to `default=make()`, where `dataclasses` takes it."""
    for index, arg in enumerate(call.args):
        if not arg.keyword or arg.keyword.value != "default_factory":
            continue
        made = _product(arg.value)
        first = dotted(arg.value).partition(".")[0]
        if made is None or not (first == "" or _is_known(first, context)):
            continue
        args = list(call.args)
        args[index] = arg.with_changes(keyword=cst.Name("default"), value=made)
        yield call.with_changes(args=args)


def _product(factory: cst.BaseExpression) -> cst.BaseExpression | None:
    name = dotted(factory)
    if name:
        return None if name.rpartition(".")[2] in REFUSED else cst.Call(factory)
    if isinstance(factory, cst.Lambda) and isinstance(factory.body, cst.Call):
        called = dotted(factory.body.func).rpartition(".")[2]
        return None if called in REFUSED or not called else factory.body
    return None


def _is_known(name: str, context: Context) -> bool:
    """Whether the name is bound above the class."""
    bound = context.names.bound(context.root, name)
    return not bound or bound[0].at.end < context.start


def _attributes(node: cst.ClassDef, context: Context) -> Iterator[cst.ClassDef]:
    """`self.x = []` of `__init__` to `x = []` above it, where the list is changed in place."""
    body = list(node.body.body)
    index = next((i for i, each in enumerate(body) if _is_init(each)), None)
    if index is None or any(_names_slots(each) for each in body) or node.decorators:
        return
    init = body[index]
    assert isinstance(init, cst.FunctionDef) and isinstance(init.body, cst.IndentedBlock)
    if len(init.body.body) < 2:
        return
    for statement in init.body.body:
        moved = _moved(statement)
        if moved is None or not _is_changed(moved[0], context):
            continue
        rest = [each for each in init.body.body if each is not statement]
        smaller = init.with_changes(body=init.body.with_changes(body=rest))
        placed = _placed(moved[1], smaller, body[index - 1] if index else None)
        parts = [*body[:index], *placed, *body[index + 1 :]]
        yield node.with_changes(body=node.body.with_changes(body=parts))


def _is_init(node: cst.CSTNode) -> bool:
    return (
        isinstance(node, cst.FunctionDef)
        and node.name.value == "__init__"
        and isinstance(node.body, cst.IndentedBlock)
    )


def _names_slots(node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(node.body[0], cst.Assign):
        return False
    return dotted(node.body[0].targets[0].target) == "__slots__"


def _moved(statement: cst.CSTNode) -> tuple[str, cst.SimpleStatementLine] | None:
    """The attribute's name, and the assignment as it stands in a class body."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    assign = statement.body[0]
    if isinstance(assign, cst.Assign) and len(assign.targets) == 1:
        target, value = assign.targets[0].target, assign.value
    elif isinstance(assign, cst.AnnAssign) and assign.value is not None:
        target, value = assign.target, assign.value
    else:
        return None
    if not isinstance(target, cst.Attribute) or dotted(target.value) != "self":
        return None
    if not _is_empty(value) or target.attr.value.startswith("__"):
        return None
    if isinstance(assign, cst.Assign):
        bare = assign.with_changes(targets=[assign.targets[0].with_changes(target=target.attr)])
        return target.attr.value, statement.with_changes(body=[bare])
    return target.attr.value, statement.with_changes(body=[assign.with_changes(target=target.attr)])


def _is_changed(name: str, context: Context) -> bool:
    """Whether the attribute is changed in place."""
    names = context.names
    if CHANGING & set(names.attributes.get(f"self.{name}", {})):
        return True
    places = names.attributes.get("self", {}).get(name, [])
    return any(
        isinstance(place.parent, cst.Subscript)
        and place.outer is not None
        and isinstance(place.outer.parent, cst.AssignTarget)
        for place in places
    )


def _placed(
    attribute: cst.SimpleStatementLine, init: cst.FunctionDef, before: cst.CSTNode | None
) -> tuple[cst.BaseStatement, ...]:
    """The attribute and `__init__` below it, with a blank line between."""
    blank = cst.EmptyLine(indent=False)
    apart = before is not None and is_docstring(before)
    above = [blank] if apart or isinstance(before, (cst.FunctionDef, cst.ClassDef)) else []
    above += [line for line in attribute.leading_lines if line.comment]
    lines = init.leading_lines or (blank,)
    return attribute.with_changes(leading_lines=above), init.with_changes(leading_lines=lines)
