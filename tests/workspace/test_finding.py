"""Finding a workspace again after something of it, or of BUGBASH_HOME, was lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.store import Store
from bugbash.workspace.attempt import Attempt

Make = Callable[..., Attempt]
Run = Callable[..., subprocess.CompletedProcess[str]]


def _grade(run: Run, folder: Path, code: int) -> dict[str, object]:
    value: dict[str, object] = json.loads(run("check", "--json", cwd=folder, code=code).stdout)
    return value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="deleted"),
        pytest.param(b"", id="emptied"),
        pytest.param(b"deadbeef\n", id="altered"),
        pytest.param(b"\xff\xfe\0", id="not text"),
    ],
)
def test_a_lost_marker_is_forgiven_and_listed(
    text: bytes | None, make_attempt: Make, run: Run
) -> None:
    attempt = make_attempt()
    marker = attempt.workspace / ".bugbash"
    if text is None:
        marker.unlink()
    else:
        marker.write_bytes(text)
    run("status", cwd=attempt.workspace, code=0)
    value = _grade(run, attempt.workspace / "tests", 4)
    assert value["attempt"] == attempt.id
    assert value["solved"] is False
    assert value["integrity"] == ["the marker .bugbash was removed or altered"]


def test_a_marker_that_is_a_folder_is_forgiven(make_attempt: Make, run: Run) -> None:
    attempt = make_attempt()
    (attempt.workspace / ".bugbash").unlink()
    (attempt.workspace / ".bugbash").mkdir()
    assert _grade(run, attempt.workspace, 4)["attempt"] == attempt.id


def test_the_marker_of_another_attempt_does_not_change_what_is_graded(
    make_attempt: Make, run: Run, store: Store
) -> None:
    mine, other = make_attempt(), make_attempt()
    (mine.workspace / ".bugbash").write_text(f"{other.id}\n", "utf-8")
    value = _grade(run, mine.workspace, 4)
    row = store.attempt(other.id)
    assert value["attempt"] == mine.id
    assert value["integrity"]
    assert row is not None
    assert row.workspace == str(other.workspace)


def test_a_workspace_is_found_from_a_folder_inside(make_attempt: Make, run: Run) -> None:
    attempt = make_attempt()
    status = run("status", "--json", cwd=attempt.workspace / "tiny", code=0)
    assert json.loads(status.stdout)["attempt"] == attempt.id


def test_a_moved_workspace_is_noted_where_it_is(
    make_attempt: Make, run: Run, store: Store, tmp_path: Path
) -> None:
    attempt = make_attempt()
    new = tmp_path / "moved"
    attempt.workspace.rename(new)
    run("status", cwd=new, code=0)
    row = store.attempt(attempt.id)
    assert row is not None
    assert row.workspace == str(new)


@pytest.mark.parametrize("command", ["check", "status", "test", "reveal", "reset"])
def test_a_folder_that_is_no_workspace_is_told_what_to_do(
    command: str, run: Run, tmp_path: Path
) -> None:
    words = [command, "--yes"] if command == "reset" else [command]
    done = run(*words, cwd=tmp_path, code=3)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "is not in a workspace" in done.stderr
    assert "bugbash new" in done.stderr


@pytest.mark.parametrize("command", ["check", "status", "test", "reveal"])
def test_another_home_is_told_apart(
    command: str, make_attempt: Make, run: Run, tmp_path: Path
) -> None:
    attempt = make_attempt()
    other = tmp_path / "other home"
    done = run(command, cwd=attempt.workspace, env={"BUGBASH_HOME": str(other)}, code=3)
    assert "no record of its attempt" in done.stderr
    assert "BUGBASH_HOME" in done.stderr
    run("status", cwd=attempt.workspace, code=0)


def test_a_forgotten_attempt_is_told_so_and_the_workspace_stays(
    make_attempt: Make, run: Run, store: Store
) -> None:
    attempt = make_attempt()
    store.forget_attempt(attempt.id)
    done = run("check", cwd=attempt.workspace, code=3)
    assert "no record of its attempt" in done.stderr
    assert (attempt.workspace / "tiny" / "labels.py").is_file()


def test_a_home_that_can_not_be_made_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run("list", env={"BUGBASH_HOME": str(tmp_path / "file" / "home")}, code=3)
    assert "set BUGBASH_HOME" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("damage", [b"this is not a database" * 100, None], ids=["garbage", "cut"])
def test_a_damaged_database_is_told(
    damage: bytes | None, make_attempt: Make, run: Run, tmp_path: Path, bugbash_home: Path
) -> None:
    workspace = make_attempt().workspace
    home = tmp_path / "home"
    home.mkdir()
    Store(home / "bugbash.db").close()
    whole = (home / "bugbash.db").read_bytes()
    (home / "bugbash.db").write_bytes(damage or whole[:4096] + b"\xff" * (len(whole) - 4096))
    for command in ("list", "status"):
        done = run(command, cwd=workspace, env={"BUGBASH_HOME": str(home)}, code=3)
        assert "bugbash.db can't be used" in done.stderr


@pytest.mark.parametrize("how", ["deleted", "emptied", "a file", "dangling python"])
def test_a_lost_environment_is_made_again_by_test(how: str, make_attempt: Make, run: Run) -> None:
    workspace = make_attempt().workspace
    venv = workspace / ".venv"
    if how == "dangling python":
        (venv / "bin" / "python").unlink()
        (venv / "bin" / "python").symlink_to("nowhere")
    else:
        shutil.rmtree(venv)
    if how == "emptied":
        venv.mkdir()
    elif how == "a file":
        venv.write_text("", "utf-8")
    _grade(run, workspace, 1)
    done = run("test", "-q", cwd=workspace, code=1)
    assert "made again" in done.stderr
    assert "1 failed, 7 passed" in done.stdout
    assert "made again" not in run("test", "-q", cwd=workspace, code=1).stderr


@pytest.mark.parametrize("kind", ["deleted", "damaged"])
def test_a_lost_git_folder_leaves_the_verdict(
    kind: str, make_attempt: Make, run: Run, tiny_clean: str
) -> None:
    workspace = make_attempt().workspace
    if kind == "deleted":
        shutil.rmtree(workspace / ".git")
    else:
        (workspace / ".git" / "HEAD").write_text("nonsense", "utf-8")
    _grade(run, workspace, 1)
    (workspace / "tiny/labels.py").write_text(tiny_clean, "utf-8")
    value = _grade(run, workspace, 0)
    assert value["solved"] is True
    run("status", cwd=workspace, code=0)


CACHES = ["trees", "slots", "environments", "locks"]


@pytest.mark.slow
@pytest.mark.parametrize("cache", [*CACHES, "all"])
def test_a_lost_cache_is_made_again(
    cache: str, run: Run, tiny_project: Callable[..., Path], tmp_path: Path
) -> None:
    """With a home of its own, so that other tests keep theirs."""
    home = {"BUGBASH_HOME": str(tmp_path / "own home")}
    project = tiny_project()
    made = run("new", project, "--mutator", "swap-arguments", "--seed", "1", "--dir",
               tmp_path / "ws", "--json", env=home, code=0)  # fmt: skip
    workspace = Path(json.loads(made.stdout)["workspace"])
    for name in CACHES if cache == "all" else [cache]:
        shutil.rmtree(tmp_path / "own home" / name)
    assert (
        json.loads(run("check", "--json", cwd=workspace, env=home, code=1).stdout)["tests"][
            "pass_to_pass"
        ]["passed"]
        == 7
    )
    run("test", "-q", cwd=workspace, env=home, code=1)
    patch = run("reveal", "--patch", cwd=workspace, env=home, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    run("check", cwd=workspace, env=home, code=0)


@pytest.mark.slow
def test_a_lost_tree_whose_project_has_changed_is_told(
    run: Run, tiny_project: Callable[..., Path], tmp_path: Path
) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "own home")}
    project = tiny_project()
    run("new", project, "--mutator", "swap-arguments", "--dir", tmp_path / "ws", env=home, code=0)
    shutil.rmtree(tmp_path / "own home" / "trees")
    (project / "tiny" / "more.py").write_text("X = 1\n", "utf-8")
    done = run("check", cwd=tmp_path / "ws", env=home, code=3)
    assert "can't be made again" in done.stderr
    assert done.stderr.rstrip().count("\n") == 0
    assert (tmp_path / "ws" / "tiny" / "labels.py").is_file()


def test_a_clock_that_a_kill_left_empty_does_no_harm(
    make_attempt: Make, run: Run, bugbash_home: Path
) -> None:
    attempt = make_attempt()
    _grade(run, attempt.workspace, 1)
    for clock in bugbash_home.glob("slots/*/*/*/clock"):
        clock.write_text("", "utf-8")
    (attempt.workspace / "tiny" / "labels.py").write_text("X = 1\n", "utf-8")
    _grade(run, attempt.workspace, 1)
