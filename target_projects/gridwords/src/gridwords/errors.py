"""What callers are expected to handle."""

from __future__ import annotations


class GridwordsError(Exception):
    """Base of everything that a user can cause."""


class SettingsError(GridwordsError):
    pass


class MomentError(GridwordsError):
    pass


class WordError(GridwordsError):
    pass


class ListError(GridwordsError):
    """A word list cannot be read at all; single bad lines are only noted."""


class PuzzleError(GridwordsError):
    pass


class SessionError(GridwordsError):
    pass


class PatternError(GridwordsError):
    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"column {position + 1}: {message}")
        self.position = position


class GridError(GridwordsError):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line
