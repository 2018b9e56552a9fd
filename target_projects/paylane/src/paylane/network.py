"""The card network: what it has to offer, and a sandbox of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .codecs import append_lines, read_lines
from .errors import Declined, NetworkUnavailable
from .money import Money
from .payments import Card

DECLINES = {
    "tok_declined": "do_not_honor",
    "tok_poor": "insufficient_funds",
    "tok_lost": "lost_card",
    "tok_expired": "expired_card",
}
SILENT = "tok_silent"


class CardNetwork(Protocol):
    """Both calls recognise a reference that they have seen and act once.

    They raise Declined for a final no, NetworkUnavailable when the answer got lost.
    """

    def charge(self, reference: str, amount: Money, card: Card) -> None: ...

    def refund(self, reference: str, charge: str, amount: Money) -> None: ...


@dataclass(frozen=True)
class Entry:
    """One movement that the network has made."""

    reference: str
    amount: Money
    charge: str | None = None


class SandboxNetwork:
    """Answers by the card's token, and keeps what it did in a journal."""

    def __init__(self, journal: Path | None = None) -> None:
        self.journal = journal
        self.entries: dict[str, Entry] = {}
        if journal is not None and journal.exists():
            for entry in read_lines(Entry, journal, unknown="ignore"):
                self.entries[entry.reference] = entry

    def charge(self, reference: str, amount: Money, card: Card) -> None:
        if card.token == SILENT:
            raise NetworkUnavailable("the card network does not answer")
        if card.token in DECLINES:
            raise Declined(DECLINES[card.token])
        self._book(Entry(reference, amount))

    def refund(self, reference: str, charge: str, amount: Money) -> None:
        if charge not in self.entries:
            raise Declined("unknown_charge")
        self._book(Entry(reference, -amount, charge))

    def balance(self, currency: str) -> Money:
        """Everything that was moved in a currency."""
        moved = [entry.amount for entry in self.entries.values()]
        return Money(sum(one.minor for one in moved if one.currency == currency), currency)

    def _book(self, entry: Entry) -> None:
        if entry.reference in self.entries:
            return
        self.entries[entry.reference] = entry
        if self.journal is not None:
            append_lines([entry], self.journal)
