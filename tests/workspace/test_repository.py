"""The repository of a workspace: one neutral commit that holds the broken code and no other."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.git import NEUTRAL_TIME
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt

Git = Callable[..., str]
Make = Callable[..., Attempt]


def _raw_objects(folder: Path) -> list[bytes]:
    """The contents of every loose object file, decompressed."""
    loose = [path for path in folder.glob(".git/objects/??/*") if path.is_file()]
    return [zlib.decompress(path.read_bytes()) for path in loose]


def _all_objects(folder: Path, git: Git) -> list[bytes]:
    """The contents of every object that git knows, loose and packed, reachable or not."""
    listing = git(folder, "cat-file", "--batch-check", "--batch-all-objects").splitlines()
    return [
        subprocess.run(
            ["git", "cat-file", kind, name], cwd=folder, check=True, capture_output=True
        ).stdout
        for name, kind, _ in map(str.split, listing)
    ]


def test_a_read_only_source_file_stays_one(
    serve_tiny: Callable[..., Served], make_attempt: Make
) -> None:
    served = serve_tiny(files={"tiny/more.py": "X = 1\n"})
    (served.target.tree / "tiny" / "labels.py").chmod(0o444)
    path = make_attempt(served).workspace / "tiny" / "labels.py"
    assert path.stat().st_mode & 0o777 == 0o444
    assert path.read_bytes() != (served.target.tree / "tiny" / "labels.py").read_bytes()


def test_no_object_holds_the_clean_code(make_attempt: Make, tiny_served: Served, git: Git) -> None:
    workspace = make_attempt().workspace
    objects = _all_objects(workspace, git) + _raw_objects(workspace)
    clean = (tiny_served.target.tree / "tiny/labels.py").read_bytes()
    right = b"label(name, street)}]"
    assert objects
    assert any(b"label(street, name)}]" in data for data in objects)
    assert not any(clean in data or right in data for data in objects)


def test_no_file_of_the_workspace_holds_the_clean_code(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    for path in workspace.rglob("*"):
        if path.is_file():
            assert b"label(name, street)}]" not in path.read_bytes(), path


def test_there_is_one_commit_of_a_neutral_author_and_date(make_attempt: Make, git: Git) -> None:
    workspace = make_attempt().workspace
    log = git(workspace, "log", "--all", "--format=%an|%ae|%at|%cn|%ce|%ct|%P|%s")
    who = "Maintainer|maintainer@project.invalid"
    assert log == f"{who}|{NEUTRAL_TIME}|{who}|{NEUTRAL_TIME}||Import the project\n"


@pytest.mark.parametrize(
    "words",
    [
        ("remote",),
        ("tag", "--list"),
        ("reflog", "show", "--all"),
        ("stash", "list"),
        ("fsck", "--unreachable", "--dangling", "--no-reflogs", "--no-progress"),
        ("branch", "--list", "--remotes"),
        ("status", "--porcelain", "--untracked-files=all"),
        ("diff",),
        ("ls-files", "--others", "--exclude-standard"),
    ],
    ids=" ".join,
)
def test_git_has_nothing_more_to_tell(words: tuple[str, ...], make_attempt: Make, git: Git) -> None:
    assert git(make_attempt().workspace, *words) == ""


def test_there_are_no_logs_hooks_or_backups_in_git(make_attempt: Make) -> None:
    folder = make_attempt().workspace / ".git"
    for name in ("logs", "hooks", "ORIG_HEAD", "FETCH_HEAD", "packed-refs", "description"):
        assert not (folder / name).exists()
    assert (folder / "HEAD").read_text("utf-8") == "ref: refs/heads/main\n"


def test_every_file_has_the_same_time_and_none_is_a_cache(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    files = [
        path
        for path in workspace.rglob("*")
        if path.is_file() and not {".git", ".venv"} & set(path.relative_to(workspace).parts)
    ]
    assert {path.name for path in files} >= {"labels.py", "FAILURE_REPORT.md", ".bugbash"}
    assert len({path.stat().st_mtime_ns for path in files}) == 1
    assert not [path for path in workspace.rglob("__pycache__") if ".venv" not in path.parts]


def test_the_marker_holds_the_attempt_and_stays_out_of_git(make_attempt: Make, git: Git) -> None:
    attempt = make_attempt()
    assert (attempt.workspace / ".bugbash").read_text("utf-8") == f"{attempt.id}\n"
    assert git(attempt.workspace, "ls-files").splitlines() == [
        "FAILURE_REPORT.md",
        "README.md",
        "pyproject.toml",
        "tests/test_labels.py",
        "tests/test_prices.py",
        "tiny/__init__.py",
        "tiny/labels.py",
        "tiny/prices.py",
    ]


def test_running_the_tests_leaves_the_status_clean(make_attempt: Make, git: Git) -> None:
    workspace = make_attempt().workspace
    subprocess.run([".venv/bin/pytest", "-q"], cwd=workspace, capture_output=True)
    assert git(workspace, "status", "--porcelain") == ""


def test_the_same_scenario_gives_the_same_commit(make_attempt: Make, git: Git) -> None:
    one, two = make_attempt().workspace, make_attempt().workspace
    assert git(one, "rev-parse", "HEAD") == git(two, "rev-parse", "HEAD")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's configuration that gets in the way of every git call; returns what hooks touch."""
    proof = tmp_path / "a hook ran"
    for folder in ("hooks", "template/hooks"):
        (tmp_path / folder).mkdir(parents=True)
        for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"):
            hook = tmp_path / folder / name
            hook.write_text(f"#!/bin/sh\ntouch '{proof}'\nexit 1\n", "utf-8")
            hook.chmod(0o755)
    (tmp_path / "template" / "description").write_text("mine\n", "utf-8")
    (tmp_path / "ignored").write_text("*.py\n*.md\ntests/\n", "utf-8")
    (tmp_path / "attributes").write_text("*.py text eol=crlf\n", "utf-8")
    (tmp_path / "hostile.config").write_text(
        f"""
[user]
    useConfigOnly = true
    signingKey = 0000000000000000
[core]
    hooksPath = {tmp_path}/hooks
    excludesFile = {tmp_path}/ignored
    attributesFile = {tmp_path}/attributes
    autocrlf = true
    safecrlf = true
    fsmonitor = {tmp_path}/hooks/pre-commit
    logAllRefUpdates = always
    quotePath = true
    fileMode = false
[init]
    templateDir = {tmp_path}/template
    defaultBranch = strange
[commit]
    gpgSign = true
    template = {tmp_path}/nowhere
[diff]
    external = false
    noprefix = true
    mnemonicPrefix = true
[color]
    ui = always
[alias]
    commit = !false
""",
        "utf-8",
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile.config"))
    return proof


def test_a_users_git_configuration_has_no_effect(
    make_attempt: Make, git: Git, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make_attempt()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    plain = make_attempt()
    assert not hostile.exists()
    assert git(attempt.workspace, "rev-parse", "main") == git(plain.workspace, "rev-parse", "HEAD")
    assert git(attempt.workspace, "status", "--porcelain", "--ignored=no") == ""
    assert not (attempt.workspace / ".git" / "description").exists()


def test_git_variables_of_a_hook_are_not_followed(
    make_attempt: Make, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_AUTHOR_NAME": "Somebody",
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
    }.items():
        monkeypatch.setenv(name, value)
    attempt = make_attempt()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_DATE"):
        monkeypatch.delenv(name)
    assert git(attempt.workspace, "log", "--format=%an %at") == f"Maintainer {NEUTRAL_TIME}\n"
    assert git(other, "rev-list", "--all") == ""


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({}, id="no identity"),
        pytest.param(
            {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.invalid"}, id="author only"
        ),
    ],
)
def test_a_learner_without_an_identity_can_commit(
    known: dict[str, str], make_attempt: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[user]\nuseConfigOnly = true\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    workspace = make_attempt().workspace
    (workspace / "tiny" / "labels.py").write_text("X = 1\n", "utf-8")
    done = subprocess.run(
        ["git", "commit", "-qam", "fix"], cwd=workspace, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_learner_with_an_identity_commits_under_it(make_attempt: Make, git: Git) -> None:
    workspace = make_attempt().workspace
    (workspace / "tiny" / "labels.py").write_text("X = 1\n", "utf-8")
    git(workspace, "commit", "-qam", "fix")
    assert git(workspace, "log", "-1", "--format=%an") == "Tester\n"


FILES: dict[str, str | bytes] = {
    ".gitignore": "*.dat\ntests/data/\n/notes.md\n",
    ".gitattributes": "*.txt text eol=crlf\n*.bin filter=lfs\n",
    "tiny/table.dat": b"\0\1\2",
    "tests/data/x.json": "{}",
    "notes.md": "# kept\n",
    "tiny/crlf.txt": b"a\r\nb\r\n",
    "tiny/lf.txt": b"a\nb\n",
    "tiny/picture.bin": b"\x89PNG",
    "tiny/zwei Wörter.txt": "ä",
    "tiny/[x]*?.txt": "glob",
}


def test_ignored_data_and_odd_names_of_a_target_are_in_the_commit(
    serve_tiny: Callable[..., Served], make_attempt: Make, git: Git
) -> None:
    workspace = make_attempt(serve_tiny(files=FILES)).workspace
    listed = set(git(workspace, "-c", "core.quotePath=false", "ls-files", "-z").split("\0"))
    assert set(FILES) <= listed
    for name, content in FILES.items():
        data = content.encode() if isinstance(content, str) else content
        assert (workspace / name).read_bytes() == data
    assert git(workspace, "status", "--porcelain") == ""
