"""What changed between two trees of a timeline, as diffs of bounded length."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bugbash.plain import plain
from bugbash.recording.snapshots import Snapshots

MOST_FILES = 8
MOST_LINES = 60
"""Lines of one file's diff that are shown."""
_CONTEXT = 2
_LONGEST = 240
"""Characters of a line that are shown."""
_COMPARED = 3000
"""Lines between the first and the last difference; with more of them, none is matched."""
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class FileDiff:
    """How one file changed."""

    name: str
    added: int
    removed: int
    lines: tuple[tuple[str, str], ...] = ()
    """"-", "+", " " or "@" (a gap, with the line number behind it), and a line."""
    more: int = 0
    """Lines of the diff that are not shown."""
    told: str = ""
    """A word where there is more to say: `new file`, `gone`, `binary`."""

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The lines, those of one sign in a row together, each with its sign before it."""
        found = []
        for sign, group in groupby(self.lines, key=lambda line: line[0]):
            texts = [text for _, text in group]
            if sign == "@":
                found += [(sign, text) for text in texts]
            else:
                found.append((sign, "\n".join(f"{sign} {text}" for text in texts)))
        return found


@dataclass(frozen=True)
class Change:
    """All files that differ between two trees."""

    files: tuple[FileDiff, ...] = ()
    more: tuple[str, ...] = ()
    """Names of files whose diffs are not shown."""

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files)

    @property
    def removed(self) -> int:
        return sum(file.removed for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        return (*(file.name for file in self.files), *self.more)

    def __bool__(self) -> bool:
        return bool(self.files or self.more)


NO_CHANGE = Change()


@lru_cache(maxsize=4096)
def change_between(snapshots: Snapshots, before: str, after: str) -> Change:
    """The difference of two trees; empty where they are equal or either is lost."""
    old, new = snapshots.tree(before), snapshots.tree(after)
    if before == after or not old or not new:
        return NO_CHANGE
    names = snapshots.changed(before, after)
    files = (
        _file_diff(name, _side(snapshots, old, name), _side(snapshots, new, name))
        for name in names[:MOST_FILES]
    )
    return Change(tuple(files), names[MOST_FILES:])


def change_in_patch(patch: str) -> Change:
    """What a patch of `git diff` says, shown in the same way."""
    files: list[FileDiff] = []
    for part in re.split(r"^diff --git ", patch, flags=re.MULTILINE)[1:]:
        head, *lines = part.split("\n")
        start = next((i for i, line in enumerate(lines) if line.startswith("@@")), len(lines))
        found = list(_hunk_lines(lines[start:]))
        told = _told(lines[:start])
        files.append(_capped(_name_in(head, lines[:start]), found, told))
    return Change(tuple(files[:MOST_FILES]), tuple(file.name for file in files[MOST_FILES:]))


def _name_in(head: str, lines: Sequence[str]) -> str:
    for sign in ("+++ b/", "--- a/"):
        for line in lines:
            if line.startswith(sign):
                return line[len(sign) :].rstrip("\t")
    return head.rpartition(" b/")[2]


def _told(lines: Sequence[str]) -> str:
    words = {"new file": "new file", "deleted file": "gone", "GIT binary": "binary"}
    return next((w for line in lines for sign, w in words.items() if line.startswith(sign)), "")


def _hunk_lines(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith("@@"):
            found = re.match(r"@@ -\d+(?:,\d+)? \+(\d+)", line)
            yield "@", found[1] if found else ""
        elif line[:1] in "+- " and line:
            yield line[0], line[1:]


def _side(snapshots: Snapshots, tree: dict[str, str], name: str) -> bytes | str:
    """A file's content, or a word for why there is none."""
    if name not in tree:
        return ""
    content = snapshots.content(tree[name])
    if content is None:
        return "not kept: too large or locked"
    return "binary" if b"\0" in content else content


def _file_diff(name: str, old: bytes | str, new: bytes | str) -> FileDiff:
    why = next((side for side in (old, new) if isinstance(side, str) and side), "")
    if why:
        return FileDiff(name, 0, 0, told=why)
    told = "new file" if old == "" else "gone" if new == "" else ""
    before, after = _lines(old), _lines(new)
    return _capped(name, list(_unified(before, after)), told)


def _lines(side: bytes | str) -> list[str]:
    text = side.decode("utf-8", "replace") if isinstance(side, bytes) else side
    lines = _NEWLINE.split(text)
    return lines[:-1] if not lines[-1] else lines


def _unified(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The lines of a unified diff; what both begin and end with is never compared."""
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - head) if old[-1 - i] != new[-1 - i]), shortest - head)
    start = max(0, head - _CONTEXT)
    old = old[start : len(old) - max(0, tail - _CONTEXT)]
    new = new[start : len(new) - max(0, tail - _CONTEXT)]
    if len(old) + len(new) > _COMPARED:
        yield "@", str(start + 1)
        yield from (("-", line) for line in old)
        yield from (("+", line) for line in new)
        return
    matcher = difflib.SequenceMatcher(None, old, new)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        yield "@", str(start + group[0][3] + 1)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from ((" ", line) for line in old[i1:i2])
            else:
                yield from (("-", line) for line in old[i1:i2])
                yield from (("+", line) for line in new[j1:j2])


def _capped(name: str, lines: list[tuple[str, str]], told: str) -> FileDiff:
    shown = tuple((sign, shortened(text, _LONGEST)) for sign, text in lines[:MOST_LINES])
    added = sum(sign == "+" for sign, _ in lines)
    removed = sum(sign == "-" for sign, _ in lines)
    return FileDiff(name, added, removed, shown, max(0, len(lines) - MOST_LINES), told)


def shortened(text: str, longest: int) -> str:
    """Text that can be shown: nothing in it steers, and it has an end."""
    safe = plain(text[: 2 * longest]).rstrip()
    if len(safe) <= longest and len(text) <= 2 * longest:
        return safe
    return f"{safe[:longest]}…"
