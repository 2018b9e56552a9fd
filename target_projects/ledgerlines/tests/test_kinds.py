import pytest

from ledgerlines.kinds import (
    Severity,
    TransactionType,
    action_for,
    expected_sign,
    parse_type,
    review_team,
)


def test_every_type_is_known_by_its_own_name():
    for kind in TransactionType:
        assert parse_type(kind.value) is kind


def test_names_that_banks_use():
    cases = {
        "chargeback": TransactionType.DISPUTE,
        "correction": TransactionType.ADJUSTMENT,
        "payment": TransactionType.CHARGE,
        "topup": TransactionType.TRANSFER,
        "withdrawal": TransactionType.PAYOUT,
    }
    assert {text: parse_type(text) for text in cases} == cases


def test_types_are_found_however_they_are_written():
    for text in ["Top-Up", "top up", "TOP_UP", " topup\n"]:
        assert parse_type(text) is TransactionType.TRANSFER
    for text in ["Pay-Out", "pay out", "PAYOUT"]:
        assert parse_type(text) is TransactionType.PAYOUT


def test_an_unknown_type_is_quoted():
    with pytest.raises(ValueError, match="unknown transaction type: 'gift'"):
        parse_type("gift")


def test_signs_as_seen_from_our_account():
    signs = {kind.value: expected_sign(kind) for kind in TransactionType}
    assert signs == {
        "charge": 1,
        "refund": -1,
        "payout": -1,
        "fee": -1,
        "dispute": -1,
        "adjustment": 0,
        "transfer": 0,
    }


def test_who_reviews():
    cases = {
        TransactionType.CHARGE: "card risk",
        TransactionType.REFUND: "refund desk",
        TransactionType.DISPUTE: "dispute desk",
        TransactionType.PAYOUT: "treasury",
        TransactionType.TRANSFER: "treasury",
        TransactionType.FEE: "ledger control",
    }
    assert {kind: review_team(kind) for kind in cases} == cases


def test_what_to_do():
    assert [action_for(severity) for severity in Severity] == [
        "none",
        "review tomorrow",
        "review today",
        "hold and call",
    ]
