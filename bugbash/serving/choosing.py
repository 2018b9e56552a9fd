"""Choosing bugs: the same wishes and seed give the same bugs, everywhere."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.mutation.traits import Trait, weight
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.levels import Level, level
from bugbash.serving.scenario import Bug

_LATE_SHARE = 4
"""A bug that crashes at once takes part for one seed in so many: plain, and not never."""


@dataclass(frozen=True)
class Wanted:
    """What a user asked for. Empty names mean any."""

    seed: int
    bugs: int = 1
    families: tuple[str, ...] = ()
    mutators: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()

    def accepts(self, mutator: str, family: str) -> bool:
        named = not self.mutators or mutator in self.mutators
        return named and (not self.families or family in self.families)

    def accepts_difficulty(self, difficulty: float | None) -> bool:
        return not self.levels or (difficulty is not None and level(difficulty) in self.levels)


def seed_of(target: str, seed: int) -> str:
    """A user's seed as the seed of one target's draws: the same number means another in each."""
    return f"{target} {seed}"


def rank(seed: int | str, mutant: str) -> str:
    """The place of a mutant in the seeded order."""
    return hashlib.sha256(f"{seed}:{mutant}".encode()).hexdigest()


def candidates(catalogue: Catalogue, wanted: Wanted) -> list[Entry]:
    """The catalogue's bugs that fit, in seeded order.

    Raises UsageProblem, with what there is, when none fits.
    """
    fitting = [e for e in catalogue.entries if wanted.accepts(e.bug.mutator, e.bug.family)]
    if not fitting:
        raise UsageProblem(_nothing_fits(catalogue, wanted))
    as_hard = [e for e in fitting if wanted.accepts_difficulty(e.bug.difficulty)]
    if not as_hard:
        asked = " or ".join(wanted.levels)
        raise UsageProblem(f"{catalogue.target} has no {asked} bug of that kind: ask for another.")
    places = [Place(e.bug.id, e.bug.trait, e.bug.at_once) for e in as_hard]
    by_id = {entry.bug.id: entry for entry in as_hard}
    seed = seed_of(catalogue.target, wanted.seed)
    return [by_id[place.id] for place in weighted(seed, places)]


@dataclass(frozen=True)
class Place:
    """What the order of candidates depends on."""

    id: str
    trait: Trait
    late: bool = False
    """Whether it comes after the others of its trait, for three seeds of four."""


def weighted(seed: int | str, places: Iterable[Place]) -> list[Place]:
    """All of them in a seeded order in which each trait comes as often as among real fixes.

    For each position a trait is drawn by its share, then the next of that trait is taken.
    """
    waiting: dict[Trait, deque[Place]] = {}
    for place in sorted(places, key=lambda place: _turn(seed, place)):
        waiting.setdefault(place.trait, deque()).append(place)
    traits = sorted(waiting)
    order: list[Place] = []
    while traits:
        trait = _drawn(traits, int(rank(seed, f"draw {len(order)}"), 16))
        order.append(waiting[trait].popleft())
        if not waiting[trait]:
            traits.remove(trait)
    return order


def first(seed: int | str, places: Iterable[Place]) -> Place:
    """What `weighted` puts first."""
    known = list(places)
    trait = _drawn(sorted({place.trait for place in known}), int(rank(seed, "draw 0"), 16))
    of_trait = (place for place in known if place.trait == trait)
    return min(of_trait, key=lambda place: _turn(seed, place))


def _turn(seed: int | str, place: Place) -> tuple[bool, str]:
    """The order within a trait: every bug is as likely as the others, but for the late ones."""
    waits = place.late and int(rank(seed, f"late {place.id}"), 16) % _LATE_SHARE != 0
    return waits, rank(seed, place.id)


def _drawn(traits: list[Trait], number: int) -> Trait:
    number %= sum(map(weight, traits))
    for trait in traits:
        number -= weight(trait)
        if number < 0:
            return trait
    raise AssertionError("the weights add up")


def _nothing_fits(catalogue: Catalogue, wanted: Wanted) -> str:
    names = {e.bug.mutator for e in catalogue.entries}
    families = {e.bug.family for e in catalogue.entries}
    asked = [name for name in wanted.mutators if name not in names] or [
        name for name in wanted.families if name not in families
    ]
    known = names if asked and asked[0] in wanted.mutators else families
    what = f"by {asked[0]}" if asked else "of that mutator in that family"
    of_families = {e.bug.mutator for e in catalogue.entries if e.bug.family in wanted.families}
    hint = nearest(asked[0], known) if asked else nearest("", of_families)
    return f"{catalogue.target} has no bug {what}. {hint}"


def independent(chosen: Iterable[Bug], bug: Bug) -> bool:
    """Whether `bug` has tests and a place of its own beside those chosen before."""
    return all(
        not set(other.fail_to_pass) & set(bug.fail_to_pass)
        and (other.files, other.function) != (bug.files, bug.function)
        for other in chosen
    )


class NotEnough(EnvironmentProblem):
    """A target holds fewer bugs than were asked for, of the kind that was asked for."""


def not_enough(target: str, wanted: Wanted, found: int) -> NotEnough:
    """The error for a target that holds fewer bugs than were asked for."""
    if wanted.bugs == 1:
        return NotEnough(
            f"no bug of {target} could be proved: try other families, mutators or tests."
        )
    return NotEnough(
        f"only {found} independent bugs of {target} could be found, not {wanted.bugs}: ask for "
        "fewer, or drop --family and --mutator."
    )
