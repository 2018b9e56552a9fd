"""Which files of a target are its tests, or tell pytest how to run them."""

from __future__ import annotations

from pathlib import PurePosixPath

from bugbash.files import is_under
from bugbash.targets.spec import Target

PYTEST_CONFIGURATION = frozenset(
    {
        "pytest.ini",
        ".pytest.ini",
        "pytest.toml",
        ".pytest.toml",
        "tox.ini",
        "setup.cfg",
        "pyproject.toml",
        "conftest.py",
    }
)


def is_test_name(name: str) -> bool:
    """Whether pytest's defaults would collect a file of this name."""
    return name.startswith("test_") or name.endswith("_test.py")


def belongs_to_tests(name: str, target: Target) -> bool:
    """Whether a file is a test, lies among the tests, or tells pytest how to run them."""
    path = PurePosixPath(name)
    return (
        path.name in PYTEST_CONFIGURATION
        or is_under(name, target.spec.tests)
        or (path.suffix == ".py" and is_test_name(path.name))
    )
