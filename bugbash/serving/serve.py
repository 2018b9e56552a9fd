"""From a wish to a scenario: out of the catalogue where there is one, else by search and proof."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bugbash.serving import catalogue as shipped_catalogue
from bugbash.serving.blind import withheld_if
from bugbash.serving.blind_report import told
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.choosing import candidates, independent, not_enough
from bugbash.serving.leak_lint import leaks
from bugbash.serving.order import Order, Plan, Voice
from bugbash.serving.scenario import Scenario
from bugbash.serving.ticket import together
from bugbash.store import Store
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.overrides import NOTHING
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target


@dataclass(frozen=True)
class Served:
    """A scenario, ready for a workspace."""

    scenario: Scenario
    target: Target
    environment: Environment


def serve(order: Order, store: Store, voice: Voice) -> Served:
    """Choose and prove bugs as ordered.

    Raises UsageProblem for names that nobody knows, EnvironmentProblem where nothing that was
    asked for can be proved.
    """
    target = resolve(order.target, order.overrides, voice.note)
    environment = environment_of(target, voice.note)
    known = _usable_catalogue(target, order)
    if known is not None:
        plan = _from_catalogue(known, order, target, environment)
    else:
        from bugbash.serving.searching import search

        plan = search(order, target, environment, store, voice)
    return Served(_scenario(order, target, environment, plan), target, environment)


def _usable_catalogue(target: Target, order: Order) -> Catalogue | None:
    if target.sort != "vendored" or order.overrides != NOTHING or order.mutator_folders:
        return None
    known = shipped_catalogue.load(target.argument)
    return known if known is not None and known.digest == target.digest else None


def _from_catalogue(
    known: Catalogue, order: Order, target: Target, environment: Environment
) -> Plan:
    """The first bugs in seeded order that are independent; proved again where they never were."""
    chosen: list[Entry] = []
    for entry in _in_order(known, order):
        plan = _plan(known, [*chosen, entry], order, target, environment)
        if plan is None:
            continue
        chosen.append(entry)
        if len(chosen) == order.wanted.bugs:
            return plan
    raise not_enough(target.argument, order.wanted, len(chosen))


def serve_entry(
    known: Catalogue, entry: Entry, order: Order, target: Target, environment: Environment
) -> Served | None:
    """One bug of the catalogue; None where it can't be served here and as ordered."""
    plan = _plan(known, [entry], order, target, environment)
    if plan is None:
        return None
    return Served(_scenario(order, target, environment, plan), target, environment)


def _plan(
    known: Catalogue, entries: list[Entry], order: Order, target: Target, environment: Environment
) -> Plan | None:
    """The bugs together; None where the last one does not go with the others or breaks too much."""
    bugs = tuple(one.bug for one in entries)
    if not independent(bugs[:-1], bugs[-1]):
        return None
    ticket = together([told(one.ticket, order, one.bug.fail_to_pass) for one in entries])
    withheld = withheld_if(order.blind, target.tree, bugs, known.tests)
    if withheld is None or leaks(ticket, bugs, withheld.tests):
        return None
    proved = shipped_catalogue.here(environment.interpreter) in known.proved_on
    if (len(entries) > 1 or not proved) and not _breaks_as_told(
        known, entries, target, environment
    ):
        return None
    return Plan(bugs, ticket, known.tests, withheld=withheld.tests)


def _in_order(known: Catalogue, order: Order) -> list[Entry]:
    """The candidates; where no test may be named, those that a user's steps show come first."""
    found = candidates(known, order.wanted)
    return sorted(found, key=lambda one: one.ticket.source == "ci") if order.blind else found


def _breaks_as_told(
    known: Catalogue, entries: list[Entry], target: Target, environment: Environment
) -> bool:
    """Whether the bugs together break exactly the tests of each, here and now."""
    from bugbash.trials.baseline import Baseline
    from bugbash.trials.scan import Engine, changed_files

    baseline = Baseline(known.tests, len(known.tests), 0)
    engine = Engine(target, environment, baseline, None)
    changes = changed_files(target, [edit for entry in entries for edit in entry.bug.edits])
    expected = {test for entry in entries for test in entry.bug.fail_to_pass}
    return set(engine.run(changes).failing()) == expected


def over(target: Target, environment: Environment) -> dict[str, Any]:
    """The fields of a Scenario that say what clean code it is over, and where that runs."""
    return {
        "target": target.argument,
        "name": target.spec.name,
        "version": target.spec.version,
        "digest": target.digest,
        "spec": asdict(target.spec),
        "sort": target.sort,
        "overlay": target.overlay,
        "lock": environment.lock,
        "lock_text": environment.lock_file.read_text("utf-8"),
        "python": environment.version,
    }


def _scenario(order: Order, target: Target, environment: Environment, plan: Plan) -> Scenario:
    failing = {test for bug in plan.bugs for test in bug.fail_to_pass}
    return Scenario(
        **over(target, environment),
        bugs=plan.bugs,
        report=plan.ticket.render(),
        pass_to_pass=tuple(test for test in plan.tests if test not in failing),
        left_out=plan.left_out,
        ignored_files=plan.ignored_files,
        seed=order.wanted.seed,
        again=order.again,
        suite_seconds=plan.suite_seconds,
        blind=order.blind,
        mode=order.mode,
        withheld=plan.withheld,
    )
