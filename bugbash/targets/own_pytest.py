"""An environment with pytest alone, copied out of bugbash's own installation: no network, no uv."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bugbash.files import write_atomically
from bugbash.resources import home
from bugbash.targets.environment import MARKER, Environment, built, lock_hash
from bugbash.targets.interpreters import own
from bugbash.targets.venv import python_of, site_packages

if TYPE_CHECKING:
    from importlib.metadata import Distribution


def environment() -> Environment | None:
    """The environment with this installation's pytest; None where its files can't be copied.

    What was copied is written down per installation, so that a second call only looks whether
    the same distributions are still there.
    """
    return _known() or _made()


def closure() -> list[Distribution] | None:
    """pytest and all that it needs here, in name order; None where something is not copyable."""
    from importlib.metadata import PackageNotFoundError, distribution

    found: dict[str, Distribution] = {}
    wanted = ["pytest"]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            return None
        wanted.extend(_required_by(found[name]))
    chosen = [found[name] for name in sorted(found)]
    return chosen if all(_copyable(one) for one in chosen) else None


def _known() -> Environment | None:
    record = _index().get(_installation())
    if not record or not all(Path(source).is_dir() for source in record["sources"]):
        return None
    folder = home() / "environments" / record["folder"]
    if not (folder / MARKER).is_file() or not python_of(folder).exists():
        return None
    return Environment(
        python_of(folder),
        site_packages(folder),
        record["lock"],
        _lock_file(folder),
        own(),
    )


def _made() -> Environment | None:
    distributions = closure()
    if distributions is None:
        return None
    text = "".join(f"{d.metadata['Name'].lower()}=={d.version}\n" for d in distributions)
    folder = home() / "environments" / f"pytest-{lock_hash(text, own())}"
    lock_file = _lock_file(folder)
    write_atomically(lock_file, text.encode())
    made = built(folder, lock_file, own(), lambda: _copy(distributions, folder))
    record = {
        "folder": folder.name,
        "lock": made.lock,
        "sources": [str(_dist_info(one)) for one in distributions],
    }
    index = {**_index(), _installation(): record}
    write_atomically(_index_file(), json.dumps(index, indent=1).encode())
    return made


def _required_by(distribution: Distribution) -> Iterator[str]:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _copyable(distribution: Distribution) -> bool:
    files = distribution.files
    return bool(files) and any(file.name == "RECORD" for file in files or ())


def _dist_info(distribution: Distribution) -> Path:
    record = next(file for file in distribution.files or () if file.name == "RECORD")
    return Path(str(record.locate())).parent


def _copy(distributions: list[Distribution], folder: Path) -> None:
    destination = site_packages(folder)
    for distribution in distributions:
        for file in distribution.files or ():
            source = Path(str(file.locate()))
            if ".." in file.parts or file.suffix == ".pyc" or not source.is_file():
                continue
            _copy_file(source, destination / file)


def _copy_file(source: Path, destination: Path) -> None:
    """Copy with its time, and the bytecode beside it, which is valid for that time only."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, destination)
    if source.suffix == ".py":
        compiled = Path(cache_from_source(str(source)))
        if compiled.is_file():
            beside = Path(cache_from_source(str(destination)))
            beside.parent.mkdir(parents=True, exist_ok=True)  # PYTHONPYCACHEPREFIX
            shutil.copy2(compiled, beside)


def _lock_file(folder: Path) -> Path:
    return home() / "locks" / f"{folder.name}.txt"


def _installation() -> str:
    return os.pathsep.join((sys.prefix, own().version))


def _index_file() -> Path:
    return home() / "environments" / "pytest.json"


def _index() -> dict[str, dict[str, Any]]:
    try:
        index: dict[str, dict[str, Any]] = json.loads(_index_file().read_bytes())
    except (OSError, ValueError):
        return {}
    return index
