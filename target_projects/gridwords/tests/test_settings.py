from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from builders import NO_FILE, environ
from gridwords.errors import SettingsError
from gridwords.settings import Settings, defaults, load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def section(name, **changes):
    return getattr(Settings({}, environ(**changes), Path.cwd()), name)()


def from_file(text):
    Path("gridwords.toml").write_text(text, encoding="utf-8")
    return load(environ=NO_FILE)


def offset(rules):
    return rules.zone.utcoffset(None)


def test_default_words_and_lists():
    rules = load(environ=NO_FILE).words()
    assert (rules.min_length, rules.max_length, rules.accents) == (3, 15, "keep")

    rules = load(environ=NO_FILE).lists()
    assert (rules.pattern, rules.encoding, rules.comment) == ("*.txt", "utf-8", "#")
    assert rules.max_expansion == 500


def test_default_search():
    settings = load(environ=NO_FILE)
    rules = settings.search()
    assert (rules.neighbours, rules.straight, rules.max_matches) == (8, True, 200)
    assert settings.wrap() is False


def test_default_boards():
    rules = load(environ=NO_FILE).boards()
    assert (rules.words.min_length, rules.search.neighbours) == (3, 8)
    assert (rules.time_limit, rules.grace) == (timedelta(minutes=3), timedelta(seconds=5))


def test_default_puzzles():
    rules = load(environ=NO_FILE).puzzles()
    assert (rules.width, rules.height, rules.difficulty) == (12, 12, "medium")
    assert (rules.fullness, rules.attempts) == (60, 20)


def test_default_league():
    rules = load(environ=NO_FILE).sessions()
    assert (offset(rules), rules.week_start, rules.top) == (timedelta(hours=1), 0, 10)

    rules = load(environ=NO_FILE).prizes()
    assert (rules.pot, rules.currency) == (Decimal("100.00"), "EUR")
    assert rules.shares == (Decimal(50), Decimal(30), Decimal(20))

    assert load(environ=NO_FILE).report_formats() == ("text", "csv")


def test_default_folders(tmp_path):
    settings = load(environ=NO_FILE)
    for name in ("lists", "boards", "puzzles", "sessions", "reports"):
        assert settings.folder(name) == tmp_path.resolve() / name


def test_defaults_are_found_from_any_folder(other_machine):
    assert defaults.__wrapped__()["words"]["max_length"] == 15


def test_words_and_lists_from_the_environment():
    rules = section("words", words_min_length="4", words_max_length="9", words_accents=" Fold ")
    assert (rules.min_length, rules.max_length, rules.accents) == (4, 9, "fold")

    rules = section(
        "lists",
        lists_folder="a/b",
        lists_pattern="*.lst",
        lists_encoding="Latin-1",
        lists_comment=";",
        lists_max_expansion="7",
    )
    assert rules.folder == Path.cwd().resolve() / "a" / "b"
    assert (rules.pattern, rules.encoding, rules.comment) == ("*.lst", "latin-1", ";")
    assert rules.max_expansion == 7


def test_search_from_the_environment():
    rules = section("search", search_neighbours="4", search_straight="no", search_max_matches="7")
    assert (rules.neighbours, rules.straight, rules.max_matches) == (4, False, 7)


def test_boards_from_the_environment():
    rules = section(
        "boards",
        boards_min_length="4",
        boards_neighbours="4",
        boards_time_limit="90s",
        boards_grace="1s",
        words_min_length="2",
        words_max_length="9",
        words_accents="fold",
    )
    assert (rules.words.min_length, rules.words.max_length, rules.words.accents) == (4, 9, "fold")
    assert rules.search.neighbours == 4
    assert (rules.time_limit, rules.grace) == (timedelta(seconds=90), timedelta(seconds=1))


def test_puzzles_from_the_environment():
    rules = section(
        "puzzles",
        puzzles_width="7",
        puzzles_height="9",
        puzzles_difficulty="EASY",
        puzzles_fullness="35",
        puzzles_attempts="3",
    )
    assert (rules.width, rules.height, rules.difficulty) == (7, 9, "easy")
    assert (rules.fullness, rules.attempts) == (35, 3)


def test_league_from_the_environment():
    rules = section(
        "sessions", sessions_utc_offset="-03:30", sessions_week_start="Sat", sessions_top="4"
    )
    assert (offset(rules), rules.week_start, rules.top) == (-timedelta(hours=3, minutes=30), 5, 4)

    rules = section("prizes", prizes_pot="12.5", prizes_currency="jpy", prizes_shares=" 70 , , 30")
    assert (rules.pot, rules.currency) == (Decimal("12.5"), "JPY")
    assert rules.shares == (Decimal(70), Decimal(30))

    assert section("report_formats", reports_formats="JSON , csv,json") == ("json", "csv")
    assert len(section("report_formats", reports_formats="csv,json,text")) == 3


def test_switches():
    for word in ["yes", "TRUE", "on"]:
        assert section("wrap", grids_wrap=word) is True

    for word in ["no", "False", "off"]:
        assert section("wrap", grids_wrap=word) is False


