import io
import json
from pathlib import Path

import pytest
from builders import NOON

from parcelrate import cli
from parcelrate.cli import main

pytestmark = pytest.mark.usefixtures("usual_defaults")

HEADER = "order_id,country,currency,value,weight,size,coupon\n"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments, now=NOON, **environ):
    environ = {f"PARCELRATE_{name}": value for name, value in environ.items()}
    out = io.StringIO()
    code = main([str(argument) for argument in arguments], environ, out, now)
    return code, out.getvalue().splitlines()


def rates(text, name="2024/03/05/rates-120000.txt"):
    path = Path("rates", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_load_saves_and_prunes():
    rates("USD:EUR:DHL:1", "2024/03/04/rates-120000.txt")
    Path("new.txt").write_text("\ufeffUSD:CAD:Årstad:5,", encoding="utf-8")
    assert run("load", "new.txt", HISTORY_KEEP_DAYS="1") == (
        0, ["saved: 2024/03/05/rates-130000.txt", "removed: 2024-03-04"],
    )  # fmt: skip
    text = Path("rates/2024/03/05/rates-130000.txt").read_text(encoding="utf-8")
    assert text == "# new.txt, 1 rates\nUSD:CAD:Årstad:5\n"


def test_load_prunes_by_the_day_of_the_desk():
    Path("new.txt").write_text("USD:CAD:DHL:5", encoding="utf-8")
    rates("USD:EUR:DHL:1", "2024/03/05/rates-120000.txt")
    late = NOON.replace(hour=23)
    assert run("load", "new.txt", now=late, HISTORY_KEEP_DAYS="1")[1] == [
        "saved: 2024/03/06/rates-000000.txt", "removed: 2024-03-05",
    ]  # fmt: skip


def test_load_shows_slashes_on_every_system(backslashes):
    Path("new.txt").write_text("USD:CAD:DHL:5", encoding="utf-8")
    assert run("load", "new.txt")[1] == ["saved: 2024/03/05/rates-130000.txt"]


def test_load_refuses_faults():
    Path("new.txt").write_text("USD:CAD:DHL", encoding="utf-8")
    assert run("load", "new.txt") == (2, ["parcelrate: 3 fields instead of 4 at position 1"])
    assert not Path("rates").exists()


def test_files_that_cannot_be_read():
    assert run("load", "absent.txt") == (2, ["parcelrate: absent.txt: No such file or directory"])
    Path("new.txt").write_bytes("USD:CAD:Årstad:5".encode("latin-1"))
    assert run("load", "new.txt") == (2, ["parcelrate: a file is not UTF-8"])


TRIANGLE = "USD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:GBP:DHL:0.75, USD:GBP:UPS:0.78"


def test_convert():
    rates(TRIANGLE)
    assert run("convert", "1,000", "USD", "GBP") == (
        0, ["USD 1,000.00 = GBP 750.00 by DHL", "USD -DHL-> GBP"],
    )  # fmt: skip
    assert run("convert", "5", " gbp", "gbp")[1] == ["GBP 5.00 = GBP 5.00 by nobody", "GBP"]


def test_convert_by_policies_and_carriers():
    rates(TRIANGLE)
    by_option = run("convert", "100", "USD", "GBP", "--policy", "cheapest")
    assert by_option[1] == ["USD 100.00 = GBP 72.36 by UPS", "USD -UPS-> EUR -DHL-> GBP"]
    assert run("convert", "100", "USD", "GBP", CONVERSION_POLICY="cheapest") == by_option
    only = ("--carrier", "ups")
    assert run("convert", "100", "USD", "GBP", *only)[1][0] == "USD 100.00 = GBP 78.00 by UPS"


def test_convert_within_the_settings():
    rates("USD:EUR:UPS:1, EUR:GBP:DHL:1")
    arguments = ("convert", "100", "USD", "GBP")
    assert run(*arguments, CONVERSION_HOP_FEE_PERCENT="3")[1][0].startswith(
        "USD 100.00 = GBP 103.00"
    )
    assert run(*arguments, CONVERSION_MAX_HOPS="1") == (2, ["parcelrate: no rate from USD to GBP"])
    assert run(*arguments, now=NOON.replace(hour=13), HISTORY_MAX_AGE_HOURS="1") == (
        2, ["parcelrate: the rates are of 2024-03-05 12:00"],
    )  # fmt: skip


def orders(*rows):
    Path("orders.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")


def test_quote():
    rates("EUR:SEK:UPS:10, SEK:EUR:UPS:0.1, USD:EUR:UPS:1")
    orders(
        "WEB-001,DE,EUR,20,400 g,1 x 1 x 1 cm,",
        "WEB-002,QQ,EUR,20,1.0 kg,1 x 1 x 1 cm,",
        "WEB-003,DE,EUR,x,,,",
    )
    code, lines = run("quote", "orders.csv")
    assert code == 1
    assert lines[0] == "line 4: value: not an amount: 'x'"
    assert lines[2].split()[:5] == ["Q20240305-0001", "WEB-001", "DHL", "6.99", "EUR"]
    assert lines[3:] == ["DHL: 1 quote, EUR 6.99", "WEB-002: unknown country QQ"]
    orders("WEB-004,DE,EUR,x,,,")
    assert run("quote", "orders.csv")[0] == 1


def test_quote_with_coupons_that_were_used():
    rates("USD:EUR:UPS:1, SEK:EUR:UPS:1")
    entries = [{"code": "SHIP", "kind": "free", "max_uses": 1, "last": "2024-03-06"}]
    Path("coupons.json").write_text(json.dumps(entries), encoding="utf-8")
    orders("WEB-001,DE,EUR,20,400 g,1 x 1 x 1 cm,ship")
    code, lines = run("quote", "orders.csv")
    assert (code, lines[1].split()[3]) == (0, "0.00")
    orders("WEB-002,DE,EUR,20,400 g,1 x 1 x 1 cm,ship")
    code, lines = run("quote", "orders.csv")
    assert (code, lines[1:]) == (1, ["WEB-002: SHIP is used up"])
    assert run("quote", "orders.csv", now=NOON.replace(day=6, hour=23))[1][1:] == [
        "WEB-002: SHIP ended on 2024-03-06"
    ]


def add_quotes(count):
    from builders import make_offer

    from parcelrate.quotebook import QuoteBook, connect
    from parcelrate.settings import load_settings

    db = connect(Path("quotes.db"))
    settings = load_settings(None, {})
    for number in range(count):
        QuoteBook(db, settings.valid_for, settings.zone).add(make_offer(number), NOON)
    db.close()


def test_accept():
    add_quotes(1)
    assert run("accept", "q20240305-0001") == (0, ["WEB-0000: EUR 12.00 by Post"])
    assert run("accept", "q20240305-0001") == (2, ["parcelrate: Q20240305-0001 is accepted"])


def test_quotes_page_by_page():
    add_quotes(3)
    code, lines = run("quotes", QUOTES_PAGE_SIZE="2")
    assert (code, len(lines), lines[-1]) == (0, 5, "more: --after Q20240305-0002")
    code, lines = run("quotes", "--after", "Q20240305-0002", QUOTES_PAGE_SIZE="2")
    assert [line.split()[0] for line in lines] == ["quote", "Q20240305-0003", "Post:"]
    assert not Path("reports").exists()


def test_quotes_as_a_report():
    add_quotes(1)
    _, lines = run("quotes", "--save", REPORTS_FOLDER="out/lists")
    assert lines[-1] == "saved: quotes-2024-03-05.txt"
    text = Path("out/lists/2024-03/quotes-2024-03-05.txt").read_text(encoding="utf-8")
    assert text.splitlines() == lines[:-1]


def test_clean():
    orders("WEB-002,DE,EUR,20,1.0 kg,1 x 2 x 3 cm,", "WEB-001,DE,EUR,20,1.0 kg,1 x 2 x 3 cm,")
    assert run("clean", "orders.csv", "out/clean.csv") == (0, [])
    assert len(Path("out/clean.csv").read_text(encoding="utf-8").splitlines()) == 3
    orders("WEB-002;DE;EUR")
    assert run("clean", "orders.csv", "clean.csv") == (1, ["line 2: currency: missing"])
    assert run("clean", "orders.csv", "clean.csv", ORDERS_DELIMITER=";")[0] == 2


def test_run_takes_the_words_of_the_shell(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["parcelrate", "quotes"])
    monkeypatch.setenv("PARCELRATE_QUOTES_DATABASE", "d/q.db")
    with pytest.raises(SystemExit) as caught:
        cli.run()
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("quote  order")
    assert Path("d/q.db").is_file()


def test_settings_file():
    Path("desk.toml").write_text('[quotes]\ndatabase = "d/q.db"', encoding="utf-8")
    assert run("--settings", "desk.toml", "quotes")[0] == 0
    assert Path("d/q.db").is_file()
    assert run("quotes", CONFIG="absent.toml") == (
        2, ["parcelrate: absent.toml: no such settings file"],
    )  # fmt: skip
