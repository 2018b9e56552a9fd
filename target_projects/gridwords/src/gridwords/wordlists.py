"""Word lists: text files in a folder, one entry a line, read in the order of their names.

An entry is a word or a brace pattern. `!word` takes back what earlier lines or files brought.
A file may name its encoding in the first line: `# encoding: latin-1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from .errors import ListError, PatternError, WordError
from .patterns import expand
from .words import WordRules

_ENCODING = re.compile(rb"\W*encoding\s*[:=]\s*(?P<name>[\w-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ListRules:
    folder: Path
    pattern: str = "*.txt"
    encoding: str = "utf-8"
    comment: str = "#"
    max_expansion: int = 500


@dataclass(frozen=True)
class WordList:
    words: frozenset[str]
    skipped: tuple[str, ...]
    """What was left out and why, as `file:line: why`."""
    sources: dict[str, int]
    """File name: how many more words there were after it than before."""


def load_lists(lists: ListRules, rules: WordRules) -> WordList:
    """Read all files of the folder and those below it; hidden files are left alone.

    Raises ListError when the folder or an encoding is no good.
    """
    if not lists.folder.is_dir():
        raise ListError(f"no folder {lists.folder.name}")
    words: set[str] = set()
    skipped: list[str] = []
    sources: dict[str, int] = {}
    for name in list_files(lists.folder, lists.pattern):
        before = len(words)
        text = decode(lists.folder / name, lists.encoding)
        for number, entry in _entries(text, lists.comment):
            chosen, problems = _read_entry(entry.removeprefix("!"), lists, rules)
            skipped.extend(f"{name}:{number}: {why}" for why in problems)
            if entry.startswith("!"):
                words.difference_update(chosen)
            else:
                words.update(chosen)
        sources[name] = len(words) - before
    return WordList(frozenset(words), tuple(skipped), sources)


def list_files(folder: Path, pattern: str) -> list[str]:
    """Names below the folder, in alphabetical order, with `/` on every system."""
    found = (file for file in folder.rglob("*") if fnmatchcase(file.name, pattern))
    shown = (file for file in found if file.is_file() and not file.name.startswith("."))
    return sorted(file.relative_to(folder).as_posix() for file in shown)


def decode(file: Path, encoding: str) -> str:
    """The text of a file, in the encoding that its first line names, else in the given one."""
    raw = file.read_bytes()
    named = _ENCODING.match(raw.partition(b"\n")[0])
    if named is not None:
        encoding = named["name"].decode("ascii")
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise ListError(f"{file.name}: unknown encoding {encoding}") from None
    except UnicodeDecodeError as problem:
        raise ListError(f"{file.name}: not {encoding} at byte {problem.start}") from None


def _entries(text: str, comment: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if comment:
            line = line.split(comment, 1)[0]
        if line.strip():
            yield number, line.strip()


def _read_entry(entry: str, lists: ListRules, rules: WordRules) -> tuple[list[str], list[str]]:
    """The words of an entry, and what is wrong with those that do not fit."""
    try:
        texts = expand(entry, lists.max_expansion)
    except PatternError as problem:
        return [], [problem.args[0]]
    chosen, problems = [], []
    for text in texts:
        try:
            chosen.append(rules.clean(text))
        except WordError as problem:
            problems.append(problem.args[0])
    return chosen, problems
