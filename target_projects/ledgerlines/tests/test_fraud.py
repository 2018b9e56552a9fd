from datetime import date
from decimal import Decimal

import pytest

from ledgerlines.errors import CurrencyError
from ledgerlines.fraud import Group, Limits, aggregate, severity_of, suspicious
from ledgerlines.kinds import Severity, TransactionType
from ledgerlines.validation import Payment

CHARGE, REFUND, PAYOUT = TransactionType.CHARGE, TransactionType.REFUND, TransactionType.PAYOUT
MONDAY, TUESDAY = date(2024, 3, 4), date(2024, 3, 5)
RATES = {"USD": Decimal(1), "EUR": Decimal("1.10"), "JPY": Decimal("0.005")}
LIMITS = Limits(1000, {REFUND: 200}, watch_percent=80, block_factor=3, max_count=5)


def payment(kind, day, amount, currency="USD"):
    return Payment("pay_0000", kind, currency, day, amount, 2)


def test_payments_are_summed_by_day_and_type():
    groups = aggregate(
        [
            payment(CHARGE, MONDAY, 500),
            payment(REFUND, MONDAY, -100),
            payment(CHARGE, MONDAY, 700),
            payment(CHARGE, TUESDAY, 40),
        ],
        "USD",
        RATES,
    )
    assert groups == {
        (MONDAY, CHARGE): Group(1200, 2, 700),
        (MONDAY, REFUND): Group(100, 1, 100),
        (TUESDAY, CHARGE): Group(40, 1, 40),
    }
    assert aggregate([], "USD", RATES) == {}


def test_the_largest_payment_of_a_group():
    groups = aggregate([payment(PAYOUT, MONDAY, -cents) for cents in (5, 90, 30)], "USD", RATES)
    assert groups[MONDAY, PAYOUT].largest == 90
    assert Group() == Group(total=0, count=0, largest=0)


def test_amounts_are_converted_to_the_base_currency():
    groups = aggregate([payment(PAYOUT, MONDAY, -2000, "JPY")], "EUR", RATES)
    assert groups[MONDAY, PAYOUT].total == 909
    groups = aggregate([payment(PAYOUT, MONDAY, 2000, "JPY")], "EUR", RATES, "up")
    assert groups[MONDAY, PAYOUT].total == 910
    with pytest.raises(CurrencyError, match="no rate for CHF"):
        aggregate([payment(CHARGE, MONDAY, 1, "CHF")], "USD", RATES)


def test_severity_by_sum():
    cases = {
        799: Severity.CLEAR,
        800: Severity.WATCH,
        1000: Severity.WATCH,
        1001: Severity.ALERT,
        3000: Severity.ALERT,
        3001: Severity.BLOCK,
    }
    assert {total: severity_of(Group(total, 1, total), 1000, LIMITS) for total in cases} == cases


def test_severity_by_count():
    assert severity_of(Group(10, 5, 2), 1000, LIMITS) is Severity.CLEAR
    assert severity_of(Group(10, 6, 2), 1000, LIMITS) is Severity.ALERT


def test_a_type_may_have_its_own_threshold():
    groups = {(MONDAY, REFUND): Group(201, 1, 201), (MONDAY, PAYOUT): Group(201, 1, 201)}
    [finding] = suspicious(groups, LIMITS)
    assert (finding.kind, finding.limit, finding.severity) == (REFUND, 200, Severity.ALERT)


def test_findings_say_who_does_what():
    [finding] = suspicious({(MONDAY, PAYOUT): Group(9999, 1, 9999)}, LIMITS)
    assert (finding.team, finding.action) == ("treasury", "hold and call")


def test_the_worst_come_first():
    groups = {
        (TUESDAY, CHARGE): Group(2000),
        (MONDAY, PAYOUT): Group(2000),
        (TUESDAY, PAYOUT): Group(5000),
        (MONDAY, CHARGE): Group(2000),
    }
    assert [(item.day, item.kind) for item in suspicious(groups, LIMITS)] == [
        (TUESDAY, PAYOUT),
        (MONDAY, CHARGE),
        (MONDAY, PAYOUT),
        (TUESDAY, CHARGE),
    ]


def test_findings_from_a_severity_on():
    groups = {(MONDAY, CHARGE): Group(900), (MONDAY, PAYOUT): Group(100)}
    assert suspicious(groups, LIMITS) == []
    assert [item.kind for item in suspicious(groups, LIMITS, Severity.WATCH)] == [CHARGE]
