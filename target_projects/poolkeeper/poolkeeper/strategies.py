"""How a server is chosen for a new session."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import NoCapacity, SettingsError
from .ring import HashRing
from .servers import Member

STRATEGIES = ("round-robin", "least-connections", "consistent-hash")


class Strategy:
    """`choose` gets at least one candidate, in the order in which they joined the pool.

    `cursor` is what has to survive a restart.
    """

    cursor = 0

    def joined(self, member: Member) -> None:
        """A server has come."""

    def left(self, member: Member) -> None:
        """A server has gone for good."""

    def choose(self, client: str, candidates: Sequence[Member]) -> Member:
        raise NotImplementedError


class RoundRobin(Strategy):
    """One server after the other, whatever came and went in between."""

    def choose(self, client: str, candidates: Sequence[Member]) -> Member:
        chosen = next((one for one in candidates if one.order > self.cursor), candidates[0])
        self.cursor = chosen.order
        return chosen


class LeastConnections(Strategy):
    """The fewest sessions for its weight; among equals the one that joined first."""

    def choose(self, client: str, candidates: Sequence[Member]) -> Member:
        return min(candidates, key=lambda member: (member.load, member.order))


class ConsistentHash(Strategy):
    """The owner of the client on the ring, or the next server on it that takes sessions."""

    def __init__(self, virtual_nodes: int) -> None:
        self.ring = HashRing(virtual_nodes)

    def joined(self, member: Member) -> None:
        self.ring.add(member.id, member.spec.weight)

    def left(self, member: Member) -> None:
        self.ring.remove(member.id)

    def choose(self, client: str, candidates: Sequence[Member]) -> Member:
        by_id = {member.id: member for member in candidates}
        for server in self.ring.walk(client):
            if server in by_id:
                return by_id[server]
        raise NoCapacity("no server of the ring takes sessions")


def strategy_name(text: str) -> str | None:
    """A strategy as it is written in files and variables; None when there is none like it."""
    name = text.lower().replace("_", "-")
    return name if name in STRATEGIES else None


def make_strategy(name: str, virtual_nodes: int) -> Strategy:
    match name:
        case "round-robin":
            return RoundRobin()
        case "least-connections":
            return LeastConnections()
        case "consistent-hash":
            return ConsistentHash(virtual_nodes)
        case _:
            raise SettingsError(f"unknown strategy {name!r}")
