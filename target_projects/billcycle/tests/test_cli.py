import json
import sqlite3

import pytest
from builders import make_record

from billcycle import storage
from billcycle.cli import main
from billcycle.moments import FrozenClock

NUMBER = "INV-2024-0001"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder at a moment; gives exit code and what was printed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, at="2024-03-01T08:00:00Z", **environ):
        code = main(["--at", at, *arguments], environ)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


@pytest.fixture
def drafted(run, tmp_path):
    (tmp_path / "invoice.json").write_text(json.dumps(make_record()), encoding="utf-8")
    run("draft", "invoice.json")
    return run


def test_draft(run, tmp_path, ascii_machine):
    record = make_record(number=None, customer="Łódź Café")
    text = json.dumps(record, ensure_ascii=False)
    (tmp_path / "invoice.json").write_text(text, encoding="utf-8")
    assert run("draft", "invoice.json") == (
        0, "INV-2024-0001 for Łódź Café (or***@example.com): EUR 100.00\n",
    )  # fmt: skip


def test_draft_from_a_file_that_cannot_be_read(run, tmp_path):
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert run("draft", "broken.json") == (1, "billcycle: cannot read broken.json\n")
    assert run("draft", "absent.json") == (1, "billcycle: cannot read absent.json\n")


def test_schedule_on_a_day(drafted):
    drafted("schedule", NUMBER, "--on", "2024-03-08")
    assert drafted("run", at="2024-03-08T08:59:59Z")[1].startswith("0 sent")
    assert drafted("run", at="2024-03-08T09:00:00Z")[1].startswith("1 sent")


def test_run_with_a_failure_is_a_problem(drafted, tmp_path):
    drafted("schedule", NUMBER)
    (tmp_path / "spool").write_text("in the way", encoding="utf-8")
    code, text = drafted("run", at="2024-03-01T09:00:00Z", BILLCYCLE_WORKER_MAX_ATTEMPTS="1")
    assert (code, text) == (1, "0 sent, 0 skipped, 0 retried, 1 failed, 0 left\n")


def test_pay(drafted):
    drafted("schedule", NUMBER)
    drafted("run", at="2024-03-01T09:00:00Z")
    code, text = drafted("pay", NUMBER, "EUR 60.00")
    assert (code, text.split()[1:]) == (0, ["partly", "paid", "2024-03-20", "EUR", "40.00"])


def test_write_off_needs_a_sent_invoice(drafted):
    assert drafted("void", NUMBER, "--write-off") == (
        1, f"billcycle: {NUMBER} is a draft and cannot become written off\n",
    )  # fmt: skip


def test_preview(drafted):
    code, text = drafted("preview", NUMBER, at="2024-04-03T12:00:00Z")
    assert (code, text) == (
        0,
        "2024-04-03 Payment of EUR 100.00 is 14 days late (INV-2024-0001)\n"
        "2024-04-19 Last reminder for INV-2024-0001: EUR 100.00 outstanding\n",
    )

    assert drafted("preview", NUMBER, at="2025-01-01T12:00:00Z") == (0, "no reminders left\n")


def test_lists(drafted):
    assert drafted("aging")[1].splitlines()[-1] == "over 90          EUR 0.00"
    assert drafted("list", "--state", "draft", "--customer", "Orchard Farm")[1].startswith(NUMBER)
    assert drafted("list", "--state", "sent") == (0, "")
    assert drafted("list", "--customer", "Nobody") == (0, "")


def test_export_format_from_settings_and_option(drafted, tmp_path):
    json_wanted = {"BILLCYCLE_EXPORT_FORMAT": "json"}
    assert drafted("export") == (0, "2024/03/01/invoices.csv\n")
    assert drafted("export", **json_wanted) == (0, "2024/03/01/invoices.json\n")
    assert drafted("export", "--format", "csv", **json_wanted)[1] == "2024/03/01/invoices-2.csv\n"
    assert (tmp_path / "exports/2024/03/01/invoices.csv").is_file()


def test_export_removes_old_days(drafted):
    drafted("export")
    code, text = drafted("export", at="2024-03-05T08:00:00Z", BILLCYCLE_EXPORT_KEEP_DAYS="3")
    assert text == "2024/03/05/invoices.csv\nremoved 2024-03-01\n"


def test_settings_file_option(drafted, tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/b.toml").write_text('[storage]\ndatabase = "data/b.db"\n', encoding="utf-8")
    assert drafted("--config", "conf/b.toml", "list") == (0, "")
    assert (tmp_path / "conf/data/b.db").is_file()


def test_expected_errors_are_one_line(run, capsys):
    assert main(["draft", "absent.json"], {}) == 1
    assert capsys.readouterr() == ("", "billcycle: cannot read absent.json\n")
    assert run("pay", "INV-2024-0404", "5") == (1, "billcycle: there is no invoice INV-2024-0404\n")
    assert run("list", BILLCYCLE_WORKER_BATCH="0")[0] == 1


def test_the_clock_counts_when_no_moment_is_given(drafted, capsys):
    drafted("schedule", NUMBER, "--on", "2024-03-08")
    assert main(["run"], {}, FrozenClock("2024-03-08T09:00:00Z")) == 0
    assert capsys.readouterr().out.startswith("1 sent")


def test_wrong_usage(run):
    for at, *arguments in (
        ("yesterday", "list"),
        ("2024-03-01", "list", "--state", "lost"),
        ("2024-03-01",),
    ):
        with pytest.raises(SystemExit) as caught:
            run(*arguments, at=at)
        assert caught.value.code == 2


def test_version(run, capsys):
    with pytest.raises(SystemExit) as caught:
        run("--version")
    assert (caught.value.code, capsys.readouterr().out) == (0, "billcycle 2.7.1\n")


def test_export_in_the_format_asked_for(drafted, tmp_path):
    for kind in ("csv", "json", "both"):
        drafted("export", "--format", kind)
    files = sorted(file.name for file in tmp_path.rglob("invoices*"))
    assert files == ["invoices-2.csv", "invoices-2.json", "invoices.csv", "invoices.json"]


def test_database_is_closed_again(run, monkeypatch):
    opened = []

    def connect(path):
        opened.append(storage.connect(path))
        return opened[-1]

    monkeypatch.setattr("billcycle.cli.connect", connect)
    run("list")
    with pytest.raises(sqlite3.ProgrammingError):
        opened[0].execute("SELECT 1")
