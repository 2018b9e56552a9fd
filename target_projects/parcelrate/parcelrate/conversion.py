"""Turns amounts of one currency into another, and says which carriers settle it.

Lower is cheaper: a rate is what the customer pays for a unit. A route of several hops costs
`hop_fee` per cent for each hop after the first, and passes through no currency twice.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from parcelrate.errors import NoRoute
from parcelrate.money import Money
from parcelrate.ratestrings import Rate


class Policy(Enum):
    DIRECT = "direct"
    SHORTEST = "shortest"
    CHEAPEST = "cheapest"


@dataclass(frozen=True)
class Route:
    """`carriers` has one entry per hop, `currencies` one more; `rate` includes the hop fees."""

    currencies: tuple[str, ...]
    carriers: tuple[str, ...] = ()
    rate: Decimal = Decimal(1)

    @property
    def carrier(self) -> str | None:
        """The carrier that takes the money in; none when nothing has to be converted."""
        return self.carriers[0] if self.carriers else None

    def __str__(self) -> str:
        text = self.currencies[0]
        for carrier, currency in zip(self.carriers, self.currencies[1:]):
            text += f" -{carrier}-> {currency}"
        return text


def _cheapest(route: Route) -> tuple[Any, ...]:
    return route.rate, len(route.carriers), route.carriers


def _shortest(route: Route) -> tuple[Any, ...]:
    return len(route.carriers), route.rate, route.carriers


class RateTable:
    def __init__(self, rates: Iterable[Rate], max_hops: int = 3, hop_fee: Decimal = Decimal(0)):
        self.max_hops = max_hops
        self.hop_factor = 1 + hop_fee / 100
        self._offers: dict[str, dict[str, list[Rate]]] = defaultdict(dict)
        for rate in sorted(rates, key=lambda rate: (rate.value, rate.carrier)):
            self._offers[rate.source].setdefault(rate.target, []).append(rate)

    def convert(
        self, money: Money, target: str, policy: Policy, only: Collection[str] | None = None
    ) -> tuple[Money, Route]:
        """Raises NoRoute; `only` these carriers are used, whatever their capitals."""
        if money.currency == target:
            return money, Route((target,))
        allowed = None if only is None else {name.casefold() for name in only}
        most = 1 if policy is Policy.DIRECT else self.max_hops
        routes = self._routes(money.currency, target, most, allowed)
        order = _shortest if policy is Policy.SHORTEST else _cheapest
        route = min(routes, key=order, default=None)
        if route is None:
            raise NoRoute(f"no rate from {money.currency} to {target}")
        return Money.of(money.amount * route.rate, target), route

    def _routes(
        self, source: str, target: str, most: int, allowed: set[str] | None
    ) -> Iterator[Route]:
        waiting = deque([Route((source,))])
        while waiting:
            route = waiting.popleft()
            if route.currencies[-1] == target:
                yield route
            elif len(route.carriers) < most:
                waiting.extend(self._extensions(route, allowed))

    def _extensions(self, route: Route, allowed: set[str] | None) -> Iterator[Route]:
        """The route with one more hop: to each new currency, by the cheapest carrier."""
        factor = self.hop_factor if route.carriers else Decimal(1)
        for target, offers in self._offers.get(route.currencies[-1], {}).items():
            if target in route.currencies:
                continue
            for offer in offers:
                if allowed is None or offer.carrier.casefold() in allowed:
                    rate = route.rate * offer.value * factor
                    carriers = (*route.carriers, offer.carrier)
                    yield Route((*route.currencies, target), carriers, rate)
                    break
