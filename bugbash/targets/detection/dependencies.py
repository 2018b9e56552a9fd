"""Which of the declared requirements a suite needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bugbash.targets.detection.declared import Declared, declared
from bugbash.targets.detection.metadata import Project
from bugbash.targets.detection.pytest_config import PytestConfig
from bugbash.targets.detection.suite import used
from bugbash.targets.imports import from_outside
from bugbash.targets.interpreters import interpreter_of
from bugbash.targets.known_packages import (
    DISTRIBUTIONS,
    TEST_LIBRARIES,
    distribution_of,
    is_tool,
    plugins_for,
    plugins_for_options,
)
from bugbash.targets.overrides import canonical
from bugbash.targets.spec import TargetSpec


def choose(tree: Path, project: Project, config: PytestConfig, spec: TargetSpec) -> tuple[str, ...]:
    """The runtime dependencies, those meant for tests, and what the tests visibly use.

    Development tools are left out unless the tests import them. pytest is always among them.
    `spec` says where the sources and tests lie, and for which Python markers are read.
    """
    on = _surroundings(spec)
    places = declared(tree, project)
    seen = used(tree, spec.tests)
    plugins = plugins_for_options(config.addopts, config.keys)
    plugins |= plugins_for(seen.fixtures, seen.marks)
    modules = from_outside(seen.modules, tree, spec)
    mentioned = from_outside(seen.mentioned, tree, spec)
    wanted = {canonical(distribution_of(name)) for name in modules} | plugins
    if "pytest-codspeed" in wanted:
        wanted.discard("pytest-benchmark")  # both bring the fixture `benchmark`
    chosen = _Chosen(spec.name, wanted, on)
    chosen.add(project.dependencies or _runtime_file(places) or ())
    for place in _meant_for_tests(places, on):
        chosen.add(place.requirements)
    named = wanted | {canonical(distribution_of(m)) for m in mentioned}
    chosen.add(_matching(places, named, modules, on))
    chosen.add(sorted(wanted & (plugins | _WELL_KNOWN)))
    chosen.add(["pytest"])
    return tuple(chosen.requirements)


_WELL_KNOWN = TEST_LIBRARIES | {canonical(name) for name in DISTRIBUTIONS.values()}
_MANY = 15
"""Above so many optional packages, a suite is not expected to need them all."""


class _Chosen:
    """Requirements taken so far, one for each name and condition, in the order of taking."""

    def __init__(self, own: str, wanted: set[str], on: dict[str, str]) -> None:
        self._own = canonical(own)
        self._wanted = wanted
        self._on = on
        self.names: set[str] = set()
        self.requirements: list[str] = []

    def add(self, texts: Iterable[str]) -> None:
        taken = set()
        for text, name in _valid(texts, self._on):
            tool = is_tool(name) and name not in self._wanted
            if name == self._own or tool or name in self.names or text in self.requirements:
                continue
            self.requirements.append(text)
            taken.add(name)
        self.names |= taken


def _meant_for_tests(places: list[Declared], on: dict[str, str]) -> list[Declared]:
    """The places named after tests; where they say nothing, development and features too."""
    tests = [place for place in places if place.purpose == "test"]
    if _names(tests, on) - {"pytest"}:
        return tests
    tests += [place for place in places if place.purpose == "dev"]
    features = [place for place in places if place.purpose == "feature"]
    return tests if len(_names(features, on)) > _MANY else tests + features


def _names(places: list[Declared], on: dict[str, str]) -> set[str]:
    return {name for place in places for _, name in _valid(place.requirements, on)}


def _surroundings(spec: TargetSpec) -> dict[str, str]:
    """What markers are read with, besides this system."""
    interpreter = interpreter_of(spec)
    return {
        "extra": "",
        "python_version": interpreter.minor,
        "python_full_version": interpreter.version,
    }


def _runtime_file(places: list[Declared]) -> tuple[str, ...] | None:
    return next((p.requirements for p in places if p.place in ("requirements", "reqs")), None)


def _matching(
    places: list[Declared], names: set[str], modules: frozenset[str], on: dict[str, str]
) -> list[str]:
    """Requirements of these names, and what stands in an extra called like one of the modules."""
    return [
        text
        for place in places
        for text, name in _valid(place.requirements, on)
        if name in names or (place.purpose == "feature" and place.place in modules)
    ]


def _valid(texts: Iterable[str], on: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(requirement, canonical name) of those that uv can take from a registry."""
    from packaging.requirements import InvalidRequirement, Requirement

    for text in texts:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.url is not None:
            requirement.url = None
        if requirement.marker is None or requirement.marker.evaluate(on):
            yield str(requirement), canonical(requirement.name)
