"""The tables of docs/scoring.md from the stored results of the scripted learners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.learners.learners import LEARNERS, TIERS
from tests.learners.playing import Result, stored

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scoring.md"
SIZES = {"fix": 40, "reproduce": 12, "isolate": 12, "hypothesis": 12, "verify": 12, "clean up": 12}


def tiers() -> str:
    """A row for each tier."""
    rows = [(str(tier.number), f"{tier.least} to {tier.most}", tier.reason) for tier in TIERS]
    return _table(("tier", "points", "what an interviewer would say"), rows)


def scores() -> str:
    """A row for each play, the best tier first."""
    learners = {learner.name: learner for learner in LEARNERS}
    ordered = sorted(stored().values(), key=lambda result: (result.tier, -result.score))
    rows = []
    for result in ordered:
        learner = learners[result.learner]
        rows.append((str(result.tier), f"**{learner.name}**. {learner.what}", learner.reason,
                     result.case, *_points(result), str(result.score),
                     "yes" if result.solved else "no"))  # fmt: skip
    head = (f"{name} ({size})" for name, size in SIZES.items())
    return _table(("tier", "learner", "why there", "bug", *head, "score", "solved"), rows)


def _points(result: Result) -> list[str]:
    found = (result.dimensions[name] for name in SIZES)
    return ["–" if points is None else str(points) for points in found]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


PARTS = {"tiers": tiers, "learners": scores}


def fill(page: Path = PAGE) -> None:
    """Write the tables between their marks. Raises SystemExit for a page without them."""
    text = page.read_text("utf-8")
    for mark, made in PARTS.items():
        found = re.search(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- end -->)", text, re.DOTALL)
        if found is None:
            raise SystemExit(f"{page.name} has no place for them: <!-- {mark} --> ... <!-- end -->")
        text = text[: found.start()] + made() + text[found.end() :]
    page.write_text(text, "utf-8")
