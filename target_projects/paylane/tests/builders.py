"""Plain objects for tests; every test names only what matters to it."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from paylane.fees import FeePlan
from paylane.moments import UTC
from paylane.money import Money
from paylane.payments import Card, Payment, PaymentStatus, Refund, RefundStatus
from paylane.settings import Merchant, Settings

AT = "2024-03-05T12:00:00Z"
NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)

SETTINGS = Settings(
    database=Path("unused.db"),
    key_life=timedelta(hours=24),
    key_lock=timedelta(seconds=60),
    max_key_length=20,
    descriptor_length=22,
    refund_window=timedelta(days=10),
    max_refunds=3,
    fees=FeePlan(Decimal("2"), {"EUR": 25}, {"amex": Decimal("1")}),
    rates=Path("unused.json"),
    exchange_percent=Decimal("1"),
    rate_max_age=timedelta(hours=36),
    max_hops=3,
    journal=Path("unused.jsonl"),
    reports=Path("unused-reports"),
    desk=timezone(timedelta(hours=1)),
    cutoff=time(18, 0),
    report_format="csv",
    merchants={
        "acme": Merchant("acme", "EUR"),
        "kyoto": Merchant("kyoto", "JPY"),
    },
)


def make_settings(**changes):
    return replace(SETTINGS, **changes)


def eur(minor):
    return Money(minor, "EUR")


def usd(minor):
    return Money(minor, "USD")


def make_record(**changes):
    record = {
        "merchant": "acme",
        "amount": "100.00",
        "currency": "EUR",
        "card": {"token": "tok_visa_1", "brand": "visa", "last4": "4242"},
        **changes,
    }
    return {name: value for name, value in record.items() if value is not None}


def make_payment(**changes):
    fields = {
        "id": "pay_1",
        "merchant": "acme",
        "amount": eur(10000),
        "fee": eur(225),
        "card": Card("tok_visa_1", "visa", "4242"),
        "status": PaymentStatus.SUCCEEDED,
        "created_at": NOON,
    }
    return Payment(**{**fields, **changes})


def make_refund(minor=1000, status=RefundStatus.SUCCEEDED, **changes):
    fields = {"id": "ref_1", "amount": eur(minor), "fee": eur(0), "created_at": NOON}
    return Refund(**{**fields, **changes}, status=status)
