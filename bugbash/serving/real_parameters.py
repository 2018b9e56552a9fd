"""The arguments of one test out of a parametrized function, read from its source.

Ids are made as pytest's documentation on `pytest.mark.parametrize` has it: texts and numbers stand
for themselves, other values for the argument's name with a number.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MOST_SETS = 5_000


@dataclass(frozen=True)
class ParameterSet:
    """One set of arguments, and the ids that pytest may give it."""

    values: Mapping[str, ast.expr]
    ids: frozenset[str]


def sets_of(decorators: Sequence[ast.expr], module: ast.Module) -> list[ParameterSet] | None:
    """Every set of arguments that some decorators give; None where the source does not tell.

    The decorators stand as in the source; the id begins with that of the last.
    """
    columns = []
    for decorator in reversed(decorators):
        if _called(decorator) == "pytest.mark.parametrize":
            assert isinstance(decorator, ast.Call)
            column = _column(decorator, module)
            if column is None:
                return None
            columns.append(column)
    found = []
    for parts in itertools.islice(itertools.product(*columns), _MOST_SETS):
        values = {name: value for part in parts for name, value in part.values.items()}
        ids = frozenset(map("-".join, itertools.product(*(part.ids for part in parts))))
        found.append(ParameterSet(values, ids))
    return found


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _column(call: ast.Call, module: ast.Module) -> list[ParameterSet] | None:
    given = dict(zip(("argnames", "argvalues"), call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    names = _names(given.get("argnames"))
    rows = _items(given.get("argvalues"), module)
    ids = given.get("ids")
    if not names or rows is None or "indirect" in given:
        return None
    told = _items(ids, module) if ids is not None else []
    if ids is not None and (told is None or len(told) != len(rows)):
        told = None
    return [
        _set(names, row, number, told[number] if told else None, anything=told is None)
        for number, row in enumerate(rows)
    ]


def _names(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [name.strip() for name in node.value.split(",") if name.strip()]
    if isinstance(node, ast.List | ast.Tuple):
        return [str(one.value) for one in node.elts if isinstance(one, ast.Constant)]
    return []


def _items(node: ast.expr | None, module: ast.Module) -> list[ast.expr] | None:
    if isinstance(node, ast.Name):
        node = next(_assigned(node.id, module), None)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None if any(isinstance(one, ast.Starred) for one in node.elts) else list(node.elts)
    if isinstance(node, ast.Dict) and None not in node.keys:
        return [key for key in node.keys if key is not None]
    return None


def _assigned(name: str, module: ast.Module) -> Iterator[ast.expr]:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            yield node.value


def _set(
    names: list[str], row: ast.expr, number: int, told: ast.expr | None, anything: bool
) -> ParameterSet:
    values, own = [row], told
    if _called(row) == "pytest.param":
        assert isinstance(row, ast.Call)
        values = list(row.args)
        own = next((word.value for word in row.keywords if word.arg == "id"), own)
    if len(names) > 1:
        inner = values if len(values) > 1 else getattr(values[0], "elts", None) if values else None
        values = list(inner or [])
    if isinstance(own, ast.Constant) and own.value is not None:
        ids = frozenset({_escaped(str(own.value))})
    else:
        pieces = [_ids(v, n, number) for n, v in zip(names, values, strict=False)]
        ids = frozenset(map("-".join, itertools.product(*pieces)))
    return ParameterSet(dict(zip(names, values, strict=False)), frozenset() if anything else ids)


def _ids(value: ast.expr, name: str, number: int) -> list[str]:
    try:
        known = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        last = ast.unparse(value).rpartition(".")[2]
        return [f"{name}{number}", last]
    if isinstance(known, str):
        return [_escaped(known)]
    if isinstance(known, bytes):
        return [known.decode("ascii", "backslashreplace")]
    if known is None or isinstance(known, bool | int | float | complex):
        return [str(known)]
    return [f"{name}{number}"]


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")
