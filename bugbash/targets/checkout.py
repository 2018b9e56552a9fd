"""What a folder and a git commit have in common: a project's raw tree becomes a target."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from bugbash.targets.detect import check_python, detect
from bugbash.targets.overrides import Note, Overrides, given, layered
from bugbash.targets.prepare import check_tests, finished
from bugbash.targets.spec import Sort, Target, TargetSpec
from bugbash.targets.trees import staging


@dataclass(frozen=True)
class Checkout:
    """A raw tree and where it comes from."""

    raw: Path
    argument: str
    sort: Sort
    folder_name: str
    described: str | None = None
    """What `git describe --tags --long` says of it."""
    released: str | None = None
    whole: bool = False
    """Whether it is served on top of its history: then nothing that the commit has is left out."""
    tests: tuple[str, ...] = ()
    """The part of a large suite that is taken, where nobody says otherwise."""


def target_of(checkout: Checkout, overrides: Overrides, note: Note) -> Target:
    """Detect the spec, build where the project needs it, and prepare the tree."""
    from bugbash.targets import wheels  # 100 ms: not for a target that was prepared before

    raw = checkout.raw
    spec = _spec(checkout, overrides, None)
    check_python(spec)
    check_tests(raw, spec)
    overlay: tuple[str, ...] = ()
    if spec.generated and wheels.needs_build(raw):
        with staging() as work:
            wheel = _wheel(checkout, spec, work, note)
            spec = _spec(checkout, overrides, wheels.dist_info(wheel))
            overlay = wheels.lay_over(raw, wheel, spec)
    return finished(raw, spec, checkout.argument, checkout.sort, overlay, checkout.whole)


def _wheel(checkout: Checkout, spec: TargetSpec, work: Path, note: Note) -> Path:
    """The unpacked wheel with the files that only a build makes.

    Of a commit with compiled sources, a release with the same serves; there are many commits in
    a history and a build of one takes minutes, so those of a history have to have such a release.
    """
    from bugbash.targets import compiled, wheels

    sources = compiled.sources_of(checkout.raw) if checkout.sort == "git" else {}
    if sources:
        found = compiled.wheel_like(sources, spec, work / "release", note)
        if found is not None:
            return found
        if checkout.whole:
            raise compiled.not_to_be_had(spec)
    return wheels.build(checkout.raw, spec, work, note)


def version_from(described: str | None) -> str:
    """A version number from `git describe --tags --long`; "0" where there is no tag.

    >>> version_from("v1.2.3-0-gabcdef0"), version_from("1.2-7-gabcdef0")
    ('1.2.3', '1.2.post7')
    """
    match = re.search(r"(\d+(?:\.\d+)*)-(\d+)-g[0-9a-f]+$", described or "")
    if match is None:
        return "0"
    return match[1] if match[2] == "0" else f"{match[1]}.post{match[2]}"


def _spec(checkout: Checkout, overrides: Overrides, dist_info: Path | None) -> TargetSpec:
    values = given(overrides, checkout.raw)
    if checkout.tests:
        values.setdefault("tests", checkout.tests)
    spec = detect(checkout.raw, checkout.folder_name, dist_info, values)
    if spec.version == "0":
        spec = replace(spec, version=version_from(checkout.described))
    return layered(replace(spec, released=checkout.released), overrides, checkout.raw)
