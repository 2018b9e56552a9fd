"""drop-guard: a case that should be turned away, passed over or left alone is not."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.flow import in_function, is_inline
from bugbash.mutation.guards import Comprehension, asks_absence, without_filters, without_guard
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, is_lone
from bugbash.mutation.usage import leaves_unused

CHECKS = ("check", "validate", "verify", "require", "ensure", "assert", "guard", "raise_for")


class DropGuard(Mutator):
    name = "drop-guard"
    family = "logic"
    trait = "guard"
    summary = (
        "A special case is not looked at: what should be refused or skipped, or be done "
        "only then, takes the way of all others."
    )
    models = (
        "The early return, `raise`, `continue` or `if` that a later fix adds: a case forgotten."
    )
    explanation = (
        "The `if` keeps a case out that the code below is not made for, or does something that is "
        "only right now and then. Ask which inputs come this far and should not: the failing one "
        "is among them, and no line here tells it apart from the others."
    )
    examples = (
        Example(
            """
            def withdraw(account, amount):
                if amount > account.balance:
                    raise InsufficientFunds(account.id)
                account.balance -= amount
                return account.balance
            """,
            """
            def withdraw(account, amount):
                account.balance -= amount
                return account.balance
            """,
        ),
        Example(
            """
            def words(lines):
                for line in lines:
                    # Comments don't count.
                    if line.startswith('#'):
                        continue

                    yield from line.split()
            """,
            """
            def words(lines):
                for line in lines:
                    yield from line.split()
            """,
        ),
        Example(
            """
            def ship(order, today):
                if order.late:  # they wait already
                    order.rate = 0
                    order.note = 'late'
                book(order, today)
            """,
            """
            def ship(order, today):
                book(order, today)
            """,
            """
            def ship(order, today):
                order.rate = 0
                order.note = 'late'
                book(order, today)
            """,
        ),
        Example(
            """
            def grade(points, best):
                if points > best:
                    raise ValueError(points)
                elif points == best:
                    return 'A'
                return 'B'
            """,
            """
            def grade(points, best):
                if points == best:
                    return 'A'
                return 'B'
            """,
        ),
        Example(
            """
            def move(box, place):
                # Never onto itself.
                if box.place == place:
                    raise MoveError(box)
                else:
                    # From now on it is on its way.
                    box.place = place
            """,
            """
            def move(box, place):
                # Never onto itself.
                # From now on it is on its way.
                box.place = place
            """,
        ),
        Example(
            """
            def save(self, user):
                self.check_name(user)
                self.users.append(user)
            """,
            """
            def save(self, user):
                self.users.append(user)
            """,
        ),
        Example(
            "due = [job for job in jobs if job.day <= today]",
            "due = list(jobs)",
        ),
        Example(
            """
            total = sum(
                line.amount
                for line in lines
                if line.kind != 'note'
                if line.amount > 0
            )
            """,
            """
            total = sum(
                line.amount
                for line in lines
                if line.amount > 0
            )
            """,
            """
            total = sum(
                line.amount
                for line in lines
                if line.kind != 'note'
            )
            """,
        ),
        Example("""
            def first(items):
                if items is None:
                    return 0
                return items[0]
            """),
        Example("""
            def parse(text, strict):
                if strict:
                    raise ParseError(text)
                return text
            """),
        Example("""
            def depth(node, level):
                if level > 9:
                    return 9
                return max(depth(child, level + 1) for child in node)
            """),
        Example("""
            def read(stream, limit):
                while True:
                    chunk = stream.read(limit)
                    if limit == 0:
                        break
                    keep(chunk, limit)
            """),
        Example("""
            def start(path):
                if sys.platform == 'win32':
                    return None
                return open(path)
            """),
        Example("""
            def note(level, text):
                if level > 3:
                    print(text, level)
                store(level, text)
            """),
        Example("""
            if mode == 'test':
                mode = 'dry'
            """),
        Example("""
            def clamp(value, top):
                size = measure(value)
                if size > top:
                    raise ValueError(value)
                return value, top
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.If):
            if not asks_absence(context):
                yield from without_guard(context)
        elif isinstance(node, Comprehension):
            if node.for_in.ifs:
                yield from without_filters(context, absent=False)
        elif isinstance(node, cst.Expr) and _is_check(node.value) and _can_go(context):
            yield cst.RemoveFromParent()


def _can_go(context: Context) -> bool:
    if not in_function(context) or is_inline(context):
        return False
    return not is_lone(context) and not leaves_unused(context)


def _is_check(node: cst.BaseExpression) -> bool:
    """`self._check(x)`, `require_open(book)`: a call that is there to complain."""
    if isinstance(node, cst.Await):
        node = node.expression
    name = call_name(node).rpartition(".")[2].lstrip("_")
    return name.startswith(CHECKS)
