"""Moments, offsets and durations as they are typed into settings and commands."""

WHO = "an operator of the puzzle desk"
SUBJECT = "Times in settings and commands"
DETAIL = "Each period is looked at with weeks that begin on Monday, Saturday and Sunday."

CASES = {
    "noon in UTC": ("2024-03-01T12:00:00Z", "+01:00", "3m"),
    "a moment without a zone": ("2024-03-01T12:00", "+01:00", "90s"),
    "a moment in India": ("2024-03-01T02:00:00+05:30", "+05:30", "1h"),
    "late in the evening": ("2024-02-29T23:30:00Z", "+01:00", "1h 30m"),
    "late in the evening, further west": ("2024-03-01T00:30:00Z", "-03:00", "2h1m5s"),
    "an offset without a colon": ("2024-03-01T12:00:00Z", "-0345", "3M"),
    "the largest offset": ("2024-03-01T12:00:00Z", "+14:59", "0s"),
    "too large an offset": ("2024-03-01T12:00:00Z", "+15:00", "3m"),
    "an offset of sixty minutes": ("2024-03-01T12:00:00Z", "+01:60", "3m"),
    "an offset without a sign": ("2024-03-01T12:00:00Z", "01:00", "3m"),
    "an offset with blanks": ("2024-03-01T12:00:00Z", " +02:00 ", " 1h "),
    "a duration without a unit": ("2024-03-01T12:00:00Z", "+01:00", "90"),
    "a duration in days": ("2024-03-01T12:00:00Z", "+01:00", "1d"),
    "a duration out of order": ("2024-03-01T12:00:00Z", "+01:00", "5s 1m"),
    "no duration": ("2024-03-01T12:00:00Z", "+01:00", ""),
    "no moment": ("", "+01:00", "3m"),
    "a month that is none": ("2024-13-01", "+01:00", "3m"),
    "a date alone": (" 2024-12-31 ", "+01:00", "3m"),
    "a Sunday": ("2024-03-03T12:00:00Z", "+01:00", "3m"),
    "a Monday": ("2024-03-04T12:00:00.75Z", "+01:00", "3m"),
    "a Saturday in a short month": ("2023-02-25T12:00:00Z", "+00:00", "3m"),
}


def journey(moment, offset, duration):
    from gridwords.moments import PERIODS, desk_day, from_text, parse_duration, parse_offset, period_bounds, system_clock, to_text

    read, zone = from_text(moment), parse_offset(offset)
    print(read.isoformat(), to_text(read), to_text(read.astimezone(zone)), zone)
    print(parse_duration(duration), system_clock().utcoffset())
    day = desk_day(read, zone)
    for period in PERIODS:
        for week_start in (0, 5, 6):
            first, last = period_bounds(day, period, week_start)
            print(day, period, week_start, first, last)
    print(to_text(read.replace(tzinfo=None)))
