"""A program of ours reads a record that another one has written."""

WHO = "a developer of another program"
SUBJECT = "Record of a payment"
DETAIL = "The record of the steps is for 12.50 euros."

CASES = {
    "an ordinary record": ({}, "refuse"),
    "an amount in one text": ({"amount": "EUR 12.50"}, "refuse"),
    "an amount in yen": ({"amount": {"amount": "1250", "currency": "JPY"}}, "refuse"),
    "an amount that is a number": ({"amount": {"amount": 12.5, "currency": "EUR"}}, "refuse"),
    "an amount without a currency": ({"amount": {"amount": "12.50"}}, "refuse"),
    "an amount without a number": ({"amount": {"currency": "EUR"}}, "refuse"),
    "an amount with another field": ({"amount": {"amount": "5", "currency": "EUR", "tax": "1"}}, "refuse"),
    "an amount with another field that is ignored": ({"amount": {"amount": "5", "currency": "EUR", "tax": "1"}}, "ignore"),
    "an unknown field": ({"zip": 1, "age": 2}, "refuse"),
    "an unknown field that is ignored": ({"zip": 1, "age": 2}, "ignore"),
    "an unknown field of the card": ({"card": {"token": "t", "brand": "visa", "pin": 1}}, "refuse"),
    "an unknown field of the card that is ignored": ({"card": {"token": "t", "brand": "visa", "pin": 1}}, "ignore"),
    "a card without its digits": ({"card": {"token": "t", "brand": "visa"}}, "refuse"),
    "a card without a token": ({"card": {"brand": "visa"}}, "refuse"),
    "a card that is a list": ({"card": ["t"]}, "refuse"),
    "an unknown status": ({"status": "lost"}, "refuse"),
    "a failed payment": ({"status": "failed", "decline_reason": "lost_card"}, "refuse"),
    "a reason that is null": ({"decline_reason": None}, "refuse"),
    "a reason that is a number": ({"decline_reason": 5}, "refuse"),
    "a refunded payment": ({"status": "refunded"}, "refuse"),
    "a merchant that is null": ({"merchant": None}, "refuse"),
    "a moment in another zone": ({"created_at": "2024-03-05T13:30:00.25+01:00"}, "refuse"),
    "a moment without a zone": ({"created_at": "2024-03-05T12:00:00"}, "refuse"),
    "a moment that is none": ({"created_at": "noon"}, "refuse"),
    "a moment that is a number": ({"created_at": 1709640000}, "refuse"),
    "a refund": ({"refunds": [{"id": "ref_1", "amount": "EUR 4", "fee": "EUR 0.09", "created_at": "2024-03-05T12:00:00Z"}]}, "refuse"),
    "a refund that has ended": ({"refunds": [{"id": "ref_1", "amount": "EUR 4", "fee": "EUR 0", "created_at": "2024-03-05T12:00:00Z", "ended_at": "2024-03-05T12:00:00Z", "status": "succeeded"}]}, "refuse"),
    "a refund that has failed": ({"status": "partly_refunded", "refunds": [{"id": "ref_1", "amount": "EUR 4", "fee": "EUR 0", "created_at": "2024-03-05T12:00:00Z", "status": "failed"}]}, "refuse"),
    "a faulty refund": ({"refunds": [{"id": "ref_1", "amount": "EUR 4,0", "fee": "EUR 0", "created_at": "2024-03-05T12:00:00Z"}]}, "refuse"),
    "refunds in an object": ({"refunds": {}}, "refuse"),
    "a refund that is text": ({"refunds": ["ref_1"]}, "refuse"),
}


def journey(changes, unknown):
    import json
    from pathlib import Path

    from paylane.codecs import append_lines, from_json, read_json, read_lines, to_json, write_json
    from paylane.errors import CodecError
    from paylane.payments import Payment

    record = {"id": "pay_1", "merchant": "acme", "amount": {"amount": "12.50", "currency": "EUR"}, "fee": "EUR 0.61",
              "card": {"token": "tok_1", "brand": "visa", "last4": "4242"}, "status": "succeeded",
              "created_at": "2024-03-05T12:00:00Z", "descriptor": "Kraków"}
    payment = from_json(Payment, json.dumps({**record, **changes}, ensure_ascii=False), unknown)
    print(to_json(payment))
    print("refunded:", payment.refunded, "left:", payment.refundable, "reason:", payment.decline_reason)
    path = Path("new/folder/payment.json")
    for _ in range(2):
        write_json(payment, path)
    print(path.read_bytes(), read_json(Payment, path) == payment, [file.name for file in path.parent.iterdir()])
    lines = Path("other/payments.jsonl")
    print(append_lines([payment, payment], lines), append_lines([payment], lines))
    lines.write_text(lines.read_text(encoding="utf-8") + "\n  \n", encoding="utf-8")
    print(len(list(read_lines(Payment, lines))))
    lines.write_text("\n" + json.dumps({**record, "fee": 5}), encoding="utf-8")
    try:
        print(list(read_lines(Payment, lines)))
    except CodecError as problem:
        print(problem)
