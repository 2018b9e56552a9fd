from datetime import date
from decimal import Decimal

import pytest
from builders import PARTLY_PAID, make_invoice, make_line, make_record

from billcycle.errors import AddressError, InvoiceError
from billcycle.invoices import InvoiceState
from billcycle.records import from_record, to_record


def test_there_and_back():
    line = make_line(125, quantity=Decimal("1.5"), tax_rate=Decimal("19"))
    invoice = make_invoice(lines=(line, make_line()), state=PARTLY_PAID, paid_minor=99)
    assert from_record(to_record(invoice)) == invoice


def test_optional_fields():
    invoice = from_record(make_record())
    assert (invoice.state, invoice.currency, invoice.paid_minor) == (InvoiceState.DRAFT, "EUR", 0)
    assert (invoice.lines[0].quantity, invoice.lines[0].tax_rate) == (Decimal(1), Decimal(0))


def test_terms_stand_in_for_the_due_date():
    assert from_record(make_record(due=None, terms="NET 10")).due == date(2024, 3, 11)

    assert from_record(make_record(due=None)).due == date(2024, 3, 31)


def test_due_date_wins_over_terms():
    assert from_record(make_record(terms="NET 10")).due == date(2024, 3, 20)


def test_missing_fields_are_named():
    for field in ("number", "customer", "email", "issued", "lines"):
        with pytest.raises(InvoiceError, match=f"missing: {field}$"):
            from_record(make_record(**{field: None}))

    with pytest.raises(InvoiceError, match="missing: number, customer, email, issued, lines"):
        from_record({})


def test_blanks_in_names_are_tidied():
    invoice = from_record(make_record(customer="  Orchard \n Farm ", email=" orchard@example.com "))
    assert (invoice.customer, invoice.email) == ("Orchard Farm", "orchard@example.com")
    assert from_record(line_record(description=" Cheese ")).lines[0].description == "Cheese"


def test_address_is_checked():
    with pytest.raises(AddressError):
        from_record(make_record(email="orchard"))


def line_record(**changes):
    return make_record(lines=[{"description": "x", "unit_price": "10", **changes}])


def test_tax_rate_lies_between_0_and_100():
    for rate in (0, 100):
        assert from_record(line_record(tax_rate=rate)).lines[0].tax_rate == rate
    for rate in ("-0.1", "100.1"):
        with pytest.raises(InvoiceError, match="tax rate must lie"):
            from_record(line_record(tax_rate=rate))


def test_quantity_is_more_than_zero():
    assert from_record(line_record(quantity="0.01")).lines[0].quantity == Decimal("0.01")
    assert from_record(line_record(quantity=0.1)).lines[0].quantity == Decimal("0.1")
    for quantity in ("0", "-1"):
        with pytest.raises(InvoiceError, match="quantity must be more"):
            from_record(line_record(quantity=quantity))


def test_values_that_are_not_numbers():
    with pytest.raises(InvoiceError, match="tax rate is not a number: 'ten'"):
        from_record(line_record(tax_rate="ten"))


def test_line_in_another_currency():
    with pytest.raises(InvoiceError, match="a line in USD on an invoice in EUR"):
        from_record(line_record(unit_price="USD 10"))


def test_price_may_be_a_number():
    assert from_record(line_record(unit_price=12.5)).net.minor == 1250


def test_values_nobody_knows():
    with pytest.raises(InvoiceError, match="not a state: 'lost'"):
        from_record(make_record(state="lost"))

    with pytest.raises(InvoiceError, match="not a date: '2024-02-30'"):
        from_record(make_record(issued="2024-02-30"))


def test_due_day_that_is_given_is_never_guessed():
    with pytest.raises(InvoiceError):
        from_record(make_record(due=""))


def test_line_needs_no_description():
    (line,) = from_record(make_record(lines=[{"unit_price": "5.00"}])).lines
    assert line.description == ""
