"""What a user says about a target beside its name, and how that lies over what was detected."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bugbash.errors import UsageProblem, nearest
from bugbash.targets.spec import TargetSpec, spec_values

Note = Callable[[str], None]
"""Takes one line about long work or about a choice that was made; commands show it on stderr."""

OWN_SPEC = "bugbash-target.toml"
_OWN_KEYS = frozenset({"target", "journeys", "mutators"})
"""What `[tool.bugbash]` in a project's pyproject.toml may say."""


@dataclass(frozen=True)
class Overrides:
    """The options `--tests`, `--source`, `--with` and `--spec`; the default says nothing."""

    tests: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    spec_file: Path | None = None

    def key(self) -> str:
        """A hash of everything said, the contents of the spec file included (16 hex digits)."""
        text = repr((self.tests, self.sources, self.with_))
        data = b"" if self.spec_file is None else read_bytes(self.spec_file)
        return hashlib.sha256(text.encode() + b"\0" + data).hexdigest()[:16]


NOTHING = Overrides()


def quiet(_: str) -> None:
    """The `Note` of callers who do not want to hear."""


def layered(detected: TargetSpec, overrides: Overrides, tree: Path) -> TargetSpec:
    """`detected` with all that is `given` laid over it, and the dependencies of `--with` added."""
    spec = replace(detected, **given(overrides, tree))
    added = tuple(r for r in overrides.with_ if r not in spec.dependencies)
    return replace(spec, dependencies=spec.dependencies + added)


def given(overrides: Overrides, tree: Path) -> dict[str, Any]:
    """What the project says of itself, then the spec file, then the options, as spec values.

    `tree` is the project's root. Lists replace lists. Raises UsageProblem for a spec that does
    not parse and for paths that the tree lacks.
    """
    values = own_values(tree)
    if overrides.spec_file is not None:
        values |= file_values(overrides.spec_file)
    if overrides.tests:
        values["tests"] = _existing(overrides.tests, tree, "--tests")
    if overrides.sources:
        values["sources"] = _existing(overrides.sources, tree, "--source")
    return values


def own_values(tree: Path) -> dict[str, Any]:
    """The spec values that the project at `tree` carries itself; none where it carries none."""
    tool = read_toml(tree / "pyproject.toml").get("tool", {})
    table = tool.get("bugbash", {}) if isinstance(tool, dict) else None
    if not isinstance(table, dict) or not isinstance(table.get("target", {}), dict):
        raise UsageProblem(
            "pyproject.toml: [tool.bugbash] and [tool.bugbash.target] must be tables."
        )
    for key in table.keys() - _OWN_KEYS:
        raise UsageProblem(
            f"pyproject.toml, [tool.bugbash]: unknown key {key!r}. {nearest(key, _OWN_KEYS)}"
        )
    journeys = {key: table[key] for key in ("journeys",) if key in table}
    values = spec_values(journeys, "pyproject.toml, [tool.bugbash]")
    own = tree / OWN_SPEC
    if own.is_file():
        return values | file_values(own)
    return values | spec_values(table.get("target", {}), "pyproject.toml, [tool.bugbash.target]")


def file_values(path: Path) -> dict[str, Any]:
    """The values of a spec file, a TOML file with the keys of TargetSpec."""
    if not path.is_file():
        raise UsageProblem(f"There is no spec file {path}.")
    return spec_values(read_toml(path), path.name)


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file; empty for a missing one, UsageProblem for one that is not TOML."""
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{path.name} is not valid TOML: {error}.") from error


def read_bytes(path: Path) -> bytes:
    """The contents of a file that a user named; UsageProblem where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"Can't read {path}: {error.strerror}.") from error


def canonical(name: str) -> str:
    """A distribution's name as registries compare it.

    >>> canonical("Flask_SQLAlchemy")
    'flask-sqlalchemy'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def required_name(requirement: str) -> str:
    """The canonical name of the distribution that a requirement asks for.

    >>> required_name("Flask_SQLAlchemy[async]>=3; python_version > '3.8'")
    'flask-sqlalchemy'
    """
    return canonical(re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0])


def _existing(paths: tuple[str, ...], tree: Path, option: str) -> tuple[str, ...]:
    cleaned = []
    for path in paths:
        name = path.replace("\\", "/").rstrip("/")
        name = name.removeprefix("./") or "."
        if name.startswith("/") or ".." in name.split("/") or not (tree / name).exists():
            raise UsageProblem(
                f"{option} {path}: the target has no such file or folder "
                "(the path is relative to the target's root)."
            )
        cleaned.append(name)
    return tuple(cleaned)
