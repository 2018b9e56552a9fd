"""The processor has a bad day while charges are made or settled."""

WHO = "a developer of a shop"
SUBJECT = "Odd answers of the processor"
DETAIL = "The processor of the steps is a function of a few lines."

CASES = {
    "a clear answer": ("charge", ["A00"]),
    "an answer in small letters": ("charge", [" d05 "]),
    "several answers": ("charge", ["A10", "D51", "P01", "E96"]),
    "no answer": ("charge", ["TimeoutError"]),
    "a line that breaks": ("charge", ["ConnectionResetError"]),
    "a desk that may not ask": ("charge", ["PermissionError"]),
    "a code nobody knows": ("charge", ["Z99"]),
    "a processor that is down": ("charge", [(503, "")]),
    "a processor with an error": ("charge", [(500, "")]),
    "a processor behind a bad gateway": ("charge", [(502, "")]),
    "an answer that was created": ("charge", [(201, "{}")]),
    "an answer without anything": ("charge", [(200, "")]),
    "an answer that is a page": ("charge", [(200, "<html>")]),
    "an answer that is a list": ("charge", [(200, "[]")]),
    "an answer that is null": ("charge", [(200, "null")]),
    "an answer without a code": ("charge", [(200, '{"reference": "ch_0002"}')]),
    "an answer without a reference": ("charge", [(200, '{"code": "A00"}')]),
    "an answer with umlauts": ("charge", [(200, '{"code": "A00", "reference": "ch_0002", "text": "für Łódź"}')]),
    "an answer about another charge": ("charge", [(200, '{"code": "A00", "reference": "ch_0009"}')]),
    "charges that are all settled": ("settle", ["A00", "D54", "A10"]),
    "nothing to be settled": ("settle", []),
    "charges of which some stay pending": ("settle", ["P01", "A00", "P02"]),
    "an odd answer while settling": ("settle", ["A00", (200, "?"), "D05", "Z99", "A00"]),
    "no answer while settling": ("settle", ["A00", "TimeoutError", "A00", "A00"]),
    "a bank that is away while settling": ("settle", ["E91", "A00"]),
}


def journey(operation, answers):
    import builtins
    import itertools
    import json
    from datetime import datetime, timezone
    from restdesk.desk import Desk
    from restdesk.errors import ApiError
    from restdesk.processor import Processor, load_codes
    from restdesk.settings import load
    from restdesk.storage import Store, connect

    def transport(message):
        print(message)
        answer = left.pop(0)
        if isinstance(answer, tuple):
            return answer[0], answer[1].encode()
        if answer.endswith("Error"):
            raise getattr(builtins, answer)("no answer")
        return 200, json.dumps({"code": answer, "reference": message["reference"]}).encode()

    settings, numbers, left = load(environ={}), itertools.count(1), list(answers)
    processor = Processor(transport, load_codes()["codes"], settings.processor_retry_after)
    moments = (datetime(2024, 3, 1, 9, second, tzinfo=timezone.utc) for second in range(60))
    desk = Desk(Store(connect(":memory:")), processor, settings, lambda: next(moments), lambda prefix: f"{prefix}_{next(numbers):04d}")
    desk.create_customer({"name": "Ana", "email": "ana@example.com"})
    left[:0] = ["P01"] * len(answers) if operation == "settle" else []
    for number in range(len(answers)):
        try:
            print(desk.charge({"customer": "cus_0001", "amount": 1000 + number, "currency": "usd"}))
        except ApiError as error:
            print(error.status, error.body("req_1"), error.headers())
    if operation == "settle":
        print(desk.settle())
    for number in range(len(answers)):
        charge = desk.store.charge(f"ch_{number + 2:04d}")
        print(charge.id, charge.status, charge.code, charge.fee, charge.net, charge.updated, charge.version)