LIMITS = {
    "words": [("min_length", "1", "15", "0", "16"), ("max_length", "3", "50", "2", "51")],
    "lists": [("max_expansion", "1", "10000", "0", "10001")],
    "search": [("max_matches", "1", "10000", "0", "10001")],
    "boards": [
        ("min_length", "1", "8", "0", "9"),
        ("time_limit", "10s", "1h", "9s", "1h 1s"),
        ("grace", "0s", "1m", "", "61s"),
    ],
    "puzzles": [
        ("width", "3", "50", "2", "51"),
        ("height", "3", "50", "2", "51"),
        ("fullness", "10", "100", "9", "101"),
        ("attempts", "1", "1000", "0", "1001"),
    ],
    "sessions": [("top", "1", "500", "0", "501")],
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name):
    for key, least, most, below, above in LIMITS[name]:
        room = {"words_max_length": "40"} if key == "min_length" else {}
        for value in (least, most):
            section(name, **{**room, f"{name}_{key}": value})
        for value in filter(None, (below, above)):
            with pytest.raises(SettingsError, match=f"{name}.{key}"):
                section(name, **{**room, f"{name}_{key}": value})


def test_longest_word_is_not_below_the_shortest():
    assert section("words", words_min_length="9", words_max_length="9").max_length == 9
    with pytest.raises(SettingsError, match="words.max_length must be 9 to 50, got '8'"):
        section("words", words_min_length="9", words_max_length="8")


FAULTY = {
    "words": {"min_length": ["three", "1.5"], "accents": ["drop"]},
    "search": {"neighbours": ["6", "eight"], "straight": ["maybe", "2"]},
    "boards": {"neighbours": ["5"], "grace": ["5"]},
    "puzzles": {"difficulty": ["evil"]},
    "sessions": {"utc_offset": ["CET"], "week_start": ["monday"]},
    "prizes": {
        "currency": ["doge"],
        "pot": ["lots", "-1", "NaN"],
        "shares": ["50, x", "60, 40, 0.1"],
    },
}


def test_faulty_values():
    for name, keys in FAULTY.items():
        for key, values in keys.items():
            for value in values:
                with pytest.raises(SettingsError, match=f"{name}.{key}"):
                    section(name, **{f"{name}_{key}": value})


def test_faulty_report_formats():
    for value in ("csv, xls", ","):
        with pytest.raises(SettingsError, match="reports.formats"):
            section("report_formats", reports_formats=value)


def test_pots_and_currencies():
    assert section("prizes", prizes_pot="0").pot == 0

    for code in ["EUR", "GBP", "USD", "JPY", "KWD"]:
        assert section("prizes", prizes_currency=code).currency == code


def test_settings_from_a_file():
    settings = from_file(
        '[search]\nneighbours = 4\nstraight = false\n[words]\naccents = " FOLD "\n'
    )
    assert (settings.search().neighbours, settings.search().straight) == (4, False)
    assert settings.words().accents == "fold"

    assert from_file('[lists]\ncomment = ""\n').lists().comment == ""


def test_environment_wins_over_the_file_unless_empty():
    Path("gridwords.toml").write_text("[sessions]\ntop = 7\n", encoding="utf-8")
    assert load(environ={"GRIDWORDS_SESSIONS_TOP": " 8 "}).sessions().top == 8
    assert load(environ={"GRIDWORDS_SESSIONS_TOP": " "}).sessions().top == 7


def test_variable_names_the_file_unless_a_path_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    Path("a.toml").write_text("[sessions]\ntop = 7\n", encoding="utf-8")
    Path("b.toml").write_text("[sessions]\ntop = 8\n", encoding="utf-8")
    named = {"GRIDWORDS_CONFIG": "~/a.toml"}
    assert load(environ=named).sessions().top == 7
    assert load(Path("b.toml"), named).sessions().top == 8
    assert load(environ={"GRIDWORDS_CONFIG": ""}).sessions().top == 10


def test_folder_named_like_the_usual_file_is_no_settings_file():
    Path("gridwords.toml").mkdir()
    assert load(environ=NO_FILE).sessions().top == 10


def test_folders_start_at_the_file():
    Path("conf").mkdir()
    Path("conf/x.toml").write_text('[lists]\nfolder = "../words"\n', encoding="utf-8")
    settings = load(Path("conf/x.toml"), {})
    assert settings.folder("lists") == Path.cwd().resolve() / "words"
    assert settings.folder("boards") == Path.cwd().resolve() / "conf" / "boards"


def test_folders_stay_when_the_program_moves(tmp_path, monkeypatch):
    Path("x.toml").write_text("", encoding="utf-8")
    settings = load(Path("x.toml"), {})
    monkeypatch.chdir(tmp_path.parent)
    assert settings.folder("lists") == tmp_path.resolve() / "lists"


def test_home_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "ana"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "ana"))
    settings = load(environ=environ(lists_folder="~/words"))
    assert settings.folder("lists") == tmp_path.resolve() / "ana" / "words"


def test_file_is_read_in_utf8(other_machine):
    Path("x.toml").write_bytes('[lists]\ncomment = "§"\n'.encode())
    assert load(Path("x.toml"), {}).lists().comment == "§"


def test_faulty_files():
    for text, message in [
        ("[serch]\n", r"unknown section \[serch\]"),
        ("search = 5\n", r"unknown section \[search\]"),
        ("[search]\nway = 5\n", "unknown setting search.way"),
        ("[search\n", "gridwords.toml: "),
    ]:
        with pytest.raises(SettingsError, match=message):
            from_file(text)

    with pytest.raises(SettingsError, match="no settings file none.toml"):
        load(Path("none.toml"), {})
    Path("old.toml").write_bytes(b'[lists]\ncomment = "\xa7"\n')
    with pytest.raises(SettingsError, match="old.toml: .*utf-8"):
        load(Path("old.toml"), {})


def test_sections_do_not_disturb_each_other():
    settings = load(environ=environ(search_neighbours="7", prizes_pot="x"))
    assert settings.words().max_length == 12
