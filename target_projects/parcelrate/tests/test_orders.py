from datetime import date

import pytest
from builders import eur, make_order

from parcelrate.errors import AmountError, OrderFileError
from parcelrate.money import Money
from parcelrate.orders import (
    Order,
    Parcel,
    column_name,
    parse_count,
    parse_day,
    parse_flags,
    parse_order_id,
    parse_size,
    parse_weight,
    read_orders,
    write_orders,
)

HEADER = "order_id,country,currency,value,weight,size"
ROW = "WEB-1001,DE,EUR,20,1.0 kg,10 x 10 x 10 cm"


def read(tmp_path, *lines, **options):
    path = tmp_path / "orders.csv"
    path.write_bytes("\n".join(lines).encode())
    return read_orders(path, **options)


def problem_of(tmp_path, header, row):
    orders, problems = read(tmp_path, header, row)
    assert orders == []
    return problems


def test_weights():
    texts = ["500 g", "1.2kg", "3 lb", "2lbs", "8oz", " 1 KG "]
    assert [parse_weight(text) for text in texts] == [500, 1200, 1361, 908, 227, 1000]


def test_weights_are_rounded_up():
    assert [parse_weight(text) for text in ("0.1g", "1.0001 kg", "1.000 kg")] == [1, 1001, 1000]


def test_not_a_weight():
    for text in ("", "5", "kg", "-1kg", "1 t", "1kg 5", "1.kg"):
        with pytest.raises(AmountError, match="not a weight"):
            parse_weight(text)
    with pytest.raises(AmountError, match="weighs nothing: '0.0 kg'"):
        parse_weight("0.0 kg")


def test_sizes():
    assert parse_size("10x30x20") == (300, 200, 100)
    assert parse_size(" 5 X 120 x 7.5 mm ") == (120, 8, 5)

    assert parse_size("2.5x2.5x2.5") == (25, 25, 25)
    texts = ["1x1x1", "1x1x1cm", "1x1x1 MM", "1x1x1 in"]
    assert [parse_size(text)[0] for text in texts] == [10, 10, 1, 26]


def test_not_a_size():
    for text in ("", "10x10", "10x10x10x10", "axbxc", "10x10x10 m", "1,0x1x1"):
        with pytest.raises(AmountError, match="not a size"):
            parse_size(text)
    with pytest.raises(AmountError, match="a side of nothing: '10x0x10'"):
        parse_size("10x0x10")
    with pytest.raises(AmountError, match="not an amount: '1.2.3'"):
        parse_size("1.2.3x1x1")


def test_volume():
    assert Parcel(1, (300, 200, 100)).volume_mm3 == 6_000_000


def test_flags():
    assert parse_flags("Fragile|signature dangerous") == {"fragile", "signature", "dangerous"}
    assert parse_flags("") == frozenset()
    assert isinstance(parse_flags("fragile"), frozenset)
    assert parse_flags(" | fragile |") == {"fragile"}

    with pytest.raises(AmountError, match="^unknown flags: big, old$"):
        parse_flags("old|fragile|big")


def test_numbers_of_orders_and_parcels():
    assert [parse_count(text) for text in ("1", "10", "999")] == [1, 10, 999]
    for text in ("0", "-1", "1.5", "1000", "01", "x"):
        with pytest.raises(AmountError, match=f"^not a number of parcels: '{text}'$"):
            parse_count(text)

    assert [parse_order_id(text) for text in ("WEB-001", "ab-12345678", "SHOP-123")] == [
        "WEB-001", "AB-12345678", "SHOP-123",
    ]  # fmt: skip
    for text in ("W-123", "WEBSH-123", "WEB-12", "WEB-123456789", "WEB123", "WEB-123 "):
        with pytest.raises(AmountError, match="^not an order number"):
            parse_order_id(text)


def test_days():
    assert parse_day("2024-02-29") == date(2024, 2, 29)
    for text in ("2023-02-29", "today", ""):
        with pytest.raises(AmountError, match=f"^not a day: '{text}'$"):
            parse_day(text)


def test_titles_of_columns():
    titles = [" Order ", "ZIP", "ccy", "Qty", "order-id", "Order  ID", "Weight", "other"]
    assert [column_name(title) for title in titles] == [
        "order_id", "postcode", "currency", "parcels", "order_id", "order_id", "weight", "other",
    ]  # fmt: skip


def test_plain_and_short_rows(tmp_path):
    orders, problems = read(tmp_path, HEADER, ROW)
    parcel = Parcel(1000, (100, 100, 100))
    assert orders == [Order("WEB-1001", "DE", eur(2000), parcel)]
    assert read(tmp_path, HEADER, " web-1001 , de , eur , 20 , 1kg , 10x10x10 ")[0] == orders
    assert problems == []

    assert problem_of(tmp_path, HEADER, "WEB-1001,DE,EUR,20,1kg") == ["line 2: size: missing"]


