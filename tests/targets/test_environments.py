"""Environments: made once, found again, never half."""

from __future__ import annotations

import json
import py_compile
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.targets import locks, own_pytest, uv_tool
from bugbash.targets.environment import MARKER, environment_of, existing_environment
from bugbash.targets.imports import missing_imports
from bugbash.targets.interpreters import own
from bugbash.targets.resolve import Overrides, resolve
from bugbash.targets.spec import Target, TargetSpec

MakeSdist = Callable[..., Path]
SIX = {"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n", "x.py": ""}


def _target(*dependencies: str, released: str | None = None) -> Target:
    spec = TargetSpec("wares", dependencies=dependencies, released=released)
    return Target(spec, "wares", "path", Path("nowhere"), "0")


def _output(python: Path, code: str) -> str:
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _wheel(folder: Path, name: str, version: str = "1.0", requires: str = "") -> None:
    import zipfile

    needs = f"Requires-Dist: {requires}\n" if requires else ""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


def test_pytest_alone_is_copied_without_network_or_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv_tool, "find", lambda: pytest.fail("uv was asked for"))
    made = environment_of(_target("pytest"))

    assert _output(made.python, "import pytest; print(pytest.__version__)") == pytest.__version__
    assert _output(made.python, "import pytest; print(pytest.__file__)").startswith(
        str(made.site_packages)
    )
    assert not (made.site_packages / "bugbash").exists()
    assert made.version == own().version
    assert f"pytest=={pytest.__version__}" in made.lock_file.read_text()
    assert environment_of(_target("pytest")) == made


@pytest.mark.parametrize("wanted", ["pytest>=8", "pytest~=%s", "pytest>=8; python_version>'3'"])
def test_it_is_copied_where_its_version_is_one_of_those_asked_for(
    wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uv_tool, "find", lambda: pytest.fail("uv was asked for"))
    if "%s" in wanted:
        wanted %= pytest.__version__
    assert environment_of(_target(wanted)) == environment_of(_target("pytest"))


@pytest.mark.parametrize("wanted", ["pytest<1", "pytest==0.9", "pytest[more]<1"])
def test_another_pytest_is_the_one_that_is_asked_for(wanted: str, registry_folder: Path) -> None:
    _wheel(registry_folder, "pytest", "0.9")
    target = _target(wanted)
    assert existing_environment(target) is None
    assert environment_of(target).lock_file.read_text().split() == ["pytest==0.9"]


def test_it_is_copied_where_bytecode_lies_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "bytecode"))
    py_compile.compile(str(pytest.__file__))
    made = environment_of(_target("pytest"))
    assert _output(made.python, "import pytest; print(pytest.__version__)") == pytest.__version__


