"""Persisted jobs: who may send what, and when.

A worker claims a job for the time of a lease. When the worker dies, the lease runs out and another
worker takes the job over. Clocks of different machines disagree by up to `clock_skew`, so a holder
stops using a lease that long before its end, and others wait that long after it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from .errors import LeaseLost, ScheduleError
from .moments import from_text, to_text
from .settings import Settings
from .storage import transaction


class JobKind(Enum):
    INVOICE = "invoice"
    REMINDER = "reminder"
    RECEIPT = "receipt"


class JobState(Enum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    id: int
    key: str
    kind: JobKind
    number: str
    step: int
    run_at: datetime
    state: JobState
    attempts: int
    worker: str | None
    lease_until: datetime | None
    note: str


class JobQueue:
    def __init__(self, db: sqlite3.Connection, settings: Settings) -> None:
        self.db = db
        self.settings = settings

    def schedule(
        self, kind: JobKind, number: str, run_at: datetime, now: datetime, step: int = 0
    ) -> Job:
        """Plan a send; asking twice for the same one gives the job that is there already.

        A moment in the past is refused, unless a caller's slow clock can explain it.
        """
        if run_at < now - self.settings.clock_skew:
            raise ScheduleError(f"{number}: {to_text(run_at)} has passed")
        key = job_key(kind, number, step)
        self.db.execute(
            "INSERT INTO jobs (key, kind, number, step, run_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO NOTHING",
            (key, kind.value, number, step, to_text(run_at)),
        )
        return self.get(key)

    def get(self, key: str) -> Job:
        row = self.db.execute("SELECT * FROM jobs WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise ScheduleError(f"no job {key}")
        return _job(row)

    def jobs(self, number: str | None = None) -> list[Job]:
        rows = self.db.execute(
            "SELECT * FROM jobs WHERE ? IS NULL OR number = ? ORDER BY run_at, id",
            (number, number),
        )
        return [_job(row) for row in rows]

    def claim(self, worker: str, now: datetime) -> list[Job]:
        """Take the jobs that are due, the longest waiting first, at most a batch of them."""
        abandoned = now - self.settings.clock_skew
        lease_until = now + self.settings.lease
        with transaction(self.db):
            rows = self.db.execute(
                "SELECT id FROM jobs WHERE (state = 'waiting' AND run_at <= ?)"
                " OR (state = 'claimed' AND lease_until <= ?) ORDER BY run_at, id LIMIT ?",
                (to_text(now), to_text(abandoned), self.settings.batch),
            ).fetchall()
            return [self._take(row["id"], worker, lease_until) for row in rows]

    def usable(self, job: Job, now: datetime) -> bool:
        """Whether the holder may still act on its claim, even if its clock is slow."""
        return job.lease_until is not None and now + self.settings.clock_skew < job.lease_until

    def finish(self, job: Job) -> None:
        self._close(job, JobState.DONE, "")

    def skip(self, job: Job, why: str) -> None:
        self._close(job, JobState.SKIPPED, why)

    def fail(self, job: Job, why: str) -> None:
        self._close(job, JobState.FAILED, why)

    def retry(self, job: Job, now: datetime, why: str) -> JobState:
        """Put the job back for later, or give up when it has had its attempts."""
        if job.attempts >= self.settings.max_attempts:
            self.fail(job, why)
            return JobState.FAILED
        later = now + retry_delay(job.attempts, self.settings.retry_base, self.settings.retry_cap)
        with transaction(self.db):
            self._close(job, JobState.WAITING, why)
            self.db.execute("UPDATE jobs SET run_at = ? WHERE id = ?", (to_text(later), job.id))
        return JobState.WAITING

    def drop_waiting(self, number: str, why: str) -> int:
        """Skip what is still waiting for an invoice; how many jobs that were."""
        return self.db.execute(
            "UPDATE jobs SET state = 'skipped', note = ? WHERE number = ? AND state = 'waiting'",
            (why, number),
        ).rowcount

    def counts(self) -> dict[str, int]:
        counts = {state.value: 0 for state in JobState}
        for row in self.db.execute("SELECT state, count(*) AS jobs FROM jobs GROUP BY state"):
            counts[row["state"]] = row["jobs"]
        return counts

    def _take(self, job_id: int, worker: str, lease_until: datetime) -> Job:
        self.db.execute(
            "UPDATE jobs SET state = 'claimed', worker = ?, lease_until = ?,"
            " attempts = attempts + 1 WHERE id = ?",
            (worker, to_text(lease_until), job_id),
        )
        return _job(self.db.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone())

    def _close(self, job: Job, state: JobState, note: str) -> None:
        # The number of attempts tells this claim from a later one of the same worker.
        changed = self.db.execute(
            "UPDATE jobs SET state = ?, note = ?, worker = NULL, lease_until = NULL"
            " WHERE id = ? AND state = 'claimed' AND worker = ? AND attempts = ?",
            (state.value, note, job.id, job.worker, job.attempts),
        ).rowcount
        if changed == 0:
            raise LeaseLost(f"{job.key} is no longer held by {job.worker}")


def job_key(kind: JobKind, number: str, step: int) -> str:
    """One key for each mail that may go out, also the key of its delivery."""
    match kind:
        case JobKind.INVOICE:
            return f"{number}/invoice"
        case JobKind.REMINDER:
            return f"{number}/reminder{step:+d}"
        case JobKind.RECEIPT:
            return f"{number}/receipt"


def retry_delay(attempts: int, base: timedelta, cap: timedelta) -> timedelta:
    """The base after the first attempt, doubled after every further one, up to the cap."""
    delay = base
    for _ in range(1, attempts):
        delay *= 2
    return min(delay, cap)


def _job(row: sqlite3.Row) -> Job:
    lease = row["lease_until"]
    return Job(
        id=row["id"],
        key=row["key"],
        kind=JobKind(row["kind"]),
        number=row["number"],
        step=row["step"],
        run_at=from_text(row["run_at"]),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        worker=row["worker"],
        lease_until=from_text(lease) if lease else None,
        note=row["note"],
    )
