from datetime import date
from decimal import Decimal

import pytest
from builders import PARTLY_PAID, SENT, make_invoice, make_line

from billcycle.errors import InvoiceError
from billcycle.invoices import (
    InvoiceState,
    describe,
    move,
    next_number,
    parse_number,
    pay,
)
from billcycle.money import Money


def euros(text):
    return Money(int(Decimal(text) * 100), "EUR")


def test_parts_of_a_number():
    assert parse_number("INV-2024-0042") == (2024, 42, "")

    assert parse_number("INV-2024-0042B") == (2024, 42, "B")
    assert parse_number("INV-2024-0042Z") == (2024, 42, "Z")

    assert parse_number("INV-2031-123456") == (2031, 123456, "")


WRONG_NUMBERS = """
INV-2024-042 INV-2024-1234567 INV-24-0042 INV-1999-0042 2024-0042 inv-2024-0042 INV-2024-0042b
INV-2024-0042BC XINV-2024-0042
"""


def test_not_a_number():
    for text in [*WRONG_NUMBERS.split(), "INV-2024-0042\n"]:
        with pytest.raises(InvoiceError, match="not an invoice number"):
            parse_number(text)


def test_next_number():
    lasts = ["INV-2024-0041", "INV-2024-9999", "INV-2024-0041C", "INV-2025-0003"]
    assert [next_number(last, date(2024, 1, 1)) for last in lasts] == [
        "INV-2024-0042", "INV-2024-10000", "INV-2024-0042", "INV-2025-0004",
    ]  # fmt: skip


def test_numbers_start_again_every_year():
    assert next_number("INV-2023-0777", date(2024, 1, 1)) == "INV-2024-0001"


def test_sums():
    lines = (
        make_line(1000, quantity=Decimal("2.5"), tax_rate=Decimal("19")),
        make_line(333, tax_rate=Decimal("7")),
    )
    invoice = make_invoice(lines=lines)
    assert (invoice.net, invoice.tax, invoice.total) == (
        euros("28.33"),
        euros("4.98"),
        euros("33.31"),
    )


def test_balance():
    assert make_invoice(paid_minor=2500, state=PARTLY_PAID).balance == euros("75")

    assert make_invoice(state=InvoiceState.VOID).balance == euros("0")


def test_an_invoice_needs_a_number_and_lines():
    with pytest.raises(InvoiceError, match="not an invoice number: '42'"):
        make_invoice(number="42")
    with pytest.raises(InvoiceError, match="has no lines"):
        make_invoice(lines=())


def test_due_on_the_day_of_issue_is_the_earliest():
    assert make_invoice(due=date(2024, 3, 1)).due == date(2024, 3, 1)
    with pytest.raises(InvoiceError, match="falls due before"):
        make_invoice(due=date(2024, 2, 29))


def test_days_overdue_are_never_negative():
    days = [make_invoice().days_overdue(date(2024, 3, day)) for day in (19, 20, 21, 30)]
    assert days == [0, 0, 1, 10]


ALLOWED = """
draft: scheduled void
scheduled: sent void
sent: partly_paid paid void written_off
partly_paid: partly_paid paid written_off
paid:
void:
written_off: partly_paid paid
"""


def possible(state):
    targets = []
    for target in InvoiceState:
        try:
            targets.append(move(make_invoice(state=state), target).state.value)
        except InvoiceError:
            continue
    return " ".join([f"{state.value}:", *targets])


def test_moves():
    assert [possible(state) for state in InvoiceState] == ALLOWED.strip().splitlines()


def test_a_refused_move_names_both_states():
    with pytest.raises(InvoiceError, match="INV-2024-0001 is paid and cannot become void"):
        move(make_invoice(state=InvoiceState.PAID), InvoiceState.VOID)

    with pytest.raises(InvoiceError, match="is a draft and cannot become paid"):
        pay(make_invoice(), euros("100"))


def test_states_in_words():
    assert [describe(state) for state in InvoiceState] == [
        "a draft", "waiting to be sent", "open", "partly paid", "paid", "void", "written off",
    ]  # fmt: skip


def test_part_payment():
    paid = pay(make_invoice(state=SENT), euros("40"))
    assert (paid.state, paid.balance) == (PARTLY_PAID, euros("60"))


def test_last_payment_settles():
    paid = pay(make_invoice(state=PARTLY_PAID, paid_minor=4000), euros("60"))
    assert (paid.state, paid.balance) == (InvoiceState.PAID, euros("0"))


def test_one_cent_too_much():
    with pytest.raises(InvoiceError, match=r"EUR 100.01 is more than the balance of EUR 100.00"):
        pay(make_invoice(state=SENT), euros("100.01"))


def test_smallest_payment_is_a_cent():
    assert pay(make_invoice(state=SENT), euros("0.01")).paid == euros("0.01")
    with pytest.raises(InvoiceError, match="more than zero"):
        pay(make_invoice(state=SENT), euros("0"))
    with pytest.raises(InvoiceError, match="more than zero"):
        pay(make_invoice(state=SENT), euros("-5"))
