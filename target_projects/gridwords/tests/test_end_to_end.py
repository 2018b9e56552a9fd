"""The desk's days from the first file to the last, through the commands alone."""

from pathlib import Path

import pytest
from builders import environ
from gridwords.cli import main
from gridwords.grids import parse_grid, read_grid
from gridwords.search import SearchRules, find_all, locate


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def desk(command, at="2024-03-01T09:00:00Z", **settings):
        code = main(["--at", at, *command.split()], environ(**settings))
        printed = capsys.readouterr()
        return code, (printed.out + printed.err).splitlines()

    return desk


def test_word_list_becomes_a_puzzle_that_readers_can_solve(desk):
    Path("lists").mkdir()
    Path("lists/zoo.txt").write_bytes(
        "# encoding: latin-1\n{tiger,lion}\ngnu\nzébu\n".encode("latin-1")
    )
    assert desk("match *")[1] == ["GNU", "LION", "TIGER", "ZÉBU"]

    assert (
        desk("puzzle gnu lion tiger zébu --seed 11 ", puzzles_width="8", puzzles_height="8")[0] == 0
    )
    code, lines = desk("find puzzles/2024-03-01.grid --format csv")
    assert code == 0
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["GNU", "1"],
        ["LION", "1"],
        ["TIGER", "1"],
        ["ZÉBU", "1"],
    ]


def test_every_puzzle_holds_each_word_once(desk):
    for seed in range(1, 6):
        folder = f"p{seed}"
        desk(f"puzzle cat level noon otter --seed {seed}", puzzles_folder=folder)
        grid = read_grid(Path(folder) / "2024-03-01.grid")
        found = locate(grid, grid.words, SearchRules(straight=True))
        assert [len(matches) for matches in found.values()] == [1] * len(grid.words)


def test_league_of_a_week(desk):
    Path("boards").mkdir()
    Path("boards/b1.grid").write_text("C A R\nT S E\n", encoding="utf-8")
    Path("lists").mkdir()
    Path("lists/a.txt").write_text("c{are,ars,ats}\nscar\ntsar\n", encoding="utf-8")
    desk("play b1 Ana cars care", at="2024-02-27T10:00:00Z")
    desk("play b1 Bo cars scar tsar", at="2024-02-28T10:00:00Z")
    code, lines = desk("play b1 ANA scar", at="2024-02-29T10:00:00Z")
    assert (code, lines) == (1, ["gridwords: ANA has played b1 before"])
    assert desk("top --format csv --report")[1] == [
        "rank,player,points,games,best,prize",
        "1,Bo,3,1,3,54.00",
        "2,Ana,2,1,2,36.00",
        "2024-03/top-week-2024-03-01.csv",
    ]


def test_brace_patterns_of_setters(desk):
    assert desk("expand {a,b}{c,{d,e}}")[1] == ["ac", "ad", "ae", "bc", "bd", "be"]
    assert desk("expand {a{b,c}}")[1] == ["ab", "ac"]
    assert desk("expand {a,b")[1] == ["gridwords: column 1: '{' is never closed"]


def test_word_search_of_a_bending_board():
    grid = parse_grid("ABCE\nSFCS\nADEE\n")
    rules = SearchRules(neighbours=4)
    assert [bool(find_all(grid, word, rules)) for word in ("ABCCED", "SEE", "ABCB")] == [
        True,
        True,
        False,
    ]
    assert grid == parse_grid("ABCE\nSFCS\nADEE\n")
