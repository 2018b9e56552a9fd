"""Whether a mutant is worth serving: it must break the same few tests in every condition."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.outcome import TestResult, Trial, result_from_json
from bugbash.trials.scan import MOST_FAILING, Engine
from bugbash.trials.workers import workers


@dataclass(frozen=True)
class Proof:
    """The tests that fail in every condition, and what they said in the first."""

    fail_to_pass: tuple[str, ...]
    failures: dict[str, TestResult]


@dataclass(frozen=True)
class Rejection:
    """Why a broken tree is not served."""

    why: str


def prove(
    engine: Engine, changes: Mapping[str, bytes], most: int = MOST_FAILING
) -> Proof | Rejection:
    """Run the broken tree cold in every condition and compare.

    `changes` are the contents of the changed files. The clean tree is known to pass everything in
    the same conditions: that is what a baseline is. What was found is kept in the engine's store.
    """
    key = _key(engine, changes, most)
    known = engine.store.fact("proof", key) if engine.store is not None else None
    if known is None:
        found = _prove(engine, changes, most)
        if engine.store is not None:
            engine.store.set_fact("proof", key, asdict(found))
        return found
    if "why" in known:
        return Rejection(known["why"])
    failures = {name: result_from_json(value) for name, value in known["failures"].items()}
    return Proof(tuple(known["fail_to_pass"]), failures)


def _key(engine: Engine, changes: Mapping[str, bytes], most: int) -> str:
    digest = hashlib.sha256()
    for name in sorted(changes):
        digest.update(f"{name}\0{len(changes[name])}\0".encode() + changes[name])
    return f"{engine.suite_key}-{most}-{digest.hexdigest()[:16]}"


def _prove(engine: Engine, changes: Mapping[str, bytes], most: int) -> Proof | Rejection:
    first = engine.run(changes, USUAL, maxfail=most + 1)
    why = fault(engine, first, most)
    if why:
        return Rejection(why)
    with workers(2, engine.halt) as at_work:

        def run(condition: Condition) -> Trial:
            return engine.run(changes, condition, most + 1)

        others = list(at_work.pool.map(run, CONDITIONS[1:]))
    for condition, trial in zip(CONDITIONS[1:], others, strict=True):
        why = fault(engine, trial, most)
        if why or trial.failing() != first.failing():
            return Rejection(why or f"other tests fail in condition {condition.name!r}")
    return Proof(first.failing(), {name: first.tests[name] for name in first.failing()})


def fault(engine: Engine, trial: Trial, most: int) -> str:
    """Why one trial of a broken tree rules it out, or nothing."""
    judged = engine.judge("", trial)
    if judged.outcome != "killed":
        return judged.outcome
    if len(judged.fail_to_pass) > most:
        return f"breaks more than {most} tests"
    if not judged.servable:
        return "hangs, leaves the machine, writes into the project or changes which tests there are"
    return "" if judged.complete else "the run was not complete"
