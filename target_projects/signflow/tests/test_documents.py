from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import (
    ANA, BEN, CLEO, COMPLETED, DECLINED, DRAFT, EXPIRED, NOW, PARTLY, PENDING, REFUSED, SENT, SIGNED,
    VOIDED, at, make_document, make_signatory,
)  # fmt: skip

from signflow import documents
from signflow.documents import DocumentState, Order, move, new_document, next_id, parse_id, turn
from signflow.errors import DocumentError, StateError
from signflow.people import Person


def new(people=(ANA,), title="Lease", most=3):
    return new_document("DOC-2024-0001", title, "bo@example.com", people, Order.PARALLEL, NOW, most)


def positions(signatories):
    return [signatory.position for signatory in signatories]


def test_id():
    assert parse_id("DOC-2024-0012") == (2024, 12)
    assert parse_id(" doc-1999-12345\n") == (1999, 12345)

    for text in ["DOC-2024-012", "DOC-24-0012", "DOC-2024-0012a", "XDOC-2024-0012", ""]:
        with pytest.raises(DocumentError, match="not a document id"):
            parse_id(text)


def test_next_id():
    today = date(2024, 3, 5)
    assert next_id([], today) == "DOC-2024-0001"
    assert next_id(["DOC-2024-0009", "DOC-2024-0002"], today) == "DOC-2024-0010"
    assert next_id(["DOC-2024-9999", "DOC-2024-10000"], today) == "DOC-2024-10001"

    assert next_id(["DOC-2023-0041", "DOC-2025-0007"], date(2024, 1, 1)) == "DOC-2024-0001"


def test_new_document():
    document = new((ANA, CLEO), title="  Lease \n of a  barn ")
    assert (document.title, document.state, document.version) == ("Lease of a barn", DRAFT, 1)
    first, second = document.signatories
    assert (first.position, first.name, first.group) == (1, "Ana Ruiz", 1)
    assert (second.position, second.email, second.group) == (2, "cleo@example.com", 2)
    assert document.created_at == NOW

    with pytest.raises(DocumentError, match="needs a title"):
        new(title="  ")
    with pytest.raises(DocumentError, match="somebody to sign"):
        new(people=())


def test_limits_of_title_and_signatories():
    assert new(title="x" * 120).title == "x" * 120
    with pytest.raises(DocumentError, match="longer than 120"):
        new(title="x" * 121)

    assert len(new((ANA, BEN, CLEO), most=3).signatories) == 3
    with pytest.raises(DocumentError, match="at most 2 people can sign, got 3"):
        new((ANA, BEN, CLEO), most=2)


ALLOWED = {
    DRAFT: {SENT, VOIDED},
    SENT: {SENT, PARTLY, COMPLETED, DECLINED, EXPIRED, VOIDED},
    PARTLY: {PARTLY, COMPLETED, DECLINED, EXPIRED, VOIDED},
    DECLINED: {SENT, PARTLY, VOIDED},
    COMPLETED: set(),
    EXPIRED: set(),
    VOIDED: set(),
}


def test_moves():
    for state in DocumentState:
        reached = set()
        for target in DocumentState:
            try:
                reached.add(move(make_document(state=state), target).state)
            except StateError as problem:
                assert (
                    str(problem) == f"DOC-2024-0001 is {state.value}, it cannot be {target.value}"
                )
        assert reached == ALLOWED[state]


def test_open_states():
    assert [s for s in DocumentState if make_document(state=s).is_open] == [SENT, PARTLY]


def test_signatory_by_position():
    document = make_document(make_signatory(1), make_signatory(2))
    assert documents.signatory(document, 1).email == "p1@example.com"
    assert documents.signatory(document, 2).email == "p2@example.com"

    for position in [0, 3, -1]:
        document = make_document(make_signatory(1), make_signatory(2))
        with pytest.raises(DocumentError, match=f"no signatory {position}"):
            documents.signatory(document, position)


def test_changed_signatory_leaves_the_document_as_it_was():
    document = make_document(make_signatory(1), make_signatory(2))
    changed = documents.with_signatory(document, make_signatory(2, state=SIGNED))
    assert [s.state for s in changed.signatories] == [PENDING, SIGNED]
    assert document.signed == 0


def group(position, number, state=PENDING):
    return make_signatory(position, state, group=number)


def test_turn_in_parallel():
    document = make_document(group(1, 2), group(2, 1, SIGNED), group(3, 1), state=PARTLY)
    assert positions(turn(document)) == [1, 3]


