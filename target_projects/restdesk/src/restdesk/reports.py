"""Files for others: the charges of a day for the accountants, the access log for operations."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .moments import UTC, from_text, office_day
from .money import Currency, find_currency, format_amount
from .records import Charge, ChargeStatus

COLUMNS = (
    "charge",
    "customer",
    "created",
    "status",
    "currency",
    "amount",
    "refunded",
    "net",
    "description",
)

_LINE = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (?P<request_id>[\w-]+) (?P<key>[\w-]+)"
    r" (?P<method>[A-Z-]+) (?P<path>\S+) (?P<status>[1-5]\d\d) (?P<took>\d+)ms"
)
_LOG_NAME = re.compile(r"access-(?P<day>\d{4}-\d\d-\d\d)\.log")


@dataclass(frozen=True)
class AccessEntry:
    """`took` is in milliseconds."""

    moment: datetime
    request_id: str
    key: str
    method: str
    path: str
    status: int
    took: int


@dataclass
class Traffic:
    days: int = 0
    requests: int = 0
    by_status: dict[int, int] = field(default_factory=dict)
    unreadable: int = 0


def write_day(
    charges: Sequence[Charge],
    root: Path,
    day: date,
    office: timezone,
    currencies: Mapping[str, Currency],
) -> list[Path]:
    """Write the day's charges and totals into its folder; an earlier export is written over."""
    folder = root / f"{day.year:04d}" / f"{day.month:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / f"charges-{day.isoformat()}.csv"
    table.write_text(to_csv(charges, office, currencies), encoding="utf-8", newline="")
    totals = folder / f"totals-{day.isoformat()}.json"
    content = json.dumps(totals_of(charges, currencies), indent=2, sort_keys=True)
    totals.write_text(content + "\n", encoding="utf-8", newline="\n")
    return [table, totals]


def to_csv(charges: Sequence[Charge], office: timezone, currencies: Mapping[str, Currency]) -> str:
    """One row a charge, lines end as RFC 4180 says; times are those of the office."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for charge in charges:
        currency = find_currency(charge.currency, currencies)
        created = charge.created.astimezone(office).strftime("%Y-%m-%d %H:%M:%S")
        amounts = [format_amount(minor, currency) for minor in _amounts(charge)]
        status = charge.status.value
        row = [charge.id, charge.customer, created, status, charge.currency, *amounts]
        writer.writerow([*row, _harmless(charge.description)])
    return out.getvalue()


def totals_of(
    charges: Sequence[Charge], currencies: Mapping[str, Currency]
) -> dict[str, dict[str, Any]]:
    """Count and sums by currency; charges that brought no money are left out."""
    sums: dict[str, list[int]] = {}
    counts: Counter[str] = Counter()
    for charge in charges:
        if charge.status in (ChargeStatus.PENDING, ChargeStatus.FAILED):
            continue
        counts[charge.currency] += 1
        before = sums.get(charge.currency, [0, 0, 0])
        sums[charge.currency] = [a + b for a, b in zip(before, _amounts(charge), strict=True)]
    totals: dict[str, dict[str, Any]] = {}
    for code, amounts in sums.items():
        currency = find_currency(code, currencies)
        amount, refunded, net = (format_amount(minor, currency) for minor in amounts)
        totals[code] = {"count": counts[code], "amount": amount, "refunded": refunded, "net": net}
    return totals


def append_access(folder: Path, entry: AccessEntry) -> None:
    """Add a line to the log of the entry's day (UTC)."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"access-{office_day(entry.moment, UTC).isoformat()}.log"
    with file.open("a", encoding="utf-8", newline="\n") as log:
        log.write(_line(entry) + "\n")


def parse_line(line: str) -> AccessEntry | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    return AccessEntry(
        from_text(match["moment"]),
        match["request_id"],
        match["key"],
        match["method"],
        match["path"],
        int(match["status"]),
        int(match["took"]),
    )


def traffic(folder: Path, days: int | None = None) -> Traffic:
    """What the logs say, of the latest days if so many are named."""
    logs = [path for path in sorted(folder.glob("*.log")) if _LOG_NAME.fullmatch(path.name)]
    if days is not None:
        logs = logs[-days:]
    result = Traffic(days=len(logs))
    statuses: Counter[int] = Counter()
    for path in logs:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = parse_line(line)
            if entry is None:
                result.unreadable += 1
                continue
            statuses[entry.status] += 1
    result.requests = statuses.total()
    result.by_status = dict(sorted(statuses.items()))
    return result


def _line(entry: AccessEntry) -> str:
    moment = entry.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = quote(entry.path, safe="/")
    return (
        f"{moment} {entry.request_id} {entry.key} {entry.method} {path}"
        f" {entry.status} {entry.took}ms"
    )


def _amounts(charge: Charge) -> tuple[int, int, int]:
    return charge.amount, charge.refunded, charge.net


def _harmless(text: str) -> str:
    """Spreadsheets take a cell that starts like this for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text
