"""An auditor reads the trail of a document and proves that it is whole."""

WHO = "an auditor"
SUBJECT = "Audit trail"
DETAIL = "The trail of the steps has four events."

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
    "a trail copied to another document": ("(copied)", "", {}),
    "views alone": ("", "", {"events": ["viewed"]}),
    "views and refusals": ("", "", {"events": {"viewed", "declined"}}),
    "no event": ("", "", {"events": []}),
    "an actor": ("", "", {"actor": " Ana@Example.com "}),
    "an empty actor": ("", "", {"actor": ""}),
    "an actor and an event": ("", "", {"actor": "ana@example.com", "events": ["viewed"]}),
}


def journey(old, new, choice):
    from pathlib import Path

    from signflow.audit import AuditTrail, select
    from signflow.moments import FrozenClock

    trail, id = AuditTrail(Path("var/audit")), "DOC-2024-0001"
    clock = FrozenClock("2024-03-05T09:00:00Z")
    print(trail.entries(id), trail.verify(id))
    for event, actor, detail in (("created", "bo@example.com", "abc"), ("sent", "bo@example.com", ""),
                                 ("viewed", "ana@example.com", ""), ("declined", "ana@example.com", " zu groß\u2028nein ")):
        entry = trail.append(id, event, actor, clock(), detail=detail)
        print(entry.number, entry.at, entry.previous[:6], entry.digest[:6], repr(entry.detail))
        clock.forward("1d")
    path = Path("var/audit/DOC-2024-0001.jsonl")
    if old == "(copied)":
        path.rename("var/audit/DOC-2024-0002.jsonl")
        print("entries of the copy that hold:", trail.verify("DOC-2024-0002"))
    elif old:
        path.write_bytes(path.read_bytes().replace(old.encode(), b"?\xdf" if new is None else new.encode()))
    print("selected:", [(e.number, e.event, e.address) for e in select(trail.entries(id), **choice)])
    print("entries that hold:", trail.verify(id))
    print(path.read_bytes().count(b"\n"), "lines,", len(path.read_bytes()), "bytes")
