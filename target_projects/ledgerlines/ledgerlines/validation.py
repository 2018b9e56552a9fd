"""Checks a payments export row by row: every finding names its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

from ledgerlines.csvrows import Row, read_rows
from ledgerlines.dates import parse_day
from ledgerlines.errors import AmountError, CurrencyError, DateError
from ledgerlines.kinds import TransactionType, expected_sign, parse_type
from ledgerlines.money import parse_amount, parse_currency

REQUIRED = ("id", "transaction_type", "currency", "date", "amount")

_PAYMENT_ID = re.compile(r"(?:pay|ref|po|dp|adj)_[A-Za-z0-9]{4,20}(?:-[0-9]{1,3})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}", re.IGNORECASE)


class Code(Enum):
    MISSING = "missing"
    BAD_ID = "bad-id"
    DUPLICATE = "duplicate"
    UNKNOWN_TYPE = "unknown-type"
    BAD_CURRENCY = "bad-currency"
    BAD_DATE = "bad-date"
    NOT_IN_PERIOD = "not-in-period"
    NOT_A_NUMBER = "not-a-number"
    WRONG_SIGN = "wrong-sign"
    TOO_LONG = "too-long"
    BAD_ACCOUNT = "bad-account"


@dataclass(frozen=True)
class Problem:
    line: int
    column: str
    code: Code
    detail: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.column}: {self.detail} [{self.code.value}]"


@dataclass(frozen=True)
class Payment:
    """`amount` in minor units of `currency`, as signed in the file."""

    id: str
    kind: TransactionType
    currency: str
    day: date
    amount: int
    line: int


@dataclass(frozen=True)
class Rules:
    """What a row must obey; `today` is the last day that may be booked."""

    earliest: date
    today: date
    max_description: int = 80
    strict: bool = False


def weight(code: Code, strict: bool = False) -> str:
    """ "error" keeps a row out, "warning" does not; `strict` knows no warnings."""
    if strict:
        return "error"
    match code:
        case Code.TOO_LONG | Code.BAD_ACCOUNT:
            return "warning"
        case Code.WRONG_SIGN:
            return "warning"
        case _:
            return "error"


@dataclass
class Checker:
    """Checks rows one after the other; remembers ids, and nothing else, of those it has seen."""

    rules: Rules
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)

    def check(self, row: Row) -> Payment | None:
        """The payment, or None when the row has an error."""
        before = len(self.problems)
        absent = [name for name in REQUIRED if not row.get(name)]
        for name in absent:
            self._report(row, name, Code.MISSING, "no value")
        self._check_id(row)
        kind = self._kind(row)
        currency = self._currency(row)
        day = self._day(row)
        amount = self._amount(row, kind, currency)
        self._check_extras(row)
        fresh = self.problems[before:]
        if any(weight(problem.code, self.rules.strict) == "error" for problem in fresh):
            return None
        assert kind is not None and day is not None and amount is not None
        return Payment(row.get("id"), kind, currency, day, amount, row.line)

    def _report(self, row: Row, column: str, code: Code, detail: str) -> None:
        self.problems.append(Problem(row.line, column, code, detail))

    def _check_id(self, row: Row) -> None:
        payment_id = row.get("id")
        if not payment_id:
            return
        if not _PAYMENT_ID.fullmatch(payment_id):
            self._report(row, "id", Code.BAD_ID, f"not a payment id: {payment_id!r}")
        first = self._seen.setdefault(payment_id, row.line)
        if first != row.line:
            self._report(row, "id", Code.DUPLICATE, f"{payment_id} is on line {first} already")

    def _kind(self, row: Row) -> TransactionType | None:
        text = row.get("transaction_type")
        if not text:
            return None
        try:
            return parse_type(text)
        except ValueError as error:
            self._report(row, "transaction_type", Code.UNKNOWN_TYPE, str(error))
            return None

    def _currency(self, row: Row) -> str:
        text = row.get("currency")
        if not text:
            return ""
        try:
            return parse_currency(text)
        except CurrencyError as error:
            self._report(row, "currency", Code.BAD_CURRENCY, str(error))
            return ""

    def _day(self, row: Row) -> date | None:
        text = row.get("date")
        if not text:
            return None
        try:
            day = parse_day(text)
        except DateError as error:
            self._report(row, "date", Code.BAD_DATE, str(error))
            return None
        if day < self.rules.earliest:
            self._report(row, "date", Code.NOT_IN_PERIOD, f"before {self.rules.earliest}")
        elif day > self.rules.today:
            self._report(row, "date", Code.NOT_IN_PERIOD, "in the future")
        return day

    def _amount(self, row: Row, kind: TransactionType | None, currency: str) -> int | None:
        text = row.get("amount")
        if not text:
            return None
        try:
            amount = parse_amount(text, currency)
        except AmountError as error:
            self._report(row, "amount", Code.NOT_A_NUMBER, str(error))
            return None
        if kind is not None and amount * expected_sign(kind) < 0:
            self._report(row, "amount", Code.WRONG_SIGN, f"{text} for a {kind.value}")
        return amount

    def _check_extras(self, row: Row) -> None:
        length = len(row.get("description"))
        if length > self.rules.max_description:
            self._report(row, "description", Code.TOO_LONG, f"{length} characters")
        account = row.get("account")
        if account and not _IBAN.fullmatch(account):
            self._report(row, "account", Code.BAD_ACCOUNT, f"not an IBAN: {account!r}")


@dataclass(frozen=True)
class Outcome:
    """What a file came to; `problems` holds the first ones, `problem_count` counts all."""

    rows: int
    valid: int
    problems: tuple[Problem, ...]
    problem_count: int
    errors: int


def read_payments(path: Path, checker: Checker) -> Iterator[Payment]:
    """The valid payments of a file, in file order; problems pile up in `checker`."""
    for row in read_rows(path, REQUIRED):
        payment = checker.check(row)
        if payment is not None:
            yield payment


def check_file(path: Path, rules: Rules, max_problems: int = 100) -> Outcome:
    """Reads the whole file, however many problems it has, and keeps the first `max_problems`."""
    checker = Checker(rules)
    rows = valid = 0
    for row in read_rows(path, REQUIRED):
        rows += 1
        valid += checker.check(row) is not None
    errors = sum(weight(problem.code, rules.strict) == "error" for problem in checker.problems)
    kept = tuple(checker.problems[:max_problems])
    return Outcome(rows, valid, kept, len(checker.problems), errors)
