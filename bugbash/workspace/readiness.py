"""Whether a workspace works on this machine: its Python, pytest, recorder, git, clock and room."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bugbash import git
from bugbash.errors import BugbashError, EnvironmentProblem
from bugbash.files import remove_tree
from bugbash.recording.timeline import folder_of, forget, is_recorded, timeline_of
from bugbash.resources import home
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt

if TYPE_CHECKING:
    from bugbash.serving.order import Voice

ROOM_MB = 500
_LIMIT_S = 120
_SKEW_S = 5.0
_EARLIEST = 1_735_689_600
"""2025-01-01: a clock before it was never set."""
_EDITORS = (
    (
        "VS Code",
        ("code", "codium"),
        "Python: Select Interpreter: .venv; Testing: pytest",
    ),
    ("PyCharm", ("pycharm", "charm"), "Settings > Python > Interpreter: the workspace's .venv"),
    ("Zed", ("zed", "zeditor"), "toolchain selector: .venv; the arrow beside a test runs it"),
)
"""Name, commands, and how its test buttons run the workspace's tests."""
_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
_ASK_RECORDER = (
    "import bugbash_recorder as r; s = r.settings_of(r.__file__); print(s['timeline'], s['root'],"
    " sep=chr(10))"
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `needed` tells whether anything works without it."""

    name: str
    good: bool
    said: str
    needed: bool = True


def probe(name: str, look: Callable[[], str], advice: str, needed: bool = True) -> Finding:
    """What `look` says, or why it can't, with what to do."""
    try:
        return Finding(name, True, look(), needed)
    except (BugbashError, OSError, ImportError, subprocess.SubprocessError) as error:
        return Finding(name, False, f"{error}; {advice}", needed)


def readiness(attempt: Attempt) -> list[Finding]:
    """Looks at a workspace in use; runs none of its tests and adds nothing to its timeline."""
    return [
        _marker(attempt),
        probe("pytest", lambda: _collected(attempt), "run `bugbash test`, which mends a .venv"),
        probe("recorder", lambda: _recorder(attempt), "run `bugbash reset` (it keeps a patch)"),
        *_around(attempt.workspace),
    ]


def trial_run(store: Store, voice: Voice) -> list[Finding]:
    """Makes a workspace where `new` would, runs two tests in it, looks around, removes it all.

    Raises what `new` would where no workspace can be made.
    """
    with _throw_away(store, voice) as attempt:
        return [
            Finding("workspace", True, f"can be made in {attempt.workspace.parent}"),
            probe("pytest", lambda: _two_tests(attempt), "see what it printed"),
            probe("recorder", lambda: _was_recorded(attempt), f"see that {home()} can be written"),
            *_around(attempt.workspace),
        ]


@contextmanager
def _throw_away(store: Store, voice: Voice) -> Iterator[Attempt]:
    from bugbash.serving.choosing import Wanted
    from bugbash.serving.order import Order
    from bugbash.serving.serve import serve
    from bugbash.targets.resolve import vendored_names
    from bugbash.workspace.make import destination, make, new_attempt_id

    served = serve(Order(vendored_names()[0], Wanted(0)), store, voice)
    attempt = new_attempt_id()
    where = destination("bugbash-doctor", None, attempt)
    was_there = where.parent.is_dir()
    try:
        yield make(served, attempt, where, None, store)
    finally:
        remove_tree(where)
        store.forget_attempt(attempt)
        forget(attempt)
        if not was_there and where.parent.is_dir() and not any(where.parent.iterdir()):
            where.parent.rmdir()


def _python(attempt: Attempt, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the workspace's own Python there, as the learner would."""
    from bugbash.targets.venv import python_of

    python = python_of(attempt.workspace / ".venv")
    if not python.exists():
        raise EnvironmentProblem(f"{python} is gone")
    return subprocess.run(
        [str(python), *words],
        cwd=attempt.workspace,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=_LIMIT_S,
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def _marker(attempt: Attempt) -> Finding:
    if attempt.marker_intact:
        return Finding("workspace", True, f"{attempt.workspace}, attempt {attempt.id}")
    said = f"{attempt.workspace} lost its .bugbash file, or it names another attempt"
    return Finding("workspace", False, f"{said}; `bugbash reset` writes it again", needed=False)


def _collected(attempt: Attempt) -> str:
    done = _python(attempt, "-m", "pytest", "-q", "--collect-only", "-p", "no:bugbash")
    if done.returncode != 0:
        raise EnvironmentProblem(f"the tests can't be collected: {_last_line(done)}")
    return _last_line(done)


def _recorder(attempt: Attempt) -> str:
    if not is_recorded(attempt.id):
        return "turned off with --no-record"
    done = _python(attempt, "-c", _ASK_RECORDER)
    if done.returncode != 0:
        raise EnvironmentProblem(f"the recorder can't be loaded: {_last_line(done)}")
    timeline, root = (Path(line) for line in done.stdout.splitlines()[-2:])
    if timeline != folder_of(attempt.id) or not os.access(timeline, os.W_OK):
        raise EnvironmentProblem(f"it writes to {timeline}, which it can't or should not")
    if root.resolve() != attempt.workspace.resolve():
        raise EnvironmentProblem(f"it records {root}, not this workspace")
    runs = len(timeline_of(attempt.id, attempt.workspace).runs)
    return f"on, {runs} {'run' if runs == 1 else 'runs'} so far, in {timeline}"


def _two_tests(attempt: Attempt) -> str:
    """Runs a test that must fail and one that must pass."""
    red, green = attempt.scenario.fail_to_pass[0], attempt.scenario.pass_to_pass[0]
    done = _python(attempt, "-m", "pytest", "-rA", "--color=no", red, green)
    if f"FAILED {red}" not in done.stdout or f"PASSED {green}" not in done.stdout:
        raise EnvironmentProblem(f"two tests did not end as they should: {_last_line(done)}")
    return "runs in the .venv, and a bug fails its test"


def _was_recorded(attempt: Attempt) -> str:
    runs = timeline_of(attempt.id).runs
    ended = [run for run in runs if run.ended_at is not None and run.failed and run.passed]
    if not ended:
        raise EnvironmentProblem("the run of these two tests was not recorded")
    return "saw that run, and which test failed"


def _around(workspace: Path) -> list[Finding]:
    return [
        probe("git", lambda: _git(workspace), "install git and see that it is on your PATH"),
        _identity(),
        _clock(workspace),
        _room(workspace),
        _variables(),
        *_editors(),
    ]


def _git(workspace: Path) -> str:
    git.run(["status", "--porcelain"], workspace)
    return git.run(["version"]).decode().strip().removeprefix("git version ")


def _identity() -> Finding:
    if git.has_identity():
        return Finding("commits", True, "git knows your name", needed=False)
    said = "git does not know your name, commits will say Learner"
    advice = 'git config --global user.name "..." and user.email'
    return Finding("commits", False, f"{said}; {advice}", needed=False)


def _clock(workspace: Path) -> Finding:
    """Whether the clock was set, and the drive's agrees with it."""
    probe_file = workspace / f".bugbash-clock-{os.getpid()}"
    try:
        probe_file.write_bytes(b"")
        away = abs(probe_file.stat().st_mtime - time.time())
    except OSError as error:
        return Finding("clock", False, f"{workspace} can't be written: {error.strerror}")
    finally:
        probe_file.unlink(missing_ok=True)
    if time.time() < _EARLIEST:
        said = "the clock of this machine was never set: set it, or times will be wrong"
        return Finding("clock", False, said, needed=False)
    if away > _SKEW_S:
        said = f"the drive's clock is {away:.0f} s off: work on a local drive"
        return Finding("clock", False, said, needed=False)
    return Finding("clock", True, time.strftime("%Y-%m-%d %H:%M"), needed=False)


def _room(workspace: Path) -> Finding:
    free = min(shutil.disk_usage(place).free for place in (workspace, home())) // 1_000_000
    said = f"{free} MB free" if free >= ROOM_MB else f"{free} MB free; make room for {ROOM_MB}"
    return Finding("disk", free >= ROOM_MB, said, needed=False)


def _variables() -> Finding:
    found = [name for name in _VARIABLES if os.environ.get(name)]
    if not found:
        return Finding("environment", True, "nothing that changes what pytest runs", needed=False)
    said = f"{', '.join(found)} set, which changes what pytest runs: unset it in the round"
    return Finding("environment", False, said, needed=False)


def _editors() -> list[Finding]:
    """The editors that are here; all of them where none is known to be."""
    here = [one for one in _EDITORS if any(map(shutil.which, one[1]))]
    return [Finding(name, True, how, needed=False) for name, _, how in here or _EDITORS]
