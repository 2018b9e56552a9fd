"""Controllers pick the days of a report and the period that its lines stand for."""

WHO = "a controller"
SUBJECT = "Reporting period"
DETAIL = "The steps read no file and no setting."

CASES = {
    "a month": ("2024-02", "2024-02-29", "month"),
    "the first day of a month": ("2024-02", "2024-02-01", "day"),
    "the day before a month": ("2024-02", "2024-01-31", "day"),
    "the last month of a year": ("2023-12", "31 Dec 2023", "year"),
    "November": ("2023-11", "1 Nov. 2023", "month"),
    "a month that does not exist": ("2023-13", "2023-12-31", "month"),
    "a quarter": ("2024-Q1", "2024-03-31", "quarter"),
    "a quarter in small letters": ("2024q4", "2024-10-01", "quarter"),
    "the second quarter": ("2024-Q2", "2024-06-30", "quarter"),
    "the third quarter": ("2024-Q3", "2024-07-01", "quarter"),
    "a fifth quarter": ("2024-Q5", "2024-07-01", "quarter"),
    "a year": ("2024", "20241231", "year"),
    "a week at the turn of the year": ("2024", "2024-12-30", "week"),
    "a range with both ends": ("2024-03-01..2024-03-31", "2024/03/31", "month"),
    "a range without an end": ("2024-03-01..", "2024.03.01", "month"),
    "a range without a beginning": ("..2024-03-01", "2024-3-1", "month"),
    "a range of one day": ("2024-03-01..2024-03-01", "1-MAR-2024", "day"),
    "a range that ends before it begins": ("2024-03-02..2024-03-01", "2024-03-01", "day"),
    "a single day": (" 2024-03-01 ", "1 march 2024", "day"),
    "everything": ("..", "12 Sept 2023", "day"),
    "a time of day": ("..", "2024-03-01T10:15", "day"),
    "a time stamp of a bank": ("..", "2024-03-01 10:15:00.250", "day"),
    "a time stamp in UTC": ("..", "2024-03-01t10:15:00z", "day"),
    "a time stamp east of Greenwich": ("..", "2024-03-01T10:15+05:30", "day"),
    "a time stamp west of Greenwich": ("..", "2024-03-01T10:15-0800", "day"),
    "a leap day in another year": ("..", "2023-02-29", "day"),
    "mixed separators": ("..", "2024-03/01", "day"),
    "an unknown period": ("..", "2024-03-01", "fortnight"),
}


def journey(days, day, period):
    from ledgerlines.dates import bucket, parse_day, parse_range

    chosen = parse_range(days)
    booked = parse_day(day)
    print(chosen, booked, booked in chosen)
    print(bucket(booked, period))
