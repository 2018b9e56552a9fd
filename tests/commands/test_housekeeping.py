"""Resetting, cleaning and listing: nothing is lost, and nothing of somebody else's is touched."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.store import Store
from bugbash.workspace.attempt import Attempt

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", ".venv", "__pycache__"} & set(path.parts)
    }


def test_reset_puts_everything_back_and_keeps_a_patch_that_applies(
    run: Run, make_attempt: Make
) -> None:
    attempt = make_attempt(name="zwei Wörter")
    folder = attempt.workspace
    served = _snapshot(folder)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True).stdout
    (folder / "tiny/labels.py").write_bytes(b"X = 1\r\nY = '\xc3\xa4'\n")
    (folder / "tiny/data.bin").write_bytes(bytes(range(256)) * 8)
    (folder / "tiny/big.txt").write_text("line\n" * 300_000, "utf-8")
    (folder / "zwei Wörter.txt").write_text("ä without a line end", "utf-8")
    (folder / "tests/test_prices.py").unlink()
    (folder / "README.md").write_text("", "utf-8")
    mine = _snapshot(folder)
    subprocess.run(["git", "commit", "-qam", "mine"], cwd=folder, check=True)
    done = run("reset", "--yes", cwd=folder, code=0)
    assert _snapshot(folder) == served
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True).stdout
    assert head == commit
    kept = done.stdout.split("kept in ")[1].splitlines()[0]
    subprocess.run(["git", "apply", kept], cwd=folder, check=True)
    assert _snapshot(folder) == mine


def test_reset_leaves_a_shell_that_stands_in_the_workspace(run: Run, make_attempt: Make) -> None:
    folder = make_attempt().workspace
    before = folder.stat().st_ino
    run("reset", "--yes", cwd=folder, code=0)
    assert folder.stat().st_ino == before
    run("check", cwd=folder, code=1)
    run("test", "-q", cwd=folder, code=1)


def test_reset_mends_what_is_lost(run: Run, make_attempt: Make) -> None:
    import shutil

    folder = make_attempt().workspace
    served = _snapshot(folder)
    for name in (".git", ".venv", "tiny"):
        shutil.rmtree(folder / name)
    (folder / ".bugbash").unlink()
    run("reset", "--yes", cwd=folder, code=0)
    assert _snapshot(folder) == served
    run("test", "-q", cwd=folder, code=1)


def test_reset_leaves_other_work_at_the_same_path(run: Run, make_attempt: Make) -> None:
    import shutil

    folder = make_attempt().workspace
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", "utf-8")
    done = run("reset", "--yes", cwd=folder, code=2)
    assert "nothing was removed" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_reset_keeps_notes_in_the_report(run: Run, make_attempt: Make) -> None:
    folder = make_attempt().workspace
    with (folder / "FAILURE_REPORT.md").open("a") as file:
        file.write("I suspect the label.\n")
    done = run("reset", "--yes", cwd=folder, code=0)
    kept = Path(done.stdout.split("kept in ")[1].splitlines()[0])
    assert "+I suspect the label." in kept.read_text("utf-8")


def test_clean_keeps_the_code_that_open_attempts_are_judged_by(
    run: Run, project: Path, tmp_path: Path
) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "own home")}
    run("new", project, "--mutator", "swap-arguments", "--dir", tmp_path / "ws", env=home, code=0)
    trees = tmp_path / "own home" / "trees"
    before = sorted(path.name for path in trees.iterdir())
    run("clean", "--cache", "--yes", env=home, code=0)
    assert sorted(path.name for path in trees.iterdir()) == before
    run("clean", "--cache", "--all", "--yes", env=home, code=0)
    assert not trees.exists()


def test_clean_leaves_a_home_with_other_things_alone(run: Run, tmp_path: Path) -> None:
    for name in ("repositories/work", "Thesis"):
        (tmp_path / "mine" / name).mkdir(parents=True)
    home = {"BUGBASH_HOME": str(tmp_path / "mine")}
    done = run("clean", "--cache", "--yes", env=home, code=2)
    assert "Thesis" in done.stderr
    assert (tmp_path / "mine" / "repositories" / "work").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="POSIX names")
@pytest.mark.parametrize("name", ["a:b", "caf\udce9"], ids=["colon", "not UTF-8"])
def test_a_path_that_no_environment_can_lie_in_is_told(
    name: str, run: Run, project: Path, tmp_path: Path
) -> None:
    done = run("new", project, "--dir", tmp_path / name, code=2)
    assert "name another folder" in done.stderr
    done = run("list", env={"BUGBASH_HOME": str(tmp_path / name)}, code=3)
    assert "set BUGBASH_HOME" in done.stderr


def test_reset_of_an_untouched_workspace_keeps_nothing(run: Run, make_attempt: Make) -> None:
    assert "kept" not in run("reset", "--yes", cwd=make_attempt().workspace, code=0).stdout


def test_reset_opens_a_solved_attempt_again_which_stays_in_the_history(
    run: Run, make_attempt: Make, clean_labels: str, store: Store
) -> None:
    attempt = make_attempt()

    def in_history() -> list[dict[str, Any]]:
        trend = json.loads(run("history", "--json", code=0).stdout)["trend"]
        return [one for one in trend if one["attempt"] == attempt.id]

    (attempt.workspace / "tiny/labels.py").write_text(clean_labels, "utf-8")
    run("check", cwd=attempt.workspace, code=0)
    before = in_history()
    run("reset", "--yes", cwd=attempt.workspace, code=0)
    row = store.attempt(attempt.id)
    assert row is not None
    assert row.state == "open"
    assert store.checks_of(attempt.id) == []
    assert [one["solved"] for one in before] == [True]
    run("check", cwd=attempt.workspace, code=1)
    assert in_history() == before


@pytest.mark.parametrize("words", [("reset",), ("clean", "--all")], ids=" ".join)
def test_without_an_answer_nothing_is_removed(
    words: tuple[str, ...], run: Run, make_attempt: Make
) -> None:
    folder = make_attempt().workspace
    (folder / "mine.txt").write_text("x", "utf-8")
    run(*words, cwd=folder, code=130)
    assert (folder / "mine.txt").read_text("utf-8") == "x"


def test_clean_removes_one_attempt_and_nothing_else(
    run: Run, make_attempt: Make, store: Store, tmp_path: Path
) -> None:
    one, two = make_attempt(), make_attempt()
    done = run("clean", "--attempt", one.id, "--yes", code=0)
    assert done.stdout.splitlines()[-1] == "Removed 1 attempt."
    assert not one.workspace.exists()
    assert two.workspace.is_dir()
    row = store.attempt(one.id)
    assert row is not None
    assert row.state == "removed"
    assert one.id not in run("list", "--all", "--json", code=0).stdout


def test_clean_leaves_a_folder_without_its_marker(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    (attempt.workspace / ".bugbash").unlink()
    done = run("clean", "--attempt", attempt.id, "--yes", code=0)
    assert "was left alone" in done.stderr
    assert (attempt.workspace / "tiny" / "labels.py").is_file()


def test_list_shows_what_is_unfinished_with_its_path(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    attempt = make_attempt()
    text = run("list", code=0).stdout
    assert attempt.id in text
    assert str(attempt.workspace) in text
    (attempt.workspace / "tiny/labels.py").write_text(clean_labels, "utf-8")
    run("check", cwd=attempt.workspace, code=0)
    assert attempt.id not in run("list", code=0).stdout
    assert attempt.id in run("list", "--all", code=0).stdout


def test_list_says_where_a_folder_is_gone(run: Run, make_attempt: Make, tmp_path: Path) -> None:
    attempt = make_attempt()
    attempt.workspace.rename(tmp_path / "elsewhere")
    rows = json.loads(run("list", "--json", code=0).stdout)["attempts"]
    assert [row["exists"] for row in rows if row["attempt"] == attempt.id] == [False]
