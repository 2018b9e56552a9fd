"""The payment terms of a contract say when its invoices fall due."""

WHO = "an account manager"
SUBJECT = "Payment terms"
DETAIL = "The sum of the invoice is 100 euros."

CASES = {
    "thirty days": ("NET 30", "2024-01-15", "2024-01-20"),
    "seven days, written together": ("net7", "2024-01-15", "2024-01-20"),
    "the longest period": ("NET 180", "2024-01-15", "2024-01-20"),
    "one day more than the longest period": ("NET 181", "2024-01-15", "2024-01-20"),
    "the end of the month": ("EOM", "2024-01-15", "2024-01-20"),
    "the end of February in a leap year": ("EOM", "2024-02-01", "2024-02-10"),
    "the end of the month in small letters": ("eom", "2024-04-30", "2024-04-30"),
    "fifteen days after the end of the month": ("EOM+15", "2024-01-15", "2024-01-20"),
    "five days after it, with blanks": ("EOM + 5", "2024-01-15", "2024-01-20"),
    "payment on receipt": ("On receipt", "2024-01-15", "2024-01-15"),
    "a discount on the last day for it": ("2/10 NET 30", "2024-01-15", "2024-01-25"),
    "a discount one day too late": ("2/10 NET 30", "2024-01-15", "2024-01-26"),
    "a discount on the day of issue": ("2/10 NET 30", "2024-01-15", "2024-01-15"),
    "a discount with a decimal": ("1.5/5, NET 30", "2024-01-15", "2024-01-20"),
    "a discount of two digits with blanks": ("12 / 10 NET 60", "2024-01-15", "2024-01-20"),
    "a discount up to the due date": ("3/14 NET 14", "2024-01-15", "2024-01-29"),
    "a discount beyond the due date": ("3/15 NET 14", "2024-01-15", "2024-01-29"),
    "blanks around the terms": ("  NET 30 ", "2024-01-15", "2024-01-20"),
    "blanks before the end of the month": (" EOM+15 ", "2024-01-15", "2024-01-20"),
    "blanks around payment on receipt": (" on receipt ", "2024-01-15", "2024-01-15"),
    "terms nobody knows": ("sometime", "2024-01-15", "2024-01-20"),
}


def journey(text, issued, paid_on):
    from datetime import date

    from billcycle.money import Money
    from billcycle.terms import parse_terms

    terms, issued, paid_on = parse_terms(text), date.fromisoformat(issued), date.fromisoformat(paid_on)
    print("due on", terms.due(issued))
    print("settled with", terms.early_payment(Money(10000, "EUR"), issued, paid_on))
