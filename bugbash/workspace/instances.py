"""Bugs as instances of a dataset: what each is made of, wherever it comes from.

The words are those of SWE-bench (Jimenez et al., 2024) and SWE-smith (Yang et al., 2025).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.files import edited
from bugbash.serving import catalogue as catalogues
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.choosing import Place, Wanted, rank, weighted
from bugbash.serving.order import Voice
from bugbash.serving.scenario import Scenario
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets import vendored
from bugbash.targets.spec import Target
from bugbash.workspace.make import blind_files, broken_files

_REAL_ID = 12
"""Digits of its fix that name a real bug."""


@dataclass(frozen=True)
class Clean:
    """Clean code as a repository holds it."""

    tree: Path
    overlay: tuple[str, ...] = ()
    """Files of the tree that are kept out of git."""


@dataclass(frozen=True)
class Upstream:
    """Where a real bug lies in the history that it comes from."""

    repo: str
    """OWNER/NAME; "" where its address tells none."""
    base_commit: str
    fix: str
    """A patch of the sources, from the base commit to the fix."""
    tests: str
    """The same of the tests."""


@dataclass(frozen=True)
class Instance:
    """One bug, or several that are played together, with its tests and its report."""

    project: str
    version: str
    id: str
    """Names it among those of its project."""
    kind: str
    """The mutator's name, `scenario`, or `real`."""
    report: str
    fail_to_pass: tuple[str, ...]
    pass_to_pass: tuple[str, ...]
    clean: Clean
    broken: Mapping[str, bytes]
    """The files that the bug changes."""
    withheld: Mapping[str, bytes | None]
    """Test files as they are served where something of them is withheld; None: not at all."""
    hints: tuple[str, ...] = ()
    when: int = git.NEUTRAL_TIME
    """Seconds since the epoch; never those of a clock."""
    upstream: Upstream | None = None


def catalogued(names: Sequence[str], wanted: Wanted, limit: int | None = None) -> list[Instance]:
    """Catalogued bugs of vendored targets (all, where none is named), in order of name and id.

    With a `limit` only so many, drawn by the seed as `new` draws them.
    Raises UsageProblem for names that nobody knows, and where no bug fits.
    """
    shelves = {name: _shelf(name) for name in dict.fromkeys(names or _with_catalogue())}
    entries = [(name, entry) for name, (_, known) in shelves.items() for entry in known.entries]
    _refuse_unknown(wanted, entries)
    fitting = {
        f"{name} {entry.bug.id}": (name, entry)
        for name, entry in entries
        if wanted.accepts(entry.bug.mutator, entry.bug.family)
        and wanted.accepts_difficulty(entry.bug.difficulty)
    }
    if not fitting:
        raise UsageProblem("no bug there is all of that: ask for another family, mutator or level.")
    if limit is not None and limit < len(fitting):
        places = (Place(key, e.bug.trait, e.bug.at_once) for key, (_, e) in fitting.items())
        drawn = [place.id for place in weighted(f"export {wanted.seed}", places)]
        fitting = {key: fitting[key] for key in drawn[:limit]}
    return [_of_entry(*shelves[name], entry) for _, (name, entry) in sorted(fitting.items())]


def _with_catalogue() -> list[str]:
    return [name for name in vendored.names() if catalogues.path_of(name).is_file()]


def _shelf(name: str) -> tuple[Target, Catalogue]:
    if name not in vendored.names():
        known = nearest(name, vendored.names())
        raise UsageProblem(f"{name} has no catalogue of bugs: only our own targets have. {known}")
    target = vendored.prepare(name)
    found = catalogues.load(name)
    if found is None or found.digest != target.digest:
        raise EnvironmentProblem(
            f"{name} has no catalogue of its present code: run `bugbash catalogue build {name}`."
        )
    return target, found


def _refuse_unknown(wanted: Wanted, entries: Iterable[tuple[str, Entry]]) -> None:
    bugs = [entry.bug for _, entry in entries]
    _refuse_family(wanted, {bug.family for bug in bugs})
    mutators = {bug.mutator for bug in bugs}
    for name in wanted.mutators:
        if name not in mutators:
            close = nearest(name, mutators)
            raise UsageProblem(f"no bug there is of the mutator {name!r}. {close}")


def _refuse_family(wanted: Wanted, known: set[str]) -> None:
    for name in wanted.families:
        if name not in known:
            raise UsageProblem(f"no bug there is of the family {name!r}. {nearest(name, known)}")


def _of_entry(target: Target, known: Catalogue, entry: Entry) -> Instance:
    bug = entry.bug
    failing = set(bug.fail_to_pass)
    return Instance(
        project=target.spec.name,
        version=target.spec.version,
        id=bug.id,
        kind=bug.mutator,
        report=entry.ticket.render(),
        fail_to_pass=bug.fail_to_pass,
        pass_to_pass=tuple(test for test in known.tests if test not in failing),
        clean=Clean(target.tree, target.overlay),
        broken=edited(target.tree, bug.edits),
        withheld={},
    )


