"""The commits and patches of instances: git takes them, and they depend on the files alone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash import git
from bugbash.files import copy_tree
from bugbash.workspace.commits import Branch, Commits, commits_of, write_repositories
from bugbash.workspace.instances import Clean, Instance

Write = Callable[[Path, Mapping[str, str | bytes]], Path]

FILES: dict[str, bytes] = {
    "tiny/sums.py": b"def total(a, b):\n    return a + b\n",
    "tiny/no_end.py": b"X = 1\nY = 2",
    "tiny/windows.py": b"X = 1\r\nY = 2\r\n",
    "tiny/latin.py": b"# -*- coding: latin-1 -*-\nNAME = '\xe9'\nX = 1\n",
    "tiny/two words.py": b"X = 1\n",
    "tiny/\u00e9t\u00e9.py": b"X = 1\n",
    "run.sh": b"#!/bin/sh\nexit 1\n",
    "tests/test_sums.py": b"def test_a():\n    pass\n\n\ndef test_b():\n    pass\n",
    "README.md": b"# tiny\n",
}
OVERLAY = "tiny/_version.py"


@pytest.fixture
def clean(tmp_path: Path, write_files: Write) -> Clean:
    tree = write_files(tmp_path / "clean", {**FILES, OVERLAY: "V = 1\n"})
    (tree / "run.sh").chmod(0o755)
    return Clean(tree, (OVERLAY,))


def instance(
    clean: Clean,
    broken: Mapping[str, bytes],
    withheld: Mapping[str, bytes | None] | None = None,
) -> Instance:
    parts = ("tiny", "1.0", "1", "wrong-value", "# It breaks\n", ("a.py::b",), (), clean)
    return Instance(*parts, broken, withheld or {})


def check_out(repository: Path, commit: str, folder: Path) -> Path:
    words = ["git", "-c", "advice.detachedHead=false"]
    subprocess.run([*words, "clone", "-q", "-n", str(repository), str(folder)], check=True)
    subprocess.run([*words, "checkout", "-q", commit], cwd=folder, check=True)
    return folder


def apply(folder: Path, patch: str, *words: str) -> None:
    done = subprocess.run(
        ["git", "apply", *words, "-"], cwd=folder, input=patch.encode(), capture_output=True
    )
    assert done.returncode == 0, done.stderr


def files_in(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & 0o100))
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


CHANGES = [
    pytest.param({"tiny/sums.py": b"def total(a, b):\n    return a - b\n"}, id="a line"),
    pytest.param({"tiny/no_end.py": b"X = 1\nY = 3"}, id="no newline at the end"),
    pytest.param({"tiny/windows.py": b"X = 2\r\nY = 2\r\n"}, id="CRLF"),
    pytest.param({"tiny/latin.py": FILES["tiny/latin.py"].replace(b"1\n", b"2\n")}, id="no UTF-8"),
    pytest.param({"tiny/two words.py": b"X = 2\n", "tiny/\u00e9t\u00e9.py": b""}, id="odd names"),
    pytest.param({"run.sh": b"#!/bin/sh\nexit 0\n"}, id="executable"),
]


@pytest.mark.parametrize("broken", CHANGES)
def test_the_patches_lead_from_one_tree_to_the_other_and_back(
    broken: Mapping[str, bytes], clean: Clean, tmp_path: Path
) -> None:
    one = instance(clean, broken)
    made = commits_of(clean, [one])[0]
    assert made.fix_patch.encode("utf-8"), "JSON can hold it"
    write_repositories(tmp_path / "bases", [Branch("me/tiny", "one", one)], clean=False)
    folder = check_out(tmp_path / "bases/me/tiny.git", made.base, tmp_path / "out")
    expected = {name: found for name, found in files_in(clean.tree).items() if name != OVERLAY}
    assert files_in(folder) == {
        **expected,
        **{name: (data, expected[name][1]) for name, data in broken.items()},
    }
    apply(folder, made.fix_patch)
    assert files_in(folder) == expected
    apply(folder, made.break_patch)
    apply(folder, made.break_patch, "--reverse")
    assert files_in(folder) == expected


def test_tests_that_are_withheld_come_with_the_test_patch_alone(
    clean: Clean, tmp_path: Path
) -> None:
    half = FILES["tests/test_sums.py"].partition(b"\n\n\n")[0] + b"\n"
    broken = {"tiny/sums.py": b"def total(a, b):\n    return a - b\n"}
    ones = [
        instance(clean, broken, {"tests/test_sums.py": half}),
        instance(clean, broken, {"tests/test_sums.py": None}),
        instance(clean, broken),
    ]
    made = commits_of(clean, ones)
    branches = [Branch("me/tiny", f"b{n}", one) for n, one in enumerate(ones)]
    write_repositories(tmp_path / "bases", branches, clean=False)
    expected = {name: found for name, found in files_in(clean.tree).items() if name != OVERLAY}
    for n, (one, commits) in enumerate(zip(ones, made, strict=True)):
        folder = check_out(tmp_path / "bases/me/tiny.git", commits.base, tmp_path / f"out{n}")
        for name, data in one.withheld.items():
            assert (folder / name).is_file() is (data is not None)
        if one.withheld:
            apply(folder, commits.test_patch)
        else:
            assert commits.test_patch == ""
        apply(folder, commits.fix_patch)
        assert files_in(folder) == expected
    assert len({commits.base for commits in made}) == 3
    assert len({commits.bug for commits in made}) == 1


def test_a_commit_is_the_one_that_git_itself_makes_of_the_files(
    clean: Clean, tmp_path: Path
) -> None:
    broken = {"tiny/sums.py": b"def total(a, b):\n    return a - b\n"}
    made = commits_of(clean, [instance(clean, broken)])[0]
    folder = tmp_path / "by git"
    folder.mkdir()
    copy_tree(clean.tree, folder)
    (folder / OVERLAY).unlink()
    assert git.make_repository(folder, sorted(files_in(folder)), ()) == made.clean
    again = tmp_path / "again"
    again.mkdir()
    copy_tree(clean.tree, again)
    (again / OVERLAY).unlink()
    (again / "tiny/sums.py").write_bytes(broken["tiny/sums.py"])
    assert git.make_repository(again, sorted(files_in(again)), ()) == made.base


def test_each_of_several_has_its_own_patches_whatever_the_others_are(clean: Clean) -> None:
    ones = [
        instance(clean, {"tiny/sums.py": b"def total(a, b):\n    return a - b\n"}),
        instance(clean, {"tiny/windows.py": b"X = 2\r\nY = 2\r\n"}),
        instance(clean, {"tiny/no_end.py": b"X = 1\nY = 3", "run.sh": b"#!/bin/sh\n"}),
        instance(clean, {"tiny/latin.py": b"# -*- coding: latin-1 -*-\nNAME = '\xe8'\n"}),
        instance(clean, {"tiny/two words.py": b"X = 2\n"}),
    ]
    together = commits_of(clean, ones)
    assert together == [commits_of(clean, [one])[0] for one in ones]
    assert len({commits.fix_patch for commits in together}) == len(ones)


def objects(repository: Path, branch: str) -> set[str]:
    asked = ["git", "rev-list", "--objects", branch]
    done = subprocess.run(asked, cwd=repository, capture_output=True, text=True, check=True)
    return {line.split()[0] for line in done.stdout.splitlines()}


def blob_of(data: bytes) -> str:
    done = subprocess.run(["git", "hash-object", "--stdin"], input=data, capture_output=True)
    return done.stdout.decode().strip()


def test_a_base_reaches_no_object_of_the_clean_code_and_a_bug_has_it_as_its_parent(
    clean: Clean, tmp_path: Path
) -> None:
    broken = {"tiny/sums.py": b"def total(a, b):\n    return a - b\n"}
    one = instance(clean, broken)
    made: Commits = commits_of(clean, [one])[0]
    answer = blob_of(FILES["tiny/sums.py"])
    write_repositories(tmp_path / "bases", [Branch("me/tiny", "one", one)], clean=False)
    assert answer not in objects(tmp_path / "bases/me/tiny.git", "--all")
    write_repositories(tmp_path / "bugs", [Branch("me/me__tiny.0", "one", one)], clean=True)
    repository = tmp_path / "bugs/me/me__tiny.0.git"
    asked = ["git", "rev-parse", "main", "one", "one~1"]
    done = subprocess.run(asked, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [made.clean, made.bug, made.clean]
