"""Choosing what each of a class gets: one for all, or another one for each neighbour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.serving import catalogue as catalogues
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.choosing import Place, Wanted, rank, weighted
from bugbash.serving.levels import Level, level
from bugbash.serving.order import Order, Voice
from bugbash.serving.serve import Served, serve_entry
from bugbash.serving.serve_written import serve_written
from bugbash.serving.written import find
from bugbash.store import Store
from bugbash.targets import vendored
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.spec import Target


@dataclass(frozen=True)
class _Shelf:
    """A vendored target with its catalogue."""

    target: Target
    known: Catalogue


def written_for(
    names: Sequence[str], students: int, seed: int, store: Store, voice: Voice
) -> list[Served]:
    """For each student in turn one of the written scenarios; with several, neighbours differ.

    Raises what `find` and `serve_written` raise, and UsageProblem for one that is named twice.
    """
    served: dict[str, Served] = {}
    for name in names:
        written = find(name)
        place = str(written.folder.resolve())
        if place in served:
            raise UsageProblem(f"{name} is named twice: name each scenario once.")
        served[place] = serve_written(written, store, voice)
    order = sorted(served, key=lambda place: rank(seed, served[place].scenario.written))
    return [served[order[number % len(order)]] for number in range(students)]


def catalogued_for(
    targets: Sequence[str], wanted: Wanted, students: int, vary: bool, voice: Voice
) -> list[Served]:
    """For each student in turn a catalogued bug of vendored targets (all, where none is named).

    Without `vary` the same for all. With it, neighbours get different bugs of one family and one
    difficulty: of those that are wanted, the pair of which there are most. Raises UsageProblem
    where there are none, or with `vary` fewer than two.
    """
    shelves = {name: _shelf(name) for name in dict.fromkeys(targets or _with_catalogue())}
    entries = [(name, e) for name, shelf in shelves.items() for e in shelf.known.entries]
    fitting = [
        (name, entry)
        for name, entry in entries
        if wanted.accepts(entry.bug.mutator, entry.bug.family)
        and entry.bug.difficulty is not None
        and wanted.accepts_difficulty(entry.bug.difficulty)
    ]
    if not fitting:
        raise UsageProblem(_none_fits(entries, wanted))
    if vary:
        fitting = _largest_group(fitting)
        bug = fitting[0][1].bug
        kind = f"{bug.family}, {level(bug.difficulty or 0.0)}"
        voice.note(f"bugs to choose from ({kind}): {len(fitting)}; students: {students}")
    by_place = {f"{name} {entry.bug.id}": (name, entry) for name, entry in fitting}
    places = (Place(key, e.bug.trait, e.bug.at_once) for key, (_, e) in by_place.items())
    ordered = [by_place[place.id] for place in weighted(f"pack {wanted.seed}", places)]
    served = list(islice(_served(ordered, shelves, wanted, voice), students if vary else 1))
    if not served:
        raise EnvironmentProblem("none of those bugs breaks its tests here: try other families.")
    if vary and len(served) == 1 and students > 1:
        raise UsageProblem("--vary needs two bugs of one kind: name more targets, or drop options.")
    return [served[number % len(served)] for number in range(students)]


def _with_catalogue() -> list[str]:
    return [name for name in vendored.names() if catalogues.path_of(name).is_file()]


def _shelf(name: str) -> _Shelf:
    if name not in vendored.names():
        known = nearest(name, vendored.names())
        raise UsageProblem(f"--target {name}: bugs to hand out are those of our own. {known}")
    target = vendored.prepare(name)
    known_bugs = catalogues.load(name)
    if known_bugs is None or known_bugs.digest != target.digest:
        raise EnvironmentProblem(
            f"{name} has no catalogue of its present code: run `bugbash catalogue build {name}`."
        )
    return _Shelf(target, known_bugs)


def _none_fits(entries: Sequence[tuple[str, Entry]], wanted: Wanted) -> str:
    families = {entry.bug.family for _, entry in entries}
    for family in wanted.families:
        if family not in families:
            return (
                f"there is no bug of the family {family!r} to hand out. {nearest(family, families)}"
            )
    return "those targets have no such bug: ask for another family or difficulty."


def _largest_group(entries: Sequence[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    groups: dict[tuple[str, Level], list[tuple[str, Entry]]] = {}
    for name, entry in entries:
        key = (entry.bug.family, level(entry.bug.difficulty or 0.0))
        groups.setdefault(key, []).append((name, entry))
    most = min(groups, key=lambda key: (-len(groups[key]), key))
    return groups[most]


def _served(
    ordered: Sequence[tuple[str, Entry]],
    shelves: dict[str, _Shelf],
    wanted: Wanted,
    voice: Voice,
) -> Iterator[Served]:
    environments: dict[str, Environment] = {}
    for name, entry in ordered:
        shelf = shelves[name]
        if name not in environments:
            environments[name] = environment_of(shelf.target, voice.note)
        order = Order(name, wanted)
        found = serve_entry(shelf.known, entry, order, shelf.target, environments[name])
        if found is not None:
            yield replace(found, scenario=replace(found.scenario, again=""))
