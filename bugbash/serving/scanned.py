"""Bugs to choose from that an earlier scan or search found: of targets without a catalogue, and
by mutators of one's own."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.load import file_of, load, mutator_folders, select
from bugbash.mutation.mutator import Mutator
from bugbash.mutation.sites import Mutant, mutants_in_tree
from bugbash.serving.building import bug_of
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.drafting import shipped_catalogue
from bugbash.serving.order import Voice
from bugbash.serving.survey import finding_of
from bugbash.serving.ticket import Ticket
from bugbash.store import Store
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target
from bugbash.trials.auto import AutoEngine
from bugbash.trials.baseline import Baseline, baseline_of
from bugbash.trials.scan import MOST_FAILING, MutantTrial

_Tried = list[tuple[Mutant, MutantTrial]]


def candidates_of(
    name: str, given: Sequence[Path], wanted: Sequence[str], store: Store, voice: Voice
) -> Catalogue:
    """The bugs of a target to choose from: its catalogue's, and those that trials found.

    Trials count of the mutators in the folders `given` and in those that the project names;
    where no catalogue ships, of all others too. `wanted` are names of mutators, empty for all.
    Runs no test but the clean suite where nobody did so far. Raises UsageProblem, with the
    command to type first, where nothing was tried or nothing of it is fit to be served.
    """
    known = shipped_catalogue(name)
    if known is not None and not given:
        return known
    target = resolve(name, note=voice.note)
    folders = mutator_folders(target, given, voice.note)
    mutators = load(folders)
    if known is not None:
        own = [one.name for one in mutators if _is_of(one, folders)]
        names = [name for name in own if not wanted or name in wanted]
        if not names:
            return known  # which has what is wanted, or tells what it has
    else:
        names = list(wanted)
    mutators = select(mutators, names)
    scan = _scan(name, given, names)
    search = _Search(name, target, environment_of(target, voice.note), store, voice)
    found = search.entries(mutators, scan)
    if known is not None:
        return replace(known, entries=(*known.entries, *found.entries))
    return found


def _is_of(mutator: Mutator, folders: Iterable[Path]) -> bool:
    file = file_of(mutator).resolve()
    return any(file.is_relative_to(folder.resolve()) for folder in folders)


def _scan(name: str, given: Sequence[Path], wanted: Sequence[str]) -> str:
    """The command that tries these mutants."""
    words = ["bugbash", "scan", name]
    words += [word for folder in given for word in ("--mutators", str(folder))]
    words += [word for mutator in wanted for word in ("--mutator", mutator)]
    return shlex.join(words)


class _Search:
    """What the store knows of the mutants of one target."""

    def __init__(
        self, name: str, target: Target, environment: Environment, store: Store, voice: Voice
    ) -> None:
        self._name, self._target, self._environment = name, target, environment
        self._store, self._voice = store, voice

    def entries(self, mutators: Sequence[Mutator], scan: str) -> Catalogue:
        by_name = {mutator.name: mutator for mutator in mutators}
        mutants = list(mutants_in_tree(self._target.tree, mutable_files(self._target), mutators))
        tried = self._known(mutants)
        if not tried:
            told = f"no mutant of {self._name} was tried yet: run `{scan}` first"
            raise UsageProblem(f"{told}, or make the change by hand (--from-diff PATCH).")
        baseline = baseline_of(self._target, self._environment, self._store, self._voice.watch)
        engine = AutoEngine(self._target, self._environment, baseline, self._store)
        found = []
        for mutant, trial in tried:
            measured = finding_of(engine, mutant, trial).signals
            if measured:
                bug = bug_of(mutant, by_name[mutant.mutator], trial.fail_to_pass, measured)
                found.append(Entry(bug, Ticket("", (), "ci")))
        left = len(mutants) - len(tried)
        if left:
            told = f"{left} of {len(mutants)} mutants were not tried yet"
            self._voice.note(f"{told}: `{scan}` tries them")
        if not found:
            told = f"{len(tried)} mutants of {self._name} were tried, and none breaks 1 to "
            told += f"{MOST_FAILING} tests and nothing else: try other mutators"
            raise UsageProblem(f"{told}, or make the change by hand (--from-diff PATCH).")
        return self._catalogue(baseline, tuple(found))

    def _known(self, mutants: Sequence[Mutant]) -> _Tried:
        """The mutants that were tried, each with the most that is known of it."""
        unmeasured = Baseline((), 0, 0)
        engine = AutoEngine(self._target, self._environment, unmeasured, self._store)
        pairs = ((mutant, engine.known(mutant, MOST_FAILING + 1)) for mutant in mutants)
        return [(mutant, trial) for mutant, trial in pairs if trial is not None]

    def _catalogue(self, baseline: Baseline, entries: tuple[Entry, ...]) -> Catalogue:
        return Catalogue(
            target=self._name,
            version=self._target.spec.version,
            digest=self._target.digest,
            tests=baseline.passing,
            proved_on=(),
            tried={},
            survey={},
            levels={},
            suite_seconds=baseline.seconds,
            entries=entries,
        )
