"""Trees and bytes: a fixed order, hashes of content, edits that do not depend on theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bugbash.files import (
    Edit,
    apply_edits,
    copy_tree,
    remove_tree,
    tree_digest,
    walk,
    write_atomically,
)

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
TREE = {
    "b.txt": "b",
    "a/z.txt": "z",
    "a/b/c.txt": "c",
    "a.txt": "a",
    "B.txt": "B",
    "c/a.txt": "ca",
    "ä ö.txt": "umlauts",
}


@pytest.fixture
def tree(tmp_path: Path, write_files: Write) -> Path:
    return write_files(tmp_path / "tree", TREE)


def test_walk_is_in_name_order_however_the_files_came(tmp_path: Path, write_files: Write) -> None:
    first = write_files(tmp_path / "1", TREE)
    second = write_files(tmp_path / "2", dict(reversed(TREE.items())))
    expected = sorted(TREE, key=lambda name: name.split("/"))
    assert [p.as_posix() for p in walk(first)] == expected
    assert [p.as_posix() for p in walk(second)] == expected


SKIPPED = ("__pycache__/a.py", ".git/config", "a/.venv/x", "a/old.pyc", ".pytest_cache/v/x")


@pytest.mark.parametrize("name", SKIPPED)
def test_walk_leaves_caches_out(name: str, tree: Path, write_files: Write) -> None:
    before = list(walk(tree))
    write_files(tree, {name: "x"})
    assert list(walk(tree)) == before


def test_walk_leaves_links_out(tree: Path) -> None:
    before = list(walk(tree))
    (tree / "link.txt").symlink_to(tree / "a.txt")
    (tree / "folder").symlink_to(tree / "a")
    (tree / "nowhere").symlink_to(tree / "missing")
    assert list(walk(tree)) == before


def test_walk_goes_deep(tmp_path: Path, write_files: Write) -> None:
    name = "/".join(["d"] * 300) + "/x"
    assert [p.as_posix() for p in walk(write_files(tmp_path, {name: "x"}))] == [name]


UNNOTICED: dict[str, Callable[[Path], object]] = {
    "times": lambda tree: os.utime(tree / "a.txt", (1, 1)),
    "permissions": lambda tree: (tree / "a.txt").chmod(0o755),
    "a cache": lambda tree: (tree / "x.pyc").write_bytes(b"x"),
    "an empty folder": lambda tree: (tree / "empty").mkdir(),
}
NOTICED: dict[str, Callable[[Path], object]] = {
    "content": lambda tree: (tree / "a.txt").write_text("A"),
    "a line end": lambda tree: (tree / "a.txt").write_bytes(b"a\r"),
    "a new empty file": lambda tree: (tree / "empty").touch(),
    "a file gone": lambda tree: (tree / "a.txt").unlink(),
    "a name": lambda tree: (tree / "a.txt").rename(tree / "aa.txt"),
    "contents exchanged": lambda tree: [
        (tree / "a.txt").write_text("b"),
        (tree / "b.txt").write_text("a"),
    ],
    "a byte over the border": lambda tree: [
        (tree / "a.txt").write_text("ab"),
        (tree / "b.txt").write_text(""),
    ],
}


@pytest.mark.parametrize("change", UNNOTICED)
def test_a_digest_does_not_depend_on(change: str, tree: Path) -> None:
    before = tree_digest(tree)
    UNNOTICED[change](tree)
    assert tree_digest(tree) == before


@pytest.mark.parametrize("change", NOTICED)
def test_a_digest_depends_on(change: str, tree: Path) -> None:
    before = tree_digest(tree)
    NOTICED[change](tree)
    assert tree_digest(tree) != before


def test_a_digest_is_the_same_in_another_process_and_folder(
    tmp_path: Path, write_files: Write, tree: Path
) -> None:
    other = write_files(tmp_path / "another place" / "tree", dict(reversed(TREE.items())))
    code = "import sys; from pathlib import Path; from bugbash.files import tree_digest\n"
    code += "print(tree_digest(Path(sys.argv[1])))"
    found = subprocess.run(
        [sys.executable, "-c", code, other],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == tree_digest(tree)


@st.composite
def edits_of_one_file(draw: st.DrawFn) -> tuple[bytes, list[Edit], bytes]:
    """A file cut into pieces, edits of some of them in any order, and what must come out."""
    pieces = draw(st.lists(st.tuples(st.binary(max_size=6), st.none() | st.text(max_size=4))))
    edits: list[Edit] = []
    start, expected = 0, b""
    for old, new in pieces:
        if new is not None:
            edits.append(Edit("x", start, start + len(old), new))
        start += len(old)
        expected += old if new is None else new.encode()
    places = [edit.start for edit in edits if edit.start == edit.end]
    if len(places) != len(set(places)):  # two insertions in one place have no order
        edits = []
        expected = b"".join(old for old, _ in pieces)
    data = b"".join(old for old, _ in pieces)
    return data, draw(st.permutations(edits)), expected


@given(edits_of_one_file())
def test_edits_that_do_not_overlap_replace_piece_by_piece(
    case: tuple[bytes, list[Edit], bytes],
) -> None:
    data, edits, expected = case
    assert apply_edits(data, tuple(edits)) == expected


@given(st.binary(), st.integers(0, 20), st.integers(0, 20), st.text())
def test_one_edit_replaces_its_span_and_nothing_else(
    data: bytes, start: int, length: int, text: str
) -> None:
    start = min(start, len(data))
    end = min(start + length, len(data))
    changed = Edit("x", start, end, text).apply(data)
    assert changed.startswith(data[:start] + text.encode())
    assert changed.endswith(data[end:])
    assert len(changed) == len(data) - (end - start) + len(text.encode())


def test_an_atomic_write_makes_folders_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "ä.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_atomic_write_keeps_the_old_file_and_leaves_nothing_beside(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_to_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk; the kernel refuses the write."""
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    code = """\
import resource, signal, sys
from pathlib import Path
from bugbash.files import write_atomically
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 5000)
except OSError as error:
    print(error.strerror)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "File too large\n"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_has_contents_and_permissions_and_no_caches(
    tree: Path, tmp_path: Path, write_files: Write
) -> None:
    (tree / "a.txt").chmod(0o755)
    write_files(tree, {"__pycache__/x.pyc": b"x", ".git/HEAD": "x"})
    copy_tree(tree, tmp_path / "copy")
    assert tree_digest(tmp_path / "copy", frozenset()) == tree_digest(tree)
    assert (tmp_path / "copy" / "a.txt").stat().st_mode & 0o777 == 0o755


def read_only(tree: Path) -> None:
    (tree / "a" / "b" / "c.txt").chmod(0o400)
    (tree / "a" / "b").chmod(0o500)


def linked(tree: Path) -> None:
    (tree / "link").symlink_to(tree.parent / "precious")


@pytest.mark.parametrize("prepare", [read_only, linked], ids=lambda f: f.__name__)
def test_a_tree_is_removed_whole_and_links_are_not_followed(
    prepare: Callable[[Path], None], tree: Path, tmp_path: Path, write_files: Write
) -> None:
    precious = write_files(tmp_path / "precious", {"x": "x"})
    prepare(tree)
    remove_tree(tree)
    assert not tree.exists()
    assert (precious / "x").read_text() == "x"


def test_removing_what_is_not_there_is_fine(tmp_path: Path) -> None:
    remove_tree(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == []


def test_removing_a_link_keeps_what_it_points_to(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tree)
    remove_tree(tmp_path / "link")
    assert not (tmp_path / "link").is_symlink()
    assert (tree / "a.txt").exists()
