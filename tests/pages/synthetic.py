"""Timelines of attempts that nobody played, written as the recorder writes them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bugbash.recording import journal

FILES = 60
TESTS = 300
MESSAGE = "AssertionError: assert {'total': Decimal('119.00'), 'tax': '%d'} == {'total': 'a<b & c'}"


class Scribe:
    """Writes one timeline; every event says when it happened."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.at = 0.0
        self._runs = 0
        folder.mkdir(parents=True)
        root.mkdir(parents=True, exist_ok=True)

    def event(self, kind: str, **fact: Any) -> None:
        """An event at the present moment of the story."""
        moment = {"wall": 1.7e9 + self.at, "clock": 1000 + self.at, "boot": "b"}
        journal.append(str(self.folder), kind, **moment, **fact)

    def tree(self) -> str:
        return journal.snapshot(str(self.folder), str(self.root))

    def start(self) -> None:
        self.event("start", recorded=True, tree=self.tree())

    def run(
        self,
        tests: list[str],
        failing: dict[str, str],
        arguments: tuple[str, ...] = (),
        seconds: float = 2.0,
        debugger: str = "",
    ) -> None:
        """A run of these tests, some of which fail with a message."""
        self._runs += 1
        name = f"run-{self._runs}"
        self.event(
            "run", run=name, root=str(self.root), tree=self.tree(), arguments=list(arguments),
            inside=".", via="pytest", python="3.11.7",
        )  # fmt: skip
        for test, message in failing.items():
            self.event("fail", run=name, test=test, message=message, when="call")
        if debugger:
            self.event("debug", run=name, how=debugger)
        self.at += seconds
        bits = {
            "failed": sum(1 << i for i, test in enumerate(tests) if test in failing),
            "passed": sum(1 << i for i, test in enumerate(tests) if test not in failing),
        }
        self.event(
            "end", run=name, exit=1 if failing else 0, seconds=seconds, slow={},
            tests=journal.keep(str(self.folder), json.dumps(tests).encode("ascii")),
            outcomes={outcome: f"{number:x}" for outcome, number in bits.items() if number},
        )  # fmt: skip


def long_attempt(folder: Path, runs: int = 400, hours: float = 3.0) -> Path:
    """Three busy hours: edits of all sizes, 300 tests, up to 40 of them red, ideas and checks.

    Returns the timeline's folder, which lies in `folder`.
    """
    chance = random.Random(1)
    scribe = Scribe(folder / "timeline", folder / "work")
    names = [f"src/shop/part_{number:02}.py" for number in range(FILES)]
    for name in names:
        path = scribe.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (f"value_{i} = compute({i}, name={name!r})  # <tag> & more" for i in range(200))
        path.write_text("\n".join(lines), "utf-8")
    (scribe.root / "FAILURE_REPORT.md").write_text("# Totals are wrong\n\nSince Monday.\n", "utf-8")
    tests = [f"tests/test_part_{i % 40:02}.py::test_total[{i}-euro]" for i in range(TESTS)]
    scribe.start()
    for number in range(runs):
        scribe.at += chance.uniform(0.2, 1.8) * (3600 * hours / runs - 3)
        if chance.random() < 0.75:
            _edit(scribe.root / chance.choice(names), chance)
        if number % 16 == 3:
            scribe.event("hypothesis", number=number // 16 + 1, text="the tax is added twice " * 8)
        if number % 16 == 11:
            scribe.event(
                "close", number=number // 16 + 1, verdict="refuted", saw="it is added once"
            )
        if number % 80 == 40:
            scribe.event("note", text="explains the flow aloud")
            scribe.event("check", tree=scribe.tree(), solved=False, score=None)
        chosen = tests if number % 5 == 0 else chance.sample(tests, chance.choice((1, 8, 40)))
        failing = chance.sample(chosen, min(len(chosen), chance.choice((0, 1, 2, 9, 40))))
        scribe.run(chosen, dict.fromkeys(failing, MESSAGE % number), ("-x", chosen[0]))
    scribe.event("check", tree=scribe.tree(), solved=True, score=71)
    return scribe.folder


def _edit(path: Path, chance: random.Random) -> None:
    lines = path.read_text("utf-8").split("\n")
    for _ in range(chance.choice((1, 1, 2, 3, 12, 30))):
        lines[chance.randrange(len(lines))] = f"value = {chance.random()}  # <script>&"
    path.write_text("\n".join(lines), "utf-8")
