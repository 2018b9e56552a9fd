"""Targets from folders and git repositories, with real git."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bugbash.errors import BugbashError, EnvironmentProblem, UsageProblem
from bugbash.files import tree_digest, walk
from bugbash.targets.checkout import version_from
from bugbash.targets.git_source import clone, parsed
from bugbash.targets.journeys import journeys_of
from bugbash.targets.resolve import Overrides, resolve

Tree = Callable[..., Path]

FILES = {
    "pyproject.toml": '[project]\nname = "wares"\nversion = "1"\n',
    "wares/__init__.py": "ONE = 1\n",
    "tests/test_a.py": "def test_a(): ...\n",
    "tests/test_b.py": "def test_b(): ...\n",
    "tests/conftest.py": "",
}


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(folder: Path, message: str = "change") -> str:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", message)
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(make_tree: Tree) -> Path:
    folder = make_tree(FILES, "my wares Ärger")
    _git(folder, "init", "-q", "-b", "main")
    _commit(folder)
    _git(folder, "tag", "v1.0")
    return folder


def _names(tree: Path) -> set[str]:
    return {str(path) for path in walk(tree)}


def test_a_folder_is_copied_and_not_touched(make_tree: Tree) -> None:
    junk = {
        "build/lib/wares/__init__.py": "",
        "wares/build/__init__.py": "",
        "my env/pyvenv.cfg": "",
        "my env/lib/test_x.py": "",
        "node_modules/x.py": "",
        "wares/__pycache__/a.pyc": "",
    }
    folder = make_tree(FILES | junk)
    before = tree_digest(folder)
    target = resolve(str(folder))

    assert target.sort == "path"
    assert _names(target.tree) == {*FILES, "wares/build/__init__.py", "pytest.ini"}
    assert tree_digest(folder) == before == tree_digest(folder)
    assert target.digest == tree_digest(target.tree)


def test_a_checkout_brings_uncommitted_files_and_leaves_ignored_ones(repository: Path) -> None:
    (repository / ".gitignore").write_text("secret.txt\n")
    (repository / "secret.txt").write_text("x")
    (repository / "wares" / "new.py").write_text("x = 1\n")
    (repository / "tests" / "test_b.py").unlink()
    index = (repository / ".git" / "index").read_bytes()

    names = _names(resolve(str(repository)).tree)

    assert "wares/new.py" in names
    assert not {"secret.txt", "tests/test_b.py"} & names
    assert (repository / ".git" / "index").read_bytes() == index


def test_the_same_content_is_the_same_tree(make_tree: Tree) -> None:
    one, two = (resolve(str(make_tree(FILES, name))) for name in ("one", "two"))

    assert one.digest == two.digest
    assert one.tree == two.tree


@pytest.mark.parametrize("ref", ["", "@v1.0", "@main", "@COMMIT", "@SHORT"])
def test_a_commit_by_any_name(repository: Path, ref: str) -> None:
    commit = _git(repository, "rev-parse", "HEAD")
    ref = ref.replace("COMMIT", commit).replace("SHORT", commit[:10])
    target = resolve(f"git+{repository.as_uri()}{ref}")

    assert target.argument.endswith(f"@{commit}")
    assert target.spec.released is not None
    assert _names(target.tree) == {*FILES, "pytest.ini"}


def test_a_branch_moves_on_and_a_commit_needs_no_repository(repository: Path) -> None:
    url = f"git+{repository.as_uri()}"
    first = resolve(url)
    (repository / "wares" / "new.py").write_text("")
    second = _commit(repository)
    assert resolve(url).argument.endswith(second)

    repository.rename(repository.with_name("elsewhere"))
    notes: list[str] = []
    assert resolve(url, note=notes.append).argument.endswith(second)
    assert "can't be reached" in " ".join(notes)
    assert resolve(first.argument).digest == first.digest


def test_filters_and_hooks_of_a_repository_do_not_run(repository: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    (repository / ".gitattributes").write_text("*.py filter=evil export-ignore text eol=crlf\n")
    _git(repository, "config", "filter.evil.smudge", f"touch {proof}")
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch '{proof}'\n")
    hook.chmod(0o755)
    _commit(repository)
    target = resolve(f"git+{repository.as_uri()}")

    assert not proof.exists()
    assert (target.tree / "wares/__init__.py").read_bytes() == b"ONE = 1\n"


def test_links_in_a_repository_stay_out(repository: Path) -> None:
    (repository / "wares" / "link.py").symlink_to("/etc/passwd")
    _commit(repository)

    assert "wares/link.py" not in _names(resolve(f"git+{repository.as_uri()}").tree)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("git+https://host.invalid/a/b", ("https://host.invalid/a/b", None)),
        ("git+https://host.invalid/a/b.git@v1", ("https://host.invalid/a/b.git", "v1")),
        ("git+ssh://git@host.invalid/a@feature/x", ("ssh://git@host.invalid/a", "feature/x")),
        ("git+file:///a/b@0123abc", ("file:///a/b", "0123abc")),
    ],
)
def test_git_arguments(argument: str, expected: tuple[str, str | None]) -> None:
    assert parsed(argument) == expected


@pytest.mark.parametrize(
    "argument", ["git+ext::sh", "git+/a/b", "git+https://host.invalid/a@--upload-pack=x"]
)
def test_git_arguments_that_are_refused(argument: str) -> None:
    with pytest.raises(UsageProblem):
        parsed(argument)


@pytest.mark.parametrize(
    ("described", "version"),
    [("v1.2.3-0-gabc123", "1.2.3"), ("rel-2.0-5-gabc123", "2.0.post5"), (None, "0")],
)
def test_version_from_tags(described: str | None, version: str) -> None:
    assert version_from(described) == version


def test_a_missing_ref_and_a_missing_repository(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no branch, tag or commit 'nowhere'"):
        resolve(f"git+{repository.as_uri()}@nowhere")
    with pytest.raises(EnvironmentProblem):
        resolve(f"git+{(tmp_path / 'nothing').as_uri()}")


def test_refused_folders(make_tree: Tree, tmp_path: Path) -> None:
    cases = {
        str(make_tree({"a.txt": ""}, "empty")): "no Python project",
        str(make_tree({"f.py": ""}, "f") / "f.py"): "is a file",
        str(tmp_path / "nothing"): "no folder",
        str(make_tree({k: v for k, v in FILES.items() if "test" not in k}, "bare")): "no tests",
        str(make_tree(FILES | {"pyproject.toml": "= broken"}, "broken")): "not valid TOML",
    }
    for argument, reason in cases.items():
        with pytest.raises(UsageProblem, match=reason):
            resolve(argument)


def test_an_unknown_target_names_the_nearest() -> None:
    with pytest.raises(UsageProblem, match="Did you mean 'billcycle'"):
        resolve("bilcycle")


def test_narrowing_leaves_only_the_named_tests(make_tree: Tree) -> None:
    folder = make_tree(FILES | {"tests/test_c.py": "from tests.test_b import test_b\n"})
    one = resolve(str(folder), Overrides(tests=("tests/test_a.py",)))
    two = resolve(str(folder), Overrides(tests=("./tests/test_c.py",)))

    assert one.spec.tests == ("tests/test_a.py",)
    assert {n for n in _names(one.tree) if "test_" in n} == {"tests/test_a.py"}
    assert "tests/conftest.py" in _names(one.tree)
    assert {n for n in _names(two.tree) if "test_" in n} == {"tests/test_b.py", "tests/test_c.py"}


@pytest.mark.parametrize(
    "argument", ["billcycle", "path"], ids=["of ours", "a folder that has journeys"]
)
def test_threads_that_prepare_the_same_target_have_the_same_whole_tree(
    make_tree: Tree, argument: str
) -> None:
    files = FILES | {f"journeys/step_{n}.py": f"print({n})\n" for n in range(50)}
    files["pyproject.toml"] += '[tool.bugbash]\njourneys = "journeys"\n'
    if argument == "path":
        argument = str(make_tree(files))
    together = Barrier(8)

    def prepared(_: int) -> tuple[str, str]:
        together.wait()
        target = resolve(argument)
        journeys = journeys_of(target)
        assert journeys is not None
        return tree_digest(target.tree, frozenset()), tree_digest(journeys)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(prepared, range(8)))) == 1


def test_narrowing_a_vendored_target() -> None:
    whole = resolve("billcycle")
    file = sorted((whole.tree / "tests").glob("test_*.py"))[0]
    target = resolve("billcycle", Overrides(tests=(f"tests/{file.name}",)))

    assert target.sort == "vendored"
    assert [path.name for path in (target.tree / "tests").glob("test_*.py")] == [file.name]


@pytest.mark.parametrize("path", ["nothing", "../tests", "/etc"])
def test_paths_that_the_target_lacks(make_tree: Tree, path: str) -> None:
    for overrides in (Overrides(tests=(path,)), Overrides(sources=(path,))):
        with pytest.raises(UsageProblem, match="has no such file"):
            resolve(str(make_tree(FILES)), overrides)


def test_tests_with_other_names_are_what_plain_pytest_finds(make_tree: Tree) -> None:
    files = {"wares/__init__.py": "", "setup.py": "", "tests/tests.py": "def test_a(): ...\n"}
    files["setup.py"] = "from setuptools import setup\nsetup(name='wares', install_requires=[])\n"
    target = resolve(str(make_tree(files)))

    text = (target.tree / "pytest.ini").read_text()
    assert text == "[pytest]\npython_files = test_*.py *_test.py tests.py\n"


def test_existing_configuration_is_left_alone(make_tree: Tree) -> None:
    target = resolve(str(make_tree(FILES | {"tox.ini": "[pytest]\naddopts = -q\n"})))

    assert not (target.tree / "pytest.ini").exists()


def test_what_is_raised_is_expected(make_tree: Tree) -> None:
    """Odd bytes in a project are no reason for a traceback."""
    folder = make_tree(FILES)
    (folder / "tests" / "test_odd.py").write_bytes(b"\xff\xfe\x00")
    (folder / "setup.py").write_bytes(b"\x00\xff(")
    (folder / "setup.cfg").write_bytes(b"no section\n\xff")
    try:
        resolve(str(folder))
    except BugbashError as error:
        pytest.fail(f"refused: {error}")


@pytest.mark.parametrize(
    "url", ["--upload-pack=touch${IFS}made;", "ext::touch made", "made\nhttps://x/y"]
)
def test_what_is_no_url_is_not_given_to_git(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem, match="is not of the form"):
        clone(url, None, print)
    assert not list(tmp_path.iterdir())
