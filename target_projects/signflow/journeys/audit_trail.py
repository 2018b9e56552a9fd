"""An auditor reads the trail of a document and proves that it is whole."""

WHO = "the auditors"
SUBJECT = "Audit trail"
DETAIL = "The trail was copied from the archive."

CASES = {
    "a whole trail": ("", "", {}),
    "a changed event": ('"viewed"', '"signed"', {}),
    "a changed actor": ("ana@example.com", "eve@example.com", {}),
    "a changed detail": ("zu groß", "zu klein", {}),
    "a changed number": ('"number": 3', '"number": 4', {}),
    "a changed document": ('"DOC-2024-0001", "event": "viewed"', '"DOC-2024-0002", "event": "viewed"', {}),
    "a torn line": ('"event": "viewed"', '"event": "vie\n', {}),
    "a letter in another encoding": ("gro\u00df", None, {}),
    "an empty line": ("\n", "\n\n", {}),
    "a field too many": ('"number": 2', '"extra": 1, "number": 2', {}),
    "views alone": ("", "", {"events": ["viewed"]}),
    "views and refusals": ("", "", {"events": {"viewed", "declined"}}),
    "no event": ("", "", {"events": []}),
    "an actor": ("", "", {"actor": " Ana@Example.com "}),
    "an empty actor": ("", "", {"actor": ""}),
    "an actor and an event": ("", "", {"actor": "ana@example.com", "events": ["viewed"]}),
    "since the second day": ("", "", {"since": "2024-03-06T09:00:00Z"}),
    "since a second later": ("", "", {"since": "2024-03-06T09:00:01Z"}),
    "until the third day": ("", "", {"until": "2024-03-07T09:00:00Z"}),
    "until a second later": ("", "", {"until": "2024-03-07T09:00:01Z"}),
    "one day": ("", "", {"since": "2024-03-06T00:00:00Z", "until": "2024-03-07T00:00:00Z"}),
}


def journey(old, new, choice):
    from pathlib import Path

    from signflow.audit import AuditTrail, select
    from signflow.moments import FrozenClock, parse_moment

    trail, id = AuditTrail(Path("var/audit")), "DOC-2024-0001"
    clock = FrozenClock("2024-03-05T09:00:00Z")
    print(trail.entries(id), trail.verify(id))
    for event, actor, detail in (("created", "bo@example.com", "abc"), ("sent", "bo@example.com", ""),
                                 ("viewed", "ana@example.com", ""), ("declined", "ana@example.com", " zu groß\u2028nein ")):
        entry = trail.append(id, event, actor, clock(), detail=detail)
        print(entry.number, entry.at, entry.previous[:6], entry.digest[:6], repr(entry.detail))
        clock.forward("1d")
    path = Path("var/audit/DOC-2024-0001.jsonl")
    if old:
        path.write_bytes(path.read_bytes().replace(old.encode(), b"?\xdf" if new is None else new.encode()))
    limits = {name: parse_moment(value) if name in ("since", "until") else value for name, value in choice.items()}
    print("selected:", [(e.number, e.event, e.address) for e in select(trail.entries(id), **limits)])
    print("entries that hold:", trail.verify(id))
    print(path.read_bytes().count(b"\n"), "lines,", len(path.read_bytes()), "bytes")
