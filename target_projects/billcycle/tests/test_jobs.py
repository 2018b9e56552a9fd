import sqlite3
from datetime import timedelta

import pytest
from builders import make_invoice, make_settings

from billcycle.errors import LeaseLost, ScheduleError
from billcycle.jobs import JobKind, JobQueue, JobState, job_key, retry_delay
from billcycle.storage import InvoiceBook, connect

NUMBER = "INV-2024-0001"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(db, settings):
    InvoiceBook(db).add(make_invoice())
    return JobQueue(db, settings)


@pytest.fixture
def now(clock):
    return clock()


def remind(queue, step, at, now):
    return queue.schedule(JobKind.REMINDER, NUMBER, at, now, step)


def test_keys_name_kind_and_step():
    assert job_key(JobKind.INVOICE, NUMBER, 0) == "INV-2024-0001/invoice"
    assert job_key(JobKind.REMINDER, NUMBER, -7) == "INV-2024-0001/reminder-7"
    assert job_key(JobKind.REMINDER, NUMBER, 14) == "INV-2024-0001/reminder+14"
    assert job_key(JobKind.RECEIPT, NUMBER, 0) == "INV-2024-0001/receipt"


def test_scheduled_job_waits(queue, now):
    job = remind(queue, 3, now + MINUTE, now)
    assert (job.state, job.kind, job.number, job.step) == (
        JobState.WAITING, JobKind.REMINDER, NUMBER, 3,
    )  # fmt: skip
    assert (job.run_at, job.attempts, job.worker, job.note) == (now + MINUTE, 0, None, "")


def test_same_send_is_scheduled_once(queue, now):
    assert queue.schedule(JobKind.INVOICE, NUMBER, now, now).step == 0
    first = remind(queue, 3, now, now)
    assert remind(queue, 3, now + MINUTE, now) == first
    assert len(queue.jobs()) == 2


def test_past_moments_are_refused_beyond_the_skew(queue, now):
    assert remind(queue, 1, now - 30 * SECOND, now).run_at == now - 30 * SECOND
    with pytest.raises(ScheduleError, match="2024-03-01T07:59:29.000000.* has passed"):
        remind(queue, 2, now - 31 * SECOND, now)


def test_unknown_job(queue):
    with pytest.raises(ScheduleError, match="no job x/y"):
        queue.get("x/y")


def test_jobs_are_listed_by_time(queue, now):
    for step, minutes in ((1, 5), (2, 3), (3, 3)):
        remind(queue, step, now + minutes * MINUTE, now)
    assert [job.step for job in queue.jobs(NUMBER)] == [2, 3, 1]
    assert queue.jobs("INV-2024-0002") == []


def test_claim_takes_what_is_due_now(queue, now):
    remind(queue, 1, now, now)
    remind(queue, 2, now + SECOND, now)
    assert [job.step for job in queue.claim("ada", now)] == [1]


def test_claim_names_worker_lease_and_attempt(queue, now):
    remind(queue, 1, now, now)
    (job,) = queue.claim("ada", now)
    assert (job.state, job.worker, job.attempts) == (JobState.CLAIMED, "ada", 1)
    assert job.lease_until == now + 5 * MINUTE


def test_claim_takes_the_longest_waiting_first(db, queue, now):
    for step, seconds in ((1, 20), (2, 10), (3, 30)):
        remind(queue, step, now + seconds * SECOND, now)
    small = JobQueue(db, make_settings(batch=2))
    assert [job.step for job in small.claim("ada", now + MINUTE)] == [2, 1]
    assert [job.step for job in small.claim("ada", now + MINUTE)] == [3]


def test_abandoned_job_is_taken_over_when_lease_and_skew_are_over(queue, now):
    remind(queue, 1, now, now)
    queue.claim("ada", now)
    over = now + 5 * MINUTE + 30 * SECOND
    assert queue.claim("bob", over - SECOND) == []
    (job,) = queue.claim("bob", over)
    assert (job.worker, job.attempts) == ("bob", 2)


def test_holder_lets_go_before_the_lease_ends(queue, now):
    remind(queue, 1, now, now)
    (job,) = queue.claim("ada", now)
    last = now + 5 * MINUTE - 30 * SECOND
    assert queue.usable(job, last - SECOND)
    assert not queue.usable(job, last)

    assert not queue.usable(remind(queue, 2, now, now), now)


def test_closing(queue, now):
    for step in (1, 2, 3):
        remind(queue, step, now, now)
    done, skipped, failed = queue.claim("ada", now)
    queue.finish(done)
    queue.skip(skipped, "paid")
    queue.fail(failed, "refused")
    assert [(job.state.value, job.note) for job in queue.jobs()] == [
        ("done", ""), ("skipped", "paid"), ("failed", "refused"),
    ]  # fmt: skip
    assert {(job.worker, job.lease_until) for job in queue.jobs()} == {(None, None)}


def test_late_holder_cannot_close_what_another_worker_took(queue, now):
    remind(queue, 1, now, now)
    (late,) = queue.claim("ada", now)
    queue.claim("bob", now + 6 * MINUTE)
    with pytest.raises(LeaseLost, match=r"reminder\+1 is no longer held by ada"):
        queue.finish(late)
    assert queue.get(late.key).worker == "bob"