def written(names: Iterable[str], store: Store, voice: Voice) -> Iterator[Instance]:
    """Scenarios that somebody wrote, by name or path; one that is named twice comes once.

    Each is proved here where it was not. Raises what `find` and `serve_written` raise.
    """
    from bugbash.serving.serve_written import serve_written
    from bugbash.serving.written import find

    found = {one.folder.resolve(): one for one in map(find, names)}
    for folder, one in found.items():
        served = serve_written(one, store, voice)
        yield of_served(served, _slug(folder.name), "scenario")


def real(
    names: Sequence[str],
    wanted: Wanted,
    limit: int | None,
    clone: Path | None,
    store: Store,
    voice: Voice,
) -> Iterator[Instance]:
    """Real bugs: NAME@COMMIT is one, NAME all that the index has of a library, the newest first.

    Each is seen to fail here first. One of many that can't be had here is passed over, and
    `voice` hears why; with a `limit` as many as asked for come, drawn by the seed. Raises
    UsageProblem for names that nobody knows, EnvironmentProblem where one that is named by its
    commit can't be had.
    """
    from bugbash.serving.order import Order
    from bugbash.serving.serve_real import Wish, serve_real
    from bugbash.workspace.upstream import passing_of, upstream_of

    left = limit
    for name, commit, named in _fixes(names, wanted, limit is not None):
        if left == 0:
            return
        order = Order(f"real:{name}", replace(wanted, families=()))
        try:
            wish = Wish(name, commit, clone, seeded=True)
            served = serve_real(order, wish, frozenset(), store, voice)
        except EnvironmentProblem as problem:
            if named:
                raise
            voice.note(f"passed over: {problem}")
            continue
        origin = served.scenario.origin
        assert origin is not None
        left = None if left is None else left - 1
        id = origin.fix_commit[:_REAL_ID]
        made = of_served(served, id, "real", origin.when, upstream_of(origin))
        voice.note(f"running the tests of {name} as they were after the fix")
        passing = passing_of(served, store)
        kept = tuple(sorted(passing & set(made.pass_to_pass)))
        yield replace(made, pass_to_pass=kept)


def _fixes(names: Sequence[str], wanted: Wanted, drawn: bool) -> Iterator[tuple[str, str, bool]]:
    """Library, fix, and whether the fix was named; each fix once. Raises UsageProblem."""
    from bugbash.targets.history import index as indexes

    found: dict[tuple[str, str], bool] = {}
    many = []
    for text in names:
        name, at, commit = text.partition("@")
        known = indexes.load(name)
        if at:
            found.setdefault((name, indexes.find(known, commit).fix_commit), True)
        else:
            many += [(name, entry) for entry in known.entries]
    if many:
        _refuse_family(wanted, {entry.family for _, entry in many})
    fitting = [
        (name, entry.fix_commit)
        for name, entry in many
        if not wanted.families or entry.family in wanted.families
    ]
    if drawn:
        fitting.sort(key=lambda one: rank(f"export {wanted.seed}", "@".join(one)))
    for one in fitting:
        found.setdefault(one, False)
    return ((name, commit, named) for (name, commit), named in found.items())


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "scenario"


def of_served(
    served: Served,
    id: str,
    kind: str,
    when: int = git.NEUTRAL_TIME,
    upstream: Upstream | None = None,
) -> Instance:
    """What a workspace would be made of, as an instance."""
    scenario, target = served.scenario, served.target
    return Instance(
        project=scenario.name,
        version=scenario.version,
        id=id,
        kind=kind,
        report=scenario.report,
        fail_to_pass=scenario.fail_to_pass,
        pass_to_pass=scenario.pass_to_pass,
        clean=Clean(target.tree, target.overlay),
        broken=broken_files(scenario, target),
        withheld=blind_files(scenario, target),
        hints=_hints(scenario),
        when=when,
        upstream=upstream,
    )


def readable(instance: Instance) -> Instance | None:
    """The instance without the tests that their harnesses can't see; None where no failing is left.

    Those of SWE-bench and SWE-smith read pytest's lines up to the first white space: a test with
    some in its id is one that never ran to them.
    """
    failing, passing = _without_space(instance.fail_to_pass), _without_space(instance.pass_to_pass)
    if not failing:
        return None
    return replace(instance, fail_to_pass=failing, pass_to_pass=passing)


def _without_space(tests: Iterable[str]) -> tuple[str, ...]:
    return tuple(test for test in tests if len(test.split()) == 1)


def _hints(scenario: Scenario) -> tuple[str, ...]:
    """The hints that the scenario's author wrote."""
    return tuple(text for bug in scenario.bugs for text in bug.hints if text)
