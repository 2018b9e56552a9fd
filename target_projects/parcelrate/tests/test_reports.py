from datetime import timedelta, timezone

from builders import NOON, eur, make_quote, usd

from parcelrate.money import Money
from parcelrate.reports import render_text, totals, write_report

UTC = timezone.utc
EARLIER = NOON - timedelta(hours=1)


def test_table():
    quotes = [
        make_quote(1, total=eur(123450)),
        make_quote(2, total=eur(50), carrier="Svea Post", accepted=True),
    ]
    assert render_text(quotes, EARLIER).splitlines()[:3] == [
        "quote           order     carrier       total  currency  state     until",
        "Q20240302-0001  WEB-0001  Post       1,234.50  EUR       open      2024-03-05T12:00+00:00",
        "Q20240302-0002  WEB-0002  Svea Post      0.50  EUR       accepted  2024-03-05T12:00+00:00",
    ]


def test_states_are_those_of_the_moment():
    states = [render_text([make_quote()], now).splitlines()[1] for now in (EARLIER, NOON)]
    assert ["open" in states[0], "expired" in states[1]] == [True, True]

    assert render_text([], NOON) == "quote  order  carrier  total  currency  state  until\n"


def test_line_for_each_carrier():
    quotes = [make_quote(1), make_quote(2), make_quote(3, carrier="DHL", total=eur(5))]
    text = render_text(quotes, NOON)
    assert text.endswith("+00:00\nDHL: 1 quote, EUR 0.05\nPost: 2 quotes, EUR 24.00\n")


def test_totals_by_carrier_and_currency():
    quotes = [
        make_quote(1, carrier="UPS", total=eur(100)),
        make_quote(2, carrier="DHL", total=usd(5)),
        make_quote(3, carrier="UPS", total=eur(250)),
        make_quote(4, carrier="DHL", total=eur(7)),
    ]
    assert totals(quotes) == [("DHL", 1, eur(7)), ("DHL", 1, usd(5)), ("UPS", 2, eur(350))]
    assert totals([make_quote(total=Money(0, "JPY"))]) == [("Post", 1, Money(0, "JPY"))]


def test_report_file(tmp_path, plain_machine, odd_zone):
    quotes = [make_quote(carrier="Łódź")]
    path = write_report(quotes, tmp_path / "out" / "reports", NOON, UTC)
    assert path.relative_to(tmp_path).as_posix() == "out/reports/2024-03/quotes-2024-03-05.txt"
    assert path.read_bytes().decode("utf-8") == render_text(quotes, NOON)


def test_reports_of_days(tmp_path):
    write_report([make_quote(1), make_quote(2)], tmp_path, NOON, UTC)
    path = write_report([], tmp_path, NOON, UTC)
    assert path.read_text(encoding="utf-8") == render_text([], NOON)

    late = NOON.replace(month=2, day=29, hour=23)
    path = write_report([], tmp_path, late, timezone(timedelta(hours=1)))
    assert path.relative_to(tmp_path).as_posix() == "2024-03/quotes-2024-03-01.txt"
