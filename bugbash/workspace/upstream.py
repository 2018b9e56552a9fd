"""A real bug as its library's own history tells it: the maintainers' patch, and the tests'."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bugbash.errors import EnvironmentProblem
from bugbash.serving.scenario import Origin
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets.history.changes import FileChange, change_of, read_blobs
from bugbash.targets.history.fixes import fix_of
from bugbash.targets.history.repository import History
from bugbash.targets.real_source import past_of
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.slot import open_slot
from bugbash.workspace.commits import Files, patch_of
from bugbash.workspace.instances import Upstream

_NONE = "000000"


def upstream_of(origin: Origin) -> Upstream:
    """Where a real bug lies in its library's history.

    The patches are of the fix's sources and tests alone, as a changelog tells the cause.
    Raises EnvironmentProblem where the history is not here any more.
    """
    repository = past_of(origin.name, origin.url, origin.fix_commit)
    if repository is None:
        raise EnvironmentProblem(
            f"the clone of {origin.name} is gone: `bugbash new --real {origin.name}` fetches it."
        )
    history = History(repository, origin.fix_commit, origin.name, origin.url, origin.url)
    change = change_of(history, origin.fix_commit)
    fix = fix_of(change, origin.name)
    by_path = {file.path: file for file in change.files}
    return Upstream(
        repo_of(origin.url),
        origin.base_commit,
        _patch(history, [by_path[path] for path in fix.sources]),
        _patch(history, [by_path[path] for path in fix.tests]),
    )


def passing_of(served: Served, store: Store) -> frozenset[str]:
    """The tests that pass on the clean code here, from one run of all, which is kept.

    A test that is skipped is none: to the harness of SWE-bench it fails.
    """
    scenario, target = served.scenario, served.target
    key = f"{suite_key(target, served.environment)}-{scenario.target}"
    known = store.fact("real-passing", key)
    if known is None:
        suite = Suite(scenario.left_out, scenario.ignored_files)
        with open_slot(target, served.environment) as slot:
            slot.sync({})
            known = list(run_suite(slot, suite).passing())
        store.set_fact("real-passing", key, known)
    return frozenset(known)


def repo_of(url: str) -> str:
    """OWNER/NAME of a repository on a host; "" where its address has none.

    >>> repo_of("https://example.invalid/psf/requests.git"), repo_of("file:///clones/requests")
    ('psf/requests', '')
    """
    match = re.fullmatch(
        r"(?:(?:git\+)?(?:https?|ssh|git)://[^/]+/|[^/:]+@[^/:]+:)([^/]+)/([^/]+?)(?:\.git)?/?", url
    )
    return f"{match[1]}/{match[2]}" if match else ""


def _patch(history: History, files: Iterable[FileChange]) -> str:
    files = list(files)
    blobs = read_blobs(
        history, {id for file in files for id in (file.before, file.after) if id.strip("0")}
    )
    before: Files = {
        file.path: (file.mode_before, blobs[file.before])
        for file in files
        if file.mode_before != _NONE
    }
    after: Files = {
        file.path: (file.mode_after, blobs[file.after])
        for file in files
        if file.mode_after != _NONE
    }
    return patch_of(before, after)
