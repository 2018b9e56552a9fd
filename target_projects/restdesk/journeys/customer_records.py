"""A partner sends a customer to the API and looks at the answer."""

WHO = "a developer at a partner"
SUBJECT = "A customer that is sent to the API"
DETAIL = "The database of the steps is in memory."

CASES = {
    "a plain customer": ({},),
    "a name with odd blanks": ({"name": "  Orchard \n Farm "},),
    "a name of a hundred letters": ({"name": "a" * 100},),
    "a name of a hundred and one letters": ({"name": "a" * 101},),
    "a name of one letter": ({"name": "a"},),
    "an empty name": ({"name": "  "},),
    "a name that is a number": ({"name": 5},),
    "no name": ({"name": None},),
    "a name with an accent of its own": ({"name": "Cafe\u0301"},),
    "a name with a bell": ({"name": "Ana\x07"},),
    "a name with half a character": ({"name": "Ana \ud83d"},),
    "a name with a tab": ({"name": "Ana\tLima"},),
    "a Polish name": ({"name": "Łódź"},),
    "an address in capitals": ({"email": " Ana@EXAMPLE.Com "},),
    "an address with a plus": ({"email": "ana.lima+news@example.com"},),
    "an address of many characters": ({"email": "a!#$%&'*+/=?^_`{|}~-9.b!#$%&'*+/=?^_`{|}~-@ab.x9.De"},),
    "an address with digits and hyphens": ({"email": "ana.2.x9@my-shop.co-op.example"},),
    "an address of a long last part": ({"email": "ana@b4c." + "e" * 63},),
    "an address without a dot": ({"email": "ana@example"},),
    "an address without an at": ({"email": "ana.example.com"},),
    "an address with two ats": ({"email": "ana@bo@example.com"},),
    "an address with a blank": ({"email": "ana lima@example.com"},),
    "an address with two dots": ({"email": "ana..lima@example.com"},),
    "an address of the longest local part": ({"email": "a" * 64 + "@example.com"},),
    "an address of a longer local part": ({"email": "a" * 65 + "@example.com"},),
    "an address of 254 characters": ({"email": "a" * 62 + "@" + ("d" * 60 + ".") * 3 + "dddde.de"},),
    "an address of 255 characters": ({"email": "a" * 63 + "@" + ("d" * 60 + ".") * 3 + "dddde.de"},),
    "an address with a hyphen at the end": ({"email": "ana@example-.com"},),
    "an address that is a list": ({"email": ["ana@example.com"]},),
    "no address": ({"email": None},),
    "a blocked customer": ({"status": " Blocked "},),
    "an active customer": ({"status": "active"},),
    "a customer of another status": ({"status": "gone"},),
    "a status that is a number": ({"status": 1},),
    "a status of null": ({"status": None},),
    "a note of null": ({"note": None},),
    "an empty note": ({"note": " "},),
    "a note with blanks": ({"note": " two   words "},),
    "a long note": ({"note": "é" * 500},),
    "a note that is too long": ({"note": "é" * 501},),
    "a note that is a number": ({"note": 17},),
    "an unknown field": ({"zip": "1", "age": 5},),
}


def journey(changes):
    import itertools
    import json
    from datetime import datetime, timezone
    from restdesk.desk import Desk
    from restdesk.handlers import Call, find_route
    from restdesk.processor import open_processor
    from restdesk.settings import load
    from restdesk.storage import Store, connect
    from restdesk.wire import Request

    settings, numbers = load(environ={}), itertools.count(1)
    processor = open_processor("sandbox", settings.processor_timeout, settings.processor_retry_after)
    desk = Desk(Store(connect(":memory:")), processor, settings, lambda: datetime(2024, 3, 1, tzinfo=timezone.utc),
                lambda prefix: f"{prefix}_{next(numbers):04d}")
    body = json.dumps({"name": "Ana", "email": "ana@example.com", **changes}).encode()
    response = find_route("POST", "/v1/customers")[0].action(Call(desk, Request("POST", "/v1/customers", body=body)))
    line, headers, content = response.render()
    print(line, headers, content.decode(), sep="\n")
    print(desk.store.customer("cus_0001"))
