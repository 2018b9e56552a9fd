"""Finding the attempt that a folder belongs to, and what a killed `new` left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.files import remove_tree
from bugbash.recording.timeline import forget
from bugbash.resources import home
from bugbash.serving.scenario import Scenario, from_json
from bugbash.store import AttemptRow, Store
from bugbash.targets.spec import Target, spec_from_json
from bugbash.targets.trees import place_of

MARKER = ".bugbash"


@dataclass(frozen=True)
class Attempt:
    """One learner's go at one scenario."""

    row: AttemptRow
    workspace: Path
    scenario: Scenario
    marker_intact: bool = True

    @property
    def id(self) -> str:
        return self.row.id


def find(store: Store, start: Path) -> Attempt:
    """The attempt whose workspace `start` lies in; a moved workspace is found and noted.

    A marker that was deleted or altered is forgiven where the store knows the folder. Raises
    EnvironmentProblem (exit code 3) where the attempt can't be found.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        row = _marked(store, folder)
        if row is not None:
            owner = _owner(store, folder, row)
            return _attempt(store, owner, folder, marker_intact=owner == row)
    for folder in (start, *start.parents):
        for row in store.attempts():
            if row.state != "removed" and Path(row.workspace) == folder:
                return _attempt(store, row, folder, marker_intact=False)
    raise EnvironmentProblem(_not_found(start))


def _owner(store: Store, folder: Path, marked: AttemptRow) -> AttemptRow:
    """The attempt that `folder` was made for, where its marker names one that lies elsewhere."""
    elsewhere = Path(marked.workspace)
    if elsewhere == folder or _marked(store, elsewhere) != marked:
        return marked
    here = (r for r in store.attempts() if r.state != "removed" and Path(r.workspace) == folder)
    return next(here, marked)


def _marked(store: Store, folder: Path) -> AttemptRow | None:
    try:
        return store.attempt((folder / MARKER).read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None


def _not_found(start: Path) -> str:
    from bugbash.workspace.submission_script import PACK

    for folder in (start, *start.parents):
        if (folder / MARKER).is_file():
            return (
                f"{folder} is a workspace, but {home()} has no record of its attempt: set "
                "BUGBASH_HOME to where it was made, or start another with `bugbash new`."
            )
        if (folder / PACK).is_dir():
            return (
                f"{folder} is an exercise that an instructor packed: there, `bugbash check` runs "
                "the tests and `bugbash submit` hands in, the rest is for attempts of your own."
            )
    return f"{start} is not in a workspace: go to one (`bugbash list`) or make one (`bugbash new`)."


def _attempt(store: Store, row: AttemptRow, folder: Path, marker_intact: bool) -> Attempt:
    value = store.scenario_of(row.id)
    try:
        scenario = from_json(value or {})
    except (TypeError, KeyError, ValueError) as error:
        raise EnvironmentProblem(
            f"the record of attempt {row.id} can't be read ({error}): start another with "
            "`bugbash new`."
        ) from error
    if str(folder) != row.workspace:
        from bugbash.workspace.make import point_to

        point_to(folder / ".venv", Path(row.workspace), folder)
        store.set_workspace(row.id, folder)
    return Attempt(row, folder, scenario, marker_intact)


def target_of(scenario: Scenario) -> Target:
    """The clean target that a scenario was made from, from the cache or made again.

    Raises EnvironmentProblem where the same clean code can't be had any more.
    """
    tree = place_of(scenario.digest)
    if not tree.is_dir():
        _make_again(scenario)
    return Target(
        spec=spec_from_json(scenario.spec),
        argument=scenario.target,
        sort=scenario.sort,  # type: ignore[arg-type]
        tree=tree,
        digest=scenario.digest,
        overlay=scenario.overlay,
    )


def _make_again(scenario: Scenario) -> None:
    from bugbash.targets.prepare import with_files
    from bugbash.targets.resolve import resolve

    if with_files(resolve(scenario.target), scenario.hidden).digest != scenario.digest:
        raise EnvironmentProblem(
            f"the clean code of {scenario.target} was removed from {home()} and can't be made "
            "again as it was: start another attempt with `bugbash new`."
        )


def recover(store: Store) -> list[str]:
    """Put right what killed `new` runs left: finish or remove. Returns a sentence for each."""
    said = []
    for row in store.attempts():
        if row.state == "building" and not _is_alive(row):
            workspace = Path(row.workspace)
            found = _marked(store, workspace)
            if found is not None and found.id == row.id:
                store.set_state(row.id, "open")
                said.append(f"{workspace} was finished by an interrupted `new`.")
            else:
                remove_tree(Path(row.staging))
                forget(row.id)
                store.forget_attempt(row.id)
                said.append("removed what an interrupted `new` had begun.")
    return said


def building_lock(attempt: str) -> Path:
    """The file that a running `new` holds locked while it builds."""
    return home() / "building" / f"{attempt}.lock"


def _is_alive(row: AttemptRow) -> bool:
    from filelock import FileLock, Timeout

    path = building_lock(row.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
