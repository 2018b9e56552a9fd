"""The desk works with the command line."""

WHO = "an editor at the puzzle desk"
SUBJECT = "Command line"
DETAIL = "The clock of the steps stands at half past ten in the evening, in UTC."

CASES = {
    "a brace pattern": (["expand c{a,u}t", "expand {1..501}", "expand c{a"], {}),
    "a brace pattern with a limit": (["expand {1..3}"], {"LISTS_MAX_EXPANSION": "2"}),
    "a match": (["match C*", "match X*", "match S* -- -ST*"], {}),
    "a check": (["check"], {}),
    "a check with longer words": (["check"], {"WORDS_MIN_LENGTH": "4"}),
    "a check of no lists": (["check"], {"LISTS_FOLDER": "none"}),
    "a search": (["find day.grid", "find day.grid cat", "find day.grid cat cog"], {}),
    "a search in CSV and JSON": (["find day.grid --format csv", "find day.grid --format json"], {}),
    "a search in four directions": (["find day.grid"], {"SEARCH_NEIGHBOURS": "4"}),
    "a search across the edge": (["find day.grid atc"], {"GRIDS_WRAP": "yes"}),
    "a search for bending words": (["find day.grid cao"], {"SEARCH_STRAIGHT": "no"}),
    "a search for nothing": (["find none.grid cat"], {}),
    "a search for faulty words": (["find day.grid c4t"], {}),
    "a solution": (["solve b1", "solve b1 --format csv", "solve none"], {}),
    "a solution with longer words": (["solve b1"], {"BOARDS_MIN_LENGTH": "4"}),
    "a solution with four neighbours": (["solve b1"], {"BOARDS_NEIGHBOURS": "4"}),
    "a solution across the edge": (["solve b2"], {"GRIDS_WRAP": "yes"}),
    "a game": (["play b1 Ana cat care", "top"], {}),
    "a game without words": (["play b1 Ana", "top"], {}),
    "a game that is played twice": (["play b1 Ana cat", "play b1 ana care", "top"], {}),
    "a game of two": (["play b1 Ana cat", "play b1 Bo cat care carts xyz", "top --period day"], {}),
    "a game to the end": (["play b1 Ana cat --started 2024-03-01T22:26:55Z", "play b1 Bo cat --started 2024-03-01T22:26:54Z"], {}),
    "a game with more time": (["play b1 Ana cat --started 2024-03-01T22:20:00Z --format csv"], {"BOARDS_TIME_LIMIT": "10m"}),
    "a leaderboard of nothing": (["top"], {}),
    "a leaderboard with a report": (["play b1 Zoë cat", "top --report --period month"], {}),
    "a leaderboard with three reports": (["play b1 Zoë cat", "top --report --format json"], {"REPORTS_FORMATS": "json, text, csv", "REPORTS_FOLDER": "out/r"}),
    "a leaderboard of two": (["play b1 A cat care", "play b1 B cat", "play b2 C cat", "top --format csv"], {"SESSIONS_TOP": "1"}),
    "leaderboards of other periods": (["play b1 A cat --started 2024-02-25T12:00:00Z", "play b1 B cat --started 2024-02-26T12:00:00Z", "top", "top --period month", "top --period all"], {}),
    "a leaderboard of weeks from Sunday": (["play b1 A cat --started 2024-02-25T12:00:00Z", "top"], {"SESSIONS_WEEK_START": "sun"}),
    "a puzzle": (["puzzle tiger lion gnu --seed 7", "find puzzles/2024-03-01.grid"], {}),
    "a puzzle that is made twice": (["puzzle tiger --seed 7", "puzzle lion --seed 7"], {}),
    "the puzzle of the next day": (["puzzle tiger --seed 7 ", "find puzzles/2024-03-02.grid --format csv"], {"SESSIONS_UTC_OFFSET": "+02:00"}),
    "a puzzle of another size": (["puzzle tiger lion ion --seed 3"], {"PUZZLES_WIDTH": "6", "PUZZLES_HEIGHT": "5", "PUZZLES_DIFFICULTY": "easy"}),
    "a puzzle of short words": (["puzzle at"], {}),
    "a faulty setting": (["top", "find day.grid cat"], {"PRIZES_POT": "x"}),
    "a faulty moment": (["--at noon top"], {}),
}


def journey(commands, environ):
    import contextlib
    import sys
    from datetime import datetime, timezone
    from pathlib import Path

    from gridwords.cli import main

    for folder in ("lists", "boards"):
        Path(folder).mkdir()
    Path("lists/a.txt").write_text("cat\nc{are,arts}\nsting\nsing\nsea\n", encoding="utf-8")
    Path("lists/b.txt").write_text("# encoding: utf-8\n!sing\nété\nat\ntax\n", encoding="utf-8")
    Path("day.grid").write_text("words: cat, cog\nCAT\nXOX\nXXG\n", encoding="utf-8")
    Path("boards/b1.grid").write_text("C A T\nS R E\n", encoding="utf-8")
    Path("boards/b2.grid").write_text("AXXT\nXXXX\nXXXX\n", encoding="utf-8")
    environ = {f"GRIDWORDS_{name}": value for name, value in environ.items()}
    now = datetime(2024, 3, 1, 22, 30, tzinfo=timezone.utc)
    with contextlib.redirect_stderr(sys.stdout):
        for command in commands:
            print(command, "gives", main(command.split(), environ, lambda: now))
    for file in sorted(Path.cwd().glob("*/**/*-*.*")):
        print(file.relative_to(Path.cwd()).as_posix(), file.read_bytes())
