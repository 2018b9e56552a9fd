"""Report files: a folder a day with servers.csv and users.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from .plans import PlanBook
from .usage import DayUsage, percentile, rate

SERVER_COLUMNS = (
    "server",
    "requests",
    "errors",
    "error_rate",
    "bytes",
    "median_ms",
    "slow_ms",
    "max_ms",
)
USER_COLUMNS = ("user", "plan", "requests", "refused", "over_quota", "charge", "currency")

Row = Sequence[object]


def day_folder(root: Path, day: date) -> Path:
    return root / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}"


def server_rows(usage: DayUsage, percent: int) -> list[Row]:
    rows: list[Row] = []
    for name, server in sorted(usage.servers.items()):
        rows.append(
            (
                name,
                server.requests,
                server.errors,
                rate(server.errors, server.requests),
                server.size,
                percentile(server.times, 50),
                percentile(server.times, percent),
                max(server.times, default=0),
            )
        )
    return rows


def user_rows(usage: DayUsage, plans: PlanBook, currency: str) -> list[Row]:
    """The busiest users first, then by name."""
    rows: list[Row] = []
    users = sorted(usage.users.items(), key=lambda item: (-item[1].requests, item[0]))
    for name, user in users:
        plan = plans.plan_of(name)
        over, charge = plan.over_quota(user.requests), plan.charge(user.requests)
        rows.append((name, plan.name, user.requests, user.refused, over, charge, currency))
    return rows


def write_day(
    usage: DayUsage, plans: PlanBook, root: Path, currency: str, percent: int = 95
) -> list[Path]:
    """Write the two files of a day; those of an earlier run are replaced."""
    folder = day_folder(root, usage.day)
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Row, Iterable[Row]]] = {
        "servers": (SERVER_COLUMNS, server_rows(usage, percent)),
        "users": (USER_COLUMNS, user_rows(usage, plans, currency)),
    }
    written = []
    for name, (columns, rows) in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
        written.append(path)
    return written
