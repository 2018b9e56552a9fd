"""narrow-except: an error that was expected gets through."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.error_classes import NARROWER, SIBLINGS, covers
from bugbash.mutation.imports import is_builtin, is_last_use
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted


class NarrowExcept(Mutator):
    name = "narrow-except"
    family = "validation"
    trait = "except"
    summary = "An error that used to be dealt with is not caught any more: the caller gets it."
    models = "Only FileNotFoundError was thought of; PermissionError is an OSError as well."
    explanation = (
        "An `except` has to name all that the guarded lines raise for bad input. Read the last "
        "line of the traceback, then the `except` clauses around the failing line, and ask which "
        "one should have fitted."
    )
    examples = (
        Example(
            """
            try:
                amount = Decimal(text)
            except (ValueError, ArithmeticError) as error:
                report(error)
            """,
            """
            try:
                amount = Decimal(text)
            except ArithmeticError as error:
                report(error)
            """,
            """
            try:
                amount = Decimal(text)
            except ValueError as error:
                report(error)
            """,
        ),
        Example(
            """
            try:
                text = path.read_text()
            except OSError:
                text = ""  # as if empty
            """,
            """
            try:
                text = path.read_text()
            except FileNotFoundError:
                text = ""  # as if empty
            """,
        ),
        Example(
            """
            try:
                found = table[key][0]
            except LookupError:
                found = None
            """,
            """
            try:
                found = table[key][0]
            except IndexError:
                found = None
            """,
            """
            try:
                found = table[key][0]
            except KeyError:
                found = None
            """,
        ),
        Example(
            """
            try:
                job.run()
            except (
                TimeoutError,
                ValueError,  # bad input
                KeyError,
            ):
                job.fail()
            """,
            """
            try:
                job.run()
            except (
                ValueError,  # bad input
                KeyError,
            ):
                job.fail()
            """,
            """
            try:
                job.run()
            except (
                TimeoutError,
                KeyError,
            ):
                job.fail()
            """,
            """
            try:
                job.run()
            except (
                TimeoutError,
                ValueError,  # bad input
            ):
                job.fail()
            """,
        ),
        Example(
            """
            with contextlib.suppress(KeyError, IndexError):
                del rows[key]
            """,
            """
            with contextlib.suppress(IndexError):
                del rows[key]
            """,
            """
            with contextlib.suppress(KeyError):
                del rows[key]
            """,
        ),
        Example(
            """
            class ShopError(Exception):
                pass


            class PriceError(ShopError):
                pass


            def run():
                try:
                    go()
                except ShopError as error:
                    show(error)
            """,
            """
            class ShopError(Exception):
                pass


            class PriceError(ShopError):
                pass


            def run():
                try:
                    go()
                except PriceError as error:
                    show(error)
            """,
        ),
        Example(
            """
            try:
                rows = db.execute(query)
            except sqlite3.Error:
                rows = []
            """,
            """
            try:
                rows = db.execute(query)
            except sqlite3.OperationalError:
                rows = []
            """,
        ),
        Example(
            """
            try:
                handle(job)
            except Exception as error:
                job.fail(error)
            """,
            """
            try:
                handle(job)
            except ValueError as error:
                job.fail(error)
            """,
        ),
        Example("""
            try:
                go()
            except ValueError:
                stop()
            """),
        Example("""
            try:
                os.mkdir(folder)
            except FileExistsError:
                pass
            except OSError:
                fail()
            """),
        Example("""
            try:
                go()
            except ImportError:
                go = None
            """),
        Example("""
            try:
                go()
            except ERRORS:
                stop()
            """),
        Example("""
            try:
                go()
            except (OSError, IOError):
                stop()
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        parent = context.parent
        if not isinstance(node, (cst.BaseExpression, cst.Element, cst.Arg)):
            return
        if isinstance(parent, cst.ExceptHandler) and parent.type is node:
            if isinstance(node, cst.Tuple) and len(node.elements) == 2:
                yield from _one_of_two(node, context)
            elif isinstance(node, (cst.Name, cst.Attribute)) and not _is_unseen(parent, context):
                yield from _narrower(node, context)
        elif isinstance(node, cst.Element):
            if isinstance(parent, cst.Tuple) and _is_one_of_many(node, context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Arg) and _is_suppressed(node, context):
            yield cst.RemoveFromParent()


