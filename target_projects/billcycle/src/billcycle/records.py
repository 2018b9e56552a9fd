"""Invoices as plain dictionaries: what the database, the JSON files and the exports hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .addresses import parse_recipients
from .errors import InvoiceError
from .invoices import Invoice, InvoiceState, Line
from .money import parse_money
from .terms import parse_terms

REQUIRED = ("number", "customer", "email", "issued", "lines")


def to_record(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "customer": invoice.customer,
        "email": invoice.email,
        "issued": invoice.issued.isoformat(),
        "due": invoice.due.isoformat(),
        "currency": invoice.currency,
        "state": invoice.state.value,
        "paid_minor": invoice.paid_minor,
        "lines": [
            {
                "description": line.description,
                "unit_price": line.unit_price.plain(),
                "quantity": str(line.quantity),
                "tax_rate": str(line.tax_rate),
            }
            for line in invoice.lines
        ],
    }


def from_record(record: Mapping[str, Any]) -> Invoice:
    """The invoice that a record describes; without `due` the payment terms say when it is due."""
    missing = [field for field in REQUIRED if not record.get(field)]
    if missing:
        raise InvoiceError("missing: " + ", ".join(missing))
    parse_recipients(record["email"])
    currency = record.get("currency", "EUR")
    issued = _day(record["issued"])
    if "due" in record:
        due = _day(record["due"])
    else:
        due = parse_terms(record.get("terms", "NET 30")).due(issued)
    return Invoice(
        number=record["number"],
        customer=" ".join(record["customer"].split()),
        email=record["email"].strip(),
        issued=issued,
        due=due,
        lines=tuple(_line(line, currency) for line in record["lines"]),
        currency=currency,
        state=_state(record.get("state", "draft")),
        paid_minor=record.get("paid_minor", 0),
    )


def _line(record: Mapping[str, Any], currency: str) -> Line:
    price = parse_money(str(record["unit_price"]), currency)
    if price.currency != currency:
        raise InvoiceError(f"a line in {price.currency} on an invoice in {currency}")
    quantity = _decimal(record.get("quantity", "1"), "quantity")
    tax_rate = _decimal(record.get("tax_rate", "0"), "tax rate")
    if quantity <= 0:
        raise InvoiceError(f"quantity must be more than zero, got {quantity}")
    if tax_rate < 0 or tax_rate > 100:
        raise InvoiceError(f"tax rate must lie between 0 and 100, got {tax_rate}")
    return Line(record.get("description", "").strip(), price, quantity, tax_rate)


def _decimal(value: object, what: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise InvoiceError(f"{what} is not a number: {value!r}") from None


def _state(value: str) -> InvoiceState:
    try:
        return InvoiceState(value)
    except ValueError:
        raise InvoiceError(f"not a state: {value!r}") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvoiceError(f"not a date: {text!r}") from None
