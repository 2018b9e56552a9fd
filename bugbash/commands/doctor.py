"""`bugbash doctor`: is this machine ready."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

import click

from bugbash.commands.options import json_option
from bugbash.errors import BugbashError

_ROOM_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `needed` tells whether anything works without it."""

    name: str
    good: bool
    said: str
    needed: bool = True


@click.command(epilog="Next: bugbash new")
@json_option
def command(as_json: bool) -> None:
    """Say whether this machine is ready, and what to do where it is not."""
    findings = [look() for look in (_python, _git, _home, _room, _pytest, _uv, _catalogues)]
    ready = all(finding.good or not finding.needed for finding in findings)
    if as_json:
        value = {"schema": "bugbash/doctor/v1", "ready": ready}
        click.echo(json.dumps({**value, "findings": [asdict(f) for f in findings]}, indent=1))
    else:
        for finding in findings:
            mark = ("✔", "green") if finding.good else ("✘", "red" if finding.needed else "yellow")
            click.echo(f"{click.style(mark[0], fg=mark[1])} {finding.name:<12} {finding.said}")
        click.echo("Ready: bugbash new" if ready else "Not ready: see the lines marked ✘.")
    sys.exit(0 if ready else 3)


def _python() -> Finding:
    return Finding("Python", True, f"{platform.python_version()} on {platform.system()}")


def _git() -> Finding:
    return _probe("git", lambda: _git_version(), "install git and see that it is on your PATH")


def _git_version() -> str:
    from bugbash import git

    return git.run(["version"]).decode().strip().removeprefix("git version ")


def _home() -> Finding:
    def try_store() -> str:
        from bugbash.store import Store

        store = Store()
        store.set_fact("doctor", "probe", True)
        return str(store.path.parent)

    return _probe("BUGBASH_HOME", try_store, "set BUGBASH_HOME to a folder that you can write to")


def _room() -> Finding:
    from bugbash.resources import home

    free = shutil.disk_usage(home()).free // 1_000_000
    return Finding("disk", free >= _ROOM_MB, f"{free} MB free", needed=False)


def _pytest() -> Finding:
    def environment() -> str:
        from bugbash.targets.environment import environment_of
        from bugbash.targets.resolve import vendored_names
        from bugbash.targets.vendored import prepare

        found = environment_of(prepare(vendored_names()[0]))
        names = found.lock_file.read_text("utf-8").split()
        return next((name for name in names if name.startswith("pytest==")), "ready")

    return _probe("pytest", environment, "install bugbash again")


def _uv() -> Finding:
    def find() -> str:
        from importlib.metadata import version

        import uv

        uv.find_uv_bin()
        return version("uv")

    return _probe("uv", find, "real packages are then installed with pip, undated", needed=False)


def _catalogues() -> Finding:
    from bugbash.serving import catalogue
    from bugbash.targets.vendored import names

    here = catalogue.here()
    known = [found for name in names() if (found := catalogue.load(name)) is not None]
    proved = sum(here in found.proved_on for found in known)
    bugs = sum(len(found.entries) for found in known)
    said = f"{bugs} bugs in {len(known)} targets, {proved} proved on {here}"
    return Finding("catalogue", bool(known), said, needed=False)


def _probe(name: str, look: Callable[[], str], advice: str, needed: bool = True) -> Finding:
    try:
        return Finding(name, True, look(), needed)
    except (BugbashError, OSError, ImportError) as error:
        return Finding(name, False, f"{error}; {advice}", needed)
