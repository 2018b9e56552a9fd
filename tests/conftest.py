"""What every test shares: one warm BUGBASH_HOME, an isolated git, the command line, a tiny target."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

Completed = subprocess.CompletedProcess[str]

GIT_CONFIG = """\
[user]
name = Tester
email = tester@example.invalid
[init]
defaultBranch = main
[protocol "file"]
allow = always
"""

TINY: dict[str, str] = {
    "pyproject.toml": """\
[project]
name = "tiny"
version = "1.0"

[tool.pytest.ini_options]
testpaths = ["tests"]
""",
    "README.md": "# tiny\n\nPrices and labels.\n",
    "tiny/__init__.py": '"""A tiny shop."""\n',
    "tiny/prices.py": '''\
"""Prices in cents."""


def total(prices: list[int]) -> int:
    """The sum of all prices."""
    return sum(prices)


def discounted(price: int, percent: int) -> int:
    """The price after a discount in per cent."""
    if percent < 0:
        raise ValueError("a discount can't be negative")
    return price - price * percent // 100


def is_free(price: int, limit: int) -> bool:
    """Whether delivery is free at this price."""
    return price >= limit
''',
    "tiny/labels.py": '''\
"""Labels on parcels."""


def label(name: str, street: str) -> str:
    """Two lines of an address."""
    return f"{name}\\n{street}"


def parcel(name: str, street: str) -> str:
    """The address in a frame."""
    return f"[{label(name, street)}]"


def size(grams: int) -> str:
    """The size of a parcel."""
    if grams < 500:
        return "small"
    elif grams < 2000:
        return "medium"
    return "large"
''',
    "tests/test_prices.py": '''\
import pytest

from tiny.prices import discounted, is_free, total


def test_total():
    assert total([1, 2, 3]) == 6


def test_discounted():
    assert discounted(200, 25) == 150


def test_no_discount():
    assert discounted(200, 0) == 200


def test_negative_discount():
    with pytest.raises(ValueError):
        discounted(200, -1)


def test_free_at_the_limit():
    assert is_free(5000, 5000)
''',
    "tests/test_labels.py": '''\
from tiny.labels import label, parcel, size


def test_label():
    assert label("Ada", "Main Street") == "Ada\\nMain Street"


def test_parcel():
    assert parcel("Ada", "Main Street") == "[Ada\\nMain Street]"


def test_size():
    assert [size(g) for g in (1, 500, 2000)] == ["small", "medium", "large"]
''',
}
"""A project of three functions a file and eight tests that take no time."""


@pytest.fixture(scope="session", autouse=True)
def bugbash_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """BUGBASH_HOME of the whole session: its environment with pytest and its slots stay warm.

    HOME is an empty folder, and git, in tests and in commands, reads one known configuration.
    """
    folder = tmp_path_factory.mktemp("bugbash-home")
    user = tmp_path_factory.mktemp("user")
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(GIT_CONFIG, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "PYTEST_"))]:
            patch.delenv(name)
        patch.setenv("BUGBASH_HOME", str(folder))
        patch.setenv("HOME", str(user))
        patch.setenv("USERPROFILE", str(user))
        patch.setenv("XDG_CONFIG_HOME", str(user / "config"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("NO_COLOR", "1")
        yield folder


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Completed]:
    """Runs the real command line: `run("new", "billcycle", cwd=..., env={...}, code=0)`.

    `env` is added to the environment, None takes a variable away; `code`, where given, is the
    exit code that is expected. The default folder is the test's own.
    """

    def run(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        code: int | None = None,
        timeout: float = 240,
    ) -> Completed:
        environment: dict[str, str | None] = {**os.environ, **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "bugbash", *map(str, arguments)],
            cwd=cwd or tmp_path,
            env={name: value for name, value in environment.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture
def write_files() -> Callable[[Path, Mapping[str, str | bytes]], Path]:
    """Writes files (name to text or bytes) below a folder, which is made and returned."""

    def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def tiny_project(
    tmp_path: Path, write_files: Callable[[Path, Mapping[str, str | bytes]], Path]
) -> Callable[..., Path]:
    """Makes the tiny project in a new folder: `tiny_project({"tests/test_x.py": "..."}, name)`.

    The files given are added or take the place of its own; None leaves one out.
    """

    def make(changes: Mapping[str, str | bytes | None] | None = None, name: str = "tiny") -> Path:
        files: dict[str, str | bytes | None] = {**TINY, **(changes or {})}
        kept = {file: content for file, content in files.items() if content is not None}
        return write_files(tmp_path / name, kept)

    return make
