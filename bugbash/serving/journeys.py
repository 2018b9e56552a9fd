"""Journeys: short scripts of public use whose printed results differ between clean and broken."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.trials.cold import start_environment
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.scan import Engine
from bugbash.trials.slot import open_slot

_RUNNER = Path(__file__).with_name("journey_runner.py")
_LIMIT_S = 300.0
_PLAINEST = 12
"""As many cases are looked at again in other circumstances; one of them is told."""
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")

Outputs = dict[tuple[str, str], str]
"""What each (journey, case) printed, the error that ended it included."""


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


@dataclass(frozen=True)
class Difference:
    """A case that prints something else on the broken tree."""

    journey: Journey
    case: str
    expected: str
    actual: str

    @property
    def steps(self) -> str:
        return self.journey.steps(self.case)


def load_journeys(folder: Path) -> list[Journey]:
    """The journeys of a target, in name order; an empty list where it has none.

    Raises UsageProblem with the file's name for one that lacks a part.
    """
    return [_load(path) for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def _load(path: Path) -> Journey:
    source = path.read_text("utf-8")
    try:
        tree = ast.parse(source)
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


class Observer:
    """Runs a target's journeys over clean and broken trees and tells them apart."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self.journeys = load_journeys(folder)
        self._clean: Outputs = {}
        self.unsteady: list[str] = []
        """Cases whose clean output differs between conditions, or alone; never used."""
        if self.journeys:
            self._observe_clean()

    def _observe_clean(self) -> None:
        runs = [self._outputs({}, condition) for condition in CONDITIONS[:-1]]
        runs.append(self._outputs({}, CONDITIONS[-1], runs[0]))  # each case alone, as a reader does
        for key, output in runs[0].items():
            if all(run.get(key) == output for run in runs):
                self._clean[key] = output
            else:
                self.unsteady.append(": ".join(key))

    def differences(self, changes: Mapping[str, bytes]) -> list[Difference]:
        """Cases that print something else with these files changed, the plainest first."""
        if not self.journeys:
            return []
        try:
            outputs = self._outputs(changes)
        except EnvironmentProblem:  # broken code may hold up the process: no report then
            return []
        found = [
            Difference(journey, case, self._clean[key], outputs[key])
            for journey in self.journeys
            for case, _ in journey.cases
            if (key := (journey.name, case)) in self._clean
            and outputs.get(key, self._clean[key]) != self._clean[key]
            and not _ADDRESS.search(outputs[key])
        ]
        found.sort(key=lambda d: len(d.expected) + len(d.actual) + len(d.steps))
        return self._steady(found[:_PLAINEST], changes)

    def _steady(self, found: list[Difference], changes: Mapping[str, bytes]) -> list[Difference]:
        """Those that print the same alone, and in other circumstances, too."""
        wanted = {(difference.journey.name, difference.case) for difference in found}
        outputs = self._outputs(changes, CONDITIONS[1], wanted) if wanted else {}
        return [d for d in found if outputs.get((d.journey.name, d.case)) == d.actual]

    def _outputs(
        self,
        changes: Mapping[str, bytes],
        condition: Condition = USUAL,
        wanted: Iterable[tuple[str, str]] = (),
    ) -> Outputs:
        """What the wanted cases print, each alone; or all, those of one journey together."""
        with open_slot(self._engine.target, self._engine.environment, condition) as slot:
            slot.sync(changes)
            slot.empty_scratch()
            try:
                process = subprocess.run(
                    [slot.python, _RUNNER, self._folder, slot.tree],
                    env=start_environment(slot, condition),
                    cwd=slot.scratch / "tmp",
                    input=json.dumps(sorted(wanted)).encode(),
                    capture_output=True,
                    timeout=_LIMIT_S,
                    check=True,
                )
                results = json.loads(process.stdout)
            except (subprocess.SubprocessError, ValueError) as error:
                raise EnvironmentProblem(_why_no_outputs(self._folder, error)) from error
        return {(j, c): text for j, c, text in results}


def _why_no_outputs(folder: Path, error: Exception) -> str:
    why = str(error)
    if isinstance(error, subprocess.CalledProcessError):
        said = error.stderr.decode("utf-8", "replace").strip()
        why = said.splitlines()[-1][:300] if said else why
    return f"the journeys of {folder.parent.name} could not be run: {why}"
