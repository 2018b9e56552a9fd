"""Pieces of the tiny project for tests of commands."""

from __future__ import annotations

import pytest

from bugbash.serving.serve import Served


@pytest.fixture
def clean_labels(tiny_served: Served) -> str:
    """tiny/labels.py without the bug."""
    return (tiny_served.target.tree / "tiny" / "labels.py").read_text("utf-8")
