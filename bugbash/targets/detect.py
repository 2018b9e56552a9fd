"""A target spec from a tree: what a project's own files say about running its suite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bugbash.errors import UsageProblem
from bugbash.targets.detection import dependencies, layout, metadata, pytest_config, test_roots
from bugbash.targets.detection.pytest_config import PytestConfig
from bugbash.targets.known_packages import calming
from bugbash.targets.overrides import canonical
from bugbash.targets.spec import TargetSpec

_VERSION = re.compile(r"""^__version__\s*(?::\s*\w+\s*)?=\s*['"]([^'"]+)['"]""", re.MULTILINE)
_VERSION_FILES = ("__init__.py", "_version.py", "__version__.py", "version.py", "__about__.py")


def detect(
    tree: Path,
    fallback_name: str,
    dist_info: Path | None = None,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> TargetSpec:
    """The spec of the project at `tree`, with the spec values that are `given` taken as they are.

    `fallback_name` serves where no file says the name. `dist_info` is the metadata folder of the
    project's wheel, where one is at hand: it knows best. Nothing of the project is run.
    Raises UsageProblem for a tree without Python code and for broken TOML in it.
    """
    project = metadata.read(tree, dist_info)
    name = given.get("name") or canonical(project.name or fallback_name)
    config = pytest_config.read(tree)
    found = layout.find(tree, name, _top_level(dist_info))
    spec = TargetSpec(
        name=name,
        version=project.version or _literal_version(tree, found) or "0",
        source_roots=found.source_roots,
        sources=tuple(path for path in found.sources if path != given.get("journeys")),
        requires_python=project.requires_python,
        entry_points=project.entry_points or "",
    )
    if "tests" not in given:
        spec = replace(spec, tests=test_roots.find(tree, config, found))
    spec = replace(spec, **given)
    if not spec.sources:
        raise UsageProblem(
            f"No Python code was found in {fallback_name}: is it a project? --source PATH says "
            "where its code lies."
        )
    return spec if "dependencies" in given else _with_dependencies(tree, project, config, spec)


def _with_dependencies(
    tree: Path, project: metadata.Project, config: PytestConfig, spec: TargetSpec
) -> TargetSpec:
    chosen = dependencies.choose(tree, project, config, spec)
    return replace(spec, dependencies=chosen, pytest_args=spec.pytest_args or calming(chosen))


def _top_level(dist_info: Path | None) -> tuple[str, ...]:
    """The importable names that a wheel installs, from its RECORD."""
    if dist_info is None or not (dist_info / "RECORD").is_file():
        return ()
    names = set()
    for line in (dist_info / "RECORD").read_text("utf-8").splitlines():
        path = line.rsplit(",", 2)[0].strip('"')
        first = path.split("/")[0]
        if path.endswith(".py") and ".." not in path and "." not in first.removesuffix(".py"):
            names.add(first.removesuffix(".py"))
    return tuple(sorted(name for name in names if name.lower() not in layout.NOT_CODE))


def _literal_version(tree: Path, found: layout.Layout) -> str | None:
    for source in found.sources:
        path = tree / source
        files = [path] if path.is_file() else [path / name for name in _VERSION_FILES]
        for file in files:
            match = _VERSION.search(file.read_text("utf-8", "replace")) if file.is_file() else None
            if match:
                return match[1]
    return None


def check_python(spec: TargetSpec) -> None:
    """Raises UsageProblem where the target's Python is not one that its project takes.

    EnvironmentProblem where its spec names one that this machine lacks.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from bugbash.targets.interpreters import interpreter_of

    version = interpreter_of(spec).version
    if not spec.requires_python:
        return
    try:
        accepted = SpecifierSet(spec.requires_python)
    except InvalidSpecifier:
        return
    if not accepted.contains(version, prereleases=True):
        runs = "its spec says" if spec.python else "bugbash runs on"
        raise UsageProblem(
            f"{spec.name} {spec.version} needs Python {spec.requires_python}, and {runs} "
            f"{version}: name another with `python` in a --spec file, or take another version."
        )
