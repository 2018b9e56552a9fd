import io
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, SECRET, make_record, make_settings
from hookrelay import cli
from hookrelay.alerts import AlertBox
from hookrelay.endpoints import EndpointBook
from hookrelay.moments import FrozenClock, offset_zone
from hookrelay.signing import sign
from hookrelay.storage import connect

FOLDERS = {
    "database": Path("hookrelay.db"),
    "report_folder": Path("reports"),
    "alert_folder": Path("alerts"),
}
CONFIG = {
    "id": "orchard-main",
    "merchant": "orchard",
    "url": "https://hooks.orchard.example/in",
    "secret": SECRET,
    "contact": "it@orchard.example",
}


@pytest.fixture
def hookrelay(tmp_path, monkeypatch):
    """Run a command in an empty folder; gives exit code and the lines printed."""
    monkeypatch.chdir(tmp_path)

    def hookrelay(*arguments, **settings):
        chosen = make_settings(**{**FOLDERS, "keep_days": 400, **settings})
        monkeypatch.setattr(cli, "load_settings", lambda path, environ: chosen)
        out = io.StringIO()
        code = cli.main(arguments, {}, out, FrozenClock(NOW))
        return code, out.getvalue().splitlines()

    return hookrelay


@pytest.fixture
def ready(hookrelay):
    Path("endpoints.json").write_text(json.dumps({"endpoints": [CONFIG]}), encoding="utf-8")
    hookrelay("endpoints", "endpoints.json")
    return hookrelay


def write_events(*records):
    text = "".join(json.dumps(record) + "\n" for record in records)
    Path("events.jsonl").write_text(text, encoding="utf-8")


def test_endpoints(hookrelay):
    text = json.dumps({"endpoints": [CONFIG, {**CONFIG, "id": "second"}]})
    Path("endpoints.json").write_text(text, encoding="utf-8")
    assert hookrelay("endpoints", "endpoints.json") == (0, ["orchard-main: added", "second: added"])
    assert hookrelay("endpoints", "endpoints.json")[1][0] == "orchard-main: unchanged"


def test_accepting(ready):
    write_events(make_record(), make_record(id="evt_0002", merchant="kiosk"))
    assert ready("accept", "events.jsonl") == (0, ["2 events accepted, 1 deliveries"])


def test_accepting_what_is_faulty(ready):
    write_events(
        make_record(), make_record(id="x"), make_record(amount="1.00"), make_record(id="evt_0002")
    )
    assert ready("accept", "events.jsonl") == (
        1,
        [
            "2 events accepted, 2 deliveries",
            "refused line 2: not an event id: 'x'",
            "refused evt_0001 was stored with another content",
        ],
    )


def test_accepting_from_producers_with_fast_clocks(ready):
    write_events(make_record(created="2024-03-01T08:20:00Z"))
    assert ready("accept", "events.jsonl")[0] == 1
    assert ready("accept", "events.jsonl", future_tolerance=timedelta(minutes=20))[0] == 0


def test_a_rehearsal(ready):
    write_events(make_record(), make_record(id="evt_0002"), make_record(id="evt_0003"))
    ready("accept", "events.jsonl")
    code, lines = ready("work", "--rehearse", "spool", per_window=2)
    assert (code, lines) == (0, ["2 delivered, 0 retried, 0 failed, 0 lost, 1 put off"])
    names = sorted(path.name for path in Path("spool").rglob("*.http"))
    assert names == ["evt_0001-001.http", "evt_0002-001.http"]


def test_a_rehearsal_later_than_the_clock(ready):
    write_events(make_record())
    ready("accept", "events.jsonl")
    ready("--at", "2024-03-03T09:00:00+01:00", "work", "--rehearse", "spool")
    db = connect("hookrelay.db")
    assert db.execute("SELECT at FROM attempts").fetchone()["at"] == "2024-03-03T08:00:00.000+00:00"
    db.close()


def test_work_with_failures_needs_a_look(ready):
    write_events(make_record())
    ready("accept", "events.jsonl")
    Path("spool").write_text("in the way", encoding="utf-8")
    code, lines = ready("--at", "2024-03-04T08:00:00Z", "work", "--rehearse", "spool")
    assert (code, lines) == (1, ["0 delivered, 0 retried, 1 failed, 0 lost, 0 put off"])


