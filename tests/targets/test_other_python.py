"""A target on another Python of this machine than the one that runs bugbash."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.targets import interpreters, uv_tool
from bugbash.targets.detect import check_python, detect
from bugbash.targets.environment import environment_of
from bugbash.targets.interpreters import Interpreter, find, interpreter_of, own
from bugbash.targets.locks import as_of
from bugbash.targets.overrides import Overrides, file_values
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target, TargetSpec
from bugbash.trials.auto import engine_of
from bugbash.trials.baseline import Baseline, measure
from bugbash.trials.cold import run_suite
from bugbash.trials.slot import open_slot

Tree = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

WARES = {
    "pyproject.toml": '[project]\nname = "wares"\nversion = "1"\n',
    "wares/__init__.py": "from .prices import discount, python, total\n",
    "wares/prices.py": """\
import sys


def total(lines):
    found = 0
    for count, price in lines:
        if count < 0:
            raise ValueError("count")
        found += count * price
    return found


def discount(amount, percent):
    if percent is None:
        return amount
    return amount - amount * percent // 100


def python():
    return "%d.%d" % sys.version_info[:2]
""",
    "tests/test_wares.py": """\
import pytest
import wares


def test_total():
    assert wares.total([(1, 200), (2, 50)]) == 300


def test_negative():
    with pytest.raises(ValueError):
        wares.total([(-1, 200)])


@pytest.mark.parametrize("percent,expected", [(None, 200), (50, 100)])
def test_discount(percent, expected):
    assert wares.discount(200, percent) == expected


def test_python():
    assert wares.python() == "PYTHON"
""",
}
PASSING = (
    "tests/test_wares.py::test_discount[50-100]",
    "tests/test_wares.py::test_discount[None-200]",
    "tests/test_wares.py::test_negative",
    "tests/test_wares.py::test_python",
    "tests/test_wares.py::test_total",
)
ALL = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


@pytest.fixture
def other() -> str:
    """A Python of this machine that is not bugbash's."""
    for minor in ALL:
        if minor != own().minor and find(minor) is not None:
            return minor
    pytest.skip("no other Python is installed here")


def needs(minor: str) -> None:
    if minor == own().minor:
        pytest.skip("it is the Python that runs bugbash")
    if find(minor) is None:
        pytest.skip(f"Python {minor} is not installed here")


@pytest.fixture
def wares(make_tree: Tree, tmp_path: Path) -> Callable[..., Target]:
    """The project on a Python, prepared, its spec in `PYTHON.toml`."""

    def prepared(minor: str, *dependencies: str, files: dict[str, str] | None = None) -> Target:
        texts = {name: text.replace("PYTHON", minor) for name, text in WARES.items()}
        folder = make_tree({**texts, **(files or {})}, f"wares-{minor}")
        spec = tmp_path / f"{minor}.toml"
        spec.write_text(f'python = "{minor}"\n')
        return resolve(str(folder), Overrides(with_=dependencies, spec_file=spec))

    return prepared


@pytest.mark.parametrize("text", ["3.6", "3", "2.7", "3.9.1", "4.0", "three", ""])
def test_what_is_no_version(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'python = "{text}"')

    with pytest.raises(UsageProblem, match=r"mine.toml: python must be a minor version from 3\.7"):
        file_values(path)


def test_without_a_word_it_is_the_python_of_bugbash() -> None:
    assert interpreter_of(TargetSpec("wares")) == own()
    assert interpreter_of(TargetSpec("wares", python=own().minor)) == own()


def test_a_python_that_is_not_here_is_refused_in_one_line(make_tree: Tree) -> None:
    tree = make_tree({"wares.py": "", "tests/test_a.py": "def test_a(): ...\n"})

    with pytest.raises(EnvironmentProblem) as caught:
        detect(tree, "wares", given={"python": "3.99"})

    assert str(caught.value) == (
        "wares runs on Python 3.99 (`python` in its spec), which this machine lacks: install it, "
        "with `uv python install 3.99` for instance."
    )


