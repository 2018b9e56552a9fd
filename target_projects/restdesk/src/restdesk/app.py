"""The WSGI application: who asks, may they, how often, and what they get."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .access import ApiKey, KeyRing, Limiter, parse_authorization, require
from .accesslog import append_access
from .desk import Desk
from .errors import ApiError
from .handlers import Call, find_route
from .moments import Clock, system_clock
from .processor import Processor, open_processor
from .records import Ids, random_id
from .settings import Plan, Settings, load
from .storage import Store, connect
from .wire import (
    Request,
    Response,
    choose_request_id,
    error_response,
    read_path,
    read_request,
)

log = logging.getLogger(__name__)

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass
class App:
    settings: Settings
    desk: Desk
    keys: KeyRing
    limiter: Limiter
    clock: Clock
    ids: Ids = random_id

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> list[bytes]:
        request_id = choose_request_id(environ.get("HTTP_X_REQUEST_ID"), self.ids("req"))
        response = self._answer(environ, request_id)
        append_access(
            self.settings.access_log,
            self.clock(),
            request_id=request_id,
            method=environ["REQUEST_METHOD"],
            path=read_path(environ),
            status=response.status,
        )
        line, headers, content = response.with_headers(X_Request_Id=request_id).render()
        start_response(line, headers)
        return [content]

    def close(self) -> None:
        self.desk.store.db.close()

    def respond(self, request: Request) -> Response:
        route, target = find_route(request.method, request.path)
        if route.scope is None:
            return route.action(Call(self.desk, request, target))
        secret = parse_authorization(request.headers.get("authorization"))
        key = self.keys.find(secret, self.clock())
        left = self.limiter.check(key.id, self._plan(key))
        require(key, route.scope)
        response = route.action(Call(self.desk, request, target, key.id))
        return response.with_headers(RateLimit_Remaining=str(left))

    def _answer(self, environ: Mapping[str, Any], request_id: str) -> Response:
        try:
            return self.respond(read_request(environ, self.settings.max_body))
        except ApiError as error:
            return error_response(error, request_id)
        except Exception:
            log.exception("%s failed", request_id)
            trouble = ApiError("Something went wrong on our side", "internal")
            return error_response(trouble, request_id)

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
    return App(settings, desk, KeyRing(db), Limiter(clock), clock, ids)


def create_app(path: Path | None = None) -> App:
    """For WSGI servers: `gunicorn "restdesk.app:create_app()"`."""
    return build_app(load(path, os.environ))
