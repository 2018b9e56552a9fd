"""`bugbash new`: a broken repository with a failure report."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.briefing import brief
from bugbash.commands.options import (
    as_typed,
    bug_options,
    json_option,
    refuse_typed,
    target_options,
    typed_none_but,
)
from bugbash.commands.voice import voice
from bugbash.errors import UsageProblem, nearest
from bugbash.store import FINISHED, Store
from bugbash.targets.overrides import Overrides

if TYPE_CHECKING:
    from bugbash.serving.interview import Round
    from bugbash.serving.levels import Level
    from bugbash.serving.order import Order, Voice
    from bugbash.serving.serve import Served
    from bugbash.serving.serve_real import Wish
    from bugbash.workspace.attempt import Attempt

WHERE = "Where to put it [default: ./TARGET-ID; ~/bugbash/TARGET-ID inside a git checkout]."
PYTHONPATH_IS_SET = (
    "PYTHONPATH is set, and what it names comes before a workspace's own code: unset it there, or "
    "use `bugbash test`."
)
_SEEDS = 100_000
_WITH_SCENARIO = frozenset({"scenario", "minutes", "path", "no_record", "as_json"})
"""Options that do not say what is broken."""
_WITH_REAL = frozenset(
    {
        "target", "real", "clone", "seed", "families", "blind", "interview", "minutes", "path",
        "no_record", "as_json",
    }
)  # fmt: skip


@click.command(epilog="Example: bugbash new billcycle --family validation")
@click.argument("target", required=False)
@bug_options
@click.option(
    "--difficulty",
    "levels",
    metavar="LEVELS",
    help="easy, medium, hard; several with commas between them.",
)
@click.option("--bugs", type=click.IntRange(1, 5), help="How many  [default: 1].")
@click.option("--blind", is_flag=True, help="Withhold the failing tests: the report alone.")
@click.option(
    "--interview",
    is_flag=False,
    flag_value="plain",
    metavar="[stripe]",
    help="One bug, 45 minutes, no hints. `stripe`: a real package, 2 or 3 bugs, 60 minutes.",
)
@click.option("--scenario", metavar="NAME|PATH", help="A scenario that somebody wrote.")
@click.option(
    "--real",
    is_flag=False,
    flag_value="",
    metavar="[NAME[@COMMIT]]",
    help="A bug that a real library had, on top of its history.",
)
@click.option(
    "--repo",
    "clone",
    type=click.Path(path_type=Path),
    help="A clone that you have, with --real NAME; nothing in it runs or changes.",
)
@click.option("--seed", type=click.IntRange(0), help="The same seed gives the same bug.")
@click.option("--minutes", type=click.IntRange(1), help="Show the time that is left in `status`.")
@click.option("--dir", "path", type=click.Path(path_type=Path), help=WHERE)
@click.option("--no-record", is_flag=True, help="Don't record test runs; the method can't be seen.")
@target_options
@json_option
def command(
    target: str | None,
    families: tuple[str, ...],
    mutators: tuple[str, ...],
    mutator_folders: tuple[Path, ...],
    levels: str | None,
    bugs: int | None,
    blind: bool,
    interview: str | None,
    scenario: str | None,
    real: str | None,
    clone: Path | None,
    seed: int | None,
    minutes: int | None,
    path: Path | None,
    no_record: bool,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Make a broken repository of TARGET with a failure report.

    TARGET is one of ours (`bugbash list`), a folder, pypi:NAME[==VERSION] or git+URL[@REF].
    Without it: a scenario of ours that you have not played yet, an easy one first; then any
    bug of the project that you played longest ago. With --real: a bug that a library had.
    """
    from bugbash.serving.choosing import Wanted
    from bugbash.serving.order import Order
    from bugbash.workspace.attempt import recover
    from bugbash.workspace.make import destination, make, new_attempt_id

    _check_families(families)
    store = Store()
    for line in recover(store):
        click.echo(line, err=True)
    if os.environ.get("PYTHONPATH"):
        click.echo(PYTHONPATH_IS_SET, err=True)
    attempt_id = new_attempt_id()
    if path is not None:
        destination("", path, attempt_id)  # before any work: the folder must be free
    if scenario is not None:
        refuse_typed("--scenario says what is broken", _WITH_SCENARIO, others=True)
    elif typed_none_but(_WITH_SCENARIO):
        scenario = _next_scenario(store)
    target, asked = _round(target, interview)
    wish = _wish(target, real, clone, seed, asked)
    target = f"real:{wish.name}" if wish else target
    first = not store.attempts()
    at_first = first and not (levels or target or asked)
    wished = levels_of("easy" if at_first else levels)
    seed = _seed(seed)
    count = bugs or (asked.bugs(seed) if asked else 1)
    order = Order(
        target=_next_target(store, asked) if target is None else target,
        wanted=Wanted(seed, count, families, mutators, wished),
        overrides=overrides,
        mutator_folders=mutator_folders,
        options=(
            *as_typed(overrides, family=families, mutator=mutators, mutators=mutator_folders),
            *(("--bugs", str(bugs)) if bugs and (bugs > 1 or asked) else ()),
            *(("--difficulty", ",".join(wished)) if wished else ()),
            *(asked.typed if asked else ()),
            *(("--blind",) if blind else ()),
        ),
        blind=blind,
        mode=asked.name if asked else "",
    )
    with voice() as told:
        if scenario is not None:
            served, limit = _written(scenario, store, told)
        elif wish is not None:
            served, limit = _real(order, wish, store, told), asked.minutes if asked else None
        else:
            served = _served(order, store, told, as_hard=bool(asked and not wished))
            limit = asked.minutes if asked else None
        where = destination(served.scenario.name, path, attempt_id)
        limit = minutes or limit
        attempt = make(served, attempt_id, where, limit, store, recorded=not no_record)
    _tell(attempt, recorded=not no_record, first=first, as_json=as_json)


