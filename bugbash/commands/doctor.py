"""`bugbash doctor`: is this machine ready."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bugbash.commands.options import json_option
from bugbash.errors import BugbashError
from bugbash.workspace.attempt import MARKER
from bugbash.workspace.readiness import ROOM_MB, Finding, probe


@click.command(epilog="The day before a round: bugbash doctor --workspace")
@click.option(
    "--workspace", "deep", is_flag=True, help="Also this workspace, or one made to be thrown away."
)
@json_option
def command(deep: bool, as_json: bool) -> None:
    """Say whether this machine is ready, and what to do where it is not."""
    findings = [look() for look in (_python, _git, _home, _room, _pytest, _uv, _catalogues)]
    folder = None
    if deep:
        folder, more = _workspace()
        known = {finding.name for finding in more}
        findings = [finding for finding in findings if finding.name not in known] + more
    ready = all(finding.good or not finding.needed for finding in findings)
    if as_json:
        value = {"schema": "bugbash/doctor/v1", "ready": ready, "workspace": folder}
        click.echo(json.dumps({**value, "findings": [asdict(f) for f in findings]}, indent=1))
    else:
        for finding in findings:
            mark = ("✔", "green") if finding.good else ("✘", "red" if finding.needed else "yellow")
            click.echo(f"{click.style(mark[0], fg=mark[1])} {finding.name:<12} {finding.said}")
        again = "go on" if folder else f"bugbash new{' --interview' if deep else ''}"
        click.echo(f"Ready: {again}" if ready else "Not ready: see the lines marked ✘.")
    sys.exit(0 if ready else 3)


def _workspace() -> tuple[str | None, list[Finding]]:
    """The workspace that this folder lies in, and what was found in it or in one made for it."""
    from bugbash.commands.voice import voice
    from bugbash.store import Store
    from bugbash.workspace.attempt import find
    from bugbash.workspace.readiness import readiness, trial_run

    try:
        store = Store()
        if _is_inside():
            attempt = find(store, Path())
            return str(attempt.workspace), readiness(attempt)
        with voice() as told:
            return None, trial_run(store, told)
    except (BugbashError, OSError) as error:
        return None, [Finding("workspace", False, str(error))]


def _is_inside() -> bool:
    here = Path.cwd()
    return any((folder / MARKER).is_file() for folder in (here, *here.parents))


def _python() -> Finding:
    return Finding("Python", True, f"{platform.python_version()} on {platform.system()}")


def _git() -> Finding:
    return probe("git", lambda: _git_version(), "install git and see that it is on your PATH")


def _git_version() -> str:
    from bugbash import git

    return git.run(["version"]).decode().strip().removeprefix("git version ")


def _home() -> Finding:
    def try_store() -> str:
        from bugbash.store import Store

        store = Store()
        store.set_fact("doctor", "probe", True)
        return str(store.path.parent)

    return probe("BUGBASH_HOME", try_store, "set BUGBASH_HOME to a folder that you can write to")


def _room() -> Finding:
    from bugbash.resources import home

    free = shutil.disk_usage(home()).free // 1_000_000
    return Finding("disk", free >= ROOM_MB, f"{free} MB free", needed=False)


def _pytest() -> Finding:
    def environment() -> str:
        from bugbash.targets.environment import environment_of
        from bugbash.targets.resolve import vendored_names
        from bugbash.targets.vendored import prepare

        found = environment_of(prepare(vendored_names()[0]))
        names = found.lock_file.read_text("utf-8").split()
        return next((name for name in names if name.startswith("pytest==")), "ready")

    return probe("pytest", environment, "install bugbash again")


def _uv() -> Finding:
    def find() -> str:
        from importlib.metadata import version

        import uv

        uv.find_uv_bin()
        return version("uv")

    return probe("uv", find, "real packages are then installed with pip, undated", needed=False)


def _catalogues() -> Finding:
    from bugbash.serving import catalogue
    from bugbash.targets.vendored import names

    here = catalogue.here()
    known = [found for name in names() if (found := catalogue.load(name)) is not None]
    proved = sum(here in found.proved_on for found in known)
    bugs = sum(len(found.entries) for found in known)
    said = f"{bugs} bugs in {len(known)} targets, {proved} proved on {here}"
    return Finding("catalogue", bool(known), said, needed=False)
