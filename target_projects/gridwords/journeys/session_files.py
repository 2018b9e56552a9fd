"""Somebody has edited the files of the league by hand."""

WHO = "the treasurer of the office league"
SUBJECT = "Files of the league"
DETAIL = "The office of the steps keeps UTC."

GOOD = '{"player": "Ana", "board": "b1", "started": "2024-03-01T12:00:00Z", "points": 5, "words": ["CAT"]}'

CASES = {
    "a good line": ("2024/03-01.jsonl", GOOD),
    "two good lines": ("2024/03-01.jsonl", GOOD + "\n" + GOOD.replace("Ana", "Bo").replace("12:", "09:")),
    "a moment in another zone": ("2024/03-01.jsonl", GOOD.replace("12:00:00Z", "12:00:00+05:30")),
    "a moment without a zone": ("2024/03-01.jsonl", GOOD.replace("00Z", "00")),
    "a moment with blanks": ("2024/03-01.jsonl", GOOD.replace("00Z", "00Z ")),
    "no points": ("2024/03-01.jsonl", GOOD.replace(": 5", ": 0")),
    "points below zero": ("2024/03-01.jsonl", GOOD.replace(": 5", ": -1")),
    "points as text": ("2024/03-01.jsonl", GOOD.replace(": 5", ': "5"')),
    "half points": ("2024/03-01.jsonl", GOOD.replace(": 5", ": 5.5")),
    "points that are true": ("2024/03-01.jsonl", GOOD.replace(": 5", ": true")),
    "a moment that is none": ("2024/03-01.jsonl", GOOD.replace("2024-03-01T12:00:00Z", "noon")),
    "a moment that is a number": ("2024/03-01.jsonl", GOOD.replace('"2024-03-01T12:00:00Z"', "7")),
    "words that are a number": ("2024/03-01.jsonl", GOOD.replace('["CAT"]', "7")),
    "a name of blanks": ("2024/03-01.jsonl", GOOD.replace("Ana", "  ")),
    "a missing field": ("2024/03-01.jsonl", GOOD.replace('"board": "b1", ', "")),
    "a field too many": ("2024/03-01.jsonl", GOOD.replace('"board"', '"colour": 1, "board"')),
    "a list": ("2024/03-01.jsonl", "[]"),
    "a number": ("2024/03-01.jsonl", "7"),
    "a broken second line": ("2024/03-01.jsonl", GOOD + "\n{oops"),
    "the 30th of February": ("2024/02-30.jsonl", GOOD),
    "the 29th of February": ("2024/02-29.jsonl", GOOD),
    "a file of another name": ("2024/3-1.jsonl", GOOD),
    "a file of letters": ("2024/ab-cd.jsonl", GOOD),
    "a file of another kind": ("2024/03-01.json", GOOD),
    "a file in no year": ("03-01.jsonl", GOOD),
}


def journey(name, text):
    from datetime import date, timedelta, timezone
    from pathlib import Path

    from gridwords.sessions import SessionStore

    Path("sessions", name).parent.mkdir(parents=True, exist_ok=True)
    Path("sessions", name).write_text(text + "\n", encoding="utf-8")
    for day in ("2024/03-02", "2023/12-31"):
        Path("sessions", f"{day}.jsonl").parent.mkdir(parents=True, exist_ok=True)
        Path("sessions", f"{day}.jsonl").touch()
    store = SessionStore(Path("sessions"), timezone(timedelta(0)))
    print([str(day) for day in store.days()], store.file(date(2024, 3, 1)).as_posix())
    for session in store.sessions():
        print(session)
    print(len(store.sessions(date(2024, 3, 1), date(2024, 3, 1))), len(store.sessions(date(2024, 3, 2))))
