"""The `.venv` of a workspace: plain pytest fails as announced, wherever the workspace goes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt

Make = Callable[..., Attempt]
Failing = Callable[..., list[str]]
FAILING = "tests/test_labels.py::test_parcel"

WAYS = {
    "launcher": ".venv/bin/pytest",
    "module": ".venv/bin/python -m pytest",
    "activated": "source .venv/bin/activate && pytest",
    "activated module": "source .venv/bin/activate && python -m pytest",
    "by its path": '"$PWD/.venv/bin/pytest"',
    "from another folder": "cd tests && ../.venv/bin/pytest",
}


@pytest.mark.parametrize("name", ["plain", "two words", "größe ✔ 日本"])
@pytest.mark.parametrize("line", WAYS.values(), ids=WAYS)
def test_plain_pytest_fails_exactly_the_announced_tests(
    line: str, name: str, make_attempt: Make, failing: Failing
) -> None:
    assert failing(make_attempt(name=name).workspace, line) == [
        "test_labels.py::test_parcel" if line.startswith("cd tests") else FAILING
    ]


def test_pytest_warns_of_nothing_and_uses_the_workspace_as_its_root(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    done = subprocess.run(
        [".venv/bin/pytest"], cwd=workspace, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stderr == ""
    assert f"rootdir: {workspace}" in done.stdout
    assert "1 failed, 7 passed" in done.stdout
    assert "warning" not in done.stdout


def _python(workspace: Path, code: str) -> str:
    done = subprocess.run(
        [str(workspace / ".venv/bin/python"), "-c", code],
        cwd=workspace.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_imported_package_lies_in_the_workspace(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    where = _python(workspace, "import tiny.labels; print(tiny.labels.__file__)")
    assert Path(where) == workspace / "tiny" / "labels.py"


COMMANDS = """\
[console_scripts]
tiny = tiny.cli:main
tiny-shop = tiny.cli:Shop.open [extra]
pytest = tiny.cli:main
../tiny = tiny.cli:main
broken = tiny.cli
"""
CLI = """\
import sys

from tiny.labels import parcel


def main():
    print(*map(repr, sys.argv[1:]), parcel("Ada", "Road"))
    return 3


class Shop:
    @staticmethod
    def open():
        print("open")
