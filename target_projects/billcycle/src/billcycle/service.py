"""The desk of the billing service: what clerks do, and the jobs that follow from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from .aging import aging_report
from .invoices import Invoice, InvoiceState, move, next_number, pay
from .jobs import JobKind, JobQueue
from .mail import Outbox, Transport
from .moments import Clock, office_day, office_moment, working_day
from .money import Money, parse_money
from .records import from_record
from .reminders import plan, upcoming
from .settings import Settings
from .storage import InvoiceBook, transaction
from .worker import Worker


class Billing:
    def __init__(self, db: sqlite3.Connection, settings: Settings, clock: Clock) -> None:
        self.db = db
        self.settings = settings
        self.clock = clock
        self.book = InvoiceBook(db)
        self.queue = JobQueue(db, settings)
        self.outbox = Outbox(db)

    def today(self) -> date:
        return office_day(self.clock(), self.settings.office)

    def draft(self, record: Mapping[str, Any]) -> Invoice:
        """Add a draft; one without a number gets the next free one."""
        filled = {"currency": self.settings.currency, **record}
        with transaction(self.db):
            if not filled.get("number"):
                last = self.book.last_number() or f"INV-{self.today().year}-0000"
                filled["number"] = next_number(last, self.today())
            invoice = from_record(filled)
            self.book.add(invoice)
        return invoice

    def schedule(self, number: str, send_on: date) -> list[str]:
        """Plan the invoice and the reminders that come after it; the keys of the jobs."""
        settings = self.settings
        if settings.skip_weekends:
            send_on = working_day(send_on)
        with transaction(self.db):
            invoice = move(self.book.get(number), InvoiceState.SCHEDULED)
            self.book.save(invoice)
            self._job(JobKind.INVOICE, number, send_on)
            for reminder in plan(invoice, settings.schedule, settings.skip_weekends):
                if reminder.day > send_on:
                    self._job(JobKind.REMINDER, number, reminder.day, reminder.offset)
        return [job.key for job in self.queue.jobs(number)]

    def pay(self, number: str, amount: str) -> Invoice:
        """Book a payment; a settled invoice gets a receipt instead of further reminders."""
        with transaction(self.db):
            invoice = self.book.get(number)
            invoice = pay(invoice, parse_money(amount, invoice.currency))
            self.book.save(invoice)
            if invoice.state is InvoiceState.PAID:
                self.queue.drop_waiting(number, "paid")
                self.queue.schedule(JobKind.RECEIPT, number, self.clock(), self.clock())
        return invoice

    def cancel(self, number: str, write_off: bool = False) -> int:
        """Void an invoice, or write it off; how many planned mails that stopped."""
        target = InvoiceState.WRITTEN_OFF if write_off else InvoiceState.VOID
        with transaction(self.db):
            self.book.save(move(self.book.get(number), target))
            return self.queue.drop_waiting(number, target.value)

    def preview(self, number: str) -> list[str]:
        """Day and subject of the reminders that are still to come."""
        settings = self.settings
        reminders = plan(self.book.get(number), settings.schedule, settings.skip_weekends)
        return [f"{r.day.isoformat()} {r.subject}" for r in upcoming(reminders, self.today())]

    def aging(self) -> dict[str, Money]:
        return aging_report(self.book.find(), self.today(), self.settings.currency)

    def worker(self, name: str, transport: Transport) -> Worker:
        return Worker(name, self.db, self.settings, transport, self.clock)

    def _job(self, kind: JobKind, number: str, day: date, step: int = 0) -> None:
        run_at = office_moment(day, self.settings.send_time, self.settings.office)
        if day == self.today():
            run_at = max(run_at, self.clock())
        self.queue.schedule(kind, number, run_at, self.clock(), step)
