"""Plain objects for tests; every test names only what matters to it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from parcelrate.carriers import Carrier
from parcelrate.conversion import RateTable
from parcelrate.money import Money
from parcelrate.orders import Order, Parcel
from parcelrate.quotebook import Quote
from parcelrate.quotes import Line, Offer, Pricer
from parcelrate.ratestrings import Rate
from parcelrate.regions import Atlas

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
DAY = date(2024, 3, 5)

DEFAULTS = {
    "general": {"currency": "EUR", "utc_offset_minutes": 60},
    "conversion": {"policy": "shortest", "max_hops": 3, "hop_fee_percent": "0.5"},
    "orders": {"delimiter": ","},
    "pricing": {"unknown_country": "refuse", "bulk": {"5": "4", "10": "7.5", "25": "12"}},
    "free_shipping": {
        "threshold": "150.00",
        "max_weight": "20kg",
        "countries": {"AT": "60.00", "DE": "45.00", "SE": "90.00"},
    },
    "quotes": {
        "database": "quotes.db", "coupons": "coupons.json", "valid_hours": 72, "page_size": 50,
    },
    "history": {"folder": "rates", "max_age_hours": 36, "keep_days": 400},
    "reports": {"folder": "reports"},
}  # fmt: skip


def eur(minor):
    return Money(minor, "EUR")


def usd(minor):
    return Money(minor, "USD")


def rate(source, target, value, carrier="DHL"):
    return Rate(source, target, carrier, Decimal(value))


def table(*rates, **options):
    return RateTable([rate(*fields) for fields in rates], **options)


def parcel(weight_g=1000, sides=(100, 100, 100)):
    return Parcel(weight_g, sides)


def make_order(number=1, **changes):
    fields = {
        "id": f"WEB-{number:04d}",
        "country": "DE",
        "value": eur(2000),
        "parcel": parcel(),
    }
    return Order(**{**fields, **changes})


def make_carrier(code="Post", **changes):
    fields = {
        "code": code,
        "name": f"{code} Ltd",
        "currency": "EUR",
        "divisor": 5000,
        "step_g": 100,
        "max_weight_g": 10_000,
        "max_side_cm": 60,
        "fuel_percent": Decimal(0),
        "free_shipping": True,
        "per_kg": Decimal("1.50"),
        "bands": ((1000, Decimal(0)), (5000, Decimal("3.00"))),
        "surcharges": {"fragile": Decimal(2), "oversize": Decimal(9), "remote": Decimal(20)},
        "countries": {"DE": Decimal(10)},
        "regions": {"EU": Decimal(10)},
    }
    return Carrier(**{**fields, **changes})


ATLAS = Atlas(
    {
        "regions": {
            "EU": {"parent": "WORLD", "countries": ["DE", "FR"]},
            "WORLD": {"parent": "", "countries": ["AU"]},
        },
        "remote": {"DE": "999[0-9]{2}"},
        "aliases": {},
    }
)


def make_pricer(*carriers, **changes):
    fields = {
        "carriers": carriers or [make_carrier()],
        "atlas": ATLAS,
        "rates": table(),
        "home": "EUR",
        "day": DAY,
    }
    return Pricer(**{**fields, **changes})


def make_offer(number=1, total=None, **changes):
    fields = {
        "order_id": f"WEB-{number:04d}",
        "carrier": "Post",
        "lines": (Line("freight", eur(1200)),),
        "total": total or eur(1200),
        "via": "EUR",
    }
    return Offer(**{**fields, **changes})


def make_quote(number=1, accepted=False, until=NOON, **changes):
    return Quote(f"Q20240302-{number:04d}", make_offer(number, **changes), until, accepted)
