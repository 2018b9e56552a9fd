"""Our git sees neither the user's configuration nor their environment, and tells nothing extra."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash import git
from bugbash.errors import EnvironmentProblem

Write = Callable[[Path, Mapping[str, str | bytes]], Path]

FILES: dict[str, str | bytes] = {
    "pkg/a.py": "print('a')\n",
    "data/table.dat": "1,2\r\n3,4\r\n",
    "data/raw.bin": b"\x00\xff\r\n",
    "ü ö/name with spaces.txt": "text",
    "*.py": "a star in a name\n",
    ".gitignore": "*.log\n",
    "kept.log": "ignored by the project, served all the same\n",
}


def plain(*arguments: str | Path, cwd: Path, check: bool = True) -> str:
    """The user's own git."""
    done = subprocess.run(
        ["git", *map(str, arguments)], cwd=cwd, capture_output=True, encoding="utf-8", check=False
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout if done.returncode == 0 else f"failed: {done.stderr}"


def repository(folder: Path, write_files: Write) -> str:
    return git.make_repository(write_files(folder, FILES), FILES, [".bugbash", ".venv/"])


def by_hand(folder: Path, write_files: Write) -> str:
    """What the user's own git makes of the files: the tree it commits, or why it does not."""
    write_files(folder, FILES)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        said = plain(*command, cwd=folder, check=False)
        if said.startswith("failed"):
            return said
    branch = plain("symbolic-ref", "HEAD", cwd=folder)
    return branch + plain("ls-tree", "-r", "HEAD", cwd=folder) + plain("log", cwd=folder)[7:47]


def hook(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True)
    (folder / name).write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    (folder / name).chmod(0o755)
    return folder


def configured(text: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """A global configuration in the user's HOME; {home} in it is that folder."""

    def prepare(home: Path, patch: pytest.MonkeyPatch) -> None:
        (home / ".gitconfig").write_text(text.replace("{home}", str(home)), "utf-8")

    return prepare


def with_variables(**variables: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def prepare(home: Path, patch: pytest.MonkeyPatch) -> None:
        for name, value in variables.items():
            patch.setenv(name, value.replace("{home}", str(home)))

    return prepare


def with_hooks(text: str, name: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    def prepare(home: Path, patch: pytest.MonkeyPatch) -> None:
        hook(home / "hooks", name)
        configured(text)(home, patch)

    return prepare


def with_template(home: Path, patch: pytest.MonkeyPatch) -> None:
    hook(home / "template" / "hooks", "pre-commit")
    configured("[init]\ntemplateDir = {home}/template\n")(home, patch)


def with_template_variable(home: Path, patch: pytest.MonkeyPatch) -> None:
    hook(home / "template" / "hooks", "pre-commit")
    patch.setenv("GIT_TEMPLATE_DIR", str(home / "template"))


def with_excludes(home: Path, patch: pytest.MonkeyPatch) -> None:
    (home / "ignore").write_text("*.dat\n*.bin\n")
    configured("[core]\nexcludesFile = {home}/ignore\n")(home, patch)


def with_default_excludes(home: Path, patch: pytest.MonkeyPatch) -> None:
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*.dat\n")


def with_attributes(home: Path, patch: pytest.MonkeyPatch) -> None:
    (home / "attributes").write_text("* text=auto\n")
    configured("[core]\nattributesFile = {home}/attributes\n")(home, patch)


HOSTILE: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "core.hooksPath": with_hooks("[core]\nhooksPath = {home}/hooks\n", "pre-commit"),
    "a hook on messages": with_hooks("[core]\nhooksPath = {home}/hooks\n", "commit-msg"),
    "templates": with_template,
    "commit.gpgSign": configured("[commit]\ngpgSign = true\n[gpg]\nprogram = /bin/false\n"),
    "core.excludesFile": with_excludes,
    "excludes without configuration": with_default_excludes,
    "core.attributesFile": with_attributes,
    "core.autocrlf": configured("[core]\nautocrlf = true\n"),
    "core.autocrlf and safecrlf": configured("[core]\nautocrlf = input\nsafecrlf = true\n"),
    "init.defaultBranch": configured("[init]\ndefaultBranch = trunk\n"),
    "no identity allowed": configured("[user]\nuseConfigOnly = true\n"),
    "a damaged configuration": configured("[core\n"),
    "GIT_DIR": with_variables(GIT_DIR="{home}/elsewhere"),
    "GIT_INDEX_FILE": with_variables(GIT_INDEX_FILE="/nowhere/index"),
    "GIT_WORK_TREE": with_variables(GIT_WORK_TREE="/nowhere"),
    "GIT_OBJECT_DIRECTORY": with_variables(GIT_OBJECT_DIRECTORY="/nowhere/objects"),
    "GIT_TEMPLATE_DIR": with_template_variable,
    "GIT_AUTHOR_NAME": with_variables(GIT_AUTHOR_NAME="Mallory", GIT_COMMITTER_NAME="Mallory"),
    "GIT_CONFIG_COUNT": with_variables(
        GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.autocrlf", GIT_CONFIG_VALUE_0="input"
    ),
    "GIT_CONFIG_PARAMETERS": with_variables(GIT_CONFIG_PARAMETERS="'core.autocrlf=input'"),
}


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The HOME of a user with an identity and nothing else."""
    home = tmp_path / "user"
    home.mkdir()
    for name in ("GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "User")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "user@example.invalid")
        monkeypatch.setenv(f"GIT_{name}_DATE", "2020-01-01T00:00:00Z")
    return home


@pytest.mark.parametrize("case", HOSTILE)
def test_a_users_settings_change_nothing(
    case: str, user: Path, tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = repository(tmp_path / "usual", write_files)
    usual_by_hand = by_hand(tmp_path / "usual by hand", write_files)
    HOSTILE[case](user, monkeypatch)
    if case == "no identity allowed":
        for name in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{name}_NAME")
            monkeypatch.delenv(f"GIT_{name}_EMAIL")

    assert repository(tmp_path / "ours", write_files) == usual
    assert by_hand(tmp_path / "by hand", write_files) != usual_by_hand, "the setting is harmless"
    assert listing(tmp_path / "ours") == listing(tmp_path / "usual")
    assert not (tmp_path / "ours" / ".git" / "hooks").exists()


def listing(folder: Path) -> str:
    return git.run(["ls-tree", "-r", "HEAD"], folder).decode()


def test_the_variables_of_the_environment_are_back_afterwards(
    tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    before = dict(os.environ)
    repository(tmp_path / "ours", write_files)
    assert dict(os.environ) == before


def test_the_same_files_give_the_same_commit_whatever_else_there_is(
    tmp_path: Path, write_files: Write
) -> None:
    first = repository(tmp_path / "1", write_files)
    folder = write_files(tmp_path / "another place", {**FILES, "not listed.txt": "x"})
    for path in folder.rglob("*.txt"):
        os.utime(path, (1, 1))
    again = git.make_repository(folder, reversed(list(FILES)), [])
    assert again == first


def test_other_files_give_another_commit(tmp_path: Path, write_files: Write) -> None:
    first = repository(tmp_path / "1", write_files)
    folder = write_files(tmp_path / "2", {**FILES, "pkg/a.py": "print('b')\n"})
    assert git.make_repository(folder, FILES, []) != first


@pytest.fixture
def made(tmp_path: Path, write_files: Write) -> Path:
    repository(tmp_path / "made", write_files)
    return tmp_path / "made"


def test_every_listed_file_is_committed_byte_for_byte(made: Path) -> None:
    names = git.run(["ls-tree", "-r", "-z", "--name-only", "HEAD"], made).decode().split("\0")
    assert sorted(filter(None, names)) == sorted(FILES)
    for name, content in FILES.items():
        data = content.encode() if isinstance(content, str) else content
        assert git.run(["cat-file", "blob", f"HEAD:{name}"], made) == data


def test_a_repository_has_one_neutral_commit_and_nothing_that_tells_more(made: Path) -> None:
    assert plain("log", "--format=%an %ae %cn %ad %s", "--date=iso-strict", cwd=made) == (
        "Maintainer maintainer@project.invalid Maintainer 2025-01-01T10:00:00+00:00 "
        "Import the project\n"
    )
    assert plain("reflog", cwd=made) == ""
    assert plain("remote", cwd=made) == ""
    assert plain("tag", cwd=made) == ""
    assert plain("for-each-ref", "--format=%(refname)", cwd=made) == "refs/heads/main\n"
    assert plain("fsck", "--unreachable", "--no-reflogs", cwd=made) == ""
    assert not (made / ".git" / "logs").exists()
    assert not (made / ".git" / "COMMIT_EDITMSG").exists() or (
        (made / ".git" / "COMMIT_EDITMSG").read_text().strip() == "Import the project"
    )


def test_the_learner_finds_a_clean_work_tree(made: Path) -> None:
    (made / ".bugbash").write_text("x")
    (made / ".venv").mkdir()
    (made / ".venv" / "x").write_text("x")
    assert plain("status", "--porcelain", cwd=made) == ""


def test_a_learner_without_a_name_can_commit(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not git.has_identity()
    git.set_identity(made)
    (made / "pkg" / "a.py").write_text("fixed\n")
    plain("commit", "-q", "-am", "Fix", cwd=made)
    assert plain("log", "-1", "--format=%an %s", cwd=made) == "Learner Fix\n"


def test_a_configured_identity_is_found(user: Path) -> None:
    configured("[user]\nname = Ada\nemail = ada@example.invalid\n")(user, pytest.MonkeyPatch())
    assert git.has_identity()


def test_a_failing_call_is_one_sentence_in_gits_words(made: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"^git rev-parse failed: fatal: .*nothing"):
        git.run(["rev-parse", "nothing", "--"], made)


def test_a_missing_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentProblem, match="git was not found"):
        git.run(["version"], tmp_path)


def test_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="not there any more"):
        git.run(["status"], tmp_path / "gone")


def test_the_enclosing_work_tree_is_found_also_for_what_is_not_there_yet(made: Path) -> None:
    assert git.enclosing_work_tree(made / "pkg" / "new" / "newer") == made
    assert git.enclosing_work_tree(made) == made
    assert git.enclosing_work_tree(made.parent) is None


def test_a_linked_work_tree_counts_as_one(made: Path, tmp_path: Path) -> None:
    plain("worktree", "add", "-q", tmp_path / "linked", cwd=made)
    assert git.enclosing_work_tree(tmp_path / "linked" / "pkg") == tmp_path / "linked"


Side = dict[str, bytes | None]
PATCHES: dict[str, tuple[Side, Side]] = {
    "a line": ({"a.py": b"1\n2\n3\n"}, {"a.py": b"1\nx\n3\n"}),
    "CRLF": ({"a.py": b"1\r\n2\r\n3\r\n"}, {"a.py": b"1\r\nx\r\n3\r\n"}),
    "CRLF to LF": ({"a.py": b"1\r\n2\r\n"}, {"a.py": b"1\n2\r\n"}),
    "mixed line ends": ({"a.py": b"1\r\n2\n3\r\n4"}, {"a.py": b"1\r\nx\n3\r\n4"}),
    "no newline at the end": ({"a.py": b"1\n2"}, {"a.py": b"1\n3"}),
    "a newline added at the end": ({"a.py": b"1\n2"}, {"a.py": b"1\n2\n"}),
    "a newline removed at the end": ({"a.py": b"1\n2\n"}, {"a.py": b"1\n2"}),
    "blanks at line ends": ({"a.py": b"1 \n2\t\n"}, {"a.py": b"1\n2 \n"}),
    "a file added": ({"a.py": b"1\n", "b/c.py": None}, {"a.py": b"1\n", "b/c.py": b"new\n"}),
    "a file removed": ({"a.py": b"1\n", "b.py": b"old\n"}, {"a.py": b"1\n", "b.py": None}),
    "an empty file added": ({"a.py": b"1\n"}, {"a.py": b"1\n", "pkg/__init__.py": b""}),
    "an empty file removed": ({"a.py": b"1\n", "e": b""}, {"a.py": b"1\n"}),
    "several files": (
        {"a.py": b"1\n", "b.py": b"2\n", "c.py": b"3\n"},
        {"a.py": b"x\n", "b.py": b"2\n", "c.py": b"y\n"},
    ),
    "spaces in names": ({"my dir/a b.py": b"1\n"}, {"my dir/a b.py": b"2\n"}),
    "non-ASCII names": ({"größe/naïve ü.py": "ä\n".encode()}, {"größe/naïve ü.py": b"2\n"}),
    "quotes in names": ({'a"b\\c.py': b"1\n"}, {'a"b\\c.py': b"2\n"}),
    "a name like a prefix": ({"a/b/a/x.py": b"1\n"}, {"a/b/a/x.py": b"2\n"}),
    "not UTF-8": ({"a.py": b"# \xe9\n1\n"}, {"a.py": b"# \xe9\n2\n"}),
    "binary": ({"a.bin": b"\0\1\2"}, {"a.bin": b"\0\1\3"}),
    "nothing": ({"a.py": b"1\n"}, {"a.py": b"1\n"}),
}


@pytest.mark.parametrize("case", PATCHES)
def test_git_applies_a_patch(case: str, tmp_path: Path) -> None:
    before, after = PATCHES[case]
    folder = tmp_path / "tree"
    for name, data in before.items():
        if data is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    plain("init", "-q", cwd=folder)
    patch = tmp_path / "fix.patch"
    patch.write_bytes(git.patch(before, after).encode("utf-8", "surrogateescape"))
    if before != after:
        plain("apply", patch, cwd=folder)
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in files_in(folder)}
    assert found == {name: data for name, data in after.items() if data is not None}


def files_in(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts]


def test_a_patch_reads_as_a_diff_from_the_project_root() -> None:
    lines = git.patch({"pkg/ä.py": b"1\n"}, {"pkg/ä.py": b"2\n"}).splitlines()
    assert lines[0] == "diff --git a/pkg/ä.py b/pkg/ä.py"
    assert lines[2:] == ["--- a/pkg/ä.py", "+++ b/pkg/ä.py", "@@ -1 +1 @@", "-1", "+2"]


def test_equal_files_give_an_empty_patch() -> None:
    assert git.patch({"a": b"1"}, {"a": b"1"}) == ""


def test_a_patch_does_not_depend_on_a_users_diff_settings(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = git.patch({"a.py": b"1\n"}, {"a.py": b"2\n"})
    settings = "[diff]\nmnemonicPrefix = true\nexternal = /bin/false\n[color]\nui = always\n"
    configured(settings)(user, monkeypatch)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/bin/false")
    monkeypatch.setenv("GIT_DIFF_OPTS", "-u0")
    assert git.patch({"a.py": b"1\n"}, {"a.py": b"2\n"}) == usual


def test_permissions_are_kept_in_the_commit(tmp_path: Path, write_files: Write) -> None:
    folder = write_files(tmp_path / "r", {"run.sh": "#!/bin/sh\n", "a.txt": "x"})
    (folder / "run.sh").chmod(stat.S_IRWXU)
    git.make_repository(folder, ["run.sh", "a.txt"], [])
    modes = [line.split()[0] for line in listing(folder).splitlines()]
    assert modes == ["100644", "100755"]
