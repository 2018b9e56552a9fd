import json
from datetime import date
from decimal import Decimal

from builders import make_match
from gridwords.boards import Reason, Verdict
from gridwords.reports import (
    Table,
    match_table,
    solution_table,
    standings_table,
    to_csv,
    to_json,
    to_text,
    trail,
    verdict_table,
    write_report,
)
from gridwords.sessions import Standing

TABLE = Table("Animals", ("name", "legs"), [("Gnu, café", 4), ("duck", 12)])
DAY = date(2024, 3, 1)


def test_trail():
    assert trail(make_match("CAT", (0, 0), (1, 1), (1, 27))) == "A1-B2-AB2"


def test_matches():
    found = {
        "AB": [make_match("AB", (0, 0), (0, 1)), make_match("AB", (1, 0), (0, 1))],
        "CD": [],
    }
    table = match_table(found)
    assert (table.title, table.columns) == ("Words in the grid", ("word", "match", "path"))
    assert table.rows == [("AB", 1, "A1-B1"), ("AB", 2, "A2-B1"), ("CD", 0, "")]


def test_solutions():
    table = solution_table([make_match("TIGER", (0, 0), (0, 1))])
    assert (table.title, table.columns) == ("Words on the board", ("word", "points", "path"))
    assert table.rows == [("TIGER", 2, "A1-B1")]


def test_verdicts():
    table = verdict_table([Verdict("CAT", Reason.SCORED, 1), Verdict("X", Reason.LATE)])
    assert (table.title, table.columns) == ("Game", ("word", "points", "verdict"))
    assert table.rows == [("CAT", 1, "scored"), ("X", 0, "out of time")]


def standing_rows(top):
    rows = [Standing("Ana", 1, 9, 2, 6), Standing("Bo", 2, 7, 1, 7), Standing("Cy", 2, 7, 3, 7)]
    return standings_table([*rows, Standing("Di", 4, 1, 1, 1)], {"Ana": Decimal("50.00")}, top)


def test_leaderboard():
    table = standing_rows(10)
    assert to_text(table).splitlines()[3] == "   1  Ana          9      2     6  50.00"
    assert table.title == "Leaderboard"
    assert table.columns == ("rank", "player", "points", "games", "best", "prize")
    assert table.rows[:2] == [(1, "Ana", 9, 2, 6, Decimal("50.00")), (2, "Bo", 7, 1, 7, "")]

    for top, shown in [(1, 1), (2, 3), (3, 3), (4, 4)]:
        assert len(standing_rows(top).rows) == shown


def test_text():
    assert to_text(TABLE) == (
        "Animals\n=======\nname       legs\nGnu, café     4\nduck         12\n"
    )

    table = Table(
        "T", ("a", "prize", "won"), [("x", Decimal("5.00"), Decimal(9)), ("y", Decimal(10), "")]
    )
    assert to_text(table).splitlines()[2:] == ["a  prize  won", "x   5.00  9", "y     10"]

    assert to_text(Table("None", ("a", "bc"), [])) == "None\n====\na  bc\n"


def test_csv():
    assert to_csv(TABLE) == 'name,legs\r\n"Gnu, café",4\r\nduck,12\r\n'


def test_json():
    text = to_json(TABLE)
    assert json.loads(text) == {
        "title": "Animals",
        "count": 2,
        "rows": [{"name": "Gnu, café", "legs": 4}, {"name": "duck", "legs": 12}],
    }
    assert text.startswith('{\n  "title": "Animals",\n') and text.endswith("}\n")
    assert "café" in text

    assert json.loads(to_json(Table("T", ("a",), [(Decimal("5.00"),)])))["rows"] == [{"a": "5.00"}]


def test_report_files(tmp_path):
    root = tmp_path / "out" / "reports"
    names = [
        "2024-03/top-2024-03-01.csv",
        "2024-03/top-2024-03-01.txt",
        "2024-03/top-2024-03-01.json",
    ]
    assert write_report(TABLE, root, DAY, "top", ["csv", "text", "json"]) == names
    assert (root / names[1]).read_text(encoding="utf-8") == to_text(TABLE)
    assert json.loads((root / names[2]).read_text(encoding="utf-8"))["count"] == 2


def test_names_of_report_files(tmp_path, backslashes):
    assert write_report(TABLE, tmp_path, DAY, "Top-Ana", ["csv"]) == [
        "2024-03/Top-Ana-2024-03-01.csv"
    ]
    assert [file.name for file in tmp_path.glob("*/*")] == ["Top-Ana-2024-03-01.csv"]


def test_report_is_utf8_with_the_line_ends_of_csv(tmp_path, other_machine):
    write_report(TABLE, tmp_path, DAY, "top", ["csv"])
    file = tmp_path / "2024-03" / "top-2024-03-01.csv"
    assert file.read_bytes() == 'name,legs\r\n"Gnu, café",4\r\nduck,12\r\n'.encode()


def test_report_of_the_same_day_is_replaced(tmp_path):
    write_report(TABLE, tmp_path, DAY, "top", ["csv"])
    write_report(Table("T", ("a",), []), tmp_path, DAY, "top", ["csv"])
    assert (tmp_path / "2024-03" / "top-2024-03-01.csv").read_bytes() == b"a\r\n"
