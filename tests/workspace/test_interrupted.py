"""Ctrl-C, kill -9 and a full disk: no half workspace, and the next command goes on."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bugbash.serving.serve import Served
from bugbash.store import AttemptRow, Store
from bugbash.workspace import make as making
from bugbash.workspace.attempt import Attempt, find, recover

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

Run = Callable[..., subprocess.CompletedProcess[str]]
MOMENTS = [0.15, 0.4, 0.7, 1.0, 1.4, 2.0, 2.8]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, serve_tiny: Callable[..., Served]) -> Path:
    """A folder of the tiny project."""
    return Path(serve_tiny().scenario.target)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in the test's own folder; ends what is left of it."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str | Path, cwd: Path = tmp_path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bugbash", *map(str, words)],
            cwd=cwd,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def _end(process: subprocess.Popen[str], after: float, number: int) -> tuple[int, str]:
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    _, said = process.communicate(timeout=60)
    under_way = "in run\n" in said  # else Python itself was still importing the program
    assert "Traceback" not in said or not under_way, said
    return process.returncode, said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
@pytest.mark.parametrize("after", MOMENTS)
def test_a_new_that_was_ended_leaves_a_whole_workspace_or_none(
    after: float,
    number: int,
    start: Callable[..., subprocess.Popen[str]],
    run: Run,
    project: Path,
    tmp_path: Path,
) -> None:
    words = ("new", project, "--mutator", "swap-arguments", "--seed", "1", "--dir")
    code, _ = _end(start(*words, tmp_path / "ws"), after, number)
    early = -number  # before Python had come to handle signals
    assert code in (0, early, 130 if number == signal.SIGINT else early)
    listed = json.loads(run("list", "--json", code=0).stdout)
    whole = (tmp_path / "ws").exists()
    assert whole == (str(tmp_path / "ws") in [a["workspace"] for a in listed["attempts"]])
    assert not list(tmp_path.glob(".*.part"))
    if whole:
        run("check", cwd=tmp_path / "ws", code=1)
    else:
        run(*words, tmp_path / "ws", code=0)


STEPS = ["copy_tree", "commit_broken", "make_venv", "point_to"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_error_in_any_step_leaves_nothing(
    step: str,
    error: BaseException,
    make_attempt: Callable[..., Attempt],
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = getattr(making, step)

    def fail(*words: object) -> None:
        real(*words)
        raise error

    monkeypatch.setattr(making, step, fail)
    before = store.attempts()
    with pytest.raises(type(error)):
        make_attempt(name="ws")
    assert list(tmp_path.iterdir()) == []
    assert store.attempts() == before


def test_a_ctrl_c_that_comes_with_the_renaming_keeps_the_workspace(
    make_attempt: Callable[..., Attempt],
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        rename(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_attempt(name="ws")
    monkeypatch.undo()
    assert recover(store) == [f"{tmp_path / 'ws'} was finished by an interrupted `new`."]
    assert find(store, tmp_path / "ws").row.state == "open"


def _row(attempt: str, workspace: Path, staging: Path) -> AttemptRow:
    return AttemptRow(attempt, "tiny", str(workspace), str(staging), "building", 1.0, None)


def test_what_a_killed_new_had_begun_is_removed_and_told(
    store: Store, run: Run, tmp_path: Path
) -> None:
    staging = tmp_path / ".ws.0badc0de.part"
    (staging / "tiny").mkdir(parents=True)
    (staging / "tiny" / "labels.py").write_text("half", "utf-8")
    store.add_attempt(_row("0badc0de", tmp_path / "ws", staging), {})
    done = run("list", code=0)
    assert "removed what an interrupted `new` had begun" in done.stderr
    assert not staging.exists()
    assert store.attempt("0badc0de") is None


def test_a_new_that_is_still_building_is_left_alone(store: Store, tmp_path: Path) -> None:
    from filelock import FileLock

    from bugbash.workspace.attempt import building_lock

    staging = tmp_path / ".ws.0badcafe.part"
    staging.mkdir()
    store.add_attempt(_row("0badcafe", tmp_path / "ws", staging), {})
    with FileLock(building_lock("0badcafe")):
        assert recover(store) == []
        assert staging.is_dir()
    assert recover(store) != []


@pytest.fixture
def sluggish(serve_tiny: Callable[..., Served]) -> Served:
    """The tiny project with a test that takes a minute."""
    text = "import time\n\n\ndef test_slow():\n    time.sleep(60)\n"
    return serve_tiny(files={"tests/test_slow.py": text}, spec={"test_limit_s": 90.0})


def test_ctrl_c_ends_a_long_check_at_once(
    start: Callable[..., subprocess.Popen[str]],
    make_attempt: Callable[..., Attempt],
    sluggish: Served,
) -> None:
    process = start("check", cwd=make_attempt(sluggish).workspace)
    time.sleep(3)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=80)
    assert time.monotonic() - begun < 8
    assert process.returncode == 130
    assert said.strip() == "bugbash: interrupted."


def test_ctrl_c_ends_a_long_baseline_at_once(
    start: Callable[..., subprocess.Popen[str]], sluggish: Served, tmp_path: Path
) -> None:
    process = start("new", sluggish.scenario.target, "--dir", tmp_path / "ws")
    time.sleep(4)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=80)
    assert time.monotonic() - begun < 8
    assert process.returncode == 130
    assert not (tmp_path / "ws").exists()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
def test_a_check_that_was_ended_harms_no_later_one(
    number: int,
    start: Callable[..., subprocess.Popen[str]],
    run: Run,
    make_attempt: Callable[..., Attempt],
    tiny_clean: str,
) -> None:
    workspace = make_attempt().workspace
    source = workspace / "tiny" / "labels.py"
    broken = source.read_text("utf-8")
    for turn, after in enumerate(MOMENTS[1:]):
        source.write_text(tiny_clean if turn % 2 else broken, "utf-8")
        _end(start("check", cwd=workspace), after, number)
    source.write_text(broken, "utf-8")
    run("check", cwd=workspace, code=1)
    source.write_text(tiny_clean, "utf-8")
    run("check", cwd=workspace, code=0)


@pytest.mark.parametrize("size", [0, 4_000, 60_000])
def test_a_full_disk_is_told_and_leaves_nothing(
    size: int, project: Path, run: Run, tmp_path: Path
) -> None:
    """No file may grow beyond `size` bytes: writing fails in the middle of things."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    words = ["new", str(project), "--mutator", "swap-arguments", "--dir", str(tmp_path / "ws")]
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=limit,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 3
    assert done.stderr.startswith("bugbash: ") or "\nbugbash: " in done.stderr
    assert not (tmp_path / "ws").exists()
    run("list", code=0)
    assert list(tmp_path.iterdir()) == []


