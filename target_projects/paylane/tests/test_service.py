from datetime import timedelta

import pytest
from builders import NOON, eur, make_record, make_settings

from paylane.errors import (
    Declined,
    KeyConflict,
    MoneyError,
    NetworkUnavailable,
    NotFound,
    RefundError,
    RequestError,
)
from paylane.network import SandboxNetwork
from paylane.payments import PaymentStatus, RefundStatus
from paylane.service import PaymentService


class Unreliable(SandboxNetwork):
    """Loses some answers after having acted, or refuses refunds."""

    def __init__(self, silences=0, refuses=False):
        super().__init__()
        self.silences = silences
        self.refuses = refuses

    def charge(self, reference, amount, card):
        super().charge(reference, amount, card)
        self._answer()

    def refund(self, reference, charge, amount):
        if self.refuses:
            raise Declined("account_closed")
        super().refund(reference, charge, amount)
        self._answer()

    def _answer(self):
        if self.silences:
            self.silences -= 1
            raise NetworkUnavailable("the line is dead")


def with_card(token):
    return make_record(card={"token": token, "brand": "visa"})


def test_charge(service, network):
    outcome = service.charge(" k1 ", make_record(descriptor="ACME"))
    payment = outcome.payment
    assert not outcome.replayed
    assert (payment.amount, payment.fee, payment.merchant) == (eur(10000), eur(225), "acme")
    assert payment.descriptor == "ACME"
    assert (payment.status, payment.decline_reason) == (PaymentStatus.SUCCEEDED, None)
    assert payment.created_at == NOON
    assert service.book.get(payment.id) == payment
    assert network.entries[payment.id].amount == eur(10000)


def test_brand_is_part_of_the_fee(service):
    amex = make_record(card={"token": "tok_1", "brand": "American Express"})
    assert service.charge("k1", amex).payment.fee == eur(325)


def test_declined_card_is_an_answer(service, network):
    payment = service.charge("k1", with_card("tok_poor")).payment
    assert (payment.status, payment.decline_reason) == (PaymentStatus.FAILED, "insufficient_funds")
    assert payment.fee == eur(0)
    assert network.entries == {}
    assert service.charge("k1", with_card("tok_poor")).replayed


def test_card_may_be_declined_without_a_reason(db, clock):
    class Curt(SandboxNetwork):
        def charge(self, reference, amount, card):
            raise Declined("")

    payment = PaymentService(db, make_settings(), Curt(), clock).charge("k1", make_record()).payment
    assert (payment.status, payment.fee) == (PaymentStatus.FAILED, eur(0))


def test_bad_request_leaves_the_key_unused(service):
    with pytest.raises(RequestError, match="amount is missing"):
        service.charge("k1", make_record(amount=None))
    assert not service.charge("k1", make_record()).replayed


def test_length_of_the_key(service):
    record = make_record()
    assert service.charge("x" * 20, record).payment
    with pytest.raises(RequestError, match="longer than 20"):
        service.charge("x" * 21, record)
    with pytest.raises(RequestError, match="longer than 20"):
        service.refund("x" * 21, "pay_1")


def test_moment_of_the_payment_is_that_of_the_answer(db, clock):
    class Slow(SandboxNetwork):
        def charge(self, reference, amount, card):
            clock.forward("30s")
            super().charge(reference, amount, card)

    service = PaymentService(db, make_settings(), Slow(), clock)
    assert service.charge("k1", make_record()).payment.created_at == NOON + timedelta(seconds=30)


def test_end_of_a_refund_is_the_moment_of_the_answer(db, clock):
    class Slow(SandboxNetwork):
        def refund(self, reference, charge, amount):
            clock.forward("30s")
            super().refund(reference, charge, amount)

    service = PaymentService(db, make_settings(), Slow(), clock)
    payment = service.charge("k1", make_record()).payment
    (refund,) = service.refund("r1", payment.id).payment.refunds
    assert refund.created_at == NOON
    assert refund.ended_at == NOON + timedelta(seconds=30)


def test_lost_answer_is_made_up_for(db, clock):
    network = Unreliable(silences=1)
    service = PaymentService(db, make_settings(), network, clock)
    with pytest.raises(NetworkUnavailable):
        service.charge("k1", make_record())
    assert service.book.before("acme", NOON + timedelta(days=1)) == []
    outcome = service.charge("k1", make_record())
    assert not outcome.replayed
    assert list(network.entries) == [outcome.payment.id]


