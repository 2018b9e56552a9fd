"""stale-value: the value from before the update is used."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.emptiness import annotated_types
from bugbash.mutation.flow import in_function
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.usage import binds_within, is_parameter, reads_within, role_of

KEEPING = frozenset(
    {
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "casefold",
        "title",
        "capitalize",
        "replace",
        "removeprefix",
        "removesuffix",
        "normalize",
        "resolve",
        "expanduser",
        "absolute",
        "astimezone",
        "quantize",
        "with_suffix",
        "with_name",
        "translate",
        "zfill",
        "copy",
        "abs",
        "round",
        "sorted",
        "reversed",
        "max",
        "min",
        "quote",
        "unquote",
        "escape",
        "unescape",
        "realpath",
        "normpath",
        "abspath",
        "normcase",
        "dedent",
        "sub",
    }
)
"""Functions and methods whose result is of the kind of what they are given."""
MODULES = frozenset({"re", "os.path", "html", "math", "unicodedata", "posixpath", "shlex", "copy"})
SPANS = frozenset({"timedelta", "datetime.timedelta", "relativedelta", "dt.timedelta"})
OTHER_KINDS = frozenset(
    {"id", "len", "hash", "type", "repr", "open", "Path", "ord", "chr", "iter", "exp", "log"}
)
MAKING = ("normal", "clean", "canonical", "sanit", "trim", "round", "clamp", "advance")


class StaleValue(Mutator):
    name = "stale-value"
    family = "logic"
    trait = "name"
    summary = "The value from before a step is used where the one from after it belongs."
    models = "The raw name stored beside the cleaned one, the old total written after the sum."
    explanation = (
        "There are two values of the same kind, one made from the other, and only the later one is "
        "right from here on. Wherever both are in reach, ask of each use which of the two it is; "
        "input that the step leaves unchanged hides the mistake."
    )
    examples = (
        Example(
            """
            def add(users, raw):
                name = raw.strip().lower()
                if name in users:
                    raise Taken(name)
                users[name] = User(name)
            """,
            """
            def add(users, raw):
                name = raw.strip().lower()
                if raw in users:
                    raise Taken(name)
                users[name] = User(name)
            """,
            """
            def add(users, raw):
                name = raw.strip().lower()
                if name in users:
                    raise Taken(raw)
                users[name] = User(name)
            """,
            """
            def add(users, raw):
                name = raw.strip().lower()
                if name in users:
                    raise Taken(name)
                users[raw] = User(name)
            """,
            """
            def add(users, raw):
                name = raw.strip().lower()
                if name in users:
                    raise Taken(name)
                users[name] = User(raw)
            """,
        ),
        Example(
            """
            def deposit(book, balance, amount):
                new_balance = balance + amount
                book.save(new_balance)
                return new_balance
            """,
            """
            def deposit(book, balance, amount):
                new_balance = balance + amount
                book.save(balance)
                return new_balance
            """,
            """
            def deposit(book, balance, amount):
                new_balance = balance + amount
                book.save(new_balance)
                return balance
            """,
        ),
        Example(
            """
            def close(store, invoice):
                closed_invoice = move(invoice, State.CLOSED)
                store.save(
                    closed_invoice,  # for good
                )
                return closed_invoice
            """,
            """
            def close(store, invoice):
                closed_invoice = move(invoice, State.CLOSED)
                store.save(
                    invoice,  # for good
                )
                return closed_invoice
            """,
            """
            def close(store, invoice):
                closed_invoice = move(invoice, State.CLOSED)
                store.save(
                    closed_invoice,  # for good
                )
                return invoice
            """,
        ),
        Example(
            """
            def run(job, size):
                limit = min(size, 10)
                job.take(limit, most=limit)
            """,
            """
            def run(job, size):
                limit = min(size, 10)
                job.take(size, most=limit)
            """,
            """
            def run(job, size):
                limit = min(size, 10)
                job.take(limit, most=size)
            """,
        ),
        Example("""
            def read(path):
                rows = load(path)
                show(rows)
                return rows
            """),
        Example("""
            def once(raw):
                name = raw.strip()
                return name
            """),
        Example("""
            def twice(raw):
                raw = raw.strip()
                return raw, raw
            """),
        Example("""
            def other(raw):
                name = raw.strip()
                raw = next_line()
                return name, name, raw
            """),
        Example("""
            def size(text):
                length = len(text)
                return length, length
            """),
        Example("""
            def order(merchants: Iterable[str], start):
                names = sorted(merchants)
                return names[start:] + names[:start]
            """),
        Example("""
            def later(raw):
                clean = raw.strip()
                return lambda raw: clean + clean
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Name) or not in_function(context):
            return
        if role_of(context) != "read" or context.excluded:
            return
        for old in _made_from(node.value, context):
            yield cst.Name(old, lpar=node.lpar, rpar=node.rpar)


