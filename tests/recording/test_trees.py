"""Trees of odd files, and workspaces that are moved, copied and mended."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.recording import journal
from bugbash.recording.snapshots import Snapshots
from bugbash.recording.timeline import timeline_of
from tests.recording.conftest import ONE_TEST, Desk

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX names and files")


@pytest.fixture
def look(tmp_path: Path) -> Callable[[], str]:
    """Takes a snapshot of the folder `tree`, kept in the folder `kept`."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "tree").mkdir()
    return lambda: journal.snapshot(str(tmp_path / "kept"), str(tmp_path / "tree"))


@pytest.fixture
def seen(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "kept")


NAMES = [b"plain.py", b"two words.txt", "grüße/naïve 名.py".encode(), b"-rf", b"a/b/c/d.ini"]


def test_names_and_contents_come_back(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    names = [*NAMES, b"latin-\xe9/\xff.dat"] if os.name == "posix" else NAMES
    for number, name in enumerate(names):
        path = tmp_path / "tree" / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number, 0, 255, 13, 10]))
    tree = look()
    expected = [name.decode("utf-8", "surrogateescape") for name in names]
    assert sorted(seen.tree(tree)) == sorted(expected)
    for number, path_there in enumerate(expected):
        assert seen.read(tree, path_there) == bytes([number, 0, 255, 13, 10])


def test_large_files_are_known_by_their_size_alone(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    large = tmp_path / "tree" / "large.bin"
    with large.open("wb") as file:
        file.truncate(50 << 20)
    (tmp_path / "tree" / "small.bin").write_bytes(b"\0" * journal.LARGEST)
    first = look()
    assert seen.read(first, "large.bin") is None
    assert len(seen.read(first, "small.bin") or b"") == journal.LARGEST
    with large.open("ab") as file:
        file.write(b"x")
    second = look()
    assert seen.changed(first, second) == ("large.bin",)
    stored = sum(path.stat().st_size for path in seen.folder.rglob("*") if path.is_file())
    assert stored < 100_000


def test_what_one_look_does_not_read_the_next_one_does(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LARGEST_LOOK", 1000)
    for name in "abc":
        (tmp_path / "tree" / name).write_bytes(name.encode() * 600)
    time.sleep(0.1)
    trees = [look(), look(), look()]
    assert [sum(map(bool, seen.tree(tree).values())) for tree in trees] == [1, 2, 3]
    assert seen.changed(trees[0], trees[2]) == ()


@posix
def test_what_is_no_file_is_left_out(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "tree")
    os.mkfifo("fifo")
    Path("loop").symlink_to("loop")
    Path("up").symlink_to("..")
    Path("file").write_text("x")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        tree = look()
    assert sorted(seen.tree(tree)) == ["file", "loop", "up"]
    assert seen.read(tree, "up") == b".."


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_what_can_not_be_read_is_left_out(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    secret = tmp_path / "tree" / "secret"
    secret.write_text("x")
    secret.chmod(0)
    closed = tmp_path / "tree" / "closed"
    closed.mkdir(0)
    try:
        assert seen.tree(look()) == {"secret": ""}
    finally:
        closed.chmod(0o700)


def test_caches_and_environments_are_left_out(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    for name in (".git/x", ".venv/x", "a/__pycache__/x.pyc", "b.pyc", ".idea/x", "mine/pyvenv.cfg"):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "tree" / "a" / "b.py").write_text("x")
    assert list(seen.tree(look())) == ["a/b.py"]


@pytest.mark.slow
def test_of_more_files_than_are_kept_the_deep_ones_are_left_out(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    deep = tmp_path / "tree" / "a" / "b"
    deep.mkdir(parents=True)
    for number in range(journal.MOST_FILES):
        (deep / f"{number}.txt").touch()
    (tmp_path / "tree" / "z").mkdir()
    (tmp_path / "tree" / "z" / "source.py").write_text("x")
    tree = seen.tree(look())
    assert len(tree) == journal.MOST_FILES
    assert "z/source.py" in tree


def same_size_same_time(path: Path) -> None:
    path.write_bytes(b"11111")
    os.utime(path, ns=(10**18, 10**18))


def replaced(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"22222")
    os.utime(path, ns=(10**18, 10**18))


def linked(path: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere")


@posix
@pytest.mark.parametrize("change", [same_size_same_time, replaced, linked])
def test_a_change_is_seen_whatever_the_times_of_files_say(
    change: Callable[[Path], None], look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    path = tmp_path / "tree" / "a.py"
    path.write_bytes(b"00000")
    os.utime(path, ns=(10**18, 10**18))
    time.sleep(0.1)
    first = look()
    change(path)
    assert seen.changed(first, look()) == ("a.py",)


@pytest.mark.parametrize("index", [b"", b"{", b"[]", b'{"a.py": 1}', b'{"a.py": [1]}', b"\xff"])
def test_a_damaged_index_is_made_again(
    index: bytes, look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    (tmp_path / "tree" / "a.py").write_bytes(b"x")
    first = look()
    (tmp_path / "kept" / "index.json").write_bytes(index)
    assert look() == first


def test_a_lost_tree_says_that_nothing_changed(
    look: Callable[[], str], seen: Snapshots, tmp_path: Path
) -> None:
    (tmp_path / "tree" / "a.py").write_bytes(b"x")
    first = look()
    (tmp_path / "tree" / "a.py").write_bytes(b"y")
    second = look()
    (tmp_path / "kept" / "objects" / second[:2] / second[2:]).write_bytes(b"no")
    assert seen.tree(second) == {}
    assert seen.changed(first, second) == ()


def test_names_with_spaces_and_other_letters_in_the_workspaces_own_path(
    desk_in: Callable[[str], Desk],
) -> None:
    desk = desk_in("mein Übungs platz 名")
    desk.pytest("-q", code=1)
    (run,) = desk.timeline.runs
    assert run.failed == {ONE_TEST}


def moved(desk: Desk, to: Path) -> Desk:
    return Desk(replace(desk.attempt, workspace=to))


def test_runs_before_and_after_a_move_count(desk: Desk, tmp_path: Path) -> None:
    desk.pytest("-q", code=1)
    there = moved(desk, tmp_path / "elsewhere")
    desk.folder.rename(there.folder)
    there.pytest("-q", code=1)
    assert len(there.timeline.runs) == 2
    desk.folder.mkdir()
    (desk.folder / ".bugbash").write_text("another\n", "utf-8")
    assert len(there.timeline.runs) == 2


def test_runs_in_a_copy_do_not_count(desk: Desk, tmp_path: Path) -> None:
    desk.pytest("-q", code=1)
    copy = moved(desk, tmp_path / "copy")
    shutil.copytree(desk.folder, copy.folder, symlinks=True)
    copy.pytest("tests/test_labels.py", code=1)
    copy.pytest("tests/test_prices.py", code=0)
    assert [len(run.tests) for run in desk.timeline.runs] == [8]
    assert [len(run.tests) for run in timeline_of(desk.attempt.id).runs] == [8, 3, 5]
    assert [len(run.tests) for run in copy.timeline.runs] == [3, 5]


@posix
def test_a_workspace_behind_a_link_is_the_same(desk: Desk, tmp_path: Path) -> None:
    link = moved(desk, tmp_path / "link")
    link.folder.symlink_to(desk.folder)
    link.pytest("-q", code=1)
    (run,) = desk.timeline.runs
    assert run.inside == "."
    assert run.failed == {ONE_TEST}
    assert len(link.timeline.runs) == 1
