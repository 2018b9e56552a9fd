"""The promises of the README: nothing is lost, nothing goes out twice."""

from datetime import date

import pytest
from builders import make_invoice, make_record, make_settings

from billcycle.addresses import parse_address
from billcycle.errors import DeliveryError
from billcycle.invoices import InvoiceState
from billcycle.jobs import JobKind, JobState
from billcycle.mail import MemoryTransport
from billcycle.service import Billing
from billcycle.storage import connect
from billcycle.worker import Round, objection

NUMBER = "INV-2024-0001"
INVOICE = f"{NUMBER}/invoice"


class PowerCut(BaseException):
    """The machine dies: nothing after this line runs."""


class Dying(MemoryTransport):
    def __init__(self, moment):
        super().__init__()
        self.moment = moment

    def deliver(self, message):
        if self.moment == "before":
            raise PowerCut
        super().deliver(message)
        raise PowerCut


class Refusing(MemoryTransport):
    def __init__(self, *errors):
        super().__init__()
        self.errors = list(errors)

    def deliver(self, message):
        if self.errors:
            raise self.errors.pop(0)
        return super().deliver(message)


@pytest.fixture
def due(billing, clock):
    """A service with one invoice whose mail is due now."""
    billing.draft(make_record())
    billing.schedule(NUMBER, date(2024, 3, 1))
    clock.forward("1h")
    return billing


def draft_five(billing):
    for number in (f"INV-2024-000{count}" for count in range(1, 6)):
        billing.draft(make_record(number=number))
        billing.schedule(number, date(2024, 3, 1))


def test_sends_what_is_due(due, transport):
    assert due.worker("ada", transport).poll() == Round(sent=1)
    assert list(transport.delivered) == [INVOICE]
    assert due.outbox.sent() == [(INVOICE, "2024-03-01T09:00:00.000000+00:00")]
    assert due.queue.get(INVOICE).state is JobState.DONE


@pytest.mark.parametrize("moment", ["before", "after"])
def test_crash_in_mid_send_is_made_up_for_once(due, clock, moment):
    dying = Dying(moment)
    with pytest.raises(PowerCut):
        due.worker("ada", dying).poll()
    relay = MemoryTransport()
    relay.delivered = dict(dying.delivered)

    assert due.worker("bob", relay).poll() == Round()
    clock.forward("331s")
    assert due.worker("bob", relay).poll() == Round(sent=1)
    assert list(relay.delivered) == [INVOICE]
    assert due.worker("bob", relay).poll() == Round()
    assert due.book.get(NUMBER).state is InvoiceState.SENT


def test_crash_while_booking_books_nothing_and_is_made_up_for(due, clock, transport, monkeypatch):
    worker = due.worker("ada", transport)

    def dies(key, now):
        raise PowerCut

    monkeypatch.setattr(worker.outbox, "mark_sent", dies)
    with pytest.raises(PowerCut):
        worker.poll()
    assert due.queue.get(INVOICE).state is JobState.CLAIMED
    assert due.outbox.sent() == []
    clock.forward("6m")
    assert due.worker("bob", transport).poll() == Round(sent=1)
    assert len(transport.delivered) == 1


def test_message_is_sent_as_it_was_first_written(db, due, clock):
    with pytest.raises(PowerCut):
        due.worker("ada", Dying("before")).poll()
    clock.forward("6m")
    renamed = make_settings(sender=parse_address("New Name Ltd <billing@example.com>"))
    relay = MemoryTransport()
    Billing(db, renamed, clock).worker("bob", relay).poll()
    assert relay.subjects() == ["Invoice INV-2024-0001 from Hartley Ltd"]


def test_two_workers_share_the_work(tmp_path, clock):
    here, there = connect(tmp_path / "b.db"), connect(tmp_path / "b.db")
    settings = make_settings(batch=3)
    first, second = Billing(here, settings, clock), Billing(there, settings, clock)
    draft_five(first)
    clock.forward("1h")
    relay = MemoryTransport()
    assert first.worker("ada", relay).poll() == Round(sent=3)
    assert second.worker("bob", relay).poll() == Round(sent=2)
    assert len(relay.delivered) == 5
    here.close()
    there.close()


