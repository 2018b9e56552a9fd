"""Making a workspace: the broken repository on the learner's disk, whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import copy_tree, edited, remove_tree, unusable_name, walk
from bugbash.recording.install import recorder_plugin
from bugbash.recording.timeline import begin, forget, start
from bugbash.serving.blind import withhold
from bugbash.serving.scenario import Origin, Scenario, to_json
from bugbash.serving.serve import Served
from bugbash.store import AttemptRow, Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target, TargetSpec
from bugbash.targets.venv import PytestPlugin, VenvPlan, make_venv, python_of, site_packages
from bugbash.workspace.attempt import MARKER, Attempt, building_lock

REPORT = "FAILURE_REPORT.md"
_PLUGIN = "bugbash_workspace"
EXCLUDED = (MARKER, ".venv/", "__pycache__/", ".pytest_cache/")
_TIMES = 30 * 24 * 3600


def new_attempt_id() -> str:
    """Eight characters that no other attempt has."""
    return secrets.token_hex(4)


def destination(name: str, given: Path | None, attempt: str) -> Path:
    """Where a workspace goes: `given`, else `./<name>-<attempt>`, else below ~/bugbash.

    A workspace never lies in a git work tree, which would swallow it. Raises UsageProblem for a
    folder that exists or lies in one.
    """
    if given is not None:
        path = given.expanduser().absolute()
        if path.exists() or path.is_symlink():
            raise UsageProblem(
                f"{path} exists: name a folder that does not, nothing is overwritten."
            )
        check_name(path)
        inside = git.enclosing_work_tree(path.parent.resolve())
        if inside is not None:
            raise UsageProblem(f"{path} lies in the git work tree {inside}: name a folder outside.")
        return path
    here = Path.cwd()
    base = here if git.enclosing_work_tree(here) is None else Path.home() / "bugbash"
    return check_name(base / f"{name}-{attempt}")


def check_name(path: Path) -> Path:
    """The path itself. Raises UsageProblem where no virtual environment can lie below it."""
    why = unusable_name(path)
    if why:
        raise UsageProblem(f"{path} {why}: name another folder with --dir.")
    return path


def make(
    served: Served,
    attempt: str,
    path: Path,
    minutes: int | None,
    store: Store,
    recorded: bool = True,
) -> Attempt:
    """Build the workspace beside `path` and rename it into place.

    With `recorded`, its `.venv` holds the recorder and its timeline begins with the tree as it is
    served. Killed at any moment, it leaves no folder at `path`; the next command removes what was
    begun.
    """
    staging = path.parent / f".{path.name}.{attempt}.part"
    row = AttemptRow(
        attempt, served.scenario.name, str(path), str(staging), "building", time.time(), minutes
    )
    lock = building_lock(attempt)
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        store.add_attempt(row, to_json(served.scenario))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            begin(attempt, recorded)
            fill(staging, path, served.scenario, served.target, served.environment, attempt)
            start(attempt, staging)
            staging.rename(path)
        except BaseException:
            if not _is_whole(path, attempt):  # else Ctrl-C came with the renaming
                remove_tree(staging)
                forget(attempt)
                store.forget_attempt(attempt)
            raise
        store.set_state(attempt, "open")
    lock.unlink(missing_ok=True)
    return Attempt(replace(row, state="open"), path, served.scenario)


def _is_whole(path: Path, attempt: str) -> bool:
    """Whether the workspace of this attempt, and no other, has arrived at `path`."""
    try:
        return (path / MARKER).read_text("utf-8").strip() == attempt
    except (OSError, UnicodeDecodeError):
        return False


def fill(
    folder: Path,
    final: Path,
    scenario: Scenario,
    target: Target,
    environment: Environment,
    attempt: str,
) -> None:
    """Everything that a workspace holds, into the empty `folder` that will be renamed `final`."""
    write_broken(folder, scenario, target, attempt)
    commit_broken(folder, scenario)
    make_venv(folder / ".venv", venv_plan(folder, scenario, target, environment, attempt))
    point_to(folder / ".venv", folder, final)


def write_broken(folder: Path, scenario: Scenario, target: Target, attempt: str) -> None:
    """The broken tree, its failure report and the marker, all with one modification time.

    Each attempt has a time of its own: bytecode that Python keeps elsewhere by path, time and size
    (PYTHONPYCACHEPREFIX) is never that of an earlier workspace in the same place.
    """
    copy_tree(target.tree, folder)
    for name, data in served_files(scenario, target).items():
        path = folder / name
        if data is None:
            _remove(path, folder)
            continue
        mode = path.stat().st_mode
        path.unlink()  # it may be read-only, as the project has it
        path.write_bytes(data)
        path.chmod(mode)
    (folder / REPORT).write_bytes(scenario.report.encode("utf-8"))
    (folder / MARKER).write_text(f"{attempt}\n", "utf-8")
    when = git.NEUTRAL_TIME + int(attempt, 16) % _TIMES
    for written in walk(folder):
        os.utime(folder / written, (when, when))


def _remove(path: Path, root: Path) -> None:
    """Take a file away, and the folders that held nothing else."""
    path.unlink()
    for folder in path.parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()


def broken_files(scenario: Scenario, target: Target) -> dict[str, bytes]:
    """The contents of the files that the scenario's bugs change."""
    return edited(target.tree, (edit for bug in scenario.bugs for edit in bug.edits))


def served_files(scenario: Scenario, target: Target) -> dict[str, bytes | None]:
    """The contents of the files that a workspace is served with and that differ from the clean.

    Those that the bugs change, and the test files that it is served without, in part or as a whole.
    """
    return {**broken_files(scenario, target), **blind_files(scenario, target)}