def _folder_with_a_file(path: Path) -> None:
    path.mkdir()
    (path / "mine").write_text("x", "utf-8")


def _checkout(path: Path) -> None:
    _folder_with_a_file(path)
    subprocess.run(["git", "init", "-q", str(path)], check=True)


TAKEN: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a folder with files": _folder_with_a_file,
    "a file": lambda path: path.write_text("mine"),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a checkout with changes": _checkout,
}


@pytest.mark.parametrize("occupy", TAKEN.values(), ids=TAKEN)
def test_a_destination_that_is_taken_is_refused_untouched(
    occupy: Callable[[Path], object], run: Run, project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ws"
    occupy(path)
    before = sorted((str(p), p.lstat().st_mtime_ns) for p in tmp_path.rglob("*"))
    done = run("new", project, "--dir", path, code=2)
    assert done.stdout == ""
    assert "exists" in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted((str(p), p.lstat().st_mtime_ns) for p in tmp_path.rglob("*")) == before


def test_a_destination_in_a_git_work_tree_behind_a_link_is_refused(
    run: Run, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "checkout" / "sub").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(tmp_path / "checkout")], check=True)
    (tmp_path / "link").symlink_to("checkout/sub")
    done = run("new", project, "--dir", tmp_path / "link" / "ws", code=2)
    assert "lies in the git work tree" in done.stderr


def test_a_destination_that_another_new_took_is_left_to_it(
    tiny_served: Served, store: Store, tmp_path: Path
) -> None:
    first = making.make(tiny_served, "f0000001", tmp_path / "ws", None, store)
    with pytest.raises(OSError, match="not empty"):
        making.make(tiny_served, "f0000002", tmp_path / "ws", None, store)
    assert [path.name for path in tmp_path.iterdir()] == ["ws"]
    assert store.attempt("f0000002") is None
    assert find(store, tmp_path / "ws").id == first.id


@pytest.mark.parametrize("inside", ["ws", "deeper/and/deeper/ws"])
def test_a_destination_in_a_git_work_tree_is_refused(
    inside: str, run: Run, project: Path, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = run("new", project, "--dir", tmp_path / inside, code=2)
    assert "lies in the git work tree" in done.stderr
    assert not (tmp_path / inside.split("/")[0]).exists()


def test_without_a_destination_a_work_tree_is_left_for_the_home_folder(
    run: Run, project: Path, tmp_path: Path
) -> None:
    here = tmp_path / "checkout"
    here.mkdir()
    subprocess.run(["git", "init", "-q", str(here)], check=True)
    env = {"HOME": str(tmp_path / "user")}
    words = ("new", project, "--mutator", "swap-arguments", "--json")
    value = json.loads(run(*words, cwd=here, env=env, code=0).stdout)
    assert Path(value["workspace"]).parent == tmp_path / "user" / "bugbash"
    assert [p.name for p in here.iterdir()] == [".git"]
