"""The dashboard's API: a WSGI application that answers in JSON.

It stands behind the gateway, which has made sure that callers only ask for their own merchant.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from hookrelay.attempts import AttemptLog, parse_query, show_attempt
from hookrelay.deliveries import Delivery, DeliveryQueue, DeliveryState
from hookrelay.errors import BadQuery, Conflict, EventError, NotFound
from hookrelay.events import parse_merchant
from hookrelay.moments import Clock, to_text
from hookrelay.settings import Settings

Answer = tuple[int, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

_ERRORS: dict[type[Exception], int] = {BadQuery: 400, EventError: 400, NotFound: 404, Conflict: 409}


class Dashboard:
    def __init__(self, db: sqlite3.Connection, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.queue = DeliveryQueue(db, settings.retry.give_up, settings.lease)
        self.log = AttemptLog(db)
        merchant = r"/v1/merchants/(?P<merchant>[^/]+)"
        delivery = merchant + r"/deliveries/(?P<id>[0-9]{1,18})"
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Answer]]] = [
            ("GET", re.compile(r"/v1/health"), self._health),
            ("GET", re.compile(merchant + r"/attempts"), self._attempts),
            ("GET", re.compile(delivery), self._delivery),
            ("POST", re.compile(delivery + "/retry"), self._retry),
        ]

    def __call__(
        self, environ: Mapping[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        status, content, headers = self._answer(environ)
        body = json.dumps(content, ensure_ascii=False).encode("utf-8")
        headers += [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: Mapping[str, Any]) -> tuple[int, Any, list[tuple[str, str]]]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        allowed = []
        for verb, pattern, handler in self._routes:
            found = pattern.fullmatch(path.rstrip("/"))
            if found is None:
                continue
            if verb != ("GET" if method == "HEAD" else method):
                allowed.append(verb)
                continue
            try:
                status, content = handler(environ, **found.groupdict())
            except tuple(_ERRORS) as problem:
                return _ERRORS[type(problem)], {"error": str(problem)}, []
            return status, content, []
        if allowed:
            return 405, {"error": "method not allowed"}, [("Allow", ", ".join(allowed))]
        return 404, {"error": f"nothing at {path}"}, []

    def _health(self, environ: Mapping[str, Any]) -> Answer:
        return 200, {"status": "ok", "at": to_text(self.clock())}

    def _attempts(self, environ: Mapping[str, Any], merchant: str) -> Answer:
        settings = self.settings
        query = parse_query(_parameters(environ), settings.page, settings.page_max, settings.zone)
        page = self.log.history(parse_merchant(merchant), query)
        return 200, {
            "items": [show_attempt(attempt) for attempt in page.items],
            "next_cursor": page.next_cursor,
        }

    def _delivery(self, environ: Mapping[str, Any], merchant: str, id: str) -> Answer:
        delivery = self._own(merchant, id)
        attempts = self.log.of_delivery(delivery.id)
        shown = show_delivery(delivery)
        shown["attempts"] = [show_attempt(attempt) for attempt in attempts]
        shown["payload"] = json.loads(self.queue.body(delivery.event_id))
        return 200, shown

    def _retry(self, environ: Mapping[str, Any], merchant: str, id: str) -> Answer:
        delivery = self.queue.retry(self._own(merchant, id).id, self.clock())
        return 202, show_delivery(delivery)

    def _own(self, merchant: str, delivery_id: str) -> Delivery:
        """Another merchant's delivery is as unknown as one that is not there."""
        delivery = self.queue.get(int(delivery_id))
        if delivery.merchant != parse_merchant(merchant):
            raise NotFound(f"there is no delivery {delivery_id}")
        return delivery


def show_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "event": delivery.event_id,
        "endpoint": delivery.endpoint_id,
        "state": delivery.state.value,
        "failures": delivery.failures,
        "next_attempt": to_text(delivery.due) if delivery.state is DeliveryState.PENDING else None,
        "deadline": to_text(delivery.deadline),
        "note": delivery.note,
    }


def _parameters(environ: Mapping[str, Any]) -> dict[str, str]:
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs):
        raise BadQuery("a filter is given twice")
    return given
