"""Support reads durations and moments out of merchants' letters and tries what the relay makes of them."""

WHO = "a colleague in merchant support"
SUBJECT = "Times and durations"
DETAIL = "The steps read no file and no setting."

CASES = {
    "milliseconds": ("250ms", "2024-03-01T08:00:00Z", 0),
    "seconds": ("90s", "2024-03-01T09:00:00+01:00", 0),
    "no time at all": ("0s", " 2024-03-01 ", 0),
    "minutes": ("5m", "2024-03-01", 60),
    "one and a half hours": ("1.5h", "2024-03-01", -90),
    "days in capitals": ("2D", "2024-02-29", 840),
    "hours and minutes": (" 1h 30m ", "2024-12-31", -720),
    "three parts without blanks": ("1d2h3s", "2024-03-01T08:00:00.123456+05:30", 330),
    "a blank before the unit": ("10 s", " 2024-03-01T23:59:59.999Z ", 0),
    "a number without a unit": ("120", "2024-03-01", 0),
    "a part without a unit": ("1h 30", "2024-03-01", 0),
    "a negative duration": ("-5s", "2024-03-01", 0),
    "words": ("5 minutes", "2024-03-01", 0),
    "no duration": ("  ", "2024-03-01", 0),
    "a moment without a zone": ("1s", "2024-03-01T08:00:00", 0),
    "a day that is none": ("1s", "2024-02-30", 0),
    "a word for a moment": ("1s", "yesterday", 0),
    "no moment": ("1s", "", 0),
}


def journey(duration, moment, minutes):
    from hookrelay.moments import from_text, offset_zone, parse_duration, parse_moment, to_text

    zone = offset_zone(minutes)
    print(parse_duration(duration).total_seconds(), "seconds")
    print(to_text(parse_moment(moment, zone)), from_text(to_text(parse_moment(moment, zone))))
    print(to_text(parse_moment("2024-03-01T08:00:00+01:00") + parse_duration(duration)), zone)
