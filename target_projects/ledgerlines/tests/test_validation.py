from datetime import date

from ledgerlines.csvrows import Row
from ledgerlines.kinds import TransactionType
from ledgerlines.validation import (
    Checker,
    Code,
    Outcome,
    Payment,
    Problem,
    Rules,
    check_file,
    read_payments,
    weight,
)

RULES = Rules(date(2020, 1, 1), date(2024, 3, 4), max_description=10)
HEADER = "id,transaction_type,currency,date,amount,description,account\n"


def row(line=2, **values):
    good = {
        "id": "adj_0001",
        "transaction_type": "adjustment",
        "currency": "GBP",
        "date": "2024-02-01",
        "amount": "10.00",
    }
    return Row(line, good | values)


def problems_of(*rows, rules=RULES):
    checker = Checker(rules)
    for each in rows:
        checker.check(each)
    return [str(problem) for problem in checker.problems]


def test_a_good_row_becomes_a_payment():
    assert Checker(RULES).check(row(line=7)) == Payment(
        "adj_0001", TransactionType.ADJUSTMENT, "GBP", date(2024, 2, 1), 1000, 7
    )


def test_required_fields():
    for column in ["id", "transaction_type", "currency", "date", "amount"]:
        assert problems_of(row(**{column: ""})) == [f"line 2: {column}: no value [missing]"]


def test_payment_ids():
    for text in [
        "pay_Ab12",
        "ref_0001",
        "po_0001",
        "dp_0001",
        "adj_" + "x" * 20,
        "pay_0001-1",
        "pay_0001-123",
    ]:
        assert problems_of(row(id=text)) == []
    for text in ["pay_123", "adj_" + "x" * 21, "PAY_0001", "pay-0001", "pay_0001-"]:
        assert problems_of(row(id=text)) == [f"line 2: id: not a payment id: '{text}' [bad-id]"]


def test_a_duplicate_names_the_first_line():
    rows = [row(2, id="po_7777"), row(3), row(9, id="po_7777"), row(11, id="po_7777")]
    assert problems_of(*rows) == [
        "line 9: id: po_7777 is on line 2 already [duplicate]",
        "line 11: id: po_7777 is on line 2 already [duplicate]",
    ]


def test_ids_that_differ_in_case_are_different():
    assert problems_of(row(2, id="po_abcd"), row(3, id="po_ABCD")) == []


def test_cells_that_cannot_be_read():
    for column, text, code, detail in [
        ("transaction_type", "gift", Code.UNKNOWN_TYPE, "unknown transaction type: 'gift'"),
        ("currency", "£", Code.BAD_CURRENCY, "not a currency code: '£'"),
        ("date", "2024-02-30", Code.BAD_DATE, "no such day: '2024-02-30'"),
        ("amount", "five", Code.NOT_A_NUMBER, "not an amount: 'five'"),
    ]:
        checker = Checker(RULES)
        assert checker.check(row(**{column: text})) is None
        assert checker.problems == [Problem(2, column, code, detail)]


def test_days_that_may_be_booked():
    assert problems_of(row(2, date="2020-01-01"), row(3, id="po_0002", date="2024-03-04")) == []
    assert problems_of(row(2, date="2019-12-31"), row(3, id="po_0002", date="2024-03-05")) == [
        "line 2: date: before 2020-01-01 [not-in-period]",
        "line 3: date: in the future [not-in-period]",
    ]


def test_a_day_before_a_period_that_lies_ahead_is_one_problem():
    ahead = Rules(date(2024, 7, 1), date(2024, 3, 4))
    assert problems_of(row(date="2024-05-01"), rules=ahead) == [
        "line 2: date: before 2024-07-01 [not-in-period]"
    ]


def test_amounts_have_the_decimals_of_their_currency():
    assert problems_of(row(currency="JPY", amount="10.5")) == [
        "line 2: amount: more than 0 decimals for JPY: '10.5' [not-a-number]"
    ]


def test_signs():
    checker = Checker(RULES)
    assert checker.check(row(transaction_type="fee", amount="5")).amount == 500
    assert [str(problem) for problem in checker.problems] == [
        "line 2: amount: 5 for a fee [wrong-sign]"
    ]
    assert problems_of(row(transaction_type="fee", amount="0")) == []


