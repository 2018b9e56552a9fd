"""The WSGI application: who asks, may they, how often, and what they get."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from .access import ApiKey, KeyRing, Limiter, parse_authorization, require
from .desk import Desk
from .errors import ApiError, Unavailable
from .handlers import Call, Route, find_route
from .idempotency import Replays, fingerprint, read_key
from .moments import Clock, system_clock
from .processor import Processor, open_processor
from .records import Ids, random_id
from .reports import AccessEntry, append_access
from .settings import Plan, Settings, load
from .storage import Store, connect
from .wire import Request, Response, choose_request_id, error_response, read_request

log = logging.getLogger(__name__)

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class Visit:
    """What the access log tells of a request."""

    request_id: str
    method: str = "-"
    path: str = "-"
    key: str = "-"


class App:
    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        keys: KeyRing,
        replays: Replays,
        limiter: Limiter,
        clock: Clock,
        ids: Ids = random_id,
    ) -> None:
        self.settings = settings
        self.desk = desk
        self.keys = keys
        self.replays = replays
        self.limiter = limiter
        self.clock = clock
        self.ids = ids

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> list[bytes]:
        started = self.clock()
        visit = Visit(choose_request_id(environ.get("HTTP_X_REQUEST_ID"), self.ids("req")))
        response = self._answer(environ, visit)
        line, headers, content = response.with_headers(X_Request_Id=visit.request_id).render()
        took = (self.clock() - started) // timedelta(milliseconds=1)
        append_access(
            self.settings.access_log,
            AccessEntry(
                started,
                visit.request_id,
                visit.key,
                visit.method,
                visit.path,
                response.status,
                took,
            ),
        )
        start_response(line, headers)
        return [content]

    def close(self) -> None:
        self.desk.store.db.close()

    def respond(self, request: Request, visit: Visit) -> Response:
        route, target = find_route(request.method, request.path)
        if route.scope is None:
            return route.action(Call(self.desk, request, target))
        if self.settings.maintenance:
            raise Unavailable(
                "We are back in a moment",
                "maintenance",
                retry_after=self.settings.maintenance_retry.total_seconds(),
            )
        secret = parse_authorization(request.headers.get("authorization"))
        key = self.keys.find(secret, self.clock())
        visit.key = key.id
        left = self.limiter.check(key.id, self._plan(key))
        require(key, route.scope)
        call = Call(self.desk, request, target, key)
        response = self._once(route, call, key, visit.request_id)
        return response.with_headers(RateLimit_Remaining=str(left))

    def _answer(self, environ: Mapping[str, Any], visit: Visit) -> Response:
        try:
            request = read_request(environ, self.settings.max_body)
            visit.method = request.method
            visit.path = request.path
            return self.respond(request, visit)
        except ApiError as error:
            return error_response(error, visit.request_id)
        except Exception:
            log.exception("%s failed", visit.request_id)
            trouble = ApiError("Something went wrong on our side", "internal")
            return error_response(trouble, visit.request_id)

    def _once(self, route: Route, call: Call, key: ApiKey, request_id: str) -> Response:
        """The action, or the answer that the same request got before."""
        replay_key = read_key(call.request) if route.replayable else None
        if replay_key is None:
            return route.action(call)
        print_ = fingerprint(call.request)
        earlier = self.replays.begin(key.id, replay_key, print_, self.clock())
        if earlier is not None:
            return earlier
        try:
            response = route.action(call)
        except ApiError as error:
            response = error_response(error, request_id)
        except BaseException:
            self.replays.release(key.id, replay_key)
            raise
        self.replays.finish(key.id, replay_key, response)
        return response

    def _plan(self, key: ApiKey) -> Plan:
        """The key's plan; one that is no longer sold counts as the usual one."""
        plans = self.settings.plans
        return plans.get(key.plan) or plans[self.settings.default_plan]


def build_app(
    settings: Settings,
    clock: Clock = system_clock,
    ids: Ids = random_id,
    processor: Processor | None = None,
) -> App:
    db = connect(settings.database)
    if processor is None:
        processor = open_processor(
            settings.processor_url, settings.processor_timeout, settings.processor_retry_after
        )
    desk = Desk(Store(db), processor, settings, clock, ids)
    replays = Replays(db, settings.replay_keep, settings.replay_lock)
    return App(settings, desk, KeyRing(db), replays, Limiter(clock), clock, ids)


def create_app(path: Path | None = None) -> App:
    """For WSGI servers: `gunicorn "restdesk.app:create_app()"`."""
    return build_app(load(path, os.environ))
