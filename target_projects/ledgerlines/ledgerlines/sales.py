"""Sales by region, product and period."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from ledgerlines.csvrows import Row, read_rows
from ledgerlines.dates import DateRange, bucket, parse_day
from ledgerlines.errors import AmountError, DateError, LedgerError, LineError
from ledgerlines.money import parse_amount

COLUMNS = ("date", "quantity", "unit_price")
UNASSIGNED = "unassigned"

Status = Literal["completed", "shipped", "pending", "cancelled", "returned"]

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z0-9]{1,3})?", re.IGNORECASE)
_SKU = re.compile(r"[a-z]{2,5}[-_]?[0-9]{1,5}(?:/[a-z0-9]+)?", re.IGNORECASE)
_QUANTITY = re.compile(r"([1-9][0-9]*)\s*(?:x|pcs\.?|units?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Sale:
    day: date
    region: str
    product: str
    quantity: int
    unit_price: int
    status: Status = "completed"

    @property
    def units(self) -> int:
        """What counts: goods that came back are taken off, the rest has to have left the house."""
        if self.status == "completed":
            return self.quantity
        elif self.status == "shipped":
            return self.quantity
        elif self.status == "returned":
            return -self.quantity
        else:
            return 0

    @property
    def revenue(self) -> int:
        return self.units * self.unit_price


@dataclass(frozen=True)
class SalesFilter:
    """What a report looks at; empty means everything."""

    days: DateRange = DateRange()
    regions: Collection[str] = ()
    products: Collection[str] = ()
    min_revenue: int | None = None

    def accepts(self, sale: Sale) -> bool:
        if sale.day not in self.days:
            return False
        if self.regions and not any(lies_in(sale.region, region) for region in self.regions):
            return False
        if self.products and sale.product not in self.products:
            return False
        return self.min_revenue is None or sale.revenue >= self.min_revenue


@dataclass(frozen=True)
class Metrics:
    """`revenue` in minor units; `first` and `last` are the days of the earliest and latest sale."""

    orders: int
    units: int
    revenue: int
    first: date
    last: date

    @property
    def average(self) -> int:
        """Revenue per unit, rounded down; 0 when as much came back as went out."""
        return self.revenue // self.units if self.units else 0


_LABELS: dict[str, Callable[[Sale], str]] = {
    "region": lambda sale: sale.region,
    "country": lambda sale: sale.region.partition("-")[0],
    "product": lambda sale: sale.product,
    "status": lambda sale: sale.status,
}


def lies_in(region: str, wanted: str) -> bool:
    """Whether `region` is `wanted` or a part of it: EU-DE lies in EU, EUR does not."""
    return region == wanted or region.startswith(wanted + "-")


def parse_status(text: str) -> Status:
    match text.strip().lower():
        case "" | "completed" | "paid":
            return "completed"
        case "shipped" | "sent":
            return "shipped"
        case "pending":
            return "pending"
        case "cancelled" | "canceled":
            return "cancelled"
        case "returned":
            return "returned"
        case _:
            raise LedgerError(f"unknown status: {text!r}")


def parse_sale(row: Row, currency: str = "USD") -> Sale:
    """Raises LineError. A region or product left empty is "unassigned"."""
    try:
        return Sale(
            parse_day(row.get("date")),
            _code(_REGION, "region", row),
            _code(_SKU, "product", row),
            _quantity(row.get("quantity", "1")),
            parse_amount(row.get("unit_price"), currency),
            parse_status(row.get("status")),
        )
    except (AmountError, DateError) as error:
        raise LineError(row.line, str(error)) from error
    except LedgerError as error:
        raise LineError(row.line, f"bad sale: {error}") from error


def _code(pattern: re.Pattern[str], column: str, row: Row) -> str:
    text = row.get(column)
    if not text:
        return UNASSIGNED
    if not pattern.fullmatch(text):
        raise LedgerError(f"{column} {text!r}")
    return text.upper()


def _quantity(text: str) -> int:
    found = _QUANTITY.fullmatch(text)
    if found is None:
        raise LedgerError(f"quantity {text!r}")
    return int(found[1])


def read_sales(
    path: Path, wanted: SalesFilter = SalesFilter(), currency: str = "USD"
) -> Iterator[Sale]:
    """The sales that `wanted` accepts, in file order; prices are in `currency`."""
    for row in read_rows(path, COLUMNS):
        sale = parse_sale(row, currency)
        if wanted.accepts(sale):
            yield sale


def label_for(sale: Sale, dimension: str) -> str:
    """`dimension` is "region", "country", "product", "status" or a period such as "month"."""
    if dimension in _LABELS:
        return _LABELS[dimension](sale)
    return bucket(sale.day, dimension)


def aggregate_sales(
    sales: Iterable[Sale], by: Sequence[str] = ("region", "product")
) -> dict[tuple[str, ...], Metrics]:
    """Metrics by the labels of the dimensions in `by`; a cancelled order is an order, too."""
    groups: dict[tuple[str, ...], Metrics] = {}
    for sale in sales:
        key = tuple(label_for(sale, dimension) for dimension in by)
        old = groups.get(key, Metrics(0, 0, 0, sale.day, sale.day))
        groups[key] = replace(
            old,
            orders=old.orders + 1,
            units=old.units + sale.units,
            revenue=old.revenue + sale.revenue,
            first=min(old.first, sale.day),
            last=max(old.last, sale.day),
        )
    return groups


def ranked(
    groups: dict[tuple[str, ...], Metrics], order: str = "revenue", top: int | None = None
) -> list[tuple[tuple[str, ...], Metrics]]:
    """Groups in order, ties by label; `top` keeps the first so many."""
    entries = sorted(groups.items())
    match order:
        case "revenue":
            entries.sort(key=lambda entry: entry[1].revenue, reverse=True)
        case "units":
            entries.sort(key=lambda entry: entry[1].units, reverse=True)
        case "orders":
            entries.sort(key=lambda entry: entry[1].orders, reverse=True)
        case "label":
            pass
        case _:
            raise LedgerError(f"unknown order: {order!r}")
    return entries[:top]
