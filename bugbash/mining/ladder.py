"""The environments in which an old commit may run, tried from the likeliest on.

Newest dependencies serve most commits of the last years; older ones need packages as they were.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from bugbash.errors import BugbashError
from bugbash.targets import interpreters
from bugbash.targets.detect import detect
from bugbash.targets.detection import metadata
from bugbash.targets.detection.suite import used
from bugbash.targets.environment import Environment, environment_of
from bugbash.targets.overrides import Note, Overrides, given, required_name
from bugbash.targets.spec import Target
from bugbash.targets.uv_tool import UvFailure

NEWEST = "newest"
CONSTRAINED = "constraints"
DATED = "as of its date"

KNOWN_CONSTRAINTS: tuple[tuple[str, str], ...] = (
    ("pytest<7", "2022-02-04"),
    ("pytest<8", "2024-01-27"),
    ("pytest<9", "2025-11-05"),
    ("pytest-asyncio<0.19", "2022-07-13"),
    ("pytest-asyncio<0.23", "2023-12-03"),
    ("urllib3<2", "2023-04-26"),
    ("chardet<5", "2022-06-25"),
    ("charset-normalizer<3", "2022-10-20"),
    ("httpbin<0.10", "2023-05-08"),
    ("flask<2.1", "2022-03-28"),
    ("flask<3", "2023-09-30"),
    ("werkzeug<2.1", "2022-03-28"),
    ("werkzeug<3", "2023-09-30"),
    ("jinja2<3.1", "2022-03-24"),
    ("markupsafe<2.1", "2022-02-18"),
    ("anyio<4", "2023-08-30"),
    ("trio<0.22", "2022-09-28"),
    ("h11<0.13", "2022-01-19"),
    ("h2<4", "2020-09-18"),
    ("rfc3986<2", "2022-01-10"),
    ("starlette<0.21", "2022-09-26"),
    ("uvicorn<0.13", "2020-12-08"),
    ("click<8", "2021-05-11"),
    ("click<8.2", "2025-05-10"),
    ("setuptools<82", "2026-02-08"),
    ("packaging<22", "2022-12-07"),
    ("sqlalchemy<2", "2023-01-26"),
    ("pydantic<2", "2023-06-30"),
    ("numpy<2", "2024-06-16"),
)
"""What later releases took away: commits from before each date may need the bound beside it."""

_PYTHONS = (
    ("3.8", "2019-10-14"),
    ("3.9", "2020-10-05"),
    ("3.10", "2021-10-04"),
    ("3.11", "2022-10-24"),
    ("3.12", "2023-10-02"),
    ("3.13", "2024-10-07"),
)
_CAUGHT_UP = timedelta(days=270)
"""How long after a Python's release a project's tests can be expected to pass on it."""


@dataclass(frozen=True)
class Rung:
    """One way to run a commit: its target with the dependencies and the Python of this way."""

    name: str
    target: Target


class NotBuilt(BugbashError):
    """An environment that can't be had; `passing` where the network seems to be the reason."""

    def __init__(self, message: str, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class Ladder:
    """Hands out rungs for commits, first the one that served the commit nearest in time."""

    def __init__(self, overrides: Overrides, python: str | None = None) -> None:
        """`python` is the only Python to use ("3.12"); None: bugbash's, then an older one."""
        self._overrides = overrides
        self._python = python
        self._worked: list[tuple[int, str]] = []
        self._lock = Lock()

    def rungs(self, target: Target, when: int) -> Iterator[Rung]:
        """Every way to run `target`, the tree of a commit of this time, the likeliest first."""
        target = _with(target, dependencies=_replaced(target))
        if self._python is not None:
            target = self._on(target, self._python)
        ways = self._ways(target, when)
        nearest = self._nearest(when)
        yield from _distinct(ways[name]() for name in sorted(ways, key=lambda n: n != nearest))

    def worked(self, rung: str, when: int) -> None:
        """Note that a rung served a commit of this time."""
        with self._lock:
            insort(self._worked, (when, rung))

    def _nearest(self, when: int) -> str:
        with self._lock:
            near = sorted(self._worked, key=lambda one: (abs(one[0] - when), one))
        return near[0][1] if near else NEWEST

    def _ways(self, target: Target, when: int) -> dict[str, Callable[[], Rung]]:
        """What makes each rung, in order; most commits need the first alone."""
        month = _end_of_month(when)
        older = older_python(when) if self._python is None else None
        ways = {
            NEWEST: lambda: _with(target, released=None),
            CONSTRAINED: lambda: _with(
                target, dependencies=constrained(target, when), released=None
            ),
            DATED: lambda: _with(target, released=month),
        }
        if older is not None:
            ways[f"Python {older}"] = lambda: _with(self._on(target, older), released=month)
        return {name: partial(_rung, name, way) for name, way in ways.items()}

    def _on(self, target: Target, python: str) -> Target:
        """The target on another Python, with what its own files ask for there."""
        if "dependencies" in given(self._overrides, target.tree):
            return _with(target, python=python)
        spec = target.spec
        said = {"python": python, "tests": spec.tests, "sources": spec.sources}
        there = detect(target.tree, spec.name, None, said).dependencies
        known = {required_name(text) for text in spec.dependencies}
        more = tuple(text for text in there if required_name(text) not in known)
        return _with(target, python=python, dependencies=(*spec.dependencies, *more))


def environment_for(rung: Rung, note: Note) -> Environment:
    """The environment of a rung, one for all commits whose locks are the same.

    Raises NotBuilt with the first line of why it can't be had.
    """
    try:
        return environment_of(rung.target, note)
    except BugbashError as error:
        cause = error.__cause__
        offline = isinstance(cause, UvFailure) and cause.offline
        lines = str(error).strip().splitlines() or ["no reason given"]
        raise NotBuilt(lines[0], offline) from error


def constrained(target: Target, when: int) -> tuple[str, ...]:
    """The target's requirements with the known bounds for a commit of this time.

    What only the tests need loses its pins: an old pin often has no release for today's Python.
    """
    own = {required_name(text) for text in metadata.read(target.tree).dependencies or ()}
    kept = [t if required_name(t) in own else _unpinned(t) for t in target.spec.dependencies]
    day = datetime.fromtimestamp(when, UTC).date().isoformat()
    bounds = [bound for bound, until in KNOWN_CONSTRAINTS if day < until]
    wanted = _around({required_name(text) for text in kept})
    bounds = [bound for bound in bounds if required_name(bound) in wanted]
    if not bounds:
        return tuple(kept)
    # Beside pytest alone, a second name: such a target would get bugbash's own pytest, unbounded.
    return (*kept, *bounds, "pluggy")


def _replaced(target: Target) -> tuple[str, ...]:
    """The target's requirements, with tools that died replaced by what took their place."""
    spec = target.spec
    wanted = used(target.tree, spec.tests).modules
    replaced = [_HEIRS.get(required_name(text), text) for text in spec.dependencies]
    replaced += [heir for dead, heir in _HEIRS.items() if dead in wanted]
    return tuple(dict.fromkeys(replaced))


_HEIRS = {"nose": "pynose"}

_BROUGHT = {
    "httpx": ("anyio", "h11", "rfc3986"),
    "httpcore": ("anyio", "h11"),
    "httpbin": ("flask", "werkzeug", "jinja2", "markupsafe"),
    "pytest-httpbin": ("httpbin", "flask", "werkzeug", "jinja2", "markupsafe"),
    "requests": ("urllib3",),
    "flask": ("werkzeug", "jinja2", "markupsafe"),
    "jinja2": ("markupsafe",),
    "mako": ("markupsafe",),
    "uvicorn": ("h11", "click"),
    "starlette": ("anyio",),
}
"""What comes along with a package and has a known constraint."""


def _around(names: set[str]) -> set[str]:
    return names | {brought for name in names for brought in _BROUGHT.get(name, ())}


def older_python(when: int) -> str | None:
    """The newest Python of this machine that a commit of this time was made for.

    None where that is the one that runs bugbash, or a newer one, or none is here.
    """
    moment = datetime.fromtimestamp(when, UTC)
    own = interpreters.own()
    of_then = [
        minor
        for minor, out in _PYTHONS
        if datetime.fromisoformat(out).replace(tzinfo=UTC) + _CAUGHT_UP <= moment
    ] or [_PYTHONS[0][0]]
    later = [minor for minor, _ in _PYTHONS if minor not in of_then]
    for minor in (*reversed(of_then), *later):
        numbers = (3, int(minor.split(".")[1]))
        if numbers < own.numbers and interpreters.find(minor) is not None:
            return minor
    return None


def _rung(name: str, way: Callable[[], Target]) -> Rung:
    return Rung(name, way())


def _distinct(rungs: Iterator[Rung]) -> Iterator[Rung]:
    """Without those that ask for what an earlier one asked for."""
    asked = set()
    for rung in rungs:
        spec = rung.target.spec
        question = (frozenset(spec.dependencies), spec.released, spec.python)
        if question not in asked:
            asked.add(question)
            yield rung


def _with(target: Target, **values: object) -> Target:
    return replace(target, spec=replace(target.spec, **values))  # type: ignore[arg-type]


def _end_of_month(when: int) -> str:
    """The first moment of the next month: commits of a month share what they resolve to."""
    moment = datetime.fromtimestamp(when, UTC)
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC).isoformat()


def _unpinned(requirement: str) -> str:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

    parsed = Requirement(requirement)
    lower = [str(one) for one in parsed.specifier if one.operator in (">=", ">", "!=")]
    parsed.specifier = SpecifierSet(",".join(lower))
    return str(parsed)
