"""swap-statements: two steps in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.conditions import is_absence
from bugbash.mutation.context import Context
from bugbash.mutation.effects import (
    Effects,
    depends,
    effects,
    is_own,
    is_set_elsewhere,
    method_called,
    other_items,
)
from bugbash.mutation.flow import (
    block_children,
    branch_children,
    in_function,
    is_noise,
    jump,
    only_small,
    test_of,
)
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, is_text
from bugbash.mutation.usage import is_bound_before, names_read, source_of

STEPS = (cst.Assign, cst.AugAssign, cst.Expr, cst.Del, cst.AnnAssign)
LIMITS = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
SETUP = frozenset(
    {"add_argument", "add_subparsers", "add_parser", "set_defaults", "add_command", "mkdir"}
)
FEW = 3


class SwapStatements(Mutator):
    name = "swap-statements"
    family = "logic"
    trait = "statement"
    summary = "Two steps stand in the wrong order: one uses what the other has yet to change."
    models = (
        "Saved before it is updated, checked before it is counted, the old value read too late."
    )
    explanation = (
        "The second step reads what the first one writes, so their order is part of the meaning. "
        "Write down, line by line, what each variable holds: at one line it is still, or already, "
        "something else than the line expects."
    )
    examples = (
        Example(
            """
            def pay(self, invoice, amount):
                invoice.paid += amount
                self.book.save(invoice)
                return invoice
            """,
            """
            def pay(self, invoice, amount):
                self.book.save(invoice)
                invoice.paid += amount
                return invoice
            """,
        ),
        Example(
            """
            def parse(text):
                text = text.strip()
                if not text:
                    return None
                return text.split()
            """,
            """
            def parse(text):
                if not text:
                    return None
                text = text.strip()
                return text.split()
            """,
        ),
        Example(
            """
            class Meter:
                last = 0

                def step(self, value):
                    # What it was.
                    difference = value - self.last
                    self.last = value  # for the next one
                    return difference
            """,
        ),
        Example(
            """
            class Meter:
                last = 0

                def step(self, value):
                    log(value)

                    difference = value - self.last
                    self.last = value  # for the next one
                    return difference
            """,
            """
            class Meter:
                last = 0

                def step(self, value):
                    log(value)

                    self.last = value  # for the next one
                    difference = value - self.last
                    return difference
            """,
        ),
        Example(
            """
            def put(self, job):
                if len(self.jobs) >= self.limit:
                    raise Full(self.limit)
                self.jobs.append(job)
            """,
            """
            def put(self, job):
                self.jobs.append(job)
                if len(self.jobs) >= self.limit:
                    raise Full(self.limit)
            """,
        ),
        Example(
            """
            def rename(db, user, name):
                db.execute(UPDATE, (name, user.id))
                db.commit()
            """,
            """
            def rename(db, user, name):
                db.commit()
                db.execute(UPDATE, (name, user.id))
            """,
        ),
        Example(
            """
            def attempt(self):
                self.tries += 1
                if self.tries > 3:
                    raise GiveUp
                self.send()
            """,
            """
            def attempt(self):
                self.tries += 1
                self.send()
                if self.tries > 3:
                    raise GiveUp
            """,
        ),
        Example(
            """
            class Line:
                def __init__(self):
                    self.tries = 0

                def attempt(self):
                    self.tries += 1
                    if self.tries > 3:
                        raise GiveUp
                    return send()
            """,
            """
            class Line:
                def __init__(self):
                    self.tries = 0

                def attempt(self):
                    if self.tries > 3:
                        raise GiveUp
                    self.tries += 1
                    return send()
            """,
        ),
        Example("""
            def total(rows):
                amount = 0
                count = len(rows)
                return amount / count
            """),
        Example("""
            def read(path):
                text = path.read_text()
                rows = text.split()
                return rows
            """),
        Example("""
            def add(self, key):
                if key in self.seen:
                    raise Twice(key)
                self.seen.add(key)
            """),
        Example("""
            def lines(out, a, b):
                out.append(a)
                out.append(b)
            """),
        Example("""
            def bill(record, mail):
                record["total"] = money(record["total"])
                lines = [money(line) for line in record["lines"]]
                mail["Subject"] = lines[0]
                mail.set_content(lines)
                return lines
            """),
        Example("""
            def middle(data, order, other):
                count = len(data)
                data = sorted(data)
                order.net = other.net
                order.gross = other.gross
                return data[count // 2]
            """),
        Example("""
            def kept(steps):
                found = []
                for step in steps:
                    if step.wrong:
                        return []
                    found.append(step)
                return found
            """),
        Example("""
            def connect(db):
                db.execute("PRAGMA foreign_keys = ON")
                db.executescript(SCHEMA)
            """),
        Example("""
            def close(self):
                if self.closed:
                    raise Closed
                self.closed = True
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.IndentedBlock) or len(node.body) < 2:
            return
        if not in_function(context) or isinstance(context.parent, cst.ClassDef):
            return
        children = block_children(context)
        for index in range(len(children) - 1):
            first, second = children[index], children[index + 1]
            if _may_stand_otherwise(first, second):
                yield _swapped(node, index)


