"""An operator writes times, durations and zones in files and on the command line."""

WHO = "an operator of the gateways"
SUBJECT = "Times and durations"
DETAIL = "No pool is needed for this: the text is read by itself."

CASES = {
    "milliseconds": ("duration", "250ms"),
    "seconds": ("duration", "30s"),
    "minutes in capitals": ("duration", " 5 M "),
    "hours and minutes": ("duration", "1h30m"),
    "all units": ("duration", "1d 2h 3m 4s 5ms"),
    "no unit": ("duration", "300"),
    "half an hour": ("duration", "0.5h"),
    "an empty duration": ("duration", ""),
    "a zone in the east": ("zone", "+05:30"),
    "a zone without a colon": ("zone", "-0330"),
    "a zone by the letter": ("zone", "z"),
    "a zone by its name": ("zone", "utc"),
    "a zone with blanks": ("zone", " +01:00 "),
    "a moment of India": ("show", "2024-03-05T09:30:00.125999+05:30"),
    "a moment of nowhere": ("show", "2024-03-05T09:30:00"),
    "the last zone": ("zone", "+14:00"),
    "a zone beyond the last": ("zone", "+14:01"),
    "a zone with a third number": ("zone", "+05:30:15"),
    "sixty minutes": ("zone", "+05:60"),
    "a moment with a zone": ("moment", "2024-03-05T09:30:00.125+05:30"),
    "a moment without a zone": ("moment", " 2024-03-05T09:30 "),
    "a moment that is none": ("moment", "yesterday"),
    "a time stamp of a log": ("log", "05/Mar/2024:09:30:01 -0330"),
    "the last second of a leap year": ("log", "31/DEC/2024:23:59:59 +0000"),
    "January": ("log", "01/jan/2024:00:00:00 +0000"),
    "a leap day": ("log", "29/Feb/2024:00:00:00 +1400"),
    "a leap day that never was": ("log", "29/Feb/2023:00:00:00 +0000"),
    "hour 25": ("log", "05/Mar/2024:25:00:00 +0000"),
    "an unknown month": ("log", "05/Mai/2024:09:30:00 +0000"),
    "a time stamp without a zone": ("log", "05/Mar/2024:09:30:00"),
    "days before midnight in India": ("day", "2024-03-05T18:29:59Z"),
    "days at midnight in India": ("day", "2024-03-05T18:30:00Z"),
    "days at midnight": ("day", "2024-02-29T00:00:00Z"),
}


def journey(kind, text):
    from datetime import datetime

    from poolkeeper import moments

    if kind == "duration":
        clock = moments.ManualClock("2024-03-05T09:30:00Z")
        clock.forward(text)
        print(moments.parse_duration(text), clock())
    elif kind == "zone":
        print(moments.parse_zone(text))
    elif kind == "moment":
        moment = moments.parse_moment(text)
        print(moment, moment.tzinfo, moments.show_moment(moment))
    elif kind == "show":
        print(moments.show_moment(datetime.fromisoformat(text)))
    elif kind == "log":
        print(moments.parse_log_time(text))
    else:
        moment = moments.parse_moment(text)
        for name in ("Z", "+05:30", "-05:00"):
            zone = moments.parse_zone(name)
            print(name, moments.local_day(moment, zone), moments.next_midnight(moment, zone))
