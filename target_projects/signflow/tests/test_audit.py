import hashlib
import json

import pytest
from builders import at, make_trail

from signflow.audit import EVENTS, GENESIS, AuditTrail, Entry, seal, select
from signflow.errors import AuditError

ID = "DOC-2024-0001"


def lines(trail):
    return trail.path(ID).read_text(encoding="utf-8").splitlines()


def rewrite(trail, new):
    trail.path(ID).write_text("".join(line + "\n" for line in new), encoding="utf-8")


def broken(trail):
    with pytest.raises(AuditError) as caught:
        trail.verify(ID)
    return str(caught.value)


def test_events():
    assert sorted(EVENTS) == [
        "completed", "created", "declined", "expired", "reminded",
        "resent", "sent", "signed", "viewed", "voided",
    ]  # fmt: skip


def test_first_entry_makes_the_folder(tmp_path):
    trail = AuditTrail(tmp_path / "var" / "audit")
    entry = trail.append(ID, "signed", "ana@example.com", at("5 09:00"), "192.0.2.7", " why \n")
    assert (entry.number, entry.previous, entry.detail) == (1, GENESIS, "why")
    assert entry.at == "2024-03-05T09:00:00+00:00"
    assert trail.path(ID).name == "DOC-2024-0001.jsonl"


def test_entries_are_chained(tmp_path):
    first, second, third = make_trail(tmp_path).entries(ID)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert (first.address, first.detail) == ("-", "")


def test_digest_of_an_entry():
    entry = Entry(1, "2024-03-05T09:00:00+00:00", ID, "sent", "bo", "-", "Größe", GENESIS, "x")
    text = (
        '{"actor":"bo","address":"-","at":"2024-03-05T09:00:00+00:00","detail":"Größe",'
        f'"document":"{ID}","event":"sent","number":1,"previous":"{GENESIS}"}}'
    )
    assert seal(entry).digest == hashlib.sha256(text.encode()).hexdigest()


def test_file_is_utf_8_lines(tmp_path, ascii_machine):
    trail = AuditTrail(tmp_path)
    entry = trail.append(
        ID, "declined", "ana@example.com", at("5 09:00"), detail="zu groß\u2028nein"
    )
    assert trail.path(ID).read_bytes().count(b"\n") == 1
    assert trail.path(ID).read_bytes().endswith(b'"}\n')
    assert "zu groß\u2028nein".encode() in trail.path(ID).read_bytes()
    assert trail.entries(ID) == [entry]


def test_unknown_event(tmp_path):
    with pytest.raises(ValueError, match="no such event: opened"):
        AuditTrail(tmp_path).append(ID, "opened", "ana", at("5 09:00"))
    assert list(tmp_path.iterdir()) == []


def test_no_entries(tmp_path):
    trail = AuditTrail(tmp_path)
    assert (trail.entries(ID), trail.verify(ID)) == ([], 0)
    trail.path(ID).write_bytes(b"")
    assert trail.append(ID, "created", "bo", at("5 09:00")).number == 1


def test_trail_that_holds(tmp_path):
    assert make_trail(tmp_path).verify(ID) == 3


def test_changed_entry(tmp_path):
    trail = make_trail(tmp_path)
    rewrite(trail, [line.replace('"sent"', '"voided"') for line in lines(trail)])
    assert broken(trail) == "line 2: was changed"


def test_entry_taken_out(tmp_path):
    trail = make_trail(tmp_path)
    first, _, third = lines(trail)
    rewrite(trail, [first, third])
    assert broken(trail) == "line 2: entry 3 is out of place"


def test_entry_resealed_after_a_change(tmp_path):
    trail = make_trail(tmp_path)
    first, second, third = lines(trail)
    changed = json.loads(second)
    changed["actor"] = "eve@example.com"
    changed.pop("digest")
    resealed = seal(Entry(**changed))
    rewrite(trail, [first, json.dumps(vars(resealed)), third])
    assert broken(trail) == "line 3: does not follow the entry before it"


def test_trail_of_another_document(tmp_path):
    trail = make_trail(tmp_path)
    trail.path(ID).rename(trail.path("DOC-2024-0002"))
    with pytest.raises(AuditError, match=f"line 1: belongs to {ID}"):
        trail.verify("DOC-2024-0002")


def test_line_that_is_no_entry(tmp_path):
    for number, bad in enumerate(("{", "[]", '{"number": 2}', "", "7")):
        trail = make_trail(tmp_path / str(number))
        rewrite(trail, [lines(trail)[0], bad])
        with pytest.raises(AuditError, match="line 2: is not an entry") as caught:
            trail.entries(ID)
        assert caught.value.line == 2

    trail = make_trail(tmp_path / "latin")
    path = trail.path(ID)
    path.write_bytes(path.read_bytes().replace(b'"viewed"', b'"vi\xe9wed"'))
    with pytest.raises(AuditError, match="line 3: is not UTF-8"):
        trail.entries(ID)


EVENTS_OF_FIVE = ("created", "sent", "viewed", "signed", "viewed")


def selected(tmp_path, **choice):
    entries = make_trail(tmp_path, EVENTS_OF_FIVE).entries(ID)
    return [entry.number for entry in select(entries, **choice)]


def test_select_all_and_by_event(tmp_path):
    assert selected(tmp_path / "a") == [1, 2, 3, 4, 5]
    assert selected(tmp_path / "b", events={"viewed", "sent"}) == [2, 3, 5]
    assert selected(tmp_path / "c", events=()) == []


def test_select_by_actor(tmp_path):
    assert selected(tmp_path / "a", actor=" BO@example.com ") == [1, 2, 3, 4, 5]
    assert selected(tmp_path / "b", actor="ana@example.com") == []
    assert selected(tmp_path / "c", actor="") == []