def test_the_command_line_refuses_it_too(make_tree: Tree, run: Run) -> None:
    tree = make_tree(
        {"wares.py": "", "tests/test_a.py": "", "bugbash-target.toml": "python='3.99'"}
    )

    done = run("targets", "show", tree)

    assert done.returncode != 0
    assert "Python 3.99" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for a Python")
def test_a_python_on_path_is_found_behind_a_broken_one(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = find(other)
    assert real is not None
    broken, good = tmp_path / "broken", tmp_path / "good"
    for folder in (broken, good):
        folder.mkdir()
    (broken / f"python{other}").write_text("#!/bin/sh\nexit 127\n")
    (broken / f"python{other}").chmod(0o755)
    (good / f"python{other}").symlink_to(real.path)
    interpreters._memory().unlink()
    monkeypatch.setenv("PATH", f"{broken}:{good}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr(uv_tool, "find", lambda: None)

    assert find(other) == real

    shutil.rmtree(good)
    assert find(other) == real, "what was found is remembered"

    interpreters._memory().unlink()
    assert find(other) is None


@pytest.mark.parametrize(
    "text", ["[]", "{", "null", '{"@": {}}', '{"@": 3}', '{"@": {"mark": [], "path": 3}}']
)
def test_a_damaged_memory_of_pythons_is_no_memory(other: str, text: str) -> None:
    real = find(other)
    interpreters._memory().write_text(text.replace("@", other))
    assert find(other) == real


@pytest.mark.parametrize(
    ("released", "minor", "expected"),
    [
        pytest.param("2018-05-01T00:00:00Z", "3.8", "2020-04-11", id="older than its Python"),
        pytest.param("2021-05-01T00:00:00Z", "3.8", "2021-05-02", id="younger than its Python"),
        pytest.param("2018-05-01T00:00:00Z", "3.10", "2022-04-02", id="a younger Python"),
    ],
)
def test_dependencies_are_those_that_know_its_python(
    released: str, minor: str, expected: str
) -> None:
    moment = as_of(released, Interpreter("python", f"{minor}.1"))

    assert moment is not None
    assert moment.startswith(expected)


def test_what_the_project_takes_is_compared_with_its_python(other: str) -> None:
    check_python(TargetSpec("wares", requires_python=f"=={other}.*", python=other))

    with pytest.raises(UsageProblem, match=rf"needs Python >=3\.90, and its spec says {other}"):
        check_python(TargetSpec("wares", requires_python=">=3.90", python=other))


def test_markers_are_read_for_its_python(other: str, make_tree: Tree) -> None:
    dependencies = f"['six; python_version == \"{other}\"', 'idna; python_version == \"2.7\"']"
    files = {
        "pyproject.toml": f"[project]\nname = 'wares'\ndependencies = {dependencies}\n",
        "wares.py": "",
    }

    spec = detect(make_tree(files), "wares", given={"python": other})

    assert [one.split(";")[0] for one in spec.dependencies] == ["six", "pytest"]


@pytest.mark.slow
@pytest.mark.parametrize("minor", ALL)
def test_a_suite_runs_on_every_python(minor: str, wares: Callable[..., Target]) -> None:
    needs(minor)
    target = wares(minor)
    environment = environment_of(target)

    baseline = measure(target, environment)

    assert environment.version.startswith(f"{minor}.")
    assert tuple(sorted(baseline.passing)) == PASSING
    covered = baseline.reach.lines["wares/prices.py"]
    names = baseline.reach.tests
    assert {names[index] for index in baseline.reach.indices(covered[15])} == {
        "tests/test_wares.py::test_discount[None-200]"
    }
    assert _broken(target, baseline) == ("tests/test_wares.py::test_discount[None-200]",)


def _broken(target: Target, baseline: Baseline) -> tuple[str, ...]:
    """What fails when `None` is no discount any more, and a planted test."""
    broken = (
        (target.tree / "wares/prices.py").read_bytes().replace(b"return amount\n", b"return 0\n")
    )
    with open_slot(target, environment_of(target)) as slot:
        slot.sync({"wares/prices.py": broken})
        suite = replace(baseline.suite(), control="planted", watch_writes=True)
        trial = run_suite(slot, suite)
    assert trial.ending == "finished"
    failing = trial.failing()
    assert "tests/test_wares.py::planted" in failing
    return tuple(name for name in failing if name in baseline.passing)


CLASS = """\
import pytest


class TestBad:
    @pytest.mark.parametrize("a,b", [(1, 2), 3])
    def test_bad(self, a, b):
        pass


def test_beside():
    pass
"""
OLD = [
    ("3.7", "pytest<4"), ("3.8", "pytest<5.1"), ("3.8", "pytest<5.4"), ("3.8", "pytest<6"),
    ("3.9", "pytest<6.2"), ("3.9", "pytest<7"), ("3.8", "pytest<7.2"), ("3.10", "pytest<8"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("minor", "old"), OLD)
def test_old_versions_of_pytest(minor: str, old: str, wares: Callable[..., Target]) -> None:
    needs(minor)
    hanging = {
        "bugbash-target.toml": "test_limit_s = 1",
        "tests/test_hang.py": "import time\n\ndef test_hang():\n    time.sleep(30)\n",
        "tests/test_gone.py": "import nothing_of_this_name\n",
        "tests/test_class.py": CLASS,
    }
    target = wares(minor, old, files=hanging)

    baseline = measure(target, environment_of(target))

    assert tuple(sorted(baseline.passing)) == ("tests/test_class.py::test_beside", *PASSING)
    assert [(one.id, one.why) for one in baseline.left_out] == [
        ("tests/test_hang.py::test_hang", "took longer than the limit for one test")
    ]
    gone = [one.id.replace("::()", "") for one in baseline.ignored_files]
    assert gone == ["tests/test_class.py::TestBad", "tests/test_gone.py"]
    assert _broken(target, baseline) == ("tests/test_wares.py::test_discount[None-200]",)


@pytest.mark.slow
@pytest.mark.parametrize("minor", ALL)
def test_the_warm_engine_is_used_where_it_knows_the_python(
    minor: str, wares: Callable[..., Target]
) -> None:
    needs(minor)
    target = wares(minor)
    environment = environment_of(target)
    baseline = measure(target, environment)

    with engine_of("auto", target, environment, baseline, None, 1) as engine:
        why = getattr(engine, "why_cold", "")

    old = minor in ("3.7", "3.8", "3.9", "3.10")
    assert why == (f"Python {minor} is too old for it" if old else "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("minor", "dependencies"),
    [
        *((minor, ()) for minor in ALL),
        ("3.7", ("pytest<4",)),
        ("3.8", ("pytest<5.1",)),
        ("3.9", ("pytest<7",)),
    ],
)
def test_a_workspace_on_it_is_recorded_and_solved(
    minor: str,
    dependencies: tuple[str, ...],
    wares: Callable[..., Target],
    run: Run,
    tmp_path: Path,
) -> None:
    needs(minor)
    target = wares(minor)
    spec, workspace = tmp_path / f"{minor}.toml", tmp_path / "ws"
    more = [word for one in dependencies for word in ("--with", one)]
    run("new", target.argument, "--spec", spec, *more, "--seed", "1", "--dir", workspace, code=0)

    ran = _pytest(workspace, "-q")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "not recorded" not in ran.stderr
    last = json.loads(run("status", "--json", cwd=workspace, code=0).stdout)["runs"]
    assert (last["count"], last["last"]["exit"]) == (1, 1)
    run("check", cwd=workspace, code=1)

    for name in ("wares/prices.py", "wares/__init__.py"):
        shutil.copyfile(target.tree / name, workspace / name)
    assert _pytest(workspace, "-q").returncode == 0
    assert "Solved" in run("check", cwd=workspace, code=0).stdout

    (workspace / "conftest.py").write_text('raise RuntimeError("no")\n')
    assert "not recorded" not in _pytest(workspace).stderr
    runs = json.loads(run("status", "--json", cwd=workspace, code=0).stdout)["runs"]
    assert runs["last"]["exit"] == 4


def _pytest(workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(workspace / ".venv" / "bin" / "pytest"), *arguments],
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
    )
