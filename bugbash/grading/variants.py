"""The failing tests again, with other values in them: what a fix for the tests' own values fails.

The literals of a test function, or of its whole file, are replaced, each by one other everywhere:
all letters by the next, all digits, one letter, one literal; never so that two become one or stand
in another order. Most variants ask for something else than the code promises; which of them tell
anything, the clean and the broken code say (`varied`).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import Any

from bugbash.syntax import parsed

MARK = "_bugbash_v"
"""What the names of the variants have in them, and no other test has."""
_FUNCTIONS = 3
_OF_EACH = 20
_OF_FILE = 6
_LETTERS = 6
_SHOWN = 40
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_NEXT = dict(pairwise(_ALPHABET))
_NEXT |= {letter.upper(): following.upper() for letter, following in _NEXT.items()}
_DIGITS = {str(digit): str(digit - 1) for digit in range(2, 10)}
_LARGE = 1_000_000
Literal = str | bytes | int | float
_Key = tuple[type, Literal]
_Change = Mapping[_Key, Literal]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Variant:
    """A test with other values in it."""

    test: str
    """Id of the test that it is made of, without parameters."""
    words: str
    """What is other in it."""
    old: frozenset[str]
    """The literals that were replaced, as `repr` writes them."""


@dataclass(frozen=True)
class Variants:
    """One file of tests with variants among its tests."""

    source: bytes
    of: Mapping[str, Variant]
    """Id of each variant without its file, then what it is."""


def variants_of(source: bytes, tests: Iterable[str]) -> list[Variants]:
    """Files like this one, with variants of some of its tests (ids without parameters); none where
    the file can't be read. The same source and tests give the same variants."""
    tree = parsed(source)
    if tree is None or source.startswith(b"\xef\xbb\xbf") or not _is_utf_8(source):
        return []
    lines = source.splitlines(keepends=True)
    functions: dict[str, _Function] = {}
    for test in sorted(set(tests)):
        found = _function(tree, test)
        if found is not None and len(functions) < _FUNCTIONS:
            functions[test] = found
    if not functions:
        return []
    return [_beside(lines, functions), *_whole_files(tree, lines, functions)]


def _is_utf_8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _function(tree: ast.Module, test: str) -> _Function | None:
    """The function of a test, by the names of its id; of two the last, as Python has it."""
    node: ast.AST = tree
    for name in test.split("::")[1:]:
        inner = [
            each
            for each in getattr(node, "body", ())
            if isinstance(each, ast.ClassDef | _Function) and each.name == name
        ]
        if not inner:
            return None
        node = inner[-1]
    return node if isinstance(node, _Function) else None


def _beside(lines: list[bytes], functions: Mapping[str, _Function]) -> Variants:
    """The file with the variants of each function behind it."""
    parts: list[tuple[int, bytes]] = []
    of: dict[str, Variant] = {}
    for test, function in functions.items():
        literals = list(_literals(function))
        values = _values(literals)
        changes = islice(_changes(values, values), _OF_EACH)
        for number, (change, words) in enumerate(changes):
            start, end = _first_line(function), function.end_lineno or function.lineno
            changed = _replaced(lines, literals, change)
            changed = _renamed(changed, function, number)
            parts.append((end, b"\n" + b"".join(changed[start - 1 : end]) + b"\n"))
            of[_id(test, number)] = Variant(test, words, _old(change))
    made = list(lines)
    for end, text in parts:
        made[end - 1] = made[end - 1].rstrip(b"\r\n") + b"\n" + text
    return Variants(b"".join(made), of)


def _whole_files(
    tree: ast.Module, lines: list[bytes], functions: Mapping[str, _Function]
) -> Iterator[Variants]:
    """Files in which the same literals are others everywhere, in helpers and fixtures too."""
    literals = list(_literals(tree))
    inside = {node for function in _all_tests(tree) for node in ast.walk(function)}
    inside |= {node for function in functions.values() for node in ast.walk(function)}
    shared = _values([node for node in literals if node not in inside])
    if not shared:
        return
    changes = _changes(_values(literals), shared)
    for number, (change, words) in enumerate(islice(changes, _OF_FILE), _OF_EACH):
        changed = _replaced(lines, literals, change)
        for function in functions.values():
            changed = _renamed(changed, function, number)
        old = _old(change)
        of = {_id(test, number): Variant(test, words, old) for test in functions}
        yield Variants(b"".join(changed), of)


