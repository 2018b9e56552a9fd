"""Pieces of the tiny project for tests of commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.serve import Served


@pytest.fixture
def clean_labels(tiny_served: Served) -> str:
    """tiny/labels.py without the bug."""
    return (tiny_served.target.tree / "tiny" / "labels.py").read_text("utf-8")


@pytest.fixture(scope="session")
def project(serve_tiny: Callable[..., Served]) -> Path:
    """The tiny project's folder, to be named as a target."""
    return Path(serve_tiny().scenario.target)
