"""Turns an amount of one currency into one of another, less our fee.

A pair without a rate of its own is answered by the inverse of the opposite one, else by a chain
(USD-EUR-GBP): the shortest, and among equally short ones the one that gives most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from .codecs import read_json
from .currencies import find_currency
from .errors import ExchangeError, NoRoute
from .moments import Clock
from .money import Money
from .settings import Settings

SHOWN_PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Rate:
    """What one whole unit of `source` is worth in `target`."""

    source: str
    target: str
    value: Decimal
    at: datetime

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ExchangeError(f"{self.source}/{self.target}: a rate is more than zero")
        if self.source == self.target:
            raise ExchangeError(f"{self.source}/{self.target}: a rate needs two currencies")


@dataclass(frozen=True)
class RateFile:
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Route:
    """The currencies passed through, and the rate from the first to the last."""

    path: tuple[str, ...]
    rate: Decimal


class RateTable:
    def __init__(self, rates: Iterable[Rate], max_hops: int) -> None:
        self.max_hops = max_hops
        self._rates: dict[tuple[str, str], Rate] = {}
        for rate in rates:
            known = self._rates.get((rate.source, rate.target))
            if known is None or rate.at >= known.at:
                self._rates[rate.source, rate.target] = rate

    def fresh(self, now: datetime, max_age: timedelta) -> RateTable:
        """The table without the rates that are older than `max_age`."""
        young = [rate for rate in self._rates.values() if now - rate.at <= max_age]
        return RateTable(young, self.max_hops)

    def direct(self, source: str, target: str) -> Decimal | None:
        """The rate given for the pair, or the inverse of the opposite one."""
        rate = self._rates.get((source, target))
        if rate is not None:
            return rate.value
        opposite = self._rates.get((target, source))
        return None if opposite is None else 1 / opposite.value

    def neighbours(self, source: str) -> list[str]:
        """The currencies that can be reached in one hop, in alphabetical order."""
        found = {target for start, target in self._rates if start == source}
        found |= {start for start, target in self._rates if target == source}
        return sorted(found)

    def route(self, source: str, target: str) -> Route:
        """Raises NoRoute when no chain of at most `max_hops` rates leads there."""
        if source == target:
            return Route((source,), Decimal(1))
        reached = {source}
        ends = {source: Route((source,), Decimal(1))}
        for _ in range(self.max_hops):
            ends = self._one_further(ends, reached)
            if target in ends:
                return ends[target]
            reached.update(ends)
        raise NoRoute(f"no rate from {source} to {target} in {self.max_hops} hops")

    def _one_further(self, ends: dict[str, Route], reached: set[str]) -> dict[str, Route]:
        """The best route to each currency that was not reached with fewer hops."""
        found: dict[str, Route] = {}
        for currency, so_far in sorted(ends.items()):
            for neighbour in self.neighbours(currency):
                if neighbour in reached:
                    continue
                step = self.direct(currency, neighbour)
                assert step is not None
                route = Route((*so_far.path, neighbour), so_far.rate * step)
                if neighbour not in found or route.rate > found[neighbour].rate:
                    found[neighbour] = route
        return found


def read_rates(path: Path) -> list[Rate]:
    """The rates of the feed's file; none when it has not come yet."""
    try:
        content = read_json(RateFile, path, unknown="ignore")
    except FileNotFoundError:
        return []
    return list(content.rates)


@dataclass(frozen=True)
class Conversion:
    """`fee` is part of `source`; only the rest of it was exchanged."""

    source: Money
    fee: Money
    target: Money
    rate: Decimal
    path: tuple[str, ...]


class Exchange:
    def __init__(self, table: RateTable, settings: Settings, clock: Clock) -> None:
        self.table = table
        self.settings = settings
        self.clock = clock

    @classmethod
    def from_settings(cls, settings: Settings, clock: Clock) -> Exchange:
        return cls(RateTable(read_rates(settings.rates), settings.max_hops), settings, clock)

    def convert(self, amount: Money, target: str) -> Conversion:
        """Exchange at the rates of now; within one currency there is no fee.

        The chain is multiplied exactly and rounded once, at its end. Raises NoRoute without rates
        that are young enough, and ExchangeError when nothing would be left.
        """
        code = find_currency(target).code
        if amount.minor <= 0:
            raise ExchangeError(f"cannot exchange {amount}")
        if amount.currency == code:
            return Conversion(amount, Money(0, code), amount, Decimal(1), (code,))
        table = self.table.fresh(self.clock(), self.settings.rate_max_age)
        route = table.route(amount.currency, code)
        fee = amount.percent_up(self.settings.exchange_percent)
        result = Money.of((amount - fee).major * route.rate, code)
        if not result:
            raise ExchangeError(f"{amount} is too little to exchange into {code}")
        # Shown to people; the amounts come from the exact rate.
        shown = route.rate.quantize(SHOWN_PLACES)
        return Conversion(amount, fee, result, shown, route.path)
