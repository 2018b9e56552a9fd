"""The nightly intake: files from the inbox are checked and filed away by what became of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

from ledgerlines.dates import Clock, utc_now
from ledgerlines.errors import LedgerError
from ledgerlines.runlog import record
from ledgerlines.settings import Settings
from ledgerlines.validation import Outcome, Rules, check_file

_EXPORT = re.compile(r"payments?[-_][0-9]{8}(?:[-_][a-z0-9]+)*\.(?:csv|txt)", re.IGNORECASE)


class FileState(Enum):
    PROCESSED = "processed"
    HELD = "held"
    REJECTED = "rejected"
    EMPTY = "empty"
    OVERSIZE = "oversize"


@dataclass(frozen=True)
class Filed:
    name: str
    state: FileState
    problems: int


def pending(inbox: Path) -> list[Path]:
    """Exports that wait, in order of their names whatever the file system's order."""
    if not inbox.is_dir():
        return []
    names = sorted(path for path in inbox.iterdir() if path.is_file())
    return [path for path in names if _EXPORT.fullmatch(path.name)]


def state_for(outcome: Outcome) -> FileState:
    """A file is held for a person when at most one row in ten is bad, and rejected beyond that."""
    bad = outcome.rows - outcome.valid
    if outcome.rows == 0:
        return FileState.EMPTY
    elif bad * 10 > outcome.rows:
        return FileState.REJECTED
    elif outcome.problem_count > 0:
        return FileState.HELD
    else:
        return FileState.PROCESSED


def folder_for(archive: Path, state: FileState, day: date) -> Path:
    match state:
        case FileState.PROCESSED:
            return archive / "processed" / f"{day:%Y-%m}"
        case FileState.HELD:
            return archive / "held"
        case FileState.REJECTED:
            return archive / "rejected" / day.isoformat()
        case FileState.EMPTY | FileState.OVERSIZE:
            return archive / "ignored" / state.value


def free_name(folder: Path, name: str) -> Path:
    """A path in `folder` that is not taken yet: report.csv, report-2.csv, report-3.csv ..."""
    wanted = Path(name)
    candidate = folder / name
    number = 2
    while candidate.exists():
        candidate = folder / f"{wanted.stem}-{number}{wanted.suffix}"
        number += 1
    return candidate


def run_intake(
    inbox: Path, archive: Path, settings: Settings, clock: Clock = utc_now
) -> Iterator[Filed]:
    """Files each pending export away, one by one, with an entry in `archive`/intake.log."""
    for path in pending(inbox):
        today = clock().date()
        state, problems = _examine(path, settings, today)
        folder = folder_for(archive, state, today)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.move(path, free_name(folder, path.name))
        record(archive / "intake.log", state.value, path.name, clock, problems=problems)
        yield Filed(path.name, state, problems)


def _examine(path: Path, settings: Settings, today: date) -> tuple[FileState, int]:
    if path.stat().st_size > settings.max_file_size:
        return FileState.OVERSIZE, 0
    rules = Rules(settings.earliest, today, settings.max_description, settings.strict)
    try:
        outcome = check_file(path, rules, settings.max_problems)
    except (LedgerError, UnicodeDecodeError):
        return FileState.REJECTED, 1
    return state_for(outcome), outcome.problem_count


def expired(archive: Path, keep: timedelta, today: date) -> list[str]:
    """Months under processed/, oldest first, whose last day lies more than `keep` back."""
    months = []
    for folder in (archive / "processed").glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]"):
        year, month = map(int, folder.name.split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
        if today - following >= keep:
            months.append(folder.name)
    return sorted(months)
