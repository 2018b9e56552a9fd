"""The files of journeys: short scripts of public use over a table of cases."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.syntax import parse


@dataclass(frozen=True)
class Journey:
    """One script of public use over a table of cases."""

    name: str
    path: Path
    who: str
    subject: str
    context: str
    detail: str
    parameters: tuple[str, ...]
    body: str
    cases: tuple[tuple[str, str], ...]
    """(readable name, source text of the arguments' assignments)."""

    def steps(self, case: str) -> str:
        """The snippet that a reader can type: the case's values, then the journey itself."""
        values = dict(self.cases)[case]
        return f"{values}\n\n{self.body}" if values else self.body


def load_journeys(folder: Path) -> list[Journey]:
    """The journeys of a target, in name order; an empty list where it has none.

    Raises UsageProblem with the file's name for one that lacks a part.
    """
    return [_load(path) for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def _load(path: Path) -> Journey:
    source = path.read_text("utf-8")
    try:
        tree = parse(source)
        texts = {name: _assigned(tree, name) for name in ("WHO", "SUBJECT", "DETAIL")}
        function = next(
            n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "journey"
        )
        cases = _cases(tree, [a.arg for a in function.args.args])
    except (SyntaxError, StopIteration, ValueError, KeyError) as error:
        raise UsageProblem(
            f"{path.name}: not a journey ({error}): it needs a docstring, WHO, SUBJECT, DETAIL, "
            "CASES and a function journey(...)."
        ) from error
    return Journey(
        name=path.stem,
        path=path,
        who=texts["WHO"],
        subject=texts["SUBJECT"],
        context=(ast.get_docstring(tree) or "").strip(),
        detail=texts["DETAIL"],
        parameters=tuple(a.arg for a in function.args.args),
        body=_body(source, function),
        cases=cases,
    )


def _assigned(tree: ast.Module, name: str) -> str:
    return str(ast.literal_eval(_value(tree, name)))


def _value(tree: ast.Module, name: str) -> ast.expr:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
    raise KeyError(f"{name} is missing")


def _cases(tree: ast.Module, parameters: list[str]) -> tuple[tuple[str, str], ...]:
    table = _value(tree, "CASES")
    if not isinstance(table, ast.Dict):
        raise ValueError("CASES is not a table")
    return tuple(
        (str(ast.literal_eval(key)), _assignments(parameters, value))
        for key, value in zip(table.keys, table.values, strict=True)
        if key is not None
    )


def _assignments(parameters: list[str], values: ast.expr) -> str:
    if not isinstance(values, ast.Tuple) or len(values.elts) != len(parameters):
        raise ValueError("a case is not a tuple with a value for each parameter of journey")
    pairs = zip(parameters, values.elts, strict=True)
    return "\n".join(f"{name} = {ast.unparse(value)}" for name, value in pairs)


def _body(source: str, function: ast.FunctionDef) -> str:
    lines = source.splitlines()
    last = function.body[-1].end_lineno
    return textwrap.dedent("\n".join(lines[function.lineno : last])).strip("\n")
