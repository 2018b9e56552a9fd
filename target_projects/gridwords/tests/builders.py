"""Plain objects for tests; every test names only what matters to it."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from gridwords.boards import BoardRules
from gridwords.grids import Grid
from gridwords.search import Match, SearchRules
from gridwords.sessions import Session
from gridwords.words import WordRules

UTC = timezone.utc
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)

NO_FILE = {"GRIDWORDS_CONFIG": ""}
VALUES = {
    "words_min_length": "3",
    "words_max_length": "12",
    "words_accents": "keep",
    "lists_folder": "lists",
    "lists_pattern": "*.txt",
    "lists_encoding": "utf-8",
    "lists_comment": "#",
    "lists_max_expansion": "50",
    "grids_wrap": "no",
    "search_neighbours": "8",
    "search_straight": "yes",
    "search_max_matches": "20",
    "boards_folder": "boards",
    "boards_min_length": "3",
    "boards_neighbours": "8",
    "boards_time_limit": "2m",
    "boards_grace": "10s",
    "puzzles_folder": "puzzles",
    "puzzles_width": "6",
    "puzzles_height": "5",
    "puzzles_difficulty": "hard",
    "puzzles_fullness": "100",
    "puzzles_attempts": "50",
    "sessions_folder": "sessions",
    "sessions_utc_offset": "+02:00",
    "sessions_week_start": "sun",
    "sessions_top": "3",
    "prizes_pot": "90",
    "prizes_currency": "USD",
    "prizes_shares": "60,40",
    "reports_folder": "reports",
    "reports_formats": "csv",
}


def environ(**changes):
    """The environment of a machine on which every setting is made there."""
    made = {f"GRIDWORDS_{key.upper()}": value for key, value in {**VALUES, **changes}.items()}
    return {**NO_FILE, **made}


def make_grid(text, **fields):
    """A grid of single letters: `make_grid("CAT DOG")` has two rows."""
    return Grid(tuple(tuple(row) for row in text.split()), **fields)


def make_match(word, *cells):
    return Match(word, cells)


def board_rules(min_length=3, neighbours=8, **changes):
    fields = {"time_limit": timedelta(minutes=2), "grace": timedelta(seconds=10), **changes}
    return BoardRules(WordRules(min_length, 12), SearchRules(neighbours), **fields)


def make_session(player="Ana", points=5, board="b1", day=1, hour=12, **fields):
    started = datetime(2024, 3, day, hour, tzinfo=UTC)
    return Session(player, board, fields.pop("started", started), points, **fields)


def euros(*texts):
    return tuple(Decimal(text) for text in texts)