def test_rotating(ready):
    code, lines = ready("rotate", "orchard-main", "whsec_" + "n" * 16)
    assert (code, lines) == (
        0,
        ["…nnnn signs until further notice", "…cdef signs until 2024-03-02T08:00:00.000+00:00"],
    )


def test_verifying(hookrelay):
    Path("body.json").write_bytes(b"{}\r\n")
    header = sign([SECRET], NOW, b"{}\r\n")
    command = (
        "verify",
        "body.json",
        "--header",
        header,
        "--secret",
        "whsec_other",
        "--secret",
        SECRET,
    )
    assert hookrelay(*command) == (0, ["the signature is good"])
    assert hookrelay("--at", "2024-03-01T08:05:01Z", *command) == (
        2,
        ["hookrelay: the time stamp is 301 seconds off"],
    )


def test_reports(hookrelay):
    old = Path("reports/2023/01/deliveries-2023-01-25.csv")
    old.parent.mkdir(parents=True)
    old.write_text("", encoding="utf-8")
    assert hookrelay("report") == (
        0,
        ["2024/02/deliveries-2024-02-29.csv", "removed 2023-01-25"],
    )
    assert hookrelay("report", "--day", "2024-01-05")[1] == ["2024/01/deliveries-2024-01-05.csv"]


def test_yesterday_is_the_offices_yesterday(hookrelay):
    lines = hookrelay("report", zone=offset_zone(-481))[1]
    assert lines == ["2024/02/deliveries-2024-02-28.csv"]


def test_alerts(ready):
    db = connect("hookrelay.db")
    AlertBox(db, NOW - NOW).put(EndpointBook(db).get("orchard-main"), "it failed", NOW)
    db.close()
    assert ready("alerts") == (1, ["2024-03/alerts-2024-03-01.jsonl"])
    assert ready("alerts") == (0, [])


def test_a_settings_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("etc").mkdir()
    Path("etc/relay.toml").write_text('[storage]\ndatabase = "own.db"\n', encoding="utf-8")
    environ = {"HOOKRELAY_REPORTS_FOLDER": "figures"}
    command = ["--settings", "etc/relay.toml", "report"]
    assert cli.main(command, environ, io.StringIO(), FrozenClock(NOW)) == 0
    assert Path("etc/own.db").is_file()
    assert Path("etc/figures/2024").is_dir()

    out = io.StringIO()
    assert cli.main(["--settings", "none.toml", "alerts"], {}, out, FrozenClock(NOW)) == 2
    assert out.getvalue() == "hookrelay: there is no settings file none.toml\n"


def test_what_cannot_be_done(hookrelay):
    Path("latin.jsonl").write_bytes(b"\xe9\n")
    for command, problem in [
        (["accept", "none.jsonl"], "none.jsonl: No such file or directory"),
        (["accept", "latin.jsonl"], "latin.jsonl: not UTF-8"),
        (["endpoints", "none.json"], "there is no file none.json"),
        (["rotate", "nobody", "whsec_" + "n" * 16], "there is no endpoint nobody"),
        (["--at", "now", "alerts"], "not a moment: 'now'"),
    ]:
        assert hookrelay(*command) == (2, [f"hookrelay: {problem}"])


def test_the_command_as_it_is_installed(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOOKRELAY_STORAGE_DATABASE", ":memory:")
    monkeypatch.setattr(sys, "argv", ["hookrelay", "rotate", "nobody", SECRET])
    with pytest.raises(SystemExit) as caught:
        cli.run()
    assert caught.value.code == 2
    assert capsys.readouterr().out == "hookrelay: there is no endpoint nobody\n"


def test_usage(hookrelay, capsys):
    for command in (["--version"], ["report", "--day", "today"], []):
        with pytest.raises(SystemExit):
            hookrelay(*command)
    printed = capsys.readouterr()
    assert printed.out.startswith("hookrelay 1.")
    assert "argument --day" in printed.err
