"""Merchants of all sizes have events waiting; operations watch in which order they are served."""

WHO = "the owner of a small shop"
SUBJECT = "Order of deliveries"
DETAIL = "There is one worker in the steps, so the order can be told."

CASES = {
    "one merchant": ({"orchard": 3}, 60, "", []),
    "two merchants": ({"orchard": 3, "kiosk": 3}, 60, "", []),
    "a large one and a small one": ({"mart": 12, "kiosk": 2}, 60, "", []),
    "three of different sizes": ({"zoo": 5, "apex": 1, "mart": 3}, 60, "", []),
    "a merchant that was served a moment ago": ({"apex": 2, "kiosk": 2, "mart": 2}, 60, "kiosk", []),
    "a last merchant that was served a moment ago": ({"apex": 2, "kiosk": 2}, 60, "kiosk", []),
    "a merchant that was served and has nothing now": ({"apex": 2, "mart": 2}, 60, "kiosk", []),
    "a limit of one": ({"apex": 2, "kiosk": 2}, 1, "", []),
    "a limit of two": ({"apex": 5, "kiosk": 2}, 2, "", []),
    "a limit that is not reached": ({"apex": 2, "kiosk": 2}, 3, "", []),
    "requests before a restart": ({"apex": 2, "kiosk": 1}, 2, "", [("apex", 50), ("apex", 10)]),
    "a request a minute ago": ({"apex": 2}, 1, "", [("apex", 60)]),
    "a request less than a minute ago": ({"apex": 2}, 1, "", [("apex", 59)]),
    "a merchant with a hyphen": ({"relay-canary": 4, "kiosk": 4}, 2, "", []),
    "nothing to do": ({}, 60, "", []),
}


def journey(waiting, limit, served, before):
    from datetime import timedelta

    from hookrelay.deliveries import DeliveryQueue
    from hookrelay.endpoints import EndpointBook, parse_endpoint
    from hookrelay.events import parse_event
    from hookrelay.moments import parse_duration, parse_moment, to_text
    from hookrelay.pacing import Dispatcher, RoundRobin, SlidingWindow
    from hookrelay.settings import load_settings
    from hookrelay.storage import connect

    class Clock:
        moment = parse_moment("2024-03-01T08:00:00Z")

        def __call__(self):
            return self.moment

        def forward(self, duration):
            self.moment += duration

    settings = load_settings(environ={"HOOKRELAY_LIMITS_PER_WINDOW": str(limit)})
    db, clock = connect(":memory:"), Clock()
    queue, book = DeliveryQueue(db, settings.retry.give_up, settings.lease), EndpointBook(db)
    for merchant, count in waiting.items():
        book.save(parse_endpoint({"id": f"{merchant}-main", "merchant": merchant, "url": "https://shop.example",
                                  "secret": "whsec_0123456789abcdef", "contact": "it@shop.example"}))
        for number in range(count):
            event = parse_event({"id": f"evt_{merchant.replace('-', '')}{number}", "type": "customer.updated",
                                 "merchant": merchant, "created": "2024-03-01T08:00:00Z"}, clock())
            queue.accept(event, book.subscribed(event), clock())
    dispatcher = Dispatcher(SlidingWindow(settings.window), settings.per_window)
    dispatcher.remember((merchant, clock() - timedelta(seconds=ago)) for merchant, ago in before)
    dispatcher.rotation.served(served)
    for wait in ("0s", "30s", "29s", "1s", "60s"):
        clock.forward(parse_duration(wait))
        order = []
        while (delivery := dispatcher.next(queue, "ada", clock())) is not None:
            order.append(delivery.event_id)
            queue.succeed(delivery)
        print("after", wait, order, dispatcher.postponed, "put off")
    for merchant in waiting:
        print(merchant, to_text(dispatcher.window.free_at(merchant, 1, clock())))
    turns = RoundRobin()
    turns.served(served or "kiosk")
    print(turns.order(["mart", *waiting, "apex"]))
