"""Runs a target's journeys over clean and broken trees; what they print tells them apart."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.serving.difference import Difference, Output, most_telling
from bugbash.serving.journey_files import load_journeys
from bugbash.targets.journeys import journeys_of
from bugbash.trials.cold import start_environment
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.scan import Engine
from bugbash.trials.slot import open_slot

_RUNNER = Path(__file__).with_name("journey_runner.py")
_LIMIT_S = 300.0
_PLAINEST = 12
"""As many cases are looked at again in other circumstances, and one of every journey at least."""
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")

Outputs = dict[tuple[str, str], Output]
"""What each (journey, case) printed, with the error that ended it."""


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

    def ending_in(self, errors: Container[str]) -> list[str]:
        """The cases that end in one of these errors on the clean tree."""
        return [": ".join(key) for key, told in self._clean.items() if told.error in errors]

    def differences(
        self, changes: Mapping[str, bytes], functions: Iterable[str] = ()
    ) -> list[Difference]:
        """Cases that print something else with these files changed, the most telling first.

        `functions` are those that the changes lie in.
        """
        if not self.journeys:
            return []
        try:
            outputs = self._outputs(changes)
        except EnvironmentProblem:  # broken code may hold up the process: no report then
            return []
        found = most_telling(self._told_apart(outputs), functions, _PLAINEST)
        return self._steady(found, changes)

    def _told_apart(self, outputs: Outputs) -> list[Difference]:
        """Every case whose output is not that of the clean tree, and can be quoted."""
        tried = self._clean.keys() & outputs.keys()
        other = {key for key in tried if outputs[key] != self._clean[key]}
        compared = Counter(journey for journey, _ in tried)
        differing = Counter(journey for journey, _ in other)
        return [
            Difference(
                journey=journey,
                case=case,
                expected=self._clean[key],
                actual=outputs[key],
                differing=differing[journey.name],
                tried=compared[journey.name],
            )
            for journey in self.journeys
            for case, _ in journey.cases
            if (key := (journey.name, case)) in other and not _ADDRESS.search(outputs[key].text)
        ]

    def _steady(self, found: list[Difference], changes: Mapping[str, bytes]) -> list[Difference]:
        """Those that print the same alone, and in other circumstances, too.

        Where one of a journey does not, nobody knows how many of its cases differ by themselves.
        """
        wanted = {(difference.journey.name, difference.case) for difference in found}
        outputs = self._outputs(changes, CONDITIONS[1], wanted) if wanted else {}
        steady = [d for d in found if outputs.get((d.journey.name, d.case)) == d.actual]
        doubtful = {d.journey.name for d in found if d not in steady}
        return [
            replace(d, differing=0, tried=0) if d.journey.name in doubtful else d for d in steady
        ]

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
                name = self._engine.target.spec.name
                raise EnvironmentProblem(_why_no_outputs(name, error)) from error
        return {(journey, case): Output(*told) for journey, case, *told in results}


def observer_of(engine: Engine) -> Observer | None:
    """The observer of the engine's target; None where it has no journeys.

    Raises UsageProblem for a file that is no journey, EnvironmentProblem where they can't be run.
    """
    folder = journeys_of(engine.target)
    return Observer(engine, folder) if folder is not None else None


def _why_no_outputs(name: str, error: Exception) -> str:
    why = str(error)
    if isinstance(error, subprocess.CalledProcessError):
        said = error.stderr.decode("utf-8", "replace").strip()
        why = said.splitlines()[-1][:300] if said else why
    return f"the journeys of {name} could not be run: {why}"
