"""Writing the failure report of a proved bug: the most telling form that gives nothing away."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping

from bugbash.serving.ci_ticket import from_ci
from bugbash.serving.journey_ticket import from_journey
from bugbash.serving.journeys import Observer
from bugbash.serving.leak_lint import leaks
from bugbash.serving.proving import Proof
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Setting, Ticket
from bugbash.trials.scan import Engine

_CI_FORMS = ((2, True), (2, False), (1, True), (1, False), (0, False))
"""(detail, whether tests are named with their parameters), the most telling first."""
_OF_MACHINES = re.compile(r"encoding|newline|tz|zone|locale|utc", re.IGNORECASE)


def setting_of(engine: Engine, proof: Proof) -> Setting:
    """Where the proof was made."""
    spec = engine.target.spec
    python = ".".join(engine.environment.version.split(".")[:2])
    return Setting(
        name=spec.name,
        version=spec.version,
        where=f"{platform.system()}, Python {python}",
        failing=len(proof.fail_to_pass),
        passing=len(engine.baseline.passing) - len(proof.fail_to_pass),
    )


def report(
    engine: Engine,
    observer: Observer | None,
    bugs: tuple[Bug, ...],
    changes: Mapping[str, bytes],
    proof: Proof,
) -> Ticket | None:
    """A ticket that passes the leak lint, or None where every form gives something away."""
    for ticket in _forms(engine, observer, bugs, changes, proof):
        if not leaks(ticket, bugs):
            return ticket
    return None


def _forms(
    engine: Engine,
    observer: Observer | None,
    bugs: tuple[Bug, ...],
    changes: Mapping[str, bytes],
    proof: Proof,
) -> Iterator[Ticket]:
    setting = setting_of(engine, proof)
    if observer is not None:
        functions = [bug.function for bug in bugs if bug.function]
        found = observer.differences(changes, functions)
        for values in (True, False):
            for difference in found:
                yield from_journey(difference, setting, values)
    everywhere = not any(map(of_machines, bugs))
    for detail, parameters in _CI_FORMS:
        yield from_ci(proof.failures, setting, detail, parameters, everywhere)


def of_machines(bug: Bug) -> bool:
    """Whether a bug shows on some machines alone, which its tests have to imitate."""
    changed = f"{bug.before}\n{bug.after}"
    return bug.family == "platform" or _OF_MACHINES.search(changed) is not None
