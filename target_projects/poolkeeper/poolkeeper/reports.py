"""Report files: a folder a day with servers.csv, users.csv and routes.csv."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
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
ROUTE_COLUMNS = ("method", "route", "requests", "errors")

_DAY_FOLDER = re.compile(r"(?P<year>\d{4})/(?P<month>\d{2})/(?P<day>\d{2})")

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


def route_rows(usage: DayUsage) -> list[Row]:
    routes = usage.top_routes(len(usage.routes))
    return [(*route, usage.routes[route], usage.route_errors[route]) for route in routes]


def write_day(
    usage: DayUsage, plans: PlanBook, root: Path, currency: str, percent: int = 95
) -> list[Path]:
    """Write the three files of a day; those of an earlier run are replaced."""
    folder = day_folder(root, usage.day)
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Row, Iterable[Row]]] = {
        "servers": (SERVER_COLUMNS, server_rows(usage, percent)),
        "users": (USER_COLUMNS, user_rows(usage, plans, currency)),
        "routes": (ROUTE_COLUMNS, route_rows(usage)),
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


def list_days(root: Path) -> list[date]:
    """The days that have a folder, oldest first; whatever else lies there is left out."""
    days = []
    for folder in root.glob("*/*/*"):
        match = _DAY_FOLDER.fullmatch(folder.relative_to(root).as_posix())
        if match is None or not folder.is_dir():
            continue
        try:
            days.append(date(int(match["year"]), int(match["month"]), int(match["day"])))
        except ValueError:
            continue
    return sorted(days)


def prune(root: Path, today: date, keep_days: int) -> list[date]:
    """Remove the folders of days that lie more than `keep_days` back, and name those days."""
    oldest = today - timedelta(days=keep_days)
    removed = [day for day in list_days(root) if day < oldest]
    for day in removed:
        shutil.rmtree(day_folder(root, day))
    return removed
