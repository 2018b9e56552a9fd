import io
import json
import sys
from pathlib import Path

import pytest

from ledgerlines.cli import main, run

SAMPLES = Path(__file__).parent.parent / "samples"
EXAMPLE = Path(__file__).parent.parent / "ledgerlines.example.toml"


@pytest.fixture
def ledgerlines(clock, tmp_path):
    """Runs the command line; returns its exit code and the lines that it printed."""

    def call(*arguments, **environ):
        out = io.StringIO()
        environ = {"LEDGERLINES_GENERAL_REPORT_FOLDER": str(tmp_path / "reports"), **environ}
        code = main([str(argument) for argument in arguments], environ, out, clock)
        return code, out.getvalue().splitlines()

    return call


def test_totals_of_the_sample(ledgerlines):
    code, lines = ledgerlines("totals", SAMPLES / "transactions.txt")
    assert code == 1
    assert lines[3:] == [
        "transactions         5",
        "amount        1,410.73",
        "fees             42.92",
        "fee share         3.0%",
        "net           1,367.81",
        "largest       #1006",
        "skipped line 7: not an amount: '\"bad\"'",
    ]


def test_totals_without_bad_lines(ledgerlines, write):
    assert ledgerlines("totals", write("t.txt", "1,5.00,0.10\n"))[0] == 0


def test_check_of_the_sample(ledgerlines):
    code, lines = ledgerlines("check", SAMPLES / "payments_20240301.csv")
    assert code == 1
    assert [line.split()[:3] for line in lines[3:]] == [
        ["7", "id", "duplicate"],
        ["8", "currency", "bad-currency"],
        ["5", "of", "7"],
    ]


def test_check_says_how_many_problems_it_does_not_show(ledgerlines):
    environ = {"LEDGERLINES_VALIDATION_MAX_PROBLEMS": "1"}
    _, lines = ledgerlines("check", SAMPLES / "payments_20240301.csv", **environ)
    assert lines[-2:] == ["5 of 7 rows are valid", "1 more problems"]


def test_warnings_alone_are_fine(ledgerlines, write):
    path = write("f.csv", "id,type,ccy,date,amount\nref_0001,refund,USD,2024-03-04,5\n")
    code, lines = ledgerlines("check", path)
    assert (code, lines[-1]) == (0, "1 of 1 rows are valid")
    assert lines[3].endswith("5 for a refund")


def test_warnings_are_errors_when_the_settings_are_strict(ledgerlines, write):
    path = write("f.csv", "id,type,ccy,date,amount\nref_0001,refund,USD,2024-03-04,5\n")
    code, lines = ledgerlines("check", path, LEDGERLINES_VALIDATION_STRICT="yes")
    assert (code, lines[-1]) == (1, "0 of 1 rows are valid")


def test_nothing_is_booked_after_today(ledgerlines, write):
    path = write("f.csv", "id,type,ccy,date,amount\nref_0001,refund,USD,2024-03-05,-5\n")
    assert ledgerlines("check", path)[0] == 1


def test_suspicious_groups(ledgerlines, write):
    path = write(
        "f.csv",
        "id,transaction_type,currency,date,amount\n"
        'pay_0001,charge,USD,2024-03-01,"9,999.99"\n'
        "ref_0001,refund,USD,2024-03-01,-6000\n"
        "ref_0002,refund,USD,2024-03-01,-4000.01\n"
        "dp_0001,dispute,USD,2024-03-02,-30000.01\n"
        "dp_0001,dispute,USD,2024-03-02,-1\n",
    )
    code, lines = ledgerlines("fraud", path)
    assert code == 1
    assert [line.split()[:6] for line in lines[3:]] == [
        ["2024-03-02", "dispute", "1", "30,000.01", "300.0%", "block"],
        ["2024-03-01", "refund", "2", "10,000.01", "100.0%", "alert"],
        ["1", "problems", "in", "the", "file"],
    ]


def test_fraud_without_findings(ledgerlines):
    arguments = ["--settings", EXAMPLE, "fraud", SAMPLES / "payments_20240301.csv"]
    code, lines = ledgerlines(*arguments)
    assert (code, lines[3]) == (0, "(nothing to report)")


def test_fraud_down_to_groups_to_watch(ledgerlines, write):
    path = write("f.csv", "id,type,ccy,date,amount\npo_0001,payout,EUR,2024-03-01,-45000.00\n")
    code, lines = ledgerlines("--settings", EXAMPLE, "fraud", path, "--at-least", "watch")
    assert (code, lines[3].split()[-4:]) == (1, ["watch", "treasury", "review", "tomorrow"])


def test_fraud_from_each_severity_on(ledgerlines, write):
    path = write(
        "f.csv",
        "id,type,ccy,date,amount\n"
        "pay_0001,charge,USD,2024-03-01,8000\n"
        "ref_0001,refund,USD,2024-03-01,-10001\n"
        "po_0001,payout,USD,2024-03-01,-30001\n",
    )
    for severity, types in [
        ("watch", ["payout", "refund", "charge"]),
        ("alert", ["payout", "refund"]),
        ("block", ["payout"]),
    ]:
        _, lines = ledgerlines("fraud", path, "--at-least", severity)
        assert [line.split()[1] for line in lines[3:]] == types


def test_fraud_in_another_currency(ledgerlines, write):
    path = write("f.csv", "id,type,ccy,date,amount\npo_0001,payout,GBP,2024-03-01,-60000.05\n")
    code, lines = ledgerlines("--settings", EXAMPLE, "fraud", path)
    assert (code, lines[3].split()[3:5]) == (1, ["70,200.06", "117.0%"])


