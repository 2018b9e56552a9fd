"""Plain objects for tests; every test names only what matters to it."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from restdesk.access import ApiKey, Scope
from restdesk.desk import Desk
from restdesk.money import Currency
from restdesk.processor import Processor
from restdesk.records import Charge, ChargeStatus, Customer
from restdesk.settings import Plan, RetryPolicy, Settings
from restdesk.storage import Store

UTC = timezone.utc
NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2024, 3, 2, 10, 30, tzinfo=UTC)
EUR = Currency("EUR", 2, 50, 500_000, 25)
JPY = Currency("JPY", 0, 50, 9_000_000, 40)
KWD = Currency("KWD", 3, 150, 900_000, 90)

SETTINGS = Settings(
    database=":memory:",
    access_log=Path("unused-logs"),
    max_body=2000,
    default_limit=3,
    max_limit=5,
    default_plan="small",
    key_max_age=timedelta(days=30),
    fee_percent=Decimal("2.5"),
    processor_url="sandbox",
    processor_timeout=timedelta(seconds=5),
    processor_retry_after=timedelta(seconds=20),
    retries=RetryPolicy(
        max_attempts=4,
        base=timedelta(seconds=1),
        cap=timedelta(seconds=5),
        patience=timedelta(seconds=60),
    ),
    plans={"small": Plan(50, timedelta(minutes=1)), "tiny": Plan(2, timedelta(seconds=10))},
    currencies={"EUR": EUR, "JPY": JPY, "KWD": KWD},
)
POLICY = SETTINGS.retries

CODES = {
    "OK": {"outcome": "succeeded", "message": "Fine"},
    "NO": {"outcome": "failed", "message": "Refused by the bank"},
    "WAIT": {"outcome": "pending", "message": "Not yet"},
    "BUSY": {"outcome": "unavailable", "message": "Ask later"},
}


class Clock:
    """Stands still until it is moved."""

    def __init__(self, start):
        self.moment = datetime.fromisoformat(start)

    def __call__(self):
        return self.moment

    def forward(self, **duration):
        self.moment += timedelta(**duration)


class Counter:
    """Ids in the order in which they are asked for: cus_0001, ch_0002 ..."""

    def __init__(self):
        self.count = 0

    def __call__(self, prefix):
        self.count += 1
        return f"{prefix}_{self.count:04d}"


class Bank:
    """A processor upstream that answers what it is told to, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, message):
        self.asked.append(dict(message))
        answer = self.answers.pop(0) if self.answers else "OK"
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, tuple):
            return answer
        return 200, f'{{"code": "{answer}", "reference": "{message["reference"]}"}}'.encode()


def make_settings(**changes):
    return replace(SETTINGS, **changes)


def make_processor(*answers):
    return Processor(Bank(*answers), CODES, timedelta(seconds=20))


def make_desk(db, clock, ids, *answers, **changes):
    return Desk(Store(db), make_processor(*answers), make_settings(**changes), clock, ids)


def make_customer(number=1, **changes):
    fields = {
        "id": f"cus_{number:04d}",
        "name": f"Customer {number}",
        "email": f"c{number}@example.com",
        "created": NOW,
        "updated": NOW,
    }
    return Customer(**{**fields, **changes})


def make_charge(number=1, **changes):
    fields = {
        "id": f"ch_{number:04d}",
        "customer": "cus_0001",
        "amount": 10_000,
        "currency": "EUR",
        "reference": f"ref{number}",
        "created": NOW,
        "updated": NOW,
        "status": ChargeStatus.SUCCEEDED,
    }
    return Charge(**{**fields, **changes})


def make_key(*scopes, **changes):
    fields = {
        "id": "key_1",
        "name": "shop",
        "scopes": frozenset(scopes or Scope),
        "plan": "small",
        "created": NOW,
        "expires": LATER,
    }
    return ApiKey(**{**fields, **changes})


def stored_customer(store, number=1, **changes):
    customer = make_customer(number, **changes)
    store.add_customer(customer)
    return customer


def stored_charge(store, number=1, **changes):
    charge = make_charge(number, **changes)
    store.add_charge(charge)
    return charge