def _tell(attempt: Attempt, recorded: bool, first: bool, as_json: bool) -> None:
    if not as_json:
        brief(attempt, recorded=recorded, first=first)
        return
    from bugbash.pages.records import attempt_json

    click.echo(json.dumps(attempt_json(attempt), indent=1))


def _written(name: str, store: Store, told: Voice) -> tuple[Served, int | None]:
    """A written scenario, ready for a workspace, and its minutes."""
    from bugbash.serving.serve_written import serve_written
    from bugbash.serving.written import find

    written = find(name)
    return serve_written(written, store, told), written.minutes


def _next_scenario(store: Store) -> str | None:
    """A written scenario that was not played yet and is proved here; None where none is left."""
    from bugbash.serving.library import next_unplayed

    rows = store.played(("open", *FINISHED))
    last = {one.row.target: one.row.created for one in rows}
    return next_unplayed(last, {one.scenario["written"] for one in rows})


def _wish(
    target: str | None,
    real: str | None,
    clone: Path | None,
    seed: int | None,
    asked: Round | None,
) -> Wish | None:
    """Which real bug is meant; None for another. `new requests --real` names a library, too."""
    if real is None:
        if clone is not None:
            raise UsageProblem("--repo goes with --real NAME: it is a clone of that library.")
        return None
    from bugbash.serving.serve_real import wish_of

    told = "the difficulty of real bugs is not measured"
    refuse_typed(told, {"levels"})
    refuse_typed("--real says what is broken", _WITH_REAL, others=True)
    if asked is not None and asked.most > 1:
        raise UsageProblem("a real bug comes alone: say --interview, without stripe.")
    if target and real:
        raise UsageProblem(f"--real {real} says what is broken: leave TARGET out.")
    return wish_of(real or target or "", clone, seeded=seed is not None)


def _real(order: Order, wish: Wish, store: Store, told: Voice) -> Served:
    from bugbash.serving.serve_real import serve_real

    rows = store.played(("open", *FINISHED))
    played = frozenset(bug["id"] for row in rows for bug in row.scenario["bugs"] or ())
    return serve_real(order, wish, played, store, told)


def _round(target: str | None, interview: str | None) -> tuple[str | None, Round | None]:
    """The target and the round that are meant: `--interview billcycle` names a target."""
    if interview is None:
        return target, None
    from bugbash.serving.interview import ROUNDS

    if interview in ROUNDS:
        return target, ROUNDS[interview]
    if target is None:
        return interview, ROUNDS["plain"]
    raise UsageProblem(f"--interview {interview}: say nothing behind it, or stripe.")


def _check_families(families: tuple[str, ...]) -> None:
    if not families:
        return
    from bugbash.mutation.families import FAMILIES

    for family in families:
        if family not in FAMILIES:
            raise UsageProblem(f"there is no family {family!r}. {nearest(family, FAMILIES)}")


def _served(order: Order, store: Store, told: Voice, as_hard: bool) -> Served:
    """What is ordered; `as_hard`: medium or hard, where the target has such bugs and they fit."""
    from bugbash.serving.choosing import NotEnough
    from bugbash.serving.serve import serve

    if as_hard:
        wanted = replace(order.wanted, levels=("medium", "hard"))
        options = (*order.options, "--difficulty", ",".join(wanted.levels))
        with suppress(UsageProblem, NotEnough):
            return serve(replace(order, wanted=wanted, options=options), store, told)
    return serve(order, store, told)


def levels_of(text: str | None) -> tuple[Level, ...]:
    """The levels of "easy,hard" in their own order. Raises UsageProblem for other words."""
    from bugbash.serving.levels import LEVELS

    words = {word.strip().lower() for word in (text or "").split(",")} - {""}
    for word in sorted(words - set(LEVELS)):
        raise UsageProblem(
            f"--difficulty {word}: say easy, medium or hard, or several with commas."
        )
    return tuple(level for level in LEVELS if level in words)


def _seed(given: int | None) -> int:
    if given is not None:
        return given
    import secrets

    return secrets.randbelow(_SEEDS)


def _next_target(store: Store, asked: Round | None) -> str:
    """A target not yet played, else the one played longest ago: vendored, or what a round takes."""
    from bugbash.serving import catalogue
    from bugbash.serving.about import about
    from bugbash.targets import vendored

    last = {row.target: row.created for row in store.attempts()}
    if asked is not None and asked.name == "stripe":
        from bugbash.serving.interview import real_package

        return real_package(last)
    names = [name for name in vendored.names() if catalogue.path_of(name).is_file()]
    if not names:
        raise UsageProblem("no target project ships with this bugbash: name a TARGET.")
    if not last:
        names = [name for name in names if about(name).first] or names
    return min(names, key=lambda name: (last.get(name, 0.0), name))
