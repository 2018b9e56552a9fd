"""An operator changes a setting and looks at what the tool makes of it."""

WHO = "an operator of the puzzle desk"
SUBJECT = "Settings of the tool"
DETAIL = "Two other settings files are made in the steps, one of them in the home folder."

CASES = {
    "no settings at all": ("", {}),
    "other words": ('[words]\nmin_length = 4\nmax_length = 9\naccents = " Fold "', {}),
    "other lists": ('[lists]\nfolder = "w"\npattern = "*.lst"\nencoding = "Latin-1"\ncomment = ";"\nmax_expansion = 7', {}),
    "lists without comments": ('[lists]\ncomment = ""', {}),
    "another search": ('[grids]\nwrap = true\n[search]\nneighbours = 4\nstraight = false\nmax_matches = 7', {}),
    "other boards": ('[boards]\nfolder = "b"\nmin_length = 4\nneighbours = 4\ntime_limit = "90s"\ngrace = "1s"', {}),
    "other puzzles": ('[puzzles]\nfolder = "p"\nwidth = 7\nheight = 9\ndifficulty = "Easy"\nfullness = 35\nattempts = 3', {}),
    "other sessions": ('[sessions]\nfolder = "../s"\nutc_offset = "-03:30"\nweek_start = "Sat"\ntop = 4', {}),
    "other prizes": ('[prizes]\npot = "12.5"\ncurrency = "jpy"\nshares = " 70 ,, 30"', {}),
    "other reports": ('[reports]\nfolder = "r"\nformats = "JSON, csv, json"', {}),
    "a folder at home": ("", {"LISTS_FOLDER": "~/words"}),
    "a file and a variable": ("[sessions]\ntop = 7", {"SESSIONS_TOP": " 8 "}),
    "a variable that is empty": ("[sessions]\ntop = 7", {"SESSIONS_TOP": " "}),
    "a file by variable": ("", {"CONFIG": "other.toml"}),
    "a file at home": ("", {"CONFIG": "~/other.toml"}),
    "a file that is not there": ("", {"CONFIG": "none.toml"}),
    "the shortest words": ("", {"WORDS_MIN_LENGTH": "1"}),
    "words of no length": ("", {"WORDS_MIN_LENGTH": "0"}),
    "shortest words as long as the longest": ("", {"WORDS_MIN_LENGTH": "15"}),
    "shortest words of 16": ("", {"WORDS_MIN_LENGTH": "16", "WORDS_MAX_LENGTH": "20"}),
    "the longest words": ("", {"WORDS_MAX_LENGTH": "50"}),
    "longest words that are too long": ("", {"WORDS_MAX_LENGTH": "51"}),
    "longest words below the shortest": ("", {"WORDS_MAX_LENGTH": "2"}),
    "dropped accents": ("", {"WORDS_ACCENTS": "drop"}),
    "patterns of one word": ("", {"LISTS_MAX_EXPANSION": "1"}),
    "patterns of no word": ("", {"LISTS_MAX_EXPANSION": "0"}),
    "patterns of 10000 words": ("", {"LISTS_MAX_EXPANSION": "10000"}),
    "patterns of 10001 words": ("", {"LISTS_MAX_EXPANSION": "10001"}),
    "six neighbours": ("", {"SEARCH_NEIGHBOURS": "6"}),
    "one match": ("", {"SEARCH_MAX_MATCHES": "1"}),
    "no match": ("", {"SEARCH_MAX_MATCHES": "0"}),
    "10000 matches": ("", {"SEARCH_MAX_MATCHES": "10000"}),
    "10001 matches": ("", {"SEARCH_MAX_MATCHES": "10001"}),
    "straight words by yes": ("", {"SEARCH_STRAIGHT": "YES", "GRIDS_WRAP": "on"}),
    "straight words by no": ("", {"SEARCH_STRAIGHT": "no", "GRIDS_WRAP": "off"}),
    "straight words by maybe": ("", {"SEARCH_STRAIGHT": "maybe"}),
    "a wrap of maybe": ("", {"GRIDS_WRAP": "maybe"}),
    "games of one letter": ("", {"BOARDS_MIN_LENGTH": "1"}),
    "games of no letters": ("", {"BOARDS_MIN_LENGTH": "0"}),
    "games of eight letters": ("", {"BOARDS_MIN_LENGTH": "8"}),
    "games of nine letters": ("", {"BOARDS_MIN_LENGTH": "9"}),
    "games with five neighbours": ("", {"BOARDS_NEIGHBOURS": "5"}),
    "the shortest game": ("", {"BOARDS_TIME_LIMIT": "10s"}),
    "too short a game": ("", {"BOARDS_TIME_LIMIT": "9s"}),
    "the longest game": ("", {"BOARDS_TIME_LIMIT": "60m"}),
    "too long a game": ("", {"BOARDS_TIME_LIMIT": "3601s"}),
    "no grace": ("", {"BOARDS_GRACE": "0s"}),
    "a minute of grace": ("", {"BOARDS_GRACE": "60s"}),
    "more than a minute of grace": ("", {"BOARDS_GRACE": "61s"}),
    "grace without a unit": ("", {"BOARDS_GRACE": "5"}),
    "the smallest puzzle": ("", {"PUZZLES_WIDTH": "3", "PUZZLES_HEIGHT": "3"}),
    "too narrow a puzzle": ("", {"PUZZLES_WIDTH": "2"}),
    "too low a puzzle": ("", {"PUZZLES_HEIGHT": "2"}),
    "the largest puzzle": ("", {"PUZZLES_WIDTH": "50", "PUZZLES_HEIGHT": "50"}),
    "too wide a puzzle": ("", {"PUZZLES_WIDTH": "51"}),
    "too high a puzzle": ("", {"PUZZLES_HEIGHT": "51"}),
    "a hard puzzle": ("", {"PUZZLES_DIFFICULTY": "HARD"}),
    "an evil puzzle": ("", {"PUZZLES_DIFFICULTY": "evil"}),
    "a puzzle ten per cent full": ("", {"PUZZLES_FULLNESS": "10", "PUZZLES_ATTEMPTS": "1"}),
    "a puzzle nine per cent full": ("", {"PUZZLES_FULLNESS": "9"}),
    "a full puzzle": ("", {"PUZZLES_FULLNESS": "100", "PUZZLES_ATTEMPTS": "1000"}),
    "a puzzle more than full": ("", {"PUZZLES_FULLNESS": "101"}),
    "no attempts": ("", {"PUZZLES_ATTEMPTS": "0"}),
    "1001 attempts": ("", {"PUZZLES_ATTEMPTS": "1001"}),
    "weeks from Sunday": ("", {"SESSIONS_WEEK_START": "Sun"}),
    "weeks from Tuesday": ("", {"SESSIONS_WEEK_START": "tue"}),
    "weeks from Wednesday": ("", {"SESSIONS_WEEK_START": "wed"}),
    "weeks from Thursday": ("", {"SESSIONS_WEEK_START": "thu"}),
    "weeks from Friday": ("", {"SESSIONS_WEEK_START": "fri"}),
    "weeks from a long name": ("", {"SESSIONS_WEEK_START": "monday"}),
    "a zone by name": ("", {"SESSIONS_UTC_OFFSET": "CET"}),
    "one rank": ("", {"SESSIONS_TOP": "1"}),
    "no rank": ("", {"SESSIONS_TOP": "0"}),
    "500 ranks": ("", {"SESSIONS_TOP": "500"}),
    "501 ranks": ("", {"SESSIONS_TOP": "501"}),
    "an empty pot": ("", {"PRIZES_POT": "0"}),
    "a pot below zero": ("", {"PRIZES_POT": "-1"}),
    "a pot of words": ("", {"PRIZES_POT": "lots"}),
    "a pot that is no number": ("", {"PRIZES_POT": "NaN"}),
    "shares of all": ("", {"PRIZES_SHARES": "60, 40"}),
    "shares of more than all": ("", {"PRIZES_SHARES": "60, 40, 0.1"}),
    "shares in words": ("", {"PRIZES_SHARES": "half"}),
    "no shares": ("", {"PRIZES_SHARES": ","}),
    "pounds": ("", {"PRIZES_CURRENCY": "GBP"}),
    "dollars": ("", {"PRIZES_CURRENCY": "usd"}),
    "dinars": ("", {"PRIZES_CURRENCY": "KWD"}),
    "an unknown currency": ("", {"PRIZES_CURRENCY": "doge"}),
    "reports as spreadsheets": ("", {"REPORTS_FORMATS": "csv, xls"}),
    "no reports": ("", {"REPORTS_FORMATS": ","}),
    "a misspelt setting": ("[words]\nlongest = 5", {}),
    "a misspelt section": ("[wrods]\nmin_length = 5", {}),
    "a setting outside its section": ("words = 5", {}),
    "a broken file": ("[words", {}),
}


def journey(text, environ):
    import os
    from pathlib import Path

    from gridwords.settings import load

    os.environ["HOME"] = str(Path.cwd() / "home")
    Path("home").mkdir()
    Path("gridwords.toml").write_text(text, encoding="utf-8")
    Path("other.toml").write_text("[sessions]\ntop = 5\n[lists]\ncomment = \"§\"", encoding="utf-8")
    Path("home/other.toml").write_text("[sessions]\ntop = 6", encoding="utf-8")
    settings = load(environ={f"GRIDWORDS_{name}": value for name, value in environ.items()})
    for section in ("lists", "boards", "puzzles", "sessions", "reports"):
        print(section, settings.folder(section))
    for section in ("words", "lists", "wrap", "search", "boards", "puzzles", "sessions", "prizes", "report_formats"):
        print(section, getattr(settings, section)())
