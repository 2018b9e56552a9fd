"""Servers: how they are written, what state they are in, and the sessions that they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from .errors import ServerError, SessionError

LONGEST_ID = 32
LONGEST_CLIENT = 128
HIGHEST_PORT = 65535

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ENDPOINT = re.compile(
    r"""
    (?P<host>
        \[ [0-9a-f:]{2,39} \]
      | [a-z0-9] (?: [a-z0-9.-]* [a-z0-9] )?
    )
    (?: : (?P<port> \d{1,5} ) )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


class ServerState(Enum):
    STARTING = "starting"
    ACTIVE = "active"
    DRAINING = "draining"
    DOWN = "down"
    REMOVED = "removed"


_STEPS: dict[ServerState, set[ServerState]] = {
    ServerState.STARTING: {ServerState.ACTIVE, ServerState.DOWN, ServerState.REMOVED},
    ServerState.ACTIVE: {ServerState.DRAINING, ServerState.DOWN},
    ServerState.DRAINING: {ServerState.ACTIVE, ServerState.REMOVED},
    ServerState.DOWN: {ServerState.ACTIVE, ServerState.REMOVED},
    ServerState.REMOVED: set(),
}


@dataclass(frozen=True)
class ServerSpec:
    """A server as the pool file has it; without a capacity it takes any number of sessions."""

    id: str
    host: str
    port: int
    weight: int = 1
    capacity: int | None = None
    zone: str = ""

    @property
    def endpoint(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Session:
    since: datetime
    seen: datetime


@dataclass
class Member:
    """A server in a pool; `order` counts up as servers join."""

    spec: ServerSpec
    order: int
    state: ServerState = ServerState.ACTIVE
    sessions: dict[str, Session] = field(default_factory=dict)
    drain_until: datetime | None = None

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def free(self) -> int | None:
        """How many sessions fit in; None for any number."""
        if self.spec.capacity is None:
            return None
        return max(0, self.spec.capacity - len(self.sessions))

    @property
    def load(self) -> float:
        return len(self.sessions) / self.spec.weight

    def takes_sessions(self) -> bool:
        return self.state is ServerState.ACTIVE and self.free != 0

    def change(self, state: ServerState) -> None:
        if state not in _STEPS[self.state]:
            raise ServerError(f"{self.id} is {self.state.value} and can't become {state.value}")
        self.state = state
        self.drain_until = None


def parse_id(text: str) -> str:
    cleaned = text.strip().lower()
    if not _ID.fullmatch(cleaned):
        raise ServerError(f"not a server id: {text!r}")
    if len(cleaned) > LONGEST_ID:
        raise ServerError(f"server id longer than {LONGEST_ID} characters")
    return cleaned


def parse_endpoint(text: str, default_port: int) -> tuple[str, int]:
    """Read `10.0.3.7:8443`, `app1.example` or `[fe80::1]:80`; hosts come out in lower case."""
    match = _ENDPOINT.fullmatch(text.strip())
    if match is None:
        raise ServerError(f"not an endpoint: {text!r}")
    port = default_port if match["port"] is None else int(match["port"])
    if not 1 <= port <= HIGHEST_PORT:
        raise ServerError(f"no such port: {port}")
    return match["host"].lower(), port


def client_key(client: str) -> str:
    """Client ids are opaque: blanks around are cut off, and nothing else is changed."""
    cleaned = client.strip()
    if not cleaned:
        raise SessionError("a client needs an id")
    if len(cleaned) > LONGEST_CLIENT:
        raise SessionError(f"client id longer than {LONGEST_CLIENT} characters")
    return cleaned
