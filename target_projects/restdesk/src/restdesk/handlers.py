"""The routes of the API: from a request to the desk, and back to a response."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from . import __version__
from .access import ApiKey, Scope
from .desk import Desk
from .errors import Invalid, MethodNotAllowed, NotFound, PreconditionFailed
from .idempotency import read_key
from .moments import from_unix, to_text
from .paging import Wanted, read_filters, read_wanted, show_page
from .records import (
    Charge,
    ChargeStatus,
    Customer,
    CustomerStatus,
    show_charge,
    show_customer,
)
from .wire import Request, Response, entity_tag, tag_matches

LATEST_UNIX = 253_402_300_799

_UNIX = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Call:
    """A request of somebody who may make it; `target` is the id in its path."""

    desk: Desk
    request: Request
    target: str = ""
    key: ApiKey | None = None


Action = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """No scope: open to everybody. Replayable: heeds the Idempotency-Key."""

    method: str
    pattern: re.Pattern[str]
    scope: Scope | None
    action: Action
    replayable: bool = False


def status(call: Call) -> Response:
    settings = call.desk.settings
    state = "maintenance" if settings.maintenance else "ok"
    return Response(200, {"status": state, "version": __version__})


def list_customers(call: Call) -> Response:
    filters = read_filters(call.request.query, ("email", "status"))
    if "status" in filters:
        filters["status"] = _state(CustomerStatus, filters["status"])
    wanted = _wanted(call)
    page = call.desk.store.customers(wanted, filters)
    return Response(200, show_page(page, wanted, show_customer, "/v1/customers", filters))


def create_customer(call: Call) -> Response:
    customer = call.desk.create_customer(call.request.json())
    return _created(201, customer, f"/v1/customers/{customer.id}")


def get_customer(call: Call) -> Response:
    return _fetched(call, call.desk.store.customer(call.target))


def put_customer(call: Call) -> Response:
    customer = _unchanged(call, call.desk.store.customer(call.target))
    return _tagged(200, call.desk.replace_customer(customer, call.request.json()))


def patch_customer(call: Call) -> Response:
    customer = _unchanged(call, call.desk.store.customer(call.target))
    return _tagged(200, call.desk.update_customer(customer, call.request.json()))


def delete_customer(call: Call) -> Response:
    customer = _unchanged(call, call.desk.store.customer(call.target))
    call.desk.delete_customer(customer)
    return Response(204)


def list_charges(call: Call) -> Response:
    filters = read_filters(
        call.request.query, ("customer", "status", "currency", "created_gte", "created_lt")
    )
    shown = dict(filters)
    if "status" in filters:
        filters["status"] = shown["status"] = _state(ChargeStatus, filters["status"])
    if "currency" in filters:
        filters["currency"] = filters["currency"].upper()
    for name in ("created_gte", "created_lt"):
        if name in filters:
            filters[name] = _moment(filters[name], name)
    wanted = _wanted(call)
    page = call.desk.store.charges(wanted, filters)
    return Response(200, show_page(page, wanted, show_charge, "/v1/charges", shown))


def create_charge(call: Call) -> Response:
    charge = call.desk.charge(call.request.json(), _reference(call))
    accepted = charge.status is ChargeStatus.PENDING
    return _created(202 if accepted else 201, charge, f"/v1/charges/{charge.id}")


def get_charge(call: Call) -> Response:
    return _fetched(call, call.desk.store.charge(call.target))


def patch_charge(call: Call) -> Response:
    charge = _unchanged(call, call.desk.store.charge(call.target))
    return _tagged(200, call.desk.update_charge(charge, call.request.json()))


def refund_charge(call: Call) -> Response:
    charge = _unchanged(call, call.desk.store.charge(call.target))
    return _tagged(200, call.desk.refund(charge, call.request.json()))


def _path(template: str) -> re.Pattern[str]:
    named = template.replace("{customer}", r"(?P<target>cus_[0-9a-z]{4,32})")
    named = named.replace("{charge}", r"(?P<target>ch_[0-9a-z]{4,32})")
    return re.compile(named)


CUSTOMERS, CUSTOMER = _path("/v1/customers"), _path("/v1/customers/{customer}")
CHARGES, CHARGE = _path("/v1/charges"), _path("/v1/charges/{charge}")
REFUND = _path("/v1/charges/{charge}/refund")

ROUTES = (
    Route("GET", _path("/v1/status"), None, status),
    Route("GET", CUSTOMERS, Scope.CUSTOMERS_READ, list_customers),
    Route("POST", CUSTOMERS, Scope.CUSTOMERS_WRITE, create_customer, replayable=True),
    Route("GET", CUSTOMER, Scope.CUSTOMERS_READ, get_customer),
    Route("PUT", CUSTOMER, Scope.CUSTOMERS_WRITE, put_customer),
    Route("PATCH", CUSTOMER, Scope.CUSTOMERS_WRITE, patch_customer),
    Route("DELETE", CUSTOMER, Scope.CUSTOMERS_WRITE, delete_customer),
    Route("GET", CHARGES, Scope.CHARGES_READ, list_charges),
    Route("POST", CHARGES, Scope.CHARGES_WRITE, create_charge, replayable=True),
    Route("GET", CHARGE, Scope.CHARGES_READ, get_charge),
    Route("PATCH", CHARGE, Scope.CHARGES_WRITE, patch_charge),
    Route("POST", REFUND, Scope.CHARGES_WRITE, refund_charge, replayable=True),
)


def find_route(method: str, path: str) -> tuple[Route, str]:
    """The route of a request, and the id in its path; a slash at the end does not matter."""
    path = path.rstrip("/") or "/"
    allowed = []
    for route in ROUTES:
        match = route.pattern.fullmatch(path)
        if match is None:
            continue
        if route.method == method:
            return route, match.groupdict().get("target", "")
        allowed.append(route.method)
    if allowed:
        raise MethodNotAllowed(f"{path} does not take {method}", sorted(allowed))
    raise NotFound(f"There is nothing at {path}", "missing_path")


def _wanted(call: Call) -> Wanted:
    settings = call.desk.settings
    return read_wanted(call.request.query, settings.default_limit, settings.max_limit)


def _state(kind: type[Enum], text: str) -> str:
    try:
        return str(kind(text.lower()).value)
    except ValueError:
        raise Invalid(f"There is no status {text!r}", "not_a_choice", "status") from None


def _moment(text: str, name: str) -> str:
    if not _UNIX.fullmatch(text) or int(text) > LATEST_UNIX:
        raise Invalid(f"{name} must be Unix seconds", "moment_invalid", name)
    return to_text(from_unix(int(text)))


def _reference(call: Call) -> str | None:
    """What the processor shall know the charge by: the same when the client tries again."""
    key = read_key(call.request)
    if key is None or call.key is None:
        return None
    return hashlib.sha256(f"{call.key.id}\n{key}".encode()).hexdigest()[:32]


def _show(record: Customer | Charge) -> dict[str, Any]:
    return show_customer(record) if isinstance(record, Customer) else show_charge(record)


def _tagged(status_code: int, record: Customer | Charge) -> Response:
    body = _show(record)
    return Response(status_code, body, {"ETag": entity_tag(record.version, body)})


def _created(status_code: int, record: Customer | Charge, location: str) -> Response:
    return _tagged(status_code, record).with_headers(Location=location)


def _fetched(call: Call, record: Customer | Charge) -> Response:
    response = _tagged(200, record)
    known = call.request.headers.get("if-none-match")
    if known is not None and tag_matches(known, response.headers["ETag"]):
        return Response(304, None, response.headers)
    return response


def _unchanged(call: Call, record: Any) -> Any:
    """The record, unless the client last saw another version of it (If-Match)."""
    seen = call.request.headers.get("if-match")
    if seen is not None and not tag_matches(seen, _tagged(200, record).headers["ETag"]):
        raise PreconditionFailed(f"{record.id} has changed since you read it", "version_conflict")
    return record