def test_part_refund(service, network):
    payment = service.charge("k1", make_record()).payment
    outcome = service.refund("r1", payment.id, "40")
    (refund,) = outcome.payment.refunds
    assert (refund.amount, refund.fee) == (eur(4000), eur(90))
    assert refund.status is RefundStatus.SUCCEEDED
    assert refund.ended_at == NOON
    assert refund.id.startswith("ref_")
    assert service.book.get(payment.id) == outcome.payment
    assert network.balance("EUR") == eur(6000)


def test_refund_again_has_the_same_answer(service, network):
    payment = service.charge("k1", make_record()).payment
    first = service.refund("r1", payment.id, "40").payment
    service.refund("r2", payment.id, "10")
    again = service.refund("r1", payment.id, "40")
    assert (again.payment, again.replayed) == (first, True)
    assert network.balance("EUR") == eur(5000)


def test_refund_without_an_amount(service):
    payment = service.charge("k1", make_record()).payment
    refund = service.refund("r1", payment.id).payment.refunds[0]
    assert refund.amount == eur(10000)


def test_bad_refunds(service):
    payment = service.charge("k1", make_record()).payment
    with pytest.raises(NotFound):
        service.refund("r1", "pay_404")
    with pytest.raises(MoneyError):
        service.refund("r1", payment.id, "all")


def test_refused_refund_leaves_the_key_unused(service):
    payment = service.charge("k1", make_record()).payment
    with pytest.raises(RefundError, match="cannot refund EUR 100.01"):
        service.refund("r1", payment.id, "100.01")
    assert len(service.keys) == 1
    assert not service.refund("r1", payment.id, "100.00").replayed


def test_refund_that_the_network_refuses(db, clock):
    service = PaymentService(db, make_settings(), Unreliable(refuses=True), clock)
    payment = service.charge("k1", make_record()).payment
    after = service.refund("r1", payment.id).payment
    assert after.refunds[0].status is RefundStatus.FAILED
    assert (after.status, after.refundable) == (PaymentStatus.SUCCEEDED, eur(10000))


def test_lost_answer_to_a_refund_keeps_the_money_reserved(db, clock):
    network = Unreliable()
    service = PaymentService(db, make_settings(), network, clock)
    payment = service.charge("k1", make_record()).payment
    network.silences = 1
    with pytest.raises(NetworkUnavailable):
        service.refund("r1", payment.id, "60")
    assert service.book.get(payment.id).refundable == eur(4000)
    with pytest.raises(RefundError, match="EUR 40.00 of pay_.* is left"):
        service.refund("r2", payment.id, "60")

    clock.forward("1h")
    after = service.refund("r1", payment.id, "60").payment
    assert [refund.amount for refund in after.refunds] == [eur(6000)]
    assert after.refunds[0].ended_at == NOON + timedelta(hours=1)
    assert network.balance("EUR") == eur(4000)


def test_lost_answer_to_a_refund_frees_its_key_at_once(db, clock):
    network = Unreliable()
    service = PaymentService(db, make_settings(), network, clock)
    payment = service.charge("k1", make_record()).payment
    network.silences = 1
    with pytest.raises(NetworkUnavailable):
        service.refund("r1", payment.id, "60")
    assert service.refund("r1", payment.id, "60").payment.refundable == eur(4000)


def test_key_of_a_charge_is_no_key_of_a_refund(service):
    payment = service.charge("k1", make_record()).payment
    with pytest.raises(KeyConflict):
        service.refund("k1", payment.id)


def test_lock_and_life_of_keys_are_those_of_the_settings(db, clock, network):
    settings = make_settings(key_life=timedelta(hours=2), key_lock=timedelta(seconds=9))
    service = PaymentService(db, settings, network, clock)
    assert (service.keys.life, service.keys.lock) == (timedelta(hours=2), timedelta(seconds=9))
    service.charge("k1", make_record())
    clock.forward("1h")
    assert service.purge_keys() == 0
    clock.forward("1h")
    assert service.purge_keys() == 1
