import pytest
from builders import eur, usd

from paylane.errors import CodecError, Declined, NetworkUnavailable
from paylane.network import Entry, SandboxNetwork
from paylane.payments import Card

CARD = Card("tok_visa_1", "visa")


def test_charges_and_refunds(network):
    network.charge("pay_1", eur(500), CARD)
    network.charge("pay_2", usd(70), CARD)
    network.refund("ref_1", "pay_1", eur(200))
    assert network.entries["ref_1"] == Entry("ref_1", eur(-200), "pay_1")
    assert network.balance("EUR") == eur(300)
    assert network.balance("USD") == usd(70)


def test_reference_acts_once(network):
    for _ in range(2):
        network.charge("pay_1", eur(500), CARD)
        network.refund("ref_1", "pay_1", eur(200))
    assert network.balance("EUR") == eur(300)


def test_declined_cards(network):
    for token, reason in [
        ("tok_declined", "do_not_honor"),
        ("tok_poor", "insufficient_funds"),
        ("tok_lost", "lost_card"),
        ("tok_expired", "expired_card"),
    ]:
        with pytest.raises(Declined, match=f"^declined: {reason}$") as caught:
            network.charge("pay_1", eur(500), Card(token, "visa"))
        assert caught.value.reason == reason
        assert network.entries == {}


def test_no_answer(network):
    with pytest.raises(NetworkUnavailable, match="does not answer"):
        network.charge("pay_1", eur(500), Card("tok_silent", "visa"))
    assert network.entries == {}


def test_refund_of_an_unknown_charge(network):
    with pytest.raises(Declined, match="unknown_charge"):
        network.refund("ref_1", "pay_1", eur(1))


def test_journal_is_read_again(tmp_path):
    journal = tmp_path / "new" / "network.jsonl"
    SandboxNetwork(journal).charge("pay_1", eur(500), CARD)
    SandboxNetwork(journal).refund("ref_1", "pay_1", eur(200))
    third = SandboxNetwork(journal)
    assert third.balance("EUR") == eur(300)
    third.charge("pay_1", eur(500), CARD)
    assert len(journal.read_bytes().splitlines()) == 2


def test_journal_of_a_later_release(tmp_path):
    journal = tmp_path / "network.jsonl"
    journal.write_text('{"reference": "pay_1", "amount": "EUR 5", "risk": 7}\n', encoding="utf-8")
    assert SandboxNetwork(journal).balance("EUR") == eur(500)

    journal.write_text('{"reference": "pay_1"}\n', encoding="utf-8")
    with pytest.raises(CodecError, match="network.jsonl, line 1: amount: missing"):
        SandboxNetwork(journal)
