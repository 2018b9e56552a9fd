"""What is known of written scenarios without running anything: for lists and tables."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bugbash import __version__
from bugbash.errors import UsageProblem, nearest
from bugbash.serving import certificate as certificates
from bugbash.serving.about import about
from bugbash.serving.catalogue import here
from bugbash.serving.certificate import Certificate
from bugbash.serving.levels import LEVELS, Level, hardest
from bugbash.serving.written import (
    FILE,
    Written,
    WrittenBug,
    find,
    mutator_file,
    read,
    shipped_names,
)

Proved = Literal["yes", "changed", "no"]
_EXPLAINED = frozenset({"billcycle/plus-addresses-refused"})
"""Scenarios whose fix stands in docs/."""


@dataclass(frozen=True)
class Listed:
    """One scenario, as a list shows it."""

    written: Written
    families: tuple[str, ...]
    difficulty: Level | None
    """As measured when it was proved; None where it was not."""
    proved: Proved
    """`changed`: its files, or bugbash, are not those of the proof. The target is not looked at."""
    proved_on: tuple[str, ...]
    """The systems, with their Pythons, of the proof."""


@dataclass(frozen=True)
class Filter:
    """Which scenarios are wanted; what is empty takes all."""

    targets: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    tags: tuple[str, ...] = ()

    def takes(self, one: Listed) -> bool:
        """Whether a scenario is wanted: of one of each that is named."""
        return (
            (not self.targets or one.written.target in self.targets)
            and (not self.families or bool(set(self.families) & set(one.families)))
            and (not self.levels or one.difficulty in self.levels)
            and (not self.tags or bool(set(self.tags) & set(one.written.tags)))
        )


def scenarios_in(names: Iterable[str]) -> list[Written]:
    """The scenarios of names, of their folders, and of folders that hold such folders.

    All that ship where none is named. Raises UsageProblem for what can't be read.
    """
    given = list(names)
    if not given:
        return [find(name) for name in shipped_names()]
    return [written for name in given for written in _of(name)]


def _of(name: str) -> Iterator[Written]:
    folder = Path(name).expanduser()
    inside = sorted([*folder.glob(f"*/{FILE}"), *folder.glob(f"*/*/{FILE}")])
    if inside and not (folder / FILE).is_file():
        yield from (read(path.parent) for path in inside)
    else:
        yield find(name)


def listed(written: Written) -> Listed:
    """What is known of a scenario."""
    proof = certificates.load(written)
    difficulty = hardest(bug.difficulty for bug in proof.bugs) if proof is not None else None
    systems = proof.proved_on if proof is not None else ()
    return Listed(written, _families(written), difficulty, _proved(written, proof), systems)


def next_unplayed(last: Mapping[str, float], played: Container[str | None]) -> str | None:
    """The shipped scenario to play next: of the target played longest ago, an easy one first.

    `last` says when each target was last played, `played` which scenarios were. Only those come
    that were proved on such a system and Python; whoever has played nothing gets an easy one of a
    target to begin with. One that the pages explain comes last. None where no other is left.
    """
    found = []
    for one in map(listed, scenarios_in(())):
        name, target = one.written.name, one.written.target
        if name in played or one.proved != "yes" or here() not in one.proved_on:
            continue
        if one.difficulty is None or not (last or _to_begin_with(one)):
            continue
        told = name in _EXPLAINED
        found.append((told, last.get(target, 0.0), LEVELS.index(one.difficulty), name))
    return min(found)[-1] if found else None


def _to_begin_with(one: Listed) -> bool:
    return one.difficulty == "easy" and about(one.written.target).first


def _proved(written: Written, proof: Certificate | None) -> Proved:
    if proof is None:
        return "no"
    same = (proof.scenario, proof.version) == (written.digest(), __version__)
    return "yes" if same else "changed"


def _families(written: Written) -> tuple[str, ...]:
    return tuple(sorted({family for bug in written.bugs if (family := family_of(bug))}))


def family_of(bug: WrittenBug) -> str:
    """The family of a bug: as said, else that of its mutator's folder; nothing where none is known.

    No mutator is loaded for it.
    """
    if bug.family:
        return bug.family
    path = mutator_file(bug.mutator)
    return path.parent.name if path is not None else ""


def refuse_unknown(wanted: Iterable[str], known: Iterable[str], what: str) -> None:
    """Raises UsageProblem, with the nearest, for a word that none of them has."""
    words = sorted(set(known))
    for word in wanted:
        if word not in words:
            raise UsageProblem(f"no scenario here has the {what} {word!r}. {nearest(word, words)}")
