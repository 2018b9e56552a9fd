"""Games that were played, one JSON line each in a file a day; the leaderboard and its prizes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from decimal import ROUND_DOWN, Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from .errors import MomentError, SessionError
from .moments import desk_day, from_text, to_text

MAX_NAME = 24
FIELDS = {"player", "board", "started", "points", "words"}
CURRENCIES = {"EUR": 2, "GBP": 2, "USD": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True)
class Session:
    player: str
    board: str
    started: datetime
    points: int
    words: tuple[str, ...] = ()


@dataclass
class Standing:
    player: str
    rank: int = 0
    points: int = 0
    games: int = 0
    best: int = 0


@dataclass(frozen=True)
class Prizes:
    """`shares` are percentages of the pot for the first, second ... place."""

    pot: Decimal
    currency: str
    shares: tuple[Decimal, ...]


def player_name(text: str) -> str:
    """The name as it is shown: no blanks around it, single ones within."""
    name = " ".join(text.split())
    if not name.isprintable() or not 1 <= len(name) <= MAX_NAME:
        raise SessionError(f"a name has 1 to {MAX_NAME} characters, not {text!r}")
    return name


def from_record(record: Any) -> Session:
    """Raises SessionError for a record that lacks something or has it in another form."""
    names = set(record) if isinstance(record, dict) else set()
    if names != FIELDS:
        raise SessionError(f"wrong fields: {', '.join(sorted(FIELDS ^ names))}")
    score = record["points"]
    if isinstance(score, bool) or not isinstance(score, int) or score < 0:
        raise SessionError(f"points cannot be {score!r}")
    try:
        started, words = from_text(record["started"]), tuple(record["words"])
        return Session(player_name(record["player"]), record["board"], started, score, words)
    except (MomentError, AttributeError, TypeError):
        raise SessionError("started, player or words cannot be read") from None


@dataclass(frozen=True)
class SessionStore:
    folder: Path
    zone: timezone

    def file(self, day: date) -> Path:
        return self.folder / f"{day.year:04d}" / f"{day.month:02d}-{day.day:02d}.jsonl"

    def add(self, session: Session) -> None:
        """Append a game to the file of its day. A player plays a board once."""
        for earlier in self.sessions():
            same_player = earlier.player.casefold() == session.player.casefold()
            if same_player and earlier.board == session.board:
                raise SessionError(f"{session.player} has played {session.board} before")
        target = self.file(desk_day(session.started, self.zone))
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8", newline="\n") as out:
            record = {**asdict(session), "started": to_text(session.started)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")

    def sessions(self, first: date = date.min, last: date = date.max) -> list[Session]:
        """The games of these days, both included, in the order of time."""
        found: list[Session] = []
        for day in self.days():
            if first <= day <= last:
                found.extend(_read(self.file(day)))
        return sorted(found, key=lambda session: session.started)

    def days(self) -> list[date]:
        """The days that have a file, oldest first; other files are left alone."""
        days = []
        for file in self.folder.glob("????/??-??.jsonl"):
            try:
                days.append(date.fromisoformat(f"{file.parent.name}-{file.stem}"))
            except ValueError:
                continue
        return sorted(days)


def standings(sessions: Iterable[Session]) -> list[Standing]:
    """Players by points, then by their best game, then by name; equals share a rank.

    The spelling of a name is the one of the player's latest game.
    """
    found: dict[str, Standing] = {}
    for session in sorted(sessions, key=lambda session: session.started):
        row = found.setdefault(session.player.casefold(), Standing(session.player))
        row.player = session.player
        row.points += session.points
        row.games += 1
        row.best = max(row.best, session.points)
    rows = sorted(found.values(), key=lambda row: (-row.points, -row.best, row.player.casefold()))
    for place, row in enumerate(rows, 1):
        above = rows[max(place - 2, 0)]
        tied = (above.points, above.best) == (row.points, row.best)
        row.rank = above.rank if tied and place > 1 else place
    return rows


def award(rows: Sequence[Standing], prizes: Prizes) -> dict[str, Decimal]:
    """What each winner gets. Equals share what their places bring, down to whole coins."""
    coin = Decimal(1).scaleb(-CURRENCIES[prizes.currency])
    won: dict[str, Decimal] = {}
    place = 0
    for _, group in groupby(rows, key=lambda row: row.rank):
        tied = list(group)
        percent = sum(prizes.shares[place : place + len(tied)], Decimal(0))
        place += len(tied)
        if not percent:
            break
        each = prizes.pot * percent / 100 / len(tied)
        for row in tied:
            won[row.player] = each.quantize(coin, rounding=ROUND_DOWN)
    return won


def _read(file: Path) -> list[Session]:
    found = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                found.append(from_record(json.loads(line)))
    except UnicodeDecodeError:
        raise SessionError(f"{file.name} is not UTF-8") from None
    except (json.JSONDecodeError, SessionError) as problem:
        why = "not JSON" if isinstance(problem, ValueError) else problem
        raise SessionError(f"{file.name}, line {number}: {why}") from None
    return found
