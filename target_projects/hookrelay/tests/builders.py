"""Plain objects for tests; every test names only what matters to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hookrelay.attempts import Attempt, AttemptLog
from hookrelay.backoff import RetryPolicy
from hookrelay.deliveries import DeliveryQueue
from hookrelay.endpoints import Endpoint, EndpointBook, EndpointState, Secret
from hookrelay.errors import TransportFault
from hookrelay.events import Event
from hookrelay.money import Amount
from hookrelay.pacing import Dispatcher, SlidingWindow
from hookrelay.settings import Settings
from hookrelay.transport import Response
from hookrelay.worker import Worker

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
SECRET = "whsec_0123456789ghijklabcdef"
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
POLICY = RetryPolicy(base=SECOND, factor=2, cap=HOUR, jitter=0.5, give_up=3 * DAY)

SETTINGS = Settings(
    database=Path("unused.db"),
    future_tolerance=MINUTE,
    workers=2,
    timeout=10 * SECOND,
    lease=MINUTE,
    retry=POLICY,
    per_window=100,
    window=MINUTE,
    excerpt=20,
    read_limit=100,
    page=2,
    page_max=3,
    zone=UTC,
    alert_folder=Path("unused-alerts"),
    quiet=HOUR,
)


class FrozenClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, duration: timedelta) -> None:
        self.moment += duration


def make_settings(**changes):
    return replace(SETTINGS, **changes)


def make_event(number=1, merchant="orchard", **changes):
    fields = {
        "id": f"evt_{number:04d}",
        "merchant": merchant,
        "type": "payment.succeeded",
        "created": NOW,
        "amount": Amount("EUR", 1250),
        "reference": "Order 17",
    }
    return Event(**{**fields, **changes})


def make_endpoint(merchant="orchard", **changes):
    fields = {
        "id": f"{merchant}-main",
        "merchant": merchant,
        "url": f"https://hooks.{merchant}.example/in",
        "patterns": ("*",),
        "secrets": (Secret(SECRET),),
        "contact": f"it@{merchant}.example",
        "state": EndpointState.ACTIVE,
    }
    return Endpoint(**{**fields, **changes})


def make_record(**changes):
    record = {
        "id": "evt_0001",
        "type": "payment.succeeded",
        "merchant": "orchard",
        "created": "2024-03-01T08:00:00Z",
        "amount": "12.50",
        "currency": "EUR",
    }
    record.update(changes)
    return {name: value for name, value in record.items() if value is not None}


def make_queue(db, give_up=3 * DAY, lease=MINUTE):
    return DeliveryQueue(db, give_up, lease)


def store(db, *merchants, count=1, now=NOW):
    """Give each merchant an endpoint and `count` events; ids go on from what is there."""
    queue, book = make_queue(db), EndpointBook(db)
    number = db.execute("SELECT count(*) FROM events").fetchone()[0]
    for merchant in merchants:
        endpoint = make_endpoint(merchant)
        book.save(endpoint)
        for _ in range(count):
            number += 1
            queue.accept(make_event(number, merchant), [endpoint], now)
    return queue


def make_dispatcher(limit=100, window=MINUTE):
    return Dispatcher(SlidingWindow(window), limit)


class Script:
    """Answers with what it is given, the last one again and again; keeps the requests."""

    def __init__(self, *answers):
        self.answers = list(answers) or [200]
        self.requests = []

    def post(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else Response(answer)

    def hosts(self):
        return [request.url.split("/")[2] for request in self.requests]


def make_worker(db, clock, transport, dispatcher=None, random=lambda: 0.0, **changes):
    settings = make_settings(**changes)
    dispatcher = dispatcher or make_dispatcher()
    ticks = iter(range(10_000))
    timer = lambda: next(ticks) * 0.0125  # noqa: E731
    return Worker("ada", db, settings, dispatcher, transport, clock, random, timer)


def make_attempt(number=1, **changes):
    fields = {
        "delivery_id": 1,
        "event_id": "evt_0001",
        "endpoint_id": "orchard-main",
        "merchant": "orchard",
        "number": number,
        "at": NOW,
        "status": 200,
        "error": "",
        "excerpt": "",
        "latency_ms": 40,
    }
    return Attempt(**{**fields, **changes})


def log_attempts(db, *attempts):
    log = AttemptLog(db)
    for attempt in attempts:
        log.add(attempt)
    return log


TIMEOUT = TransportFault("timeout", "no answer within 10 s")
