"""The reconciliation desk loads the transactions of a day."""

WHO = "a clerk at the reconciliation desk"
SUBJECT = "Transaction line"
DETAIL = "No file is needed for this: the line is read by itself."

CASES = {
    "a plain line": ("1001,49.99,1.50",),
    "an amount of exactly zero": ("1001,0.00,0.30",),
    "an amount without cents": ("1001,120,3.60",),
    "a fee of nothing": ("1001,5.00,0",),
    "a negative fee": ("1001,5.00,-0.01",),
    "money going out": ("1001,-20.00,0.30",),
    "an amount in brackets": ("1001,(20.00),0.30",),
    "brackets and a sign": ("1001,(-20.00),0.30",),
    "an amount with a plus": ("1001,+2.50,0.10",),
    "an amount below one dollar": ("1001,.75,0.10",),
    "an amount that ends with its point": ("1001,12.,0.10",),
    "an amount with apostrophes": ("1001,1'234'567.50,0.10",),
    "ten thousand with an apostrophe": ("1001,12'345.50,0.10",),
    "a hundred thousand with an apostrophe": ("1001,123'456.50,0.10",),
    "zeros after the cents": ("1001,10.500,0.10",),
    "tenths of a cent": ("1001,10.505,0.10",),
    "a point and no figures": ("1001,.,0.10",),
    "an id of the old gateway": ("TXN-1001,49.99,1.50",),
    "an id with an underscore": ("txn_1001,49.99,1.50",),
    "an id of twelve figures": ("123456789012,49.99,1.50",),
    "an id of thirteen figures": ("1234567890123,49.99,1.50",),
    "spaces around the values": (" 1001 , 49.99 , 1.50 ",),
    "a line without a fee": ("1001,49.99",),
    "a line with a fourth value": ("1001,49.99,1.50,EUR",),
    "an empty id": (",49.99,1.50",),
}


def journey(line):
    from ledgerlines.records import format_line, parse_line

    transaction = parse_line(line)
    print(transaction, transaction.net)
    print(format_line(transaction))
