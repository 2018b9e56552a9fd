"""A merchant's endpoint is configured, and configured again a day later."""

WHO = "a developer at a merchant"
SUBJECT = "Configuration of an endpoint"
DETAIL = "The steps read the same file twice before it is changed."

CASES = {
    "a plain endpoint": ({}, {}),
    "another contact": ({}, {"contact": "new@orchard.example"}),
    "another address": ({}, {"url": "https://new.orchard.example/"}),
    "another secret": ({}, {"secret": "whsec_ffffffffffffffff"}),
    "another merchant": ({}, {"merchant": "kiosk"}),
    "a pause": ({}, {"paused": True}),
    "the end of a pause": ({"paused": True}, {}),
    "a pause that is none": ({"paused": False}, {}),
    "two patterns": ({"events": ["Payment.*", "refund.created"]}, {"events": ["refund.created", "payment.*"]}),
    "a pattern twice": ({"events": ["payment.*", " PAYMENT.* "]}, {}),
    "everything": ({"events": ["*"]}, {}),
    "no patterns": ({"events": []}, {}),
    "a pattern without a list": ({"events": "payment.*"}, {}),
    "a family alone": ({"events": ["payment"]}, {}),
    "a star in front": ({"events": ["*.failed"]}, {}),
    "a pattern that fits nothing": ({"events": ["invoice.*"]}, {}),
    "a type that is not sent": ({"events": ["charge.failed"]}, {}),
    "an id in capitals": ({"id": " Orchard_2 "}, {}),
    "an id of two letters": ({"id": "ab"}, {}),
    "an id of three letters": ({"id": "abc"}, {}),
    "an id of forty letters": ({"id": "a" * 40}, {}),
    "an id of forty-one letters": ({"id": "a" * 41}, {}),
    "an id with a hyphen in front": ({"id": "-abc"}, {}),
    "a missing id": ({"id": None}, {}),
    "a missing contact": ({"contact": None}, {}),
    "a missing secret": ({"secret": None}, {}),
    "a secret that is a number": ({"secret": 5}, {}),
    "a short secret": ({"secret": "whsec_" + "a" * 15}, {}),
    "the longest secret": ({"secret": " whsec_" + "a" * 64}, {}),
    "too long a secret": ({"secret": "whsec_" + "a" * 65}, {}),
    "unknown keys": ({"colour": 1, "age": 2}, {}),
    "a contact without a top level": ({"contact": "it@orchard"}, {}),
    "two contacts": ({"contact": "a@b.co, c@d.co"}, {}),
    "a contact with blanks around it": ({"contact": " it+hooks@a-b.CO.uk "}, {}),
    "a merchant that is none": ({"merchant": "?"}, {}),
    "an address in capitals": ({"url": " HTTPS://Hooks.Shop.Example/In?A=1#top "}, {}),
    "an address without a path": ({"url": "https://shop.example"}, {"url": "https://shop.example/"}),
    "the usual port": ({"url": "https://shop.example:443/in"}, {"url": "https://shop.example/in"}),
    "another port": ({"url": "https://shop.example:8443/in"}, {}),
    "a dot at the end of the host": ({"url": "https://shop.example./in"}, {}),
    "an address without encryption": ({"url": "http://shop.example/"}, {}),
    "an address without a scheme": ({"url": "shop.example/in"}, {}),
    "a user in the address": ({"url": "https://ana@shop.example/"}, {}),
    "a password in the address": ({"url": "https://ana:pw@shop.example/"}, {}),
    "a host of two letters": ({"url": "https://ab.co/in"}, {}),
    "hosts with digits": ({"url": "https://3d.a12b.9-b.co/in"}, {}),
    "a blank behind the address": ({"url": "https://shop.example/in "}, {}),
    "no host": ({"url": "https:///in"}, {}),
    "a numeric host": ({"url": "https://10.0.0.1/in"}, {}),
    "this machine": ({"url": "https://localhost/in"}, {}),
    "an internal host": ({"url": "https://vault.internal/in"}, {}),
    "a local host": ({"url": "https://printer.LOCAL/in"}, {}),
    "a subdomain of this machine": ({"url": "https://x.localhost/in"}, {}),
    "a port that is none": ({"url": "https://shop.example:99999/"}, {}),
    "a host with a hyphen in front": ({"url": "https://-shop.example/"}, {}),
    "a host with an umlaut in the path": ({"url": "https://shop.example/straße"}, {}),
}


def journey(first, second):
    import json
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from hookrelay.endpoints import EndpointBook, EndpointState, read_endpoints
    from hookrelay.storage import connect

    book, now = EndpointBook(connect(":memory:")), datetime(2024, 3, 1, 8, tzinfo=UTC)
    plain = {"id": "orchard-main", "merchant": "orchard", "url": "https://hooks.orchard.example/in",
             "secret": "whsec_0123456789abcdef", "contact": "it@orchard.example"}
    for changes in (first, first, second):
        text = json.dumps({"endpoints": [{**plain, **changes}]}, ensure_ascii=False)
        Path("endpoints.json").write_text(text, encoding="utf-8")
        (endpoint,) = read_endpoints(Path("endpoints.json"))
        print(book.configure(endpoint), *vars(book.get(endpoint.id)).values())
    book.rotate(endpoint.id, "whsec_NNNNNNNNNNNNNNNN", now, timedelta(days=1))
    book.rotate(endpoint.id, "whsec_MMMMMMMMMMMMMMMM", now + timedelta(hours=12), timedelta(days=1))
    for hours in (0, 23, 24, 35, 36):
        print(hours, book.get(endpoint.id).signing_secrets(now + timedelta(hours=hours)))
    book.set_state(endpoint.id, EndpointState.DISABLED)
    print(book.configure(endpoint), book.get(endpoint.id).state)
