"""Which reminder goes out on which day, and under which subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from .errors import ScheduleError
from .invoices import Invoice
from .moments import working_day

FURTHEST_OFFSET = 365
FINAL_AFTER = 30

_OFFSET = re.compile(r"(?P<sign>[+-]?)(?P<count>\d{1,3})\s*(?P<unit>days?|weeks?|[dw])?", re.I)


class Step(NamedTuple):
    """One line of a schedule: days from the due date (negative: before it), and a subject."""

    offset: int
    subject: str


class Reminder(NamedTuple):
    day: date
    offset: int
    subject: str


class Tone(Enum):
    FRIENDLY = "friendly"
    DUE = "due"
    FIRM = "firm"
    FINAL = "final"


DEFAULT_SCHEDULE = (
    Step(-7, "Invoice {number} will be due on {due}"),
    Step(0, "Invoice {number} is due today"),
    Step(14, "Payment of {amount} is {days} days late ({number})"),
    Step(30, "Last reminder for {number}: {amount} outstanding"),
)


def parse_offset_days(text: str) -> int:
    """Read `-10`, `+20 days`, `2w` or `0`: days from the due date."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise ScheduleError(f"not a reminder offset: {text!r}")
    unit = (match["unit"] or "d").lower()
    days = int(match["count"]) * (7 if unit.startswith("w") else 1)
    if days > FURTHEST_OFFSET:
        raise ScheduleError(f"{text!r} is more than {FURTHEST_OFFSET} days away")
    return -days if match["sign"] == "-" else days


def build_schedule(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Check the steps: one a day at most, each subject on one line with known placeholders."""
    schedule = tuple(steps)
    seen: set[int] = set()
    for step in schedule:
        if step.offset in seen:
            raise ScheduleError(f"two reminders at {step.offset:+d} days")
        seen.add(step.offset)
        if "\n" in step.subject or not step.subject.strip():
            raise ScheduleError(f"the subject at {step.offset:+d} days must be one line of text")
        try:
            step.subject.format(number="", customer="", amount="", days=0, due="")
        except (KeyError, IndexError, AttributeError, ValueError):
            raise ScheduleError(f"bad placeholder in subject {step.subject!r}") from None
    return schedule


def subject_line(step: Step, invoice: Invoice) -> str:
    return step.subject.format(
        number=invoice.number,
        customer=invoice.customer,
        amount=str(invoice.balance),
        days=abs(step.offset),
        due=invoice.due.isoformat(),
    )


def plan(
    invoice: Invoice, schedule: Iterable[Step] = DEFAULT_SCHEDULE, skip_weekends: bool = False
) -> list[Reminder]:
    """Every reminder of an invoice in the order of the days on which they go out."""
    reminders = []
    for step in schedule:
        day = invoice.due + timedelta(days=step.offset)
        if skip_weekends:
            day = working_day(day)
        reminders.append(Reminder(day, step.offset, subject_line(step, invoice)))
    return sorted(reminders)


def subjects(invoice: Invoice, schedule: Iterable[Step] = DEFAULT_SCHEDULE) -> list[str]:
    return [reminder.subject for reminder in plan(invoice, schedule)]


def upcoming(reminders: Iterable[Reminder], today: date) -> list[Reminder]:
    return [reminder for reminder in reminders if reminder.day >= today]


def tone(offset: int) -> Tone:
    if offset < 0:
        return Tone.FRIENDLY
    elif offset == 0:
        return Tone.DUE
    elif offset < FINAL_AFTER:
        return Tone.FIRM
    else:
        return Tone.FINAL
