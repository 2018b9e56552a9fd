from datetime import timedelta

from builders import (
    COMPLETED,
    DECLINED,
    DRAFT,
    EXPIRED,
    NOW,
    PARTLY,
    SENT,
    SIGNED,
    VOIDED,
    at,
    make_document,
    make_settings,
    make_signatory,
)

from signflow.documents import DocumentState, Order
from signflow.scans import overdue, reminder_moments, reminders_due

TWO_DAYS, FIVE_DAYS, ONE_DAY = timedelta(days=2), timedelta(days=5), timedelta(days=1)


def due_at(text, state=SENT, id="DOC-2024-0001"):
    return make_document(id=id, state=state, deadline=at(text))


def test_overdue_from_the_deadline_on():
    documents = [
        due_at("5 09:00"),
        due_at("5 09:01", id="DOC-2024-0002"),
        due_at("1 09:00", PARTLY),
    ]
    assert overdue(documents, NOW) == [documents[2], documents[0]]


def test_only_open_documents_are_overdue():
    for state in DocumentState:
        expected = 1 if state in (SENT, PARTLY) else 0
        assert len(overdue([due_at("1 09:00", state)], NOW)) == expected

    assert overdue([make_document(state=SENT)], NOW) == []


def test_equally_overdue_documents_by_id():
    documents = [due_at("1 09:00", id=f"DOC-2024-000{n}") for n in (3, 1, 2)]
    assert [document.id[-1] for document in overdue(documents, NOW)] == ["1", "2", "3"]


def moments(after=(TWO_DAYS, FIVE_DAYS), last_call=ONE_DAY, deadline="19 09:00"):
    found = reminder_moments(at("5 09:00"), at(deadline), after, last_call)
    return [f"{moment.day} {moment:%H:%M}" for moment in found]


def test_reminder_moments():
    assert moments() == ["7 09:00", "10 09:00", "18 09:00"]
    assert moments((FIVE_DAYS, TWO_DAYS)) == ["7 09:00", "10 09:00", "18 09:00"]

    assert moments(last_call=timedelta(0)) == ["7 09:00", "10 09:00"]

    assert moments(deadline="11 09:00") == ["7 09:00", "10 09:00"]


def test_no_reminder_on_the_deadline_or_the_invitation():
    assert moments(deadline="10 09:00") == ["7 09:00", "9 09:00"]
    assert moments(deadline="10 09:01") == ["7 09:00", "9 09:01", "10 09:00"]
    assert moments((), ONE_DAY, "6 09:00") == []
    assert moments((), ONE_DAY, "6 09:01") == ["5 09:01"]


def invited(position=1, **changes):
    return make_signatory(position, invited_at=at("5 09:00"), **changes)


def due(tmp_path, moment, *people, **changes):
    fields = {"state": SENT, "deadline": at("19 09:00"), **changes}
    document = make_document(*(people or (invited(),)), **fields)
    found = reminders_due(document, at(moment), make_settings(tmp_path))
    return [(signatory.position, step) for signatory, step in found]


def test_reminders_start_and_end(tmp_path):
    assert due(tmp_path, "7 08:59") == []
    assert due(tmp_path, "7 09:00") == [(1, 1)]

    assert due(tmp_path, "19 08:59") == [(1, 3)]
    assert due(tmp_path, "19 09:00") == []


def test_reminder_is_made_once(tmp_path):
    assert due(tmp_path, "8 09:00", invited(reminded=1)) == []
    assert due(tmp_path, "11 09:00", invited(reminded=1)) == [(1, 2)]
    assert due(tmp_path, "11 09:00", invited(reminded=2)) == []

    assert due(tmp_path, "11 09:00") == [(1, 2)]


def test_everybody_whose_turn_it_is(tmp_path):
    people = (invited(1), invited(2, state=SIGNED), invited(3))
    assert due(tmp_path, "7 09:00", *people) == [(1, 1), (3, 1)]
    assert due(tmp_path, "7 09:00", *people, order=Order.SEQUENTIAL) == [(1, 1)]

    assert due(tmp_path, "7 09:00", make_signatory(1), invited(2)) == [(2, 1)]


def test_no_reminders_unless_open(tmp_path):
    for state in (DRAFT, COMPLETED, DECLINED, EXPIRED, VOIDED):
        assert due(tmp_path, "7 09:00", state=state) == []
    assert due(tmp_path, "7 09:00", deadline=None) == []
