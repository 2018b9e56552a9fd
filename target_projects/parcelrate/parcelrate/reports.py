"""Quotes as tables: what the desk reads, what the controllers collect."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path

from parcelrate.money import Money
from parcelrate.quotebook import Quote

COLUMNS = ("quote", "order", "carrier", "total", "currency", "state", "until")


def rows_of(quotes: Iterable[Quote], now: datetime) -> list[tuple[str, ...]]:
    return [
        (
            quote.id,
            quote.offer.order_id,
            quote.offer.carrier,
            quote.offer.total.plain(),
            quote.offer.total.currency,
            quote.state(now),
            quote.valid_until.isoformat(timespec="minutes"),
        )
        for quote in quotes
    ]


def render_text(quotes: Sequence[Quote], now: datetime) -> str:
    """Columns as wide as their widest cell, totals to the right, a line per carrier below."""
    rows = [COLUMNS, *rows_of(quotes, now)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        cells[3] = row[3].rjust(widths[3])
        lines.append("  ".join(cells).rstrip())
    for carrier, count, total in totals(quotes):
        lines.append(f"{carrier}: {count} quote{'s' if count > 1 else ''}, {total}")
    return "\n".join(lines) + "\n"


def render_csv(quotes: Sequence[Quote], now: datetime) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(quotes, now))
    return out.getvalue()


def totals(quotes: Iterable[Quote]) -> list[tuple[str, int, Money]]:
    """Carrier, number of quotes and sum, for each carrier and currency in alphabetical order."""

    def group(quote: Quote) -> tuple[str, str]:
        return quote.offer.carrier, quote.offer.total.currency

    found = []
    for (carrier, currency), members in groupby(sorted(quotes, key=group), key=group):
        amounts = [quote.offer.total for quote in members]
        found.append((carrier, len(amounts), sum(amounts, Money(0, currency))))
    return found


def write_report(
    quotes: Sequence[Quote], folder: Path, kind: str, now: datetime, zone: tzinfo
) -> Path:
    """Writes `2024-03/quotes-2024-03-05.csv` by the desk's day; an older one is replaced."""
    render, suffix = (render_csv, "csv") if kind == "csv" else (render_text, "txt")
    day = now.astimezone(zone).date()
    path = folder / f"{day:%Y-%m}" / f"quotes-{day.isoformat()}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(render(quotes, now))
    return path
