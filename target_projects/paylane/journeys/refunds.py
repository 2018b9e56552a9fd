"""The desk gives money back, in one piece or in several."""

WHO = "a clerk at the refunds desk"
SUBJECT = "Refund"
DETAIL = "The payment of the steps is one of 100 euros by card."

CASES = {
    "all of it": ([("r1", None, None, "0s")], {}),
    "a part": ([("r1", "40", None, "0s")], {}),
    "a part with its currency": ([("r1", "EUR 40.00", None, "0s")], {}),
    "a part, then the rest": ([("r1", "33.33", None, "0s"), ("r2", None, None, "1h")], {}),
    "three thirds": ([("r1", "33.33", None, "0s"), ("r2", "33.33", None, "0s"), ("r3", "33.34", None, "0s")], {}),
    "one cent": ([("r1", "0.01", None, "0s")], {}),
    "one cent less than all": ([("r1", "99.99", None, "0s")], {}),
    "one cent too much": ([("r1", "100.01", None, "0s")], {}),
    "one cent too much, then all": ([("r1", "100.01", None, "0s"), ("r1", "100.00", None, "0s")], {}),
    "one cent more than the rest": ([("r1", "60", None, "0s"), ("r2", "40.01", None, "0s")], {}),
    "the rest exactly": ([("r1", "60", None, "0s"), ("r2", "40", None, "0s")], {}),
    "nothing": ([("r1", "0", None, "0s")], {}),
    "less than nothing": ([("r1", "-1", None, "0s")], {}),
    "another currency": ([("r1", "USD 5", None, "0s")], {}),
    "an amount in words": ([("r1", "all", None, "0s")], {}),
    "a refund after all of it": ([("r1", None, None, "0s"), ("r2", "1", None, "0s")], {}),
    "the same key again": ([("r1", "40", None, "0s"), ("r1", "40.00", None, "1h")], {}),
    "the same key with another amount": ([("r1", "40", None, "0s"), ("r1", "41", None, "0s")], {}),
    "the key of the charge": ([("k1", "40", None, "0s")], {}),
    "the same key after a day": ([("r1", "40", None, "0s"), ("r1", "40", None, "24h")], {}),
    "the last moment of the window": ([("r1", None, None, "180d")], {}),
    "a second after the window": ([("r1", None, None, "180d 1s")], {}),
    "a shorter window": ([("r1", None, None, "49h")], {"PAYLANE_REFUNDS_WINDOW": "2d"}),
    "ten refunds": ([(f"r{n}", "1", None, "0s") for n in range(10)], {}),
    "eleven refunds": ([(f"r{n}", "1", None, "0s") for n in range(11)], {}),
    "more refunds than the settings say": ([("r1", "1", None, "0s"), ("r2", "1", None, "0s")], {"PAYLANE_REFUNDS_MAX_PER_PAYMENT": "1"}),
    "a fee that is kept": ([("r1", "40", None, "0s")], {"PAYLANE_REFUNDS_FEE": "keep"}),
    "a refund that the network refuses": ([("r1", "40", "refuse", "0s"), ("r2", None, None, "0s")], {}),
    "a lost answer, then another refund": ([("r1", "60", "lose", "0s"), ("r2", "60", None, "0s")], {}),
    "a lost answer, then the same again": ([("r1", "60", "lose", "0s"), ("r1", "60", None, "1h"), ("r2", None, None, "0s")], {}),
    "a lost answer, then the same at once": ([("r1", "60", "lose", "0s"), ("r1", "60", None, "0s")], {}),
    "the same key again after another refund": ([("r1", "40", None, "0s"), ("r2", "10", None, "0s"), ("r1", "40", None, "1h")], {}),
    "a slow answer": ([("r1", "40", "delay", "0s"), ("r1", "40", None, "1h")], {}),
    "a lost answer, then the same days later": ([("r1", "60", "lose", "0s"), ("r1", "60", None, "3d")], {}),
}


def journey(steps, environ):
    from datetime import timezone
    from pathlib import Path

    from paylane.errors import Declined, NetworkUnavailable, PaylaneError
    from paylane.moments import FixedClock
    from paylane.network import SandboxNetwork
    from paylane.rendering import payment_details
    from paylane.service import PaymentService
    from paylane.settings import load
    from paylane.storage import connect

    class Network(SandboxNetwork):
        trouble = None

        def refund(self, reference, charge, amount):
            if self.trouble == "delay":
                clock.forward("30s")
            if self.trouble == "refuse":
                raise Declined("account_closed")
            super().refund(reference, charge, amount)
            if self.trouble == "lose":
                raise NetworkUnavailable("no answer")

    Path("paylane.toml").write_text("[merchants.acme]\n", encoding="utf-8")
    clock, network = FixedClock("2024-03-05T12:00:00Z"), Network()
    service = PaymentService(connect(":memory:"), load(environ=environ), network, clock)
    record = {"merchant": "acme", "amount": "100.00", "currency": "EUR", "card": {"token": "tok_1", "brand": "visa"}}
    payment = service.charge("k1", record).payment
    for key, amount, trouble, wait in steps:
        clock.forward(wait)
        network.trouble = trouble
        try:
            outcome = service.refund(key, payment.id, amount)
            print("from the store" if outcome.replayed else "new", outcome.payment.status, outcome.payment.refundable)
        except PaylaneError as problem:
            print(type(problem).__name__, problem)
    print(payment_details(service.book.get(payment.id), timezone.utc))
    for refund in service.book.get(payment.id).refunds:
        print(refund.id, refund.amount, refund.fee, refund.status, refund.created_at, refund.ended_at)
    print("kept by us:", network.balance("EUR"), "keys:", len(service.keys))
