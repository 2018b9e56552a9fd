import json

import pytest
from builders import NOW, PARTLY, PENDING, REFUSED, SIGNED, at, make_document, make_signatory

from signflow.documents import Order
from signflow.errors import DocumentError
from signflow.records import from_record, to_record

OLD = {
    "id": "DOC-2021-0004",
    "title": "Old lease",
    "owner": "bo@example.com",
    "signatories": [{"email": "ana@example.com"}],
    "created_at": "2021-05-01T10:00:00",
}


def test_full_document_there_and_back():
    people = (
        make_signatory(1, SIGNED, invited_at=NOW, acted_at=at("6 11:00"), round=2, version=4),
        make_signatory(2, REFUSED, group=3, reason="Größe", link_expires=at("9 09:00"), reminded=2),
    )
    document = make_document(
        *people, order=Order.GROUPS, state=PARTLY, original=2, version=4,
        sent_at=at("6 09:00"), deadline=at("20 09:00"), resends=1,
    )  # fmt: skip
    assert from_record(json.loads(json.dumps(to_record(document)))) == document


def test_record_in_full():
    record = to_record(
        make_document(make_signatory(1, group=2, invited_at=NOW), deadline=at("20 09:00"))
    )
    assert record == {
        "id": "DOC-2024-0001", "title": "Lease", "owner": "bo@example.com", "order": "parallel",
        "state": "draft", "original": 1, "version": 1, "created_at": "2024-03-05T09:00:00+00:00",
        "sent_at": None, "deadline": "2024-03-20T09:00:00+00:00", "resends": 0,
        "signatories": [{
            "name": "Name 1", "email": "p1@example.com", "group": 2, "state": "pending", "round": 1,
            "version": 0, "reason": "", "reminded": 0,
            "invited_at": "2024-03-05T09:00:00+00:00", "link_expires": None, "acted_at": None,
        }],
    }  # fmt: skip


def test_old_record_without_later_fields():
    document = from_record(OLD)
    assert (document.order, document.state.value) == (Order.PARALLEL, "draft")
    assert (document.original, document.version, document.resends) == (1, 1, 0)
    assert (document.sent_at, document.deadline) == (None, None)
    assert document.created_at.isoformat() == "2021-05-01T10:00:00+00:00"

    (person,) = from_record(OLD).signatories
    assert (person.position, person.name, person.group, person.state) == (1, "", 1, PENDING)
    assert (person.round, person.reminded, person.reason, person.invited_at) == (1, 0, "", None)
    assert person.version == 0


def test_positions_come_from_the_order():
    record = {**OLD, "signatories": [{"email": "b@example.com"}, {"email": "a@example.com"}]}
    people = from_record(record).signatories
    assert [(p.position, p.email[0]) for p in people] == [(1, "b"), (2, "a")]


def test_faulty_record():
    with pytest.raises(DocumentError, match="record of None: 'id'"):
        from_record({})

    for change in [
        {"state": "lost"}, {"order": "random"}, {"created_at": "May"}, {"signatories": [{}]},
        {"signatories": [{"email": "a@b.co", "state": "away"}]},
    ]:  # fmt: skip
        with pytest.raises(DocumentError, match="record of DOC-2021-0004: "):
            from_record({**OLD, **change})
