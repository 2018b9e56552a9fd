"""A pool: which client has its session on which server, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from .errors import NoCapacity, ServerError
from .moments import Clock
from .servers import Member, ServerSpec, ServerState, Session, client_key
from .settings import PoolRules
from .strategies import Strategy


@dataclass(frozen=True)
class Move:
    """A session that changed servers; without a target it was dropped."""

    client: str
    source: str
    target: str | None


class Pool:
    def __init__(self, name: str, strategy: Strategy, rules: PoolRules, clock: Clock) -> None:
        self.name = name
        self.strategy = strategy
        self.rules = rules
        self._clock = clock
        self._members: dict[str, Member] = {}
        self._homes: dict[str, str] = {}
        self._joined = 0
        self.removed: set[str] = set()

    def __iter__(self) -> Iterator[Member]:
        """The servers in the order in which they joined."""
        return iter(list(self._members.values()))

    def join(self, spec: ServerSpec, state: ServerState = ServerState.ACTIVE) -> Member:
        if spec.id in self._members:
            raise ServerError(f"{spec.id} is in the pool already")
        self._joined += 1
        member = Member(spec, self._joined, state)
        self._members[spec.id] = member
        self.removed.discard(spec.id)
        self.strategy.joined(member)
        return member

    def member(self, server: str) -> Member:
        member = self._members.get(server.strip().lower())
        if member is None:
            raise ServerError(f"no server {server!r} in pool {self.name}")
        return member

    def connect(self, client: str, zone: str | None = None) -> str:
        """The server of the client's session, chosen now if there was none.

        Servers of the client's zone are preferred. Raises NoCapacity.
        """
        client = client_key(client)
        now = self._clock()
        home = self._homes.get(client)
        if home is not None:
            sessions = self._members[home].sessions
            sessions[client] = replace(sessions[client], seen=now)
            return home
        member = self._choose(client, zone)
        self._place(client, member, Session(now, now))
        return member.id

    def disconnect(self, client: str) -> str | None:
        """End a session; the server that had it, or None when there was no session."""
        client = client_key(client)
        home = self._homes.pop(client, None)
        if home is not None:
            del self._members[home].sessions[client]
        return home

    def home_of(self, client: str) -> str | None:
        return self._homes.get(client_key(client))

    def homes(self) -> dict[str, str]:
        return dict(self._homes)

    def drain(self, server: str) -> Member:
        """Send no new clients to a server; its sessions may go on until the drain times out."""
        member = self.member(server)
        others = [other for other in self if other is not member]
        if not any(other.state is ServerState.ACTIVE for other in others):
            raise ServerError(f"{member.id} is the last active server of pool {self.name}")
        member.change(ServerState.DRAINING)
        member.drain_until = self._clock() + self.rules.drain_timeout
        return member

    def resume(self, server: str) -> Member:
        """Make a server active: a drain is called off, or it has come up (again)."""
        member = self.member(server)
        member.change(ServerState.ACTIVE)
        return member

    def shutdown(self, server: str) -> list[Move]:
        """Move all sessions of a server to others and remove it.

        Raises NoCapacity, and changes nothing, when the others have no room for them.
        """
        member = self.member(server)
        room = self._room_beside(member)
        if room is not None and room < len(member.sessions):
            raise NoCapacity(f"room for {room} of {len(member.sessions)} sessions of {member.id}")
        if member.state is ServerState.ACTIVE:
            member.change(ServerState.DRAINING)
        return self._retire(member)

    def fail(self, server: str) -> list[Move]:
        """Take a server out that does not answer; what finds no room elsewhere is dropped."""
        member = self.member(server)
        if member.state is ServerState.DRAINING:
            return self._retire(member)
        member.change(ServerState.DOWN)
        return self._migrate(member)

    def tick(self) -> list[Move]:
        """Drop idle sessions and end the drains whose time is over or that have nothing left."""
        now = self._clock()
        moves = self._drop_idle(now)
        for member in self:
            if member.state is not ServerState.DRAINING:
                continue
            timed_out = member.drain_until is not None and member.drain_until <= now
            if timed_out or not member.sessions:
                moves += self._retire(member)
        return moves

    def counts(self) -> dict[str, int]:
        """How many servers are in each state, and how many sessions there are."""
        counts = {state.value: 0 for state in ServerState if state is not ServerState.REMOVED}
        for member in self:
            counts[member.state.value] += 1
        counts["sessions"] = len(self._homes)
        return counts

    def put_back(self, client: str, server: str, session: Session) -> None:
        """Restore a session of a snapshot."""
        self._place(client, self._members[server], session)

    def forget(self, server: str) -> None:
        """Leave out a server that had been removed before a restart, if the file still has it."""
        if server in self._members:
            self._remove(self._members[server])

    def _choose(self, client: str, zone: str | None) -> Member:
        candidates = [member for member in self if member.takes_sessions()]
        if not candidates:
            raise NoCapacity(f"no server of pool {self.name} takes sessions")
        wanted = (zone or "").strip().lower()
        near = [member for member in candidates if wanted and member.spec.zone == wanted]
        return self.strategy.choose(client, near or candidates)

    def _place(self, client: str, member: Member, session: Session) -> None:
        member.sessions[client] = session
        self._homes[client] = member.id

    def _room_beside(self, leaving: Member) -> int | None:
        """How many sessions the other servers have room for; None for any number."""
        room = 0
        for member in self:
            if member is leaving or not member.takes_sessions():
                continue
            if member.free is None:
                return None
            room += member.free
        return room

    def _retire(self, member: Member) -> list[Move]:
        moves = self._migrate(member)
        member.change(ServerState.REMOVED)
        self._remove(member)
        return moves

    def _remove(self, member: Member) -> None:
        del self._members[member.id]
        self.removed.add(member.id)
        self.strategy.left(member)

    def _migrate(self, member: Member) -> list[Move]:
        """Move every session to another server, the oldest first, if possible in the same zone."""
        moves = []
        waiting = sorted(member.sessions.items(), key=lambda item: (item[1].since, item[0]))
        for client, session in waiting:
            del member.sessions[client]
            del self._homes[client]
            try:
                target = self._choose(client, member.spec.zone)
            except NoCapacity:
                moves.append(Move(client, member.id, None))
                continue
            self._place(client, target, session)
            moves.append(Move(client, member.id, target.id))
        return moves

    def _drop_idle(self, now: datetime) -> list[Move]:
        moves = []
        for member in self:
            for client, session in list(member.sessions.items()):
                if now - session.seen >= self.rules.session_ttl:
                    self.disconnect(client)
                    moves.append(Move(client, member.id, None))
        return moves