def test_descriptions_of_just_the_right_length():
    assert problems_of(row(description="x" * 10)) == []
    usual = Rules(RULES.earliest, RULES.today)
    assert problems_of(row(description="x" * 80), rules=usual) == []
    assert len(problems_of(row(description="x" * 81), rules=usual)) == 1
    assert problems_of(row(description="x" * 11)) == [
        "line 2: description: 11 characters [too-long]"
    ]


def test_accounts():
    for text in [
        "DE89 3704 0044 0532 0130 00",
        "no9386011117947",
        "MT84MALT011000012345MTLCAST001S345",
    ]:
        assert problems_of(row(account=text)) == []
    for text in ["DE89", "MT84" + "0" * 31, "8937 0400 4405 3201", "GB29-NWBK-6016-1331-9268-19"]:
        assert problems_of(row(account=text)) == [
            f"line 2: account: not an IBAN: '{text}' [bad-account]"
        ]


def test_warnings_and_errors():
    assert {code.value for code in Code if weight(code) == "warning"} == {
        "too-long",
        "bad-account",
        "wrong-sign",
    }


def test_strict_rules_know_no_warnings():
    strict = Rules(date(2020, 1, 1), date(2024, 3, 4), max_description=10, strict=True)
    assert weight(Code.TOO_LONG, True) == "error"
    assert Checker(strict).check(row(account="?")) is None


def test_an_export_with_every_kind_of_error(write):
    path = write(
        "f.csv",
        HEADER
        + "dp_0001,chargeback,USD,2024-02-01,-5.00,,\n"
        + ",dispute,USD,2024-02-01,-5.00,,\n"
        + "dp_0002,dispute,USD,2024-02-01,five,,\n"
        + "dp_0003,dispute,USD,01.02.2024,-5.00,,\n"
        + "dp_0001,dispute,USD,2024-02-01,-5.00,,\n"
        + "\n"
        + "dp_0005,dispute,dollar,2024-02-01,-5.00,,\n"
        + "dp_0006,disput,USD,2024-02-01,-5.00,,\n"
        + 'dp_0007,dispute,USD,2024-02-01,-5.00,"two\nlines",\n'
        + "dp_0008,dispute,USD,2025-02-01,-5.00,,X\n",
    )
    outcome = check_file(path, RULES)
    assert [(item.line, item.column, item.code.value) for item in outcome.problems] == [
        (3, "id", "missing"),
        (4, "amount", "not-a-number"),
        (5, "date", "bad-date"),
        (6, "id", "duplicate"),
        (8, "currency", "bad-currency"),
        (9, "transaction_type", "unknown-type"),
        (12, "date", "not-in-period"),
        (12, "account", "bad-account"),
    ]
    assert (outcome.rows, outcome.valid, outcome.errors) == (9, 2, 7)


def test_an_export_without_problems(write):
    path = write("f.csv", HEADER + "dp_0001,dispute,USD,2024-02-01,-5.00,,\n")
    assert check_file(path, RULES) == Outcome(1, 1, (), 0, 0)


def test_only_the_first_problems_are_kept(write):
    path = write("f.csv", HEADER + "x,fee,USD,2024-02-01,-1,,\n" * 3)
    assert len(check_file(write("g.csv", HEADER + "?,fee,,,,,\n" * 30), RULES).problems) == 100
    outcome = check_file(path, RULES, 4)
    assert [item.line for item in outcome.problems] == [2, 3, 3, 4]
    assert (outcome.rows, outcome.problem_count, outcome.errors) == (3, 5, 5)


def test_valid_payments_are_read_in_file_order(write):
    path = write(
        "f.csv",
        HEADER
        + "po_0002,fee,USD,2024-02-01,-1,,\n?,fee,USD,2024-02-01,-1,,\npo_0001,fee,USD,2024-02-01,-1,,\n",
    )
    assert [payment.id for payment in read_payments(path, Checker(RULES))] == ["po_0002", "po_0001"]
