"""Merchants' endpoints: their configuration, subscriptions and secrets."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from hookrelay.catalogue import check_pattern, find_type, matches
from hookrelay.errors import EndpointError, EventError, NotFound, SignatureError
from hookrelay.events import Event, parse_merchant
from hookrelay.moments import from_text, to_text
from hookrelay.signing import check_secret

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{2,39}")
_CONTACT = re.compile(r"[^@\s,;]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_INTERNAL = (".internal", ".local", ".localhost")
_KEYS = {"id", "merchant", "url", "events", "secret", "contact", "paused"}


class EndpointState(Enum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Secret:
    value: str
    expires: datetime | None = None

    def good(self, now: datetime) -> bool:
        return self.expires is None or now < self.expires


@dataclass(frozen=True)
class Endpoint:
    id: str
    merchant: str
    url: str
    patterns: tuple[str, ...]
    secrets: tuple[Secret, ...]
    contact: str
    state: EndpointState = EndpointState.ACTIVE

    def wants(self, event: Event) -> bool:
        kind = find_type(event.type)
        return any(matches(pattern, kind) for pattern in self.patterns)

    def signing_secrets(self, now: datetime) -> list[str]:
        """Secrets that sign now, the newest first."""
        return [secret.value for secret in self.secrets if secret.good(now)]


def check_url(text: str) -> str:
    """The address in one spelling: https, public host in lower case, no fragment.

    Raises EndpointError for what could reach into our own network or would show a password.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise EndpointError(f"not an address: {text!r}") from None
    if parts.scheme != "https":
        raise EndpointError(f"endpoints are https, got {parts.scheme or 'nothing'!r}")
    if parts.username is not None:
        raise EndpointError("an address must not hold a user name or password")
    if host.endswith(_INTERNAL):
        raise EndpointError(f"{host} is not a public host name")
    if _HOST.fullmatch(host) is None:
        raise EndpointError(f"not a host name: {host!r}")
    place = host if port in (None, 443) else f"{host}:{port}"
    return urlunsplit(("https", place, parts.path or "/", parts.query, ""))


def parse_endpoint(record: dict[str, Any]) -> Endpoint:
    """An endpoint from its configuration. Raises EndpointError."""
    unknown = sorted(set(record) - _KEYS)
    if unknown:
        raise EndpointError(f"unknown keys: {', '.join(unknown)}")
    for name in ("id", "merchant", "url", "secret", "contact"):
        if not isinstance(record.get(name), str):
            raise EndpointError(f"an endpoint needs {name}")
    endpoint_id = record["id"].strip().lower()
    if _ID.fullmatch(endpoint_id) is None:
        raise EndpointError(f"not an endpoint id: {record['id']!r}")
    contact = record["contact"].strip()
    if _CONTACT.fullmatch(contact) is None:
        raise EndpointError(f"{endpoint_id}: not a contact: {contact!r}")
    try:
        merchant = parse_merchant(record["merchant"])
        secret = check_secret(record["secret"])
    except (EventError, SignatureError) as problem:
        raise EndpointError(f"{endpoint_id}: {problem}") from None
    url, patterns = check_url(record["url"]), _patterns(record.get("events", ["*"]))
    state = EndpointState.PAUSED if record.get("paused") else EndpointState.ACTIVE
    return Endpoint(endpoint_id, merchant, url, patterns, (Secret(secret),), contact, state)


def _patterns(texts: Any) -> tuple[str, ...]:
    """Subscriptions in the order given, each once."""
    if not isinstance(texts, list) or not texts:
        raise EndpointError("events must be a list of patterns")
    return tuple(dict.fromkeys(check_pattern(str(text)) for text in texts))


