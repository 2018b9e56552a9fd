"""Accounts payable checks one row of a payments export before it is booked."""

WHO = "a clerk in accounts payable"
SUBJECT = "Payment check"
DETAIL = "The file of the steps has a good row before the one in question."

CASES = {
    "a charge": ("pay_A100,charge,USD,2024-03-01,10.00",),
    "a refund": ("ref_A100,refund,USD,2024-03-01,-10.00",),
    "a refund with the wrong sign": ("ref_A100,refund,USD,2024-03-01,10.00",),
    "a payout": ("po_A100,payout,EUR,2024-03-01,(10.00)",),
    "a payout with the wrong sign": ("po_A100,withdrawal,EUR,2024-03-01,10.00",),
    "a charge-back": ("dp_A100,Charge-back,USD,2024-03-01,-10.00",),
    "a dispute with the wrong sign": ("dp_A100,dispute,USD,2024-03-01,10.00",),
    "a fee": ("adj_A100,fee,USD,2024-03-01,-1.00",),
    "a fee with the wrong sign": ("adj_A100,fee,USD,2024-03-01,1.00",),
    "a fee of nothing": ("adj_A100,fee,USD,2024-03-01,0",),
    "a charge with the wrong sign": ("pay_A100,payment,USD,2024-03-01,-10.00",),
    "a correction": ("adj_A100,CORRECTION,USD,2024-03-01,-10.00",),
    "a top-up": ("adj_A100,Top Up,USD,2024-03-01,10.00",),
    "a transfer": ("adj_A100,transfer,USD,2024-03-01,10.00",),
    "an unknown type": ("adj_A100,gift,USD,2024-03-01,10.00",),
    "an id with a part number": ("pay_A100-12,charge,USD,2024-03-01,10.00",),
    "an id with three figures behind": ("pay_A100-123,charge,USD,2024-03-01,10.00",),
    "an id with one figure behind": ("pay_A100-1,charge,USD,2024-03-01,10.00",),
    "an id of four characters": ("pay_a1Z9,charge,USD,2024-03-01,10.00",),
    "an id that is too short": ("pay_A10,charge,USD,2024-03-01,10.00",),
    "an id of twenty characters": ("pay_12345678901234567890,charge,USD,2024-03-01,10.00",),
    "an amount of yen with decimals": ("adj_A100,adjustment,JPY,2024-03-01,10.5",),
    "house units": ("adj_A100,adjustment,PTS2,2024-03-01,10.5",),
    "a currency sign": ("adj_A100,adjustment,$,2024-03-01,10.5",),
    "the first day of the books": ("adj_A100,adjustment,USD,2020-01-01,1",),
    "the day before the books": ("adj_A100,adjustment,USD,2019-12-31,1",),
    "today": ("adj_A100,adjustment,USD,2024-03-04,1",),
    "tomorrow": ("adj_A100,adjustment,USD,2024-03-05,1",),
    "no id": (",adjustment,USD,2024-03-01,1",),
    "no type": ("adj_A100,,USD,2024-03-01,1",),
    "no currency": ("adj_A100,adjustment,,2024-03-01,1",),
    "no date": ("adj_A100,adjustment,USD,,1",),
    "no amount": ("adj_A100,adjustment,USD,2024-03-01,",),
    "too many cells": ("adj_A100,adjustment,USD,2024-03-01,1,,,",),
    "a description of ten characters": ("adj_A100,adjustment,USD,2024-03-01,1,0123456789",),
    "a longer description": ("adj_A100,adjustment,USD,2024-03-01,1,01234567890",),
    "an account with spaces": ("adj_A100,adjustment,USD,2024-03-01,1,,DE89 3704 0044 0532 0130 00",),
    "an account in small letters": ("adj_A100,adjustment,USD,2024-03-01,1,,no9386011117947",),
    "the longest account": ("adj_A100,fee,USD,2024-03-01,-1,,MT84MALT011000012345MTLCAST001S345",),
    "an account that is too short": ("adj_A100,adjustment,USD,2024-03-01,1,,DE89",),
    "a second use of an id": ("adj_0001,adjustment,USD,2024-03-01,1",),
}


def journey(row):
    from datetime import date
    from pathlib import Path
    from ledgerlines.validation import Checker, Rules, check_file, read_payments

    header = "id,type,ccy,booked,value,description,account\n"
    first = "adj_0001,adjustment,USD,2024-02-01,5,\n\n"
    Path("payments.csv").write_text(header + first + row + "\n", encoding="utf-8")
    rules = Rules(date(2020, 1, 1), date(2024, 3, 4), max_description=10)
    for payment in read_payments(Path("payments.csv"), Checker(rules)):
        print(payment)
    outcome = check_file(Path("payments.csv"), rules, 1)
    print(outcome.rows, outcome.valid, outcome.problem_count, outcome.errors)
    print(*outcome.problems, sep="\n")
