"""Whether the fast engine says of mutants what the cold one says."""

from __future__ import annotations

from bugbash.trials.auto import AutoEngine
from bugbash.trials.scan import Engine
from tests.trials.test_scan import mutant


def same_verdicts(auto: AutoEngine, file: str, *edits: tuple[str, str]) -> list[str]:
    """How each mutant was tried; each is killed, by the tests that a cold run says."""
    mutants = [mutant(auto.target, *edit, file=file) for edit in edits]
    cold = Engine(auto.target, auto.environment, auto.baseline, None)
    try:
        auto.prepare(1, mutants=mutants)
        found = [auto.try_mutant(each) for each in mutants]
    finally:
        auto.close()
    for said, each in zip(found, mutants, strict=True):
        reference = cold.try_mutant(each)
        assert (said.outcome, said.fail_to_pass) == (reference.outcome, reference.fail_to_pass)
        assert reference.outcome == "killed"
    return [each.engine for each in found]