"""


def test_the_projects_own_commands_run_the_workspaces_code(
    make_attempt: Make, serve_tiny: Callable[..., Served]
) -> None:
    served = serve_tiny(files={"tiny/cli.py": CLI}, spec={"entry_points": COMMANDS})
    workspace = make_attempt(served, "two words").workspace
    labels = workspace / "tiny" / "labels.py"
    labels.write_text(labels.read_text("utf-8").replace('"[{', '"<{'), "utf-8")

    def command(line: str) -> tuple[int, str]:
        words = ["bash", "-c", line]
        done = subprocess.run(words, cwd=workspace, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    assert command(".venv/bin/tiny 'a b' ''") == (3, "'a b' '' <Road\nAda]\n")
    assert command("cd tests && source ../.venv/bin/activate && tiny-shop") == (0, "open\n")
    assert "1 failed" in command(".venv/bin/pytest")[1]
    assert not (workspace / ".venv" / "tiny").exists()
    assert not (workspace / ".venv" / "bin" / "broken").exists()


def test_the_version_is_known(make_attempt: Make) -> None:
    code = "from importlib.metadata import version; print(version('tiny'))"
    assert _python(make_attempt().workspace, code) == "1.0"


def test_the_environment_holds_no_copy_of_anything(make_attempt: Make) -> None:
    venv = make_attempt().workspace / ".venv"
    assert sum(p.stat().st_size for p in venv.rglob("*") if not p.is_symlink()) < 400_000
    assert "bugbash" not in _python(venv.parent, "import sys; print(*sys.modules)")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["moved", "copied", "copied over a moved one"])
def test_a_moved_or_copied_workspace_still_works(
    how: str,
    make_attempt: Make,
    failing: Failing,
    run: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    workspace = make_attempt().workspace
    other = tmp_path / "somewhere else" / "näher"
    other.parent.mkdir()
    if how == "moved":
        workspace.rename(other)
    else:
        shutil.copytree(workspace, other, symlinks=True)
    if how == "copied over a moved one":
        shutil.rmtree(workspace)
    assert failing(other, ".venv/bin/pytest") == [FAILING]
    assert Path(_python(other, "import tiny; print(tiny.__file__)")).parent == other / "tiny"
    run("status", cwd=other, code=0)
    assert failing(other, "source .venv/bin/activate && pytest") == [FAILING]
    run("test", "-q", cwd=other, code=1)
    run("check", cwd=other / "tiny", code=1)


def test_left_out_tests_do_not_run(
    serve_tiny: Callable[..., Served], make_attempt: Make, failing: Failing
) -> None:
    text = (
        "def test_good(): ...\ndef test_bad(): assert 0\n"
        "class TestX:\n    def test_bad(self): 1/0\n"
    )
    bad = ("tests/test_more.py::test_bad", "tests/test_more.py::TestX::test_bad")
    served = serve_tiny(files={"tests/test_more.py": text}, left_out=bad)
    workspace = make_attempt(served).workspace
    assert failing(workspace, ".venv/bin/pytest") == [FAILING]
    done = subprocess.run(
        [".venv/bin/pytest", "tests/test_more.py"], cwd=workspace, capture_output=True, text=True
    )
    assert "1 passed, 2 deselected" in done.stdout
    assert "2 left out" in done.stdout


def test_files_that_can_not_be_collected_are_left_out(
    serve_tiny: Callable[..., Served], make_attempt: Make, failing: Failing
) -> None:
    from dataclasses import replace

    served = serve_tiny(files={"tests/test_odd.py": "import not_installed_here\n"})
    served = replace(
        served, scenario=replace(served.scenario, ignored_files=("tests/test_odd.py",))
    )
    workspace = make_attempt(served).workspace
    for line in (".venv/bin/pytest", ".venv/bin/python -m pytest tests"):
        assert failing(workspace, line) == [FAILING]


def test_the_targets_environment_and_arguments_hold_in_the_workspace(
    serve_tiny: Callable[..., Served], make_attempt: Make, failing: Failing
) -> None:
    text = (
        "import os\nimport pytest\n\ndef test_env(): assert os.environ['TINY_MODE'] == 'a b'\n"
        "@pytest.mark.hard\ndef test_hard(): assert 0\n"
    )
    spec = {"environment": (("TINY_MODE", "a b"),), "pytest_args": ("-m", "not hard")}
    workspace = make_attempt(serve_tiny(files={"tests/test_env.py": text}, spec=spec)).workspace
    assert failing(workspace, ".venv/bin/pytest") == [FAILING]


@pytest.mark.parametrize("configured", [True, False], ids=["own configuration", "none of its own"])
def test_an_ancestors_pytest_settings_have_no_effect(
    configured: bool,
    serve_tiny: Callable[..., Served],
    make_attempt: Make,
    failing: Failing,
    tmp_path: Path,
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", "utf-8")
    (tmp_path / "conftest.py").write_text("raise SystemExit(9)\n", "utf-8")
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\naddopts = -p nothing\n", "utf-8")
    own = {} if configured else {"pyproject.toml": '[project]\nname = "tiny"\nversion = "1.0"\n'}
    workspace = make_attempt(serve_tiny(files=own)).workspace
    assert failing(workspace, ".venv/bin/pytest") == [FAILING]


def test_a_suite_that_makes_errors_of_warnings_runs(
    serve_tiny: Callable[..., Served], make_attempt: Make, failing: Failing
) -> None:
    ini = "[pytest]\nfilterwarnings = error\ntestpaths = tests\n"
    workspace = make_attempt(serve_tiny(files={"pytest.ini": ini})).workspace
    assert failing(workspace, ".venv/bin/pytest") == [FAILING]
    assert failing(workspace, "PYTHONWARNINGS=error .venv/bin/pytest") == [FAILING]


@pytest.mark.skipif(os.name == "nt", reason="POSIX launchers")
def test_the_workspaces_own_bugbash_checks(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    done = subprocess.run([".venv/bin/bugbash", "check"], cwd=workspace, capture_output=True)
    assert done.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX launchers")
def test_the_workspaces_own_bugbash_imports_nothing_of_the_workspace(make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    for name in ("json.py", "rich/__init__.py", "click.py"):
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_text("raise ImportError('a file of the learner')\n")
    done = subprocess.run([".venv/bin/bugbash", "status"], cwd=workspace, capture_output=True)
    assert done.returncode == 0, done.stderr
