from ledgerlines.runlog import entries, latest, record


def test_entries_are_added_to_the_end(tmp_path, clock):
    log = tmp_path / "run.log"
    record(log, "held", "a.csv", clock, problems=2)
    record(log, "empty", "b.csv", clock)
    assert list(entries(log)) == [
        {"at": "2024-03-04T09:30:00Z", "event": "held", "file": "a.csv", "problems": 2},
        {"at": "2024-03-04T09:30:00Z", "event": "empty", "file": "b.csv"},
    ]


def test_the_log_makes_its_folder(tmp_path, clock):
    record(tmp_path / "var" / "log" / "run.log", "held", "a.csv", clock)
    assert (tmp_path / "var" / "log" / "run.log").exists()


def test_names_in_any_language(tmp_path, clock, windows_text):
    record(tmp_path / "run.log", "held", "März–Łódź.csv", clock)
    raw = (tmp_path / "run.log").read_bytes()
    assert raw.endswith('"file": "März–Łódź.csv"}\n'.encode())
    assert [entry["file"] for entry in entries(tmp_path / "run.log")] == ["März–Łódź.csv"]


def test_no_log_no_entries(tmp_path):
    assert list(entries(tmp_path / "run.log")) == []


def test_a_torn_last_line_is_left_out(write):
    log = write("run.log", '{"event": "held"}\n{"eve')
    assert list(entries(log)) == [{"event": "held"}]


def test_the_latest_come_first(tmp_path, clock):
    log = tmp_path / "run.log"
    for number, event in enumerate(("held", "empty", "held", "empty")):
        record(log, event, f"{number}.csv", clock)
    assert [entry["file"] for entry in latest(log, 2)] == ["3.csv", "2.csv"]
    assert [entry["file"] for entry in latest(log, 9, "held")] == ["2.csv", "0.csv"]


def test_events_that_were_never_logged(tmp_path, clock):
    record(tmp_path / "run.log", "held", "a.csv", clock)
    for event in ("rejected", ""):
        assert latest(tmp_path / "run.log", 9, event) == []
