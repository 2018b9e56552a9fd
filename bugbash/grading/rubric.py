"""What can be earned: points by dimension, and what earned them in one attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEP_PARTS = 12
"""Every step is judged in twelfths, whatever it counts for in a scenario."""
FIX_PARTS = 40


@dataclass(frozen=True)
class Rubric:
    """Points by dimension. A scenario may set its own."""

    fix: int = 40
    reproduce: int = 12
    isolate: int = 12
    hypothesis: int = 12
    verify: int = 12
    clean_up: int = 12

    @property
    def total(self) -> int:
        return sum(self.of(name) for name in DIMENSIONS)

    def of(self, dimension: str) -> int:
        """The most that a dimension can earn, by its name in a grade."""
        points: int = getattr(self, dimension.replace(" ", "_"))
        return points


DIMENSIONS = ("fix", "reproduce", "isolate", "hypothesis", "verify", "clean up")
METHOD = ("reproduce", "isolate", "hypothesis", "verify")
"""What is seen in the timeline alone."""


def rubric_of(weights: Mapping[str, int]) -> Rubric:
    """The default rubric with a scenario's weights, by the dimensions' names.

    Raises ValueError for a name that is none, and for points below zero.
    """
    for name, points in weights.items():
        if name not in DIMENSIONS:
            raise ValueError(f"{name!r} is no dimension: they are {', '.join(DIMENSIONS)}")
        if points < 0:
            raise ValueError(f"{name}: {points} points are less than none")
    return Rubric(**{name.replace(" ", "_"): points for name, points in weights.items()})


@dataclass(frozen=True)
class Dimension:
    """One row of the rubric."""

    name: str
    points: int
    max: int
    observed: bool
    evidence: tuple[str, ...]
    advice: str = ""
    """One thing to do better; empty where nothing is lacking."""


@dataclass(frozen=True)
class Marks:
    """How well a step was done, before a rubric turns it into points."""

    parts: float
    """Of `STEP_PARTS`."""
    evidence: tuple[str, ...]
    advice: str = ""
    observed: bool = True


def unseen(why: str, advice: str = "") -> Marks:
    """A step of which nothing could be seen."""
    return Marks(0.0, (f"not observed: {why}",), advice, observed=False)


def dimension(name: str, marks: Marks, rubric: Rubric, parts: int = STEP_PARTS) -> Dimension:
    """The row of the rubric that these marks make; `parts` are those of the whole dimension."""
    most = rubric.of(name)
    share = min(max(marks.parts, 0.0), parts) / parts
    points = int(most * share + 1e-9)
    return Dimension(
        name=name,
        points=points,
        max=most,
        observed=marks.observed,
        evidence=marks.evidence,
        advice="" if points == most else marks.advice,
    )
