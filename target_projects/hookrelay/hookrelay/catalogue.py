"""The event types we send, from `event_types.json`, and the patterns merchants subscribe with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

from hookrelay.errors import EndpointError, EventError

_PATTERN = re.compile(r"\*|[a-z]+\.(?:\*|[a-z]+)")


@dataclass(frozen=True)
class EventType:
    name: str
    amount: Literal["required", "optional", "none"]

    @property
    def family(self) -> str:
        return self.name.partition(".")[0]


@lru_cache(maxsize=1)
def event_types() -> Mapping[str, EventType]:
    """All types by name, in the file's order."""
    text = resources.files("hookrelay").joinpath("event_types.json").read_text(encoding="utf-8")
    types = [EventType(entry["name"], entry["amount"]) for entry in json.loads(text)["types"]]
    return MappingProxyType({kind.name: kind for kind in types})


def find_type(name: str) -> EventType:
    """The type of that name, in any case. Raises EventError."""
    wanted = name.strip().lower()
    if wanted not in event_types():
        raise EventError(f"unknown event type {name!r}")
    return event_types()[wanted]


def check_pattern(text: str) -> str:
    """A subscription pattern that fits at least one type: `payment.succeeded`, `refund.*`, `*`."""
    pattern = text.strip().lower()
    if _PATTERN.fullmatch(pattern) is None:
        raise EndpointError(f"not a pattern: {text!r}")
    if not any(matches(pattern, kind) for kind in event_types().values()):
        raise EndpointError(f"no event type fits {pattern!r}")
    return pattern


def matches(pattern: str, kind: EventType) -> bool:
    """Pings go only to those who ask for them by name."""
    if pattern == "*":
        return kind.family != "endpoint"
    return pattern in (kind.name, f"{kind.family}.*")
