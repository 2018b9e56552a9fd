"""Whether a target is a good one: its suite looked at from all sides, a sample of its mutants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.mutation.data_files import mutable_files
from bugbash.mutation.load import load, mutator_folders
from bugbash.mutation.sites import Mutant, mutants_in_tree
from bugbash.serving.choosing import rank
from bugbash.serving.journeys import Observer, observer_of
from bugbash.serving.order import Voice
from bugbash.serving.suite_runs import SuiteFacts, look_at
from bugbash.serving.survey import Finding, findings_of
from bugbash.store import Store
from bugbash.targets.environment import environment_of
from bugbash.targets.journeys import journeys_of
from bugbash.targets.overrides import Overrides
from bugbash.targets.prepare import NoTests
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target
from bugbash.trials.auto import engine_of
from bugbash.trials.baseline import Baseline, UnusableSuite, baseline_of
from bugbash.trials.scan import MOST_FAILING, Engine, changed_files
from bugbash.trials.workers import workers

_MISTAKES = ("NameError", "ImportError", "ModuleNotFoundError", "AttributeError", "SyntaxError")
"""Errors on the clean code that say more of a journey than of its case."""


@dataclass(frozen=True)
class Asked:
    """What a user wants to know."""

    target: str
    overrides: Overrides
    sample: int
    seed: int
    jobs: int


@dataclass(frozen=True)
class SampleFacts:
    """What became of a sample of the mutants."""

    mutants: dict[str, int]
    """All that there are, by family."""
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether every mutant was tried."""
        return len(self.findings) == sum(self.mutants.values())

    @property
    def servable(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.servable)


@dataclass(frozen=True)
class JourneyFacts:
    """What the target's journeys are worth."""

    problem: str = ""
    """Why they can't be used, or nothing."""
    journeys: int = 0
    cases: int = 0
    unsteady: tuple[str, ...] = ()
    """Cases that print something else in another run of the clean code."""
    mistaken: tuple[str, ...] = ()
    """Cases that end in an error of the journey itself, it seems."""
    shown: int = 0
    """Servable bugs of the sample that they tell from the clean code."""
    asked: int = 0


@dataclass(frozen=True)
class TargetFacts:
    """All that was found out. What could not be looked at is None."""

    name: str
    """As the user typed it."""
    seed: int
    target: Target | None = None
    unusable: str = ""
    """Why its suite can't be used at all, or nothing."""
    baseline: Baseline | None = None
    suite: SuiteFacts | None = None
    sample: SampleFacts | None = None
    journeys: JourneyFacts | None = None
    """None also where it has none."""


def look(asked: Asked, store: Store, voice: Voice) -> TargetFacts:
    """Find out all that there is to say of a target.

    Raises UsageProblem for what nobody knows, EnvironmentProblem where the machine is in the way; a
    suite that can't be used is no error but a fact.
    """
    try:
        target = resolve(asked.target, asked.overrides, voice.note)
    except NoTests as problem:
        return TargetFacts(asked.target, asked.seed, unusable=str(problem))
    environment = environment_of(target, voice.note)
    try:
        baseline = baseline_of(target, environment, store, voice.watch)
    except UnusableSuite as problem:
        return TargetFacts(asked.target, asked.seed, target, str(problem))
    voice.note(f"{len(baseline.passing)} tests pass; running them in other ways ...")
    step = voice.watch("the clean suite in other ways")
    suite = look_at(target, environment, asked.seed, asked.jobs, step)
    step = voice.watch("running each test alone")
    parts = (target, environment, baseline, store)
    with engine_of("auto", *parts, asked.jobs, step) as engine:
        sample = _try_sample(engine, asked, voice)
        journeys = _journeys(engine, sample, asked.jobs, voice)
    return TargetFacts(asked.target, asked.seed, target, "", baseline, suite, sample, journeys)


def _try_sample(engine: Engine, asked: Asked, voice: Voice) -> SampleFacts:
    mutators = load(mutator_folders(engine.target, (), voice.note))
    mutants = list(mutants_in_tree(engine.target.tree, mutable_files(engine.target), mutators))
    chosen = sorted(mutants, key=lambda mutant: rank(asked.seed, mutant.id))[: asked.sample]
    voice.note(f"{len(mutants):,} mutants; trying {len(chosen)} ...")
    step = voice.watch("trying mutants")
    done = Counter[str]()

    def tell(_: Finding) -> None:
        done["tried"] += 1
        step(done["tried"], len(chosen))

    findings = findings_of(engine, chosen, asked.jobs, MOST_FAILING + 1, tell)
    return SampleFacts(dict(Counter(mutant.family for mutant in mutants)), tuple(findings))


def _journeys(engine: Engine, sample: SampleFacts, jobs: int, voice: Voice) -> JourneyFacts | None:
    if journeys_of(engine.target) is None:
        return None
    try:
        observer = observer_of(engine)
    except (UsageProblem, EnvironmentProblem) as problem:
        return JourneyFacts(problem=str(problem))
    if observer is None or not observer.journeys:
        return JourneyFacts(problem="the folder holds no journey")
    mutants = [one.mutant for one in sample.servable]
    step = voice.watch("journeys over the servable bugs")
    with workers(jobs, engine.halt) as at_work:
        shown = 0
        told = at_work.pool.map(lambda mutant: _shows(engine, observer, mutant), mutants)
        for number, one in enumerate(told, 1):
            shown += one
            step(number, len(mutants))
    return JourneyFacts(
        journeys=len(observer.journeys),
        cases=sum(len(journey.cases) for journey in observer.journeys),
        unsteady=tuple(observer.unsteady),
        mistaken=tuple(observer.ending_in(_MISTAKES)),
        shown=shown,
        asked=len(mutants),
    )


def _shows(engine: Engine, observer: Observer, mutant: Mutant) -> bool:
    functions = [mutant.function] if mutant.function else []
    return bool(observer.differences(changed_files(engine.target, (mutant.edit,)), functions))