def test_turn_one_after_the_other():
    order = Order.SEQUENTIAL
    document = make_document(group(1, 2), group(2, 1), group(3, 1), state=SENT, order=order)
    assert positions(turn(document)) == [1]
    document = make_document(
        group(1, 2, SIGNED), group(2, 9), group(3, 1), state=PARTLY, order=order
    )
    assert positions(turn(document)) == [2]


def test_turn_by_groups():
    order = Order.GROUPS
    people = (group(1, 7), group(2, 3), group(3, 7), group(4, 3))
    document = make_document(*people, state=SENT, order=order)
    assert positions(turn(document)) == [2, 4]
    people = (group(1, 7), group(2, 3, SIGNED), group(3, 7), group(4, 3, SIGNED))
    assert positions(turn(make_document(*people, state=PARTLY, order=order))) == [1, 3]


def test_turn_by_large_groups_of_old_records():
    people = [group(n, int(text)) for n, text in enumerate(("700", "300", "300"), start=1)]
    assert positions(turn(make_document(*people, state=SENT, order=Order.GROUPS))) == [2, 3]


def test_nobody_s_turn_unless_open():
    for state in [DRAFT, COMPLETED, DECLINED, EXPIRED, VOIDED]:
        assert turn(make_document(state=state)) == []

    for order in Order:
        assert turn(make_document(make_signatory(1, SIGNED), state=PARTLY, order=order)) == []


def test_uninvited():
    people = (make_signatory(1, invited_at=NOW), make_signatory(2))
    assert positions(documents.uninvited(make_document(*people, state=SENT))) == [2]


def test_sign_the_first_and_the_last():
    document = make_document(make_signatory(1), make_signatory(2), state=SENT)
    document = documents.sign(document, 2, 3, at("6 10:00"))
    signer = document.signatories[1]
    assert (document.state, signer.state, signer.acted_at) == (PARTLY, SIGNED, at("6 10:00"))
    assert (document.version, signer.version) == (3, 3)
    assert documents.sign(document, 1, 4, NOW).state is COMPLETED


def test_sign_the_second_of_three():
    people = (make_signatory(1, SIGNED), make_signatory(2), make_signatory(3))
    document = documents.sign(make_document(*people, state=PARTLY), 2, 7, NOW)
    assert (document.state, document.signed) == (PARTLY, 2)


def test_decline():
    document = make_document(make_signatory(1), make_signatory(2), state=SENT, version=5)
    document = documents.decline(document, 1, "wrong rent", NOW)
    assert document.state is DECLINED
    decliner, other = document.signatories
    assert (decliner.state, decliner.reason, decliner.acted_at) == (REFUSED, "wrong rent", NOW)
    assert (document.version, decliner.version) == (5, 5)
    assert other.state is PENDING


DEADLINE = NOW + timedelta(days=14)


def test_reopen_starts_a_new_round_for_those_who_have_not_signed():
    people = (
        make_signatory(1, SIGNED, acted_at=NOW, round=1),
        make_signatory(2, REFUSED, reason="no", invited_at=NOW, version=1, round=2, group=4),
        make_signatory(3, invited_at=NOW, link_expires=NOW, reminded=2),
    )
    document = documents.reopen(make_document(*people, state=DECLINED, resends=1), DEADLINE, 2)
    assert (document.state, document.deadline, document.resends) == (PARTLY, DEADLINE, 2)
    assert document.signatories[0] == people[0]
    assert document.signatories[1] == make_signatory(2, round=3, group=4)
    assert document.signatories[2] == make_signatory(3, round=2)


def test_reopen_without_a_signature():
    people = (make_signatory(1, REFUSED), make_signatory(2))
    assert documents.reopen(make_document(*people, state=DECLINED), DEADLINE, 3).state is SENT
    assert documents.reopen(make_document(state=SENT), DEADLINE, 3).state is SENT


def test_reopen_so_often_and_no_more():
    document = make_document(state=SENT)
    document = documents.reopen(document, DEADLINE, 1)
    with pytest.raises(StateError, match="was resent 1 times already"):
        documents.reopen(document, DEADLINE, 1)
    with pytest.raises(StateError, match="was resent 2 times already"):
        documents.reopen(replace(document, resends=2), DEADLINE, 1)


def test_no_reopening():
    with pytest.raises(StateError, match="was never sent"):
        documents.reopen(make_document(), DEADLINE, 3)

    for state in [COMPLETED, EXPIRED, VOIDED]:
        with pytest.raises(StateError, match=f"is {state.value}"):
            documents.reopen(make_document(state=state, resends=3), DEADLINE, 3)


def test_name_shown():
    assert make_signatory(1).shown_name == "Name 1"
    document = new((Person("", "cleo@example.com"),))
    assert document.signatories[0].shown_name == "cleo@example.com"
