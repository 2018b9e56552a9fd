"""Choosing bugs: the same wishes and seed give the same bugs, everywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.scenario import Bug


@dataclass(frozen=True)
class Wanted:
    """What a user asked for. Empty names mean any."""

    seed: int
    bugs: int = 1
    families: tuple[str, ...] = ()
    mutators: tuple[str, ...] = ()

    def accepts(self, mutator: str, family: str) -> bool:
        named = not self.mutators or mutator in self.mutators
        return named and (not self.families or family in self.families)


def rank(seed: int, mutant: str) -> str:
    """The place of a mutant in the seeded order."""
    return hashlib.sha256(f"{seed}:{mutant}".encode()).hexdigest()


def candidates(catalogue: Catalogue, wanted: Wanted) -> list[Entry]:
    """The catalogue's bugs that fit, in seeded order.

    Raises UsageProblem, with what there is, when none fits.
    """
    fitting = [e for e in catalogue.entries if wanted.accepts(e.bug.mutator, e.bug.family)]
    if not fitting:
        raise UsageProblem(_nothing_fits(catalogue, wanted))
    return sorted(fitting, key=lambda entry: rank(wanted.seed, entry.bug.id))


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
        and (other.edit.file, other.function) != (bug.edit.file, bug.function)
        for other in chosen
    )


def not_enough(target: str, wanted: Wanted, found: int) -> EnvironmentProblem:
    """The error for a target that holds fewer bugs than were asked for."""
    if wanted.bugs == 1:
        return EnvironmentProblem(
            f"no bug of {target} could be proved: try other families, mutators or tests."
        )
    return EnvironmentProblem(
        f"only {found} independent bugs of {target} could be found, not {wanted.bugs}: ask for "
        "fewer, or drop --family and --mutator."
    )
