"""Looking into packs: every content that a student could find, and a student's environment."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from venv import EnvBuilder

from bugbash.serving.serve import Served
from bugbash.targets.environment import Environment
from bugbash.targets.venv import python_of, site_packages
from bugbash.workspace.pack import Handout
from bugbash.workspace.roster import Roster, Student

ADA = Student("Ada Lovelace", "", "ada@example.invalid", "Ada-Lovelace")
GRACE = Student("Grace", "2", "", "2")
FAILING = "tests/test_labels.py::test_parcel"


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file below a folder; what is compressed or zipped in it too, git objects bare."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from _opened(path.relative_to(folder).as_posix(), path.read_bytes())


def _opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _opened(f"{name}!{member}", archive.read(member))
    elif "/objects/" in name:
        content = zlib.decompress(data)
        yield f"{name}!", content
        yield f"{name}!!", content.partition(b"\0")[2]


def commands_of(readme: Path) -> list[str]:
    """The lines of the shell blocks of a README-START.md."""
    blocks = readme.read_text("utf-8").split("```sh\n")[1:]
    return [line for block in blocks for line in block.partition("```")[0].splitlines()]


def set_up(pack: Path, exercise: Path, environment: Environment) -> Path:
    """Make the exercise's environment as pip would, with a pytest that is here; its Python."""
    venv = exercise / ".venv"
    EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(venv)
    packages = site_packages(venv)
    (packages / "zz_pytest.pth").write_text(f"{environment.site_packages}\n", "utf-8")
    for line in (pack / "requirements.txt").read_text("utf-8").splitlines():
        if line.startswith("./"):
            with zipfile.ZipFile(pack / line) as archive:
                archive.extractall(packages)
    return python_of(venv)


def pytest_in(exercise: Path, python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the exercise's tests as its student would."""
    return subprocess.run(
        [str(python), "-m", "pytest", "-q", *words],
        cwd=exercise,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def handout(served: Served, *students: Student, recorded: bool = True) -> Handout:
    """The same exercise for each of some students; for Ada alone where none are named."""
    given = students or (ADA,)
    return Handout(Roster(given, "0"), [served] * len(given), 7, recorded=recorded)


def quiet(done: int, total: int) -> None:
    """Hears how far it is."""


def submit(exercise: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the pack's own script with a Python that does not know bugbash."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(exercise.parent / "submit.py"), *words],
        cwd=exercise,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done
