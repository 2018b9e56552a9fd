"""Late fees go by the day in the office, wherever that is."""

from datetime import date

import pytest
from builders import make_record, make_settings

from billcycle.mail import MemoryTransport
from billcycle.moments import FrozenClock, parse_offset
from billcycle.reminders import Step
from billcycle.service import Billing


def reminder(db, offset, days, runs_at):
    settings = make_settings(office=parse_offset(offset), schedule=(Step(days, "late"),))
    clock, relay = FrozenClock("2024-03-01T23:00:00Z"), MemoryTransport()
    billing = Billing(db, settings, clock)
    billing.draft(make_record())
    billing.schedule("INV-2024-0001", date(2024, 3, 2))
    for moment in ("2024-03-03T23:00:00Z", runs_at):
        clock.moment = FrozenClock(moment).moment
        billing.worker("ada", relay).drain()
    return relay.delivered[f"INV-2024-0001/reminder+{days}"].body


@pytest.mark.parametrize(
    ("days", "runs_at", "fee"),
    [
        (6, "2024-03-25T20:00:00Z", "EUR 1.00"),
        (31, "2024-04-19T20:00:00Z", "EUR 2.50"),
        (5, "2024-03-25T20:00:00Z", "EUR 1.00"),
    ],
    ids=["sixth day", "second step", "sent a day late"],
)
def test_fee_of_an_office_ahead_of_utc(db, days, runs_at, fee):
    assert f"A late fee of {fee} is added." in reminder(db, "+13:00", days, runs_at)


def test_no_fee_in_the_grace_period_of_an_office_behind_utc(db):
    assert "late fee" not in reminder(db, "-08:00", 5, "2024-03-26T02:00:00Z")
