"""What a day's requests add up to: by server and by user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timezone
from decimal import ROUND_HALF_UP, Decimal

from .accesslog import Entry
from .moments import local_day

TOO_MANY_REQUESTS = 429
UNASSIGNED = "(none)"


@dataclass
class ServerUsage:
    requests: int = 0
    errors: int = 0
    size: int = 0
    times: list[int] = field(default_factory=list)


@dataclass
class UserUsage:
    """Requests that count for the plan, and those that the limits refused."""

    requests: int = 0
    refused: int = 0


@dataclass
class DayUsage:
    day: date
    servers: dict[str, ServerUsage] = field(default_factory=lambda: defaultdict(ServerUsage))
    users: dict[str, UserUsage] = field(default_factory=lambda: defaultdict(UserUsage))

    @property
    def requests(self) -> int:
        return sum(server.requests for server in self.servers.values())

    def add(self, entry: Entry) -> None:
        self._add_to_server(self.servers[entry.server or UNASSIGNED], entry)
        if entry.user is None:
            return
        if entry.status == TOO_MANY_REQUESTS:
            self.users[entry.user].refused += 1
        elif not is_failure(entry.status):
            self.users[entry.user].requests += 1

    def _add_to_server(self, server: ServerUsage, entry: Entry) -> None:
        server.requests += 1
        server.size += entry.size
        if is_failure(entry.status):
            server.errors += 1
        server.times.append(entry.milliseconds)


def is_failure(status: int) -> bool:
    """Whether it was our fault; what the client did wrong is no failure of ours."""
    return status >= 500


def collect(entries: Iterable[Entry], day: date, zone: timezone) -> DayUsage:
    """The usage of one local day; entries of other days are left out."""
    usage = DayUsage(day)
    for entry in entries:
        if local_day(entry.at, zone) == day:
            usage.add(entry)
    return usage


def percentile(values: Sequence[int], percent: int) -> int:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    if not values:
        return 0
    # In whole numbers: 0.07 * 100 is more than 7.
    rank = -(-len(values) * percent // 100)
    return sorted(values)[rank - 1]


def rate(part: int, whole: int) -> Decimal:
    """A share in percent with one digit; nothing of nothing is 0."""
    if whole == 0:
        return Decimal("0.0")
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
