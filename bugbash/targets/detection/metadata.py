"""A project's metadata, from the best source that a tree (or its wheel) has for each field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from bugbash.targets.console_scripts import entry_points_text
from bugbash.targets.detection import setup_py
from bugbash.targets.detection.pytest_config import read_ini
from bugbash.targets.overrides import canonical, read_toml

Requirements = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Project:
    """None or empty: not known."""

    name: str | None = None
    version: str | None = None
    requires_python: str | None = None
    dependencies: tuple[str, ...] | None = None
    extras: Requirements = field(default_factory=dict)
    entry_points: str | None = None


def read(tree: Path, dist_info: Path | None = None) -> Project:
    """What is known of the project at `tree`; `dist_info` is its wheel's metadata folder."""
    found = list(_sources(tree, dist_info))
    values: dict[str, Any] = {}
    for name in (f.name for f in fields(Project) if f.name != "extras"):
        known = [getattr(one, name) for one in found if getattr(one, name) is not None]
        values[name] = known[0] if known else None
    extras: dict[str, tuple[str, ...]] = {}
    for one in reversed(found):
        extras |= {canonical(key): value for key, value in one.extras.items()}
    return Project(extras=extras, **values)


def _sources(tree: Path, dist_info: Path | None) -> Iterator[Project]:
    if dist_info is not None:
        yield _from_dist_info(dist_info)
    pyproject = read_toml(tree / "pyproject.toml")
    yield _from_project_table(pyproject.get("project", {}))
    yield _from_poetry(pyproject.get("tool", {}).get("poetry", {}))
    yield _from_flit(pyproject.get("tool", {}).get("flit", {}).get("metadata", {}))
    yield from _from_sdist(tree)
    yield _from_setup_cfg(tree / "setup.cfg")
    yield _from_setup_py(tree / "setup.py")


def _from_project_table(table: dict[str, Any]) -> Project:
    static = set(table) | ({"dependencies"} if table else set())
    static -= set(table.get("dynamic", ()))
    points = {f"{key}": table[key] for key in ("scripts", "gui-scripts") if key in table}
    points |= table.get("entry-points", {})
    return Project(
        name=table.get("name"),
        version=table.get("version"),
        requires_python=table.get("requires-python"),
        dependencies=tuple(table.get("dependencies", ())) if "dependencies" in static else None,
        extras=_tuples(table.get("optional-dependencies", {})),
        entry_points=entry_points_text(points) if points else None,
    )


def _from_poetry(table: dict[str, Any]) -> Project:
    dependencies = poetry_requirements(table.get("dependencies", {}))
    optional = {
        canonical(name): poetry_requirement(name, {**value, "optional": False})
        for name, value in table.get("dependencies", {}).items()
        if isinstance(value, dict)
    }
    extras = {
        key: tuple(optional.get(canonical(name)) or name for name in names)
        for key, names in table.get("extras", {}).items()
    }
    scripts = table.get("scripts")
    points = (
        {"scripts": {k: v for k, v in scripts.items() if isinstance(v, str)}} if scripts else {}
    )
    return Project(
        name=table.get("name"),
        version=table.get("version"),
        dependencies=dependencies if "dependencies" in table else None,
        extras=extras,
        entry_points=entry_points_text(points) if scripts else None,
    )