def _all_tests(tree: ast.Module) -> Iterator[_Function]:
    for node in ast.walk(tree):
        if isinstance(node, _Function) and node.name.startswith("test"):
            yield node


def _old(change: _Change) -> frozenset[str]:
    return frozenset(repr(value) for _, value in change)


def literals_in(source: bytes) -> list[tuple[type, Literal]]:
    """All literals of a file, with their types; none where it can't be read."""
    tree = parsed(source)
    nodes = ast.walk(tree) if tree is not None else iter(())
    return [
        (type(node.value), node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | int | float)
    ]


def literals_of(source: bytes, test: str) -> list[Literal]:
    """The literals of a test, and those of its file that are no part of another test."""
    tree = parsed(source)
    function = _function(tree, test) if tree is not None else None
    if tree is None or function is None:
        return []
    others = {node for each in _all_tests(tree) if each is not function for node in ast.walk(each)}
    return [value for _, value in _values(n for n in _literals(tree) if n not in others)]


def _id(test: str, number: int) -> str:
    return f"{test.partition('::')[2]}{MARK}{number}"


def _first_line(function: _Function) -> int:
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _literals(node: ast.AST) -> Iterator[ast.Constant]:
    """The literals that may be replaced, in the order in which they stand."""
    kept = {id(each) for each in _not_values(node)}
    found = [
        each
        for each in ast.walk(node)
        if isinstance(each, ast.Constant)
        and type(each.value) in (str, bytes, int, float)
        and id(each) not in kept
    ]
    return iter(sorted(found, key=lambda each: (each.lineno, each.col_offset)))


def _not_values(node: ast.AST) -> Iterator[ast.AST]:
    """Documentation, the parts of f-strings, names of parameters, and exponents."""
    for each in ast.walk(node):
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
            yield each.value
        elif isinstance(each, ast.JoinedStr) or _grows(each):
            yield from ast.walk(each)
        elif isinstance(each, ast.Call) and _names_arguments(each.func):
            named = (word.value for word in each.keywords if word.arg != "argvalues")
            for inner in (*each.args[:1], *named):
                yield from ast.walk(inner)


def _grows(node: ast.AST) -> bool:
    """Whether a number that is one more may be a much larger one here."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.LShift)


def _names_arguments(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in ("parametrize", "usefixtures")


def _values(literals: Iterable[ast.Constant]) -> list[_Key]:
    """Each value once, in the order of the first that has it."""
    return list(dict.fromkeys((type(each.value), each.value) for each in literals))  # type: ignore[misc]


def _changes(values: list[_Key], single: list[_Key]) -> Iterator[tuple[_Change, str]]:
    """What to replace, and how to say it: in all of these values, then in one of `single` at a
    time."""
    seen: list[_Change] = []
    for change, words in chain(_in_all(values), _in_one(single), _by_letter(values)):
        usual = {key: new for key, new in change.items() if new != key[1]}
        if usual and usual not in seen and _keeps_order(values, usual):
            seen.append(usual)
            yield usual, words if len(usual) > 1 else _in_words(usual)


def _keeps_order(values: list[_Key], change: _Change) -> bool:
    """Whether values that can be compared still compare as they did, and none is another's."""
    for kind in (str, bytes, (int, float)):
        before: list[Any] = [key for key in values if issubclass(key[0], kind)]
        before.sort(key=lambda key: key[1])
        after: list[Any] = [change.get(key, key[1]) for key in before]
        pairs = zip(before, before[1:], after, after[1:], strict=False)
        if any((one < two) != (key[1] < other[1]) for key, other, one, two in pairs):
            return False
    return True


