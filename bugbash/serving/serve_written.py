"""From a written scenario to one that can be played: its certificate, or a proof made now."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import BugbashError, UsageProblem
from bugbash.serving import certificate as certificates
from bugbash.serving.catalogue import here
from bugbash.serving.certificate import Certificate
from bugbash.serving.order import Voice
from bugbash.serving.scenario import Scenario
from bugbash.serving.serve import Served, over
from bugbash.serving.written import HIDDEN, Written
from bugbash.store import Store
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.prepare import with_files
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target


@dataclass(frozen=True)
class Ground:
    """A written scenario with the clean code that it breaks, its hidden tests among it."""

    written: Written
    target: Target
    environment: Environment


def ground_of(written: Written, voice: Voice) -> Ground:
    """Prepare the scenario's target.

    Raises UsageProblem or EnvironmentProblem, with file and line, where it is not to be had.
    """
    place = written.place("target")
    try:
        target = resolve(_argument(written), note=voice.note)
    except BugbashError as problem:
        raise type(problem)(f"{place}: {problem}") from problem
    try:
        target = with_files(target, written.hidden)
    except UsageProblem as problem:
        raise UsageProblem(f"{written.folder / HIDDEN}: {problem}") from problem
    try:
        return Ground(written, target, environment_of(target, voice.note))
    except BugbashError as problem:
        raise type(problem)(f"{place}: {problem}") from problem


def _argument(written: Written) -> str:
    """The target as typed; a folder is seen from the scenario's file."""
    name = written.target
    if name.startswith(("pypi:", "git+")) or not (name.startswith((".", "~")) or "/" in name):
        return name
    return str((written.folder / Path(name).expanduser()).resolve())


def serve_written(written: Written, store: Store, voice: Voice) -> Served:
    """The scenario, ready for a workspace.

    A certificate is trusted while the hashes in it hold and it was made on such a system and
    Python; else everything is proved now. Raises what `certify` raises.
    """
    ground = ground_of(written, voice)
    proved = certificates.load(written)
    if proved is None or not certificates.fits(proved, written, ground.target):
        proved = _proved_now(ground, store, voice)
    elif here(ground.environment.interpreter) not in proved.proved_on:
        voice.note(f"{written.name} was proved on {', '.join(proved.proved_on)}: proving it here")
        proved = _proved_now(ground, store, voice)
    return Served(scenario_of(ground, proved), ground.target, ground.environment)


def _proved_now(ground: Ground, store: Store, voice: Voice) -> Certificate:
    from bugbash.serving.certifying import certify

    return certify(ground, store, voice)


def scenario_of(ground: Ground, proved: Certificate) -> Scenario:
    """What a proved scenario is played as."""
    written, target, environment = ground.written, ground.target, ground.environment
    return Scenario(
        **over(target, environment),
        bugs=proved.bugs,
        report=certificates.report_of(written, proved).render(),
        pass_to_pass=certificates.tests_of(written, proved),
        left_out=proved.left_out,
        ignored_files=proved.ignored_files,
        seed=0,
        again=f"bugbash new --scenario {shlex.quote(written.name)}",
        suite_seconds=proved.suite_seconds,
        blind=all(set(bug.fail_to_pass) <= set(proved.hidden_tests) for bug in proved.bugs),
        withheld=proved.hidden_tests,
        weights=dict(written.rubric),
        written=written.name,
        hidden=dict(written.hidden),
        editable=written.editable,
        details=written.details,
    )
