"""Events go out while the merchant's endpoint answers this and that."""

WHO = "a developer at a merchant"
SUBJECT = "What becomes of a delivery"
DETAIL = "The endpoint of the steps is played by a class of a few lines."

CASES = {
    "an endpoint that is well": (2, [200], ["0s"], {}),
    "a failure and a success": (1, [500, 200], ["0s", "1s"], {}),
    "a failure, asked a moment too early": (1, [500, 200], ["0s", "999ms"], {}),
    "three failures": (1, [500, 404, 302, 200], ["0s", "1s", "2s", "4s"], {}),
    "no answer in time": (1, ["timeout", 200], ["0s", "1s"], {}),
    "a busy endpoint": (1, [429, 200], ["0s", "89s", "1s"], {}),
    "an endpoint that is gone": (3, [410, 200], ["0s", "1h"], {}),
    "an endpoint that is gone after a success": (3, [200, 410], ["0s", "1h"], {}),
    "an endpoint that is down for three days": (1, [500], ["0s", "71h", "1h", "1h"], {}),
    "two events to an endpoint that is down for three days": (2, [500], ["0s", "72h", "2h"], {}),
    "one alert for each failure": (2, [500], ["0s", "72h", "1s"], {"ALERTS_QUIET": "0s"}),
    "a quiet hour": (2, [500], ["71h", "1h", "61m"], {"ALERTS_QUIET": "1h"}),
    "an hour before giving up": (1, [500], ["0s", "59m", "1m"], {"RETRY_GIVE_UP": "1h"}),
    "a limit of two": (5, [200], ["0s", "59s", "1s", "1m"], {"LIMITS_PER_WINDOW": "2"}),
    "a limit of two in ten seconds": (5, [200], ["0s", "10s", "9s", "1s"], {"LIMITS_PER_WINDOW": "2", "LIMITS_WINDOW": "10s"}),
    "a limit that is reached by failures": (2, [500], ["0s", "1s", "2s", "60s"], {"LIMITS_PER_WINDOW": "3"}),
    "a short excerpt": (1, [201], ["0s"], {"LOG_EXCERPT": "5"}),
    "no excerpt": (1, [201], ["0s"], {"LOG_EXCERPT": "0"}),
    "an excerpt that just fits": (1, [201], ["0s"], {"LOG_EXCERPT": "12"}),
}


def journey(events, answers, waits, environ):
    from datetime import UTC
    from itertools import count
    from pathlib import Path

    from hookrelay.alerts import AlertBox
    from hookrelay.attempts import AttemptLog, show_attempt
    from hookrelay.dashboard import show_delivery
    from hookrelay.deliveries import DeliveryQueue
    from hookrelay.endpoints import EndpointBook, parse_endpoint
    from hookrelay.errors import TransportFault
    from hookrelay.events import parse_event
    from hookrelay.moments import parse_duration, parse_moment
    from hookrelay.settings import load_settings
    from hookrelay.storage import connect
    from hookrelay.transport import Response
    from hookrelay.worker import Worker, make_dispatcher

    class Endpoint:
        def post(self, request):
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if answer == "timeout":
                raise TransportFault("timeout", "no answer within 10 s")
            return Response(answer, "\tsome  café\r\n".encode())

    answers = list(answers)

    class Clock:
        moment = parse_moment("2024-03-01T08:00:00Z")

        def __call__(self):
            return self.moment

        def forward(self, duration):
            self.moment += duration

    settings = load_settings(environ={f"HOOKRELAY_{key}": value for key, value in environ.items()})
    db, clock, ticks = connect("var/relay.db"), Clock(), count()
    book, log = EndpointBook(db), AttemptLog(db)
    queue = DeliveryQueue(db, settings.retry.give_up, settings.lease)
    book.configure(parse_endpoint({"id": "orchard-main", "merchant": "orchard", "url": "https://orchard.example",
                                   "secret": "whsec_0123456789abcdef", "contact": "it@orchard.example"}))
    for number in range(1, events + 1):
        event = parse_event({"id": f"evt_{number:04d}", "type": "payment.succeeded", "merchant": "orchard",
                             "created": "2024-03-01T08:00:00Z", "amount": number, "currency": "EUR"}, clock())
        queue.accept(event, book.subscribed(event), clock())
    for wait in waits:
        clock.forward(parse_duration(wait))
        dispatcher = make_dispatcher(db, settings, clock)
        worker = Worker("ada", db, settings, dispatcher, Endpoint(), clock, lambda: 0.0, lambda: next(ticks) / 80)
        print("after", wait, dict(worker.drain()), dispatcher.postponed, "put off")
        print(*(show_delivery(queue.get(number)) for number in range(1, events + 1)), sep="\n")
    print(*(list(show_attempt(each).values()) for each in log.of_delivery(1)), sep="\n")
    box = AlertBox(db, settings.quiet)
    for path in box.write(Path("alerts"), UTC):
        print(path.as_posix(), path.read_text(encoding="utf-8"))
    print(book.get("orchard-main").state, len(box.waiting()))