def _made_from(name: str, context: Context) -> Iterator[str]:
    """The variable that `name` was made from, where it could stand here in its place."""
    function = context.scope
    if not isinstance(function.node, cst.FunctionDef):
        return
    binds = binds_within(context, name, function)
    if len(binds) != 1 or binds[0] > context.start or is_parameter(context, name):
        return
    if len(reads_within(context, name, function)) < 2 or _is_called(context):
        return
    for sibling in _before(context):
        old = _source(sibling.node, name)
        if old and _is_once_only(old, context):
            return
        if old and _stays(old, sibling, function, context) and not _stands_beside(old, context):
            yield old
            return


def _is_once_only(old: str, context: Context) -> bool:
    """Whether the older value has no items to ask for, by its annotation: an iterable."""
    if not isinstance(context.parent, cst.Subscript) or context.parent.value is not context.node:
        return False
    kinds = annotated_types(cst.Name(old), context) or frozenset()
    return bool(kinds & {"Iterable", "Iterator", "Generator", "Set", "AbstractSet", "set"})


def _is_called(context: Context) -> bool:
    """Whether the name stands where something else than its value is meant."""
    return isinstance(context.parent, (cst.Call, cst.Del))


def _before(context: Context) -> Iterator[Context]:
    """The statements that are sure to have run before, the nearest block first."""
    for around in context.chain:
        if isinstance(around.node, cst.FunctionDef):
            return
        outer = around.outer
        if outer and isinstance(outer.node, cst.IndentedBlock):
            for sibling in outer.children:
                if sibling is around:
                    break
                if isinstance(sibling.node, cst.SimpleStatementLine):
                    yield sibling


def _source(statement: cst.CSTNode, name: str) -> str:
    """`old` of `name = change(old)`, `name = old.strip()` or `name = old + more`."""
    assert isinstance(statement, cst.SimpleStatementLine)
    small = statement.body[0]
    if not isinstance(small, cst.Assign) or len(small.targets) != 1:
        return ""
    if dotted(small.targets[0].target) != name:
        return ""
    value = small.value
    old = _operand(value)
    if not old or old == name or "." in old or old in ("self", "cls", "True", "False", "None"):
        return ""
    return old if _is_same_kind(value, old, name) else ""


def _operand(value: cst.BaseExpression) -> str:
    """The variable that an expression makes another value from."""
    if isinstance(value, (cst.BinaryOperation, cst.BooleanOperation)):
        return dotted(value.left)
    if not isinstance(value, cst.Call):
        return ""
    if isinstance(value.func, cst.Attribute) and value.func.attr.value in KEEPING:
        receiver = value.func.value
        inner = dotted(receiver) or (_operand(receiver) if _is_method(receiver) else "")
        if inner and inner not in MODULES:
            return inner
    plain = [arg for arg in value.args if not arg.keyword and not arg.star]
    if call_name(value).rpartition(".")[2] == "sub" and len(plain) == 3:
        return dotted(plain[2].value)
    if _is_method(value) and call_name(value).rpartition(".")[0] not in MODULES:
        return ""
    return dotted(plain[0].value) if plain else ""


def _is_method(node: cst.BaseExpression) -> bool:
    """Whether a call is one of the methods that keep the kind."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in KEEPING
    )


def _is_same_kind(value: cst.BaseExpression, old: str, name: str) -> bool:
    """Whether a reader would take one for the other: by what is done, or by their names."""
    alike = old.rpartition("_")[2] == name.rpartition("_")[2]
    if isinstance(value, cst.BinaryOperation):
        if not isinstance(value.operator, (cst.Add, cst.Subtract)):
            return False
        return alike or isinstance(value.right, cst.Integer) or call_name(value.right) in SPANS
    if not isinstance(value, cst.Call):
        return alike and isinstance(value, cst.BooleanOperation) and _is_or(value)
    last = call_name(value).rpartition(".")[2].lstrip("_")
    if last in ("max", "min"):
        plain = [arg for arg in value.args if not arg.keyword and not arg.star]
        return alike or (len(plain) == 2 and not dotted(plain[1].value))
    return last in KEEPING or last.startswith(MAKING) or (alike and last not in OTHER_KINDS)


def _is_or(value: cst.BooleanOperation) -> bool:
    return isinstance(value.operator, cst.Or)


def _stands_beside(old: str, context: Context) -> bool:
    """Whether the older value is there already: `f(raw, raw)`, `raw < raw`."""
    kinds = (cst.Call, cst.Comparison, cst.BinaryOperation, cst.BooleanOperation, cst.Tuple)
    for around in context.chain:
        if isinstance(around.node, kinds):
            start, end = around.start, around.end
            return any(start <= at < end for at in reads_within(context, old, around))
        if isinstance(around.node, cst.BaseStatement):
            return False
    return False


def _stays(old: str, statement: Context, function: Context, context: Context) -> bool:
    """Whether the older variable still holds that value at the place of the use."""
    changed = binds_within(context, old, function)
    parameter = is_parameter(context, old)
    if not changed and not parameter:
        return False
    own = [at for at in changed if at > statement.start]
    first = min(changed, default=statement.start)
    return not own and (parameter or first < statement.start)
