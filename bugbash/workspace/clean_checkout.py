"""The clean code of a target as a repository of its own, for who makes a bug by hand."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bugbash import git
from bugbash.files import copy_tree, remove_tree, walk
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.targets.venv import VenvPlan, make_venv
from bugbash.workspace.make import EXCLUDED, leaving_out, point_to


def make_checkout(target: Target, environment: Environment, path: Path) -> str:
    """Put the target's tree and a `.venv` that runs it into the new folder `path`.

    Everything is in one neutral commit but what comes from the target's wheel. Nothing is recorded
    there. Built beside `path` and renamed into place. Returns the commit's id. Raises
    EnvironmentProblem where git is missing or fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.parent / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        copy_tree(target.tree, staging)
        for name in walk(staging):
            os.utime(staging / name, (git.NEUTRAL_TIME, git.NEUTRAL_TIME))
        files = [str(name) for name in walk(staging) if str(name) not in target.overlay]
        excluded = [*EXCLUDED, *(f"/{name}" for name in target.overlay)]
        commit = git.make_repository(staging, files, excluded)
        if not git.has_identity():
            git.set_identity(staging)
        make_venv(staging / ".venv", _plan(staging, target, environment))
        point_to(staging / ".venv", staging, path)
        staging.rename(path)
    except BaseException:
        remove_tree(staging)
        raise
    return commit


def _plan(folder: Path, target: Target, environment: Environment) -> VenvPlan:
    spec = target.spec
    return VenvPlan(
        source_roots=tuple(folder / root for root in spec.source_roots),
        dependencies=environment.site_packages,
        name=spec.name,
        version=spec.version,
        entry_points=spec.entry_points,
        pytest_args=spec.pytest_args,
        plugins=leaving_out(spec),
        commands=True,
        interpreter=environment.interpreter,
    )
