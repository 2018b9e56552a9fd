"""A clerk looks up deadlines and spans of time, in the time of the office."""

WHO = "a clerk abroad"
SUBJECT = "Times and deadlines"
DETAIL = "The steps set the machine's time zone to that of Caracas."

CASES = {
    "two days left": ("2024-03-05T09:00:00Z", "2d", "+00:00"),
    "a second more than a day": ("2024-03-05T09:00:00Z", "1d 1s", "+01:00"),
    "exactly a day": ("2024-03-05T09:00:00Z", "24h", "+01:00"),
    "a second": ("2024-03-05T09:00:00Z", "1s", "Z"),
    "nothing left": ("2024-03-05T09:00:00Z", "0s", "utc"),
    "two weeks": ("2024-02-20T09:00:00Z", "2W", "+05:30"),
    "a span in minutes": ("2024-02-29T23:45:00Z", "15m", "-3:00"),
    "a span of several parts": ("2024-12-31T22:30:00Z", "1d12h30m", "+0100"),
    "a moment in another zone": ("2024-03-05T23:30:00-05:00", "12h", "-05:00"),
    "a moment without a zone": (" 2024-03-05 09:00 ", "1w", "+14:00"),
    "an offset beyond the widest": ("2024-03-05T09:00:00Z", "1d", "+14:01"),
    "the widest offset in the west": ("2024-03-05T09:00:00Z", "1d", "-14:00"),
    "an offset without a sign": ("2024-03-05T09:00:00Z", "1d", "05:30"),
    "an offset of sixty minutes": ("2024-03-05T09:00:00Z", "1d", "+05:60"),
    "a span without a unit": ("2024-03-05T09:00:00Z", "7", "Z"),
    "an empty span": ("2024-03-05T09:00:00Z", " ", "Z"),
    "a span with a word": ("2024-03-05T09:00:00Z", "1d and 2h", "Z"),
    "an evening that is the next day in India": ("2024-12-31T20:00:00Z", "1m", "+05:30"),
    "a morning that is the day before in Chile": ("2024-03-01T02:59:00Z", "1m", "-03:00"),
    "a day without a month": ("2024-13-05T09:00:00Z", "1d", "Z"),
}


def journey(start, span, offset):
    import os
    import time

    from signflow.moments import FrozenClock, days_left, office_day, parse_offset, shown, to_text

    os.environ["TZ"] = "America/Caracas"
    getattr(time, "tzset", int)()
    office, clock = parse_offset(offset), FrozenClock(start)
    begin = clock()
    print("from", shown(begin, office), "in UTC", begin, to_text(begin), "day", office_day(begin, office))
    clock.forward(span)
    print("to", shown(clock(), office), "days left:", days_left(begin, clock()), days_left(clock(), begin))
