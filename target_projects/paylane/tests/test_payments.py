from datetime import timedelta

import pytest
from builders import NOON, eur, make_payment, make_refund, make_settings, usd

from paylane.errors import RefundError
from paylane.payments import Card, PaymentStatus, RefundStatus, begin_refund, end_refund

PENDING, SUCCEEDED, FAILED = RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED
LATER = NOON + timedelta(hours=1)


def begin(payment, amount=None, now=NOON, **changes):
    return begin_refund(payment, "ref_9", amount, now, make_settings(**changes))


def refused(payment, amount=None, now=NOON, **changes):
    with pytest.raises(RefundError) as caught:
        begin(payment, amount, now, **changes)
    return str(caught.value)


def test_new_refund_is_pending():
    payment = make_payment()
    refund = begin(payment, eur(4000)).refunds[-1]
    assert (refund.id, refund.amount, refund.status) == ("ref_9", eur(4000), PENDING)
    assert (refund.created_at, refund.ended_at) == (NOON, None)
    assert payment.refunds == ()


def test_refunds_stay_in_their_order():
    payment = begin(make_payment(refunds=(make_refund(id="ref_1"), make_refund(id="ref_2"))))
    assert [refund.id for refund in payment.refunds] == ["ref_1", "ref_2", "ref_9"]


def test_without_an_amount_all_that_is_left():
    assert begin(make_payment()).refunds[-1].amount == eur(10000)
    part = make_payment(refunds=(make_refund(4000),))
    assert begin(part).refunds[-1].amount == eur(6000)


def test_pending_refunds_count_and_failed_ones_do_not():
    payment = make_payment(
        refunds=(make_refund(4000, PENDING), make_refund(500), make_refund(3000, FAILED))
    )
    assert payment.refunded == eur(4500)
    assert payment.refundable == eur(5500)


def test_over_refund():
    part = make_payment(refunds=(make_refund(4000),))
    assert begin(part, eur(6000)).refundable == eur(0)
    assert refused(part, eur(6001)) == "cannot refund EUR 60.01, EUR 60.00 of pay_1 is left"


def test_refund_of_nothing():
    assert begin(make_payment(), eur(1)).refunds[-1].amount == eur(1)
    assert refused(make_payment(), eur(0)) == "a refund is more than zero"
    assert refused(make_payment(), eur(-1)) == "a refund is more than zero"

    assert refused(make_payment(refunds=(make_refund(10000),))) == "a refund is more than zero"


def test_refund_in_another_currency():
    assert refused(make_payment(), usd(100)) == "pay_1 was charged in EUR"


def test_status_decides():
    assert begin(make_payment(status=PaymentStatus.PARTLY_REFUNDED)).refunds
    for status in (PaymentStatus.FAILED, PaymentStatus.REFUNDED):
        payment = make_payment(status=status)
        assert refused(payment) == f"pay_1 is {status.value} and cannot be refunded"
        assert payment.refundable == eur(0)


def test_window():
    last = NOON + timedelta(days=10)
    assert begin(make_payment(), now=last).refunds
    assert refused(make_payment(), now=last + timedelta(microseconds=1)) == (
        "pay_1 is too old to be refunded"
    )


def test_number_of_refunds():
    two = make_payment(refunds=(make_refund(1), make_refund(1), make_refund(1, FAILED)))
    assert len(begin(two).refunds) == 4
    assert refused(begin(two, eur(1))) == "pay_1 has had its 3 refunds"


def test_fee_goes_back_by_shares():
    assert begin(make_payment(), eur(4000)).refunds[-1].fee == eur(90)
    earlier = (make_refund(4000, fee=eur(90)), make_refund(1000, FAILED, fee=eur(22)))
    assert begin(make_payment(refunds=earlier), eur(6000)).refunds[-1].fee == eur(135)


def test_end_of_a_part_refund():
    payment = end_refund(begin(make_payment(), eur(9999)), "ref_9", SUCCEEDED, LATER)
    assert payment.status is PaymentStatus.PARTLY_REFUNDED
    assert (payment.refunds[0].status, payment.refunds[0].ended_at) == (SUCCEEDED, LATER)
    assert payment.refundable == eur(1)


def test_outcome_of_a_refund():
    payment = end_refund(begin(make_payment()), "ref_9", SUCCEEDED, LATER)
    assert payment.status is PaymentStatus.REFUNDED

    payment = end_refund(begin(make_payment()), "ref_9", FAILED, LATER)
    assert payment.status is PaymentStatus.SUCCEEDED
    assert payment.refundable == eur(10000)


def test_pending_refund_does_not_change_the_status():
    payment = make_payment(refunds=(make_refund(4000, PENDING, id="ref_2"),))
    assert end_refund(begin(payment), "ref_9", SUCCEEDED, LATER).status is (
        PaymentStatus.PARTLY_REFUNDED
    )


def test_ended_refunds_and_others_stay_as_they_are():
    others = (make_refund(id="ref_9"), make_refund(1, PENDING, id="ref_2"))
    payment = make_payment(refunds=others)
    assert end_refund(payment, "ref_9", FAILED, LATER).refunds == others


def test_finding_a_refund():
    payment = make_payment(refunds=(make_refund(id="ref_1"), make_refund(7, id="ref_2")))
    assert payment.find_refund("ref_2").amount == eur(7)
    assert payment.find_refund("ref_3") is None


def test_card_as_text():
    assert str(Card("tok_1", "visa", "4242")) == "visa ····4242"
    assert str(Card("tok_1", "amex")) == "amex"
