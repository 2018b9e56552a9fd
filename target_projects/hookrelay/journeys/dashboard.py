"""A merchant opens the dashboard and looks for the attempts of the morning."""

WHO = "a developer at a merchant"
SUBJECT = "History in the dashboard"
DETAIL = "The database of the steps holds three deliveries of one merchant."

CASES = {
    "the health page": ("GET /v1/health", {}),
    "the head of the health page": ("HEAD /v1/health", {}),
    "a page that is not there": ("GET /v1/healthy", {}),
    "a page above the root": ("GET /v2/v1/health", {}),
    "a method that is not there": ("DELETE /v1/health", {}),
    "attempts": ("GET /v1/merchants/orchard/attempts", {}),
    "attempts with a slash at the end": ("GET /v1/merchants/Orchard/attempts/", {}),
    "attempts of somebody else": ("GET /v1/merchants/kiosk/attempts", {}),
    "attempts of nobody": ("GET /v1/merchants/nobody/attempts", {}),
    "attempts of an impossible merchant": ("GET /v1/merchants/9/attempts", {}),
    "one attempt a page": ("GET /v1/merchants/orchard/attempts?limit=1", {}),
    "all attempts on one page": ("GET /v1/merchants/orchard/attempts?limit=7", {}),
    "all attempts but one": ("GET /v1/merchants/orchard/attempts?limit=6", {}),
    "no attempt a page": ("GET /v1/merchants/orchard/attempts?limit=0", {}),
    "many attempts a page": ("GET /v1/merchants/orchard/attempts?limit=many", {}),
    "pages of two": ("GET /v1/merchants/orchard/attempts", {"PAGE": "2"}),
    "pages of three at most": ("GET /v1/merchants/orchard/attempts?limit=5", {"PAGE": "2", "PAGE_MAX": "3"}),
    "the limit twice": ("GET /v1/merchants/orchard/attempts?limit=1&limit=2", {}),
    "an empty filter": ("GET /v1/merchants/orchard/attempts?event=&status=", {}),
    "an unknown filter": ("GET /v1/merchants/orchard/attempts?colour=red", {}),
    "successes": ("GET /v1/merchants/orchard/attempts?outcome=success", {}),
    "failures": ("GET /v1/merchants/orchard/attempts?outcome=FAILURE", {}),
    "no answers": ("GET /v1/merchants/orchard/attempts?outcome=no_answer", {}),
    "good attempts": ("GET /v1/merchants/orchard/attempts?outcome=good", {}),
    "one status": ("GET /v1/merchants/orchard/attempts?status=404", {}),
    "a class of status": ("GET /v1/merchants/orchard/attempts?status=2xx", {}),
    "a class in capitals": ("GET /v1/merchants/orchard/attempts?status=%205XX", {}),
    "a status that is none": ("GET /v1/merchants/orchard/attempts?status=4x", {}),
    "a status of six hundred": ("GET /v1/merchants/orchard/attempts?status=600", {}),
    "one event": ("GET /v1/merchants/orchard/attempts?event=evt_0002", {}),
    "one endpoint": ("GET /v1/merchants/orchard/attempts?endpoint=%20Orchard-Main%20&event=%20evt_0001%20", {}),
    "another endpoint": ("GET /v1/merchants/orchard/attempts?endpoint=second", {}),
    "attempts since a moment": ("GET /v1/merchants/orchard/attempts?since=2024-03-01T08:00:03Z", {}),
    "attempts until a moment": ("GET /v1/merchants/orchard/attempts?until=2024-03-01T08:00:03Z", {}),
    "attempts since a day": ("GET /v1/merchants/orchard/attempts?since=2024-03-02", {}),
    "attempts since today": ("GET /v1/merchants/orchard/attempts?since=2024-03-01", {}),
    "attempts since Monday": ("GET /v1/merchants/orchard/attempts?since=monday", {}),
    "attempts since a moment without a zone": ("GET /v1/merchants/orchard/attempts?since=2024-03-01T08:00:00", {}),
    "several filters": ("GET /v1/merchants/orchard/attempts?outcome=failure&status=5xx&limit=2", {}),
    "a cursor of somebody else": ("GET /v1/merchants/orchard/attempts?cursor=abc", {}),
    "a cursor that is made up": ("GET /v1/merchants/orchard/attempts?cursor=WzNd", {}),
    "a delivery": ("GET /v1/merchants/orchard/deliveries/1", {}),
    "a delivery that failed": ("GET /v1/merchants/orchard/deliveries/2", {}),
    "a delivery of somebody else": ("GET /v1/merchants/kiosk/deliveries/1", {}),
    "a delivery that is not there": ("GET /v1/merchants/orchard/deliveries/7", {}),
    "a delivery without a number": ("GET /v1/merchants/orchard/deliveries/x", {}),
    "a delivery with a huge number": ("GET /v1/merchants/orchard/deliveries/9999999999999999999", {}),
    "a new start of a failed delivery": ("POST /v1/merchants/orchard/deliveries/2/retry", {}),
    "a new start of a cancelled delivery": ("POST /v1/merchants/orchard/deliveries/3/retry", {}),
    "a new start of a pending delivery": ("POST /v1/merchants/orchard/deliveries/1/retry", {}),
    "a new start of somebody else's delivery": ("POST /v1/merchants/kiosk/deliveries/2/retry", {}),
    "a new attempt without a proper request": ("GET /v1/merchants/orchard/deliveries/2/retry", {}),
}


