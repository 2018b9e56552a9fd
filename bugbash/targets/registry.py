"""What the package registry knows of a release, asked through uv, and kept for offline use."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.files import write_atomically
from bugbash.resources import home
from bugbash.targets import pinned, uv_tool
from bugbash.targets.interpreters import Interpreter
from bugbash.targets.overrides import Note, quiet


@dataclass(frozen=True)
class File:
    """A file that the registry has."""

    name: str
    url: str
    sha256: str


@dataclass(frozen=True)
class Release:
    """One version of a package. `uploaded` is an RFC 3339 date-time; `sdist` None: it has none."""

    name: str
    version: str
    uploaded: str | None
    sdist: File | None
    wheels: tuple[File, ...] = ()


def find(name: str, version: str | None, interpreter: Interpreter, note: Note) -> Release:
    """The release `version` of `name`; None means the newest one that `interpreter` takes.

    A release that was found once is found again without a network; an unpinned name then means
    what it meant last time, and `note` hears so. Raises UsageProblem for an unknown package or
    version; EnvironmentProblem without a network.
    """
    kept = _kept(name, version) if version else None
    if kept is not None:
        return kept
    try:
        release = _ask(name, version, interpreter)
    except uv_tool.UvFailure as error:
        if "network was disabled" in error.text or error.offline:
            return _last_known(name, error, note)
        raise _unknown(name, version, interpreter) from error
    _keep(release)
    return release


def as_of(name: str, moment: str | None, interpreter: Interpreter) -> Release | None:
    """The newest release of `name` that was there at a date-time; None where there was none.

    `moment` is as RFC 3339 has it; None means today. The answer is kept for good. Raises
    EnvironmentProblem without a network.
    """
    day = (moment or datetime.now(UTC).isoformat())[:10]
    answer = home() / "releases" / f"{name} as of {day} for {interpreter.minor}"
    if answer.is_file():
        version = answer.read_text("utf-8")
        return find(name, version, interpreter, quiet) if version else None
    try:
        release = _ask(name, None, interpreter, ["--exclude-newer", moment] if moment else [])
    except uv_tool.UvFailure as error:
        if error.offline:
            raise
        release = None
    if release is not None:
        write_atomically(_path(name, release.version), _as_json(release))
    write_atomically(answer, (release.version if release else "").encode())
    return release


def unpacked_wheel(release: Release, interpreter: Interpreter, destination: Path) -> Path | None:
    """The wheel of a release that suits a Python and this system, unpacked; None without one.

    Raises EnvironmentProblem without a network, the first time.
    """
    from bugbash.targets import archives, wheels  # 100 ms: not to look a release up

    by_name = {wheel.name: wheel for wheel in release.wheels}
    best = wheels.best_file(by_name, interpreter)
    if best is None:
        return None
    file = by_name[best]
    archives.unpack(archives.download(file.url, file.name, file.sha256), destination)
    return destination


def _ask(
    name: str, version: str | None, interpreter: Interpreter, more: Sequence[str] = ()
) -> Release:
    requirement = f"{name}=={version}" if version else name
    command = ["pip", "compile", "--no-deps", "--no-header", "--format", "pylock.toml", "-q", *more]
    text = uv_tool.run([*command, "--python", interpreter.path, "-"], stdin=requirement + "\n")
    return _parsed(tomllib.loads(text)["packages"][0])


def _parsed(package: dict[str, Any]) -> Release:
    sdist = package.get("sdist")
    wheels = package.get("wheels", [])
    times = [_time(file) for file in ([sdist] if sdist else wheels)]
    return Release(
        name=package["name"],
        version=package["version"],
        uploaded=next((time for time in times if time), None),
        sdist=_file(sdist) if sdist else None,
        wheels=tuple(_file(wheel) for wheel in wheels),
    )


def _file(table: dict[str, Any]) -> File:
    url = table.get("url") or Path(table["path"]).resolve().as_uri()
    name = table.get("name") or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return File(name, url, table["hashes"]["sha256"])


def _time(table: dict[str, Any]) -> str | None:
    moment = table.get("upload-time")
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else None


def _path(name: str, version: str | None) -> Path:
    return home() / "releases" / (f"{name}=={version}.json" if version else f"{name}.json")


def _keep(release: Release) -> None:
    for version in (release.version, None):
        write_atomically(_path(release.name, version), _as_json(release))


def _as_json(release: Release) -> bytes:
    return json.dumps(asdict(release), indent=1).encode()


def _kept(name: str, version: str | None) -> Release | None:
    try:
        table = json.loads(_path(name, version).read_bytes())
    except (OSError, ValueError):
        return None
    files = [File(**wheel) for wheel in table.pop("wheels")]
    sdist = table.pop("sdist")
    return Release(**table, sdist=File(**sdist) if sdist else None, wheels=tuple(files))


def _last_known(name: str, error: uv_tool.UvFailure, note: Note) -> Release:
    release = _kept(name, None)
    if release is None:
        raise EnvironmentProblem(f"{name} has not been downloaded yet. {error}") from error
    note(f"no network: {name} means {release.version}, which was downloaded before")
    return release


def _unknown(name: str, version: str | None, interpreter: Interpreter) -> UsageProblem:
    if version is not None:
        return UsageProblem(
            f"The registry has no {name} {version} for Python {interpreter.minor}: pypi:{name} "
            "takes the newest."
        )
    known = pinned.names()
    close = nearest(name, known)
    hint = close if close.startswith("Did") else "Is the name spelled right?"
    return UsageProblem(f"The registry has no package {re.sub(r'[^ -~]', '?', name)}. {hint}")