def test_full_row(tmp_path):
    header = HEADER + ",zip,qty,flags,coupon,ordered"
    (order,), _ = read(tmp_path, header, ROW + ",ze1   0aa,12,Fragile,spring-24,2024-03-05")
    assert order.postcode == "ZE1 0AA"
    assert order.parcels == 12
    assert order.flags == {"fragile"}
    assert (order.coupon, order.ordered) == ("SPRING-24", date(2024, 3, 5))


def test_what_rows_may_leave_out(tmp_path):
    header = HEADER + ",zip,qty,flags,coupon,ordered"
    (order,), _ = read(tmp_path, header, ROW + ",, ,,,")
    assert (order.postcode, order.parcels, order.flags) == ("", 1, frozenset())
    assert (order.coupon, order.ordered) == (None, None)


def test_empty_cells(tmp_path):
    for column in ["order_id", "country", "currency", "value", "weight", "size"]:
        cells = dict(zip(HEADER.split(","), ROW.split(",")), **{column: " "})
        row = ",".join(cells.values())
        assert problem_of(tmp_path, HEADER, row) == [f"line 2: {column}: missing"]


def test_faulty_cells(tmp_path):
    rows = [ROW.replace("WEB-1001", "1"), ROW.replace("20", "x"), ROW.replace("1.0 kg", "1 t")]
    rows += [ROW.replace("EUR", "euro"), ROW.replace("EUR,20", "jpy,2.5")]
    _, problems = read(tmp_path, HEADER, *rows)
    assert problems == [
        "line 2: order_id: not an order number: '1'",
        "line 3: value: not an amount: 'x'",
        "line 4: weight: not a weight: '1 t'",
        "line 5: currency: not a currency: 'euro'",
        "line 6: value: too many decimals for JPY: '2.5'",
    ]

    header = HEADER + ",parcels,flags,ordered"
    _, problems = read(tmp_path, header, f"{ROW},0,,", f"{ROW},,x,", f"{ROW},,,soon")
    assert problems == [
        "line 2: parcels: not a number of parcels: '0'",
        "line 3: flags: unknown flags: x",
        "line 4: ordered: not a day: 'soon'",
    ]


def test_good_rows_among_bad_ones(tmp_path):
    rows = [ROW, "WEB-1002", ROW.replace("1001", "1003")]
    orders, problems = read(tmp_path, HEADER, *rows)
    assert [order.id for order in orders] == ["WEB-1001", "WEB-1003"]
    assert problems == ["line 3: currency: missing"]


def test_order_that_comes_twice(tmp_path):
    orders, problems = read(tmp_path, HEADER, ROW, ROW.lower().replace("20", "99"))
    assert [order.value for order in orders] == [eur(2000)]
    assert problems == ["line 3: order_id: WEB-1001 came before"]


def test_empty_lines_count(tmp_path):
    _, problems = read(tmp_path, HEADER, "", " , ,", "1" + ROW)
    assert [problem[:7] for problem in problems] == ["line 4:"]


def test_missing_columns(tmp_path):
    with pytest.raises(OrderFileError, match="^orders.csv: missing columns: value, size$"):
        read(tmp_path, "order_id,country,currency,weight", "")
    with pytest.raises(OrderFileError, match="missing columns: order_id, country"):
        read(tmp_path, "")


def test_other_dialects(tmp_path):
    orders, _ = read(tmp_path, HEADER.replace(",", ";"), ROW.replace(",", ";"), delimiter=";")
    assert orders[0].value == eur(2000)

    assert read(tmp_path, "\ufeff" + HEADER, ROW)[1] == []


def test_line_breaks_in_cells(tmp_path, plain_machine):
    rows = [ROW + ',"Zü\rB"', ROW.replace("1.0 kg", '"1\r\nt"')]
    orders, problems = read(tmp_path, HEADER + ",zip", *rows)
    assert [order.postcode for order in orders] == ["ZÜ B"]
    assert problems == ["line 5: weight: not a weight: '1\\r\\nt'"]


ORDER = make_order(7, postcode="ZÜ1", flags=frozenset({"signature", "fragile"}))


def test_written_file(tmp_path, plain_machine):
    path = tmp_path / "out" / "2024" / "orders.csv"
    write_orders([ORDER], path)
    assert path.read_bytes().decode("utf-8") == (
        "order_id,country,currency,value,weight,size,postcode,parcels,flags,coupon,ordered\r\n"
        "WEB-0007,DE,EUR,20.00,1000 g,100x100x100 mm,ZÜ1,1,fragile|signature,,\r\n"
    )


def test_written_in_the_order_of_the_numbers(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("old\n", encoding="utf-8")
    write_orders([make_order(number) for number in (3, 1, 2)], path)
    rows = path.read_text(encoding="utf-8").splitlines()
    assert [row[:8] for row in rows] == ["order_id", "WEB-0001", "WEB-0002", "WEB-0003"]


def test_written_orders_are_read_again(tmp_path):
    order = make_order(
        value=Money(1500, "JPY"), coupon="SPRING", ordered=date(2024, 3, 5), parcels=3
    )
    write_orders([order], tmp_path / "orders.csv")
    assert read_orders(tmp_path / "orders.csv") == ([order], [])
