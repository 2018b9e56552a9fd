"""A scenario that somebody wrote: `scenario.toml` and the files beside it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bugbash.errors import UsageProblem, nearest
from bugbash.files import walk
from bugbash.resources import shipped
from bugbash.serving.scenario import Scenario
from bugbash.serving.written_keys import FORMAT, RUBRIC, TABLES, Key

FILE = "scenario.toml"
CERTIFICATE = "certificate.json"
HIDDEN, ACCEPTED, REJECTED = "hidden", "accepted", "rejected"
_MOST_BUGS = 5
_LONG_TEXTS = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_HEADER = re.compile(r"\s*\[+\s*([\w.-]+)\s*\]+")


@dataclass(frozen=True)
class WrittenBug:
    """One `[[bug]]`: lines of a file, or a patch."""

    number: int
    mutator: str = ""
    family: str = ""
    file: str = ""
    before: str = ""
    after: str = ""
    patch: str = ""
    explanation: str = ""
    hints: tuple[str, ...] = ()
    fail_to_pass: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """What a scenario's folder says; nothing of it is proved."""

    folder: Path
    name: str
    """`<target>/<slug>` of a shipped one, else the folder's path as given."""
    title: str
    target: str
    bugs: tuple[WrittenBug, ...]
    author: str = ""
    tags: tuple[str, ...] = ()
    minutes: int | None = None
    report: str = ""
    """The text of the failure report."""
    report_file: str = ""
    """The file beside this one that holds it; empty where it is to be generated."""
    details: str = "full"
    editable: tuple[str, ...] = ()
    pass_to_pass: tuple[str, ...] = ()
    rubric: Mapping[str, int] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Files that only `check` sees, by their path in the target."""

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def place(self, key: str = "", bug: int = 0) -> str:
        """FILE:LINE of a key (of a bug, by number), for messages."""
        text = self.file.read_text("utf-8")
        return f"{self.file}:{_line(text, 'bug' if bug else '', max(bug - 1, 0), key)}"

    def patches(self, folder: str) -> list[Path]:
        """The patches of `accepted/` or `rejected/`, by name."""
        return sorted((self.folder / folder).glob("*.patch"))

    def digest(self) -> str:
        """A hash of every file of the folder but the certificate."""
        found = hashlib.sha256()
        for path in walk(self.folder):
            if path.as_posix() != CERTIFICATE:
                data = (self.folder / path).read_bytes().replace(b"\r\n", b"\n")
                found.update(f"{path.as_posix()}\0{len(data)}\0".encode() + data)
        return found.hexdigest()[:16]


def shipped_names() -> list[str]:
    """`<target>/<slug>` of every scenario that ships, in order."""
    root = shipped("scenarios")
    return sorted(path.parent.relative_to(root).as_posix() for path in root.glob(f"*/*/{FILE}"))


def has_own_folder(scenario: Scenario) -> bool:
    """Whether a scenario lies in a folder of its author's: others don't have it."""
    return bool(scenario.written) and scenario.written not in shipped_names()


def mutator_file(name: str) -> Path | None:
    """The file of a mutator that ships, in a folder with its family's name; None for another."""
    stem = name.replace("-", "_")
    return next(shipped("mutators").glob(f"*/{stem}.py"), None) if stem.isidentifier() else None


def find(name: str) -> Written:
    """The scenario of a name or a path (of its folder or its file).

    Raises UsageProblem where there is none, or where it is not right.
    """
    path = Path(name).expanduser()
    path = path.parent if path.name == FILE else path
    if (path / FILE).is_file():
        return read(path, name)
    known = shipped_names()
    short = [one for one in known if one == name or one.partition("/")[2] == name]
    if len(short) == 1:
        return read(shipped("scenarios") / short[0], short[0])
    if path.is_dir():
        raise UsageProblem(f"{path} has no {FILE}: `bugbash scenario new` writes one.")
    raise UsageProblem(f"there is no scenario {name!r}. {nearest(name, known)}")


