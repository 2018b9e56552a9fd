from datetime import date, timedelta
from decimal import Decimal

from builders import (
    HOUR,
    NOW,
    SECOND,
    log_attempts,
    make_attempt,
    make_event,
    make_queue,
    make_settings,
)
from hookrelay.moments import offset_zone
from hookrelay.money import Amount
from hookrelay.reports import (
    Row,
    daily_rows,
    list_reports,
    percentile,
    prune_reports,
    report_path,
    to_csv,
    usage_fee,
    write_report,
)

DAY = date(2024, 3, 1)


def make_row(**changes):
    fields = {
        "merchant": "orchard", "attempts": 8, "delivered": 7, "failed": 1, "p95_ms": 90,
        "net": (Amount("EUR", 1250),), "fee": Amount("EUR", 35),
    }  # fmt: skip
    return Row(**{**fields, **changes})


def test_percentiles():
    for values, percent, result in [
        (range(1, 101), 95, 95),
        (range(1, 21), 95, 19),
        (range(1, 22), 95, 20),
        ([30, 10, 20], 50, 20),
        ([30, 10, 20], 34, 20),
        ([30, 10, 20], 33, 10),
        ([30, 10, 20], 0, 10),
        ([30, 10, 20], 100, 30),
        ([7], 95, 7),
        ([], 95, 0),
    ]:
        assert percentile(list(values), percent) == result


def test_fees():
    settings = make_settings(free_attempts=100)
    fees = [usage_fee(count, settings).minor for count in (0, 100, 101, 1100, 1101, 2100, 2101)]
    assert fees == [0, 0, 35, 35, 70, 70, 105]

    settings = make_settings(free_attempts=0, currency="JPY", price_per_thousand=Decimal("1.5"))
    assert usage_fee(1, settings) == Amount("JPY", 2)


def test_success_rates():
    for delivered, attempts, rate in [
        (7, 8, "87.5"),
        (2, 3, "66.7"),
        (0, 3, "0.0"),
        (3, 3, "100.0"),
        (1, 16, "6.2"),
        (3, 16, "18.8"),
    ]:
        assert str(make_row(delivered=delivered, attempts=attempts).success_rate) == rate


def accept(db, *events):
    for event in events:
        make_queue(db).accept(event, [], NOW)


def test_figures_of_a_merchant(db):
    accept(db, make_event(1))
    log_attempts(
        db,
        make_attempt(status=500, latency_ms=900),
        make_attempt(status=None, latency_ms=10_000),
        make_attempt(latency_ms=80),
    )
    (row,) = daily_rows(db, DAY, make_settings())
    assert row == Row("orchard", 3, 1, 2, 10_000, (Amount("EUR", 1250),), Amount("EUR", 35))


def test_net_amounts(db):
    events = [
        make_event(1),
        make_event(2, type="refund.created", amount=Amount("EUR", 2000)),
        make_event(3, type="payment.failed", amount=Amount("EUR", 9000)),
        make_event(4, amount=Amount("CHF", 5)),
        make_event(5, type="payment.failed", amount=Amount("JPY", 5)),
        make_event(6, type="customer.updated", amount=None),
        make_event(7, amount=Amount("EUR", 700)),
    ]
    accept(db, *events)
    log_attempts(db, *(make_attempt(event_id=f"evt_000{n}") for n in (1, 2, 3, 4, 5, 6, 1)))
    log_attempts(db, make_attempt(event_id="evt_0007", status=500))
    (row,) = daily_rows(db, DAY, make_settings())
    assert row.net == (Amount("CHF", 5), Amount("EUR", -750))


def test_the_busiest_merchant_comes_first(db):
    accept(db, make_event())
    for merchant in ("kiosk", "apex", "orchard", "orchard", "apex", "kiosk", "orchard", "zoo"):
        log_attempts(db, make_attempt(merchant=merchant))
    rows = daily_rows(db, DAY, make_settings())
    assert [(row.merchant, row.attempts) for row in rows] == [
        ("orchard", 3), ("apex", 2), ("kiosk", 2), ("zoo", 1),
    ]  # fmt: skip


def test_a_day_is_a_local_day(db):
    accept(db, make_event())
    start = NOW - 7 * HOUR
    moments = [start - SECOND, start, start + 24 * HOUR - SECOND, start + 24 * HOUR]
    log_attempts(db, *(make_attempt(at=moment) for moment in moments))
    (row,) = daily_rows(db, DAY, make_settings(zone=offset_zone(-60)))
    assert row.attempts == 2
    assert daily_rows(db, DAY + timedelta(days=5), make_settings()) == []


def test_the_file_of_a_report(db, tmp_path, windows_text):
    accept(db, make_event())
    log_attempts(db, make_attempt())
    path = write_report(db, DAY, make_settings(report_folder=tmp_path / "out"))
    assert path.relative_to(tmp_path).as_posix() == "out/2024/03/deliveries-2024-03-01.csv"
    assert path.read_bytes() == (
        b"merchant,attempts,delivered,failed,success_rate,p95_ms,net,fee\r\n"
        b"orchard,1,1,0,100.0,40,EUR 12.50,0.00\r\n"
    )


def test_a_report_written_again_replaces_the_old_one(db, tmp_path):
    settings = make_settings(report_folder=tmp_path)
    path = report_path(tmp_path, DAY)
    path.parent.mkdir(parents=True)
    path.write_text("old\n" * 100, encoding="utf-8")
    assert write_report(db, DAY, settings) == path
    assert path.read_text(encoding="utf-8").splitlines() == [to_csv([]).strip()]


def test_rows_with_several_currencies():
    row = make_row(net=(Amount("EUR", -1250), Amount("JPY", 5)))
    assert to_csv([row]).splitlines()[1] == "orchard,8,7,1,87.5,90,EUR -12.50; JPY 5,0.35"
    assert to_csv([make_row(net=())]).splitlines()[1] == "orchard,8,7,1,87.5,90,,0.35"


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")


def test_reports_there_are(tmp_path, backward_listing):
    put(
        tmp_path,
        "2024/03/deliveries-2024-03-10.csv",
        "2024/03/deliveries-2024-03-09.csv",
        "2023/12/deliveries-2023-12-31.csv",
        "2024/02/deliveries-2024-02-30.csv",
        "2024/02/deliveries-2024-02-01.csv.csv",
        "2024/02/old-deliveries-2024-02-01.csv",
        "2024/deliveries-2024-01-01.csv",
    )
    assert list_reports(tmp_path) == [date(2023, 12, 31), date(2024, 3, 9), date(2024, 3, 10)]
    assert list_reports(tmp_path / "none") == []


def test_removing_old_reports(tmp_path):
    put(
        tmp_path,
        "2024/01/deliveries-2024-01-30.csv",
        "2024/01/deliveries-2024-01-31.csv",
        "2024/02/deliveries-2024-02-01.csv",
        "2023/12/deliveries-2023-12-31.csv",
    )
    removed = prune_reports(tmp_path, DAY, 30)
    assert removed == [date(2023, 12, 31), date(2024, 1, 30)]
    assert list_reports(tmp_path) == [date(2024, 1, 31), date(2024, 2, 1)]
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["01", "02"]
