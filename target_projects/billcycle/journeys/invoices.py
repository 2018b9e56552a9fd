"""The shop system hands an invoice over as a record, and a clerk looks at it."""

WHO = "a developer of the shop system"
SUBJECT = "Invoice from the shop system"
DETAIL = "The report on late payments is that of the 29th of June 2024."

CASES = {
    "an ordinary record": ({},),
    "a copy letter in the number": ({"number": "INV-2024-0041C"},),
    "a number of five digits": ({"number": "INV-2024-12345"},),
    "a number of six digits": ({"number": "INV-2024-123456"},),
    "a number of three digits": ({"number": "INV-2024-042"},),
    "a number of seven digits": ({"number": "INV-2024-1234567"},),
    "a number in small letters": ({"number": "inv-2024-0042"},),
    "a number of the last century": ({"number": "INV-1999-0042"},),
    "an empty address": ({"email": ""},),
    "two addresses": ({"email": "ana@example.com; bo@example.com"},),
    "no lines": ({"lines": []},),
    "no customer": ({"customer": ""},),
    "a due date on the day of issue": ({"due": "2024-03-01"},),
    "a due date before the issue": ({"due": "2024-02-29"},),
    "a due date and terms": ({"due": "2024-03-20", "terms": "NET 10"},),
    "terms of ten days": ({"terms": "NET 10"},),
    "a date that does not exist": ({"issued": "2024-02-30"},),
    "odd blanks in the name": ({"customer": " Orchard \n Farm "},),
    "blanks around the address": ({"email": " orchard@example.com "},),
    "two lines with tax": ({"lines": [{"description": "Support", "unit_price": "10", "quantity": "2.5", "tax_rate": "19"},
                                      {"description": "Hosting", "unit_price": "3.33", "tax_rate": "7"}]},),
    "a tax rate of 100": ({"lines": [{"description": "Fee", "unit_price": "9.99", "tax_rate": 100}]},),
    "a tax rate of zero": ({"lines": [{"description": "Fee", "unit_price": "9.99", "tax_rate": 0}]},),
    "a tax rate above 100": ({"lines": [{"unit_price": "9.99", "tax_rate": "100.1"}]},),
    "a tax rate below zero": ({"lines": [{"unit_price": "9.99", "tax_rate": "-0.1"}]},),
    "a tax rate in words": ({"lines": [{"unit_price": "9.99", "tax_rate": "reduced"}]},),
    "a quantity of zero": ({"lines": [{"unit_price": "9.99", "quantity": 0}]},),
    "half a piece": ({"lines": [{"description": " Cheese ", "unit_price": "9.99", "quantity": 0.5}]},),
    "a long description": ({"lines": [{"description": "Support " * 8, "unit_price": "1,000"}]},),
    "a line in another currency": ({"lines": [{"unit_price": "USD 9.99"}]},),
    "an invoice in yen": ({"currency": "JPY", "lines": [{"description": "Fee", "unit_price": "1500"}]},),
    "the state scheduled": ({"state": "scheduled"},),
    "the state sent": ({"state": "sent"},),
    "the state partly paid": ({"state": "partly_paid", "paid_minor": 4000},),
    "the state paid": ({"state": "paid", "paid_minor": 10000},),
    "the state void": ({"state": "void"},),
    "the state written off": ({"state": "written_off"},),
    "the state lost": ({"state": "lost"},),
    "an invoice due today": ({"due": "2024-06-29", "state": "sent"},),
    "an invoice one day late": ({"due": "2024-06-28", "state": "sent"},),
    "an invoice on the last day of grace": ({"due": "2024-06-24", "state": "sent"},),
    "an invoice one day after the grace": ({"due": "2024-06-23", "state": "sent"},),
    "an invoice thirty days late": ({"due": "2024-05-30", "state": "sent"},),
    "an invoice thirty-one days late": ({"due": "2024-05-29", "state": "sent"},),
    "an invoice sixty days late": ({"due": "2024-04-30", "state": "sent"},),
    "an invoice sixty-one days late": ({"due": "2024-04-29", "state": "sent"},),
    "an invoice ninety days late": ({"due": "2024-03-31", "state": "sent"},),
    "an invoice ninety-one days late": ({"due": "2024-03-30", "state": "sent"},),
    "an invoice due tomorrow": ({"due": "2024-06-30", "state": "sent"},),
}


def journey(changes):
    from datetime import date

    from billcycle.aging import aging_report, late_fee
    from billcycle.records import from_record
    from billcycle.rendering import invoice_table, summary

    record = {"number": "INV-2024-0042", "customer": "Orchard Farm", "email": "orchard@example.com",
              "issued": "2024-03-01", "lines": [{"description": "Support", "unit_price": "100"}]}
    invoice = from_record({**record, **changes})
    print(summary(invoice), "for", invoice.customer, "at", invoice.email)
    print(invoice_table(invoice))
    print("late fee in June:", late_fee(invoice, date(2024, 6, 29)))
    print([f"{age}: {sum}" for age, sum in aging_report([invoice], date(2024, 6, 29), "EUR").items()])
