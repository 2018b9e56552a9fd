"""drop-statement: a step is missing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.effects import depends, effects, is_set_elsewhere
from bugbash.mutation.flow import PRINTERS, in_function, is_inline, is_noise, loops_around, test_of
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_lone
from bugbash.mutation.usage import is_bound_before, leaves_unbound, leaves_unused

BUILDERS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__"})
"""Where an object gets its attributes: without one of them nothing works."""
NEEDED = frozenset(
    {
        "mkdir",
        "makedirs",
        "add_argument",
        "add_parser",
        "add_option",
        "add_typer",
        "include_router",
        "register_blueprint",
        "add_subparsers",
        "set_defaults",
        "executescript",
        "create_all",
        "write",
        "write_text",
        "write_bytes",
        "writelines",
        "writerow",
        "writerows",
        "writeheader",
        "setattr",
        "sleep",
        "exit",
        "collect",
        "set_trace",
    }
)
"""Calls that belong to other mutators, or whose absence is no believable slip."""
FILLING = (cst.Expr, cst.Assign, cst.AugAssign, cst.Del)
MESSAGES = frozenset({"msg", "message", "usage", "hint", "description", "error_message"})
SETUP = frozenset({"row_factory", "__doc__", "__name__", "__module__"})
CHECKS = ("check", "validate", "verify", "require", "ensure", "assert", "guard", "raise_for")


class DropStatement(Mutator):
    name = "drop-statement"
    family = "logic"
    trait = "statement"
    summary = "A step is missing: something is not counted, kept, reset, sent or closed."
    models = "The forgotten `commit()`, the counter not raised, the cache not cleared."
    explanation = (
        "Each step leaves something behind that later code relies on. Follow the wrong value to "
        "the places that set it: on the failing path one of them is never reached, because it is "
        "not there. Comparing with a similar function helps to see what is missing."
    )
    examples = (
        Example(
            """
            def add(book, item):
                book.items.append(item)
                book.index[item.key] = item
                book.size += 1
            """,
            """
            def add(book, item):
                book.index[item.key] = item
                book.size += 1
            """,
            """
            def add(book, item):
                book.items.append(item)
                book.size += 1
            """,
            """
            def add(book, item):
                book.items.append(item)
                book.index[item.key] = item
            """,
        ),
        Example(
            """
            def save(session, user):
                # Once for all of them.
                session.add(user)

                session.commit()
                return user.id
            """,
            """
            def save(session, user):
                session.commit()
                return user.id
            """,
            """
            def save(session, user):
                # Once for all of them.
                session.add(user)

                return user.id
            """,
        ),
        Example(
            """
            def count(rows):
                seen = 0
                for row in rows:
                    use(row)
                    seen += row.size  # whatever it holds
                return seen
            """,
            """
            def count(rows):
                seen = 0
                for row in rows:
                    seen += row.size  # whatever it holds
                return seen
            """,
            """
            def count(rows):
                seen = 0
                for row in rows:
                    use(row)
                return seen
            """,
        ),
        Example(
            """
            def parse(text):
                text = text.strip()
                return text.split(',')
            """,
            """
            def parse(text):
                return text.split(',')
            """,
        ),
        Example(
            """
            class Door:
                def __init__(self):
                    self.open = False

                def enter(self, guest):
                    self.open = True
                    return guest.greet()
            """,
            """
            class Door:
                def __init__(self):
                    self.open = False

                def enter(self, guest):
                    return guest.greet()
            """,
        ),
        Example(
            """
            def forget(cache, key):
                del cache[key]; cache.gone = key
            """,
            """
            def forget(cache, key):
                cache.gone = key
            """,
            """
            def forget(cache, key):
                del cache[key]
            """,
        ),
        Example(
            """
            async def close(pool):
                await pool.drain()
                return pool.size
            """,
            """
            async def close(pool):
                return pool.size
            """,
        ),
        Example(
            """
            def __init__(self, size):
                self.size = size
                self.queue.start()
            """,
            """
            def __init__(self, size):
                self.size = size
            """,
        ),
        Example("""
            def start(self, url):
                super().__init__(url)
                self.fresh = url
            """),
        Example("""
            def run(self):
                print('starting')
                logger.info('starting')
                path.mkdir()
                return path
            """),
        Example("""
            def first(rows):
                best = rows[0]
                return best
            """),
        Example("""
            def scan(text, i):
                while i < 9:
                    i += 1
                    yield text[i]
            """),
        Example("""
            def store(self, text):
                size = len(text)
                self.log.append(size)
                return text
            """),
        Example("""
            def only(self, text):
                self.text.append(text)
            """),
        Example("setup(); session.commit()"),
        Example("""
            def flush(self, rows):
                if rows: self.writer.flush(rows)
                return rows
            """),
        Example("""
            def open_ones(rows):
                found = []
                for row in rows:
                    if row.closed:
                        continue
                    found.append(row)
                return found
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, (cst.Assign, cst.AugAssign, cst.Expr, cst.Del)):
            return
        if not in_function(context) or is_inline(context) or is_lone(context):
            return
        if _is_first_after_docstring(context):
            return
        if not _may_be_forgotten(node, context) or _drives_a_loop(context):
            return
        if _is_only_filling(context):
            return
        if not leaves_unused(context) and not leaves_unbound(context):
            yield cst.RemoveFromParent()