def _in_all(values: list[_Key]) -> Iterator[tuple[_Change, str]]:
    yield {key: _mapped(key[1], _NEXT) for key in values}, "other letters"
    yield {key: _mapped(key[1], _DIGITS) for key in values}, "other digits in its texts"
    yield {key: _more(key[1]) for key in values}, "greater numbers"
    yield {key: _longer(key[1]) for key in values}, "longer texts"


def _in_one(values: list[_Key]) -> Iterator[tuple[_Change, str]]:
    for again in (False, True):
        for key in values:
            yield {key: _other(key, again)}, ""


def _by_letter(values: list[_Key]) -> Iterator[tuple[_Change, str]]:
    """One letter everywhere, the most frequent first."""
    count = Counter(letter for _, value in values for letter in _text(value).lower())
    ranked = sorted((letter for letter in count if letter in _NEXT), key=lambda c: (-count[c], c))
    for letter in ranked[:_LETTERS]:
        table = {each: _NEXT[each] for each in (letter, letter.upper())}
        change = {key: _mapped(key[1], table) for key in values}
        yield change, f"{_NEXT[letter]!r} for each {letter!r} in its texts"


def _text(value: Literal) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _mapped(value: Literal, table: Mapping[str, str]) -> Literal:
    """A text with some characters replaced; anything else as it is."""
    if not isinstance(value, str | bytes):
        return value
    text = "".join(table.get(each, each) for each in _text(value))
    return text.encode("latin-1") if isinstance(value, bytes) else text


def _more(value: Literal) -> Literal:
    """A number that is one more; 0 and 1 mean too much to be replaced, and large ones too."""
    if not isinstance(value, int | float) or value in (0, 1) or abs(value) > _LARGE:
        return value
    return value + 1


def _longer(value: Literal) -> Literal:
    """A text whose last letter stands twice."""
    text = _text(value)
    ends = [at + 1 for at, each in enumerate(text) if each in _NEXT]
    made = text[: ends[-1]] + text[ends[-1] - 1 :] if ends else text
    if isinstance(value, str):
        return made
    return made.encode("latin-1") if isinstance(value, bytes) else value


def _other(key: _Key, again: bool) -> Literal:
    """Another value in place of one, by its last letter or digit; `again`: still another."""
    text = _text(key[1])
    table = _NEXT | _DIGITS
    places = [at for at, each in enumerate(text) if each in table]
    if not places:
        return _more(_more(key[1])) if again else _more(key[1])
    at = places[-2] if again and len(places) > 1 else places[-1]
    letter = table[text[at]]
    if again and len(places) == 1:
        letter = table.get(letter, letter)
    made = text[:at] + letter + text[at + 1 :]
    return made.encode("latin-1") if isinstance(key[1], bytes) else made


def _replaced(lines: list[bytes], literals: Iterable[ast.Constant], change: _Change) -> list[bytes]:
    """The lines with literals replaced; each stays on its lines."""
    made = list(lines)
    for node in sorted(literals, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        key = (type(node.value), node.value)
        if key not in change or node.end_lineno is None or node.end_col_offset is None:
            continue
        first, last = node.lineno - 1, node.end_lineno - 1
        head, tail = made[first][: node.col_offset], made[last][node.end_col_offset :]
        new = ascii(change[key]).encode()  # type: ignore[index]
        if first == last:
            made[first] = head + new + tail
            continue
        made[first] = head + b"(" + new + b"\n"
        made[first + 1 : last] = [b"\n"] * (last - first - 1)
        made[last] = b")" + tail
    return made


def _renamed(lines: list[bytes], function: _Function, number: int) -> list[bytes]:
    made = list(lines)
    name = re.escape(function.name.encode())
    new = rb"\g<1>" + f"{function.name}{MARK}{number}".encode()
    at = function.lineno - 1
    made[at] = re.sub(rb"(\bdef\s+)" + name + rb"\b", new, made[at], count=1)
    return made


def _in_words(change: _Change) -> str:
    """ "'dev kez' for 'dev key'"."""
    ((_, old), new), *_ = change.items()
    return f"{_short(new)} for {_short(old)}"


def _short(value: Literal) -> str:
    text = ascii(value) if isinstance(value, bytes) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
