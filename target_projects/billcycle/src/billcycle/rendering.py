"""The text of what customers receive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .aging import late_fee
from .errors import ScheduleError
from .invoices import Invoice, describe
from .jobs import Job, JobKind
from .mail import Message
from .reminders import Tone, subject_line, tone
from .settings import Settings

WIDTH = 48

OPENINGS = {
    Tone.FRIENDLY: "this is a friendly note about an invoice that will soon be due.",
    Tone.DUE: "the payment below is due today.",
    Tone.FIRM: "we have not received the payment below.",
    Tone.FINAL: "this is our last reminder before we hand the matter over.",
}


def compose(job: Job, invoice: Invoice, settings: Settings, today: date) -> Message:
    """The message of a job as it would go out today, filed under the day it was planned for."""
    subject, opening = _TEXTS[job.kind](job, invoice, settings)
    parts = [f"Dear {invoice.customer},", opening, invoice_table(invoice)]
    fee = late_fee(invoice, today)
    if job.kind is JobKind.REMINDER and fee.minor > 0:
        parts.append(f"A late fee of {fee} is added.")
    return Message(
        key=job.key,
        sender=str(settings.sender),
        to=invoice.email,
        subject=subject,
        body="\n\n".join(parts) + "\n",
        day=job.run_at.astimezone(settings.office).date().isoformat(),
    )


def invoice_table(invoice: Invoice) -> str:
    rows = []
    for line in invoice.lines:
        rows.append(_row(_label(line.description, str(line.quantity)), str(line.net)))
    rows.append("-" * WIDTH)
    if invoice.tax.minor:
        rows.append(_row("Tax", str(invoice.tax)))
    rows.append(_row("Total", str(invoice.total)))
    if invoice.paid.minor:
        rows.append(_row("Paid", str(invoice.paid)))
        rows.append(_row("Balance", str(invoice.balance)))
    return "\n".join(rows)


def summary(invoice: Invoice) -> str:
    """One line for lists: number, state, due date, balance."""
    state = describe(invoice.state)
    return f"{invoice.number:<14} {state:<20} {invoice.due.isoformat()} {invoice.balance!s:>16}"


def _row(label: str, amount: str) -> str:
    return label[: WIDTH - len(amount) - 1].ljust(WIDTH - len(amount)) + amount


def _label(description: str, quantity: str) -> str:
    return description if quantity == "1" else f"{quantity} x {description}"


def _invoice_text(job: Job, invoice: Invoice, settings: Settings) -> tuple[str, str]:
    opening = f"here is invoice {invoice.number}, payable by {invoice.due.isoformat()}."
    return f"Invoice {invoice.number} from {settings.sender.name}", opening


def _reminder_text(job: Job, invoice: Invoice, settings: Settings) -> tuple[str, str]:
    for step in settings.schedule:
        if step.offset == job.step:
            return subject_line(step, invoice), OPENINGS[tone(step.offset)]
    raise ScheduleError(f"the schedule has no reminder at {job.step:+d} days")


def _receipt_text(job: Job, invoice: Invoice, settings: Settings) -> tuple[str, str]:
    return f"Receipt for invoice {invoice.number}", f"thank you for your payment of {invoice.paid}."


_TEXTS: dict[JobKind, Callable[[Job, Invoice, Settings], tuple[str, str]]] = {
    JobKind.INVOICE: _invoice_text,
    JobKind.REMINDER: _reminder_text,
    JobKind.RECEIPT: _receipt_text,
}
