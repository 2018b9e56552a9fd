"""The payment services hand an event over; support looks up what is stored and who will get it."""

WHO = "a developer of a payment service"
SUBJECT = "Event that is handed over"
DETAIL = "Four endpoints of one merchant are set up in the steps, each for other events."

CASES = {
    "a payment": ({},),
    "a type in capitals": ({"type": " Payment.FAILED "},),
    "an authorized payment": ({"type": "payment.authorized"},),
    "a refund": ({"type": "refund.created"},),
    "a failed refund": ({"type": "refund.failed"},),
    "a dispute": ({"type": "dispute.opened"},),
    "a dispute that was won": ({"type": "dispute.won"},),
    "a dispute that was lost": ({"type": "dispute.lost"},),
    "a dispute that was lost, without an amount": ({"type": "dispute.lost", "amount": None},),
    "a payout": ({"type": "payout.paid"},),
    "a customer's new address": ({"type": "customer.updated", "amount": None},),
    "a customer's new address with an amount": ({"type": "customer.updated"},),
    "a ping": ({"type": "endpoint.ping", "amount": None},),
    "an unknown type": ({"type": "payment.lost"},),
    "no type": ({"type": None},),
    "no id": ({"id": ""},),
    "no id and no moment": ({"id": None, "created": None},),
    "no merchant": ({"merchant": None},),
    "a short id": ({"id": "evt_abc"},),
    "the shortest id": ({"id": "evt_aZ09"},),
    "the longest id": ({"id": "evt_" + "a" * 32},),
    "too long an id": ({"id": "evt_" + "a" * 33},),
    "an id of another kind": ({"id": "pay_1234"},),
    "blanks around the id": ({"id": " evt_0001 "},),
    "a merchant in capitals": ({"merchant": " Orchard "},),
    "a merchant of two letters": ({"merchant": "ab"},),
    "a merchant of one letter": ({"merchant": "a"},),
    "a merchant with a digit first": ({"merchant": "1a"},),
    "a merchant with an underscore": ({"merchant": "a_b"},),
    "a merchant of thirty letters": ({"merchant": "m" * 30},),
    "a merchant of thirty-one letters": ({"merchant": "m" * 31},),
    "a moment elsewhere": ({"created": "2024-03-01T13:30:00+05:30"},),
    "a moment five minutes ahead": ({"created": "2024-03-01T08:05:00Z"},),
    "a moment a second too far ahead": ({"created": "2024-03-01T08:05:01Z"},),
    "a moment without a zone": ({"created": "2024-03-01T08:00:00"},),
    "no amount": ({"amount": None},),
    "an amount of zero": ({"amount": 0},),
    "a negative amount": ({"amount": "-0.01"},),
    "no currency": ({"currency": None},),
    "too many decimals": ({"amount": "12.345"},),
    "a reference with letters of Poland": ({"reference": "  Łódź \n Nr 5 "},),
    "an authorized payment without an amount": ({"type": "payment.authorized", "amount": None, "currency": None},),
    "a failed payment without an amount": ({"type": "payment.failed", "amount": None, "currency": None},),
    "a created refund without an amount": ({"type": "refund.created", "amount": None, "currency": None},),
    "a failed refund without an amount": ({"type": "refund.failed", "amount": None, "currency": None},),
    "an opened dispute without an amount": ({"type": "dispute.opened", "amount": None, "currency": None},),
    "a dispute that was won without an amount": ({"type": "dispute.won", "amount": None, "currency": None},),
    "a paid payout without an amount": ({"type": "payout.paid", "amount": None, "currency": None},),
    "a customer without an amount": ({"type": "customer.updated", "amount": None, "currency": None},),
}


def journey(changes):
    from datetime import UTC, datetime

    from hookrelay.deliveries import DeliveryQueue
    from hookrelay.endpoints import EndpointBook, parse_endpoint
    from hookrelay.events import decode_body, parse_event
    from hookrelay.moments import parse_duration
    from hookrelay.storage import connect

    now, db = datetime(2024, 3, 1, 8, tzinfo=UTC), connect(":memory:")
    book, queue = EndpointBook(db), DeliveryQueue(db, parse_duration("72h"), parse_duration("2m"))
    for number, patterns in enumerate((["*"], ["payment.*"], ["refund.*", "payout.paid"], ["endpoint.ping"])):
        book.configure(parse_endpoint({
            "id": f"number-{number}", "merchant": "orchard", "url": "https://orchard.example",
            "events": patterns, "secret": "whsec_0123456789abcdef", "contact": "it@orchard.example",
        }))
    record = {"id": "evt_0001", "type": "payment.succeeded", "merchant": "orchard",
              "created": "2024-03-01T08:00:00Z", "amount": "12.50", "currency": "EUR", **changes}
    event = parse_event(record, now)
    print([endpoint.id for endpoint in book.subscribed(event)])
    print(queue.accept(event, book.subscribed(event), now), "deliveries")
    print(queue.accept(event, book.subscribed(event), now), "when it comes again")
    print(queue.body("evt_0001").decode("utf-8"))
    print(decode_body(queue.body("evt_0001")))
    print(queue.accept(parse_event({**record, "reference": "other"}, now), [], now))
