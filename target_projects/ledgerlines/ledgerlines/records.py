"""One line of a transaction file: an id, an amount and a fee in US dollars."""

from __future__ import annotations

import re
from typing import NamedTuple

from ledgerlines.errors import AmountError, LineError
from ledgerlines.money import format_amount, parse_amount

# The old gateway writes TXN-1001 or txn_1001, the new one the bare number.
_ID = re.compile(r"(?:txn[-_])?([0-9]{1,12})", re.IGNORECASE)


class Transaction(NamedTuple):
    """`amount` and `fee` in cents."""

    id: int
    amount: int
    fee: int

    @property
    def net(self) -> int:
        return self.amount - self.fee


def parse_line(line: str, number: int = 1) -> Transaction:
    """The transaction on a line such as "1001,49.99,1.50". Raises LineError with `number`."""
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != 3:
        raise LineError(number, f"expected 3 values, found {len(cells)}")
    found = _ID.fullmatch(cells[0])
    if found is None:
        raise LineError(number, f"not a transaction id: {cells[0]!r}")
    try:
        amount, fee = parse_amount(cells[1]), parse_amount(cells[2])
    except AmountError as error:
        raise LineError(number, str(error)) from error
    if fee < 0:
        raise LineError(number, f"negative fee: {cells[2]}")
    return Transaction(int(found[1]), amount, fee)


def format_line(transaction: Transaction) -> str:
    amount = format_amount(transaction.amount, grouping=False)
    fee = format_amount(transaction.fee, grouping=False)
    return f"{transaction.id},{amount},{fee}"
