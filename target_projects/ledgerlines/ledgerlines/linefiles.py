"""Transaction files, one line at a time: nothing here holds more than a line in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ledgerlines.errors import LineError
from ledgerlines.records import Transaction, format_line, parse_line

OnError = Callable[[LineError], None]


@dataclass
class Totals:
    """Sums in cents."""

    count: int = 0
    amount: int = 0
    fees: int = 0
    largest: Transaction | None = None

    @property
    def net(self) -> int:
        return self.amount - self.fees

    def add(self, transaction: Transaction) -> None:
        self.count += 1
        self.amount += transaction.amount
        self.fees += transaction.fee
        if self.largest is None or transaction.amount > self.largest.amount:
            self.largest = transaction


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends; blank lines and # comments are passed over."""
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            yield number, text


def read_transactions(path: Path, on_error: OnError | None = None) -> Iterator[Transaction]:
    """Transactions in file order. A bad line goes to `on_error`; without one it is raised."""
    for number, text in read_lines(path):
        try:
            transaction = parse_line(text, number)
        except LineError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        yield transaction


def write_transactions(path: Path, transactions: Iterable[Transaction]) -> int:
    """Replaces the file; returns the number of lines written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        return _write_lines(out.write, transactions)


def append_transactions(path: Path, transactions: Iterable[Transaction]) -> int:
    """Adds to the end, after completing a last line that some editor left without its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torn = _is_torn(path)
    with open(path, "a", encoding="utf-8", newline="\n") as out:
        if torn:
            out.write("\n")
        return _write_lines(out.write, transactions)


def _write_lines(write: Callable[[str], int], transactions: Iterable[Transaction]) -> int:
    count = 0
    for transaction in transactions:
        write(format_line(transaction) + "\n")
        count += 1
    return count


def _is_torn(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as data:
        data.seek(-1, 2)
        return data.read(1) != b"\n"


def split_file(source: Path, folder: Path, lines_per_part: int) -> list[Path]:
    """Cuts a large file into part-001.txt, part-002.txt ... of at most `lines_per_part`."""
    if lines_per_part < 1:
        raise ValueError(f"parts need at least one line, not {lines_per_part}")
    folder.mkdir(parents=True, exist_ok=True)
    transactions = read_transactions(source)
    parts: list[Path] = []
    while chunk := list(islice(transactions, lines_per_part)):
        part = folder / f"part-{len(parts) + 1:03d}.txt"
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(format_line(transaction) + "\n" for transaction in chunk)
        parts.append(part)
    return parts


def select_ids(transactions: Iterable[Transaction], first: int, last: int) -> Iterator[Transaction]:
    """Those with ids from `first` to `last`, both included."""
    return (item for item in transactions if first <= item.id <= last)


def summarise(transactions: Iterable[Transaction]) -> Totals:
    totals = Totals()
    for transaction in transactions:
        totals.add(transaction)
    return totals