def test_late_holder_is_told_apart_from_its_restarted_self(queue, now):
    remind(queue, 1, now, now)
    (late,) = queue.claim("ada", now)
    queue.claim("ada", now + 6 * MINUTE)
    with pytest.raises(LeaseLost):
        queue.finish(late)


def test_a_job_is_closed_once(queue, now):
    remind(queue, 1, now, now)
    (job,) = queue.claim("ada", now)
    queue.finish(job)
    with pytest.raises(LeaseLost):
        queue.skip(job, "twice")


def test_retry_waits_longer_every_time(queue, now):
    remind(queue, 1, now, now)
    (job,) = queue.claim("ada", now)
    assert queue.retry(job, now, "busy") is JobState.WAITING
    assert (queue.get(job.key).run_at, queue.get(job.key).note) == (now + MINUTE, "busy")
    (job,) = queue.claim("ada", now + MINUTE)
    queue.retry(job, now + MINUTE, "busy")
    assert queue.get(job.key).run_at == now + 3 * MINUTE


def test_retry_gives_up_after_the_last_attempt(db, queue, now):
    queue = JobQueue(db, make_settings(max_attempts=1))
    remind(queue, 1, now, now)
    (job,) = queue.claim("ada", now)
    assert queue.retry(job, now, "busy") is JobState.FAILED
    assert (queue.get(job.key).state, queue.get(job.key).note) == (JobState.FAILED, "busy")


def test_retry_changes_no_other_job(queue, now):
    remind(queue, 1, now, now)
    remind(queue, 2, now, now)
    job, other = queue.claim("ada", now)
    queue.retry(job, now, "busy")
    assert queue.get(other.key) == other


def test_retry_delay_doubles_up_to_the_cap():
    delays = [retry_delay(attempts, MINUTE, 5 * MINUTE) for attempts in (1, 2, 3, 4, 9)]
    assert [delay // MINUTE for delay in delays] == [1, 2, 4, 5, 5]


def test_drop_waiting_spares_claimed_jobs_and_other_invoices(db, queue, now):
    InvoiceBook(db).add(make_invoice(number="INV-2024-0002"))
    claimed = remind(queue, 1, now, now)
    queue.claim("ada", now)
    waiting = remind(queue, 2, now + MINUTE, now)
    other = queue.schedule(JobKind.RECEIPT, "INV-2024-0002", now, now)
    assert queue.drop_waiting(NUMBER, "paid") == 1
    states = [queue.get(job.key).state for job in (claimed, waiting, other)]
    assert states == [JobState.CLAIMED, JobState.SKIPPED, JobState.WAITING]
    assert queue.get(waiting.key).note == "paid"


def test_counts_name_every_state(queue, now):
    remind(queue, 1, now, now)
    remind(queue, 2, now, now)
    assert queue.counts() == {"waiting": 2, "claimed": 0, "done": 0, "skipped": 0, "failed": 0}


def test_two_workers_never_hold_the_same_job(tmp_path, settings, now):
    here, there = connect(tmp_path / "b.db"), connect(tmp_path / "b.db")
    InvoiceBook(here).add(make_invoice())
    small = make_settings(batch=2)
    ada, bob = JobQueue(here, small), JobQueue(there, small)
    for step in range(1, 6):
        remind(ada, step, now, now)
    taken = []
    for queue, worker in ((ada, "ada"), (bob, "bob"), (ada, "ada"), (bob, "bob")):
        taken += [job.step for job in queue.claim(worker, now)]
    assert sorted(taken) == [1, 2, 3, 4, 5]
    here.close()
    there.close()


def test_claim_takes_the_whole_batch_or_nothing(queue, db, now):
    first, second = remind(queue, 3, now, now), remind(queue, 5, now, now)
    db.execute(
        f"CREATE TEMP TRIGGER t BEFORE UPDATE ON jobs WHEN old.id = {second.id} "
        "BEGIN SELECT RAISE(ABORT, 'disk'); END"
    )
    with pytest.raises(sqlite3.DatabaseError):
        queue.claim("ada", now)
    assert [job.state for job in queue.jobs() if job.id == first.id] == [JobState.WAITING]


def test_retry_that_cannot_be_planned_leaves_the_claim(queue, db, now):
    remind(queue, 3, now, now)
    (job,) = queue.claim("ada", now)
    db.execute(
        "CREATE TEMP TRIGGER t BEFORE UPDATE OF run_at ON jobs "
        "BEGIN SELECT RAISE(ABORT, 'disk'); END"
    )
    with pytest.raises(sqlite3.DatabaseError):
        queue.retry(job, now, "busy")
    assert [each.state for each in queue.jobs()] == [JobState.CLAIMED]


def test_job_belongs_to_an_invoice(queue, now):
    with pytest.raises(sqlite3.IntegrityError):
        queue.schedule(JobKind.INVOICE, "INV-2024-9999", now, now)
