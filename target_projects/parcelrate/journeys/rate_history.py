"""Rates come in day by day; the desk works with the latest."""

WHO = "a clerk at the quotes desk"
SUBJECT = "Rate history"
DETAIL = "The desk of the steps is an hour east of UTC."

CASES = {
    "no rates yet": ([], [], "05T12:00", 36, 10),
    "rates of the same minute": (["05T12:00"], [], "05T12:00", 36, 10),
    "rates from the future": (["05T12:01"], [], "05T12:00", 36, 10),
    "old and new rates": (["04T12:00", "05T12:00", "05T08:00"], [], "05T13:00", 36, 10),
    "rates of the day before": (["04T12:00", "05T14:00"], [], "05T13:00", 36, 10),
    "two files in a second": (["05T12:00", "05T12:00"], [], "05T13:00", 36, 10),
    "eleven files in a second": (["05T12:00"] * 11, [], "05T13:00", 36, 10),
    "rates that are just young enough": (["04T12:00"], [], "05T12:00", 24, 10),
    "rates that are just too old": (["04T11:59"], [], "05T12:00", 24, 10),
    "the last minute of the day": (["05T22:59", "05T23:00"], [], "05T23:30", 24, 10),
    "a new year": (["01T00:00"], ["2023/12/31/rates-235959.txt"], "01T01:00", 24, 10),
    "other files": ([], ["2024/03/05/rates-13000.txt", "2024/03/05/xrates-130000.txt", "2024/03/05/rates-130000-.txt", "rates-130000.txt", "2024/03/05/rates-120000.txt.txt", "2024/03/05/rates-120000.bak"], "05T12:00", 36, 10),
    "an hour that is none": ([], ["2024/03/05/rates-250000.txt", "2024/03/05/rates-115959.txt"], "05T12:00", 36, 10),
    "a day that is none": ([], ["2024/02/30/rates-120000.txt", "2024/3/5/rates-120000.txt"], "05T12:00", 36, 10),
    "numbered files": ([], ["2024/03/05/rates-120000-10.txt", "2024/03/05/rates-120000-9.txt", "2024/03/05/rates-120000.txt"], "05T12:00", 36, 10),
    "the oldest day that is kept": (["03T12:00", "05T12:00"], [], "05T12:00", 36, 3),
    "a day too old": (["02T12:00", "05T12:00"], [], "05T12:00", 36, 3),
    "a history of today only": (["04T12:00", "05T12:00", "04T13:00"], [], "05T12:00", 36, 1),
    "days out of order": (["01T12:00", "05T12:00", "02T13:00", "03T13:00"], ["2023/12/31/rates-120000.txt"], "05T12:00", 36, 2),
}


def journey(saved, put, moment, max_hours, keep_days):
    from datetime import datetime, timedelta, timezone
    from pathlib import Path

    from parcelrate.errors import StaleRates
    from parcelrate.history import RateHistory
    from parcelrate.ratestrings import parse_rates

    def at(text):
        return datetime.fromisoformat(f"2024-03-{text}:00+00:00")

    history = RateHistory(Path("data/rates"), timezone(timedelta(hours=1)))
    for number, text in enumerate(saved, start=1):
        path = history.save(parse_rates(f"USD:CAD:Årstad:{number}.50, EUR:CAD:UPS:2"), at(text), "früh" if number % 2 else "")
        print(path.as_posix(), path.read_bytes())
    for number, name in enumerate(put):
        Path("data/rates", name).parent.mkdir(parents=True, exist_ok=True)
        Path("data/rates", name).write_text(f"USD:CAD:Ö:{number + 100}", encoding="utf-8")
    print([(str(day), number, path.name) for day, number, path in history.snapshots()])
    try:
        print([str(rate.value) for rate in history.latest(at(moment), timedelta(hours=max_hours))])
    except StaleRates as problem:
        print(problem)
    print([str(day) for day in history.prune(at(moment).date(), keep_days)], [path.name for _, _, path in history.snapshots()])
