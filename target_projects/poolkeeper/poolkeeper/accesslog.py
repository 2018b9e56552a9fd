"""Access logs of the gateways: the lines, and the files that they are rotated through.

10.0.0.7 - ana@example.com [05/Mar/2024:09:30:00 +0100] "GET /v1/orders HTTP/1.1" 200 512 w-1 0.142
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from .errors import LogError, MomentError
from .moments import parse_log_time
from .plans import user_key

_LINE = re.compile(
    r"""
    [0-9a-f.:]+ \s - \s
    (?P<user> [^\s"\[\]]+ ) \s
    \[ (?P<time> [^\]]+ ) \] \s
    " (?: [^"\\] | \\. )* " \s
    (?P<status> [1-5]\d\d ) \s
    (?P<size> \d+ | - ) \s
    (?P<server> [a-z0-9-]+ ) \s
    (?P<seconds> \d+ (?: \.\d+ )? | - )
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """A request; no `server` when none was chosen, no `user` when nobody was logged in."""

    at: datetime
    user: str | None
    status: int
    size: int
    server: str | None
    milliseconds: int


def parse_line(line: str) -> Entry:
    """Read one line. Raises LogError."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise LogError("not a line of an access log")
    try:
        at = parse_log_time(match["time"])
    except MomentError as problem:
        raise LogError(str(problem)) from None
    return Entry(
        at=at,
        user=None if match["user"] == "-" else user_key(match["user"]),
        status=int(match["status"]),
        size=0 if match["size"] == "-" else int(match["size"]),
        server=None if match["server"] == "-" else match["server"].lower(),
        milliseconds=_milliseconds(match["seconds"]),
    )


def log_files(folder: Path, name: str) -> list[Path]:
    """A log and its rotations, the oldest first: name.10.gz, name.2.gz, name.1, name."""
    if not folder.is_dir():
        return []
    rotated = re.compile(re.escape(name) + r"(?:\.(?P<number>\d+)(?:\.gz)?)?")
    found = []
    for path in folder.iterdir():
        match = rotated.fullmatch(path.name)
        if match is not None and path.is_file():
            found.append((int(match["number"] or 0), path))
    return [path for _, path in sorted(found, reverse=True)]


def read_log(
    paths: Iterable[Path], max_bad: int, note: Callable[[str], None] = lambda _: None
) -> Iterator[Entry]:
    """The entries of several files. Bad lines are noted, and too many of them are a LogError."""
    bad = 0
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            if not line.strip():
                continue
            try:
                entry = parse_line(line)
            except LogError as problem:
                bad += 1
                note(f"{path.name}:{number}: {problem}")
                if bad > max_bad:
                    raise LogError(f"more than {max_bad} bad lines") from None
                continue
            yield entry


def _lines(path: Path) -> Iterator[str]:
    # Clients send whatever bytes they like in their paths.
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as packed:
            yield from packed
    else:
        with path.open(encoding="utf-8", errors="replace") as plain:
            yield from plain


def _milliseconds(seconds: str) -> int:
    if seconds == "-":
        return 0
    return int((Decimal(seconds) * 1000).to_integral_value(ROUND_HALF_UP))
