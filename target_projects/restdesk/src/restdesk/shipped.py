"""The files that come with the package: defaults, tables, currencies, codes of the processor."""

from __future__ import annotations

from importlib import resources


def shipped_text(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