def read_endpoints(path: Path) -> list[Endpoint]:
    """The endpoints of a configuration file `{"endpoints": [...]}`; ids must differ."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        records = document["endpoints"]
    except FileNotFoundError:
        raise EndpointError(f"there is no file {path.name}") from None
    except (ValueError, KeyError, TypeError):
        raise EndpointError(f"{path.name} is no endpoint configuration") from None
    endpoints = [parse_endpoint(record) for record in records]
    seen: set[str] = set()
    for endpoint in endpoints:
        if endpoint.id in seen:
            raise EndpointError(f"{endpoint.id} is there twice")
        seen.add(endpoint.id)
    return endpoints


def _to_record(endpoint: Endpoint) -> str:
    secrets = [
        {"value": secret.value, "expires": to_text(secret.expires) if secret.expires else None}
        for secret in endpoint.secrets
    ]
    fields = {"url": endpoint.url, "patterns": endpoint.patterns, "contact": endpoint.contact}
    return json.dumps({**fields, "secrets": secrets})


def _from_row(row: sqlite3.Row) -> Endpoint:
    record = json.loads(row["record"])
    secrets = tuple(
        Secret(entry["value"], from_text(entry["expires"]) if entry["expires"] else None)
        for entry in record["secrets"]
    )
    patterns, state = tuple(record["patterns"]), EndpointState(row["state"])
    return Endpoint(
        row["id"], row["merchant"], record["url"], patterns, secrets, record["contact"], state
    )


class EndpointBook:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def save(self, endpoint: Endpoint) -> None:
        self.db.execute(
            "INSERT INTO endpoints (id, merchant, state, record) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record",
            (endpoint.id, endpoint.merchant, endpoint.state.value, _to_record(endpoint)),
        )

    def configure(self, endpoint: Endpoint) -> str:
        """Take over a configuration; gives "added", "changed" or "unchanged".

        An endpoint that is known keeps its secrets, and stays disabled until its address changes.
        """
        try:
            known = self.get(endpoint.id)
        except NotFound:
            self.save(endpoint)
            return "added"
        if known.merchant != endpoint.merchant:
            raise EndpointError(f"{endpoint.id} belongs to {known.merchant}")
        wanted = replace(endpoint, secrets=known.secrets)
        if known.state is EndpointState.DISABLED and known.url == endpoint.url:
            wanted = replace(wanted, state=EndpointState.DISABLED)
        self.save(wanted)
        return "unchanged" if wanted == known else "changed"

    def get(self, endpoint_id: str) -> Endpoint:
        row = self.db.execute("SELECT * FROM endpoints WHERE id = ?", (endpoint_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no endpoint {endpoint_id}")
        return _from_row(row)

    def of_merchant(self, merchant: str) -> list[Endpoint]:
        rows = self.db.execute(
            "SELECT * FROM endpoints WHERE merchant = ? ORDER BY id", (merchant,)
        )
        return [_from_row(row) for row in rows]

    def subscribed(self, event: Event) -> list[Endpoint]:
        """The merchant's endpoints that want the event; paused ones get it when they go on."""
        return [
            endpoint
            for endpoint in self.of_merchant(event.merchant)
            if endpoint.state is not EndpointState.DISABLED and endpoint.wants(event)
        ]

    def set_state(self, endpoint_id: str, state: EndpointState) -> Endpoint:
        endpoint = replace(self.get(endpoint_id), state=state)
        self.save(endpoint)
        return endpoint

    def rotate(self, endpoint_id: str, secret: str, now: datetime, overlap: timedelta) -> Endpoint:
        """Sign with a new secret, and for the time of the overlap with the old ones as well."""
        endpoint = self.get(endpoint_id)
        value = check_secret(secret)
        if any(known.value == value for known in endpoint.secrets):
            raise EndpointError(f"{endpoint_id} has had this secret before")
        until = now + overlap
        old = [
            replace(known, expires=min(known.expires or until, until))
            for known in endpoint.secrets
            if known.good(now)
        ]
        endpoint = replace(endpoint, secrets=(Secret(value), *old))
        self.save(endpoint)
        return endpoint
