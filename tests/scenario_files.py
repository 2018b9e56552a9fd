"""A written scenario over the tiny project, for tests of what is done with one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from tests.tiny_files import TINY

SWAPPED = """\
format_version = 1
title = "Parcels carry the street above the name"
target = "../tiny"
minutes = 20
tags = ["post"]

[[bug]]
mutator = "swap-arguments"
file = "tiny/labels.py"
before = 'return f"[{label(name, street)}]"'
after = 'return f"[{label(street, name)}]"'
explanation = "The two texts are handed on in the wrong order, and nothing complains."
hints = ["Follow one address from the test to the frame.", "", "", ""]
"""
"""A right one: one bug that `tests/test_labels.py::test_parcel` shows."""

LIMIT = """
[[bug]]
family = "logic"
file = "tiny/prices.py"
before = "return price >= limit"
after = "return price > limit"
explanation = "The limit itself has to be free as well."
"""
"""A second bug to follow it."""


def patch_of(file: str, before: str, after: str, broken: bool = True) -> str:
    """A patch of one text of the tiny project, over the broken code or the clean."""
    text = TINY[file]
    if broken:
        text = text.replace("label(name, street)}]", "label(street, name)}]")
    new = text.replace(before, after)
    assert new != text
    old_lines, new_lines = text.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(difflib.unified_diff(old_lines, new_lines, f"a/{file}", f"b/{file}"))


FIXED = patch_of("tiny/labels.py", "label(street, name)}]", "label(street=street, name=name)}]")
"""Another right fix of the first."""

TURNED_ROUND = patch_of("tiny/labels.py", "{name}\\n{street}", "{street}\\n{name}")
"""A tempting wrong fix of the first: it breaks another test."""

HIDDEN = """\
from tiny.labels import parcel


def test_hidden_parcel():
    assert parcel("Bo", "High Street").startswith("[Bo")
"""


def write_scenario(
    folder: Path, text: str = SWAPPED, files: Mapping[str, str | bytes] | None = None
) -> Path:
    """Write scenario.toml and other files into a new folder, which is returned."""
    for name, content in {"scenario.toml": text, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
