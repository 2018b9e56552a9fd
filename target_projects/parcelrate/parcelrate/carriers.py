"""The carriers and their tariffs (`carriers.json`): prices by country, weight bands, surcharges."""

import json
import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from parcelrate.errors import NoService
from parcelrate.money import Money, parse_decimal
from parcelrate.orders import Order, Parcel
from parcelrate.regions import Place


@dataclass(frozen=True)
class Carrier:
    """Prices are in `currency`. A band reaches up to its weight in grams, that weight included;
    each begun kilogram beyond the last band costs `per_kg`."""

    code: str
    name: str
    currency: str
    divisor: int
    step_g: int
    max_weight_g: int
    max_side_cm: int
    fuel_percent: Decimal
    free_shipping: bool
    per_kg: Decimal
    bands: tuple[tuple[int, Decimal], ...]
    surcharges: Mapping[str, Decimal]
    countries: Mapping[str, Decimal]
    regions: Mapping[str, Decimal]

    def billable_g(self, parcel: Parcel) -> int:
        """The weight or, for bulky parcels, the volumetric weight, in whole steps.

        The divisor is in cubic centimetres per kilogram, as carriers state it.
        """
        volumetric = math.ceil(parcel.volume_mm3 / self.divisor)
        return math.ceil(max(parcel.weight_g, volumetric) / self.step_g) * self.step_g

    def base_price(self, place: Place) -> Money:
        """The price to a country, else the nearest region's. Raises NoService."""
        price = self.countries.get(place.country)
        for region in place.regions:
            if price is not None:
                break
            price = self.regions.get(region)
        if price is None:
            raise NoService(f"does not go to {place.country}")
        return Money.of(price, self.currency)

    def weight_price(self, parcel: Parcel) -> Money:
        weight_g = self.billable_g(parcel)
        if weight_g > self.max_weight_g:
            raise NoService(f"takes no more than {self.max_weight_g} g")
        index = bisect_left([limit for limit, _ in self.bands], weight_g)
        if index < len(self.bands):
            return Money.of(self.bands[index][1], self.currency)
        limit, price = self.bands[-1]
        beyond = math.ceil((weight_g - limit) / 1000)
        return Money.of(price + beyond * self.per_kg, self.currency)

    def surcharges_of(self, order: Order, remote: bool) -> list[tuple[str, Money]]:
        """What costs extra, in the order of quotes. Raises NoService for what is not taken."""
        names = sorted(order.flags)
        if remote:
            names.insert(0, "remote")
        if order.parcel.sides[0] > self.max_side_cm * 10:
            names.append("oversize")
        for name in names:
            if name not in self.surcharges:
                raise NoService(f"takes no {name} parcels")
        return [(name, Money.of(self.surcharges[name], self.currency)) for name in names]


def read_carrier(code: str, entry: Mapping[str, Any]) -> Carrier:
    bands = {int(limit): price for limit, price in _prices(entry["bands"]).items()}
    read = {
        "fuel_percent": parse_decimal(entry["fuel_percent"]),
        "per_kg": parse_decimal(entry["per_kg"]),
        "bands": tuple(sorted(bands.items())),
        **{name: _prices(entry[name]) for name in ("surcharges", "countries", "regions")},
    }
    return Carrier(code=code, **{**entry, **read})


def _prices(table: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: parse_decimal(price) for name, price in table.items()}


@cache
def carriers() -> tuple[Carrier, ...]:
    """The carriers of the data file, in the order of their codes."""
    file = resources.files("parcelrate").joinpath("carriers.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    return tuple(read_carrier(code, entry) for code, entry in sorted(document.items()))
