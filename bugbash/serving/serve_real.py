"""From the index of real bugs to one that can be played: chosen, prepared, seen to fail here."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bugbash.errors import BugbashError, EnvironmentProblem, UsageProblem, nearest
from bugbash.mining.stripped import compare
from bugbash.serving import real_proof
from bugbash.serving.blind import Withheld, withheld_if
from bugbash.serving.blind_report import told, truthful
from bugbash.serving.choosing import Place, first, rank, seed_of, weighted
from bugbash.serving.leak_lint import leaks
from bugbash.serving.order import Order, Voice
from bugbash.serving.real_bug import NotHere, bug_id, bug_of, trait_of
from bugbash.serving.real_proof import Proof
from bugbash.serving.scenario import Bug, Origin, Scenario
from bugbash.serving.serve import Served, over
from bugbash.serving.ticket import Ticket
from bugbash.store import Store
from bugbash.targets import real_source
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.history import index as indexes
from bugbash.targets.history.fixes import broken_files, tests_before
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.real_source import NoClone, Replay
from bugbash.targets.spec import Target

_MOST_TRIED = 12
_SEEDS_TRIED = 60
"""For each bug that is wanted: how many seeds are looked at for one that begins with it."""


@dataclass(frozen=True)
class Wish:
    """Which real bug is asked for."""

    name: str = ""
    """The library; any where it is empty."""
    commit: str = ""
    """The id of its fix, or how it begins; any where it is empty."""
    clone: Path | None = None
    """A clone that the user has."""
    seeded: bool = False
    """Whether the seed was typed: then what was played before does not matter."""


@dataclass(frozen=True)
class _Turn:
    index: Index
    entry: Entry
    seed: int


def wish_of(text: str, clone: Path | None, seeded: bool) -> Wish:
    """What `--real NAME@COMMIT` asks for. Raises UsageProblem for a clone of no library."""
    name, at, commit = text.partition("@")
    if at and not (name and commit):
        raise UsageProblem(f"--real {text}: say NAME, or NAME@COMMIT.")
    if clone is not None and not name:
        raise UsageProblem("--repo is the clone of one library: name it, as in --real requests.")
    return Wish(name, commit, clone, seeded)


def serve_real(
    order: Order, wish: Wish, played: frozenset[str], store: Store, voice: Voice
) -> Served:
    """A real bug, ready for a workspace; `played` are the ids of bugs that were played.

    A bug that does not show here is passed over, and `voice` hears why. Raises UsageProblem for
    names that nobody knows, EnvironmentProblem where none can be played here.
    """
    known = _indexes(wish, order)
    if wish.clone is not None:
        real_source.remember(known[0], wish.clone, voice.note)
    why = ""
    lost: set[str] = set()
    tried = 0
    for turn in _turns(known, order, wish, played):
        name = turn.index.name
        if name in lost:
            continue
        try:
            return _Maker(turn, order, wish, store, voice).served()
        except NoClone as problem:
            if wish.name:
                raise
            lost.add(name)
            why = str(problem)
        except (NotHere, BugbashError) as problem:
            why = str(problem).rstrip(".")
            if wish.commit:
                told = f"{name}@{wish.commit} can't be played: {why}."
                raise EnvironmentProblem(told) from problem
        tried += 1
        voice.note(f"a bug of {name} is passed over: {why}")
        if tried == _MOST_TRIED:
            break
    what = f"of {wish.name}" if wish.name else "here"
    raise EnvironmentProblem(f"no real bug {what} can be played; the last one: {why}.")


def _indexes(wish: Wish, order: Order) -> list[Index]:
    """The libraries in question, with the bugs that fit. Raises UsageProblem."""
    names = (wish.name,) if wish.name else indexes.names()
    if not names:
        raise UsageProblem("no index of real bugs ships with this bugbash: see `bugbash mine`.")
    known = [indexes.load(name) for name in names]
    if wish.commit:
        return [replace(one, entries=(indexes.find(one, wish.commit),)) for one in known]
    wanted = order.wanted.families
    fitting = [
        replace(one, entries=tuple(e for e in one.entries if not wanted or e.family in wanted))
        for one in known
    ]
    fitting = [one for one in fitting if one.entries]
    if not fitting:
        families = {entry.family for one in known for entry in one.entries}
        where = wish.name or "any library"
        raise UsageProblem(f"there is no real {wanted[0]} bug of {where}. {nearest('', families)}")
    return fitting


def _turns(known: list[Index], order: Order, wish: Wish, played: frozenset[str]) -> Iterator[_Turn]:
    """The bugs in the order in which they are tried, each with the seed that begins with it.

    With a typed seed that is the seeded order. Without, unplayed ones come first, and libraries
    that are here.
    """
    seed = order.wanted.seed
    known = sorted(known, key=lambda one: (not real_source.is_here(one), rank(seed, one.name)))
    if wish.seeded or wish.commit:
        for one in known:
            by_id = {bug_id(one, entry): entry for entry in one.entries}
            for place in weighted(seed_of(one.name, seed), _places(one)):
                yield _Turn(one, by_id[place.id], seed)
        return
    for again in (False, True):
        for one in known:
            wanted = {i for e in one.entries if ((i := bug_id(one, e)) in played) is again}
            yield from _beginning_with(one, wanted, seed)


def _beginning_with(one: Index, wanted: set[str], seed: int) -> Iterator[_Turn]:
    """Each of the wanted bugs with a seed whose order begins with it, the first seeds first."""
    by_id = {bug_id(one, entry): entry for entry in one.entries}
    places = _places(one)
    left = set(wanted)
    for number in range(seed, seed + _SEEDS_TRIED * len(places)):
        if not left:
            return
        found = first(seed_of(one.name, number), places)
        if found.id in left:
            left.remove(found.id)
            yield _Turn(one, by_id[found.id], number)


def _places(one: Index) -> list[Place]:
    return [Place(bug_id(one, entry), trait_of(entry)) for entry in one.entries]  # type: ignore[arg-type]


def _leaves_a_trace(replay: Replay, withheld: Withheld) -> bool:
    """Whether the tests without the withheld ones are other code than before the fix."""
    before = tests_before(replay.history, replay.fix)
    for name in replay.fix.tests:
        path = replay.target.tree / name
        served = withheld.files.get(name) or (path.read_bytes() if path.is_file() else None)
        if not _same_code(before.get(name), served):
            return True
    return False


def _same_code(before: bytes | None, after: bytes | None) -> bool:
    if before is None or after is None:
        return before is after
    return before == after or compare(before, after).emptiness == "formatting"


class _Maker:
    """Makes one entry into a scenario."""

    def __init__(self, turn: _Turn, order: Order, wish: Wish, store: Store, voice: Voice) -> None:
        self._index, self._entry, self._seed = turn.index, turn.entry, turn.seed
        self._order, self._wish, self._store, self._voice = order, wish, store, voice

    def served(self) -> Served:
        """Raises NotHere, or the errors of preparing it, where it can't be played here."""
        entry = self._entry
        replay = real_source.replay_of(self._index, entry, self._voice.note)
        target = replay.target
        with real_source.packed_past(replay.history, entry.base_commit):
            environment = environment_of(target, self._voice.note)
            broken = broken_files(replay.history, replay.fix)
            bug = bug_of(self._index, entry, target, broken)
            proof = self._proof(replay, environment, broken, bug)
        tests = tuple(test for test in proof.collected if test not in entry.left_out)
        withheld = withheld_if(self._order.blind, target.tree, (bug,), tests)
        if withheld is None:
            raise NotHere("its failing tests can't be withheld")
        if self._order.blind and _leaves_a_trace(replay, withheld):
            raise NotHere("its fix changed more of the tests, which the last commit would show")
        ticket = truthful(
            told(proof.ticket, self._order, bug.fail_to_pass), "It is no new behaviour."
        )
        if leaks(ticket, (bug,), withheld.tests):
            raise NotHere("its report would name a hidden test")
        scenario = self._scenario(target, environment, bug, tests, ticket)
        return Served(replace(scenario, withheld=withheld.tests), target, environment)

    def _proof(
        self, replay: Replay, environment: Environment, broken: dict[str, bytes], bug: Bug
    ) -> Proof:
        """What was seen of the bug on this machine, now or before."""
        key = real_proof.key_of(replay.target, environment, self._entry)
        proof = real_proof.kept(self._store, key)
        if proof is None:
            from bugbash.serving.real_proving import prove  # 150 ms

            self._voice.note(f"looking whether the bug shows here ({self._index.name})")
            proof = prove(self._entry, replay, environment, broken, bug, self._store)
            real_proof.keep(self._store, key, proof)
        return proof

    def _scenario(
        self,
        target: Target,
        environment: Environment,
        bug: Bug,
        tests: Iterable[str],
        ticket: Ticket,
    ) -> Scenario:
        entry, order = self._entry, self._order
        return Scenario(
            **over(target, environment),
            bugs=(bug,),
            report=ticket.render(),
            pass_to_pass=tuple(test for test in tests if test not in bug.fail_to_pass),
            left_out=entry.left_out,
            ignored_files=entry.ignored_files,
            seed=self._seed,
            again=self._again(),
            suite_seconds=entry.suite_seconds,
            blind=order.blind,
            mode=order.mode,
            origin=Origin(
                self._index.name,
                self._index.url,
                entry.fix_commit,
                entry.base_commit,
                entry.issues,
                entry.when,
            ),
        )

    def _again(self) -> str:
        """What gives somebody else the same bug, without naming its fix unless that was typed."""
        name, commit = self._index.name, self._wish.commit
        which = [f"{name}@{commit}"] if commit else [name, "--seed", str(self._seed)]
        return shlex.join(["bugbash", "new", "--real", *which, *self._order.options])
