"""A class's roster: who gets a pack, and what their folder is called."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bugbash.errors import UsageProblem

LONGEST = 60
"""Characters of a name: folders of a workspace must fit behind it on every system."""
LONGEST_EMAIL = 254
_ADDRESS = ("email", "mail", "emailaddress", "mailaddress")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Student:
    """One row of the roster."""

    name: str
    id: str
    email: str
    folder: str
    """What the pack is called: letters, digits, dots, underscores and hyphens."""

    @property
    def called(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Roster:
    """Everybody, in the file's order."""

    students: tuple[Student, ...]
    digest: str
    """Hash of the file."""


def read_roster(file: Path) -> Roster:
    """The students of a CSV file with a header: `name` or `id` (or both), and `email` (`E-Mail`).

    Other columns are left alone; commas, semicolons or tabs separate them. Raises UsageProblem
    with the file's line for a row that can't become a folder of its own.
    """
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageProblem(f"--roster {file}: can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageProblem(f"{file}:{line}: is not UTF-8: save it as CSV UTF-8.") from error
    return Roster(_Reader(file, text).students(), hashlib.sha256(data).hexdigest())


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        head = text.partition("\n")[0]
        delimiter = next((sign for sign in ",;\t" if sign in head), ",")
        self._rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self._lines: dict[str, int] = {}

    def students(self) -> tuple[Student, ...]:
        try:
            header = [_column(word) for word in next(self._rows, [])]
            self._check(header)
            found = [self._student(header, row) for row in self._rows if any(map(str.strip, row))]
        except csv.Error as error:
            raise self._wrong(f"no CSV: {error}") from error
        if not found:
            raise self._wrong("there is nobody in it: write a line for each student")
        return tuple(found)

    def _check(self, header: list[str]) -> None:
        if not {"name", "id"} & set(header):
            raise self._wrong("there is no header: begin with a line like `name,email`", line=1)
        for column in ("name", "id", "email"):
            if header.count(column) > 1:
                raise self._wrong(f"there are {header.count(column)} columns {column}", line=1)

    def _student(self, header: list[str], row: list[str]) -> Student:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        name, number, email = (cells.get(column, "") for column in ("name", "id", "email"))
        which = "id" if "id" in header else "name"
        for column, value in (("name", name), ("id", number), ("email", email)):
            self._check_cell(column, value)
        if not (number if which == "id" else name):
            raise self._wrong(f"the {which} is empty")
        folder = _folder(number if which == "id" else name)
        if not folder or _RESERVED.fullmatch(folder):
            raise self._wrong(f"the {which} can't name a folder: give an id of letters and digits")
        before = self._lines.setdefault(folder.casefold(), self._rows.line_num)
        if before != self._rows.line_num:
            raise self._wrong(f"the {which} is that of line {before} again: give each an id")
        return Student(name, number, email, folder)

    def _check_cell(self, column: str, value: str) -> None:
        most = LONGEST_EMAIL if column == "email" else LONGEST
        if len(value) > most:
            raise self._wrong(f"the {column} is longer than {most} characters")
        if column != "email" and set(value) & set("/\\"):
            raise self._wrong(f"the {column} has a slash in it, which separates folders")
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in value):
            raise self._wrong(f"the {column} has a sign in it that can't be shown")

    def _wrong(self, told: str, line: int = 0) -> UsageProblem:
        return UsageProblem(f"{self._file}:{line or max(self._rows.line_num, 1)}: {told}.")


def _column(word: str) -> str:
    """The name of a column, whichever way an address is spelt: "E-Mail", "Email address"."""
    plain = word.strip().casefold()
    return "email" if re.sub(r"[^a-z]", "", plain) in _ADDRESS else plain


def _folder(name: str) -> str:
    """A name as that of a folder on every system."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    composed = unicodedata.normalize("NFC", letters)
    return re.sub(r"[^\w.]+", "-", composed).strip("-._")
