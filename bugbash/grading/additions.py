"""What only adds to a file of tests: cases, checks, attributes. It makes no test there weaker."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Cases = ast.List | ast.Tuple
_REACHING = frozenset(
    {"skip", "xfail", "exit", "_exit", "quit", "importorskip", "setattr", "delattr", "exec", "eval"}
)
"""What is called in order to stop tests, or to change something from afar."""


def leave_out_additions(before: ast.Module, after: ast.Module) -> None:
    """Take out of both trees what says nothing about strength, and out of `after` what it adds.

    Annotations and the ids of cases say nothing. More cases in a table, more checks in a test and
    more attributes of a class only add. What is left of `after` differs from `before` where a test
    may have become weaker.
    """
    for tree in (before, after):
        _drop_labels(tree)
    old = dict(definitions(before))
    for name, node in definitions(after):
        known = old.get(name)
        if known is None:
            continue
        _leave_out_cases(known, node)
        if isinstance(known, _Function) and isinstance(node, _Function):
            if node.name.startswith("test"):
                _leave_out_turns(known, node)
                _leave_out_checks(known, node)
        elif isinstance(known, ast.ClassDef) and isinstance(node, ast.ClassDef):
            _leave_out_attributes(known, node, before)
    _leave_out_rows(before, after)


def definitions(
    tree: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, Definition]]:
    """The functions and classes of a module by their dotted names, those in functions left out."""
    for node in tree.body:
        if isinstance(node, Definition):
            yield f"{prefix}{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from definitions(node, f"{prefix}{node.name}.")


def bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement binds, those of its blocks included."""
    if isinstance(node, Definition):
        yield node.name
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.alias):
            yield inner.asname or inner.name.split(".")[0]
        elif isinstance(inner, Definition):
            yield inner.name
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id


def reaches_out(node: ast.AST) -> bool:
    """Whether running a statement stops tests or sets something that is not its own."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            owner, _, name = ast.unparse(inner.func).rpartition(".")
            if name in _REACHING and not owner.endswith("mark"):
                return True
        if isinstance(inner, ast.Attribute | ast.Subscript) and isinstance(inner.ctx, ast.Store):
            return True
    return False


def _drop_labels(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, Definition):
            for call in _parametrized(node):
                call.keywords = [k for k in call.keywords if k.arg != "ids"]


def _parametrized(node: Definition) -> list[ast.Call]:
    """The calls of `parametrize` among the decorators."""
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).endswith("mark.parametrize")]


def _cases(call: ast.Call) -> ast.expr | None:
    if len(call.args) > 1:
        return call.args[1]
    return next((k.value for k in call.keywords if k.arg == "argvalues"), None)


def _leave_out_cases(known: Definition, node: Definition) -> None:
    if len(_parametrized(known)) != len(_parametrized(node)):
        return
    for old, new in zip(_parametrized(known), _parametrized(node), strict=True):
        table, longer = _cases(old), _cases(new)
        if isinstance(table, _Cases) and isinstance(longer, _Cases):
            _shorten(table, longer)


def _leave_out_turns(known: _Function, node: _Function) -> None:
    """Shorten the tables that stand in the loops of a test."""
    loops = [[n for n in ast.walk(one) if isinstance(n, ast.For)] for one in (known, node)]
    for old, new in zip(*loops, strict=False):
        if isinstance(old.iter, _Cases) and isinstance(new.iter, _Cases):
            _shorten(old.iter, new.iter)


def _shorten(table: _Cases, longer: _Cases) -> None:
    """Leave of `longer` what `table` has, in its order; all, where an added row does more."""
    mine = {ast.dump(row): row for row in longer.elts}
    kept = [mine[key] for row in table.elts if (key := ast.dump(row)) in mine]
    if not any(reaches_out(row) for row in longer.elts if row not in kept):
        longer.elts = kept


def _leave_out_rows(before: ast.Module, after: ast.Module) -> None:
    """Shorten tables that have a name and are walked through: by `parametrize` or a loop."""
    old = dict(_named(before))
    walked = _walked(before) & _walked(after)
    for name, value in _named(after):
        known = old.get(name) if name in walked else None
        if isinstance(known, _Cases) and isinstance(value, _Cases):
            _shorten(known, value)
        elif isinstance(known, ast.Dict) and isinstance(value, ast.Dict):
            _shorten_dict(known, value)


def _shorten_dict(table: ast.Dict, longer: ast.Dict) -> None:
    def rows(of: ast.Dict) -> dict[str, tuple[ast.expr | None, ast.expr]]:
        pairs = zip(of.keys, of.values, strict=True)
        return {f"{key and ast.dump(key)}: {ast.dump(value)}": (key, value) for key, value in pairs}

    mine, known = rows(longer), rows(table)
    keys = {row.partition(": ")[0] for row in known}
    again = any(row not in known and row.partition(": ")[0] in keys for row in mine)
    if again or any(reaches_out(mine[row][1]) for row in mine if row not in known):
        return
    kept = [mine[row] for row in known if row in mine]
    longer.keys, longer.values = [key for key, _ in kept], [value for _, value in kept]


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield from ((one.id, node.value) for one in targets if isinstance(one, ast.Name))


def _walked(tree: ast.Module) -> set[str]:
    """The names that are read in decorators and as what a loop goes through, and nowhere else."""
    places: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            places += _parametrized(node)
        elif isinstance(node, ast.For):
            places.append(node.iter)
    inside = {id(name): name.id for place in places for name in _read(place)}
    outside = {name.id for name in _read(tree) if id(name) not in inside}
    return set(inside.values()) - outside


def _read(node: ast.AST) -> Iterator[ast.Name]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return (n for n in names if isinstance(n.ctx, ast.Load))


def _leave_out_checks(known: _Function, node: _Function) -> None:
    """Leave out `assert`s, and whatever comes after all that the test did before.

    Nothing is left out where an added statement makes a name local that was not, or a generator
    of the test, which pytest does not run.
    """
    expected = [ast.dump(one) for one in known.body]
    kept: list[ast.stmt] = []
    added: list[ast.stmt] = []
    for statement in node.body:
        if len(kept) < len(expected) and ast.dump(statement) == expected[len(kept)]:
            kept.append(statement)
        elif len(kept) == len(expected) or _only_checks(statement):
            added.append(statement)
        else:
            return
    inner = [n for one in added for n in ast.walk(one)]
    local = {name for one in added for name in bound(one)} - {
        name for one in known.body for name in bound(one)
    }
    other = any(isinstance(n, ast.Yield | ast.YieldFrom | ast.Global) for n in inner)
    if len(kept) == len(expected) and not other and not local & {n.id for n in _read(known)}:
        node.body = kept


def _only_checks(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assert) or reaches_out(statement):
        return False
    return not any(isinstance(n, ast.NamedExpr | ast.Await) for n in ast.walk(statement))


def _leave_out_attributes(known: ast.ClassDef, node: ast.ClassDef, before: ast.Module) -> None:
    """Leave out new constants of a class that nothing in the file could have read so far."""
    read = {n.attr for n in ast.walk(before) if isinstance(n, ast.Attribute)}
    old = {ast.dump(one) for one in known.body}
    body: list[ast.stmt] = []
    for one in node.body:
        names = set(bound(one))
        special = any(name.startswith("_") or name == "pytestmark" for name in names)
        is_new = isinstance(one, ast.Assign | ast.AnnAssign) and ast.dump(one) not in old
        if not is_new or special or names & read or reaches_out(one):
            body.append(one)
    node.body = body
