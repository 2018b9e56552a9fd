"""Games of the office league are kept, and the leaderboard is made of them."""

WHO = "a player of the office league"
SUBJECT = "Leaderboard of the league"
DETAIL = "The prizes of the steps come to a hundred in all, for three ranks."

CASES = {
    "no games": ([], "all", "EUR"),
    "one game": ([("Ana", 5, "01T12:00")], "all", "EUR"),
    "games of three": ([("Ana", 5, "01T12:00"), ("Bo", 9, "01T12:01"), ("Cy", 7, "01T12:02")], "all", "EUR"),
    "games of five": ([(name, 9 - i, "01T12:00") for i, name in enumerate("ABCDE")], "all", "EUR"),
    "two games of one": ([("Ana", 5, "01T12:00"), ("Ana", 6, "02T12:00"), ("Bo", 9, "02T13:00")], "all", "EUR"),
    "a better game first": ([("Ana", 8, "01T12:00"), ("Ana", 3, "02T12:00"), ("Bo", 11, "02T13:00")], "all", "EUR"),
    "a name in capitals": ([("Ana", 5, "01T12:00"), ("ANA", 6, "02T12:00")], "all", "EUR"),
    "a name in capitals earlier": ([("ana", 5, "02T12:00"), ("ANA", 6, "01T12:00")], "all", "EUR"),
    "a name with a sharp s": ([("Strauß", 5, "01T12:00"), ("STRAUSS", 6, "02T12:00")], "all", "EUR"),
    "names with blanks": ([("  Ana   Ruiz ", 5, "01T12:00")], "all", "EUR"),
    "names that are not ASCII": ([("Zoë", 5, "01T12:00"), ("Łukasz", 6, "01T12:00")], "all", "EUR"),
    "the longest name": ([("n" * 24, 5, "01T12:00")], "all", "EUR"),
    "a name that is too long": ([("n" * 25, 5, "01T12:00")], "all", "EUR"),
    "no name": ([(" ", 5, "01T12:00")], "all", "EUR"),
    "a name with a bell": ([("a\x07", 5, "01T12:00")], "all", "EUR"),
    "a board played twice": ([("Ana", 5, "01T12:00"), ("ANA", 9, "01T12:00")], "all", "EUR"),
    "two equals at the top": ([("Bo", 9, "01T12:00"), ("Ana", 9, "01T12:00"), ("Cy", 7, "01T12:00")], "all", "EUR"),
    "two equals in the middle": ([("Bo", 9, "01T12:00"), ("di", 7, "01T12:00"), ("Cy", 7, "01T12:00"), ("Al", 1, "01T12:00")], "all", "EUR"),
    "three equals": ([(name, 4, "01T12:00") for name in ("Cy", "Ana", "bo")], "all", "EUR"),
    "equals at the last prize": ([(name, score, "01T12:00") for name, score in [("A", 9), ("B", 8), ("C", 7), ("D", 7)]], "all", "EUR"),
    "equals beyond the prizes": ([(name, score, "01T12:00") for name, score in [("A", 9), ("B", 8), ("C", 7), ("D", 6), ("E", 6)]], "all", "EUR"),
    "the same points, a better game": ([("Ana", 5, "01T12:00"), ("Ana", 5, "02T12:00"), ("Bo", 10, "01T12:00")], "all", "EUR"),
    "a game of no points": ([("Ana", 0, "01T12:00")], "all", "EUR"),
    "games of the day": ([("Ana", 5, "04T21:59"), ("Bo", 6, "04T22:00"), ("Cy", 7, "05T21:59"), ("Di", 8, "05T22:00")], "day", "EUR"),
    "games of the week": ([("Ana", 5, "03T21:59"), ("Bo", 6, "03T22:00"), ("Cy", 7, "10T21:59"), ("Di", 8, "10T22:00")], "week", "EUR"),
    "games of the month": ([("Ana", 5, "01T00:00"), ("Bo", 6, "31T21:59"), ("Cy", 7, "31T22:00")], "month", "EUR"),
    "pounds": ([("Ana", 5, "01T12:00"), ("Bo", 5, "01T12:00"), ("Cy", 5, "01T12:00")], "all", "GBP"),
    "dollars": ([("Ana", 5, "01T12:00"), ("Bo", 5, "01T12:00"), ("Cy", 5, "01T12:00")], "all", "USD"),
    "yen": ([("Ana", 5, "01T12:00"), ("Bo", 5, "01T12:00"), ("Cy", 5, "01T12:00")], "all", "JPY"),
    "dinars": ([("Ana", 5, "01T12:00"), ("Bo", 5, "01T12:00"), ("Cy", 5, "01T12:00")], "all", "KWD"),
}


def journey(games, period, currency):
    from datetime import date, timedelta, timezone
    from decimal import Decimal
    from pathlib import Path

    from gridwords.moments import from_text, period_bounds
    from gridwords.reports import standings_table, to_csv, to_json, to_text
    from gridwords.sessions import Prizes, Session, SessionStore, award, player_name, standings

    store = SessionStore(Path("league", "sessions"), timezone(timedelta(hours=2)))
    print(standings([Session(name, "b", from_text(f"2024-03-{at}"), score) for name, score, at in games]))
    for name, score, at in games:
        store.add(Session(player_name(name), f"b{at[:2]}", from_text(f"2024-03-{at}"), score, ("ÉTÉ",)))
    for file in sorted(Path("league").rglob("*.jsonl")):
        print(file.as_posix(), file.read_bytes())
    first, last = period_bounds(date(2024, 3, 5), period)
    print([str(day) for day in store.days()], first, last, [session.player for session in store.sessions()])
    rows = standings(store.sessions(first, last))
    won = award(rows, Prizes(Decimal(100), currency, (Decimal(50), Decimal(30), Decimal(20))))
    for show in (to_text, to_csv, to_json):
        print(show(standings_table(rows, won, 3)))
    for row in rows:
        store.add(Session(row.player.upper(), "b01", from_text("2024-03-09T12:00"), 1))