def _swapped(node: cst.IndentedBlock, index: int) -> cst.IndentedBlock:
    body = list(node.body)
    first, second = body[index], body[index + 1]
    body[index] = second.with_changes(leading_lines=first.leading_lines)  # type: ignore[attr-defined]
    body[index + 1] = first.with_changes(leading_lines=())
    return node.with_changes(body=body)


def _may_stand_otherwise(first: Context, second: Context) -> bool:
    above = getattr(first.node, "leading_lines", ())
    if any(line.comment for line in above) or getattr(second.node, "leading_lines", None):
        return False
    if is_noise(first) or is_noise(second) or _is_long(first) or _is_long(second):
        return False
    one_is_step, other_is_step = _is_step(first), _is_step(second)
    if one_is_step and (other_is_step or _is_short_if(second)):
        return _is_mixed_up(first, second)
    return other_is_step and _is_check(first) and _acts_too_early(first, second)


def _is_long(context: Context) -> bool:
    return source_of(context).count("\n") > FEW + 1


def _is_step(context: Context) -> bool:
    small = only_small(context.node)
    if isinstance(small, cst.Expr):
        value = small.value.expression if isinstance(small.value, cst.Await) else small.value
        return isinstance(value, cst.Call)
    return isinstance(small, STEPS)


def _is_short_if(context: Context) -> bool:
    node = context.node
    return isinstance(node, cst.If) and not node.orelse and len(branch_children(context)) <= FEW


def _is_check(context: Context) -> bool:
    """`if wrong: raise ...` that does not only ask for None or a key."""
    node = context.node
    if not isinstance(node, cst.If) or node.orelse or is_absence(node.test):
        return False
    return isinstance(jump(node.body), (cst.Raise, cst.Return)) and len(node.body.body) <= FEW


def _is_mixed_up(first: Context, second: Context) -> bool:
    """Whether both orders run, and mean different things."""
    one, other = effects(first), effects(second)
    if isinstance(second.node, cst.If):
        other = Effects(effects(test_of(second)).reads, other.binds, other.changes, other.methods)
    called = method_called(first), method_called(second)
    if called[0] and (called[0] == called[1] or all(c.startswith("execute") for c in called)):
        return False
    if SETUP & {method_called(first), method_called(second)} or _are_apart(first, second):
        return False
    if other_items(first, second) or _only_counts(first, second):
        return False
    if not _has_values(first, one, other) or not _has_values(first, other, one):
        return False
    uses_it = depends(other, one, second)
    was_read = _is_read_before(one, other)
    calls = bool(method_called(first) and method_called(second))
    if any(name.endswith(".row_factory") for name in one.binds | other.binds):
        return False
    if calls and not (one.changes - {"self"}) & other.changes:
        return uses_it and bool(one.binds)
    return uses_it or was_read


def _are_apart(first: Context, second: Context) -> bool:
    """`n += 1; n += 2`, two items of one dictionary: any order will do."""
    one, other = only_small(first.node), only_small(second.node)
    if isinstance(one, cst.AugAssign) and isinstance(other, cst.AugAssign):
        return not is_text(one.value) and not is_text(other.value)
    if isinstance(one, cst.Assign) and isinstance(other, cst.Assign):
        items = [each.targets[0].target for each in (one, other)]
        if all(isinstance(item, cst.Subscript) for item in items):
            keys = [cst.Module([]).code_for_node(item) for item in items]
            values = [cst.Module([]).code_for_node(each.value) for each in (one, other)]
            return keys[0] not in values[1] and keys[1] not in values[0]
    return False


def _only_counts(first: Context, second: Context) -> bool:
    """`n = len(rows)` beside `rows = sorted(rows)`."""
    small = [only_small(each.node) for each in (first, second)]
    return {call_name(s.value) for s in small if isinstance(s, cst.Assign)} == {"len", "sorted"}


def _is_read_before(one: Effects, other: Effects) -> bool:
    """`old = self.value` before `self.value = new`."""
    return bool(one.binds) and any(
        read == written or read.startswith(written + ".")
        for written in other.writes - {"self", "cls"}
        for read in one.reads
    )


def _has_values(place: Context, writer: Effects, reader: Effects) -> bool:
    """Whether what `writer` binds and `reader` reads is bound before either of them."""
    for name in writer.binds:
        owner, _, attribute = name.partition(".")
        if not attribute:
            read = name in reader.reads or any(r.startswith(name + ".") for r in reader.reads)
            if read and not is_bound_before(place, name):
                return False
        elif owner == "self":
            if not is_set_elsewhere(attribute.split(".")[0], place):
                return False
        elif name in reader.reads:
            return False
    return True


def _acts_too_early(check: Context, act: Context) -> bool:
    """The step is done even where the check then refuses."""
    test, done = effects(test_of(check)), effects(act)
    lasting = {name for name in done.binds if "." in name} | done.changes
    lasting -= {name for name in lasting if is_own(name, act) and name not in names_read(check)}
    if not lasting or method_called(act) in SETUP:
        return False
    if done.binds - lasting and (done.binds - lasting) & names_read(check):
        return False
    if any(name.startswith("self.") for name in done.binds) and not _has_values(check, done, test):
        return False
    touched = any(
        read == written or read.startswith(written + ".")
        for written in done.writes - {"self", "cls"}
        for read in test.reads
    )
    return not touched or _asks_limit(test_of(check))


def _asks_limit(test: Context) -> bool:
    node = test.node
    return isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, LIMITS)
