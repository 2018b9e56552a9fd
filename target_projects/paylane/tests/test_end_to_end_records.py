"""Records as JSON, from the file of a request to the files of the day, and back."""

import json
from datetime import date

import pytest
from builders import NOON, eur, make_record

from paylane.codecs import from_json, read_json, read_lines, to_json, write_json
from paylane.network import Entry
from paylane.payments import Card, Payment, PaymentStatus, RefundStatus
from paylane.settlement import MovementKind, Statement
from paylane.storage import PaymentBook, connect


@pytest.fixture
def payment_id(run, tmp_path):
    """A charge of EUR 100 of which 40 went back."""
    text = json.dumps(make_record(descriptor="Łódź"), ensure_ascii=False)
    (tmp_path / "request.json").write_text(text, encoding="utf-8")
    payment_id = run("charge", "request.json", "--key", "k1")[1].split()[0]
    run("refund", payment_id, "40", "--key", "r1")
    return payment_id


def test_payment_as_text_and_as_file(payment_id, tmp_path):
    db = connect(tmp_path / "paylane.db")
    payment = PaymentBook(db).get(payment_id)
    db.close()
    assert (payment.amount, payment.created_at) == (eur(10000), NOON)
    assert (payment.card, payment.descriptor) == (Card("tok_visa_1", "visa", "4242"), "Łódź")
    assert payment.status is PaymentStatus.PARTLY_REFUNDED
    assert [refund.status for refund in payment.refunds] == [RefundStatus.SUCCEEDED]

    assert from_json(Payment, to_json(payment)) == payment
    file = tmp_path / "archive" / "2024" / "payment.json"
    write_json(payment, file)
    assert read_json(Payment, file) == payment
    plain = json.loads(file.read_text(encoding="utf-8"))
    assert plain["amount"] == {"amount": "100.00", "currency": "EUR"}
    assert (plain["status"], plain["descriptor"]) == ("partly_refunded", "Łódź")
    assert plain["created_at"] == "2024-03-05T12:00:00.000000+00:00"


def test_files_of_the_day(run, payment_id, tmp_path):
    moved = [entry.amount for entry in read_lines(Entry, tmp_path / "network.jsonl")]
    assert moved == [eur(10000), eur(-4000)]

    run("settle", at="2024-03-05T17:00:00Z", PAYLANE_SETTLEMENT_FORMAT="json")
    file = tmp_path / "settlements" / "2024" / "03" / "05" / "acme.json"
    statement = read_json(Statement, file)
    assert statement.day == date(2024, 3, 5)
    kinds = {movement.kind: movement.at for movement in statement.movements}
    assert kinds == {MovementKind.CHARGE: NOON, MovementKind.REFUND: NOON}
    assert statement.payout == eur(5811)
    assert json.loads(file.read_text(encoding="utf-8"))["payout"] == {
        "amount": "58.11", "currency": "EUR",
    }  # fmt: skip