def test_a_currency_without_a_rate(ledgerlines):
    code, lines = ledgerlines("fraud", SAMPLES / "payments_20240301.csv")
    assert (code, lines) == (2, ["ledgerlines: no rate for EUR"])


def test_sales_by_region_and_product(ledgerlines):
    code, lines = ledgerlines("sales", SAMPLES / "sales_2024q1.csv")
    assert code == 0
    assert [line.split() for line in lines[3:]] == [
        ["NA-US", "DESK-20", "1", "2", "620.00", "60.2%"],
        ["EU-DE", "DESK-20", "1", "1", "310.00", "30.1%"],
        ["EU-DE", "LAMP-01", "1", "3", "149.70", "14.5%"],
        ["unassigned", "LAMP-02", "1", "0", "0.00", "0.0%"],
        ["EU-FR", "LAMP-01", "1", "-1", "-49.90", "-4.8%"],
    ]


def test_sales_of_a_date_range(ledgerlines):
    arguments = ["--days", "2024-02-29..2024-03-31", "--by", "month"]
    _, lines = ledgerlines("sales", SAMPLES / "sales_2024q1.csv", *arguments)
    assert [line.split()[0] for line in lines[3:]] == ["2024-03", "2024-02"]


def test_sales_of_regions_and_products(ledgerlines):
    arguments = ["--region", "EU", "--region", "NA", "--product", "LAMP-01", "--by", "region"]
    _, lines = ledgerlines("sales", SAMPLES / "sales_2024q1.csv", *arguments)
    assert [line.split()[:3] for line in lines[3:]] == [["EU-DE", "1", "3"], ["EU-FR", "1", "-1"]]


def test_the_best_sales(ledgerlines):
    arguments = ["--min-revenue", "310", "--order", "label", "--top", "1"]
    _, lines = ledgerlines("sales", SAMPLES / "sales_2024q1.csv", *arguments)
    assert [line.split()[:2] for line in lines[3:]] == [["EU-DE", "DESK-20"]]


def test_sales_in_yen(ledgerlines, write):
    path = write("s.csv", "date,region,quantity,unit_price\n2024-03-01,APAC,2,1500\n")
    _, lines = ledgerlines(
        "sales", path, "--min-revenue", "3000", LEDGERLINES_GENERAL_BASE_CURRENCY="JPY"
    )
    assert lines[3].split() == ["APAC", "unassigned", "1", "2", "3,000", "100.0%"]


def test_a_report_is_written_into_a_new_folder(ledgerlines, write, tmp_path):
    code, lines = ledgerlines("totals", write("t.txt", "1,5.00,0.10\n"), "--report", "json")
    assert (code, lines[-1]) == (0, "written: transaction-totals.json")
    report = json.loads((tmp_path / "reports" / "transaction-totals.json").read_bytes())
    assert report["rows"][1] == {"figure": "amount", "value": "5.00"}


def test_an_intake_run(ledgerlines, tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "payments_20240301.csv").write_text("?\n", encoding="utf-8")
    (tmp_path / "archive" / "processed" / "2023-11").mkdir(parents=True)
    code, lines = ledgerlines("intake", tmp_path / "inbox", "--archive", tmp_path / "archive")
    assert code == 1
    assert lines == ["payments_20240301.csv: rejected (1 problems)", "2023-11: may be deleted"]


def test_an_intake_run_without_trouble(ledgerlines, tmp_path):
    text = "id,type,ccy,date,amount\nref_0001,refund,USD,2024-03-04,-5\n"
    (tmp_path / "payments_20240301.csv").write_text(text, encoding="utf-8")
    code, lines = ledgerlines("intake", tmp_path, "--archive", tmp_path / "archive")
    assert (code, lines) == (0, ["payments_20240301.csv: processed (0 problems)"])


def test_an_intake_run_that_leaves_work(ledgerlines, tmp_path):
    text = "id,type,ccy,date,amount\nref_0001,refund,USD,2024-03-04,5\n"
    (tmp_path / "payments_20240301.csv").write_text(text, encoding="utf-8")
    code, lines = ledgerlines("intake", tmp_path, "--archive", tmp_path / "archive")
    assert (code, lines) == (1, ["payments_20240301.csv: held (1 problems)"])


def test_a_file_that_is_not_there(ledgerlines, tmp_path):
    code, lines = ledgerlines("totals", tmp_path / "none.txt")
    assert (code, lines) == (2, ["ledgerlines: none.txt: No such file or directory"])


def test_a_file_that_is_not_utf_8(ledgerlines, tmp_path):
    (tmp_path / "f.csv").write_bytes(b"id,note\n1,M\xfcller\n")
    code, lines = ledgerlines("check", tmp_path / "f.csv")
    assert (code, lines) == (2, ["ledgerlines: f.csv: not UTF-8"])


def test_settings_that_make_no_sense(ledgerlines):
    code, lines = ledgerlines("check", "f.csv", LEDGERLINES_FRAUD_MAX_COUNT="0")
    assert (code, lines) == (2, ["ledgerlines: fraud.max_count: 0 is not within 1 to 1000000"])


def test_the_command_as_it_is_installed(monkeypatch, capsys, write):
    monkeypatch.setattr(sys, "argv", ["ledgerlines", "totals", str(write("t.txt", "1,?,0.10\n"))])
    with pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 1
    assert capsys.readouterr().out.endswith("skipped line 1: not an amount: '?'\n")


def test_usage(ledgerlines, capsys):
    with pytest.raises(SystemExit):
        ledgerlines("--version")
    assert capsys.readouterr().out.startswith("ledgerlines 2.")
    with pytest.raises(SystemExit):
        ledgerlines("fraud", "f.csv", "--at-least", "clear")
    assert "usage: ledgerlines fraud" in capsys.readouterr().err
