"""The symptom: what a title and the first sentence say is wrong."""

from __future__ import annotations

import pytest

from bugbash.serving.difference import Output
from bugbash.serving.symptom import Symptom, excerpts, symptom

LONG = " ".join(f"word{number}" for number in range(12))
NO = Output("", "ValueError", "no")
GONE = Output("1", "NotFound", "x")

CASES: dict[str, tuple[Output | str, Output | str, str, str]] = {
    "other value": ("True", "False", "got False instead of True",
                    'it says "False"; it should say "True".'),
    "one line of many": ("a\nb\nc", "a\nx\nc", "got x instead of b", 'it says "x"'),
    "common words": ("total 5 EUR", "total 7 EUR", 'got "total 7 EUR" instead of "total 5 EUR"',
                     'it says "total 7 EUR"; it should say "total 5 EUR".'),
    "a long line": (f"{LONG} 5 {LONG}", f"{LONG} 7 {LONG}", 'got "word11 7" instead of "word11 5"',
                    'it says "word11 7"; it should say "word11 5".'),
    "one long word": (f"[{'a,' * 60}5]", f"[{'a,' * 60}7]", "got 7 instead of 5", 'it says "7"'),
    "too long for a title": ("a" * 50, "b", f"got b instead of {'a' * 37}...", 'it says "b"'),
    "long and alike at first": ("a" * 50, "a" * 60, "wrong result", "another value comes out"),
    "a word more": ("due JPY 1", "due JPY 1 x", 'got "due JPY 1 x" instead of "due JPY 1"',
                    'it says "due JPY 1 x"'),
    "a comma behind it": (f"{LONG} [1], x, {LONG}", f"{LONG} [2], x, {LONG}",
                          'got "word11 [2]" instead of "word11 [1]"', 'it says "word11 [2]"'),
    "lonely brackets": (f"{LONG} (a 1)] {LONG}", f"{LONG} (a 2)] {LONG}",
                        'got "(a 2)" instead of "(a 1)"', 'it says "(a 2)"'),
    "one field of a long list": (
        "['1-30: EUR 100.00', '31-60: EUR 0.00', 'over: 1']",
        "['1-30: EUR 0.00', '31-60: EUR 100.00', 'over: 1']",
        "got '1-30: EUR 0.00' instead of '1-30: EUR 100.00'", "it says"),
    "blanks before another value": ("a  b\n1", "a b\n2", "got 2 instead of 1", 'it says "2"'),
    "an error where the program exits": (Output("1", "SystemExit", "2"), NO, "ValueError",
                                         'it ends with "ValueError: no".'),
    "an exit": ("1", Output("1", "SystemExit", "2"), "the program ends",
                'it ends with "(exit code 2)".'),
    "blanks": ("a  b", "a b", "other blanks in a line", "line 1 has other blanks."),
    "a line too many": ("a", "a\nb", 'additional line "b"', 'the line "b" comes out, too'),
    "a line before": ("a", "b\na", 'additional line "b"', 'the line "b" comes out, too'),
    "lines too many": ("a", "a\nb\nc", "more lines than there should be", 'the line "b" and more'),
    "a line too few": ("a\nb", "a", '"b" is missing', 'the line "b" is missing.'),
    "lines too few": ("a\nb\nc", "a", "lines are missing", 'the line "b" and more are missing.'),
    "braces": ("{1}", "{2}", "got {2} instead of {1}", 'it says "{2}"'),
    "an error": ("True", NO, "ValueError", 'it ends with "ValueError: no".'),
    "an error without a message": ("True", Output("", "StopIteration"), "StopIteration",
                                   'it ends with "StopIteration".'),
    "an error of any name": ("1\n2", GONE, "NotFound", 'it ends with "NotFound: x".'),
    "an error with a long message": ("1", Output("", "Bad", "x" * 99), "Bad", "it ends with Bad."),
    "another error": (Output("", "KeyError", "1"), NO, "ValueError instead of KeyError",
                      'it ends with "ValueError: no"; it should end with "KeyError: 1".'),
    "the same error too early": (Output("1\n2", "ValueError", "no"), Output("1", "ValueError", "x"),
                                 "ValueError", 'it ends with "ValueError: x".'),
    "a missing error": (NO, "True", "no error",
                        'it should end with "ValueError: no", and does not.'),
    "a missing error before an intended one": (NO, Output("5", "Mismatch", "SEK"), "no error",
                                               'it should end with "ValueError: no"'),
    "the same error, another message": (Output("", "Bad", "1"), Output("", "Bad", "2"),
                                        'got "Bad: 2" instead of "Bad: 1"', 'it says "Bad: 2"'),
    "no output": ("True", "", "nothing comes out", "nothing comes out."),
    "no end": ("True", "(no answer)", "no answer", "it does not come to an end."),
    "an end of everything": ("1", "(the program ended with exit code -11)", "the program ends",
                             "the whole program ends with exit code -11."),
}  # fmt: skip


def found(case: str, values: bool = True) -> Symptom:
    expected, actual = (Output(o) if isinstance(o, str) else o for o in CASES[case][:2])
    return symptom(expected, actual, values)


@pytest.mark.parametrize("case", CASES)
def test_the_symptom_is_named(case: str) -> None:
    _, _, what, sentence = CASES[case]
    told = found(case)
    assert told.what == what
    assert told.sentence.startswith(sentence)
    assert told.sentence.endswith(".")


@pytest.mark.parametrize("case", CASES)
def test_without_values_only_types_of_errors_are_told(case: str) -> None:
    told = found(case, values=False)
    assert '"' not in told.what + told.sentence
    assert "got" not in told.what


def test_a_missing_error_is_said_to_be_due() -> None:
    assert found("a missing error").after == ", although there should be one"


def lines(*texts: str | int) -> str:
    return "\n".join(str(text) for text in texts)


EXCERPTS = {
    "short": (lines(1, 2, 3), lines(1, 2, 4), lines(1, 2, 3), lines(1, 2, 4)),
    "late": (lines(*range(9)), lines(*range(8), "x"),
             lines("...", 6, 7, 8), lines("...", 6, 7, "x")),
    "early": (lines("a", *range(9)), lines("b", *range(9)),
              lines("a", 0, 1, "..."), lines("b", 0, 1, "...")),
    "in the middle": (lines(*range(7), "a", *range(7)), lines(*range(7), "b", "c", *range(7)),
                      lines("...", 5, 6, "a", 0, 1, "..."),
                      lines("...", 5, 6, "b", "c", 0, 1, "...")),
    "an end": (lines(*range(7)), lines(*range(9)), lines("...", 5, 6), lines("...", 5, 6, 7, 8)),
    "the same line again": (lines(*"aaaaaaaa"), lines(*"aaaaaaa"),
                            lines("...", *"aaa"), lines("...", *"aa")),
}  # fmt: skip


@pytest.mark.parametrize("case", EXCERPTS)
def test_what_is_far_from_the_difference_is_left_out(case: str) -> None:
    expected, actual, shown, got = EXCERPTS[case]
    assert excerpts(expected, actual) == (shown, got)
