"""Where a bug lies in the code as it was served, and where the learner is at work."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from bugbash.files import walk
from bugbash.grading.workspace_files import is_protected
from bugbash.recording.journal import LARGEST
from bugbash.recording.timeline import Timeline
from bugbash.serving.changed_lines import stretches
from bugbash.serving.scenario import Bug, Scenario
from bugbash.syntax import parsed
from bugbash.targets.spec import Target
from bugbash.words import ranges
from bugbash.workspace.make import broken_files

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPE = (*_FUNCTION, ast.ClassDef)
_TABLE = re.compile(r"\s*\[+\s*(?P<name>[^\]]+?)\s*\]+\s*(?:[#;].*)?$")
_KEY = re.compile(r"""\s*["']?(?P<name>[^"'\[{]+?)["']?\s*:\s*[\[{]?\s*(?:#.*)?$""")


@dataclass(frozen=True)
class Place:
    """Where a bug lies, or a part of one. Lines count from 1, in the file as it was served."""

    file: str
    lines: tuple[int, ...]
    """Those that are changed."""
    gaps: tuple[int, ...]
    """Those that something is missing before: nothing on the lines themselves is wrong."""
    scope: str
    """The function or class, the section or the key that holds it; "" for the whole file."""
    kind: str
    """`function`, `class`, `section` or nothing: what `scope` names."""
    first: int
    last: int
    """The lines of the scope."""

    @property
    def all_lines(self) -> tuple[int, ...]:
        return tuple(sorted({*self.lines, *self.gaps}))

    @property
    def numbers(self) -> str:
        """ "line 3", "lines 3, 7-9", "just before line 12"."""
        parts = []
        if self.lines:
            word = "line" if len(self.lines) == 1 else "lines"
            parts.append(f"{word} {', '.join(ranges(self.lines))}")
        parts += [f"just before line {gap}" for gap in self.gaps]
        return " and ".join(parts)

    @property
    def told(self) -> str:
        """File, lines and scope: "shop/tax.py:3, 7-9 in total"."""
        inside = f" in {self.scope}" if self.scope else ""
        if not self.gaps:
            return f"{self.file}:{', '.join(ranges(self.lines))}{inside}"
        return f"{self.file}, {self.numbers}{inside}"


def bug_places(bug: Bug, scenario: Scenario, target: Target) -> tuple[Place, ...]:
    """Where a bug lies in the broken files that the learner was given: a place for each scope.

    Lines that it only moves are left out where it changes others.
    """
    others = [edit for one in scenario.bugs if one != bug for edit in one.edits]
    broken = broken_files(scenario, target)
    rows: dict[tuple[str, str, str, int, int], tuple[set[int], set[int]]] = {}
    for stretch in stretches(target.tree, bug.edits, others):
        served = _Scopes(stretch.file, broken[stretch.file])
        name = "" if bug.more else (bug.function or "").replace(".<locals>", "")
        if not name and not stretch.count:
            clean = _Scopes(stretch.file, (target.tree / stretch.file).read_bytes())
            name = clean.around(stretch.clean)[0]
        for number in stretch.lines or (stretch.first,):
            lines, gaps = rows.setdefault(
                (stretch.file, *served.around(number, name)), (set(), set())
            )
            (lines if stretch.count else gaps).add(number)
    return tuple(
        Place(file, tuple(sorted(lines)), tuple(sorted(gaps)), scope, kind, first, last)
        for (file, scope, kind, first, last), (lines, gaps) in rows.items()
    )


class _Scopes:
    """The functions and classes of a Python file; the sections of another."""

    def __init__(self, file: str, content: bytes) -> None:
        self._lines = content.decode("utf-8", "replace").splitlines()
        self._code = file.endswith(".py")
        tree = parsed(content) if self._code else None
        self._known = _scopes(tree, "") if tree is not None else []

    def around(self, line: int, name: str = "") -> tuple[str, str, int, int]:
        """Name, kind, first and last line of what is called so, else of what holds a line."""
        if not self._code:
            return _section(self._lines, line)
        named = [row for row in self._known if name and row[0] == name]
        held = named or [row for row in self._known if row[2] <= line <= row[3]]
        whole = ("", "", 1, max(1, len(self._lines)))
        return min(held, key=lambda row: row[3] - row[2], default=whole)


def _scopes(node: ast.AST, above: str) -> list[tuple[str, str, int, int]]:
    found = []
    for child in ast.iter_child_nodes(node):
        name = above
        if isinstance(child, _SCOPE):
            name = f"{above}.{child.name}".lstrip(".")
            first = min([child.lineno, *(one.lineno for one in child.decorator_list)])
            kind = "function" if isinstance(child, _FUNCTION) else "class"
            found.append((name, kind, first, child.end_lineno or child.lineno))
        found += _scopes(child, name)
    return found


def _section(lines: list[str], line: int) -> tuple[str, str, int, int]:
    """The table of a TOML or INI file, or the key of a JSON or YAML one, around a line."""
    heads = [(n, m) for n, text in enumerate(lines, 1) if (m := _TABLE.match(text))]
    before = [(n, m["name"]) for n, m in heads if n <= line]
    if before:
        first, name = before[-1]
        last = next((n - 1 for n, _ in heads if n > line), len(lines))
        return name.strip("\"'"), "section", first, last
    inside = _indent(lines[line - 1]) if line <= len(lines) else 0
    for number in range(line - 1, 0, -1):
        text = lines[number - 1]
        if text.strip() and _indent(text) < inside:
            key = _KEY.match(text)
            if key:
                after = (n for n in range(line + 1, len(lines) + 1) if lines[n - 1].strip())
                ends = (n for n in after if _indent(lines[n - 1]) <= _indent(text))
                return key["name"], "section", number, next(ends, len(lines))
            inside = _indent(text)
    return "", "", 1, max(1, len(lines))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


@dataclass(frozen=True)
class AtWork:
    """What the learner has changed or named, and not taken back."""

    lines: dict[str, frozenset[int]]
    """File, then lines as served; none where only the file was named."""


def at_work(workspace: Path, scenario: Scenario, target: Target, timeline: Timeline) -> AtWork:
    """Where edits stand now, and what hypotheses name that were not refuted.

    Tests do not count, nor files that came to the project. Reads only.
    """
    broken = broken_files(scenario, target)
    found: dict[str, set[int]] = {}
    for path in walk(target.tree):
        name = path.as_posix()
        if name not in broken and is_protected(name, target):
            continue
        served = broken.get(name) or (target.tree / name).read_bytes()
        mine = _content(workspace / name)
        if mine is not None and mine != served:
            found[name] = set(_changed(_lines(served), _lines(mine)))
    for one in timeline.hypotheses:
        name, colon, number = one.place.rpartition(":")
        name = name if colon else one.place
        source = target.tree / name
        if one.verdict == "refuted" or not name or not source.is_file():
            continue
        lines = found.setdefault(name, set())
        if not colon or not number.isdigit():
            continue
        served = broken.get(name) or source.read_bytes()
        then = timeline.snapshots.read(one.tree, name) or _content(workspace / name) or served
        line = counterpart(_lines(then), _lines(served), int(number))
        lines.add(line)
    return AtWork({name: frozenset(lines) for name, lines in found.items()})


class Now:
    """Lines of the served file as they are in the learner's now."""

    def __init__(self, workspace: Path, file: str, scenario: Scenario, target: Target) -> None:
        self._served = _lines(broken_files(scenario, target)[file])
        self._mine = _lines(_content(workspace / file) or b"") or self._served

    def number(self, line: int) -> int:
        """The number that a served line has now."""
        return counterpart(self._served, self._mine, line)

    def text(self, number: int) -> str:
        """What stands on a line now."""
        return self._mine[number - 1].strip() if number <= len(self._mine) else ""


def counterpart(one: list[str], other: list[str], line: int) -> int:
    """Which line of `other` a line of `one` became; the nearest where it is gone."""
    for i1, i2, j1, j2, same in _blocks(one, other):
        if i1 <= line - 1 < i2:
            inside = line - 1 - i1
            return j1 + 1 + (inside if same else min(inside, max(0, j2 - j1 - 1)))
    return max(1, len(other))


def changed_near(line: int, named: bytes, before: bytes, after: bytes, within: int) -> bool:
    """Whether an edit of a file, from `before` to `after`, is at a line of the text `named`."""
    here = counterpart(_lines(named), _lines(before), line)
    return any(abs(here - one) <= within for one in _changed(_lines(before), _lines(after)))


def _changed(served: list[str], mine: list[str]) -> set[int]:
    """The served lines that were changed, or beside which lines were added."""
    found: set[int] = set()
    for i1, i2, _, _, same in _blocks(served, mine):
        if not same:
            found |= set(range(i1 + 1, i2 + 1)) or {max(1, i1), i1 + 1}
    return found


def _blocks(one: list[str], other: list[str]) -> list[tuple[int, int, int, int, bool]]:
    """Stretches of two texts that are the same or differ; shared ends are cut off at first."""
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(other)) - head and one[-1 - tail] == other[-1 - tail]:
        tail += 1
    middle = one[head : len(one) - tail], other[head : len(other) - tail]
    matcher = SequenceMatcher(None, *middle, autojunk=False)
    inner = [
        (head + i1, head + i2, head + j1, head + j2, tag == "equal")
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]
    ends = (len(one) - tail, len(one), len(other) - tail, len(other), True)
    return [(0, head, 0, head, True), *inner, ends]


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").splitlines()


def _content(path: Path) -> bytes | None:
    """What a file holds; None for one that is no file any more, or far too large for code."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        return None
    return path.read_bytes()
