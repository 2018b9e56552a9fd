"""The worker: polls the queue and sends what is due, each message once.

A worker can die at any line. What keeps a send from being lost is the lease: the job is claimed
again. What keeps it from going out twice is the key: outbox and transport know it already.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from .errors import BillcycleError, DeliveryError, LeaseLost
from .invoices import Invoice, InvoiceState, describe, move
from .jobs import Job, JobKind, JobQueue, JobState
from .mail import Outbox, Transport
from .moments import Clock, office_day
from .rendering import compose
from .settings import Settings
from .storage import InvoiceBook, transaction


@dataclass
class Round:
    """What became of the jobs of one poll."""

    sent: int = 0
    skipped: int = 0
    retried: int = 0
    failed: int = 0
    left: int = 0


class Worker:
    def __init__(
        self,
        name: str,
        db: sqlite3.Connection,
        settings: Settings,
        transport: Transport,
        clock: Clock,
    ) -> None:
        self.name = name
        self.db = db
        self.settings = settings
        self.transport = transport
        self.clock = clock
        self.queue = JobQueue(db, settings)
        self.book = InvoiceBook(db)
        self.outbox = Outbox(db)

    def poll(self) -> Round:
        """Claim a batch and work through it; one bad job does not stop the others."""
        done = Round()
        for job in self.queue.claim(self.name, self.clock()):
            try:
                result = self._attempt(job)
            except LeaseLost:
                result = "left"
            setattr(done, result, getattr(done, result) + 1)
        return done

    def drain(self) -> Round:
        """Poll until nothing more is due."""
        done = Round()
        while True:
            latest = self.poll()
            if latest == Round():
                return done
            for name, count in vars(latest).items():
                setattr(done, name, getattr(done, name) + count)

    def _attempt(self, job: Job) -> str:
        try:
            return self._handle(job)
        except LeaseLost:
            raise
        except BillcycleError as problem:
            self.queue.fail(job, str(problem))
            return "failed"

    def _handle(self, job: Job) -> str:
        invoice = self.book.get(job.number)
        why_not = objection(job.kind, invoice)
        if why_not:
            self.queue.skip(job, why_not)
            return "skipped"
        today = office_day(self.clock(), self.settings.office)
        message = self.outbox.put(compose(job, invoice, self.settings, today))
        if not self.queue.usable(job, self.clock()):
            return "left"
        try:
            self.transport.deliver(message)
        except DeliveryError as problem:
            return self._not_delivered(job, problem)
        self._book_sent(job, self.clock())
        return "sent"

    def _book_sent(self, job: Job, now: datetime) -> None:
        with transaction(self.db):
            self.queue.finish(job)
            self.outbox.mark_sent(job.key, now)
            invoice = self.book.get(job.number)
            # Not so for reminders, nor when a clerk voided it while the message was on its way.
            if invoice.state is InvoiceState.SCHEDULED:
                self.book.save(move(invoice, InvoiceState.SENT))

    def _not_delivered(self, job: Job, problem: DeliveryError) -> str:
        if problem.permanent:
            self.queue.fail(job, str(problem))
            return "failed"
        state = self.queue.retry(job, self.clock(), str(problem))
        return "failed" if state is JobState.FAILED else "retried"


def objection(kind: JobKind, invoice: Invoice) -> str:
    """Why a message must not go out now; empty when it may."""
    if kind is JobKind.INVOICE:
        wanted: tuple[InvoiceState, ...] = (InvoiceState.SCHEDULED,)
    elif kind is JobKind.REMINDER:
        wanted = (InvoiceState.SENT, InvoiceState.PARTLY_PAID)
    elif kind is JobKind.RECEIPT:
        wanted = (InvoiceState.PAID,)
    else:
        raise BillcycleError(f"no rule for {kind!r}")
    return "" if invoice.state in wanted else f"the invoice is {describe(invoice.state)}"
