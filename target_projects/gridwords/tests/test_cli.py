import json
from datetime import datetime, timezone
from pathlib import Path
from random import Random

import pytest
from builders import environ
from gridwords.boards import tile_data
from gridwords.cli import main
from gridwords.puzzles import PuzzleRules, generate

NOON = datetime(2024, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, **settings):
        code = main(arguments, environ(**settings), lambda: NOON)
        return code, capsys.readouterr().out.splitlines()

    return run


def lay(name, text):
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_expand(run):
    assert run("expand", "c{a,u}t") == (0, ["cat", "cut"])
    assert run("expand", "{1..4}", lists_max_expansion="3")[0] == 1


def test_match(run):
    lay("lists/a.txt", "CAT\nCUT\nDOG\n")
    assert run("match", "C*", "--", "-CU*") == (0, ["CAT"])
    assert run("match", "X*") == (1, ["no words"])


def test_check(run):
    lay("lists/a.txt", "CAT\nCUT\n")
    assert run("check") == (0, ["a.txt: +2"])
    lay("lists/b.txt", "!cat\nat\n")
    assert run("check") == (
        1,
        ["a.txt: +2", "b.txt: -1", "skipped b.txt:2: AT has fewer than 3 letters"],
    )


def test_find(run):
    lay("x.grid", "CAT\nXOX\nXXG\n")
    assert run("find", "x.grid", "CAT", "COG") == (
        0,
        [
            "Words in the grid",
            "=================",
            "word  match  path",
            "CAT       1  A1-B1-C1",
            "COG       1  A1-B2-C3",
        ],
    )
    assert run("find", "x.grid", "COG", search_neighbours="4")[0] == 1

    lay("x.grid", "words: CAT, DOG\nCAT\n")
    assert run("find", "x.grid", "--format", "csv") == (
        1,
        ["word,match,path", "CAT,1,A1-B1-C1", "DOG,0,"],
    )
    assert run("find", "x.grid", "TAC", "--format", "csv")[1][1:] == ["TAC,1,C1-B1-A1"]


def test_find_across_the_edge(run):
    lay("x.grid", "TXCA\n")
    assert run("find", "x.grid", "CAT", grids_wrap="yes")[0] == 0
    assert run("find", "x.grid", "CAT")[0] == 1


def test_solve(run):
    lay("boards/b1.grid", "CAT\nSRE\n")
    lay("lists/a.txt", "CAT\nCARE\nSEA\n")
    code, lines = run("solve", "b1", "--format", "json")
    assert (code, json.loads("\n".join(lines))["rows"]) == (
        0,
        [
            {"word": "CARE", "points": 1, "path": "A1-B1-B2-C2"},
            {"word": "CAT", "points": 1, "path": "A1-B1-C1"},
        ],
    )

    lay("boards/b1.grid", "AXXT\nXXXX\nXXXX\n")
    lay("lists/a.txt", "TAX\n")
    assert len(run("solve", "b1", grids_wrap="yes")[1]) == 4


def test_play(run):
    lay("boards/b1.grid", "CAT\nSRE\n")
    lay("lists/a.txt", "CAT\nCARE\n")
    assert run("play", "b1", " Ana ", "CAT", "COT", "CARE") == (
        0,
        [
            "Game",
            "====",
            "word  points  verdict",
            "CAT        1  scored",
            "COT        0  not in the lists",
            "CARE       1  scored",
        ],
    )
    line = Path("sessions/2024/03-01.jsonl").read_text(encoding="utf-8")
    assert json.loads(line) == {
        "player": "Ana",
        "board": "b1",
        "started": "2024-03-01T12:00:00Z",
        "points": 2,
        "words": ["CAT", "CARE"],
    }


def test_play_that_began_earlier(run):
    lay("boards/b1.grid", "CAT\n")
    lay("lists/a.txt", "CAT\n")
    played = run("play", "b1", "Ana", "CAT", "--started", "2024-03-01T11:57:49Z", "--format", "csv")
    assert played[1][1:] == ["CAT,0,out of time"]
    played = run("play", "b1", "Bo", "CAT", "--started", "2024-03-01T11:57:50Z", "--format", "csv")
    assert played[1][1:] == ["CAT,1,scored"]
    assert '"started": "2024-03-01T11:57:50Z"' in Path("sessions/2024/03-01.jsonl").read_text(
        "utf-8"
    )


def book(player, day, points):
    file = Path(f"sessions/2024/{day}.jsonl")
    file.parent.mkdir(parents=True, exist_ok=True)
    record = {"player": player, "board": day, "started": f"2024-{day}T10:00:00Z"}
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({**record, "points": points, "words": []}) + "\n")


def test_top_of_the_week(run):
    book("Ana", "02-24", 50)
    book("Bo", "02-25", 7)
    book("Cy", "03-01", 9)
    assert run("top", "--format", "csv") == (
        0,
        ["rank,player,points,games,best,prize", "1,Cy,9,1,9,54.00", "2,Bo,7,1,7,36.00"],
    )


def test_top_of_other_periods(run):
    book("Ana", "02-29", 50)
    book("Bo", "03-01", 7)
    for period, count in {"day": 1, "month": 1, "all": 2}.items():
        assert len(run("top", "--period", period)[1]) == 3 + count
    assert len(run("top", "--period", "all", sessions_top="1")[1]) == 4


def test_report_of_the_top(run):
    book("Zoë", "03-01", 9)
    lines = run("top", "--report", "--period", "month", reports_folder="out/r")[1]
    assert lines[-1] == "2024-03/top-month-2024-03-01.csv"
    text = Path("out/r/2024-03/top-month-2024-03-01.csv").read_bytes()
    assert text.endswith("1,Zoë,9,1,9,54.00\r\n".encode())


def test_no_report_unless_asked_for(run):
    book("Ana", "03-01", 9)
    assert len(run("top")[1]) == 4
    assert not Path("reports").exists()


def test_puzzle(run):
    code, lines = run("puzzle", "CAT", "DOG", "at", "--seed", "3", words_min_length="2")
    assert (code, lines[:3]) == (0, ["wrap: no", "words: CAT, DOG", ""])
    assert lines[8:] == ["left out: AT"]
    assert Path("puzzles/2024-03-01.grid").read_text("utf-8").splitlines() == lines[:8]

    rules = PuzzleRules(6, 5, "hard", 100, 50)
    made = generate(["CAT", "DOG"], rules, tile_data()["weights"], Random(3))
    assert lines[3:8] == [" ".join(row) for row in made.grid.rows]
    again = run("puzzle", "CAT", "DOG", "--seed", "3", puzzles_folder="p2")
    assert again == (0, lines[:8])


def test_puzzle_of_the_desk_day(run):
    main(["--at", "2024-03-01T22:30:00Z", "puzzle", "CAT"], environ(), lambda: NOON)
    assert Path("puzzles/2024-03-02.grid").exists()


def test_expected_errors(run, capsys):
    code = main(["find", "none.grid"], environ(), lambda: NOON)
    assert (code, capsys.readouterr().err) == (1, "gridwords: no grid file none.grid\n")


def test_settings_file(run, capsys):
    lay("conf/g.toml", '[lists]\nfolder = "w"\n')
    lay("conf/w/a.txt", "CAT\n")
    assert main(["--config", "conf/g.toml", "match", "*"], {}, lambda: NOON) == 0
    assert capsys.readouterr().out == "CAT\n"


def test_wrong_usage(run):
    with pytest.raises(SystemExit) as caught:
        run("fetch")
    assert caught.value.code == 2
