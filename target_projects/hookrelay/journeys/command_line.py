"""Operations run the relay over the producers' folder, again and again."""

WHO = "an engineer in operations"
SUBJECT = "Runs of the relay"
DETAIL = "The runs of the steps are rehearsals: what would be sent goes to files."

CASES = {
    "a folder without events": ({}, 1, {}),
    "two events": ({"a": [{}, {"id": "evt_0002"}]}, 1, {}),
    "the same events twice": ({"a": [{}, {"id": "evt_0002"}]}, 2, {}),
    "the same event in two files": ({"a": [{}], "b": [{}]}, 1, {}),
    "files that contradict": ({"b": [{"amount": "2"}], "a": [{"amount": "1"}]}, 1, {}),
    "many files that contradict": ({name: [{"amount": str(ord(name))}] for name in "qxadmrbz"}, 1, {}),
    "a faulty event": ({"a": [{"id": "x"}, {}]}, 1, {}),
    "faulty events in two files": ({"b": [{}, {"type": "x"}], "a": [{"id": "y"}]}, 1, {}),
    "an event of another merchant": ({"a": [{"merchant": "kiosk"}]}, 1, {}),
    "an event in any language": ({"a": [{"reference": "Łódź  café"}]}, 1, {}),
    "an event from the future": ({"a": [{"created": "2024-03-01T08:05:01Z"}]}, 1, {}),
    "an event from the near future": ({"a": [{"created": "2024-03-01T08:05:00Z"}]}, 1, {}),
    "a limit of one": ({"a": [{}, {"id": "evt_0002"}]}, 2, {"LIMITS_PER_WINDOW": "1"}),
    "a limit of two": ({"a": [{}, {"id": "evt_0002"}]}, 2, {"LIMITS_PER_WINDOW": "2"}),
    "a spool in the way": ({"a": [{}]}, 3, {"RETRY_GIVE_UP": "1m"}),
    "alerts of a day in the east": ({"a": [{}]}, 3, {"RETRY_GIVE_UP": "1m", "DASHBOARD_UTC_OFFSET_MINUTES": "840"}),
    "a folder for alerts": ({"a": [{}]}, 3, {"RETRY_GIVE_UP": "1m", "ALERTS_FOLDER": "var/mail"}),
    "a setting out of bounds": ({}, 1, {"WORKER_SIZE": "0"}),
    "a database of its own": ({}, 1, {"STORAGE_DATABASE": "var/own/relay.db"}),
    "no configuration": (None, 1, {}),
    "a file in another encoding": ({"a": [{}], "latin": [{"id": "evt_0002"}]}, 1, {}),
}


def journey(inbox, runs, environ):
    import json
    import sys
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from hookrelay.cli import main, run

    event = {"id": "evt_0001", "type": "payment.succeeded", "merchant": "orchard", "amount": "12.50",
             "currency": "EUR", "created": "2024-03-01T08:00:00Z", "reference": "Café"}
    endpoint = {"id": "orchard-main", "merchant": "orchard", "url": "https://orchard.example",
                "secret": "whsec_0123456789abcdef", "contact": "it@orchard.example"}
    Path("inbox").mkdir()
    for name, events in (inbox or {}).items():
        text = "".join(json.dumps({**event, **changes}, ensure_ascii=False) + "\n" for changes in events)
        Path("inbox", f"{name}.jsonl").write_text(text, encoding="latin-1" if name == "latin" else "utf-8")
    if inbox is not None:
        Path("endpoints.json").write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
    if runs == 3:
        Path("spool").write_text("in the way", encoding="utf-8")
    usual = {"WORKER_SIZE": "1", "RETRY_JITTER_PERCENT": "0", **environ}
    environ = {f"HOOKRELAY_{key}": value for key, value in usual.items()}
    for number in range(runs):
        now = datetime(2024, 3, 1, 8, tzinfo=UTC) + number * timedelta(minutes=1)
        arguments = ["endpoints.json", "inbox", "--rehearse", "spool"]
        print("gives", main(arguments, environ, sys.stdout, lambda now=now: now))
    for path in sorted(path for path in Path().rglob("*") if path.suffix in (".http", ".db")):
        print(path.as_posix())
        if path.suffix == ".http":
            print(path.read_text(encoding="utf-8"))
    for path in sorted(Path().glob("**/alerts-*")):
        print(path.as_posix(), path.read_text(encoding="utf-8"))
    sys.argv = ["hookrelay", "none.json", "inbox"]
    run()
