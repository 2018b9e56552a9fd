"""What real fixes look like: the shares by which the choice among proved bugs is weighted.

Measured over the 501 bugs of BugsInPy (Widyasari et al., ESEC/FSE 2020) and 52 fixes mined from
click, httpx, marshmallow and requests; a fix may have several traits, so shares don't add up to 1.
"""

from __future__ import annotations

from typing import Literal, get_args

Trait = Literal[
    "guard",
    "absence",
    "condition",
    "return",
    "statement",
    "name",
    "argument",
    "try",
    "text",
    "except",
    "number",
    "operator",
    "other",
]
"""What the fix of a mutant looks like: a guard or branch added, a None, type or absence check
added, a condition changed, a returned (or assigned) expression changed, a missing statement added,
a wrong name or attribute put right, a call's argument changed, a try or except added, a string or
regex changed, the tuple of an except changed, a number changed, an operator changed."""

TRAITS: tuple[Trait, ...] = get_args(Trait)

SHARES: dict[Trait, tuple[float, float]] = {
    "guard": (41, 37),
    "absence": (28, 27),
    "condition": (24, 17),
    "return": (24, 14),
    "statement": (23, 23),
    "name": (12, 10),
    "argument": (11, 4),
    "try": (8, 10),
    "text": (8, 6),
    "except": (3, 6),
    "number": (1.6, 0),
    "operator": (0.2, 0),
}
"""Per cent of the fixes with each trait: of BugsInPy, and of the mined ones."""

_LEAST = 5
"""Per mille: what no real fix of the samples had still comes now and then."""


def weight(trait: Trait) -> int:
    """How often bugs of a trait are chosen, relative to others: the mean share, in per mille."""
    shares = SHARES.get(trait, (1.0, 1.0))
    return max(_LEAST, round(sum(shares) / len(shares) * 10))
