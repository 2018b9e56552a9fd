"""How promising a commit is as a bug to replay: its words, its size, what its tests gained."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from bugbash.mining.stripped import Comparison
from bugbash.targets.history.changes import Change
from bugbash.targets.history.fixes import Fix, is_source_path, is_test_path

_SUBJECT: tuple[tuple[str, float], ...] = (
    (r"\b(bug|bugfix|hotfix|fix(e[sd]|ing)?|regression|repair(ed|s)?|correct(s|ed|ly)?)\b", 3),
    (r"\b(crash(es)?|hang(s)?|deadlock|leak(s|ed)?|infinite|traceback|segfault|race)\b", 3),
    (r"\b\w*(Error|Exception|Warning)\b|\braises?\b", 2),
    (r"\b(wrong(ly)?|incorrect(ly)?|broken|invalid|missing|fail(s|ed|ing|ure)?|unexpected)\b", 2),
    (r"\b(handle|prevent|avoid|ensure|preserve|respect|honou?r|restore|don'?t|do not|never)\b", 1),
    (r"\b(should|must|properly|edge case|corner case|when|if|empty|None|unicode)\b", 0.5),
    (r"\b(refactor\w*|clean ?-?up|simplif\w+|rewrite|reorgani[sz]\w*|extract|inline)\b", -4),
    (r"\b(deprecat\w+|chore|release|bump|upgrade|modernize|pyupgrade|backport)\b", -4),
    (r"\b(rename[sd]?|mov(e|ed|ing)|drop(s|ped)?|remov(e|es|ed|ing)|delet(e|es|ed))\b", -2),
    (r"\b(typing|annotations?|mypy|type hints?|docs?|docstrings?|lint|flake8|ruff|black)\b", -3),
    (r"\b(add(s|ed)? (support|an? |new)|new|feature|introduce|implement\w*|allow|expose)\b", -2),
    (r"\b(support(s|ed)?|accept|enhance\w*|improve\w*|optimi[sz]\w*|performance)\b", -1),
    (r"^revert\b|\bwip\b|\bcoverage\b", -3),
)
"""Words of the subject. The commit's own summary is worth most, but never enough alone."""
_CLOSES = re.compile(r"\b(fix(e[sd])?|clos(e[sd]?|ing)|resolv(e[sd]?|ing))\b:?\s+\S*#?\d+", re.I)
_ISSUE = re.compile(r"(?:(?<![\w&/])#|\bGH-|\b(?:issues|pull|pulls)/|\bgh-)(\d{1,7})\b")


def score_of(change: Change, fix: Fix, code: Mapping[str, Comparison]) -> float:
    """Higher is more promising. `code` has the sources and tests of the change, by path.

    Points come from the message, from a small diff (real fixes have a median of 5.5 changed
    lines) and from tests that were added; they go for new public names in the source, which
    a feature brings and a fix seldom does.
    """
    return round(_words(change) + _size(fix) + _tests(code) + _names(code), 2)


def issues_of(change: Change) -> tuple[int, ...]:
    """Numbers that the message names as #12, GH-12 or .../issues/12, once each, in its order."""
    found = _ISSUE.findall(f"{change.subject}\n{change.body}")
    return tuple(dict.fromkeys(int(number) for number in found))


def pytest_part(path: str, data: bytes) -> object:
    """What a configuration file says to pytest; the raw bytes where it can't be read."""
    text = data.decode("utf-8", "replace")
    try:
        if path.endswith(".toml"):
            return _toml_part(path, tomllib.loads(text))
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        parser.read_string(text)
    except (tomllib.TOMLDecodeError, configparser.Error):
        return data
    return {name: dict(parser[name]) for name in ("pytest", "tool:pytest") if name in parser}


def _toml_part(path: str, parsed: dict[str, Any]) -> object:
    if "pytest.toml" in path:
        return parsed
    tool = parsed.get("tool")
    return tool.get("pytest") if isinstance(tool, dict) else None


def _words(change: Change) -> float:
    total = sum(points for words, points in _SUBJECT if re.search(words, change.subject, re.I))
    return total + (2 if _CLOSES.search(f"{change.subject}\n{change.body}") else 0)


def _size(fix: Fix) -> float:
    lines = fix.added + fix.removed
    return max(0.0, 2 - lines / 8) - (len(fix.sources) - 1) * 0.5


def _tests(code: Mapping[str, Comparison]) -> float:
    """Added test functions are worth most, changed ones (parameters) less, vanished ones cost."""
    added = changed = gone = 0
    for path, compared in code.items():
        if is_test_path(path) and compared.before is not None and compared.after is not None:
            before, after = dict(_dumped(compared.before)), dict(_dumped(compared.after))
            both = before.keys() & after.keys()
            added += len(after.keys() - both)
            gone += len(before.keys() - both)
            changed += len([name for name in both if before[name] != after[name]])
    if added > gone:
        return 3 if added - gone <= 5 else 2
    return (1.5 if 0 < changed <= 4 else 0) - (1 if gone > added else 0)


def _names(code: Mapping[str, Comparison]) -> float:
    """Public functions, classes and parameters that the source gained."""
    gained = 0
    for path, compared in code.items():
        if is_source_path(path) and compared.before is not None and compared.after is not None:
            more = set(_signed(compared.after)) - set(_signed(compared.before))
            gained += len([name for name in more if not _is_private(name)])
    return -2.0 * min(gained, 2)


def _is_private(name: str) -> bool:
    return any(part.startswith("_") for part in name.split("."))


def _dumped(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted names of test functions, and what they do."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            if inner.name.startswith("test"):
                yield prefix + inner.name, ast.dump(inner)
        elif isinstance(inner, ast.ClassDef):
            yield from _dumped(inner, f"{prefix}{inner.name}.")
        elif isinstance(inner, ast.stmt):
            yield from _dumped(inner, prefix)


def _signed(node: ast.AST, prefix: str = "") -> Iterator[str]:
    """Dotted names of functions and classes, and of the parameters of functions."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            name = prefix + inner.name
            yield name
            given = (*inner.args.posonlyargs, *inner.args.args, *inner.args.kwonlyargs)
            yield from (f"{name}.{arg.arg}" for arg in given)
        elif isinstance(inner, ast.ClassDef):
            yield prefix + inner.name
            yield from _signed(inner, f"{prefix}{inner.name}.")
        elif isinstance(inner, ast.stmt):
            yield from _signed(inner, prefix)
