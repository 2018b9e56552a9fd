"""Proving a real bug on this machine, and its report: the parts that run its code."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping

from bugbash.serving.anchors import edits_between
from bugbash.serving.catalogue import here
from bugbash.serving.real_bug import NotHere, function_at
from bugbash.serving.real_check import Seen, look
from bugbash.serving.real_proof import Proof
from bugbash.serving.real_report import Facts, report, shown_of
from bugbash.serving.real_scripts import stage_of
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Setting
from bugbash.store import Store
from bugbash.targets import git_source, real_source
from bugbash.targets.environment import Environment
from bugbash.targets.history.index import Entry
from bugbash.targets.real_source import Replay
from bugbash.targets.spec import Target
from bugbash.trials.workers import workers

_BESIDE = 8
_IMPORTED = re.compile(rb"^\s*(?:from|import) +([A-Za-z_]\w*)", re.MULTILINE)


def prove(
    entry: Entry,
    replay: Replay,
    environment: Environment,
    broken: Mapping[str, bytes],
    bug: Bug,
    store: Store,
) -> Proof:
    """See the failing tests fail, while the scripts of the report run; `broken` is the code before.

    Raises NotHere where the bug does not show as the index says, or can't be told.
    """
    target = replay.target
    trusted = here() in entry.proved_on and real_source.has_pins(entry)
    with workers(1) as at_work, stage_of(target, environment, broken) as stage:
        scripts = at_work.pool.submit(shown_of, target, entry.fail_to_pass, stage)
        seen = look(target, environment, entry, broken, store, trusted)
        shown = scripts.result()
    facts = _facts(entry, replay, environment, seen, broken)
    ticket = report(shown, seen.failures, bug, facts)
    if ticket is None:
        raise NotHere("no report of it hides the cause")
    return Proof(seen.collected, ticket)


def _facts(
    entry: Entry, replay: Replay, environment: Environment, seen: Seen, broken: Mapping[str, bytes]
) -> Facts:
    spec = replay.target.spec
    setting = Setting(
        name=spec.name,
        version=spec.version,
        where=f"{platform.system()}, Python {environment.interpreter.minor}",
        failing=len(entry.fail_to_pass),
        passing=max(0, entry.tests - len(entry.fail_to_pass)),
    )
    described = git_source.described(replay.history.repository, entry.base_commit)
    names = _functions(replay.target, broken)
    return Facts(setting, described or "", _beside(replay.target, environment), names)


def _functions(target: Target, broken: Mapping[str, bytes]) -> tuple[str, ...]:
    """Every function that the fix changes, by its name in the clean or the broken file."""
    found: set[str] = set()
    for name, before in sorted(broken.items()):
        clean = (target.tree / name).read_bytes()
        for one, other in ((clean, before), (before, clean)):
            for edit in edits_between(name, one, other):
                function = function_at(one, edit.start, edit.end)
                found |= {function} if function else set()
    return tuple(sorted(found))


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
