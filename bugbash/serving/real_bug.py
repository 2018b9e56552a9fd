"""The bug that a real fix mended: the fix, turned round."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from bugbash.mutation.traits import TRAITS
from bugbash.serving.anchors import edits_between
from bugbash.serving.scenario import Bug
from bugbash.syntax import parsed
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.spec import Target

MUTATOR = "real fix"


class NotHere(Exception):
    """A real bug that can't be played on this machine; says why, without naming the fix."""


def bug_id(one: Index, entry: Entry) -> str:
    """What a real bug is called in the history of a learner."""
    return f"real:{one.name}@{entry.fix_commit}"


def trait_of(entry: Entry) -> str:
    """The trait of a fix, as bugs of mutators have them."""
    return entry.trait if entry.trait in TRAITS else "other"


def bug_of(known: Index, entry: Entry, target: Target, broken: Mapping[str, bytes]) -> Bug:
    """The fix turned round; `broken` are the files as they were before it.

    Raises NotHere for a fix that adds or removes a source file.
    """
    edits = []
    for name, before in sorted(broken.items()):
        path = target.tree / name
        if not path.is_file():
            raise NotHere("its fix removes a file")
        edits += list(edits_between(name, path.read_bytes(), before))
    if not edits or set(broken) != set(entry.files):
        raise NotHere("its fix is not in the code as the index says")
    clean = {edit.file: (target.tree / edit.file).read_bytes() for edit in edits}
    head = edits[0]
    source = clean[head.file]
    return Bug(
        id=bug_id(known, entry),
        mutator=MUTATOR,
        family=entry.family,
        edit=head,
        line=source[: head.start].count(b"\n") + 1,
        function=function_at(source, head.start, head.end),
        before="\n".join(_cut_out(clean[e.file][e.start : e.end]) for e in edits),
        after="\n".join(_cut_out(edit.replacement.encode()) for edit in edits),
        explanation=_explained(known, entry),
        fail_to_pass=tuple(sorted(entry.fail_to_pass)),
        trait=trait_of(entry),  # type: ignore[arg-type]
        more=tuple(edits[1:]),
    )


def function_at(source: bytes, start: int, end: int) -> str | None:
    """The innermost function, with its classes, around some bytes of a module."""
    tree = _tree(source)
    if tree is None:
        return None
    line = source[:start].count(b"\n") + 1
    last = line + max(0, source[start:end].rstrip(b"\n").count(b"\n"))
    found, name = None, ""
    node: ast.AST | None = tree
    while node is not None:
        inner = None
        for child in ast.iter_child_nodes(node):
            if line < getattr(child, "lineno", line + 1) or last > getattr(child, "end_lineno", 0):
                continue
            inner = child
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{name}.{child.name}".lstrip(".")
                found = found if isinstance(child, ast.ClassDef) else name
            break
        node = inner
    return found


@lru_cache(maxsize=4)
def _tree(source: bytes) -> ast.Module | None:
    return parsed(source)


def _explained(one: Index, entry: Entry) -> str:
    day = datetime.fromtimestamp(entry.when, UTC).date()
    return f"A bug that {one.name} had until its maintainers mended it on {day}."


def _cut_out(data: bytes) -> str:
    return textwrap.dedent(data.decode("utf-8", "replace")).strip("\n")
