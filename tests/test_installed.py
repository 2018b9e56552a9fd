"""The lines that `new` prints work in a fresh shell, however bugbash was installed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
Words = Sequence[str | Path]


def run(words: Words, cwd: Path, environment: dict[str, str], expected: int = 0) -> str:
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == expected, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words: Words = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT]
    run(words, folder, dict(os.environ))
    return next(folder.glob("*.whl"))


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody with an empty home, whose name has a space in it."""
    home = tmp_path / "Jörg Müller"
    (home / "bin").mkdir(parents=True)
    # How this machine reaches the registry is not part of what is tested.
    reach = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy")
    given = ("PIP_", "UV_INDEX", "UV_DEFAULT_INDEX")
    registry = {k: v for k, v in os.environ.items() if k in reach or k.startswith(given)}
    return {
        **registry,
        "HOME": str(home),
        "PATH": f"{home / 'bin'}{os.pathsep}/usr/local/bin{os.pathsep}/usr/bin{os.pathsep}/bin",
        "LANG": "C.UTF-8",
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_TOOL_DIR": str(home / "tools"),
        "UV_TOOL_BIN_DIR": str(home / "bin"),
        "PIPX_HOME": str(home / "pipx"),
        "PIPX_BIN_DIR": str(home / "bin"),
    }


def uv() -> str:
    import uv as package

    return str(package.find_uv_bin())


def by_uv_tool(wheel: Path, folder: Path, machine: dict[str, str]) -> Words:
    run([uv(), "tool", "install", "--python", sys.executable, wheel], folder, machine)
    return ["bugbash"]


def by_pipx(wheel: Path, folder: Path, machine: dict[str, str]) -> Words:
    run([sys.executable, "-m", "venv", "own"], folder, machine)
    run(["own/bin/pip", "install", "-q", "pipx"], folder, machine)
    run(["own/bin/pipx", "install", "--python", sys.executable, wheel], folder, machine)
    return ["bugbash"]


def by_uvx(wheel: Path, folder: Path, machine: dict[str, str]) -> Words:
    return [uv(), "tool", "run", "--python", sys.executable, "--from", wheel, "bugbash"]


def by_venv(wheel: Path, folder: Path, machine: dict[str, str]) -> Words:
    run([sys.executable, "-m", "venv", "own"], folder, machine)
    run(["own/bin/pip", "install", "-q", wheel], folder, machine)
    return [folder / "own/bin/bugbash"]


Install = Callable[[Path, Path, dict[str, str]], Words]


@pytest.mark.parametrize("install", [by_uv_tool, by_pipx, by_uvx, by_venv])
def test_the_printed_lines_work_in_a_fresh_shell(
    install: Install, wheel: Path, tmp_path: Path, machine: dict[str, str]
) -> None:
    words = install(wheel, tmp_path, machine)
    found = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@"', "sh", *words, "new", "billcycle", "--seed", "3"],
        cwd=machine["HOME"],
        env=machine,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    lines = re.findall(r"^    (cd .*|\S*\bpytest|\S*bugbash check)$", found.stdout, re.MULTILINE)
    assert [line.split()[0].rsplit("/")[-1] for line in lines] == ["cd", "pytest", "bugbash"]
    fresh = {key: machine[key] for key in ("HOME", "PATH")}
    red = run(["/bin/sh", "-c", f"{lines[0]}\n{lines[1]} -q"], Path("/"), fresh, expected=1)
    assert re.search(r"\d+ failed, \d+ passed", red)
    told = run(["/bin/sh", "-c", f"{lines[0]}\n{lines[2]}"], Path("/"), fresh, expected=1)
    assert "Not solved" in told
    workspace = Path(shlex.split(lines[0])[1])
    assert workspace.parent == Path(machine["HOME"])


def test_the_wheel_puts_one_folder_into_site_packages(wheel: Path) -> None:
    from zipfile import ZipFile

    names = {name.split("/", 1)[0] for name in ZipFile(wheel).namelist()}
    assert names == {"bugbash", next(name for name in names if name.endswith(".dist-info"))}