def poetry_requirements(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Poetry's dependency table as PEP 508 requirements; the optional ones are left out."""
    found = (poetry_requirement(name, value) for name, value in table.items() if name != "python")
    return tuple(one for one in found if one)


def poetry_requirement(name: str, value: Any) -> str | None:
    """One entry of such a table; None for an optional one. Carets become lower bounds."""
    if isinstance(value, list):
        return name
    table = value if isinstance(value, dict) else {"version": value}
    if table.get("optional") or table.get("path"):
        return None
    extras = f"[{','.join(table['extras'])}]" if table.get("extras") else ""
    version = str(table.get("version", "*")).strip()
    if version in ("*", ""):
        return f"{name}{extras}"
    if version[0] in "^~" and not version.startswith("~="):
        version = f">={version.lstrip('^~ ').split(',')[0].split('|')[0].strip()}"
    elif version[0].isdigit():
        version = f"=={version}"
    return f"{name}{extras}{version.split('||')[0].strip()}"


def _from_flit(table: dict[str, Any]) -> Project:
    return Project(
        name=table.get("dist-name") or table.get("module"),
        requires_python=table.get("requires-python"),
        dependencies=tuple(table["requires"]) if "requires" in table else None,
        extras=_tuples(table.get("requires-extra", {})),
    )


def _from_dist_info(folder: Path) -> Project:
    points = folder / "entry_points.txt"
    text = points.read_text("utf-8", "replace") if points.is_file() else ""
    return _from_headers(folder / "METADATA", text, complete=True)


def _from_sdist(tree: Path) -> Iterator[Project]:
    for egg_info in sorted((*tree.glob("*.egg-info"), *tree.glob("*/*.egg-info"))):
        points = egg_info / "entry_points.txt"
        text = points.read_text("utf-8", "replace") if points.is_file() else None
        yield _from_headers(egg_info / "PKG-INFO", text, complete=False)
        yield _from_requires_txt(egg_info / "requires.txt")
    yield _from_headers(tree / "PKG-INFO", None, complete=False)


def _from_headers(path: Path, entry_points: str | None, complete: bool) -> Project:
    if not path.is_file():
        return Project()
    headers = BytesParser().parsebytes(path.read_bytes(), headersonly=True)
    dependencies, extras = _required(headers)
    known = complete or bool(dependencies)
    return Project(
        name=headers["Name"],
        version=headers["Version"],
        requires_python=headers["Requires-Python"],
        dependencies=dependencies if known else None,
        extras=extras,
        entry_points=entry_points,
    )


def _required(headers: Message) -> tuple[tuple[str, ...], Requirements]:
    plain: list[str] = []
    extras: dict[str, tuple[str, ...]] = {}
    for text in headers.get_all("Requires-Dist") or []:
        extra = re.search(r"""extra\s*==\s*['"]([^'"]+)['"]""", text)
        if extra is None:
            plain.append(text)
            continue
        requirement, applies = _without_marker(text, extra[1])
        if applies:
            extras[extra[1]] = (*extras.get(extra[1], ()), requirement)
    return tuple(plain), extras


def _without_marker(text: str, extra: str) -> tuple[str, bool]:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return text, False
    applies = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
    requirement.marker = None
    return str(requirement), applies


def _from_requires_txt(path: Path) -> Project:
    if not path.is_file():
        return Project()
    groups: dict[str, tuple[str, ...]] = {"": ()}
    section = ""
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
        elif line.strip():
            groups[section] = (*groups.get(section, ()), line.strip())
    extras = {key: value for key, value in groups.items() if key and ":" not in key}
    return Project(dependencies=groups[""], extras=extras)


def _from_setup_cfg(path: Path) -> Project:
    parser = read_ini(path)
    requires = parser.get("options", "install_requires", fallback=None)
    version = parser.get("metadata", "version", fallback=None)
    section = "options.extras_require"
    extras = dict(parser.items(section)) if parser.has_section(section) else {}
    section = "options.entry_points"
    points = dict(parser.items(section)) if parser.has_section(section) else {}
    return Project(
        name=parser.get("metadata", "name", fallback=None),
        version=None if version is None or ":" in version else version,
        requires_python=parser.get("options", "python_requires", fallback=None),
        dependencies=_lines(requires) if requires is not None else None,
        extras={key: _lines(value) for key, value in extras.items()},
        entry_points=entry_points_text({k: _lines(v) for k, v in points.items()}) or None
        if points
        else None,
    )


def _from_setup_py(path: Path) -> Project:
    given = setup_py.keywords(path)
    requires = given.get("install_requires")
    extras = given.get("extras_require")
    return Project(
        name=given.get("name"),
        version=given.get("version"),
        requires_python=given.get("python_requires"),
        dependencies=_listed(requires) if requires is not None else None,
        extras={k: _listed(v) for k, v in extras.items()} if isinstance(extras, dict) else {},
        entry_points=_setup_py_points(given.get("entry_points")),
    )


def _setup_py_points(value: Any) -> str | None:
    if isinstance(value, dict):
        return entry_points_text({key: _listed(entries) for key, entries in value.items()})
    return value if isinstance(value, str) else None


def _listed(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return _lines(value)
    return tuple(item for item in value if isinstance(item, str)) if value else ()


def _lines(text: str | None) -> tuple[str, ...]:
    lines = (line.split(" #")[0].strip() for line in (text or "").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _tuples(table: Mapping[str, Any]) -> Requirements:
    return {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
