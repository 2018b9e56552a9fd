"""An account manager looks up which reminders a customer gets."""

WHO = "an account manager"
SUBJECT = "Planned reminders"
DETAIL = "The invoice of the steps is for 80 euros and was issued on New Year's Day."

CASES = {
    "a schedule in order": (["-10", "0", "20", "30"], "2024-03-15", False, "2024-01-01"),
    "a schedule out of order": (["30", "-10", "20", "0"], "2024-03-15", False, "2024-01-01"),
    "offsets in weeks": (["-2w", "1 week", "3 weeks"], "2024-03-15", False, "2024-01-01"),
    "offsets in days": (["-3d", "1 day", "+5 days"], "2024-03-15", False, "2024-01-01"),
    "capital letters in offsets": (["-2W", "3 Days"], "2024-03-15", False, "2024-01-01"),
    "weekends left out": (["2", "1", "0", "3"], "2024-03-15", True, "2024-01-01"),
    "weekends as they are": (["2", "1", "0", "3"], "2024-03-15", False, "2024-01-01"),
    "reminders that are over": (["-1", "0", "1"], "2024-03-15", False, "2024-03-15"),
    "no reminder left": (["-1", "0"], "2024-03-15", False, "2024-03-16"),
    "the end of February": (["-15"], "2024-03-15", False, "2024-01-01"),
    "tones from the day before to the end": (["-1", "0", "1", "29", "30", "31"], "2024-03-15", False, "2024-01-01"),
    "a year before and after": (["-365", "365"], "2024-03-15", False, "2023-01-01"),
    "more than a year": (["366"], "2024-03-15", False, "2024-01-01"),
    "53 weeks": (["53w"], "2024-03-15", False, "2024-01-01"),
    "two reminders on one day": (["7", "1w"], "2024-03-15", False, "2024-01-01"),
    "an offset in months": (["1 month"], "2024-03-15", False, "2024-01-01"),
    "blanks around an offset": ([" 5 "], "2024-03-15", False, "2024-01-01"),
    "an empty schedule": ([], "2024-03-15", False, "2024-01-01"),
}


def journey(offsets, due, skip_weekends, today):
    from datetime import date

    from billcycle.records import from_record
    from billcycle.reminders import Step, build_schedule, parse_offset_days, plan, tone, upcoming

    line = {"description": "Support", "unit_price": "80"}
    invoice = from_record({"number": "INV-2024-0042", "customer": "Orchard Farm", "email": "orchard@example.com",
                           "issued": "2024-01-01", "due": due, "lines": [line]})
    subject = "{number} for {customer}: {amount}, {days} days from {due}"
    schedule = build_schedule(Step(parse_offset_days(text), subject) for text in offsets)
    print(len(schedule), "reminders in the schedule")
    for reminder in upcoming(plan(invoice, schedule, skip_weekends), date.fromisoformat(today)):
        print(reminder.day, f"{reminder.offset:+d}", tone(reminder.offset).value, reminder.subject)
