"""Errors that callers are expected to handle. The command line shows each as one line."""

from __future__ import annotations


class LedgerError(Exception):
    """Base of everything that this package raises on purpose."""


class AmountError(LedgerError, ValueError):
    """Text that is not an amount of money, or money that can't be represented."""


class CurrencyError(LedgerError, ValueError):
    """Text that is not a currency code, or a currency without a rate."""


class DateError(LedgerError, ValueError):
    """Text that is not a day or a range of days."""


class HeaderError(LedgerError):
    """A CSV file whose header lacks something."""


class LineError(LedgerError):
    """A line that can't be used; `number` counts from 1, the header included."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")
        self.number = number
        self.reason = reason


class SettingsError(LedgerError):
    """A setting with a value that makes no sense; `key` is "section.name"."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason
