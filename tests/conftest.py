"""What tests share: one warm BUGBASH_HOME, an isolated git, the command line, a tiny target."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bugbash.files import Edit, tree_digest
from bugbash.serving.scenario import Bug, Scenario
from bugbash.serving.serve import Served, over
from bugbash.store import Store
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target, TargetSpec
from bugbash.trials.baseline import baseline_of
from bugbash.trials.scan import Engine
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import make, new_attempt_id
from tests.tiny_files import TINY, TINY_BUGS, TINY_TESTS

Completed = subprocess.CompletedProcess[str]

if threading.current_thread() is threading.main_thread():
    # A shell that runs the suite in its background has SIGINT ignored, for all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

GIT_CONFIG = """\
[user]
name = Tester
email = tester@example.invalid
[init]
defaultBranch = main
[protocol "file"]
allow = always
"""


@pytest.fixture(scope="session", autouse=True)
def bugbash_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """BUGBASH_HOME of the whole session: its environment with pytest and its slots stay warm.

    HOME is an empty folder, and git, in tests and in commands, reads one known configuration.
    """
    folder = tmp_path_factory.mktemp("bugbash-home")
    user = tmp_path_factory.mktemp("user")
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(GIT_CONFIG, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "PYTEST_"))]:
            patch.delenv(name)
        patch.setenv("BUGBASH_HOME", str(folder))
        patch.setenv("HOME", str(user))
        patch.setenv("USERPROFILE", str(user))
        patch.setenv("XDG_CONFIG_HOME", str(user / "config"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("NO_COLOR", "1")
        yield folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Completed]:
    """Runs the real command line: `run("new", "billcycle", cwd=..., env={...}, code=0)`.

    `env` is added to the environment, None takes a variable away; `code`, where given, is the
    exit code that is expected. The default folder is the test's own.
    """

    def run(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        code: int | None = None,
        timeout: float = 240,
    ) -> Completed:
        environment: dict[str, str | None] = {**os.environ, **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "bugbash", *map(str, arguments)],
            cwd=cwd or tmp_path,
            env={name: value for name, value in environment.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture
def write_files() -> Callable[[Path, Mapping[str, str | bytes]], Path]:
    """Writes files (name to text or bytes) below a folder, which is made and returned."""

    def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def tiny_project(
    tmp_path: Path, write_files: Callable[[Path, Mapping[str, str | bytes]], Path]
) -> Callable[..., Path]:
    """Makes the tiny project in a new folder: `tiny_project({"tests/test_x.py": "..."}, name)`.

    The files given are added or take the place of its own; None leaves one out.
    """

    def make(changes: Mapping[str, str | bytes | None] | None = None, name: str = "tiny") -> Path:
        files: dict[str, str | bytes | None] = {**TINY, **(changes or {})}
        kept = {file: content for file, content in files.items() if content is not None}
        return write_files(tmp_path / name, kept)

    return make


@pytest.fixture
def target_of() -> Callable[..., Target]:
    """The target in a folder, as it stands; keyword arguments go into its spec."""

    def make_target(folder: Path, **spec: Any) -> Target:
        values = {"sources": ("tiny",), "tests": ("tests",), "test_limit_s": 5.0, **spec}
        return Target(
            TargetSpec("tiny", "1.0", **values), str(folder), "path", folder, tree_digest(folder)
        )

    return make_target


@pytest.fixture
def tiny_target(
    tiny_project: Callable[..., Path], target_of: Callable[..., Target]
) -> Callable[..., Target]:
    """The tiny project with some files changed, as a target."""

    def make_target(changes: Mapping[str, str | bytes | None] | None = None, **spec: Any) -> Target:
        return target_of(tiny_project(changes), **spec)

    return make_target


@pytest.fixture
def environment(tiny_target: Callable[..., Target]) -> Environment:
    """An environment with pytest alone."""
    return environment_of(tiny_target())


@pytest.fixture
def own_store(tmp_path: Path) -> Store:
    """A database of the test's own; the session's keeps the baselines."""
    return Store(tmp_path / "store.db")


@pytest.fixture
def engine_of(
    tiny_target: Callable[..., Target], environment: Environment, store: Store, own_store: Store
) -> Callable[..., Engine]:
    """The engine over the tiny project with some files changed; `kind` is a class of engines."""

    def make_engine(
        changes: Mapping[str, str | bytes | None] | None = None,
        kind: type[Engine] = Engine,
        **spec: Any,
    ) -> Engine:
        target = tiny_target(changes, **spec)
        return kind(target, environment, baseline_of(target, environment, store), own_store)

    return make_engine


@pytest.fixture(scope="session")
def store(bugbash_home: Path) -> Store:
    """The session's database."""
    return Store()


Serve = Callable[..., Served]
MakeAttempt = Callable[..., Attempt]


@pytest.fixture(scope="session")
def serve_tiny(bugbash_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Scenarios of the tiny project with the bugs of `TINY_BUGS`, written by hand, unproved.

    `serve_tiny("swapped", "limit", files={...}, left_out=(...), spec={"test_limit_s": 1.0})`:
    `files` are added to the project (None: left out), `held` are ids that `files` add to
    PASS_TO_PASS, `spec` replaces fields of the target's spec.
    """

    def serve(
        *bugs: str,
        files: Mapping[str, str | bytes | None] | None = None,
        held: tuple[str, ...] = (),
        left_out: tuple[str, ...] = (),
        spec: Mapping[str, Any] | None = None,
        name: str = "tiny",
    ) -> Served:
        folder = tmp_path_factory.mktemp("project") / name
        for file, content in {**TINY, **(files or {})}.items():
            if content is not None:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                data = content.encode() if isinstance(content, str) else content
                (folder / file).write_bytes(data)
        target = resolve(str(folder))
        target = replace(target, spec=replace(target.spec, **(spec or {})))
        environment = environment_of(target)
        chosen = tuple(_tiny_bug(target, bug) for bug in bugs or ("swapped",))
        failing = {test for bug in chosen for test in bug.fail_to_pass}
        scenario = Scenario(
            **over(target, environment),
            bugs=chosen,
            report="# CI: a test fails\n",
            pass_to_pass=tuple(t for t in (*TINY_TESTS, *held) if t not in failing),
            left_out=left_out,
            ignored_files=(),
            seed=1,
            again=f"bugbash new {target.argument} --seed 1",
            suite_seconds=0.5,
        )
        return Served(scenario, target, environment)

    return serve


def _tiny_bug(target: Target, name: str) -> Bug:
    file, before, after, test = TINY_BUGS[name]
    data = (target.tree / file).read_bytes()
    start = data.index(before.encode())
    return Bug(
        id=name,
        mutator="swap-arguments",
        family="library",
        edit=Edit(file, start, start + len(before.encode()), after),
        line=data[:start].count(b"\n") + 1,
        function=None,
        before=before,
        after=after,
        explanation="Read the signature.",
        fail_to_pass=(test,),
    )


@pytest.fixture(scope="session")
def tiny_served(serve_tiny: Serve) -> Served:
    """The tiny project with one bug: `parcel` hands its arguments on in the wrong order."""
    return serve_tiny("swapped")


@pytest.fixture
def make_attempt(tmp_path: Path, store: Store, tiny_served: Served) -> MakeAttempt:
    """Makes a workspace of a scenario as `new` would: `make_attempt(served, "folder name")`."""

    def make_one(served: Served = tiny_served, name: str = "") -> Attempt:
        attempt = new_attempt_id()
        return make(served, attempt, tmp_path / (name or f"ws-{attempt}"), None, store)

    return make_one
