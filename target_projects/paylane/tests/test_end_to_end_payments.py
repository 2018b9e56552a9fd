"""The promises of the README: a key acts once, whoever asks, however often, at the same time."""

import threading
from datetime import timedelta

import pytest
from builders import NOON, eur, make_record, make_settings

from paylane.errors import KeyConflict, KeyInUse, RefundError
from paylane.network import SandboxNetwork
from paylane.payments import PaymentStatus, RefundStatus
from paylane.service import PaymentService
from paylane.storage import connect

LIMIT_S = 3


class Gated(SandboxNetwork):
    """Answers a charge only when the other instance has been turned away."""

    def __init__(self):
        super().__init__()
        self.calls = 0
        self.gate = threading.Event()

    def charge(self, reference, amount, card):
        self.calls += 1
        assert self.gate.wait(LIMIT_S)
        super().charge(reference, amount, card)


class PowerCut(BaseException):
    """The machine dies: nothing after this line runs."""


class Dying(SandboxNetwork):
    def charge(self, reference, amount, card):
        super().charge(reference, amount, card)
        raise PowerCut


def at_once(work, count=2):
    """Run `work(number)` in threads that start together; gives what they return, sorted."""
    barrier = threading.Barrier(count)
    results = []

    def run(number):
        barrier.wait(LIMIT_S)
        results.append(work(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)
    return sorted(results)


def test_two_equal_keys_at_the_same_time_charge_once(tmp_path, clock):
    network, path = Gated(), tmp_path / "pay.db"
    connect(path).close()

    def charge(_):
        db = connect(path)
        try:
            service = PaymentService(db, make_settings(), network, clock)
            return service.charge("k1", make_record()).payment.status.value
        except KeyInUse:
            network.gate.set()
            return "in use"
        finally:
            db.close()

    assert at_once(charge) == ["in use", "succeeded"]
    assert network.calls == 1
    assert network.balance("EUR") == eur(10000)

    db = connect(path)
    service = PaymentService(db, make_settings(), network, clock)
    assert service.charge("k1", make_record()).replayed
    assert len(service.book.before("acme", NOON + timedelta(days=1))) == 1
    db.close()


def test_two_refunds_at_the_same_time_do_not_exceed_the_charge(tmp_path, clock):
    network, path = SandboxNetwork(), tmp_path / "pay.db"
    db = connect(path)
    payment = PaymentService(db, make_settings(), network, clock).charge("k1", make_record())
    payment_id = payment.payment.id

    def refund(number):
        own = connect(path)
        try:
            service = PaymentService(own, make_settings(), network, clock)
            service.refund(f"r{number}", payment_id, "60")
            return "refunded"
        except RefundError:
            return "too much"
        finally:
            own.close()

    assert at_once(refund) == ["refunded", "too much"]
    assert network.balance("EUR") == eur(4000)
    db.close()


def test_same_request_again_is_answered_from_the_store(service, network, clock):
    first = service.charge("k1", make_record())
    clock.forward("23h 59m 59s")
    again = service.charge("k1", make_record(amount="100", merchant=" ACME "))
    assert again.replayed
    assert again.payment == first.payment
    assert len(network.entries) == 1


def test_answer_is_the_first_one_even_after_a_refund(service):
    first = service.charge("k1", make_record()).payment
    service.refund("r1", first.id)
    assert service.charge("k1", make_record()).payment == first
    assert service.book.get(first.id).status is PaymentStatus.REFUNDED


def test_after_24_hours_the_key_is_new(service, network, clock):
    first = service.charge("k1", make_record()).payment
    clock.forward("24h")
    second = service.charge("k1", make_record())
    assert not second.replayed
    assert second.payment.id != first.id
    assert network.balance("EUR") == eur(20000)


def test_same_key_with_another_payload_is_a_conflict(service, network):
    service.charge("k1", make_record())
    for change in (
        {"amount": "100.01"},
        {"currency": "USD"},
        {"card": {"token": "tok_visa_2", "brand": "visa", "last4": "4242"}},
        {"descriptor": "x"},
    ):
        with pytest.raises(KeyConflict):
            service.charge("k1", make_record(**change))
    assert len(network.entries) == 1


def test_same_key_of_another_merchant_is_another_key(service, network):
    service.charge("k1", make_record())
    assert not service.charge("k1", make_record(merchant="kyoto")).replayed
    assert network.balance("EUR") == eur(20000)


def test_crash_after_the_charge_is_made_up_for(db, clock):
    dying = Dying()
    with pytest.raises(PowerCut):
        PaymentService(db, make_settings(), dying, clock).charge("k1", make_record())
    network = SandboxNetwork()
    network.entries = dict(dying.entries)
    service = PaymentService(db, make_settings(), network, clock)
    with pytest.raises(KeyInUse):
        service.charge("k1", make_record())
    clock.forward("60s")
    payment = service.charge("k1", make_record()).payment
    assert list(network.entries) == [payment.id]
    assert network.balance("EUR") == eur(10000)


def test_crash_while_booking_a_charge_is_made_up_for(service, network, clock, monkeypatch):
    def dies(payment):
        raise PowerCut

    with monkeypatch.context() as broken:
        broken.setattr(service.book, "add", dies)
        with pytest.raises(PowerCut):
            service.charge("k1", make_record())
    clock.forward("60s")
    outcome = service.charge("k1", make_record())
    assert not outcome.replayed
    assert service.book.get(outcome.payment.id) == outcome.payment
    assert network.balance("EUR") == eur(10000)


def test_crash_while_booking_a_refund_is_made_up_for(service, network, clock, monkeypatch):
    payment = service.charge("k1", make_record()).payment
    save = service.book.save

    def dies(changed):
        if changed.refunds[0].status is RefundStatus.SUCCEEDED:
            raise PowerCut
        save(changed)

    with monkeypatch.context() as broken:
        broken.setattr(service.book, "save", dies)
        with pytest.raises(PowerCut):
            service.refund("r1", payment.id)
    clock.forward("60s")
    assert not service.refund("r1", payment.id).replayed
    assert service.book.get(payment.id).status is PaymentStatus.REFUNDED
    assert network.balance("EUR") == eur(0)


def test_refunds_until_nothing_is_left(service, network):
    payment = service.charge("k1", make_record()).payment
    assert service.refund("r1", payment.id, "33.33").payment.status.value == "partly_refunded"
    assert service.refund("r2", payment.id, "33.33").payment.refundable == eur(3334)
    with pytest.raises(RefundError, match="cannot refund EUR 33.35, EUR 33.34"):
        service.refund("r3", payment.id, "33.35")
    done = service.refund("r3", payment.id).payment
    assert done.status is PaymentStatus.REFUNDED
    assert sum(refund.fee.minor for refund in done.refunds) == payment.fee.minor
    assert network.balance("EUR") == eur(0)
    assert service.refund("r1", payment.id, "33.33").payment.refundable == eur(6667)
