"""Prices orders: what each carrier asks, line by line, and in the customer's currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from parcelrate.carriers import Carrier
from parcelrate.conversion import Policy, RateTable
from parcelrate.discounts import Coupon, CouponKind, FreeShipping, bulk_percent
from parcelrate.errors import CouponError, NoRoute, NoService, ParcelError, UnknownCountry
from parcelrate.money import Money
from parcelrate.orders import Order
from parcelrate.regions import WORLD, Atlas, Place


@dataclass(frozen=True)
class Line:
    label: str
    amount: Money


@dataclass(frozen=True)
class Offer:
    """`lines` in the carrier's currency, `total` in the customer's; `via` is how it got there."""

    order_id: str
    carrier: str
    lines: tuple[Line, ...]
    total: Money
    via: str
    coupon: str | None = None


@dataclass
class Pricer:
    """`home` is the currency of thresholds and fixed coupons, `day` the one at the desk.

    `uses` has, for each coupon, the orders that have a claim to it.
    """

    carriers: Iterable[Carrier]
    atlas: Atlas
    rates: RateTable
    home: str
    day: date
    policy: Policy = Policy.SHORTEST
    bulk: Mapping[int, Decimal] = field(default_factory=dict)
    free: FreeShipping = FreeShipping(None, {}, 0)
    unknown_country: str = "refuse"
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)

    def best_offers(self, orders: Iterable[Order]) -> tuple[list[Offer], dict[str, str]]:
        """The cheapest offer for each order, and why others have none, by the order's id."""
        best: list[Offer] = []
        refused: dict[str, str] = {}
        for order in orders:
            try:
                best.append(self.offers(order)[0])
            except ParcelError as problem:
                refused[order.id] = str(problem)
                continue
            if order.coupon is not None:
                self.uses.setdefault(order.coupon, set()).add(order.id)
        return best, refused

    def offers(self, order: Order) -> list[Offer]:
        """An offer of each carrier that takes the order, cheapest first.

        Raises UnknownCountry, CouponError, NoRoute; NoService when no carrier takes it.
        """
        place = self.place_of(order)
        value = self._converted(order.value, self.home)
        coupon = self.coupon_of(order, value)
        free = self.free.applies(place.country, value, order.parcel.weight_g * order.parcels)
        found, reasons = [], []
        for carrier in self.carriers:
            try:
                lines = self.lines(carrier, order, place, free, coupon)
                found.append(self.settle(carrier, order, lines))
            except (NoService, NoRoute) as problem:
                reasons.append(f"{carrier.code}: {problem}")
        if not found:
            raise NoService("; ".join(reasons))
        return sorted(found, key=lambda offer: (offer.total.minor, offer.carrier))

    def place_of(self, order: Order) -> Place:
        """Raises UnknownCountry."""
        place = self.atlas.place(order.country, order.postcode)
        if place.regions:
            return place
        if self.unknown_country == "refuse":
            raise UnknownCountry(f"unknown country {place.country}")
        return Place(place.country, (WORLD,), place.remote)

    def coupon_of(self, order: Order, value: Money) -> Coupon | None:
        """Raises CouponError; `value` is in the home currency."""
        if order.coupon is None:
            return None
        if order.coupon not in self.coupons:
            raise CouponError(f"unknown coupon {order.coupon}")
        coupon = self.coupons[order.coupon]
        others = self.uses.get(order.coupon, set()) - {order.id}
        coupon.check(value, order.ordered or self.day, len(others))
        return coupon

    def lines(
        self, carrier: Carrier, order: Order, place: Place, free: bool, coupon: Coupon | None
    ) -> list[Line]:
        """What the carrier asks, in its currency; lines of nothing are left out."""
        price = carrier.base_price(place) + carrier.weight_price(order.parcel)
        freight = price * order.parcels
        discount = -freight.percent(bulk_percent(self.bulk, order.parcels))
        fuel = (freight + discount).percent(carrier.fuel_percent)
        lines = [Line("freight", freight), Line("bulk discount", discount), Line("fuel", fuel)]
        for name, extra in carrier.surcharges_of(order, place.remote):
            lines.append(Line(name, extra * order.parcels))
        if (free and carrier.free_shipping) or (coupon and coupon.kind is CouponKind.FREE):
            lines.append(Line("free shipping", -(freight + discount + fuel)))
        if coupon is not None and coupon.kind is not CouponKind.FREE:
            off = self._coupon_value(coupon, _sum(lines, carrier.currency))
            lines.append(Line(f"coupon {coupon.code}", -off))
        return [line for line in lines if line.amount.minor != 0]

    def _coupon_value(self, coupon: Coupon, subtotal: Money) -> Money:
        if coupon.kind is CouponKind.PERCENT:
            off = subtotal.percent(coupon.value)
        else:
            off = self._converted(Money.of(coupon.value, self.home), subtotal.currency)
        return Money(min(off.minor, subtotal.minor), subtotal.currency)

    def settle(self, carrier: Carrier, order: Order, lines: list[Line]) -> Offer:
        """The offer in the customer's currency, at the carrier's own rate where it has one."""
        total, currency = _sum(lines, carrier.currency), order.value.currency
        try:
            settled, route = self.rates.convert(total, currency, Policy.DIRECT, {carrier.code})
        except NoRoute:
            settled, route = self.rates.convert(total, currency, self.policy)
        return Offer(order.id, carrier.code, tuple(lines), settled, str(route), order.coupon)

    def _converted(self, money: Money, currency: str) -> Money:
        return self.rates.convert(money, currency, self.policy)[0]


def _sum(lines: Iterable[Line], currency: str) -> Money:
    return sum((line.amount for line in lines), Money(0, currency))