def read(folder: Path, name: str = "") -> Written:
    """The scenario of a folder. Raises UsageProblem with file and line where it is not right."""
    file = folder / FILE
    try:
        text = file.read_text("utf-8")
        value = tomllib.loads(text)
    except OSError as error:
        raise UsageProblem(f"{file} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{file} is not UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        said, _, at = str(error).rpartition(" (at ")
        line = re.search(r"line (\d+)", at)
        number = line[1] if line else text.count("\n") + 1
        raise UsageProblem(f"{file}:{number}: no TOML: {said or error}.") from error
    return _Reader(folder, name or str(folder), text).read(value)


class _Reader:
    """Checks the values of one file and makes the record of them."""

    def __init__(self, folder: Path, name: str, text: str) -> None:
        self._folder, self._name, self._text = folder, name, text

    def read(self, value: dict[str, Any]) -> Written:
        self._check_version(value)
        tables = {key: part for key, part in value.items() if key in ("bug", "rubric")}
        top = self._table("", 0, {key: part for key, part in value.items() if key not in tables})
        bugs = tables.get("bug", [])
        if not isinstance(bugs, list) or not all(isinstance(bug, dict) for bug in bugs):
            raise self._wrong("", 0, "bug", "bug must be [[bug]], a table for each")
        if not 1 <= len(bugs) <= _MOST_BUGS:
            raise self._wrong("", 0, "bug", f"it needs 1 to {_MOST_BUGS} [[bug]], not {len(bugs)}")
        rubric = tables.get("rubric", {})
        if not isinstance(rubric, dict):
            raise self._wrong("", 0, "rubric", "rubric must be a table: [rubric]")
        points = self._table("rubric", 0, rubric)
        if points and not sum(points.get(key.name, 12) for key in RUBRIC):
            raise self._wrong("rubric", 0, "", "all points are 0: nothing could be earned")
        self._check_patches()
        report = top.pop("report", "")
        del top["format_version"]
        return Written(
            folder=self._folder,
            name=self._name,
            bugs=tuple(self._bug(number, bug) for number, bug in enumerate(bugs)),
            report=self._beside("", 0, "report", report) if report else "",
            report_file=report,
            rubric={name.replace("_", " "): value for name, value in points.items()},
            hidden=dict(self._hidden()),
            **top,
        )

    def _check_version(self, value: dict[str, Any]) -> None:
        version = value.get("format_version")
        if version is None:
            raise self._wrong("", 0, "", f"format_version = {FORMAT} is missing")
        if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
            told = f"format_version {version} is of a newer bugbash, this one reads {FORMAT}"
            raise self._wrong("", 0, "format_version", f"{told}: upgrade bugbash")
        if version != FORMAT or isinstance(version, bool):
            raise self._wrong("", 0, "format_version", f"format_version must be {FORMAT}")

    def _table(self, table: str, index: int, given: dict[str, Any]) -> dict[str, Any]:
        """The values of a table, lists as tuples."""
        keys = {key.name: key for key in TABLES[table]}
        others = ("bug", "rubric") if not table else ()
        for name, value in given.items():
            if name not in keys:
                known = nearest(name, [*keys, *others])
                raise self._wrong(table, index, name, f"there is no key {name!r} here. {known}")
            fault = keys[name].fault(value)
            if fault:
                raise self._wrong(table, index, name, f"{name} {fault.rstrip('.')}")
        for key in keys.values():
            if key.required and key.name not in given:
                raise self._wrong(table, index, "", f"{key.name} is missing: {_first(key)}")
        return {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in given.items()
        }

    def _bug(self, index: int, given: dict[str, Any]) -> WrittenBug:
        values = self._table("bug", index, given)
        lines = {"file", "before", "after"} & values.keys()
        if ("patch" in values) == bool(lines):
            told = "a bug has either file, before and after, or patch"
            raise self._wrong("bug", index, "patch", told)
        for name in ("file", "before", "after"):
            if lines and name not in values:
                raise self._wrong("bug", index, "", f"{name} is missing beside {min(lines)}")
        if lines and not values["before"].strip():
            raise self._wrong("bug", index, "before", "before is empty: give the clean lines")
        if "patch" in values:
            self._beside("bug", index, "patch", values["patch"])
        if not values.get("family"):
            self._check_mutator(index, values.get("mutator", ""))
        return WrittenBug(number=index + 1, **values)

    def _check_mutator(self, index: int, name: str) -> None:
        """Its family comes from a mutator that ships."""
        if not name:
            raise self._wrong("bug", index, "", "say its mutator or its family")
        if mutator_file(name) is None:
            known = (path.stem.replace("_", "-") for path in shipped("mutators").glob("*/*.py"))
            told = f"there is no mutator {name!r}. {nearest(name, known)}"
            raise self._wrong("bug", index, "mutator", f"{told} With a family, any name will do")

    def _beside(self, table: str, index: int, key: str, name: str) -> str:
        """The text of a file beside this one."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise self._wrong(table, index, key, f"{key} must lie beside {FILE}, not at {name}")
        try:
            return (self._folder / path).read_text("utf-8")
        except UnicodeDecodeError as error:
            raise self._wrong(table, index, key, f"{name} is not UTF-8") from error
        except OSError as error:
            told = f"{name} can't be read ({error.strerror})"
            raise self._wrong(table, index, key, told) from error

    def _check_patches(self) -> None:
        """Nothing lies beside the patches of fixes that nobody would read."""
        for folder in (ACCEPTED, REJECTED):
            for path in walk(self._folder / folder) if (self._folder / folder).is_dir() else ():
                if not path.name.startswith(".") and (path.suffix != ".patch" or path.parts[1:]):
                    told = f"only {folder}/*.patch is read: name it so, or put it elsewhere"
                    raise UsageProblem(f"{self._folder / folder / path}: {told}.")

    def _hidden(self) -> Iterator[tuple[str, str]]:
        folder = self._folder / HIDDEN
        for path in walk(folder) if folder.is_dir() else ():
            try:
                yield path.as_posix(), (folder / path).read_text("utf-8")
            except UnicodeDecodeError as error:
                raise UsageProblem(f"{folder / path} is not UTF-8.") from error

    def _wrong(self, table: str, index: int, key: str, told: str) -> UsageProblem:
        line = _line(self._text, table, index, key)
        return UsageProblem(f"{self._folder / FILE}:{line}: {told}.")


def _first(key: Key) -> str:
    """The first sentence of what a key means, to follow a colon."""
    sentence = key.told.partition(". ")[0].rstrip(".")
    return sentence[0].lower() + sentence[1:]


def _line(text: str, table: str, index: int, key: str) -> int:
    """The line, from 1, of a key in the so-manieth table of a name; of the table without it."""
    plain = _LONG_TEXTS.sub(lambda found: "\n" * found[0].count("\n"), text)
    now, count, start = "", -1, 1
    wanted = re.compile(rf'\s*["\']?{re.escape(key)}["\']?\s*[.=]') if key else None
    for number, line in enumerate(plain.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            now, count = header[1], count + (header[1] == table)
            start = number if now == table and count == index else start
            if not table and header[1] == key:
                return number
        elif now == table and count in (index, -1) and wanted and wanted.match(line):
            return number
    return start