def _is_first_after_docstring(context: Context) -> bool:
    """Whether all that would be left is told, not done."""
    statement = context.statement
    outer = statement.outer
    if outer is None or len(getattr(statement.node, "body", ())) > 1:
        return False
    others = [c for c in outer.children if c is not statement and hasattr(c.node, "body")]
    return bool(others) and all(is_noise(other) for other in others)


def _may_be_forgotten(node: cst.BaseSmallStatement, context: Context) -> bool:
    if isinstance(node, cst.Expr):
        return _is_step(node.value)
    if isinstance(node, cst.Del):
        return isinstance(node.target, (cst.Subscript, cst.Attribute))
    if isinstance(node, cst.AugAssign):
        if dotted(node.target).rpartition(".")[2] in MESSAGES:
            return False
        return _has_value_without(node.target, context)
    assert isinstance(node, cst.Assign)
    return len(node.targets) == 1 and _has_value_without(node.targets[0].target, context)


def _is_step(node: cst.BaseExpression) -> bool:
    """`queue.clear()`, `send(mail)`: a call for what it does, not a check or an output."""
    if isinstance(node, cst.Await):
        node = node.expression
    if not isinstance(node, cst.Call):
        return False
    name = call_name(node)
    last = name.rpartition(".")[2]
    if any(word in last.lower() for word in ("debug", "log", "trace", "warn")):
        return False
    if name in PRINTERS or last in NEEDED or last.lstrip("_").startswith(CHECKS) or not last:
        return False
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    return call_name(owner) != "super" if owner else True


def _has_value_without(target: cst.BaseExpression, context: Context) -> bool:
    """Whether what is assigned has a value without it too."""
    if isinstance(target, cst.Name):
        return is_bound_before(context, target.value)
    if isinstance(target, cst.Subscript):
        return bool(dotted(target.value)) or isinstance(target.value, cst.Subscript)
    if not isinstance(target, cst.Attribute) or target.attr.value in SETUP:
        return False
    scope = context.scope.node
    building = isinstance(scope, cst.FunctionDef) and scope.name.value in BUILDERS
    if dotted(target.value) != "self":
        return bool(dotted(target.value))
    return (not building or isinstance(context.node, cst.AugAssign)) and is_set_elsewhere(
        target.attr.value, context.statement
    )


def _is_only_filling(context: Context) -> bool:
    """Whether a collection made in the function would stay empty: nobody forgets to fill it."""
    function = context.scope
    filled = {name for name in effects(context).changes if "." not in name}
    for name in filled & _made_empty(function):
        others = [
            each
            for each in function.inside()
            if isinstance(each.node, FILLING)
            and not context.start <= each.start < context.end
            and name in effects(each).changes
        ]
        if not others and not _is_asked(function, name):
            return True
    return False


def _made_empty(function: Context) -> set[str]:
    """The variables that begin as `[]`, `{}`, `set()` and the like."""
    found = set()
    for each in function.inside():
        node = each.node
        if isinstance(node, (cst.Assign, cst.AnnAssign)) and node.value and _is_empty(node.value):
            found |= effects(each).binds
    return found


def _is_empty(value: cst.BaseExpression) -> bool:
    if isinstance(value, (cst.List, cst.Dict)):
        return not value.elements
    return isinstance(value, cst.Call) and not value.args


def _is_asked(function: Context, name: str) -> bool:
    """`key in seen`: the collection is there to be asked, not to be handed back."""
    kinds = (cst.In, cst.NotIn)
    return any(
        isinstance(each.node, cst.ComparisonTarget)
        and isinstance(each.node.operator, kinds)
        and dotted(each.node.comparator) == name
        for each in function.inside()
    )


def _drives_a_loop(context: Context) -> bool:
    """Whether a `while` may never end without the statement."""
    done = effects(context)
    for loop in loops_around(context):
        if isinstance(loop.node, cst.While):
            tests = [test_of(loop)] if not _is_endless(loop.node) else list(_exits(loop))
            if any(depends(effects(test), done, context) for test in tests):
                return True
    return False


def _is_endless(loop: cst.While) -> bool:
    return isinstance(loop.test, cst.Integer) or dotted(loop.test) == "True"


def _exits(loop: Context) -> Iterator[Context]:
    """The conditions inside a `while True`."""
    for context in loop.inside():
        if isinstance(context.node, cst.If):
            yield test_of(context)
