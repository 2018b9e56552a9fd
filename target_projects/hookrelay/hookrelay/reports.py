"""The daily report: what each merchant's deliveries were like, and what they cost."""

from __future__ import annotations

import csv
import io
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from hookrelay.attempts import Attempt, AttemptLog
from hookrelay.catalogue import find_type
from hookrelay.deliveries import DeliveryQueue
from hookrelay.events import decode_body
from hookrelay.moments import day_bounds
from hookrelay.money import Amount, priced
from hookrelay.settings import Settings

COLUMNS = ("merchant", "attempts", "delivered", "failed", "success_rate", "p95_ms", "net", "fee")

_REPORT = re.compile(r"deliveries-(\d{4}-\d{2}-\d{2})\.csv")


@dataclass(frozen=True)
class Row:
    merchant: str
    attempts: int
    delivered: int
    failed: int
    p95_ms: int
    net: tuple[Amount, ...]
    fee: Amount

    @property
    def success_rate(self) -> Decimal:
        """Percent with one decimal."""
        rate = Decimal(self.delivered * 100) / Decimal(self.attempts)
        return rate.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)


def percentile(values: Sequence[int], percent: int) -> int:
    """Nearest rank: the smallest value that at least so many percent do not exceed; 0 of none."""
    if not values:
        return 0
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[max(rank, 1) - 1]


def usage_fee(attempts: int, settings: Settings) -> Amount:
    """Every started thousand above the free attempts is charged."""
    charged = max(attempts - settings.free_attempts, 0)
    thousands = -(-charged // 1000)
    return priced(thousands, settings.price_per_thousand, settings.currency)


def daily_rows(db: sqlite3.Connection, day: date, settings: Settings) -> list[Row]:
    """One row a merchant, the one with the most attempts first."""
    start, end = day_bounds(day, settings.zone)
    attempts = AttemptLog(db).between(start, end)
    queue = DeliveryQueue(db, settings.retry.give_up, settings.lease)
    by_merchant = attrgetter("merchant")
    rows = [
        _row(merchant, list(group), queue, settings)
        for merchant, group in groupby(sorted(attempts, key=by_merchant), key=by_merchant)
    ]
    return sorted(rows, key=lambda row: (-row.attempts, row.merchant))


def _row(merchant: str, attempts: list[Attempt], queue: DeliveryQueue, settings: Settings) -> Row:
    good = [attempt for attempt in attempts if attempt.success]
    return Row(
        merchant=merchant,
        attempts=len(attempts),
        delivered=len(good),
        failed=len(attempts) - len(good),
        p95_ms=percentile([attempt.latency_ms for attempt in attempts], 95),
        net=_net({attempt.event_id for attempt in good}, queue),
        fee=usage_fee(len(attempts), settings),
    )


def _net(event_ids: set[str], queue: DeliveryQueue) -> tuple[Amount, ...]:
    """What the delivered events add up to, by currency."""
    totals: dict[str, int] = defaultdict(int)
    for event_id in event_ids:
        event = decode_body(queue.body(event_id))
        effect = find_type(event.type).effect
        if event.amount is not None and effect != 0:
            totals[event.amount.currency] += effect * event.amount.minor
    return tuple(sorted(Amount(currency, minor) for currency, minor in totals.items()))


def to_csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        net = "; ".join(str(amount) for amount in row.net)
        figures = (row.attempts, row.delivered, row.failed, row.success_rate, row.p95_ms)
        writer.writerow([row.merchant, *figures, net, row.fee.plain()])
    return out.getvalue()


def report_path(folder: Path, day: date) -> Path:
    return folder / f"{day:%Y}" / f"{day:%m}" / f"deliveries-{day.isoformat()}.csv"


def write_report(db: sqlite3.Connection, day: date, settings: Settings) -> Path:
    """Write the day's CSV; a report written again replaces the old one."""
    path = report_path(settings.report_folder, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_csv(daily_rows(db, day, settings)), encoding="utf-8", newline="")
    return path


def list_reports(folder: Path) -> list[date]:
    """The days that have a report, oldest first."""
    days = []
    for path in folder.glob("*/*/*.csv"):
        found = _REPORT.fullmatch(path.name)
        if found is None:
            continue
        try:
            days.append(date.fromisoformat(found[1]))
        except ValueError:
            continue
    return sorted(days)


def prune_reports(folder: Path, today: date, keep_days: int) -> list[date]:
    """Remove reports of days more than `keep_days` back, and folders that are empty then."""
    oldest = today - timedelta(days=keep_days)
    removed = [day for day in list_reports(folder) if day < oldest]
    for day in removed:
        path = report_path(folder, day)
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return removed
