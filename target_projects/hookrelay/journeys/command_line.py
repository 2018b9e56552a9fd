"""Operations run the relay's commands one after the other."""

WHO = "operations at the command line"
SUBJECT = "Commands of the relay"
DETAIL = "The terminal is a remote one."

CASES = {
    "a day without anything": (["work --rehearse spool", "report", "alerts"], {}),
    "events and a rehearsal": (["accept events.jsonl", "work --rehearse var/spool", "report --day 2024-03-01"], {}),
    "the same events twice": (["accept events.jsonl", "accept events.jsonl", "work --rehearse spool", "work --rehearse spool"], {}),
    "faulty events": (["accept faulty.jsonl", "work --rehearse spool"], {}),
    "events that contradict": (["accept events.jsonl", "accept changed.jsonl"], {}),
    "events from the future": (["accept future.jsonl"], {"EVENTS_FUTURE_TOLERANCE": "20m"}),
    "a limit of one": (["accept events.jsonl", "work --rehearse spool", "work --rehearse spool"], {"LIMITS_PER_WINDOW": "1"}),
    "the configuration again": (["endpoints endpoints.json"], {}),
    "a configuration with an id twice": (["endpoints twice.json"], {}),
    "a configuration that is none": (["endpoints events.jsonl"], {}),
    "no configuration": (["endpoints none.json"], {}),
    "no events": (["accept none.jsonl"], {}),
    "events in Latin letters": (["accept latin.jsonl"], {}),
    "a new secret": (["rotate orchard-main whsec_NNNNNNNNNNNNNNNN", "rotate orchard-main whsec_MMMMMMMMMMMMMMMM"], {}),
    "a new secret and a short overlap": (["rotate orchard-main whsec_NNNNNNNNNNNNNNNN"], {"SIGNING_OVERLAP": "90m"}),
    "a new secret, the old one at once bad": (["rotate orchard-main whsec_NNNNNNNNNNNNNNNN", "rotate orchard-main whsec_MMMMMMMMMMMMMMMM"], {"SIGNING_OVERLAP": "0s"}),
    "the same secret again": (["rotate orchard-main whsec_0123456789abcdef"], {}),
    "a secret that is none": (["rotate orchard-main hunter2"], {}),
    "a new secret for nobody": (["rotate nobody whsec_NNNNNNNNNNNNNNNN"], {}),
    "a good signature": (["verify body --header t=1709280000,v1={good} --secret whsec_0123456789abcdef"], {}),
    "a good signature among two secrets": (["verify body --header t=1709280000,v1={good} --secret whsec_x --secret whsec_0123456789abcdef"], {}),
    "a signature with another secret": (["verify body --header t=1709280000,v1={good} --secret whsec_x"], {}),
    "a signature after a while": (["--at 2024-03-01T08:02:00Z verify body --header t=1709280000,v1={good} --secret whsec_0123456789abcdef"], {"SIGNING_TOLERANCE": "119s"}),
    "a signature just in time": (["--at 2024-03-01T08:02:00Z verify body --header t=1709280000,v1={good} --secret whsec_0123456789abcdef"], {"SIGNING_TOLERANCE": "2m"}),
    "the report of an office in the west": (["report"], {"REPORTS_UTC_OFFSET_MINUTES": "-481"}),
    "the report of an office in the east": (["report"], {"REPORTS_UTC_OFFSET_MINUTES": "840", "REPORTS_FOLDER": "a/b"}),
    "old reports": (["--at 2024-01-30T12:00:00Z report", "--at 2024-01-31T12:00:00Z report", "report"], {"REPORTS_KEEP_DAYS": "31"}),
    "a spool in the way": (["accept events.jsonl", "work --rehearse events.jsonl", "--at 2024-03-04T08:00:00Z work --rehearse events.jsonl", "alerts"], {}),
    "alerts of a day in the east": (["accept events.jsonl", "--at 2024-03-09T22:00:00Z work --rehearse events.jsonl", "alerts", "alerts"], {"REPORTS_UTC_OFFSET_MINUTES": "180"}),
    "a settings file": (["--settings etc/relay.toml alerts", "--settings etc/relay.toml accept events.jsonl"], {}),
    "no settings file": (["--settings none.toml alerts"], {}),
    "a setting out of bounds": (["alerts"], {"WORKER_SIZE": "0"}),
    "a moment that is none": (["--at now alerts"], {}),
    "no command": ([""], {}),
    "a day that is none": (["report --day today"], {}),
}


def journey(commands, environ):
    import json
    import sys
    from pathlib import Path

    from hookrelay.cli import main
    from hookrelay.moments import FrozenClock, parse_moment
    from hookrelay.signing import signature

    event = {"id": "evt_0001", "type": "payment.succeeded", "merchant": "orchard", "amount": "12.50",
             "currency": "EUR", "created": "2024-03-01T08:00:00Z", "reference": "Café"}
    endpoint = {"id": "orchard-main", "merchant": "orchard", "url": "https://orchard.example",
                "secret": "whsec_0123456789abcdef", "contact": "it@orchard.example"}
    other = {**event, "id": "evt_0002", "type": "refund.created", "merchant": "kiosk"}
    third = {**event, "id": "evt_0003", "type": "payout.paid", "currency": "JPY", "amount": 30}
    files = {"events.jsonl": [event, other, third], "changed.jsonl": [{**event, "amount": "1"}],
             "future.jsonl": [{**event, "created": "2024-03-01T08:20:00Z"}, {**other, "created": "2024-03-01T08:20:01Z"}],
             "faulty.jsonl": [{**event, "id": "x"}, [], {}, other], "endpoints.json": [{"endpoints": [endpoint]}],
             "twice.json": [{"endpoints": [endpoint, endpoint]}]}
    for name, records in files.items():
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        Path(name).write_text(text if name != "faulty.jsonl" else f"# no event\n\n{{\n{text}", encoding="utf-8")
    Path("latin.jsonl").write_bytes(b"\xe9\n")
    Path("body").write_bytes(b"{}\r\n")
    Path("etc").mkdir()
    Path("etc/relay.toml").write_text('[storage]\ndatabase = "own/relay.db"\n', encoding="utf-8")
    usual = {"WORKER_SIZE": "1", "RETRY_JITTER_PERCENT": "0", **environ}
    environ = {f"HOOKRELAY_{key}": value for key, value in usual.items()}
    good = signature("whsec_0123456789abcdef", 1709280000, b"{}\r\n")
    for command in ["endpoints endpoints.json", *commands]:
        arguments = command.format(good=good).split()
        print(command, "gives", main(arguments, environ, sys.stdout, FrozenClock(parse_moment("2024-03-01T08:00:00Z"))))
    for path in sorted(path for path in Path().rglob("*") if path.suffix in (".csv", ".http", ".db")):
        print(path.as_posix())
    for path in sorted(Path("alerts").glob("*/*")):
        print(path.as_posix(), path.read_text(encoding="utf-8"))
