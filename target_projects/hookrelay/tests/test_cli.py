import io
import json
import sys
from pathlib import Path

import pytest
from builders import MINUTE, NOW, SECRET, FrozenClock, Script, make_record, make_settings, store
from hookrelay import cli
from hookrelay.endpoints import EndpointBook, parse_endpoint
from hookrelay.events import decode_body
from hookrelay.storage import connect

CONFIG = {
    "id": "orchard-main",
    "merchant": "orchard",
    "url": "https://hooks.orchard.example/in",
    "secret": SECRET,
    "contact": "it@orchard.example",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()


def put(name, *records):
    text = "".join(json.dumps(record) + "\n" for record in records)
    Path("inbox", name).write_text(text, encoding="utf-8")


def take_in(db, clock, **settings):
    EndpointBook(db).save(parse_endpoint(CONFIG))
    return cli.take_in(Path("inbox"), db, make_settings(**settings), clock)


def states(db):
    rows = db.execute("SELECT event_id, state, due, deadline FROM deliveries ORDER BY id")
    return [tuple(row) for row in rows]


def test_taking_in(db, clock):
    put("a.jsonl", make_record(), make_record(id="evt_0002", merchant="kiosk"))
    put("notes.txt", "nothing")
    Path("inbox/done").mkdir()
    put("done/old.jsonl", make_record(id="evt_0003"))
    assert take_in(db, clock) == []
    due = ("2024-03-01T08:00:00.000+00:00", "2024-03-04T08:00:00.000+00:00")
    assert states(db) == [("evt_0001", "pending", *due)]
    assert db.execute("SELECT count(*) FROM events").fetchone()[0] == 2


def test_taking_in_what_is_faulty(db, clock):
    put("a.jsonl", make_record(), make_record(id="x"), make_record(id="evt_0002"))
    put("b.jsonl", make_record(amount="1.00"), make_record(id="evt_0003"))
    assert take_in(db, clock) == [
        "a.jsonl, line 2: not an event id: 'x'",
        "b.jsonl: evt_0001 was stored with another content",
    ]
    assert [state[0] for state in states(db)] == ["evt_0001", "evt_0002", "evt_0003"]


def test_the_first_file_by_name_counts(db, clock, backward_listing):
    put("a.jsonl", make_record(amount="1.00"))
    put("b.jsonl", make_record(amount="2.00"))
    assert take_in(db, clock) == ["b.jsonl: evt_0001 was stored with another content"]
    (row,) = db.execute("SELECT body FROM events")
    assert decode_body(row["body"]).amount.minor == 100


def test_producers_with_fast_clocks(db, clock):
    put("a.jsonl", make_record(created="2024-03-01T08:20:00Z"))
    assert take_in(db, clock) == ["a.jsonl, line 1: evt_0001: created in the future"]
    assert take_in(db, clock, future_tolerance=20 * MINUTE) == []


def test_delivering(clock):
    db = connect("relay.db")
    store(db, "orchard", count=3)
    settings = make_settings(database=Path("relay.db"), per_window=2, workers=1)
    done = cli.deliver(Script(), db, settings, clock)
    assert dict(done) == {"delivered": 2, "put off": 1}
    db.close()


@pytest.fixture
def run(monkeypatch):
    """One run; gives exit code and the lines printed."""
    Path("endpoints.json").write_text(json.dumps({"endpoints": [CONFIG]}), encoding="utf-8")
    settings = make_settings(database=Path("relay.db"), workers=1, alert_folder=Path("alerts"))
    monkeypatch.setattr(cli, "load_settings", lambda environ: settings)

    def run(*arguments, now=NOW):
        out = io.StringIO()
        code = cli.main(["endpoints.json", "inbox", *arguments], {}, out, FrozenClock(now))
        return code, out.getvalue().splitlines()

    return run


def test_a_rehearsal(run):
    put("a.jsonl", make_record(), make_record(id="evt_0002"))
    assert run("--rehearse", "spool") == (0, ["orchard-main: added", "2 delivered, 0 put off"])
    names = sorted(path.name for path in Path("spool").rglob("*.http"))
    assert names == ["evt_0001-001.http", "evt_0002-001.http"]
    assert run("--rehearse", "spool") == (0, ["orchard-main: unchanged", "0 put off"])


def test_sending(run, monkeypatch):
    put("a.jsonl", make_record(), make_record(id="evt_0002"))
    sent = Script(500, 204)
    limits = []
    monkeypatch.setattr(cli, "HttpTransport", lambda limit: limits.append(limit) or sent)
    assert run() == (0, ["orchard-main: added", "1 delivered, 0 put off, 1 retried"])
    assert (sent.hosts(), limits) == (["hooks.orchard.example"] * 2, [100])


def test_refused_events_need_a_look(run):
    put("a.jsonl", make_record(id="x"))
    assert run("--rehearse", "spool") == (
        1,
        [
            "orchard-main: added",
            "refused a.jsonl, line 1: not an event id: 'x'",
            "0 put off",
        ],
    )


def test_alerts_need_a_look(run, monkeypatch):
    put("a.jsonl", make_record())
    monkeypatch.setattr(cli, "HttpTransport", lambda limit: Script(410))
    assert run() == (1, ["orchard-main: added", "1 failed, 0 put off"])
    assert Path("alerts/2024-03/alerts-2024-03-01.jsonl").is_file()
    assert run()[0] == 0


def test_what_cannot_be_done(run):
    put("a.jsonl")
    Path("inbox/b.jsonl").write_bytes(b"\xe9\n")
    code, lines = run("--rehearse", "spool")
    assert (code, lines[-1][:26]) == (2, "hookrelay: 'utf-8' codec c")
    Path("endpoints.json").unlink()
    assert run() == (2, ["hookrelay: there is no file endpoints.json"])
    Path("endpoints.json").mkdir()
    assert run()[0] == 2


def test_settings_of_the_environment():
    out = io.StringIO()
    environ = {"HOOKRELAY_STORAGE_DATABASE": "var/own.db"}
    assert cli.main(["none.json", "inbox"], environ, out) == 2
    assert out.getvalue() == "hookrelay: there is no file none.json\n"
    assert Path("var/own.db").is_file()
    assert cli.main(["none.json", "inbox"], {"HOOKRELAY_WORKER_SIZE": "0"}, out) == 2


def test_the_command_as_it_is_installed(monkeypatch, capsys):
    monkeypatch.setenv("HOOKRELAY_STORAGE_DATABASE", ":memory:")
    monkeypatch.setattr(sys, "argv", ["hookrelay", "none.json", "inbox"])
    with pytest.raises(SystemExit) as caught:
        cli.run()
    assert caught.value.code == 2
    assert capsys.readouterr().out == "hookrelay: there is no file none.json\n"


def test_usage(capsys):
    with pytest.raises(SystemExit):
        cli.main(["endpoints.json"], {}, io.StringIO())
    assert "required: inbox" in capsys.readouterr().err
