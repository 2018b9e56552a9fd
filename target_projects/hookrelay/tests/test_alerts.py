import json
from datetime import UTC, timedelta, timezone
from pathlib import Path

from builders import HOUR, NOW, SECOND, make_endpoint
from hookrelay.alerts import AlertBox, day_file


def texts(box):
    return [row["text"] for row in box.waiting()]


def test_an_alert(db):
    box = AlertBox(db, HOUR)
    assert box.put(make_endpoint(), "it failed", NOW) is True
    (row,) = box.waiting()
    assert (row["endpoint_id"], row["merchant"], row["contact"]) == (
        "orchard-main", "orchard", "it@orchard.example",
    )  # fmt: skip
    assert (row["at"], row["text"]) == ("2024-03-01T08:00:00.000+00:00", "it failed")


def test_one_alert_in_the_quiet_time(db):
    box = AlertBox(db, HOUR)
    box.put(make_endpoint(), "first", NOW)
    assert box.put(make_endpoint(), "second", NOW + HOUR - SECOND) is False
    assert box.put(make_endpoint(), "third", NOW + HOUR) is True
    assert texts(box) == ["first", "third"]


def test_the_quiet_time_runs_from_the_last_alert(db):
    box = AlertBox(db, HOUR)
    for hours in (0, 1, 1.5):
        box.put(make_endpoint(), f"after {hours}", NOW + hours * HOUR)
    assert texts(box) == ["after 0", "after 1"]


def test_endpoints_have_quiet_times_of_their_own(db):
    box = AlertBox(db, HOUR)
    assert box.put(make_endpoint(), "one", NOW)
    assert box.put(make_endpoint(id="second"), "two", NOW)


def test_no_quiet_time(db):
    box = AlertBox(db, timedelta())
    assert box.put(make_endpoint(), "one", NOW)
    assert box.put(make_endpoint(), "two", NOW)


def test_files_of_days():
    east = timezone(timedelta(hours=17))
    folder = Path("a")
    assert day_file(folder, NOW).as_posix() == "a/2024-03/alerts-2024-03-01.jsonl"
    assert day_file(folder, NOW.astimezone(east)).name == "alerts-2024-03-02.jsonl"


def test_writing(db, tmp_path, windows_text):
    box = AlertBox(db, HOUR)
    box.put(make_endpoint(), "Störung in Łódź", NOW)
    (path,) = box.write(tmp_path / "var" / "alerts", UTC)
    assert path.relative_to(tmp_path).as_posix() == "var/alerts/2024-03/alerts-2024-03-01.jsonl"
    assert (
        path.read_bytes()
        == (
            '{"at": "2024-03-01T08:00:00.000+00:00", "merchant": "orchard",'
            ' "endpoint_id": "orchard-main", "contact": "it@orchard.example",'
            ' "text": "Störung in Łódź"}\n'
        ).encode()
    )


def test_an_alert_is_written_once_and_behind_the_others(db, tmp_path):
    box = AlertBox(db, HOUR)
    box.put(make_endpoint(), "first", NOW)
    box.put(make_endpoint(id="other"), "second", NOW)
    (path,) = box.write(tmp_path, UTC)
    assert texts(box) == []
    assert box.write(tmp_path, UTC) == []
    box.put(make_endpoint(), "third", NOW + HOUR)
    assert box.write(tmp_path, UTC) == [path]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["first", "second", "third"]


def test_alerts_lie_in_the_local_day(db, tmp_path):
    box = AlertBox(db, timedelta())
    for hours in (0, 15.6, 16):
        box.put(make_endpoint(), "x", NOW + hours * HOUR)
    names = [path.name for path in box.write(tmp_path, timezone(timedelta(minutes=30)))]
    assert names == ["alerts-2024-03-01.jsonl", "alerts-2024-03-02.jsonl"]
    files = sorted(tmp_path.rglob("*.jsonl"))
    counts = [len(file.read_text(encoding="utf-8").splitlines()) for file in files]
    assert counts == [1, 2]
