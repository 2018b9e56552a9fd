"""From the index of real bugs to one that can be played: chosen, prepared, seen to fail here."""

from __future__ import annotations

import ast
import platform
import re
import shlex
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bugbash.errors import BugbashError, EnvironmentProblem, UsageProblem, nearest
from bugbash.mutation.traits import TRAITS
from bugbash.serving.anchors import edits_between
from bugbash.serving.blind import withheld_if
from bugbash.serving.blind_report import told
from bugbash.serving.catalogue import here
from bugbash.serving.choosing import Place, first, rank, seed_of, weighted
from bugbash.serving.leak_lint import leaks
from bugbash.serving.order import Order, Voice
from bugbash.serving.real_check import NotHere, Seen, look
from bugbash.serving.real_report import Facts, report, shown_of, truthful
from bugbash.serving.real_scripts import stage_of
from bugbash.serving.scenario import Bug, Origin, Scenario
from bugbash.serving.serve import Served, over
from bugbash.serving.ticket import Setting, Ticket, ticket_from_json
from bugbash.store import Store
from bugbash.syntax import parsed
from bugbash.targets import git_source, real_source
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.history import index as indexes
from bugbash.targets.history.fixes import broken_files
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.real_source import NoClone, Replay
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.workers import workers

MUTATOR = "real fix"
_MOST_TRIED = 12
_SEEDS_TRIED = 60
"""For each bug that is wanted: how many seeds are looked at for one that begins with it."""
_FORM = "3"
_BESIDE = 4
_IMPORTED = re.compile(rb"^\s*(?:from|import) +([A-Za-z_]\w*)", re.MULTILINE)


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
    return [Place(bug_id(one, entry), _trait(entry)) for entry in one.entries]  # type: ignore[arg-type]


def _trait(entry: Entry) -> str:
    return entry.trait if entry.trait in TRAITS else "other"


