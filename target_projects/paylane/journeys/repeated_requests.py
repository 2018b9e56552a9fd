"""A client repeats its requests: after a time-out, a crash, a day, or with another payload."""

WHO = "a developer of a client program"
SUBJECT = "Repeated request"
DETAIL = "The card network is the sandbox, with troubles that the steps add."

CASES = {
    "the same request at once": ([("k1", {}, "0s"), ("k1", {}, "0s")], {}),
    "the same request in another spelling": ([("k1", {}, "0s"), (" k1 ", {"amount": "100", "merchant": " ACME"}, "0s")], {}),
    "another amount": ([("k1", {}, "0s"), ("k1", {"amount": "100.01"}, "0s")], {}),
    "another currency": ([("k1", {}, "0s"), ("k1", {"currency": "USD"}, "0s")], {}),
    "another descriptor": ([("k1", {}, "0s"), ("k1", {"descriptor": "b"}, "0s")], {}),
    "a descriptor in another spelling": ([("k1", {"descriptor": "Kraków  7"}, "0s"), ("k1", {"descriptor": " Krako\u0301w 7 "}, "0s")], {}),
    "another key": ([("k1", {}, "0s"), ("k2", {}, "0s")], {}),
    "the same key in capitals": ([("k1", {}, "0s"), ("K1", {}, "0s")], {}),
    "the same key of another merchant": ([("k1", {}, "0s"), ("k1", {"merchant": "kyoto"}, "0s")], {}),
    "a second before the key expires": ([("k1", {}, "0s"), ("k1", {}, "86399s")], {}),
    "a request when the key expires": ([("k1", {}, "0s"), ("k1", {}, "24h")], {}),
    "another payload when the key expires": ([("k1", {}, "0s"), ("k1", {"amount": "7"}, "1d")], {}),
    "a shorter life of keys": ([("k1", {}, "0s"), ("k1", {}, "2h")], {"PAYLANE_IDEMPOTENCY_KEEP": "2h"}),
    "a declined card again": ([("k1", {"card": {"token": "tok_poor", "brand": "visa"}}, "0s")] * 2, {}),
    "a crash, and the same at once": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {"descriptor": "crash"}, "1s")], {}),
    "a crash, and the same before the lock ends": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {"descriptor": "crash"}, "59s")], {}),
    "a crash, and the same when the lock ends": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {"descriptor": "crash"}, "60s")], {}),
    "a crash, and the same days later": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {"descriptor": "crash"}, "3d")], {}),
    "a crash, and another payload": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {}, "1s")], {}),
    "a shorter lock": ([("k1", {"descriptor": "crash"}, "0s"), ("k1", {"descriptor": "crash"}, "5s")], {"PAYLANE_IDEMPOTENCY_LOCK": "5s"}),
    "a lost answer": ([("k1", {"descriptor": "lost"}, "0s"), ("k1", {"descriptor": "lost"}, "0s")], {}),
    "a bad request, and a good one": ([("k1", {"amount": "x"}, "0s"), ("k1", {}, "0s")], {}),
    "a key of one letter": ([("k", {}, "0s")], {}),
    "a key of 64 characters": ([("k" * 64, {}, "0s")], {}),
    "a key of 65 characters": ([("k" * 65, {}, "0s")], {}),
    "a key of all kinds of characters": ([("6F-1_c.2:a", {}, "0s")], {}),
    "a key with a blank in it": ([("k 1", {}, "0s")], {}),
    "a key that begins with a dash": ([("-k1", {}, "0s")], {}),
    "a key with a Polish letter": ([("kłucz", {}, "0s")], {}),
    "a key of blanks": ([("  ", {}, "0s")], {}),
}


def journey(steps, environ):
    from pathlib import Path

    from paylane.errors import NetworkUnavailable, PaylaneError
    from paylane.moments import FixedClock, to_text
    from paylane.network import SandboxNetwork
    from paylane.service import PaymentService
    from paylane.settings import load
    from paylane.storage import connect

    class PowerCut(BaseException):
        pass

    class Network(SandboxNetwork):
        trouble = ["crash", "lost"]

        def charge(self, reference, amount, card):
            super().charge(reference, amount, card)
            if wanted in self.trouble:
                self.trouble.remove(wanted)
                raise PowerCut if wanted == "crash" else NetworkUnavailable("no answer")

    Path("paylane.toml").write_text("[merchants.acme]\n[merchants.kyoto]\n", encoding="utf-8")
    clock, network = FixedClock("2024-03-05T12:00:00Z"), Network()
    service = PaymentService(connect(":memory:"), load(environ=environ), network, clock)
    record = {"merchant": "acme", "amount": "100.00", "currency": "EUR", "card": {"token": "tok_1", "brand": "visa"}}
    for key, changes, wait in steps:
        clock.forward(wait)
        wanted = changes.get("descriptor")
        try:
            outcome = service.charge(key, {**record, **changes})
            payment = outcome.payment
            print("from the store" if outcome.replayed else "new", payment.id, payment.amount, payment.status, to_text(payment.created_at))
        except PowerCut:
            print("the machine stops")
        except PaylaneError as problem:
            print(type(problem).__name__, problem, getattr(problem, "retry_after", ""))
    print("taken:", network.balance("EUR"), network.balance("USD"), "payments:", len(service.book.before("acme", clock.now.replace(year=2025))), "keys:", len(service.keys))
    print("forgotten a day later:", (clock.forward("24h"), service.purge_keys())[1])
