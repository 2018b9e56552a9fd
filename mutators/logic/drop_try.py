"""drop-try: an error that was caught escapes, or a clean-up is not done when there is one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.flow import (
    branch_children,
    dedented,
    in_function,
    is_noise,
    jump,
    never_falls_through,
    statements,
)
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.usage import leaves_unbound, leaves_unused

LONG = 8
TRANSACTIONS = frozenset(
    {"suppress", "transaction", "atomic", "savepoint", "begin", "begin_nested", "_transaction"}
)


class DropTry(Mutator):
    name = "drop-try"
    family = "logic"
    trait = "try"
    summary = "An error that can happen is not caught: it ends what should have gone on."
    models = "The `try` that a fix puts around a call once it has failed for a user."
    explanation = (
        "The call can fail for reasons that are not this code's fault, and there is an answer to "
        "it: pass over, take a default, undo what was begun. The traceback names the line that "
        "raised; the question is who above it should have caught that."
    )
    examples = (
        Example(
            """
            def read(path):
                # An old one may lie about.
                try:
                    text = path.read_text()  # as it is
                except FileNotFoundError:
                    return ''
                return text.strip()
            """,
            """
            def read(path):
                # An old one may lie about.
                text = path.read_text()  # as it is
                return text.strip()
            """,
        ),
        Example(
            """
            def numbers(words):
                for word in words:
                    try:
                        yield int(
                            word,
                            base=0,
                        )
                    except ValueError:
                        continue
            """,
            """
            def numbers(words):
                for word in words:
                    yield int(
                        word,
                        base=0,
                    )
            """,
        ),
        Example(
            """
            def send(job):
                try:
                    deliver(job)
                except Gone:
                    job.drop()
                # Later.
                except Busy as busy:
                    job.retry(busy)
                else:
                    job.done()
            """,
            """
            def send(job):
                deliver(job)
                job.done()
            """,
            """
            def send(job):
                try:
                    deliver(job)
                # Later.
                except Busy as busy:
                    job.retry(busy)
                else:
                    job.done()
            """,
            """
            def send(job):
                try:
                    deliver(job)
                except Gone:
                    job.drop()
                else:
                    job.done()
            """,
        ),
        Example(
            """
            def work(lock, task):
                lock.acquire()

                try:
                    task.run()
                finally:
                    # Whatever happens.
                    lock.release()
            """,
            """
            def work(lock, task):
                lock.acquire()

                task.run()
                # Whatever happens.
                lock.release()
            """,
        ),
        Example(
            """
            def copy(source, target):
                part = target.part
                try:
                    return move(source, part)
                except OSError:
                    return None
                finally:
                    part.unlink()
            """,
            """
            def copy(source, target):
                part = target.part
                try:
                    return move(source, part)
                finally:
                    part.unlink()
            """,
            """
            def copy(source, target):
                part = target.part
                try:
                    return move(source, part)
                except OSError:
                    return None
            """,
        ),
        Example(
            """
            def forget(path):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
                contextlib.quiet(FileNotFoundError)
            """,
            """
            def forget(path):
                path.unlink()
                contextlib.quiet(FileNotFoundError)
            """,
        ),
        Example("""
            try:
                import tomllib
            except ImportError:
                tomllib = None
            """),
        Example("""
            def parse(text):
                try:
                    return int(text)
                except ValueError:
                    number = 0
                return number
            """),
        Example("""
            def load(name):
                try:
                    import yaml
                except ImportError:
                    return None
                return yaml.load(name)
            """),
        Example("""
            def locked(self):
                with self.lock:
                    self.count += 1
            """),
        Example("""
            def load_all(paths):
                reasons = []
                for path in paths:
                    try:
                        load(path)
                    except OSError as error:
                        reasons.append(str(error))
                return "; ".join(reasons)
            """),
        Example("""
            def shown(text):
                try:
                    show(text)
                except ValueError:
                    raise
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Try):
            if in_function(context) and not _imports(context):
                yield from _uncaught(node, context)
                yield from _no_cleanup(node, context)
        elif isinstance(node, cst.ExceptHandler):
            if in_function(context) and _may_be_forgotten(node, context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.Finally):
            if in_function(context) and not leaves_unused(context):
                yield cst.RemoveFromParent()
        elif isinstance(node, cst.With) and in_function(context):
            yield from _unprotected(node, context)


