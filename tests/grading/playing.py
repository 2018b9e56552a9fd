"""Attempts played at once: what the recorder would have written, over real trees of files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

from bugbash.recording import journal
from bugbash.recording.timeline import folder_of, tell
from bugbash.serving.scenario import Scenario
from bugbash.workspace.attempt import Attempt

LABELS = "tiny/labels.py"
WRONG = "label(street, name)}]"
RIGHT = "label(name, street)}]"
PARCEL = "tests/test_labels.py::test_parcel"


class Player:
    """A learner in a workspace of the tiny project whose `parcel` is wrong."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.workspace = attempt.workspace
        self._runs = 0
        self._stated = 0

    @property
    def scenario(self) -> Scenario:
        return self.attempt.scenario

    def run(
        self,
        *tests: str,
        failed: Iterable[str] | None = None,
        via: str = "pytest",
        debugger: str = "",
    ) -> None:
        """A run of these tests, or of all; without `failed`, as the code of parcel has it."""
        known = (*self.scenario.pass_to_pass, *self.scenario.fail_to_pass)
        names = tests or tuple(sorted(known))
        if failed is None:
            fixed = RIGHT in (self.workspace / LABELS).read_text("utf-8")
            failed = () if fixed else (PARCEL,)
        red = set(failed) & set(names)
        self._runs += 1
        folder, run = str(folder_of(self.attempt.id)), f"{self._runs:x}-1"
        self._moment()
        journal.append(
            folder, "run", run=run, root=str(self.workspace), attempt=self.attempt.id,
            tree=journal.snapshot(folder, str(self.workspace)), arguments=list(tests), via=via,
        )  # fmt: skip
        if debugger:
            journal.append(folder, "debug", run=run, how=debugger)
        for name in sorted(red):
            journal.append(folder, "fail", run=run, test=name, when="call", message="assert")
        bits = {
            "failed": sum(1 << i for i, name in enumerate(names) if name in red),
            "passed": sum(1 << i for i, name in enumerate(names) if name not in red),
        }
        journal.append(
            folder, "end", run=run, exit=int(bool(red)), seconds=0.1,
            tests=journal.keep(folder, json.dumps(names).encode()),
            outcomes={word: f"{value:x}" for word, value in bits.items() if value},
        )  # fmt: skip

    @staticmethod
    def _moment() -> None:
        """Time goes by: a timeline counts in thousandths of a second."""
        time.sleep(0.003)

    def edit(self, before: str, after: str, file: str = LABELS) -> None:
        path = self.workspace / file
        text = path.read_text("utf-8")
        assert text.count(before) == 1, (before, text)
        path.write_text(text.replace(before, after), "utf-8")

    def fix(self) -> None:
        self.edit(WRONG, RIGHT)

    def unfix(self) -> None:
        self.edit(RIGHT, WRONG)

    def add(self, file: str, text: str) -> None:
        path = self.workspace / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    def suspect(self, text: str = "the arguments are swapped", place: str = "") -> None:
        self._moment()
        self._stated += 1
        tell(
            self.attempt.id, "hypothesis", self.workspace,
            number=self._stated, text=text, place=place,
        )  # fmt: skip

    def close(self, verdict: str = "confirmed") -> None:
        self._moment()
        tell(
            self.attempt.id, "close", self.workspace,
            number=self._stated, verdict=verdict, saw="the test",
        )  # fmt: skip

    def take_hint(self, level: int, price: int) -> None:
        tell(self.attempt.id, "hint", level=level, text="look there", price=price)

    @property
    def events(self) -> Path:
        return folder_of(self.attempt.id) / journal.EVENTS
