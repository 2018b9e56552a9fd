"""Templates: texts with placeholders, from the site's folder or from the package.

`{{ name }}` is replaced with a value, `{{ name = text }}` has a default. `\\{{` stands for two
braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from .errors import TemplateError

_PLACEHOLDER = re.compile(
    r"(?P<escape>\\)?\{\{\s*(?P<name>[a-z][a-z0-9_]*)(?:\s*=\s*(?P<default>[^{}]*?))?\s*\}\}",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def placeholders(text: str) -> dict[str, bool]:
    """The names in a text, in order, and whether each has to be given a value."""
    required: dict[str, bool] = {}
    for match in _PLACEHOLDER.finditer(text):
        if match["escape"]:
            continue
        name = match["name"].lower()
        required[name] = required.get(name) or match["default"] is None
    return required


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced.

    Raises TemplateError for values that are missing, blank or unknown.
    """
    given = {name.strip().lower(): value.strip() for name, value in values.items()}
    wanted = placeholders(text)
    missing = [name for name, required in wanted.items() if required and not given.get(name)]
    if missing:
        raise TemplateError("no value for " + ", ".join(missing))
    unknown = sorted(set(given) - set(wanted))
    if unknown:
        raise TemplateError("no placeholder for " + ", ".join(unknown))

    def replaced(match: re.Match[str]) -> str:
        if match["escape"]:
            return match[0][1:]
        return given.get(match["name"].lower()) or match["default"]

    return _PLACEHOLDER.sub(replaced, text)


class Shelf:
    """Templates by name; one in the site's folder hides the one of the package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packaged = resources.files(__package__) / "data" / "templates"

    def load(self, name: str) -> str:
        wanted = name.strip().lower().removesuffix(".txt")
        if not _NAME.fullmatch(wanted):
            raise TemplateError(f"not the name of a template: {name!r}")
        for source in (self.folder / f"{wanted}.txt", self.packaged / f"{wanted}.txt"):
            if source.is_file():
                return source.read_text(encoding="utf-8-sig")
        raise TemplateError(f"there is no template {wanted}")