def _imports(context: Context) -> bool:
    kinds = (cst.Import, cst.ImportFrom)
    return any(isinstance(each.node, kinds) for each in context.inside())


def _uncaught(node: cst.Try, context: Context) -> Iterator[Faulty]:
    """The body without its handlers."""
    handlers = [c for c in context.children if isinstance(c.node, cst.ExceptHandler)]
    if not handlers or len(node.body.body) > LONG or all(map(_only_raises, handlers)):
        return
    if any(map(_is_fixed, handlers)):
        return
    gone = [*handlers]
    if any(leaves_unbound(context, each) for each in gone) or leaves_unused(context, *gone):
        return
    if not isinstance(node.body, cst.IndentedBlock):
        return
    if node.finalbody:
        if not node.orelse:
            yield node.with_changes(handlers=[])
        return
    ends = never_falls_through(node.body)
    rest = () if node.orelse is None else statements(node.orelse.body)
    if ends and (rest or context.following):
        return
    body = dedented(node, [*node.body.body, *rest])
    if body:
        yield body


def _is_fixed(handler: Context) -> bool:
    """A handler for what may not be there at all, a module or an attribute to be made first."""
    assert isinstance(handler.node, cst.ExceptHandler)
    kind = dotted(handler.node.type) if handler.node.type else ""
    if kind in ("ImportError", "ModuleNotFoundError", "NameError", "StopIteration"):
        return True
    sets = any(isinstance(each.node, cst.AssignTarget) for each in handler.inside())
    return kind in ("AttributeError", "KeyError") and sets


def _only_raises(handler: Context) -> bool:
    """`except Error: raise`, which changes nothing alone."""
    assert isinstance(handler.node, cst.ExceptHandler)
    exit_ = jump(handler.node.body)
    bare = isinstance(exit_, cst.Raise) and exit_.exc is None
    return bare and len(handler.node.body.body) == 1


def _may_be_forgotten(node: cst.ExceptHandler, context: Context) -> bool:
    """One handler of several."""
    whole = context.outer
    if whole is None or not isinstance(whole.node, cst.Try) or len(whole.node.handlers) < 2:
        return False
    if _imports(whole) or node.type is None or all(map(is_noise, branch_children(context))):
        return False
    if node is whole.node.handlers[-1] and _only_raises(context):
        return False
    return not leaves_unused(context) and not leaves_unbound(context)


def _no_cleanup(node: cst.Try, context: Context) -> Iterator[Faulty]:
    """`finally` whose statements follow the body, and are not reached after an error."""
    if node.handlers or node.finalbody is None or not isinstance(node.body, cst.IndentedBlock):
        return
    if len(node.body.body) > LONG or not isinstance(node.finalbody.body, cst.IndentedBlock):
        return
    after = node.finalbody.body.body
    if never_falls_through(node.body) or _leaves_early(context):
        cleanup = [c for c in context.children if isinstance(c.node, cst.Finally)]
        after = ()
        if leaves_unused(context, *cleanup):
            return
    body = dedented(node, [*node.body.body, *after])
    if body:
        yield body


def _leaves_early(context: Context) -> bool:
    """Whether the body may return from its middle."""
    block = next(c for c in context.children if isinstance(c.node, cst.IndentedBlock))
    kinds = (cst.Return, cst.Break, cst.Continue)
    return any(isinstance(each.node, kinds) for each in block.inside())


def _unprotected(node: cst.With, context: Context) -> Iterator[Faulty]:
    """`with suppress(...)` or `with transaction(...)`: what it holds, without it."""
    if len(node.items) != 1 or node.items[0].asname or not isinstance(node.body, cst.IndentedBlock):
        return
    name = call_name(node.items[0].item).rpartition(".")[2]
    item = next(c for c in context.children if isinstance(c.node, cst.WithItem))
    if name not in TRANSACTIONS or len(node.body.body) > LONG or leaves_unused(context, item):
        return
    if all(map(is_noise, branch_children(context))):
        return
    body = dedented(node, node.body.body)
    if body:
        yield body
