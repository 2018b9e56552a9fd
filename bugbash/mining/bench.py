"""Where the suites of a mined repository run: a few at a time, those that need it alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Event, Lock, Semaphore

from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.condition import USUAL, Condition
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import Slot
from bugbash.trials.workers import HaltedRun

_WHOLE = ""
"""Stands for the whole suite among test files."""


@dataclass
class Bench:
    """Where the suites of one repository run: a few at a time, each noted while it goes on."""

    at_once: int = 1
    halt: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._free = Semaphore(self.at_once)
        self._lock = Lock()
        self._listening: set[str] = set()
        self._quiet: set[str] = set()

    def run(self, slot: Slot, suite: Suite, condition: Condition = USUAL) -> Trial:
        """Run a suite once; alone where its files are known to listen on a fixed port.

        So is the first run of a whole suite. A run that is found to listen on one and was not
        alone is repeated: another may have been in its way.
        """
        files = set(suite.only) or {_WHOLE}
        alone = self._may_listen(files)
        trial = self._run(slot, replace(suite, alone=alone), condition)
        with self._lock:
            (self._listening if trial.fixed_port else self._quiet).update(files)
        if trial.fixed_port and not alone:
            trial = self._run(slot, replace(suite, alone=True), condition)
        return trial

    def _may_listen(self, files: set[str]) -> bool:
        with self._lock:
            if files == {_WHOLE} and _WHOLE not in self._quiet:
                return True
            return bool(self._listening & files)

    def _run(self, slot: Slot, suite: Suite, condition: Condition) -> Trial:
        with self._free:
            if self.halt.is_set():
                raise HaltedRun
            return run_suite(slot, suite, condition, halt=self.halt)
