"""The environment that a suite runs in: a `.venv` of pointers that holds a copy of nothing.

A workspace gets one, and so does every folder in which trials run, so that what the engine
proves is what the learner sees.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import EnvironmentProblem
from bugbash.targets.console_scripts import console_scripts
from bugbash.targets.interpreters import Interpreter, own

# Runs under sh and under Python, and finds its Python beside itself: it survives a moved folder.
_POSIX_LAUNCHER = """#!/bin/sh
'''exec' "$(dirname -- "$0")/python" "$0" "$@"
' '''
{body}
"""
_WINDOWS_LAUNCHER = '@"%~dp0python.exe" "%~dp0{name}-script.py" %*\r\n'
_AGAIN = """import os, subprocess, sys
again = {again!r}
if not os.path.exists(again[0]):
    sys.exit("bugbash: the installation that made this workspace is gone: install bugbash again.")
sys.exit(subprocess.call(again + sys.argv[1:]))"""
_PYTEST = """import sys
import pytest
sys.argv[1:1] = {arguments!r}
sys.exit(pytest.main())"""
_OWN = """import sys
from {module} import {imported}
sys.argv[0] = sys.argv[0].replace("-script.py", "")
sys.exit({function}())"""


@dataclass(frozen=True)
class PytestPlugin:
    """A plugin that pytest loads in a `.venv`, by an entry point."""

    entry: str
    """What `-p no:...` calls it."""
    module: str
    files: tuple[tuple[str, str], ...]
    """(file name, text) of the module and of what it needs beside itself."""


@dataclass(frozen=True)
class VenvPlan:
    """What a `.venv` points to."""

    source_roots: tuple[Path, ...]
    """Absolute folders of the target's code; first on the path, stored relative."""
    dependencies: Path
    """site-packages of the cached environment."""
    name: str
    version: str
    entry_points: str = ""
    pytest_args: tuple[str, ...] = ()
    plugins: tuple[PytestPlugin, ...] = ()
    commands: bool = False
    """Whether the target's own commands are there too, as an install of it would have them."""
    interpreter: Interpreter | None = None
    """What it is made with; None: the Python that runs bugbash."""


def make_venv(folder: Path, plan: VenvPlan) -> None:
    """Make `folder` a virtual environment after `plan` (about 40 ms; no pip, nothing copied).

    Raises EnvironmentProblem where another Python than bugbash's can't make one.
    """
    interpreter = plan.interpreter or own()
    create(folder, interpreter)
    packages = site_packages(folder, interpreter)
    roots = [os.path.relpath(root, packages) for root in plan.source_roots]
    _write(packages / "00_source.pth", "\n".join(roots) + "\n")
    _write(packages / "01_dependencies.pth", f"{plan.dependencies}\n")
    _write_metadata(packages, plan.name, plan.version, plan.entry_points)
    for plugin in plan.plugins:
        _write_plugin(packages, plugin)
    write_launchers(folder, plan.pytest_args)
    if plan.commands:
        _write_commands(folder, plan.entry_points)


def create(folder: Path, interpreter: Interpreter) -> None:
    """Make `folder` an empty virtual environment of `interpreter`, without pip.

    Raises OSError, or EnvironmentProblem where another Python than bugbash's does not do it.
    """
    if interpreter == own():
        from venv import EnvBuilder

        EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
        return
    import subprocess

    done = subprocess.run(
        [interpreter.path, "-I", "-m", "venv", "--without-pip", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise EnvironmentProblem(
            f"Python {interpreter.version} ({interpreter.path}) can't make an environment in "
            f"{folder.parent} ({lines[-1]})."
        )


def site_packages(folder: Path, interpreter: Interpreter | None = None) -> Path:
    """The site-packages folder of a virtual environment of `interpreter`; None: of bugbash's."""
    if os.name == "nt":
        return folder / "Lib" / "site-packages"
    return folder / "lib" / f"python{(interpreter or own()).minor}" / "site-packages"


def python_of(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def write_launchers(folder: Path, pytest_args: Sequence[str] = ()) -> None:
    """Write the `pytest` command, and a `bugbash` one that finds the bugbash that made it."""
    scripts = python_of(folder).parent
    _write_launcher(scripts, "pytest", _PYTEST.format(arguments=list(pytest_args)))
    # -P: a json.py or a rich/ in the workspace is not what bugbash imports.
    again = [sys.executable, "-P", "-m", "bugbash"]
    _write_launcher(scripts, "bugbash", _AGAIN.format(again=again))


def _write_commands(folder: Path, entry_points: str) -> None:
    scripts = python_of(folder).parent
    for one in console_scripts(entry_points):
        imported = one.function.partition(".")[0]
        body = _OWN.format(module=one.module, imported=imported, function=one.function)
        _write_launcher(scripts, one.name, body)


def _write_launcher(scripts: Path, name: str, body: str) -> None:
    if os.name == "nt":
        _write(scripts / f"{name}-script.py", body + "\n")
        _write(scripts / f"{name}.cmd", _WINDOWS_LAUNCHER.format(name=name))
        return
    _write(scripts / name, _POSIX_LAUNCHER.format(body=body))
    (scripts / name).chmod(0o755)


def _write_metadata(packages: Path, name: str, version: str, entry_points: str) -> None:
    folder = packages / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    _write(folder / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if entry_points:
        _write(folder / "entry_points.txt", entry_points)


def _write_plugin(packages: Path, plugin: PytestPlugin) -> None:
    for name, text in plugin.files:
        _write(packages / name, text)
    entry = f"[pytest11]\n{plugin.entry} = {plugin.module}\n"
    _write_metadata(packages, plugin.module.replace("_", "-"), "1", entry)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
