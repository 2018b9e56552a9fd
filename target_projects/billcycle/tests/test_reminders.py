from datetime import date

import pytest
from builders import PARTLY_PAID, make_invoice

from billcycle.errors import ScheduleError
from billcycle.reminders import (
    Reminder,
    Step,
    Tone,
    build_schedule,
    parse_offset_days,
    plan,
    subject_line,
    subjects,
    tone,
    upcoming,
)


def test_offset_in_days():
    texts = ["10", "-10", "+20", "0", "3d", " 1 day ", "-14 days", "365", "-10 Days"]
    assert [parse_offset_days(text) for text in texts] == [10, -10, 20, 0, 3, 1, -14, 365, -10]


def test_offset_in_weeks():
    texts = ["2w", "-1 week", "3 weeks", "2W", "52w"]
    assert [parse_offset_days(text) for text in texts] == [14, -7, 21, 14, 364]


def test_not_an_offset():
    for text in ["", "d", "1000", "3 months", "1.5", "--3", "day 3"]:
        with pytest.raises(ScheduleError, match="not a reminder offset"):
            parse_offset_days(text)

    for text in ["366", "-366d", "53w"]:
        with pytest.raises(ScheduleError, match="more than 365 days"):
            parse_offset_days(text)


def test_subjects_come_in_the_order_of_days():
    schedule = [Step(20, "late"), Step(-10, "soon"), Step(30, "final"), Step(0, "today")]
    assert subjects(make_invoice(), schedule) == ["soon", "today", "late", "final"]

    assert subjects(make_invoice(), []) == []


def test_plan_names_the_days():
    days = [r.day for r in plan(make_invoice(), [Step(14, "late"), Step(-20, "soon")])]
    assert days == [date(2024, 2, 29), date(2024, 4, 3)]


def test_usual_schedule():
    assert subjects(make_invoice(state=PARTLY_PAID, paid_minor=2550)) == [
        "Invoice INV-2024-0001 will be due on 2024-03-20",
        "Invoice INV-2024-0001 is due today",
        "Payment of EUR 74.50 is 14 days late (INV-2024-0001)",
        "Last reminder for INV-2024-0001: EUR 74.50 outstanding",
    ]


def test_weekend_reminders_move_to_monday_when_asked():
    # Due on Friday the 15th: the steps fall on Friday, Saturday and Sunday.
    invoice = make_invoice(due=date(2024, 3, 15))
    schedule = [Step(2, "Sunday"), Step(1, "Saturday"), Step(0, "Friday")]
    moved = plan(invoice, schedule, skip_weekends=True)
    assert [(r.day.day, r.subject) for r in moved] == [
        (15, "Friday"), (18, "Saturday"), (18, "Sunday"),
    ]  # fmt: skip

    assert [r.day.day for r in plan(invoice, schedule)] == [15, 16, 17]


def test_placeholders():
    template = "{number}, {customer}, {amount:>11}, {days}, {due}"
    line = subject_line(Step(-3, template), make_invoice())
    assert line == "INV-2024-0001, Orchard Farm,  EUR 100.00, 3, 2024-03-20"


def test_two_steps_on_one_day():
    with pytest.raises(ScheduleError, match=r"two reminders at \+5 days"):
        build_schedule([Step(5, "a"), Step(-5, "b"), Step(5, "c")])


def test_subject_must_be_a_line():
    for subject in ["", "   ", "two\nlines"]:
        with pytest.raises(ScheduleError, match="one line of text"):
            build_schedule([Step(0, subject)])


def test_unknown_placeholder():
    for subject in ["{id}", "{}", "{number", "{number.size}"]:
        with pytest.raises(ScheduleError, match="bad placeholder"):
            build_schedule([Step(0, subject)])


def test_upcoming_includes_today():
    reminders = [Reminder(date(2024, 3, day), 0, "") for day in (9, 10, 11)]
    assert [r.day.day for r in upcoming(reminders, date(2024, 3, 10))] == [10, 11]


def test_tone_gets_firmer():
    assert [tone(offset) for offset in (-1, 0, 1, 29)] == [
        Tone.FRIENDLY, Tone.DUE, Tone.FIRM, Tone.FIRM,
    ]  # fmt: skip

    assert [tone(offset) for offset in (30, 60)] == [Tone.FINAL, Tone.FINAL]
