"""A grid that a setter sent in is read, and written again."""

WHO = "a setter of puzzles"
SUBJECT = "Grid file"
DETAIL = "In the steps the grid is to be written under two names."

CASES = {
    "rows without blanks": (b"CAT\nDOG\n", False),
    "rows with blanks": (b"C A T\nD O G\n", False),
    "small letters": (b"cat\ndog\n", False),
    "a tile of two letters": (b"Quit\nc a t s\n", False),
    "a tile of two letters between blanks": (b"C Qu\nA T\n", False),
    "capital QU": (b"QUA\nCAT\n", False),
    "headers": (b"wrap: yes\nwords: cat, dog\n\nCAT\nDOG\n", False),
    "headers in capitals": (b"WRAP : Yes\nWords: cat\nCAT\n", False),
    "a grid that wraps by the settings": (b"CAT\n", True),
    "a grid that does not wrap in spite of the settings": (b"wrap: no\nCAT\n", True),
    "a wrap of on": (b"wrap: on\nCAT\n", False),
    "a wrap of true": (b"wrap: true\nCAT\n", False),
    "a wrap of off": (b"wrap: off\nCAT\n", True),
    "a wrap of false": (b"wrap: False\nCAT\n", True),
    "a wrap of perhaps": (b"wrap: perhaps\nCAT\n", False),
    "empty words": (b"words: cat, , polar bear,\nCAT\n", False),
    "no words": (b"words:\nCAT\n", False),
    "comments": (b"# Saturday\nCAT\n# half\n\nDOG\n", False),
    "lines of Windows": (b"CAT\r\nDOG\r\n", False),
    "a byte order mark": ("\ufeffÉTÉ\n".encode(), False),
    "accents": ("été\nDOG\n".encode(), False),
    "accents of two characters": ("e\u0301te\u0301\nDOG\n".encode(), False),
    "Latin-1": ("ÉTÉ\n".encode("latin-1"), False),
    "a shorter row": (b"CAT\nDO\n", False),
    "a longer row": (b"CAT\nDOGS\n", False),
    "a digit": (b"CAT\nD0G\n", False),
    "an unknown header": (b"colour: red\nCAT\n", False),
    "a header twice": (b"words: cat\nwords: dog\nCAT\n", False),
    "a header below the rows": (b"CAT\nwrap: no\n", False),
    "no rows": (b"# nothing yet\n", False),
    "fifty columns": (b"A" * 50 + b"\n", False),
    "fifty-one columns": (b"A" * 51 + b"\n", False),
    "fifty rows": (b"A\n" * 50, False),
    "fifty-one rows": (b"A\n" * 51, False),
    "no file": (None, False),
}


def journey(raw, wrap):
    from pathlib import Path

    from gridwords.grids import read_grid, write_grid

    if raw is not None:
        Path("in.grid").write_bytes(raw)
    grid = read_grid(Path("in.grid"), wrap)
    print(f"{grid.height} x {grid.width}, wrap {grid.wrap}, words {grid.words}")
    write_grid(Path("out", "today", "x.grid"), grid)
    print(Path("out", "today", "x.grid").read_bytes())
    print(read_grid(Path("out", "today", "x.grid")) == grid)
    write_grid(Path("out", "today", "y.grid"), grid)
    write_grid(Path("out", "today", "x.grid"), grid)
