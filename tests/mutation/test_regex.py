"""Narrower patterns: each compiles, and rejects something that the clean one accepts."""

from __future__ import annotations

import re

import pytest

from bugbash.mutation.regex import narrowings

CASES = {
    "member of a class": (r"[a.]", [r"\.", "a"]),
    "range": ("[a-z0-9]", ["[a-z]"]),
    "the letters stay": ("[a-zA-Z]", ["[a-z]"]),
    "escape in a class": (r"[\w.\-]", [r"[\w\-]", r"[\w.]"]),
    "bracket first": ("[]a]", ["a", r"\]"]),
    "dash between": ("[a+-]", ["[+-]", "[a-]", "[a+]"]),
    "dash that would make a range": ("[a+-.]", ["[+-.]", "a"]),
    "caret that would negate": ("[a^]", ["a"]),
    "one that another covers": (r"[\wa]", []),
    "escape that stays alone": (r"[\s,]+", [r"\s+", ",+"]),
    "dash that stays alone": ("[-_]", ["-", "_"]),
    "digit that stays alone": (r"(a)\1[0b]", [r"(a)\1b"]),
    "negated class": ("[^ab]", []),
    "star": ("a*", ["a+"]),
    "lazy star": ("a*?b", ["a+?b"]),
    "optional": ("-?1", ["-1"]),
    "optional group": ("1(?:st)?", ["1(?:st)"]),
    "lazy optional": ("a??", ["a"]),
    "count": ("a{2,4}", ["a{2,3}", "a{3,4}"]),
    "open count": ("a{2,}", ["a{3,}"]),
    "exact count": ("a{2}", []),
    "brace that is none": ("a{b}", []),
    "plus": ("a+", []),
    "escaped quantifier": (r"\*a\?", []),
    "escaped bracket": (r"\[a.\]", []),
    "negative lookahead": ("(?!a*)b", []),
    "after a negative lookahead": ("(?!a*)b*", ["(?!a*)b+"]),
    "positive lookahead": ("(?=a*)b", ["(?=a+)b"]),
    "named group": ("(?P<x>a*)", ["(?P<x>a+)"]),
    "inline flag": ("(?i)ab", ["ab"]),
    "case does not matter": ("(?i)[a-zA-Z]", ["[a-zA-Z]"]),
    "comment group": ("(?#a*)b", []),
    "unbalanced": ("(a*", []),
}


@pytest.mark.parametrize(("pattern", "expected"), CASES.values(), ids=CASES)
def test_narrowings(pattern: str, expected: list[str]) -> None:
    found = [narrowing.apply(pattern) for narrowing in narrowings(pattern)]
    assert sorted(found) == sorted(expected)


def test_comments_of_a_verbose_pattern_are_not_patterns() -> None:
    pattern = "a*  # b* [cd]\n-?"
    found = [narrowing.apply(pattern) for narrowing in narrowings(pattern, re.VERBOSE)]
    assert found == ["a+  # b* [cd]\n-?", "a*  # b* [cd]\n-"]


TEXTS = ["", "a", "aa", "aaa", "aaaa", "-1", "1", "1st", ".", "-", "]", "ab", "b", "AB", "+", "Z"]


@pytest.mark.parametrize(("pattern", "expected"), CASES.values(), ids=CASES)
def test_nothing_new_is_accepted(pattern: str, expected: list[str]) -> None:
    for narrower in expected:
        for text in TEXTS:
            if re.fullmatch(narrower, text):
                assert re.fullmatch(pattern, text)