def bug_id(one: Index, entry: Entry) -> str:
    """What a real bug is called in the history of a learner."""
    return f"real:{one.name}@{entry.fix_commit}"


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
        environment = environment_of(target, self._voice.note)
        broken = broken_files(replay.history, replay.fix)
        bug = self._bug(target, broken)
        with real_source.packed_past(replay.history, entry.base_commit):
            seen, ticket = self._seen(replay, environment, broken, bug)
        tests = tuple(test for test in seen.collected if test not in entry.left_out)
        withheld = withheld_if(self._order.blind, target.tree, (bug,), tests)
        if withheld is None:
            raise NotHere("its failing tests can't be withheld")
        ticket = truthful(told(ticket, self._order, bug.fail_to_pass), "It is no new behaviour.")
        if leaks(ticket, (bug,), withheld.tests):
            raise NotHere("its report would name a hidden test")
        scenario = self._scenario(target, environment, bug, tests, ticket)
        return Served(replace(scenario, withheld=withheld.tests), target, environment)

    def _seen(
        self, replay: Replay, environment: Environment, broken: dict[str, bytes], bug: Bug
    ) -> tuple[Seen, Ticket]:
        """What the failing tests do here, and the report, which is kept for the next time."""
        entry, target = self._entry, replay.target
        trusted = here() in entry.proved_on and real_source.has_pins(entry)
        key = f"{_FORM}-{suite_key(target, environment)}-{entry.fix_commit}"
        kept = self._store.fact("real-report", key)
        self._voice.note(f"looking whether the bug shows here ({self._index.name})")
        with workers(1) as at_work, stage_of(target, environment, broken) as stage:
            scripts = at_work.pool.submit(
                shown_of, target, () if kept else entry.fail_to_pass, stage
            )
            seen = look(target, environment, entry, broken, self._store, trusted)
            if kept is not None:
                return seen, ticket_from_json(kept)
            shown = scripts.result()
        facts = self._facts(replay, environment, seen, broken)
        ticket = report(shown, seen.failures, bug, facts)
        if ticket is None:
            raise NotHere("no report of it hides the cause")
        self._store.set_fact("real-report", key, asdict(ticket))
        return seen, ticket

    def _facts(
        self, replay: Replay, environment: Environment, seen: Seen, broken: dict[str, bytes]
    ) -> Facts:
        entry, spec = self._entry, replay.target.spec
        setting = Setting(
            name=spec.name,
            version=spec.version,
            where=f"{platform.system()}, Python {environment.interpreter.minor}",
            failing=len(entry.fail_to_pass),
            passing=max(0, entry.tests - len(entry.fail_to_pass)),
        )
        described = git_source.described(replay.history.repository, entry.base_commit)
        names = self._functions(replay.target, broken)
        return Facts(setting, described or "", _beside(replay.target, environment), names)

    def _functions(self, target: Target, broken: dict[str, bytes]) -> tuple[str, ...]:
        """Every function that the fix changes, by its name in the clean or the broken file."""
        found: set[str] = set()
        for name, before in sorted(broken.items()):
            clean = (target.tree / name).read_bytes()
            for one, other in ((clean, before), (before, clean)):
                for edit in edits_between(name, one, other):
                    function = function_at(one, edit.start, edit.end)
                    found |= {function} if function else set()
        return tuple(sorted(found))

    def _bug(self, target: Target, broken: dict[str, bytes]) -> Bug:
        """The fix turned round. Raises NotHere for one that adds or removes a source file."""
        entry = self._entry
        edits = []
        for name, before in sorted(broken.items()):
            path = target.tree / name
            if not path.is_file():
                raise NotHere("its fix removes a file")
            edits += list(edits_between(name, path.read_bytes(), before))
        if not edits or set(broken) != set(entry.files):
            raise NotHere("its fix is not in the code as the index says")
        clean = {edit.file: (target.tree / edit.file).read_bytes() for edit in edits}
        head = edits[0]
        source = clean[head.file]
        return Bug(
            id=bug_id(self._index, entry),
            mutator=MUTATOR,
            family=entry.family,
            edit=head,
            line=source[: head.start].count(b"\n") + 1,
            function=function_at(source, head.start, head.end),
            before="\n".join(_cut_out(clean[e.file][e.start : e.end]) for e in edits),
            after="\n".join(_cut_out(edit.replacement.encode()) for edit in edits),
            explanation=_explained(self._index, entry),
            fail_to_pass=tuple(sorted(entry.fail_to_pass)),
            trait=_trait(entry),  # type: ignore[arg-type]
            more=tuple(edits[1:]),
        )

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


def _explained(one: Index, entry: Entry) -> str:
    day = datetime.fromtimestamp(entry.when, UTC).date()
    return f"A bug that {one.name} had until its maintainers mended it on {day}."


def _cut_out(data: bytes) -> str:
    return textwrap.dedent(data.decode("utf-8", "replace")).strip("\n")


def function_at(source: bytes, start: int, end: int) -> str | None:
    """The innermost function, with its classes, around some bytes of a module."""
    tree = parsed(source)
    if tree is None:
        return None
    line = source[:start].count(b"\n") + 1
    last = line + max(0, source[start:end].rstrip(b"\n").count(b"\n"))
    found, name = None, ""
    node: ast.AST | None = tree
    while node is not None:
        inner = None
        for child in ast.iter_child_nodes(node):
            if line < getattr(child, "lineno", line + 1) or last > getattr(child, "end_lineno", 0):
                continue
            inner = child
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{name}.{child.name}".lstrip(".")
                found = found if isinstance(child, ast.ClassDef) else name
            break
        node = inner
    return found


def _beside(target: Target, environment: Environment) -> str:
    """The installed packages that the code imports, with their versions."""
    imported: set[bytes] = set()
    for source in target.spec.sources:
        place = target.tree / source
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            imported |= set(_IMPORTED.findall(path.read_bytes()))
    pins = []
    for line in environment.lock_file.read_text("utf-8").splitlines():
        name, equal, version = (part.strip() for part in line.partition("=="))
        if equal and name.lower().replace("-", "_").encode() in imported:
            pins.append(f"{name} {version.split()[0].rstrip(';')}")
    return ", ".join(pins[:_BESIDE])
