"""What the nightly and hourly scans have to find: overdue documents, reminders that are due."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .documents import Document, Signatory, turn
from .settings import Settings


def overdue(documents: Iterable[Document], now: datetime) -> list[Document]:
    """Open documents whose deadline has come, those that waited longest first."""
    late = [
        document
        for document in documents
        if document.is_open and document.deadline is not None and document.deadline <= now
    ]
    return sorted(late, key=lambda document: (document.deadline, document.id))


def reminder_moments(
    invited: datetime, deadline: datetime, after: Sequence[timedelta], last_call: timedelta
) -> list[datetime]:
    """When somebody is reminded: so long after the invitation, and once before the deadline.

    A last call of zero means none. Nothing falls on or after the deadline, nor on the invitation.
    """
    moments = {deadline - last_call, *(invited + span for span in after)}
    return sorted(moment for moment in moments if invited < moment < deadline)


def reminders_due(
    document: Document, now: datetime, settings: Settings
) -> list[tuple[Signatory, int]]:
    """Who is reminded now, and of which step (from 1); missed steps are not made up for."""
    if document.deadline is None or now >= document.deadline:
        return []
    due = []
    for signatory in turn(document):
        if signatory.invited_at is None:
            continue
        moments = reminder_moments(
            signatory.invited_at, document.deadline, settings.remind_after, settings.last_call
        )
        step = bisect_right(moments, now)
        if step > signatory.reminded:
            due.append((signatory, step))
    return due
