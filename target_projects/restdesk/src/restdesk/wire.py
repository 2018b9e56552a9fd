"""Requests and responses as WSGI servers hand them over."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from .errors import ApiError, Invalid

_LENGTH = re.compile(r"[0-9]{1,12}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Request:
    """Names of headers are in small letters."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> dict[str, Any]:
        """The JSON object in the body; {} when there is no body."""
        if not self.body.strip():
            return {}
        media_type = self.headers.get("content-type", "application/json").split(";")[0]
        if media_type.strip().lower() != "application/json":
            raise Invalid(f"Send JSON, not {media_type}", "body_not_json")
        try:
            document = json.loads(self.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise Invalid("The body is not JSON", "body_not_json") from None
        if not isinstance(document, dict):
            raise Invalid("The body must be a JSON object", "body_not_object")
        return document


@dataclass(frozen=True)
class Response:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: str) -> Response:
        """A copy with more headers; `X_Request_Id=...` is the header X-Request-Id."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(self.status, self.body, {**self.headers, **named})

    def render(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and bytes."""
        line = f"{self.status} {HTTPStatus(self.status).phrase}"
        headers = dict(self.headers)
        if self.status == 204:
            return line, sorted(headers.items()), b""
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        # Half a surrogate pair, quoted back from a request, is no text but still JSON: `\ud83d`.
        content = text.encode("utf-8", errors="backslashreplace")
        headers["Content-Type"] = "application/json; charset=utf-8"
        headers["Content-Length"] = str(len(content))
        return line, sorted(headers.items()), content


def read_request(environ: Mapping[str, Any], max_body: int) -> Request:
    return Request(
        method=environ["REQUEST_METHOD"].upper(),
        path=read_path(environ),
        query=parse_query(environ.get("QUERY_STRING", "")),
        headers=_headers(environ),
        body=_body(environ, max_body),
    )


def read_path(environ: Mapping[str, Any]) -> str:
    """The path as text: servers hand its bytes over as if they were Latin-1."""
    path: str = environ.get("PATH_INFO", "")
    return path.encode("latin-1").decode("utf-8", errors="replace") or "/"


def parse_query(text: str) -> dict[str, str]:
    """Parameters by name. Given twice, or empty, they are refused: which one would count?"""
    pairs = [(name, value.strip()) for name, value in parse_qsl(text, keep_blank_values=True)]
    query = dict(pairs)
    if len(query) < len(pairs):
        raise Invalid("A parameter is given twice", "parameter_twice")
    for name, value in query.items():
        if not value:
            raise Invalid(f"{name} is empty", "parameter_empty", name)
    return query


def error_response(error: ApiError, request_id: str) -> Response:
    return Response(error.status, error.body(request_id), error.headers())


def choose_request_id(given: str | None, fallback: str) -> str:
    """The caller's own id where it is fit for logs, so that both sides' logs can be joined."""
    given = (given or "").strip()
    return given if _REQUEST_ID.fullmatch(given) else fallback


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    sent = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            sent[name] = environ[name]
    return {name.replace("_", "-").lower(): value for name, value in sent.items()}


def _body(environ: Mapping[str, Any], max_body: int) -> bytes:
    text = environ.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(text):
        raise Invalid("Content-Length must be a number", "body_length")
    length = int(text)
    if length > max_body:
        raise Invalid(f"The body has more than {max_body} bytes", "body_too_large")
    if length == 0:
        return b""
    content = environ["wsgi.input"].read(length)
    if len(content) < length:
        raise Invalid("The body ended early", "body_length")
    return bytes(content)
