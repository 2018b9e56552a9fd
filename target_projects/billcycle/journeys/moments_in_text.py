"""The accountants' import reads moments as other programs write them."""

WHO = "an accountant"
SUBJECT = "Moments in files"
DETAIL = "The steps write no file: the moment is read from a text."

CASES = {
    "a moment in UTC": ("2024-03-01T08:00:00+00:00", "+00:00"),
    "a moment in Z": ("2024-03-01T08:00:00Z", "+00:00"),
    "a moment without a zone": ("2024-03-01T08:00:00", "+01:00"),
    "a moment in India": ("2024-03-01T02:00:00+05:30", "+05:30"),
    "a moment of the day before": ("2024-03-01T00:30:00+02:00", "-05:00"),
    "a moment with fractions": ("2024-03-01T08:00:00.250000+00:00", "+00:00"),
    "the last moment of a leap day": ("2024-02-29T23:59:59-10:00", "+14:00"),
    "an office without an offset": ("2024-03-01T08:00:00Z", "somewhere"),
    "not a moment": ("yesterday", "+00:00"),
}


def journey(text, office):
    from billcycle.moments import from_text, office_day, parse_offset, to_text

    moment = from_text(text)
    print("read as", moment)
    print("written as", to_text(moment))
    print("at the office:", office_day(moment, parse_offset(office)))
