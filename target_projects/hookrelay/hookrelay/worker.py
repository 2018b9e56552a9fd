"""Workers: take a delivery, make the attempt, log it, and decide what becomes of the delivery."""

from __future__ import annotations

import math
import random as random_module
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hookrelay.alerts import AlertBox
from hookrelay.attempts import Attempt, AttemptLog, excerpt
from hookrelay.backoff import Random, Verdict, judge, next_attempt
from hookrelay.deliveries import Delivery, DeliveryQueue
from hookrelay.endpoints import Endpoint, EndpointBook, EndpointState
from hookrelay.errors import LeaseLost, RelayError, TransportFault
from hookrelay.moments import Clock
from hookrelay.pacing import Dispatcher, SlidingWindow
from hookrelay.settings import Settings
from hookrelay.storage import transaction
from hookrelay.transport import Response, Transport, build_request

Timer = Callable[[], float]


@dataclass
class Worker:
    name: str
    db: sqlite3.Connection
    settings: Settings
    dispatcher: Dispatcher
    transport: Transport
    clock: Clock
    random: Random = random_module.random
    timer: Timer = time.perf_counter

    def __post_init__(self) -> None:
        self.queue = DeliveryQueue(self.db, self.settings.retry.give_up, self.settings.lease)
        self.endpoints = EndpointBook(self.db)
        self.log = AttemptLog(self.db)
        self.alerts = AlertBox(self.db, self.settings.quiet)

    def drain(self, most: int | None = None) -> Counter[str]:
        """Work until nothing is due, or `most` deliveries are done; how they ended."""
        done: Counter[str] = Counter()
        while most is None or done.total() < most:
            result = self.step()
            if result is None:
                break
            done[result] += 1
        return done

    def step(self) -> str | None:
        """One attempt: "delivered", "retried", "failed" or "lost"; None when nothing is due."""
        delivery = self.dispatcher.next(self.queue, self.name, self.clock())
        if delivery is None:
            return None
        endpoint = self.endpoints.get(delivery.endpoint_id)
        response, problem = self._attempt(delivery, endpoint)
        try:
            return self._decide(delivery, endpoint, response, problem)
        except LeaseLost:
            return "lost"

    def _attempt(self, delivery: Delivery, endpoint: Endpoint) -> tuple[Response | None, str]:
        started = self.clock()
        number = self.log.count(delivery.id) + 1
        body = self.queue.body(delivery.event_id)
        request = build_request(endpoint, body, number, started, self.settings.timeout)
        response, problem = None, ""
        begun = self.timer()
        try:
            response = self.transport.post(request)
        except TransportFault as fault:
            problem = str(fault)
        latency = math.ceil((self.timer() - begun) * 1000)
        status = response.status if response else None
        text = excerpt(response.body, self.settings.excerpt) if response else ""
        ids = (delivery.id, delivery.event_id, delivery.endpoint_id, delivery.merchant)
        self.log.add(Attempt(*ids, number, started, status, problem, text, latency))
        return response, problem or f"status {status}"

    def _decide(
        self, delivery: Delivery, endpoint: Endpoint, response: Response | None, problem: str
    ) -> str:
        status = response.status if response else None
        verdict = judge(status)
        if verdict is Verdict.DELIVERED:
            self.queue.succeed(delivery)
            return "delivered"
        if verdict is Verdict.GONE:
            self._disable(delivery, endpoint)
            return "failed"
        now = self.clock()
        failures = delivery.failures + 1
        retry = self.settings.retry
        later = next_attempt(retry, failures, now, delivery.deadline, self.random)
        if later is None:
            text = (
                f"{delivery.event_id} could not be delivered to {endpoint.url}"
                f" in {failures} attempts, the last one: {problem}"
            )
            self._fail(delivery, endpoint, problem, text)
            return "failed"
        self.queue.reschedule(delivery, later, problem)
        return "retried"

    def _fail(self, delivery: Delivery, endpoint: Endpoint, problem: str, text: str) -> None:
        with transaction(self.db):
            self.queue.fail(delivery, problem)
            self.alerts.put(endpoint, text, self.clock())

    def _disable(self, delivery: Delivery, endpoint: Endpoint) -> None:
        with transaction(self.db):
            text = f"{endpoint.url} answered that it is gone; nothing more is sent there"
            self._fail(delivery, endpoint, "status 410", text)
            self.endpoints.set_state(endpoint.id, EndpointState.DISABLED)
            self.queue.cancel_waiting(endpoint.id, "the endpoint is gone")


def make_dispatcher(db: sqlite3.Connection, settings: Settings, clock: Clock) -> Dispatcher:
    """A dispatcher that knows the requests of the last window, also those of an earlier run."""
    now = clock()
    dispatcher = Dispatcher(SlidingWindow(settings.window), settings.per_window)
    recent = AttemptLog(db).between(now - settings.window, now + settings.future_tolerance)
    dispatcher.remember((attempt.merchant, attempt.at) for attempt in recent)
    return dispatcher


@dataclass(frozen=True)
class WorkerPool:
    """Threads that drain the queue together; each has a database connection of its own."""

    connect: Callable[[], sqlite3.Connection]
    make_worker: Callable[[str, sqlite3.Connection], Worker]
    size: int

    def run(self, most_seconds: float | None = None) -> Counter[str]:
        """Returns when nothing more is due. Raises the first error that ended a worker."""
        results: list[Counter[str]] = []
        errors: list[BaseException] = []

        def work(name: str) -> None:
            db = self.connect()
            try:
                results.append(self.make_worker(name, db).drain())
            except BaseException as error:
                errors.append(error)
            finally:
                db.close()

        threads = [
            threading.Thread(target=work, args=(f"worker-{number}",), daemon=True)
            for number in range(1, self.size + 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(most_seconds)
        if errors:
            raise errors[0]
        if any(thread.is_alive() for thread in threads):
            raise RelayError("a worker did not come to an end")
        return sum(results, Counter())