def _can_go(element: cst.BaseElement | cst.Arg, beside: list[cst.BaseExpression]) -> bool:
    """Whether a class is missed where it is not caught: no other one covers it."""
    others = [each for each in beside if each is not element.value]
    if not others or not dotted(element.value):
        return False
    return not any(covers(other, element.value) for other in others)


def _one_of_two(node: cst.Tuple, context: Context) -> Iterator[Faulty]:
    """The other class, without brackets."""
    classes = [each.value for each in node.elements]
    for element in node.elements:
        if _can_go(element, classes) and not _is_last(element.value, context):
            yield next(each for each in classes if each is not element.value)


def _is_one_of_many(element: cst.Element, context: Context) -> bool:
    handler = context.outer.parent if context.outer else None
    parent = context.parent
    if not isinstance(handler, cst.ExceptHandler) or handler.type is not parent:
        return False
    assert isinstance(parent, cst.Tuple)
    classes = [each.value for each in parent.elements]
    return len(classes) > 2 and _can_go(element, classes) and not _is_last(element.value, context)


def _is_last(kind: cst.BaseExpression, context: Context) -> bool:
    return is_last_use(context, dotted(kind).partition(".")[0])


def _narrower(node: cst.Name | cst.Attribute, context: Context) -> Iterator[Faulty]:
    handler = context.outer
    assert handler is not None and handler.outer is not None
    trial = handler.outer.node
    assert isinstance(trial, cst.Try)
    taken = {name for each in trial.handlers for name in _names_of(each.type)}
    for name in _candidates(node, handler.outer):
        if dotted(name) not in taken:
            yield name


def _candidates(node: cst.Name | cst.Attribute, trial: Context) -> Iterator[cst.BaseExpression]:
    name = dotted(node)
    if isinstance(node, cst.Attribute):
        sibling = SIBLINGS.get(name)
        if sibling:
            yield node.with_changes(attr=cst.Name(sibling))
        return
    if is_builtin(name):
        called = _called(trial)
        for narrower, methods in NARROWER.get(name, ()):
            if not methods or methods & called:
                yield node.with_changes(value=narrower)
                if name not in ("LookupError",):
                    return
        return
    for child in _subclasses(trial.root).get(name, ())[:2]:
        yield node.with_changes(value=child)


def _names_of(kinds: cst.BaseExpression | None) -> list[str]:
    if isinstance(kinds, cst.Tuple):
        return [dotted(each.value) for each in kinds.elements]
    return [dotted(kinds)] if kinds else []


@lru_cache(maxsize=1)
def _called(trial: Context) -> frozenset[str]:
    """The functions and methods that the guarded block calls."""
    blocks = [each for each in trial.children if each.node is trial.node.body]  # type: ignore[attr-defined]
    calls = (each.node for block in blocks for each in block.inside())
    return frozenset(call_name(each).rpartition(".")[2] for each in calls)


@lru_cache(maxsize=1)
def _subclasses(module: Context) -> dict[str, tuple[str, ...]]:
    """The classes of errors that the module derives from others, by the class they derive from."""
    found: dict[str, tuple[str, ...]] = {}
    assert isinstance(module.node, cst.Module)
    for statement in module.node.body:
        if isinstance(statement, cst.ClassDef):
            for base in statement.bases:
                name = dotted(base.value)
                found[name] = (*found.get(name, ()), statement.name.value)
    return found


def _is_unseen(handler: cst.ExceptHandler, context: Context) -> bool:
    """Whether the handler does nothing but raise again, or nobody hears of the error anyway."""
    if (context.function or "").endswith("__del__"):
        return True
    body = handler.body.body
    last = body[-1] if body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, cst.Raise) and small.exc is None and len(body) == 1


def _is_suppressed(arg: cst.Arg, context: Context) -> bool:
    """One of several classes in `contextlib.suppress(...)`."""
    call = context.parent
    if call_name(call).rpartition(".")[2] != "suppress" if call else True:
        return False
    assert isinstance(call, cst.Call)
    classes = [each.value for each in call.args]
    return _can_go(arg, classes) and not _is_last(arg.value, context)
