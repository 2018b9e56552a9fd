"""What callers are expected to handle. The command line shows each in one line."""

from __future__ import annotations


class PoolkeeperError(Exception):
    """Base of everything that this package raises on purpose."""


class MomentError(PoolkeeperError, ValueError):
    """Text that is not a moment, a duration or a zone."""


class SettingsError(PoolkeeperError):
    """A setting with a wrong name, unit or value."""


class PlanError(PoolkeeperError):
    """A plan that does not exist, or that makes no sense."""


class ServerError(PoolkeeperError):
    """A server that is unknown or badly written, or a step that its state forbids."""


class SessionError(PoolkeeperError):
    """A client id that can't be used."""


class NoCapacity(PoolkeeperError):
    """No server takes another session."""


class SnapshotError(PoolkeeperError):
    """A snapshot that can't be read."""


class PoolFileError(PoolkeeperError):
    """A pool file that can't be used; line and column count from 1."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(f"line {line}, column {column}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


class LogError(PoolkeeperError):
    """A line of an access log that can't be read, or too many of them."""
