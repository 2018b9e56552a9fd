"""Putting a workspace back to how it was served."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bugbash import git
from bugbash.errors import UsageProblem
from bugbash.files import CACHES, remove_tree, walk, write_atomically
from bugbash.recording.timeline import tell
from bugbash.resources import home
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.targets.venv import make_venv
from bugbash.workspace.attempt import MARKER, Attempt
from bugbash.workspace.make import (
    REPORT,
    commit_broken,
    pack_history,
    served_files,
    venv_plan,
    write_broken,
)


def reset(attempt: Attempt, target: Target, environment: Environment) -> Path | None:
    """Make the workspace what it was, in place: a shell that stands in it stays valid.

    Returns the patch that holds the learner's changes, or None where there were none. It is
    written before anything is removed. Raises UsageProblem for a folder that lost its marker and
    its report: it may be somebody's other work at the same path. Raises EnvironmentProblem before
    anything is removed where the history of a real bug is not to be had.
    """
    folder = attempt.workspace
    if not attempt.marker_intact and not (folder / REPORT).is_file():
        raise UsageProblem(
            f"{folder} has neither {MARKER} nor {REPORT} any more and may hold other work: nothing "
            "was removed. Start another attempt with `bugbash new`."
        )
    if attempt.scenario.origin is not None:
        pack_history(attempt.scenario.origin, folder / ".git")
    kept = _keep_changes(attempt, target)
    repository = _keep_repository(attempt)
    for entry in sorted(folder.iterdir()):
        if entry.name != MARKER or not attempt.marker_intact:  # it stays: a kill loses no workspace
            remove_tree(entry)
    write_broken(folder, attempt.scenario, target, attempt.id)
    commit_broken(folder, attempt.scenario, repository)
    plan = venv_plan(folder, attempt.scenario, target, environment, attempt.id)
    make_venv(folder / ".venv", plan)
    tell(attempt.id, "reset", folder)
    return kept


def _keep_repository(attempt: Attempt) -> Path | None:
    """Put the learner's `.git` aside, beside the patches: commits, branches and stashes.

    Returns where it is, or None where there was none.
    """
    repository = attempt.workspace / ".git"
    if repository.is_dir() and not repository.is_symlink():
        place = home() / "kept" / f"{attempt.id}-{time.time_ns()}.git"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(repository, place)
        return place
    return None


def _keep_changes(attempt: Attempt, target: Target) -> Path | None:
    folder = attempt.workspace
    served = {path.as_posix(): target.tree / path for path in walk(target.tree)}
    changed = served_files(attempt.scenario, target)
    report = attempt.scenario.report.encode("utf-8")
    names = {path.as_posix() for path in walk(folder, CACHES)} - {MARKER}
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes | None] = {}
    for name in sorted(names | set(served)):
        clean = served[name].read_bytes() if name in served else None
        old = changed.get(name, clean)
        old = report if name == REPORT else old  # learners write notes into it
        new = (folder / name).read_bytes() if name in names else None
        if old != new:
            before[name], after[name] = old, new
    if not before:
        return None
    path = home() / "kept" / f"{attempt.id}-{time.time_ns()}.patch"
    text = git.patch(before, after)
    write_atomically(path, text.encode("utf-8", "surrogateescape"))
    return path
