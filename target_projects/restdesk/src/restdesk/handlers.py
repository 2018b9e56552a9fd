"""The routes of the API: from a request to the desk, and back to a response."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from . import __version__
from .access import Scope
from .desk import Desk
from .errors import Invalid, MethodNotAllowed, NotFound
from .paging import Wanted, read_filters, read_wanted, show_page
from .records import ChargeStatus, CustomerStatus, show_charge, show_customer
from .wire import Request, Response

_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Call:
    """A request of somebody who may make it; `target` is the id in its path, `caller` the key's."""

    desk: Desk
    request: Request
    target: str = ""
    caller: str = ""


Action = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """No scope: open to everybody."""

    method: str
    pattern: re.Pattern[str]
    scope: Scope | None
    action: Action


def status(call: Call) -> Response:
    return Response(200, {"status": "ok", "version": __version__})


def list_customers(call: Call) -> Response:
    filters = read_filters(call.request.query, ("email", "status"))
    if "status" in filters:
        filters["status"] = _state(CustomerStatus, filters["status"])
    wanted = _wanted(call)
    page = call.desk.store.customers(wanted, filters)
    return Response(200, show_page(page, wanted, show_customer))


def create_customer(call: Call) -> Response:
    customer = call.desk.create_customer(call.request.json())
    headers = {"Location": f"/v1/customers/{customer.id}"}
    return Response(201, show_customer(customer), headers)


def get_customer(call: Call) -> Response:
    return Response(200, show_customer(call.desk.store.customer(call.target)))


def put_customer(call: Call) -> Response:
    customer = call.desk.store.customer(call.target)
    return Response(200, show_customer(call.desk.replace_customer(customer, call.request.json())))


def patch_customer(call: Call) -> Response:
    customer = call.desk.store.customer(call.target)
    return Response(200, show_customer(call.desk.update_customer(customer, call.request.json())))


def delete_customer(call: Call) -> Response:
    call.desk.delete_customer(call.desk.store.customer(call.target))
    return Response(204)


def list_charges(call: Call) -> Response:
    filters = read_filters(call.request.query, ("customer", "status", "currency"))
    if "status" in filters:
        filters["status"] = _state(ChargeStatus, filters["status"])
    if "currency" in filters:
        filters["currency"] = filters["currency"].upper()
    wanted = _wanted(call)
    page = call.desk.store.charges(wanted, filters)
    return Response(200, show_page(page, wanted, show_charge))


def create_charge(call: Call) -> Response:
    charge = call.desk.charge(call.request.json(), _reference(call))
    accepted = charge.status is ChargeStatus.PENDING
    headers = {"Location": f"/v1/charges/{charge.id}"}
    return Response(202 if accepted else 201, show_charge(charge), headers)


def get_charge(call: Call) -> Response:
    return Response(200, show_charge(call.desk.store.charge(call.target)))


def _path(template: str) -> re.Pattern[str]:
    named = template.replace("{customer}", r"(?P<target>cus_[0-9a-z]{4,32})")
    named = named.replace("{charge}", r"(?P<target>ch_[0-9a-z]{4,32})")
    return re.compile(named)


CUSTOMERS, CUSTOMER = _path("/v1/customers"), _path("/v1/customers/{customer}")
CHARGES, CHARGE = _path("/v1/charges"), _path("/v1/charges/{charge}")

ROUTES = (
    Route("GET", _path("/v1/status"), None, status),
    Route("GET", CUSTOMERS, Scope.CUSTOMERS_READ, list_customers),
    Route("POST", CUSTOMERS, Scope.CUSTOMERS_WRITE, create_customer),
    Route("GET", CUSTOMER, Scope.CUSTOMERS_READ, get_customer),
    Route("PUT", CUSTOMER, Scope.CUSTOMERS_WRITE, put_customer),
    Route("PATCH", CUSTOMER, Scope.CUSTOMERS_WRITE, patch_customer),
    Route("DELETE", CUSTOMER, Scope.CUSTOMERS_WRITE, delete_customer),
    Route("GET", CHARGES, Scope.CHARGES_READ, list_charges),
    Route("POST", CHARGES, Scope.CHARGES_WRITE, create_charge),
    Route("GET", CHARGE, Scope.CHARGES_READ, get_charge),
)


def find_route(method: str, path: str) -> tuple[Route, str]:
    """The route of a request, and the id in its path; a slash at the end does not matter."""
    path = path.rstrip("/") or "/"
    found = [(route, match) for route in ROUTES if (match := route.pattern.fullmatch(path))]
    for route, match in found:
        if route.method == method:
            return route, match.groupdict().get("target", "")
    if found:
        allowed = sorted(route.method for route, _ in found)
        raise MethodNotAllowed(f"{path} does not take {method}", allowed)
    raise NotFound(f"There is nothing at {path}", "missing_path")


def _wanted(call: Call) -> Wanted:
    settings = call.desk.settings
    return read_wanted(call.request.query, settings.default_limit, settings.max_limit)


def _state(kind: type[Enum], text: str) -> str:
    try:
        state: str = kind(text.lower()).value
    except ValueError:
        raise Invalid(f"There is no status {text!r}", "not_a_choice", "status") from None
    return state


def _reference(call: Call) -> str | None:
    """What the processor shall know the charge by: the same when the client tries again."""
    given = call.request.headers.get("idempotency-key")
    if given is None:
        return None
    if not _KEY.fullmatch(given.strip()):
        raise Invalid("Idempotency-Key has 1 to 255 printable characters", "idempotency_key")
    return hashlib.sha256(f"{call.caller}\n{given.strip()}".encode()).hexdigest()[:32]
