import json
import sqlite3

import pytest
from builders import AT, make_record

from paylane import cli
from paylane.cli import main
from paylane.moments import FixedClock
from paylane.storage import connect


def charge(run, key="k1", **options):
    """The id of a new payment of EUR 100."""
    return run("charge", "request.json", "--key", key, **options)[1].split()[0]


def test_charge_and_the_same_again(run):
    code, text = run("charge", "request.json", "--key", "k1")
    assert code == 0
    assert text.splitlines()[0].split("  ")[1:] == [
        "2024-03-05 13:00", "", "", "", "EUR 100.00", "succeeded",
    ]  # fmt: skip
    assert run("charge", "request.json", "--key", "k1") == (0, "answered before:\n" + text)


def test_exit_codes(run, tmp_path):
    charge(run)
    for token, amount, code in (("tok_lost", "7", 1), ("tok_silent", "8", 75), ("tok_1", "0", 1)):
        record = make_record(card={"token": token, "brand": "visa"}, amount=amount)
        (tmp_path / "other.json").write_text(json.dumps(record), encoding="utf-8")
        assert run("charge", "other.json", "--key", f"k{amount}")[0] == code
    assert run("charge", "other.json", "--key", "k1")[0] == 1
    (tmp_path / "other.json").write_text(json.dumps(make_record(amount="9")), encoding="utf-8")
    assert run("charge", "other.json", "--key", "k1") == (
        3, "paylane: key k1 was used for another request\n",
    )  # fmt: skip
    assert run("show", "pay_404") == (4, "paylane: no payment pay_404\n")


def test_requests_that_cannot_be_read(run, tmp_path, plain_machine):
    text = json.dumps(make_record(descriptor="Łódź"), ensure_ascii=False)
    (tmp_path / "request.json").write_text(text, encoding="utf-8")
    assert "descriptor: Łódź" in run("charge", "request.json", "--key", "k1")[1]

    (tmp_path / "folder").mkdir()
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for name, problem in (
        ("absent.json", "file absent.json cannot be read"),
        ("folder", "file folder cannot be read"),
        ("list.json", "file list.json holds no request"),
    ):
        assert run("charge", name, "--key", "k2") == (1, f"paylane: {problem}\n")
    assert run("charge", "broken.json", "--key", "k2")[1].startswith("paylane: not JSON")


def test_refund_and_show(run):
    payment = charge(run)
    code, text = run("refund", payment, "40", "--key", "r1")
    assert (code, text.splitlines()[-1]) == (0, "  left: EUR 60.00")
    assert run("show", payment) == (0, text)
    assert run("refund", payment, "--key", "r2")[1].splitlines()[-1] == "  left: EUR 0.00"


def test_settle_the_last_day_that_is_over(run, tmp_path):
    charge(run)
    code, text = run("settle", at="2024-03-05T17:00:00Z")
    assert code == 0
    assert text.splitlines() == [
        "acme 2024-03-05",
        "  1 charges, 0 refunds            EUR 100.00 fees     EUR 3.15 net EUR 96.85",
        "  payout EUR 96.85",
        "  2024/03/05/acme.csv",
        "kyoto 2024-03-05",
        "  payout JPY 0",
        "  2024/03/05/kyoto.csv",
    ]
    assert (tmp_path / "settlements/2024/03/05/acme.csv").is_file()


def test_settle_one_day(run):
    charge(run)
    options = ("--day", "2024-03-05")
    assert run("settle", *options, at="2024-03-05T16:59:59Z") == (
        1, "paylane: day 2024-03-05 is not over\n",
    )  # fmt: skip
    _, text = run("settle", *options, at="2024-03-06T09:00:00Z", PAYLANE_SETTLEMENT_FORMAT="json")
    assert text.splitlines()[3] == "  2024/03/05/acme.json"
    _, text = run("settle", *options, at="2024-03-06T09:00:00Z")
    assert text.splitlines()[3] == "  2024/03/05/acme.csv"
    _, text = run("settle", *options, at="2024-03-06T09:00:00Z")
    assert text.splitlines()[3] == "  2024/03/05/acme.2.csv"


def test_purge(run):
    charge(run)
    charge(run, "k2", at="2024-03-05T12:00:01Z")
    assert run("purge", at="2024-03-06T12:00:00Z") == (0, "1 keys forgotten, 1 kept\n")


def test_settings_file_option(run, tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/p.toml").write_text('[storage]\ndatabase = "data/p.db"', encoding="utf-8")
    assert run("--config", "conf/p.toml", "purge") == (0, "0 keys forgotten, 0 kept\n")
    assert (tmp_path / "conf/data/p.db").is_file()


def test_database_is_closed_whatever_comes_of_the_command(run, monkeypatch):
    opened = []

    def remember(path):
        opened.append(connect(path))
        return opened[-1]

    monkeypatch.setattr(cli, "connect", remember)
    assert [run("purge")[0], run("show", "pay_404")[0]] == [0, 4]
    assert len(opened) == 2
    for db in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            db.execute("SELECT 1")


def test_clock_and_usage(run, capsys):
    charge(run)
    assert main(["purge"], {}, FixedClock("2024-03-06T12:00:00Z")) == 0
    assert capsys.readouterr() == ("1 keys forgotten, 0 kept\n", "")
    assert run("purge", at="noon") == (1, "paylane: not a moment: 'noon'\n")
    for arguments in ([], ["list"], ["charge", "request.json"]):
        with pytest.raises(SystemExit) as caught:
            run(*arguments)
        assert caught.value.code == 2


def test_errors_go_to_the_error_stream(run, capsys):
    assert main(["--at", AT, "show", "pay_404"], {}) == 4
    assert capsys.readouterr() == ("", "paylane: no payment pay_404\n")
