"""A file of orders with the packaged tariffs, from the shop's export to accepted quotes."""

from datetime import timedelta, timezone
from decimal import Decimal

from builders import DAY, NOON, table

from parcelrate.carriers import carriers
from parcelrate.discounts import FreeShipping
from parcelrate.orders import read_orders
from parcelrate.quotebook import QuoteBook
from parcelrate.quotes import Pricer
from parcelrate.regions import atlas

HEADER = "Order,Country,ZIP,Ccy,Value,Qty,Weight,Size,Flags\n"
RATES = [("EUR", "USD", "1.1"), ("USD", "EUR", "0.9"), ("SEK", "EUR", "0.09")]


def priced(tmp_path, *rows, **changes):
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    orders, problems = read_orders(path)
    assert problems == []
    bulk, free = {5: Decimal(4)}, FreeShipping(Decimal(150), {"DE": Decimal(45)}, 20_000)
    fields = {"home": "EUR", "day": DAY, "bulk": bulk, "free": free, **changes}
    return Pricer(carriers(), atlas(), table(*RATES), **fields).best_offers(orders)


def totals(offers):
    return [f"{offer.carrier}: {offer.total}" for offer in offers]


def test_cost_by_country(tmp_path):
    offers, refused = priced(
        tmp_path,
        "WEB-001,DE,,EUR,20,1,500g,10x10x10,",
        "WEB-002,FR,,EUR,20,1,500g,10x10x10,",
        "WEB-003,us,,USD,20,1,500g,10x10x10,",
        "WEB-004,SE,,EUR,20,1,500g,10x10x10,",
    )
    assert totals(offers) == [
        "DHL: EUR 6.99", "DHL: EUR 14.10", "FedEx: USD 11.86", "Svea Post: EUR 9.72",
    ]  # fmt: skip
    assert refused == {}


def test_countries_that_are_missing(tmp_path):
    rows = [
        "WEB-001,CH,,EUR,20,1,500g,10x10x10,",
        "WEB-002,AU,,EUR,20,1,500g,10x10x10,",
        "WEB-003,QQ,,EUR,20,1,500g,10x10x10,",
    ]
    offers, refused = priced(tmp_path, *rows)
    assert totals(offers) == ["DHL: EUR 19.55", "DHL: EUR 45.03"]
    assert refused == {"WEB-003": "unknown country QQ"}
    offers, refused = priced(tmp_path, *rows, unknown_country="world")
    assert totals(offers)[2] == "DHL: EUR 45.03"


def test_bulk_and_free_shipping(tmp_path):
    offers, _ = priced(
        tmp_path,
        "WEB-001,DE,,EUR,44.99,5,500g,10x10x10,fragile",
        "WEB-002,DE,,EUR,45.00,5,500g,10x10x10,fragile",
        "WEB-003,FR,,EUR,150,1,500g,10x10x10,",
    )
    assert totals(offers) == ["DHL: EUR 46.06", "Svea Post: EUR 11.25", "DHL: EUR 0.00"]


def test_bulky_and_remote_parcels(tmp_path):
    offers, _ = priced(
        tmp_path,
        "WEB-001,UK,ZE1 0AA,EUR,20,1,1kg,50x40x40,",
        "WEB-002,DE,,EUR,20,1,1kg,121x10x10,",
    )
    assert [[(line.label, line.amount.plain()) for line in offer.lines] for offer in offers] == [
        [("freight", "37.70"), ("fuel", "6.97"), ("remote", "18.00")],
        [("freight", "13.10"), ("fuel", "2.42"), ("oversize", "15.50")],
    ]


def test_quotes_are_accepted_once(tmp_path, db):
    offers, _ = priced(tmp_path, "WEB-001,FR,,EUR,20,1,500g,10x10x10,")
    book = QuoteBook(db, timedelta(hours=72), timezone.utc)
    quote = book.add(offers[0], NOON)
    assert book.accept(quote.id, NOON + timedelta(hours=71)).offer == offers[0]
    assert [found.state(NOON) for found in book.page(5)[0]] == ["accepted"]
