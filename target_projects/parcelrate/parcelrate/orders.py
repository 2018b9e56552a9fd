"""Orders, the parcels they go in, and the CSV files that shops send and accounting receives."""

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from parcelrate.errors import AmountError, OrderFileError
from parcelrate.money import Money, parse_currency, parse_decimal

REQUIRED = ("order_id", "country", "currency", "value", "weight", "size")
COLUMNS = (*REQUIRED, "postcode", "parcels", "flags", "coupon", "ordered")
FLAGS = frozenset({"fragile", "dangerous", "signature"})

# What the shops' exports call our columns.
_ALIASES = {"order": "order_id", "zip": "postcode", "ccy": "currency", "qty": "parcels"}
_ID = re.compile(r"[A-Z]{2,4}-[0-9]{3,8}")
_COUNT = re.compile(r"[1-9][0-9]{0,2}")
_WEIGHT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kg|g|lbs?|oz)", re.IGNORECASE)
_GRAMS = {"g": "1", "kg": "1000", "oz": "28.349523125", "lb": "453.59237", "lbs": "453.59237"}
_SIZE = re.compile(r"([0-9.]+)\s*x\s*([0-9.]+)\s*x\s*([0-9.]+)\s*(mm|cm|in)?", re.IGNORECASE)
_MILLIMETRES = {"mm": "1", "cm": "10", "in": "25.4"}


@dataclass(frozen=True)
class Parcel:
    """`sides` in millimetres, the longest first."""

    weight_g: int
    sides: tuple[int, ...]

    @property
    def volume_mm3(self) -> int:
        return math.prod(self.sides)


@dataclass(frozen=True)
class Order:
    """`value` is that of the goods, `parcels` counts parcels that are all alike."""

    id: str
    country: str
    value: Money
    parcel: Parcel
    postcode: str = ""
    parcels: int = 1
    flags: frozenset[str] = frozenset()
    coupon: str | None = None
    ordered: date | None = None


def parse_weight(text: str) -> int:
    """Grams, rounded up: "1.2kg", "500 g", "3 lb", "8oz"."""
    found = _WEIGHT.fullmatch(text.strip())
    if found is None:
        raise AmountError(f"not a weight: {text!r}")
    grams = math.ceil(Decimal(found[1]) * Decimal(_GRAMS[found[2].lower()]))
    if grams == 0:
        raise AmountError(f"weighs nothing: {text!r}")
    return grams


def parse_size(text: str) -> tuple[int, ...]:
    """Millimetres, rounded up, the longest side first: "30x20x10" (cm), "12 x 8 x 4 in"."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise AmountError(f"not a size: {text!r}")
    unit = Decimal(_MILLIMETRES[(found[4] or "cm").lower()])
    sides = [math.ceil(parse_decimal(side) * unit) for side in found.groups()[:3]]
    if 0 in sides:
        raise AmountError(f"a side of nothing: {text!r}")
    return tuple(sorted(sides, reverse=True))


def parse_flags(text: str) -> frozenset[str]:
    flags = {flag for flag in re.split(r"[|\s]+", text.lower()) if flag}
    unknown = flags - FLAGS
    if unknown:
        raise AmountError(f"unknown flags: {', '.join(sorted(unknown))}")
    return frozenset(flags)


def parse_count(text: str) -> int:
    return int(_matching(_COUNT, text, "a number of parcels"))


def parse_order_id(text: str) -> str:
    return _matching(_ID, text.upper(), "an order number")


def _matching(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise AmountError(f"not {what}: {text!r}")
    return text


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AmountError(f"not a day: {text!r}") from None


def column_name(title: str) -> str:
    name = re.sub(r"[\s-]+", "_", title.strip()).lower()
    return _ALIASES.get(name, name)


def read_orders(path: Path, delimiter: str = ",") -> tuple[list[Order], list[str]]:
    """The good rows in file order, and the first thing that is wrong with each of the others.

    Lines count from 1 and include the header. Raises OrderFileError when a required column is
    missing; cells beyond the header are passed over.
    """
    orders: dict[str, Order] = {}
    problems: list[str] = []
    for line, values in _rows(path, delimiter):
        try:
            order = _order(values)
            if order.id in orders:
                raise AmountError(f"order_id: {order.id} came before")
            orders[order.id] = order
        except AmountError as problem:
            problems.append(f"line {line}: {problem}")
    return list(orders.values()), problems


def _rows(path: Path, delimiter: str) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        names = [column_name(title) for title in next(reader, [])]
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            raise OrderFileError(f"{path.name}: missing columns: {', '.join(missing)}")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, (cell.strip() for cell in cells)))


def _order(values: dict[str, str]) -> Order:
    def read(column: str, parser: Callable[[str], Any], default: str | None = None) -> Any:
        text = values.get(column) or default
        if text is None:
            raise AmountError(f"{column}: missing")
        try:
            return parser(text)
        except AmountError as problem:
            raise AmountError(f"{column}: {problem}") from None

    currency = read("currency", parse_currency)
    return Order(
        id=read("order_id", parse_order_id),
        country=read("country", str.upper),
        value=read("value", lambda text: Money.parse(text, currency)),
        parcel=Parcel(read("weight", parse_weight), read("size", parse_size)),
        postcode=" ".join(values.get("postcode", "").upper().split()),
        parcels=read("parcels", parse_count, "1"),
        flags=read("flags", parse_flags, ""),
        coupon=values.get("coupon", "").upper() or None,
        ordered=read("ordered", parse_day) if values.get("ordered") else None,
    )


def write_orders(orders: Iterable[Order], path: Path) -> None:
    """Rows in the order of their ids, as `read_orders` reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_cells(order) for order in sorted(orders, key=lambda order: order.id))


def _cells(order: Order) -> list[object]:
    size = "x".join(str(side) for side in order.parcel.sides) + " mm"
    weight, flags = f"{order.parcel.weight_g} g", "|".join(sorted(order.flags))
    return [
        order.id, order.country, order.value.currency, order.value.amount, weight, size,
        order.postcode, order.parcels, flags, order.coupon, order.ordered,
    ]  # fmt: skip
