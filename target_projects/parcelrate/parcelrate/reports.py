"""Quotes as tables: what the desk reads, what the controllers collect."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path

from parcelrate.money import Money
from parcelrate.quotebook import Quote

COLUMNS = ("quote", "order", "carrier", "total", "currency", "state", "until")


def render_text(quotes: Sequence[Quote], now: datetime) -> str:
    """Columns as wide as their widest cell, totals to the right, a line per carrier below."""
    rows = [COLUMNS]
    for quote in quotes:
        offer, until = quote.offer, quote.valid_until.isoformat(timespec="minutes")
        money = (offer.total.plain(), offer.total.currency)
        rows.append((quote.id, offer.order_id, offer.carrier, *money, quote.state(now), until))
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        cells[3] = row[3].rjust(widths[3])
        lines.append("  ".join(cells).rstrip())
    for carrier, count, total in totals(quotes):
        lines.append(f"{carrier}: {count} quote{'s' if count > 1 else ''}, {total}")
    return "\n".join(lines) + "\n"


def totals(quotes: Iterable[Quote]) -> list[tuple[str, int, Money]]:
    """Carrier, number of quotes and sum, for each carrier and currency in alphabetical order."""

    def group(quote: Quote) -> tuple[str, str]:
        return quote.offer.carrier, quote.offer.total.currency

    found = []
    for (carrier, currency), members in groupby(sorted(quotes, key=group), key=group):
        amounts = [quote.offer.total for quote in members]
        found.append((carrier, len(amounts), sum(amounts, Money(0, currency))))
    return found


def write_report(quotes: Sequence[Quote], folder: Path, now: datetime, zone: tzinfo) -> Path:
    """Writes `2024-03/quotes-2024-03-05.txt` by the desk's day; an older one is replaced."""
    day = now.astimezone(zone).date()
    path = folder / f"{day:%Y-%m}" / f"quotes-{day.isoformat()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_text(quotes, now), encoding="utf-8", newline="\n")
    return path
