"""The client: retries what may pass later, and reads lists page by page."""

from __future__ import annotations

import io
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from .errors import RestdeskError
from .records import Ids, random_id
from .settings import RetryPolicy

Transport = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]
"""Takes method, path with query, headers, body; returns status, headers, body."""


@dataclass
class Failure(RestdeskError):
    """An answer of 400 or above, after the last attempt."""

    status: int
    kind: str
    code: str | None
    message: str
    request_id: str | None
    attempts: int

    def __str__(self) -> str:
        return f"{self.status} {self.code or self.kind}: {self.message}"


@dataclass
class Client:
    transport: Transport
    secret: str
    policy: RetryPolicy
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    ids: Ids = random_id

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        return self.request("GET", path, params=params)

    def create(
        self, path: str, body: Mapping[str, Any], idempotency_key: str | None = None
    ) -> dict[str, Any]:
        return self.request("POST", path, body, idempotency_key=idempotency_key)

    def update(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self.request("PATCH", path, body)

    def delete(self, path: str) -> None:
        self.request("DELETE", path)

    def iterate(self, path: str, limit: int = 100, **params: Any) -> Iterator[dict[str, Any]]:
        """Every entry of a list, a page at a time, as long as there are more."""
        wanted = {**params, "limit": limit}
        while True:
            page = self.get(path, **wanted)
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            wanted["starting_after"] = page["data"][-1]["id"]

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """The body of a good answer (None when there is none). Raises Failure otherwise."""
        headers = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json"}
        if method == "POST":
            # One for all attempts: the server must see that they are the same request.
            headers["Idempotency-Key"] = idempotency_key or self.ids("idem")
        content = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, ensure_ascii=False).encode("utf-8")
        given = {name: value for name, value in (params or {}).items() if value is not None}
        url = f"{path}?{urlencode(given)}" if given else path
        attempt = 1
        while True:
            status, answered, raw = self.transport(method, url, headers, content)
            if status < 400:
                return json.loads(raw.decode("utf-8")) if raw else None
            wait = self._wait(status, answered, attempt)
            if wait is None:
                raise _failure(status, answered, raw, attempt)
            self.sleep(wait)
            attempt += 1

    def _wait(self, status: int, headers: Mapping[str, str], attempt: int) -> float | None:
        """Seconds until the next attempt; None when there is no point in one."""
        if not may_pass_later(status) or attempt >= self.policy.max_attempts:
            return None
        wait = backoff(attempt, self.policy, self.chance())
        asked = parse_retry_after(headers.get("Retry-After", ""))
        if asked is None:
            return wait
        if asked > self.policy.patience.total_seconds():
            return None
        return max(asked, wait)


def may_pass_later(status: int) -> bool:
    return status == 429 or 500 <= status <= 599


def backoff(attempt: int, policy: RetryPolicy, chance: float) -> float:
    """Doubled after every attempt up to the cap; half of it is left to chance (0 to 1)."""
    full = min(policy.base * 2 ** (attempt - 1), policy.cap) / timedelta(seconds=1)
    return full / 2 + full / 2 * chance


def parse_retry_after(text: str) -> float | None:
    """Seconds; None when there is no number to be read (a date: no server of ours sends one)."""
    if not text.strip().isdecimal():
        return None
    return float(text)


def _failure(status: int, headers: Mapping[str, str], raw: bytes, attempts: int) -> Failure:
    try:
        error = json.loads(raw.decode("utf-8"))["error"]
        kind, message = error["type"], error["message"]
    except (ValueError, KeyError, TypeError):
        # Some proxy on the way answered, not the API.
        error, kind, message = {}, "unreadable", raw.decode("utf-8", errors="replace")[:100]
    request_id = error.get("request_id") or headers.get("X-Request-Id")
    return Failure(status, kind, error.get("code"), message, request_id, attempts)


def wsgi_transport(app: Callable[..., Any]) -> Transport:
    """Calls a WSGI application in this process: batch jobs that live beside the service."""

    def send(
        method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path.encode("utf-8").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        content = b"".join(app(environ, lambda line, pairs: begun.append((line, pairs))))
        line, pairs = begun[-1]
        return int(line[:3]), dict(pairs), content

    return send
