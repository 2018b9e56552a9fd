"""HTTP requests to the endpoints, and the ways to send them."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from hookrelay import __version__
from hookrelay.endpoints import Endpoint
from hookrelay.errors import TransportFault
from hookrelay.events import decode_body
from hookrelay.signing import HEADER, sign


@dataclass(frozen=True)
class Request:
    url: str
    headers: dict[str, str]
    body: bytes
    timeout: timedelta


@dataclass(frozen=True)
class Response:
    """Header names are in lower case."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Transport(Protocol):
    def post(self, request: Request) -> Response:
        """Raises TransportFault when there is no answer."""


Connect = Callable[[str, int, float], http.client.HTTPConnection]


def build_request(
    endpoint: Endpoint, body: bytes, number: int, now: datetime, timeout: timedelta
) -> Request:
    """The signed request of the attempt with that number."""
    event = decode_body(body)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"hookrelay/{__version__}",
        "Relay-Event-Id": event.id,
        "Relay-Event-Type": event.type,
        "Relay-Attempt": str(number),
        HEADER: sign(endpoint.signing_secrets(now), now, body),
    }
    return Request(endpoint.url, headers, body, timeout)


def open_connection(host: str, port: int, seconds: float) -> http.client.HTTPConnection:
    return http.client.HTTPSConnection(host, port, timeout=seconds)


class HttpTransport:
    """Sends for real. Redirects are not followed: they count as failures."""

    def __init__(self, read_limit: int, connect: Connect = open_connection) -> None:
        self.read_limit = read_limit
        self.connect = connect

    def post(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection = self.connect(
            parts.hostname or "", parts.port or 443, request.timeout.total_seconds()
        )
        try:
            connection.request("POST", target, request.body, request.headers)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, answer.read(self.read_limit), headers)
        except TimeoutError:
            seconds = f"{request.timeout.total_seconds():g}"
            raise TransportFault("timeout", f"no answer within {seconds} s") from None
        except (OSError, http.client.HTTPException) as problem:
            detail = str(problem) or type(problem).__name__
            raise TransportFault("connection", detail) from problem
        finally:
            connection.close()


class SpoolTransport:
    """For rehearsals: writes every request into `<folder>/<host>/` and answers 202."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def post(self, request: Request) -> Response:
        host = urlsplit(request.url).hostname or "unknown"
        event_id = request.headers["Relay-Event-Id"]
        number = int(request.headers["Relay-Attempt"])
        target = self.folder / host / f"{event_id}-{number:03d}.http"
        lines = [f"POST {request.url}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        text = "\n".join([*lines, "", request.body.decode("utf-8"), ""])
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        except OSError as problem:
            raise TransportFault("connection", f"spool: {problem.strerror}") from problem
        return Response(202, b"spooled")