def blind_files(scenario: Scenario, target: Target) -> dict[str, bytes | None]:
    """The test files of which something is withheld, as they are served: None for not at all."""
    hidden: dict[str, bytes | None] = dict.fromkeys(scenario.hidden)
    if not scenario.blind:
        return hidden
    return {**withhold(target.tree, _shown(scenario), ()).files, **hidden}


def _shown(scenario: Scenario) -> list[str]:
    """The failing tests of files that are not hidden as a whole."""
    tests = scenario.fail_to_pass
    return [test for test in tests if test.partition("::")[0] not in scenario.hidden]


def hidden_tests(scenario: Scenario, target: Target) -> list[str]:
    """FILE:LINE in the clean tree of each test function that a blind attempt was served without."""
    hidden = [f"{target.tree / file}" for file in sorted(scenario.hidden)]
    if not scenario.blind:
        return hidden
    found = withhold(target.tree, _shown(scenario), ())
    return [*hidden, *(f"{target.tree / file}:{line}" for file, line in found.lines)]


def commit_broken(folder: Path, scenario: Scenario, kept: Path | None = None) -> str:
    """Put the tree into a repository of one commit; returns its id.

    That of a real bug goes on from the library's history, which `kept`, an earlier repository of
    this workspace, has too. Raises EnvironmentProblem where the history is not to be had.
    """
    overlay = set(scenario.overlay)
    files = [str(path) for path in walk(folder) if str(path) not in (*overlay, MARKER)]
    excluded = [*EXCLUDED, *(f"/{name}" for name in scenario.overlay)]
    origin = scenario.origin
    if origin is None:
        commit = git.make_repository(folder, files, excluded)
    else:
        packed = pack_history(origin, kept)
        commit = git.continue_history(folder, packed, origin.base_commit, files, excluded)
    if not git.has_identity():
        git.set_identity(folder)
    return commit


def pack_history(origin: Origin, kept: Path | None) -> Path:
    """The folder with the packed history that a real bug goes on from, made where it is missing.

    `kept` is a repository of this workspace. Raises EnvironmentProblem where it is not to be had.
    """
    from bugbash.targets.real_source import pack_of

    return pack_of(origin.base_commit, lambda: _past(origin, kept))


def _past(origin: Origin, kept: Path | None) -> Path:
    from bugbash.targets.git_source import commit_of
    from bugbash.targets.real_source import past_of

    found = past_of(origin.name, origin.url, origin.base_commit)
    if found is None and kept is not None and commit_of(kept, origin.base_commit):
        found = kept
    if found is None:
        raise EnvironmentProblem(
            f"the clone of {origin.name} is gone: `bugbash new --real {origin.name}` fetches it "
            "again (--repo PATH takes one that you have)."
        )
    return found


def venv_plan(
    folder: Path, scenario: Scenario, target: Target, environment: Environment, attempt: str
) -> VenvPlan:
    """What the workspace's `.venv` points to: the recorder too, unless recording is off.

    A second plugin leaves out the tests that the clean code does not pass.
    """
    spec = target.spec
    plugins = (*recorder_plugin(attempt, folder / ".venv"), *leaving_out_plugin(scenario, spec))
    return VenvPlan(
        source_roots=tuple(folder / root for root in spec.source_roots),
        dependencies=environment.site_packages,
        name=spec.name,
        version=spec.version,
        entry_points=spec.entry_points,
        pytest_args=spec.pytest_args,
        plugins=plugins,
        commands=True,
        interpreter=environment.interpreter,
    )


def leaving_out_plugin(scenario: Scenario, spec: TargetSpec) -> tuple[PytestPlugin, ...]:
    """The plugin that leaves out tests and sets the environment; nothing where none is needed."""
    return leaving_out(spec, scenario.left_out, scenario.ignored_files)


def leaving_out(
    spec: TargetSpec, tests: tuple[str, ...] = (), files: tuple[str, ...] = ()
) -> tuple[PytestPlugin, ...]:
    """The plugin that leaves out these tests and files besides those that the spec names."""
    if not (tests or files or spec.environment or spec.deselect):
        return ()
    data = {"tests": [*spec.deselect, *tests], "files": files, "environment": spec.environment}
    text = Path(__file__).with_name("plugin.py").read_text("utf-8")
    written = ((f"{_PLUGIN}.py", text), (f"{_PLUGIN}.json", json.dumps(data)))
    return (PytestPlugin("bugbash-workspace", _PLUGIN, written),)


def point_to(venv: Path, old: Path, new: Path) -> None:
    """Correct the paths that a `.venv` made in `old` holds in its activation scripts."""
    for script in [venv / "pyvenv.cfg", *python_of(venv).parent.glob("[aA]ctivate*")]:
        if not script.is_file():
            continue
        text = script.read_text("utf-8")
        if str(old) in text:
            script.write_text(text.replace(str(old), str(new)), "utf-8")


def repair_venv(attempt: Attempt, target: Target, environment: Environment) -> bool:
    """Make the workspace's `.venv` again where it is gone or points to nothing."""
    venv = attempt.workspace / ".venv"
    pointer = site_packages(venv, environment.interpreter) / "01_dependencies.pth"
    if (
        python_of(venv).exists()
        and pointer.is_file()
        and Path(pointer.read_text("utf-8").strip()).is_dir()
    ):
        return False
    remove_tree(venv)
    plan = venv_plan(attempt.workspace, attempt.scenario, target, environment, attempt.id)
    make_venv(venv, plan)
    return True
