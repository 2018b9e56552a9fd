"""A class's roster: who is in it, and which rows can't become a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.workspace.roster import read_roster


def roster(folder: Path, content: str | bytes) -> Path:
    file = folder / "class.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


GOOD = [
    pytest.param("name\nAda Lovelace\n", [("Ada Lovelace", "", "", "Ada-Lovelace")], id="names"),
    pytest.param(
        "id,name,email\n17,Ada,ada@example.invalid\n18,Ada,\n",
        [("Ada", "17", "ada@example.invalid", "17"), ("Ada", "18", "", "18")],
        id="ids decide where names are alike",
    ),
    pytest.param(
        "\ufeffName;Email\r\nJosé;\r\n", [("José", "", "", "Jose")], id="as Excel saves it"
    ),
    pytest.param(
        "id\tsection\n7\tB\n\n8\tB\n", [("", "7", "", "7"), ("", "8", "", "8")], id="tabs"
    ),
    pytest.param(
        'name\n"Hopper, Grace"\n', [("Hopper, Grace", "", "", "Hopper-Grace")], id="quoted"
    ),
    pytest.param("name\n李 雷\n", [("李 雷", "", "", "李-雷")], id="another script"),
    pytest.param(
        "Name;E-Mail\nAda;ada@example.invalid\n",
        [("Ada", "", "ada@example.invalid", "Ada")],
        id="an address as it is often spelt",
    ),
    pytest.param("name\n..x\n", [("..x", "", "", "x")], id="dots"),
]


@pytest.mark.parametrize(("content", "expected"), GOOD)
def test_everybody_gets_a_folder_of_their_own(
    content: str, expected: list[tuple[str, str, str, str]], tmp_path: Path
) -> None:
    students = read_roster(roster(tmp_path, content)).students
    assert [(one.name, one.id, one.email, one.folder) for one in students] == expected


BAD = [
    pytest.param("", 1, "no header", id="empty file"),
    pytest.param("Ada\nGrace\n", 1, "no header", id="no header"),
    pytest.param("email\na@example.invalid\n", 1, "no header", id="email alone"),
    pytest.param("name,name\na,b\n", 1, "2 columns name", id="a column twice"),
    pytest.param("name,email\n", 1, "nobody", id="header alone"),
    pytest.param("name,email\nAda,\n ,x@example.invalid\n", 3, "name is empty", id="empty name"),
    pytest.param("name,id\nAda,1\nGrace\n", 3, "id is empty", id="a cell is missing"),
    pytest.param("name\nAda\nGrace\nAda\n", 4, "line 2 again", id="twice"),
    pytest.param("name\nAda L\nada-l\n", 3, "line 2 again", id="one folder for two"),
    pytest.param("id\n7\n7\n", 3, "id is that of line 2", id="id twice"),
    pytest.param(f"name\n{'x' * 61}\n", 2, "longer than 60", id="very long"),
    pytest.param(f"name,email\nAda,{'x' * 255}\n", 2, "longer than 254", id="very long email"),
    pytest.param("name\nAda\n../etc/passwd\n", 3, "slash", id="slash"),
    pytest.param("name\nAda\\Grace\n", 2, "slash", id="backslash"),
    pytest.param("name\n???\n", 2, "can't name a folder", id="only signs"),
    pytest.param("name\nnul\n", 2, "can't name a folder", id="a name that Windows keeps"),
    pytest.param("name\nAda\x1b[31m\n", 2, "can't be shown", id="terminal sequence"),
    pytest.param('name\n"Ada\nGrace"\n', 3, "can't be shown", id="a line end in a name"),
    pytest.param('name\n"Ada\n', 2, "no CSV", id="a quote that is not closed"),
    pytest.param(b"name\nAda\nJos\xe9\n", 3, "not UTF-8", id="Latin-1"),
    pytest.param("name\nAda\n".encode("utf-16"), 1, "not UTF-8", id="UTF-16"),
]


@pytest.mark.parametrize(("content", "line", "why"), BAD)
def test_a_bad_roster_is_refused_with_its_line(
    content: str | bytes, line: int, why: str, tmp_path: Path
) -> None:
    file = roster(tmp_path, content)
    with pytest.raises(UsageProblem) as refused:
        read_roster(file)
    assert str(refused.value).startswith(f"{file}:{line}: ")
    assert why in str(refused.value)


def test_a_roster_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=r"nowhere\.csv: can't be read"):
        read_roster(tmp_path / "nowhere.csv")
