"""Compiled parts of a commit, without a compiler: from the wheel of a release that has the same.

Most fixes of a library with extension modules change its Python alone. Where a release was made
of just the compiled sources that a commit has, its wheel's binaries are the commit's own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import walk, write_atomically
from bugbash.resources import home
from bugbash.targets import archives, registry
from bugbash.targets.history.fixes import is_compiled_source
from bugbash.targets.interpreters import interpreter_of
from bugbash.targets.overrides import Note
from bugbash.targets.spec import TargetSpec
from bugbash.targets.trees import staging

_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
_GENERATED_C = (".c", ".cc", ".cpp", ".h")
_GENERATORS = (".pyx", ".pyx.in")


@dataclass(frozen=True)
class _Made:
    """What the sdist of a release holds."""

    files: frozenset[str]
    """Paths of all of its files."""
    compiled: dict[str, str]
    """Hash of each compiled source, by path."""


def sources_of(tree: Path) -> dict[str, str]:
    """The hash of every file in `tree` that a compiler or Cython reads, by path."""
    found = (path for path in walk(tree) if is_compiled_source(path.as_posix()))
    return {str(path): _hash(tree / path) for path in found}


def wheel_like(
    compiled: dict[str, str], spec: TargetSpec, destination: Path, note: Note
) -> Path | None:
    """The unpacked wheel of a release made of the `compiled` sources, with generated files only.

    Releases near `spec.released` are looked at; None where none has these sources and a wheel for
    the target's Python. Raises EnvironmentProblem without a network, where none is known yet.
    """
    for release in _near(spec, note):
        made = _made(release, note)
        if made is None or not _is_same(compiled, made.compiled):
            continue
        note(
            f"its compiled sources are those of {release.name} {release.version}: taking its wheel"
        )
        wheel = registry.unpacked_wheel(release, interpreter_of(spec), destination)
        if wheel is not None:
            _keep_generated(wheel, made.files, spec)
            return wheel
    return None


def _near(spec: TargetSpec, note: Note) -> Iterator[registry.Release]:
    """The newest release of the commit's day, then those that may have come next."""
    interpreter = interpreter_of(spec)
    last = registry.as_of(spec.name, spec.released, interpreter)
    if last is None:
        return
    yield last
    for version in _following(last.version):
        try:
            yield registry.find(spec.name, version, interpreter, note)
        except UsageProblem:  # no such release
            continue


def _following(version: str) -> tuple[str, ...]:
    """The versions that may follow one.

    >>> _following("2.1.3")
    ('2.1.4', '2.2.0', '3.0.0')
    """
    match = _NUMBERS.match(version)
    if match is None:
        return ()
    major, minor, micro = (int(number or 0) for number in match.groups())
    return f"{major}.{minor}.{micro + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0"


def _made(release: registry.Release, note: Note) -> _Made | None:
    """What a release was made of, read from its sdist once; None where it has none."""
    if release.sdist is None:
        return None
    kept = home() / "releases" / f"{release.name}=={release.version}.sources.json"
    try:
        value = json.loads(kept.read_bytes())
        return _Made(frozenset(value["files"]), value["compiled"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    note(f"reading the sources of {release.name} {release.version}")
    file = release.sdist
    with staging() as folder:
        archives.unpack(archives.download(file.url, file.name, file.sha256), folder)
        tree = archives.single_folder(folder)
        files = [str(path) for path in walk(tree)]
        compiled = sources_of(tree)
    write_atomically(kept, json.dumps({"files": files, "compiled": compiled}).encode())
    return _Made(frozenset(files), compiled)


def _is_same(ours: dict[str, str], theirs: dict[str, str]) -> bool:
    """Whether an sdist has just these sources, aside from what it has generated from them."""
    more = theirs.keys() - ours.keys()
    return ours.items() <= theirs.items() and all(_is_generated(path, ours) for path in more)


def _is_generated(path: str, ours: dict[str, str]) -> bool:
    stem, dot, suffix = path.rpartition(".")
    if dot + suffix in _GENERATED_C:
        return any(stem + generator in ours for generator in _GENERATORS)
    return f"{path}.in" in ours


def _keep_generated(wheel: Path, in_sdist: frozenset[str], spec: TargetSpec) -> None:
    """Remove from an unpacked wheel what its sdist has too: the code of another day."""
    for path in walk(wheel):
        places = {str(PurePosixPath(root) / path) for root in spec.source_roots}
        if places & in_sdist:
            (wheel / path).unlink()


def not_to_be_had(spec: TargetSpec) -> EnvironmentProblem:
    """What to raise where a commit's compiled parts are those of no release."""
    return EnvironmentProblem(
        f"No release of {spec.name} was made of the compiled sources that this commit has, and "
        "they are not compiled here: take another commit."
    )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32]
