from datetime import date

import pytest

from ledgerlines.csvrows import Row
from ledgerlines.dates import DateRange
from ledgerlines.errors import LedgerError, LineError
from ledgerlines.sales import (
    Metrics,
    Sale,
    SalesFilter,
    aggregate_sales,
    label_for,
    lies_in,
    parse_sale,
    parse_status,
    ranked,
    read_sales,
)

FEB_1, FEB_9 = date(2024, 2, 1), date(2024, 2, 9)


def row(**values):
    good = {"date": "2024-02-01", "region": "EU-DE", "product": "LAMP-01", "unit_price": "4.50"}
    return Row(8, good | values)


def sale(day=FEB_1, region="EU-DE", product="LAMP-01", quantity=1, price=100, status="shipped"):
    return Sale(day, region, product, quantity, price, status)


def test_a_row_becomes_a_sale():
    assert parse_sale(row(quantity="3", status="returned")) == Sale(
        date(2024, 2, 1), "EU-DE", "LAMP-01", 3, 450, "returned"
    )


def test_missing_values():
    parsed = parse_sale(row())
    assert (parsed.quantity, parsed.status) == (1, "completed")
    parsed = parse_sale(row(region="", product=""))
    assert (parsed.region, parsed.product) == ("unassigned", "unassigned")


def test_prices_in_another_currency():
    assert parse_sale(row(unit_price="450"), "JPY").unit_price == 450


def test_regions_and_products():
    for text in ["eu", "APAC", "EU-DE", "na-7", "EU-BY1"]:
        assert parse_sale(row(region=text)).region == text.upper()
    for text in ["desk-20", "AB1", "LAMP_00001", "CHAIR-7/XL2", "ab9/b"]:
        assert parse_sale(row(product=text)).product == text.upper()


def test_codes_that_are_none():
    for column, text in [
        ("region", "E"),
        ("region", "EUROPE"),
        ("region", "EU-"),
        ("product", "LAMP"),
        ("product", "1-A"),
    ]:
        with pytest.raises(LineError, match=f"line 8: bad sale: {column} '{text}'"):
            parse_sale(row(**{column: text}))


def test_quantities():
    for text in ["12", "12x", "12 pcs", "12 PCS.", "12 units", "12 Unit"]:
        assert parse_sale(row(quantity=text)).quantity == 12
    for text in ["0", "-1", "many", "1.5"]:
        with pytest.raises(LineError, match="quantity"):
            parse_sale(row(quantity=text))


def test_bad_prices_and_days_name_the_line():
    for column, text, reason in [
        ("unit_price", "x", "not an amount: 'x'"),
        ("date", "1/2/24", "not a date: '1/2/24'"),
    ]:
        with pytest.raises(LineError) as caught:
            parse_sale(row(**{column: text}))
        assert (caught.value.number, caught.value.reason) == (8, reason)


def test_statuses():
    cases = {
        "Paid": "completed",
        "completed": "completed",
        "shipped": "shipped",
        " sent ": "shipped",
        "pending": "pending",
        "cancelled": "cancelled",
        "canceled": "cancelled",
        "returned": "returned",
    }
    assert {text: parse_status(text) for text in cases} == cases
    with pytest.raises(LedgerError, match="unknown status: 'lost'"):
        parse_status("lost")


def test_what_counts_as_sold():
    statuses = ("completed", "shipped", "pending", "cancelled", "returned")
    assert [sale(quantity=4, status=status).units for status in statuses] == [4, 4, 0, 0, -4]
    assert sale(quantity=4, price=250, status="returned").revenue == -1000
    assert Sale(FEB_1, "EU", "LAMP-01", 1, 250).revenue == 250


def test_a_region_holds_its_parts():
    assert lies_in("EU-DE", "EU")
    assert lies_in("EU", "EU")
    assert not lies_in("EUR", "EU")
    assert not lies_in("EU", "EU-DE")


def test_filter_by_days():
    wanted = SalesFilter(days=DateRange(FEB_1, FEB_9))
    days = [date(2024, 1, 31), FEB_1, FEB_9, date(2024, 2, 10)]
    assert [wanted.accepts(sale(day=day)) for day in days] == [False, True, True, False]


def test_filter_by_regions():
    wanted = SalesFilter(regions=("NA", "EU-DE"))
    assert wanted.accepts(sale(region="EU-DE"))
    assert wanted.accepts(sale(region="NA-US"))
    assert not wanted.accepts(sale(region="EU-FR"))


def test_filter_by_products():
    wanted = SalesFilter(products=("LAMP-01", "DESK-20"))
    assert wanted.accepts(sale(product="DESK-20"))
    assert not wanted.accepts(sale(product="LAMP-02"))


def test_filter_by_revenue():
    wanted = SalesFilter(min_revenue=500)
    assert wanted.accepts(sale(quantity=5))
    assert not wanted.accepts(sale(price=499))
    wanted = SalesFilter(min_revenue=0)
    assert wanted.accepts(sale(status="pending"))
    assert not wanted.accepts(sale(status="returned"))


def test_sales_by_region_and_product():
    groups = aggregate_sales(
        [
            sale(FEB_9, quantity=2, price=1000),
            sale(FEB_1, quantity=1, price=1100),
            sale(region="NA", quantity=7),
            sale(product="DESK-20", price=9900),
            sale(date(2024, 2, 5), status="pending"),
        ]
    )
    assert groups == {
        ("EU-DE", "LAMP-01"): Metrics(3, 3, 3100, FEB_1, FEB_9),
        ("NA", "LAMP-01"): Metrics(1, 7, 700, FEB_1, FEB_1),
        ("EU-DE", "DESK-20"): Metrics(1, 1, 9900, FEB_1, FEB_1),
    }


def test_dimensions():
    cases = {
        "region": "EU-DE",
        "country": "EU",
        "product": "LAMP-01",
        "status": "shipped",
        "week": "2024-W05",
    }
    assert {dimension: label_for(sale(), dimension) for dimension in cases} == cases


def test_a_region_without_parts_is_its_own_country():
    assert label_for(sale(region="EU"), "country") == "EU"


def test_the_average_price():
    assert Metrics(2, 3, 1000, FEB_1, FEB_1).average == 333
    assert Metrics(2, 0, 0, FEB_1, FEB_1).average == 0


RANKING = {
    ("b",): Metrics(1, 9, 500, FEB_1, FEB_1),
    ("c",): Metrics(4, 2, 800, FEB_1, FEB_1),
    ("a",): Metrics(2, 2, 500, FEB_1, FEB_1),
}


def test_orders_of_groups():
    cases = {
        "revenue": "cab",
        "units": "bac",
        "orders": "cab",
        "label": "abc",
    }
    assert {
        order: "".join(label for (label,), _ in ranked(RANKING, order)) for order in cases
    } == cases
    with pytest.raises(LedgerError, match="'price'"):
        ranked(RANKING, "price")
    assert [label for (label,), _ in ranked(RANKING, top=2)] == ["c", "a"]


def test_sales_are_filtered_while_they_are_read(write):
    path = write(
        "s.csv",
        "Date;Region;Qty;Unit price (EUR)\n2024-02-01;EU;1;1.00\n2024-02-02;NA;2;2.00\n",
    )
    assert [item.quantity for item in read_sales(path, SalesFilter(regions=("NA",)))] == [2]
    assert [item.unit_price for item in read_sales(path)] == [100, 200]
