import pytest
from builders import make_grid
from gridwords.errors import GridError
from gridwords.grids import (
    Direction,
    Grid,
    cell_name,
    directions,
    format_grid,
    parse_grid,
    read_grid,
    split_tiles,
    write_grid,
)

SQUARE = make_grid("ABC DEF GHI")


def around(cell, grid=SQUARE, **options):
    return "".join(grid.at(beside) for beside in grid.neighbours(cell, **options))


def test_cells_and_directions():
    grid = make_grid("ABC DEF")
    assert (grid.height, grid.width) == (2, 3)
    assert [grid.at(cell) for cell in grid.cells()] == list("ABCDEF")

    assert [way.name for way in directions(4)] == ["NORTH", "EAST", "SOUTH", "WEST"]
    assert len(directions(8)) == 8


def test_neighbours_in_the_middle():
    assert around((1, 1)) == "BCFIHGDA"
    assert around((1, 1), count=4) == "BFHD"


def test_neighbours_at_the_edge():
    assert around((0, 0)) == "BED"
    assert around((2, 2), count=4) == "FH"
    assert around((0, 1)) == "CFEDA"


def test_neighbours_across_the_edge():
    grid = make_grid("ABC DEF GHI", wrap=True)
    assert around((0, 0), grid) == "GHBEDFCI"
    assert around((2, 2), grid, count=4) == "FGCH"

    assert around((0, 0), make_grid("AB CD", wrap=True)) == "CDB"


def test_a_step_over_the_edge():
    assert SQUARE.step((1, 2), Direction.EAST) is None
    assert SQUARE.step((0, 0), Direction.NORTH) is None
    assert make_grid("ABC DEF", wrap=True).step((1, 2), Direction.SOUTH_EAST) == (0, 0)


def test_cell_names():
    cells = [(0, 0), (2, 1), (9, 25), (0, 26), (49, 49)]
    assert [cell_name(cell) for cell in cells] == ["A1", "B3", "Z10", "AA1", "AX50"]


def test_tiles():
    assert split_tiles("caT") == ("C", "A", "T")
    assert split_tiles("Quit") == ("QU", "I", "T")
    assert split_tiles("A Qu\té") == ("A", "QU", "É")
    assert split_tiles("QUA") == ("Q", "U", "A")

    for text in ["CA5", "C_T", "C-T", "Caß"]:
        with pytest.raises(GridError, match="something else than letters"):
            split_tiles(text)


def test_grid_file():
    assert parse_grid("words: a:b\nCAT").words == ("a:b",)

    grid = parse_grid("# Saturday\n  WRAP : yes\nwords: cat , , polar bear\n\nC A T\n  DOG  \n")
    assert grid == make_grid("CAT DOG", wrap=True, words=("cat", "polar bear"))


def test_rows_of_a_grid_file():
    assert parse_grid("\nCAT\n\n# half\nDOG") == make_grid("CAT DOG")
    assert parse_grid("\tCAT\n \t\n  # half\n DOG") == make_grid("CAT DOG")
    assert parse_grid("CAT\rDOG\r") == make_grid("CAT DOG")

    assert parse_grid("e\u0301A").rows == (("É", "A"),)


def test_grid_that_wraps():
    for word in ["yes", "True", "ON"]:
        assert parse_grid(f"wrap: {word}\nCAT").wrap is True

    for word in ["no", "False", "OFF"]:
        assert parse_grid(f"wrap: {word}\nCAT", wrap=True).wrap is False

    assert parse_grid("CAT", wrap=True).wrap is True
    assert parse_grid("CAT").wrap is False


def test_faulty_grids():
    for text, message in [
        ("CAT\n\nDO", "line 3: 2 tiles, the first row has 3"),
        ("CAT\nDOGS", "line 2: 4 tiles, the first row has 3"),
        ("CAT\n  D0G ", "line 2: 'D0G' has something else"),
        ("# x\ncolour: red", "line 2: unknown header 'colour'"),
        ("words:\nWords: b", "line 2: words is there twice"),
        ("wrap: perhaps", "line 1: wrap is yes or no, not 'perhaps'"),
        ("wrap:", "line 1: wrap is yes or no, not ''"),
        ("CAT\nwrap: no", "line 2: 'wrap: no' has something else"),
        ("# nothing", "no rows"),
    ]:
        with pytest.raises(GridError, match=message):
            parse_grid(text)

    with pytest.raises(GridError) as caught:
        parse_grid("\n\nC1")
    assert caught.value.line == 3


def test_largest_grid():
    assert parse_grid("\n".join(["A" * 50] * 50)).height == 50
    with pytest.raises(GridError, match="more than 50"):
        parse_grid("A" * 51)
    with pytest.raises(GridError, match="more than 50"):
        parse_grid("\n".join(["A"] * 51))


def test_text_of_a_grid():
    assert format_grid(make_grid("CAT DOG")) == "wrap: no\n\nC A T\nD O G\n"
    grid = Grid((("QU", "I"), ("T", "E")), wrap=True, words=("QUIT", "QUITE"))
    assert format_grid(grid) == "wrap: yes\nwords: QUIT, QUITE\n\nQu I\nT  E\n"

    grid = Grid((("QU", "I"), ("É", "E")), wrap=True, words=("QUI",))
    assert parse_grid(format_grid(grid)) == grid


def test_grid_is_written_in_utf8(tmp_path, other_machine):
    file = tmp_path / "a" / "b" / "x.grid"
    write_grid(file, make_grid("ÉT"))
    assert file.read_bytes() == "wrap: no\n\nÉ T\n".encode()


def test_grid_is_read_in_utf8(tmp_path, other_machine):
    file = tmp_path / "x.grid"
    file.write_bytes("\ufeffÉT\r\n".encode())
    assert read_grid(file) == make_grid("ÉT")
    assert read_grid(file, wrap=True).wrap is True


def test_grid_is_not_overwritten(tmp_path):
    write_grid(tmp_path / "x.grid", make_grid("CAT"))
    write_grid(tmp_path / "y.grid", make_grid("DOG"))
    with pytest.raises(GridError, match="x.grid is there already"):
        write_grid(tmp_path / "x.grid", make_grid("DOG"))
    assert "C A T" in (tmp_path / "x.grid").read_text(encoding="utf-8")


def test_files_that_are_no_grids(tmp_path):
    with pytest.raises(GridError, match="no grid file none.grid"):
        read_grid(tmp_path / "none.grid")
    (tmp_path / "old.grid").write_bytes(b"\xc9T\n")
    with pytest.raises(GridError, match="old.grid is not UTF-8"):
        read_grid(tmp_path / "old.grid")

    with pytest.raises(GridError, match="no grid file"):
        read_grid(tmp_path)
