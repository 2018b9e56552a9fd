"""A target from the package registry: the sdist of a release, with its tests."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bugbash.errors import UsageProblem
from bugbash.targets import archives, pinned, registry, results, wheels
from bugbash.targets.detect import check_python, detect
from bugbash.targets.interpreters import Interpreter, interpreter_of
from bugbash.targets.known_packages import NEEDED_BY_PYTEST
from bugbash.targets.overrides import (
    Note,
    Overrides,
    canonical,
    file_values,
    given,
    layered,
    own_values,
)
from bugbash.targets.prepare import check_tests, finished
from bugbash.targets.spec import Target, TargetSpec
from bugbash.targets.trees import staging

_ARGUMENT = re.compile(r"pypi:\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:==\s*([A-Za-z0-9.!+_-]+))?\s*")


def prepare(argument: str, overrides: Overrides, note: Note) -> Target:
    """The target that `pypi:NAME[==VERSION]` names; offline once it was prepared.

    Raises UsageProblem for a package that can't serve (none such, no sdist, no tests, needed by
    pytest, another Python), EnvironmentProblem without a network.
    """
    name, version = parsed(argument)
    release = registry.find(name, version, _interpreter(name, overrides), note)
    pinned_argument = f"pypi:{release.name}=={release.version}"
    kept = results.load(pinned_argument, overrides)
    if kept is not None:
        return kept
    target = _prepared(release, pinned_argument, overrides, note)
    results.save(target, overrides)
    return target


def parsed(argument: str) -> tuple[str, str | None]:
    """Name and version in such an argument; UsageProblem where it is none or can't serve."""
    match = _ARGUMENT.fullmatch(argument)
    if match is None:
        raise UsageProblem(f"{argument!r} is not of the form pypi:NAME or pypi:NAME==VERSION.")
    name = canonical(match[1])
    if name in NEEDED_BY_PYTEST:
        raise UsageProblem(
            f"{name} can't be a target: pytest itself needs it, so a bug in it would break the "
            "tool instead of a test. Take another package."
        )
    return name, match[2]


def _interpreter(name: str, overrides: Overrides, raw: Path | None = None) -> Interpreter:
    """What the spec file says, else the project at `raw` (None: not here yet), else what ships."""
    said = pinned.values(name)
    if raw is not None:
        said |= own_values(raw)
    if overrides.spec_file is not None:
        said |= file_values(overrides.spec_file)
    return interpreter_of(TargetSpec(name, python=said.get("python")))


def _prepared(release: registry.Release, argument: str, overrides: Overrides, note: Note) -> Target:
    if release.sdist is None:
        raise UsageProblem(
            f"{release.name} {release.version} has no sdist in the registry, so its tests can't "
            "be had: try git+URL of its repository."
        )
    note(f"downloading {release.name} {release.version}")
    with staging() as work:
        archives.unpack(
            archives.download(release.sdist.url, release.sdist.name, release.sdist.sha256),
            work / "sdist",
        )
        raw = archives.single_folder(work / "sdist")
        interpreter = _interpreter(release.name, overrides, raw)
        wheel = registry.unpacked_wheel(release, interpreter, work / "wheel")
        spec = _spec(raw, release, wheel, overrides)
        check_python(spec)
        check_tests(raw, spec)
        if wheel is None and spec.generated and wheels.needs_build(raw):
            wheel = wheels.build(raw, spec, work / "build", note)
        overlay = wheels.lay_over(raw, wheel, spec) if wheel and spec.generated else ()
        return finished(raw, spec, argument, "pypi", overlay)


def _spec(
    raw: Path, release: registry.Release, wheel: Path | None, overrides: Overrides
) -> TargetSpec:
    shipped = pinned.values(release.name)
    values = shipped if shipped.get("version") == release.version else {}
    dist_info = wheels.dist_info(wheel) if wheel else None
    spec = detect(raw, release.name, dist_info, values | given(overrides, raw))
    spec = replace(spec, name=release.name, version=release.version, released=release.uploaded)
    return layered(spec, overrides, raw)
