"""Charge requests as clients send them: cleaned, checked, every problem named at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .currencies import find_currency
from .errors import MoneyError, RequestError
from .money import Money, parse_money
from .payments import Card
from .settings import Settings, clean_id

FIELDS = ("merchant", "amount", "currency", "card", "descriptor")
BRANDS = frozenset({"visa", "mastercard", "amex", "jcb"})

_TOKEN = re.compile(r"tok_[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*")
_LAST4 = re.compile(r"[0-9]{4}")
_BRAND_NAMES = {"american express": "amex", "master card": "mastercard", "mc": "mastercard"}
_FORBIDDEN = str.maketrans("", "", "<>\"'*\\")


@dataclass(frozen=True)
class ChargeRequest:
    merchant: str
    amount: Money
    card: Card
    descriptor: str = ""


def parse_charge(record: Mapping[str, Any], settings: Settings) -> ChargeRequest:
    """The request in a record: amounts, codes and blanks in one spelling.

    Two records that mean the same give equal requests. Raises RequestError.
    """
    problems = {name: "is unknown" for name in record if name not in FIELDS}
    merchant = _merchant(record.get("merchant"), settings, problems)
    amount = _amount(record.get("amount"), record.get("currency"), problems)
    card = _card(record.get("card"), problems)
    descriptor = _descriptor(record.get("descriptor"), settings, problems)
    if problems:
        raise RequestError(problems)
    assert amount is not None and card is not None
    return ChargeRequest(merchant, amount, card, descriptor)


def _merchant(value: Any, settings: Settings, problems: dict[str, str]) -> str:
    merchant_id = clean_id(value) if isinstance(value, str) else None
    if value is None:
        problems["merchant"] = "is missing"
    elif merchant_id is None:
        problems["merchant"] = "is not an id"
    elif merchant_id not in settings.merchants:
        problems["merchant"] = "is not known"
    return merchant_id or ""


def _amount(value: Any, currency: Any, problems: dict[str, str]) -> Money | None:
    if value is None:
        problems["amount"] = "is missing"
        return None
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        problems["amount"] = "must be text or minor units"
        return None
    try:
        amount = _read_amount(value, currency)
    except MoneyError as problem:
        problems["amount"] = f"cannot be read: {problem}"
        return None
    if isinstance(currency, str) and amount.currency != currency.strip().upper():
        problems["currency"] = f"is not that of the amount, {amount.currency}"
    limits = find_currency(amount.currency)
    if amount.minor < limits.minimum:
        problems["amount"] = f"must be at least {Money(limits.minimum, limits.code)}"
    if amount.minor > limits.maximum:
        problems["amount"] = f"must be at most {Money(limits.maximum, limits.code)}"
    return amount


def _read_amount(value: str | int, currency: Any) -> Money:
    """Text counts in major units (`12.50`), a number in minor ones (1250)."""
    if currency is not None and not isinstance(currency, str):
        raise MoneyError(f"not a currency: {currency!r}")
    if isinstance(value, str):
        return parse_money(value, currency)
    if currency is None:
        raise MoneyError("minor units need a currency")
    return Money(value, find_currency(currency).code)


def _card(value: Any, problems: dict[str, str]) -> Card | None:
    if not isinstance(value, Mapping):
        problems["card"] = "is missing" if value is None else "must be an object"
        return None
    token = str(value.get("token", "")).strip()
    brand = " ".join(str(value.get("brand", "")).lower().split())
    brand = _BRAND_NAMES.get(brand, brand)
    last4 = str(value.get("last4", "")).strip()[-4:]
    if not _TOKEN.fullmatch(token):
        problems["card.token"] = "is not a token"
    if brand not in BRANDS:
        problems["card.brand"] = f"{brand!r} is not accepted"
    if last4 and not _LAST4.fullmatch(last4):
        problems["card.last4"] = "must be four digits"
    return Card(token, brand, last4)


def _descriptor(value: Any, settings: Settings, problems: dict[str, str]) -> str:
    """The line on the card statement: one spelling, without what networks do not print."""
    if value is None:
        return ""
    text = unicodedata.normalize("NFC", str(value)).translate(_FORBIDDEN)
    text = " ".join(text.split())
    if len(text) > settings.descriptor_length:
        problems["descriptor"] = f"is longer than {settings.descriptor_length} characters"
    return text
