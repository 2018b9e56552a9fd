"""Where a moment lies on the picture: long absences take little room."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

ABSENCE_S = 20 * 60
"""Without any event for this long, somebody was away."""
_ABSENCE_SHARE = 0.04
_MARGIN = 1.5
_STEPS = (5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400, 604800)
_TICKS = 9


@dataclass(frozen=True)
class Absence:
    """A stretch that is drawn short."""

    start: float
    end: float
    x: float
    width: float


@dataclass(frozen=True)
class Scale:
    """Seconds to per cent of the width."""

    knots: tuple[tuple[float, float], ...]
    """(seconds, per cent) where the scale changes, in order."""
    absences: tuple[Absence, ...]
    ticks: tuple[tuple[float, float], ...]
    """(per cent, seconds)."""

    def x(self, at: float) -> float:
        index = bisect_right([knot[0] for knot in self.knots], at) - 1
        index = max(0, min(index, len(self.knots) - 2))
        (t0, x0), (t1, x1) = self.knots[index], self.knots[index + 1]
        share = (at - t0) / (t1 - t0) if t1 > t0 else 0.0
        return round(x0 + (x1 - x0) * max(0.0, min(1.0, share)), 2)


def scale_of(moments: Iterable[float]) -> Scale:
    """The scale from 0 to the last of these moments."""
    times = sorted({0.0, *moments})
    end = max(times[-1], 1.0)
    pairs = pairwise(times)
    gaps = sorted(((b - a, a, b) for a, b in pairs if b - a > ABSENCE_S), reverse=True)[:8]
    active = end - sum(gap for gap, _, _ in gaps)
    if active < 60:  # nothing but absences: they keep their length
        gaps, active = [], end
    full = 100 - 2 * _MARGIN
    short = min(_ABSENCE_SHARE, 0.3 / len(gaps)) * full if gaps else 0.0
    rate = (full - short * len(gaps)) / active
    knots, absences = [(0.0, _MARGIN)], []
    for _, a, b in sorted(gaps, key=lambda gap: gap[1]):
        t0, x0 = knots[-1]
        x1 = x0 + (a - t0) * rate
        absences.append(Absence(a, b, round(x1, 2), round(short, 2)))
        knots += [(a, x1), (b, x1 + short)]
    t0, x0 = knots[-1]
    knots.append((end, max(x0 + (end - t0) * rate, x0)))
    step = next((s for s in _STEPS if active / s <= _TICKS), active / _TICKS)
    scale = Scale(tuple(knots), tuple(absences), ())
    return Scale(scale.knots, scale.absences, tuple(_ticks(scale, end, step)))


def _ticks(scale: Scale, end: float, step: float) -> Iterable[tuple[float, float]]:
    last, at = -100.0, 0.0
    away = [(one.start, one.end) for one in scale.absences]
    while at <= end:
        gap = next(((a, b) for a, b in away if a < at < b), None)
        if gap is None:
            x = scale.x(at)
            if x - last >= 5:
                yield x, at
                last = x
            at += step
        else:
            at = (gap[1] // step + 1) * step