class Overtaken(MemoryTransport):
    """So slow that the lease runs out and another worker sends the same message."""

    def __init__(self, billing, clock):
        super().__init__()
        self.billing = billing
        self.clock = clock

    def deliver(self, message):
        self.clock.forward("6m")
        rest = MemoryTransport()
        rest.delivered = self.delivered
        self.billing.worker("bob", rest).poll()
        return super().deliver(message)


def test_overtaken_worker_leaves_the_booking_to_the_other(due, clock):
    relay = Overtaken(due, clock)
    assert due.worker("ada", relay).poll() == Round(left=1)
    assert list(relay.delivered) == [INVOICE]
    assert due.queue.get(INVOICE).state is JobState.DONE
    assert len(due.outbox.sent()) == 1


def test_worker_that_woke_up_late_does_not_send(due, clock, transport):
    worker = due.worker("ada", transport)
    ticks = [clock()]

    def late_clock():
        ticks.append(clock())
        if len(ticks) > 2:
            clock.forward("271s")
        return clock()

    worker.clock = late_clock
    assert worker.poll() == Round(left=1)
    assert transport.delivered == {}


def test_relay_out_of_order_is_asked_again(due, clock):
    relay = Refusing(DeliveryError("relay is down"))
    worker = due.worker("ada", relay)
    assert worker.poll() == Round(retried=1)
    assert due.queue.get(INVOICE).note == "relay is down"
    clock.forward("59s")
    assert worker.poll() == Round()
    clock.forward("1s")
    assert worker.poll() == Round(sent=1)


def test_after_the_last_attempt_the_job_has_failed(due, clock):
    worker = due.worker("ada", Refusing(*[DeliveryError("down")] * 3))
    rounds = []
    for _ in range(3):
        rounds.append(worker.poll())
        clock.forward("10m")
    assert rounds == [Round(retried=1), Round(retried=1), Round(failed=1)]
    assert due.queue.get(INVOICE).state is JobState.FAILED


def test_permanent_refusal_is_not_repeated(due):
    relay = Refusing(DeliveryError("no such mailbox", permanent=True))
    assert due.worker("ada", relay).poll() == Round(failed=1)
    job = due.queue.get(INVOICE)
    assert (job.state, job.note) == (JobState.FAILED, "no such mailbox")


def test_one_bad_job_does_not_stop_the_others(due, db, clock, transport):
    due.draft(make_record(number="INV-2024-0002"))
    due.schedule("INV-2024-0002", date(2024, 3, 1))
    db.execute("UPDATE jobs SET kind = 'reminder', step = 99 WHERE key = ?", (INVOICE,))
    db.execute("UPDATE invoices SET record = replace(record, 'scheduled', 'sent') WHERE number = ?",
               (NUMBER,))  # fmt: skip
    assert due.worker("ada", transport).poll() == Round(sent=1, failed=1)
    assert due.queue.get(INVOICE).note == "the schedule has no reminder at +99 days"


def test_void_invoice_is_skipped(due, transport):
    due.cancel(NUMBER)
    due.db.execute("UPDATE jobs SET state = 'waiting'")
    assert due.worker("ada", transport).poll() == Round(skipped=1)
    assert due.queue.get(INVOICE).note == "the invoice is void"
    assert transport.delivered == {}


def test_invoice_voided_while_its_mail_is_under_way_stays_void(due, transport):
    class Voiding(MemoryTransport):
        def deliver(self, message):
            due.cancel(NUMBER)
            return super().deliver(message)

    assert due.worker("ada", Voiding()).poll() == Round(sent=1)
    assert due.book.get(NUMBER).state is InvoiceState.VOID


def test_reminders_follow_the_invoice(due, clock, transport):
    worker = due.worker("ada", transport)
    for _ in range(31):
        worker.drain()
        clock.forward("1d")
    assert transport.subjects() == [
        "Invoice INV-2024-0001 from Hartley Ltd",
        "soon due INV-2024-0001",
        "late INV-2024-0001",
    ]


def test_states_in_which_a_mail_may_go_out():
    def states(kind):
        return [s.value for s in InvoiceState if not objection(kind, make_invoice(state=s))]

    assert states(JobKind.INVOICE) == ["scheduled"]
    assert states(JobKind.REMINDER) == ["sent", "partly_paid"]
    assert states(JobKind.RECEIPT) == ["paid"]


def test_unknown_kind_of_mail():
    with pytest.raises(Exception, match="no rule for 'postcard'"):
        objection("postcard", make_invoice())
