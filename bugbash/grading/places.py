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
from bugbash.serving.scenario import Bug, Scenario
from bugbash.syntax import parsed
from bugbash.targets.spec import Target
from bugbash.workspace.make import broken_files

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPE = (*_FUNCTION, ast.ClassDef)
_TABLE = re.compile(r"\s*\[+\s*(?P<name>[^\]]+?)\s*\]+\s*(?:[#;].*)?$")
_KEY = re.compile(r"""\s*["']?(?P<name>[^"'\[{]+?)["']?\s*:\s*[\[{]?\s*(?:#.*)?$""")


@dataclass(frozen=True)
class Place:
    """Where one bug lies. Lines count from 1, in the file as it was served."""

    file: str
    line: int
    """Where something is missing: the line that comes after it."""
    missing: bool
    """Whether whole lines were taken out: nothing on `line` itself is wrong."""
    scope: str
    """The function or class, the section or the key that holds it; "" for the whole file."""
    kind: str
    """`function`, `class`, `section` or nothing: what `scope` names."""
    first: int
    last: int
    """The lines of the scope."""


def bug_place(bug: Bug, scenario: Scenario, target: Target) -> Place:
    """Where a bug lies in the broken file that the learner was given."""
    edit = bug.edit
    clean = (target.tree / edit.file).read_bytes()
    broken = broken_files(scenario, target)[edit.file]
    before, after = clean[edit.start : edit.end], edit.replacement.encode("utf-8")
    same = _shared(before, after)
    end = _shared(before[same:][::-1], after[same:][::-1])
    gone, put = before[same : len(before) - end], after[same : len(after) - end]
    shift = sum(
        len(other.replacement.encode("utf-8")) - (other.end - other.start)
        for one in scenario.bugs
        for other in one.edits
        if other.file == edit.file and other.start < edit.start
    )
    line = broken[: edit.start + shift + same].count(b"\n") + 1
    missing = b"\n" in gone and not put.strip()
    if missing and gone.startswith((b"\n", b"\r\n")):
        line += 1
    scope, kind, first, last = _scope(edit.file, broken, line, bug.function)
    return Place(edit.file, line, missing, scope, kind, first, last)


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes two texts have in common at their starts."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _scope(file: str, content: bytes, line: int, function: str | None) -> tuple[str, str, int, int]:
    """Name, kind, first and last line of what holds a line."""
    lines = content.decode("utf-8", "replace").splitlines()
    if not file.endswith(".py"):
        return _section(lines, line)
    tree = parsed(content)
    if tree is not None:
        held = (function or "").replace(".<locals>", "")
        known = _scopes(tree, "")
        named = [row for row in known if held and row[0] == held]
        around = [row for row in known if row[2] <= line <= row[3]]
        if named or around:
            return min(named or around, key=lambda row: row[3] - row[2])
    return "", "", 1, max(1, len(lines))


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


def line_now(workspace: Path, place: Place, scenario: Scenario, target: Target) -> tuple[int, str]:
    """The number and the text that the line of a bug has in the learner's file as it is now."""
    served = _lines(broken_files(scenario, target)[place.file])
    mine = _lines(_content(workspace / place.file) or b"") or served
    number = counterpart(served, mine, place.line)
    return number, mine[number - 1].strip() if number <= len(mine) else ""


def counterpart(one: list[str], other: list[str], line: int) -> int:
    """Which line of `other` a line of `one` became; the nearest where it is gone."""
    for i1, i2, j1, j2, same in _blocks(one, other):
        if i1 <= line - 1 < i2:
            inside = line - 1 - i1
            return j1 + 1 + (inside if same else min(inside, max(0, j2 - j1 - 1)))
    return max(1, len(other))


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