def journey(line, environ):
    import json
    from datetime import timedelta

    from hookrelay.attempts import Attempt, AttemptLog
    from hookrelay.dashboard import Dashboard
    from hookrelay.deliveries import DeliveryQueue
    from hookrelay.endpoints import EndpointBook, parse_endpoint
    from hookrelay.events import parse_event
    from hookrelay.moments import parse_moment
    from hookrelay.settings import load_settings
    from hookrelay.storage import connect

    class Clock:
        moment = parse_moment("2024-03-01T08:00:00Z")

        def __call__(self):
            return self.moment

        def forward(self, duration):
            self.moment += duration

    settings = load_settings(environ={f"HOOKRELAY_DASHBOARD_{key}": value for key, value in environ.items()})
    db, clock = connect(":memory:"), Clock()
    log, queue = AttemptLog(db), DeliveryQueue(db, settings.retry.give_up, settings.lease)
    endpoint = parse_endpoint({"id": "orchard-main", "merchant": "orchard", "url": "https://shop.example",
                               "secret": "whsec_0123456789abcdef", "contact": "it@shop.example"})
    EndpointBook(db).save(endpoint)
    for number in (1, 2, 3):
        event = parse_event({"id": f"evt_000{number}", "type": "payout.paid", "merchant": "orchard", "amount": "5",
                             "currency": "JPY", "created": "2024-03-01T08:00:00Z"}, clock())
        queue.accept(event, [endpoint], clock())
    first, second, third = (queue.claim("orchard", "ada", clock()) for _ in range(3))
    queue.fail(second, "status 500")
    queue.reschedule(third, clock(), "status 500")
    queue.cancel_waiting("orchard-main", "gone")
    queue.reschedule(first, clock() + timedelta(minutes=1), "status 404")
    for number, status in enumerate((404, 500, 200, 299, None, 300, 503)):
        log.add(Attempt(1 + number % 2, f"evt_000{1 + number % 2}", "second" if number == 3 else "orchard-main",
                        "orchard", 1 + number // 2, clock() + timedelta(seconds=number), status,
                        "" if status else "timeout: x", "Łódź", 40 + number))
    method, _, address = line.partition(" ")
    path, _, query = address.partition("?")
    for _ in range(4):
        body = b"".join(Dashboard(db, settings, clock)(
            {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}, print))
        content = json.loads(body) if body else {}
        print(*(content.get("items") or [content]), sep="\n")
        if not content.get("next_cursor"):
            break
        query = "&".join(part for part in query.split("&") if part and "cursor" not in part)
        query += f"&cursor={content['next_cursor']}"
