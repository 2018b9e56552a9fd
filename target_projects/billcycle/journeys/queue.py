"""Two workers share one queue; the first one dies or is slow."""

WHO = "an operator of the billing service"
SUBJECT = "Work shared by two workers"
DETAIL = "The two workers of the steps are called ada and bob; the queue holds one reminder."

CASES = {
    "a send that is due now": ("0s", "0s", "0s"),
    "a send one second in the future": ("1s", "0s", "0s"),
    "a send that has just become due": ("1s", "1s", "0s"),
    "a second worker one second before the lease ends": ("0s", "0s", "299s"),
    "a second worker at the end of the lease": ("0s", "0s", "300s"),
    "a second worker one second before the skew is over": ("0s", "0s", "329s"),
    "a second worker when lease and skew are over": ("0s", "0s", "330s"),
    "a second worker an hour later": ("0s", "0s", "1h"),
    "a slow first worker just before it must let go": ("0s", "0s", "269s"),
    "a slow first worker when it must let go": ("0s", "0s", "270s"),
}


def journey(run_in, first, second):
    from billcycle.jobs import JobKind, JobQueue
    from billcycle.moments import FrozenClock, parse_duration
    from billcycle.records import from_record
    from billcycle.settings import load
    from billcycle.storage import InvoiceBook, connect

    db, clock = connect(":memory:"), FrozenClock("2024-03-01T08:00:00Z")
    InvoiceBook(db).add(from_record({"number": "INV-2024-0001", "customer": "A", "email": "a@example.com",
                                     "issued": "2024-03-01", "lines": [{"unit_price": 5}]}))
    queue = JobQueue(db, load(environ={}))
    queue.schedule(JobKind.REMINDER, "INV-2024-0001", clock() + parse_duration(run_in), clock(), 7)
    for worker, wait in (("ada", first), ("bob", second)):
        clock.forward(wait)
        claimed = queue.claim(worker, clock())
        print(worker, [(job.key, job.attempts, str(job.lease_until)) for job in claimed])
    job = queue.get("INV-2024-0001/reminder+7")
    print(job.worker, job.state, "may still send:", queue.usable(job, clock()))
    print("tried again:", queue.retry(job, clock(), "relay is down"), queue.get(job.key).run_at)
