"""Every requirement that a tree declares somewhere, by where it was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bugbash.targets.detection.metadata import Project, poetry_requirements
from bugbash.targets.detection.pytest_config import read_ini
from bugbash.targets.overrides import canonical, read_toml

_TEST = re.compile(r"(.*[-_./])?(tests?|testing|unittests?|pytest|check)([-_./].*)?")
_DEV = re.compile(r"(.*[-_./])?(dev|devel|develop|development|all|complete|full|ci)([-_./].*)?")


_FILES = (
    "*requirements*.in",
    "*requirements*.txt",
    "requirements/**/*.in",
    "requirements/**/*.txt",
    "*/*requirements*.txt",
    "tests/requirements/*.txt",
    "*-requirements/*.txt",
)
"""What is written by hand (.in) comes before what was compiled from it (.txt)."""

_DOCS = re.compile(r"(.*[-_./])?(docs?|documentation|lint|style|typing|types|release)([-_./].*)?")


@dataclass(frozen=True)
class Declared:
    """Requirements from one place: a group, an extra, a file. `purpose` goes by its name."""

    place: str
    purpose: str
    """ "test", "dev", "feature" (an extra of another name) or "other"."""
    requirements: tuple[str, ...]


def declared(tree: Path, project: Project) -> list[Declared]:
    """All that the tree declares beside its runtime dependencies, references resolved."""
    pyproject = read_toml(tree / "pyproject.toml")
    groups = dict(_groups(pyproject))
    extras = dict(project.extras)
    found = [
        Declared(place, _purpose(place), tuple(requirements))
        for place, requirements in groups.items()
    ]
    found += [
        Declared(place, _purpose(place, "feature"), requirements)
        for place, requirements in extras.items()
    ]
    found += _hatch(pyproject)
    found += _requirement_files(tree)
    found += _tox(tree, pyproject, {**extras, **groups})
    own = canonical(project.name or "")
    return [_without_self(one, own, extras) for one in found if one.requirements]


def _purpose(place: str, otherwise: str = "other") -> str:
    name = place.lower()
    if _TEST.fullmatch(name):
        return "test"
    if _DEV.fullmatch(name):
        return "dev"
    return "other" if _DOCS.fullmatch(name) else otherwise


def _groups(pyproject: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    tool = pyproject.get("tool", {})
    table = pyproject.get("dependency-groups", {})
    for name in table:
        yield canonical(name), _group(table, name, ())
    for name, requirements in tool.get("pdm", {}).get("dev-dependencies", {}).items():
        yield canonical(name), tuple(requirements)
    if "dev-dependencies" in tool.get("uv", {}):
        yield "dev", tuple(tool["uv"]["dev-dependencies"])
    poetry = tool.get("poetry", {})
    if "dev-dependencies" in poetry:
        yield "dev", poetry_requirements(poetry["dev-dependencies"])
    for name, group in poetry.get("group", {}).items():
        yield canonical(name), poetry_requirements(group.get("dependencies", {}))


def _group(table: Mapping[str, Any], name: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """The requirements of a PEP 735 group with those of the groups that it includes."""
    by_name = {canonical(key): value for key, value in table.items()}
    found: list[str] = []
    for entry in by_name.get(canonical(name), ()):
        if isinstance(entry, str):
            found.append(entry)
        elif (other := entry.get("include-group")) and other not in above:
            found += _group(table, other, (*above, name))
    return tuple(found)


def _hatch(pyproject: Mapping[str, Any]) -> Iterator[Declared]:
    for name, table in pyproject.get("tool", {}).get("hatch", {}).get("envs", {}).items():
        both = (*table.get("dependencies", ()), *table.get("extra-dependencies", ()))
        purpose = "test" if name == "default" else _purpose(name)
        yield Declared(f"hatch {name}", purpose, tuple(both))


def _requirement_files(tree: Path) -> Iterator[Declared]:
    seen: set[Path] = set()
    for path in (path for pattern in _FILES for path in sorted(tree.glob(pattern))):
        stem = path.with_suffix("")
        if stem not in seen and path.is_file():
            seen.add(stem)
            place = path.relative_to(tree).with_suffix("").as_posix()
            yield Declared(place, _file_purpose(place), tuple(read_requirements(path)))


def _file_purpose(place: str) -> str:
    words = re.sub(r"requirements?|reqs", "", place).strip("-_/.")
    return _purpose(words) if words else "other"


def read_requirements(path: Path, above: tuple[Path, ...] = ()) -> Iterator[str]:
    """The requirements of a requirements file, with those of the files that it includes.

    Where a .txt was compiled from a .in beside it, the .in is read: its versions are open.
    """
    if path.suffix == ".txt" and path.with_suffix(".in").is_file():
        path = path.with_suffix(".in")
    if path in above or not path.is_file():
        return
    text = path.read_text("utf-8", "replace").replace("\\\n", " ")
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*$", "", raw).strip()
        include = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line)
        if include:
            yield from read_requirements(path.parent / include[1], (*above, path))
        elif line and not line.startswith("-"):
            yield re.split(r"\s--", line)[0].strip()


def _tox(tree: Path, pyproject: Mapping[str, Any], named: Mapping[str, Any]) -> Iterator[Declared]:
    tox = pyproject.get("tool", {}).get("tox", {})
    base = tox.get("env_run_base", {})
    yield from _tox_table(tree, base.get("deps", ()), base, named)
    for name in ("tox.ini", "setup.cfg"):
        parser = read_ini(tree / name)
        if parser.has_section("testenv"):
            section = dict(parser.items("testenv"))
            lines = (section.get("deps") or "").splitlines()
            words = {key: (section.get(key) or "").replace(",", " ").split() for key in _NAMED}
            yield from _tox_table(tree, lines, words, named)


_NAMED = ("extras", "dependency_groups")


def _tox_table(
    tree: Path, lines: Any, table: Mapping[str, Any], named: Mapping[str, Any]
) -> Iterator[Declared]:
    found: list[str] = []
    for raw in lines:
        line = re.sub(r"(^|\s)#.*$", "", str(raw)).strip() if isinstance(raw, str) else ""
        include = re.match(
            r"-r\s*(\S+)", line.replace("{toxinidir}/", "").replace("{tox_root}/", "")
        )
        if include:
            found += read_requirements(tree / include[1])
        elif line and not re.match(r"-|\{|[\w\-,{}!.]+:\s", line):
            found.append(line)
    for key in _NAMED:
        for name in table.get(key, ()):
            found += named.get(canonical(str(name)), ())
    yield Declared("tox", "test", tuple(found))


def _without_self(one: Declared, own: str, extras: Mapping[str, tuple[str, ...]]) -> Declared:
    """References to the project's own extras (`attrs[tests]`, `.[test]`) become what they name."""
    found: list[str] = []
    pending = list(one.requirements)
    seen: set[str] = set()
    while pending:
        text = pending.pop(0).strip()
        match = re.match(r"^([A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?", text)
        name = canonical(match[1]) if match else ""
        if text.startswith(".") or (own and name == own):
            wanted = {canonical(e.strip()) for e in (match[2] or "").split(",")} if match else set()
            pending += [r for e in sorted(wanted - seen) for r in extras.get(e, ())]
            seen |= wanted
        else:
            found.append(text)
    return Declared(one.place, one.purpose, tuple(found))
