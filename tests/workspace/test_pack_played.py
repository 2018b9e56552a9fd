"""A pack on its student's machine: pytest, git, bugbash where it is there, handing in."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.pages.report_intake import take_in
from bugbash.recording.timeline import Timeline, read
from tests.workspace.opened_packs import FAILING, pytest_in, submit

Git = Callable[..., str]
Run = Callable[..., subprocess.CompletedProcess[str]]


def timeline_in(file: Path, folder: Path) -> Timeline:
    """The timeline of what was handed in."""
    folder.mkdir()
    take_in(file, folder)
    return read(folder)


def test_a_student_plays_with_pytest_and_git_and_hands_in(
    ada: Path, git: Git, tmp_path: Path
) -> None:
    python = ada / ".venv" / "bin" / "python"
    red = pytest_in(ada, python)
    assert red.returncode == 1
    assert f"FAILED {FAILING}" in red.stdout
    code = ada / "tiny" / "labels.py"
    code.write_text(code.read_text("utf-8").replace("street, name)", "name, street)"), "utf-8")
    assert pytest_in(ada, python).returncode == 0
    git(ada, "commit", "-qam", "Hand name and street on in order")
    (ada / "notes.txt").write_text("what I saw\n", "utf-8")
    assert git(ada, "status", "--porcelain") == "?? notes.txt\n"

    done = submit(ada)
    assert "It holds 2 changed files, 1 commit and 2 recorded test runs." in done.stderr
    file = Path(done.stdout.strip())
    assert file == ada.parent / "submission-Ada-Lovelace.zip"
    timeline = timeline_in(file, tmp_path / "read")
    assert timeline.recorded
    assert [sorted(run.failed) for run in timeline.runs] == [[FAILING], []]
    assert timeline.snapshots.changed(timeline.start_tree, timeline.runs[0].tree) == ()
    assert timeline.snapshots.changed(timeline.start_tree, timeline.runs[1].tree) == (
        "tiny/labels.py",
    )
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("submission.json"))
        changes = archive.read("changes.patch").decode()
    assert [commit["message"] for commit in told["commits"]] == [
        "Hand name and street on in order\n"
    ]
    assert told["commits"][0]["author"] == "Ada Lovelace"
    assert "+++ b/tiny/labels.py" in changes
    assert "+what I saw" in changes
    assert ".venv" not in changes
    events = (ada / ".bugbash-pack" / "timeline" / "events.jsonl").read_text("utf-8")
    assert str(tmp_path) not in events


def test_an_exercise_that_nobody_worked_on_is_handed_in_as_such(ada: Path) -> None:
    done = submit(ada)
    assert "no changed files, no commits and no recorded test runs" in done.stderr


def test_handing_in_twice_gives_the_same_file_and_changes_nothing(ada: Path, git: Git) -> None:
    (ada / "new file ä.py").write_text("x = 1\n", "utf-8")
    (ada / "tiny" / "prices.py").unlink()
    before = git(ada, "count-objects"), git(ada, "status", "--porcelain")
    file = Path(submit(ada).stdout.strip())
    first = file.read_bytes()
    submit(ada)
    assert file.read_bytes() == first
    assert (git(ada, "count-objects"), git(ada, "status", "--porcelain")) == before
    with zipfile.ZipFile(file) as archive:
        changes = archive.read("changes.patch").decode()
    assert "deleted file mode" in changes
    assert "new file ä.py" in changes


def test_bugbash_submit_writes_what_the_script_writes(ada: Path, run: Run) -> None:
    (ada / "new.py").write_text("x = 1\n", "utf-8")
    mine = Path(submit(ada).stdout.strip()).read_bytes()
    done = run("submit", "--out", ada.parent / "ours.zip", cwd=ada / "tiny", code=0)
    assert done.stdout == f"{ada.parent / 'ours.zip'}\n"
    assert (ada.parent / "ours.zip").read_bytes() == mine


def test_no_hook_and_no_filter_of_a_users_configuration_runs(
    ada: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = tmp_path / "a hook ran"
    hooks = tmp_path / "hooks"
    for folder in (hooks, ada / ".git" / "hooks"):
        folder.mkdir()
        for name in ("post-index-change", "pre-commit", "fsmonitor"):
            (folder / name).write_text(f"#!/bin/sh\ntouch '{proof}'\n", "utf-8")
            (folder / name).chmod(0o755)
    config = tmp_path / "config"
    config.write_text(
        f"[core]\nhooksPath = {hooks}\nexcludesFile = {tmp_path}/ignored\n"
        f"fsmonitor = {hooks}/fsmonitor\n[diff]\nexternal = false\nnoprefix = true\n",
        "utf-8",
    )
    (tmp_path / "ignored").write_text("*.csv\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    (ada / "data.csv").write_text("1\n", "utf-8")
    with zipfile.ZipFile(submit(ada).stdout.strip()) as archive:
        assert b"+++ b/data.csv" in archive.read("changes.patch")
    assert not proof.exists()


def _lose_the_repository(exercise: Path) -> None:
    shutil.rmtree(exercise / ".git")
    subprocess.run(["git", "init", "-q"], cwd=exercise, check=True)


def _damage_the_facts(exercise: Path) -> None:
    (exercise / ".bugbash-pack" / "pack.json").write_text("{", "utf-8")


def _add_a_large_file(exercise: Path) -> None:
    with (exercise / "dump.bin").open("wb") as file:
        file.truncate(65 << 20)


NOT_HANDED_IN: list[tuple[Callable[[Path], object], tuple[str, ...], str]] = [
    (_lose_the_repository, (), "unpack the exercise again"),
    (_damage_the_facts, (), "is damaged: unpack it again"),
    (_add_a_large_file, (), "more than 64 MiB"),
    (lambda exercise: None, ("--out", "inside.zip"), "lies in the exercise"),
    (lambda exercise: None, ("--out", "../README-START.md"), "is no submission"),
    (lambda exercise: None, ("--out", "../nowhere/x.zip"), "nowhere"),
]


@pytest.mark.parametrize(
    ("harm", "words", "told"),
    NOT_HANDED_IN,
    ids=["no repository", "facts", "large", "inside", "another file", "no such folder"],
)
def test_what_cant_be_handed_in_is_said_in_a_line(
    harm: Callable[[Path], object], words: tuple[str, ...], told: str, ada: Path
) -> None:
    harm(ada)
    done = submit(ada, *words, code=2)
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(ada.parent.glob("*.zip"))
    assert not list(ada.parent.glob(".*.part"))


def test_turning_the_recorder_off_or_losing_its_folder_leaves_the_run_alone(ada: Path) -> None:
    python = ada / ".venv" / "bin" / "python"
    assert pytest_in(ada, python, "-p", "no:bugbash").returncode == 1
    timeline = ada / ".bugbash-pack" / "timeline"
    assert not (timeline / "events.jsonl").exists()
    shutil.rmtree(ada / ".bugbash-pack")
    done = pytest_in(ada, python)
    assert done.returncode == 1
    assert f"FAILED {FAILING}" in done.stdout
    assert "this run was not recorded" in done.stderr


def test_the_code_is_found_from_an_environment_in_any_place_of_the_system(
    ada: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "somewhere else"
    ada.parent.rename(moved)
    python = moved / "tiny" / ".venv" / "bin" / "python"
    code = "import tiny, importlib.metadata as m; print(tiny.__file__, m.version('tiny'))"
    done = subprocess.run([str(python), "-c", code], cwd="/", capture_output=True, text=True)
    assert done.stdout == f"{moved / 'tiny' / 'tiny' / '__init__.py'} 1.0\n"


def test_check_runs_the_visible_tests_and_gives_no_score(ada: Path, run: Run) -> None:
    red = run("check", cwd=ada, code=1)
    assert f"1 visible test fails:\n    {FAILING}\n" in red.stdout
    assert "your instructor's" in red.stdout
    told = json.loads(run("check", "--json", cwd=ada, code=1).stdout)
    assert (told["all_pass"], told["failed"], told["score"]) == (False, [FAILING], None)
    code = ada / "tiny" / "labels.py"
    code.write_text(code.read_text("utf-8").replace("street, name)", "name, street)"), "utf-8")
    green = run("check", cwd=ada / "tests", code=0)
    assert "All visible tests pass" in green.stdout
    assert "score" not in green.stdout.lower()


OTHER_COMMANDS: list[tuple[tuple[str, ...], int, str]] = [
    (("status",), 3, "an exercise that an instructor packed"),
    (("hint",), 3, "an exercise that an instructor packed"),
    (("check", "--html", "x.html"), 2, "your instructor's"),
]


@pytest.mark.parametrize(("words", "code", "told"), OTHER_COMMANDS, ids=lambda words: str(words))
def test_other_commands_say_what_an_exercise_is(
    words: tuple[str, ...], code: int, told: str, ada: Path, run: Run
) -> None:
    assert told in run(*words, cwd=ada, code=code).stderr


def test_a_file_of_tests_that_cant_be_imported_is_named(ada: Path, run: Run) -> None:
    (ada / "tests" / "test_more.py").write_text("import nowhere\n", "utf-8")
    told = json.loads(run("check", "--json", cwd=ada, code=1).stdout)
    assert told["failed"] == ["tests/test_more.py"]


def test_check_without_pytest_says_how_to_make_the_environment(ada: Path, run: Run) -> None:
    for pointer in ada.glob(".venv/lib/*/site-packages/zz_pytest.pth"):
        pointer.unlink()
    done = run("check", cwd=ada, code=3)
    assert "README-START.md" in done.stderr