def test_finding_it_again_imports_nothing_heavy(home: Path) -> None:
    made = environment_of(_target("pytest"))
    code = (
        "import sys\n"
        "from bugbash.targets.environment import environment_of\n"
        "from bugbash.targets.resolve import resolve\n"
        "print(environment_of(resolve('billcycle')).lock)\n"
        "heavy = {'uv', 'packaging', 'git', 'venv', 'subprocess', 'importlib.metadata', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert _output(Path(sys.executable), code).splitlines() == [made.lock, "[]"]


def test_a_half_made_environment_is_made_again() -> None:
    made = environment_of(_target("pytest"))
    folder = made.site_packages.parents[2]
    (folder / MARKER).unlink()
    (made.site_packages / "pluggy" / "__init__.py").unlink()

    assert environment_of(_target("pytest")) == made
    assert (made.site_packages / "pluggy" / "__init__.py").is_file()


def test_an_upgraded_bugbash_looks_again(home: Path) -> None:
    made = environment_of(_target("pytest"))
    index = home / "environments" / "pytest.json"
    record = json.loads(index.read_text())
    for entry in record.values():
        entry["sources"][0] += "-gone"
        entry["folder"] = "something else"
    index.write_text(json.dumps(record))

    assert environment_of(_target("pytest")) == made


def test_what_is_copied_is_what_pytest_needs() -> None:
    closure = own_pytest.closure()

    assert closure is not None
    names = {distribution.metadata["Name"].lower() for distribution in closure}
    assert {"pytest", "pluggy", "iniconfig", "packaging", "pygments"} <= names
    assert "pytest-timeout" not in names


def test_other_dependencies_are_locked_installed_and_kept(
    registry_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(registry_folder, "goods", requires="wares")
    _wheel(registry_folder, "wares")
    target = _target("goods")
    assert existing_environment(target) is None
    notes: list[str] = []
    made = environment_of(target, notes.append)

    assert made.lock_file.read_text().split() == ["goods==1.0"]
    assert (made.site_packages / "goods.py").is_file()
    assert not (made.site_packages / "wares.py").exists(), "the target itself is never installed"
    assert len(notes) == 2

    monkeypatch.setattr(uv_tool, "find", lambda: pytest.fail("uv was asked for"))
    assert environment_of(target) == made == existing_environment(target)


def test_dependencies_that_do_not_exist(registry_folder: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"wares don't resolve.*nosuchthing") as caught:
        environment_of(_target("nosuchthing"))
    assert "\n" not in str(caught.value)


def test_a_failed_installation_leaves_nothing(registry_folder: Path, home: Path) -> None:
    _wheel(registry_folder, "goods")
    locks.lock_file_of(_target("goods"), print)
    next(registry_folder.glob("goods*")).unlink()

    with pytest.raises(EnvironmentProblem, match="Dependencies of wares"):
        environment_of(_target("goods"))
    assert not [path for path in (home / "environments").iterdir() if path.is_dir()]


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (None, None),
        ("2039-05-01T12:00:00+00:00", "2039-05-02T12:00:00Z"),
        ("2039-05-01T12:00:00+02:00", "2039-05-02T10:00:00Z"),
    ],
)
def test_dependencies_as_of_the_release(released: str | None, expected: str | None) -> None:
    if own().minor in locks._PYTHONS:
        assert locks.as_of(released, own()) == expected


def test_an_old_release_is_run_with_what_knows_this_python() -> None:
    moment = locks.as_of("2001-01-01T00:00:00Z", own())

    assert moment is None or moment > "2023"


def test_imports_that_nothing_provides_are_named(registry_folder: Path, tmp_path: Path) -> None:
    _wheel(registry_folder, "goods")
    files = {
        "pyproject.toml": "[project]\nname = 'wares'\nversion = '1'\ndependencies = ['goods']\n",
        "wares.py": "",
        "tests/helpers.py": "import alpha\n",
        "tests/cases/notes.py": "import never\n",
        "tests/conftest.py": "import goods, wares, os, helpers, pytest\n",
        "tests/test_a.py": (
            "from beta.sub import x\nfrom . import helpers\nfrom tests import other\n"
            "import yaml\n"
            "try:\n    import optional\nexcept ImportError:\n    pass\n"
            "import pytest\ngamma = pytest.importorskip('gamma')\n"
            "def test_it():\n    import late\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / "p" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "p" / name).write_text(text)
    target = resolve(str(tmp_path / "p"))
    plain = replace(target, spec=replace(target.spec, dependencies=("goods",)))

    assert missing_imports(plain, environment_of(plain)) == ["PyYAML", "alpha", "beta"]


def test_with_adds_to_a_vendored_target() -> None:
    target = resolve("billcycle", Overrides(with_=("six",)))

    assert target.spec.dependencies == ("pytest", "six")


@pytest.mark.parametrize(
    ("text", "message", "offline"),
    [
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because a was not found in the package registry and you require a, done.\n"
            "\nhint: something long\n",
            "Because a was not found in the package registry",
            False,
        ),
        (
            "Using Python 3.11\n  × No solution found when resolving dependencies:\n"
            "  ╰─▶ Because there is no version of a==9 and you require\n",
            "Because there is no version of a==9",
            False,
        ),
        (
            "error: Request failed after 3 retries\n  cause: Failed to fetch: x\n"
            "  cause: dns error\n  cause: failed to lookup address information: Name unknown\n",
            "can't be reached (failed to lookup address information: Name unknown)",
            True,
        ),
        ("", "it gave no reason", False),
    ],
)
def test_what_uv_says_in_one_sentence(text: str, message: str, offline: bool) -> None:
    failure = uv_tool.failure(text)

    assert message in str(failure)
    assert failure.offline is offline
    assert "\n" not in str(failure)
