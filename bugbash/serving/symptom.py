"""What is wrong, in a few words: from what the clean and the broken code print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bugbash.serving.difference import Output

_SHORT = 40
"""The longest value of a title."""
_SENTENCE = 90
"""The longest value of a sentence."""
_LEAD = 5
"""Lines that may stand before the first that differs; more of them are left out."""
_WORD = re.compile(r"\S+")
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s,;=(){}\[\]'\"]+|[,;=(){}\[\]'\"]")
_PIECE = re.compile(r"[^\s,;=(){}\[\]]+|[,;=(){}\[\]]")


@dataclass(frozen=True)
class Symptom:
    """What is wrong: for a title (`what`, `after`), and after "For such a case" (`sentence`)."""

    what: str
    sentence: str
    after: str = ""
    """Goes behind the circumstances in the title."""


def symptom(expected: Output, actual: Output, values: bool = True) -> Symptom:
    """What is wrong; without `values` nothing of what was printed is quoted."""
    return (
        _ending(expected, actual)
        or _missing_error(expected, actual, values)
        or _error(expected, actual, values)
        or (_contrast(expected.text, actual.text) if values else None)
        or Symptom("wrong result", _how_much(expected.text, actual.text))
    )


def _ending(expected: Output, actual: Output) -> Symptom | None:
    """For code that does not come back, ends everything, or says nothing."""
    if actual.printed.endswith("(no answer)") and not expected.printed.endswith("(no answer)"):
        return Symptom("no answer", "it does not come to an end.")
    ended = re.fullmatch(r"\(the program ended with (exit code -?\d+)\)", actual.printed)
    if ended and not actual.error:
        return Symptom("the program ends", f"the whole program ends with {ended[1]}.")
    if not actual.text.strip():
        return Symptom("nothing comes out", "nothing comes out.")
    return None


def _missing_error(expected: Output, actual: Output, values: bool) -> Symptom | None:
    """For code that goes on where it should have ended with an error."""
    if not expected.fails or (actual.error and not _goes_on(expected, actual)):
        return None
    line = _short(expected.error_line, _SENTENCE)
    ending = f'it should end with "{line}", and does not.' if values and line else ""
    return Symptom(
        "no error",
        ending or "it should say that something is wrong, and does not.",
        ", although there should be one",
    )


def _goes_on(one: Output, other: Output) -> bool:
    """Whether the other printed all that the one did, and more."""
    lines, more = one.printed.splitlines(), other.printed.splitlines()
    return len(more) > len(lines) and more[: len(lines)] == lines


def _error(expected: Output, actual: Output, values: bool) -> Symptom | None:
    """For code that ends with an error where it should not, or not with this one."""
    same = actual.error == expected.error
    if not actual.error or (same and not _goes_on(actual, expected)):
        return None
    line = _short(actual.error_line, _SENTENCE) if values else ""
    name = actual.error if actual.fails else actual.error_line
    ending = f'it ends with "{line}"' if line else f"it ends with {name}"
    if not actual.fails:
        return Symptom("the program ends", f"{ending}.")
    if same or not expected.fails:
        return Symptom(actual.error, f"{ending}.")
    wanted = _short(expected.error_line, _SENTENCE) if values else ""
    told = f'"{wanted}"' if wanted else expected.error
    what = f"{actual.error} instead of {expected.error}"
    return Symptom(what, f"{ending}; it should end with {told}.")


def _contrast(expected: str, actual: str) -> Symptom | None:
    """The first lines that differ, where they can be quoted."""
    wanted, got = expected.splitlines(), actual.splitlines()
    gone, new = _without(wanted, got), _without(got, wanted)
    if gone:
        return _missing(gone)
    if new:
        return _additional(new)
    number = first_difference(*([line.split() for line in lines] for lines in (wanted, got)))
    if number == min(len(wanted), len(got)):
        number = first_difference(wanted, got) + 1
        return Symptom("other blanks in a line", f"line {number} has other blanks.")
    right, wrong = wanted[number].strip(), got[number].strip()
    ours, theirs = _apart(right, wrong, _SHORT)
    if not ours:
        return None
    if len(right) > _SENTENCE or len(wrong) > _SENTENCE or not (right and wrong):
        right, wrong = ours, theirs
    return Symptom(
        f"got {_quoted(theirs)} instead of {_quoted(ours)}",
        f"it says {_cited(wrong)}; it should say {_cited(right)}.",
    )


def _quoted(value: str) -> str:
    """A value of several words in quotation marks, unless it brings its own."""
    return f'"{value}"' if " " in value and '"' not in value and value[0] != "'" else value


def _cited(value: str) -> str:
    """A value in quotation marks, without those that it has round it already."""
    inner = value.strip('"')
    return f'"{inner or value}"'


def _missing(lines: list[str]) -> Symptom:
    what, told = _named(lines)
    if len(lines) == 1:
        return Symptom(f"{what} is missing" if what else "a line is missing", f"{told} is missing.")
    return Symptom("lines are missing", f"{told} and more are missing.")


def _additional(lines: list[str]) -> Symptom:
    what, told = _named(lines)
    if len(lines) == 1:
        title = f"additional line {what}" if what else "an additional line"
        return Symptom(title, f"{told} comes out, too, and should not.")
    return Symptom("more lines than there should be", f"{told} and more come out that should not.")


def _named(lines: list[str]) -> tuple[str, str]:
    """The first line for a title, if it is short, and for a sentence."""
    line = lines[0].strip()
    told = f'the line "{_short(line, _SENTENCE, cut=True)}"' if line else "an empty line"
    return (f'"{line}"' if 0 < len(line) <= _SHORT else ""), told


def _without(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """The lines that the others lack; none where the others are no selection of them."""
    left = list(others)
    gone = []
    for line in lines:
        if left and left[0] == line:
            left.pop(0)
        else:
            gone.append(line)
    return [] if left else gone


def first_difference(ours: Sequence[object], theirs: Sequence[object]) -> int:
    """The position of the first line, or word, that is not the same."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(ours), len(theirs)))


def _apart(one: str, other: str, most: int) -> tuple[str, str]:
    """Two texts, shortened by what both begin and end with where they are too long.

    Empty where that does not help.
    """
    if max(len(one), len(other)) <= most and one and other:
        return one, other
    for pattern, context in ((_WORD, 1), (_WORD, 0), (_PIECE, 0)):
        ours, theirs = _stripped(one, other, pattern, context)
        fits = max(len(ours), len(theirs)) <= most and ours and theirs
        if fits and _is_whole(ours) and _is_whole(theirs):
            return ours, theirs
    right, wrong = _first_value(one, other)
    if right and max(len(right), len(wrong)) <= most:
        return right, wrong
    cut = _short(ours, most, cut=True), _short(theirs, most, cut=True)
    return cut if all(cut) and cut[0] != cut[1] else ("", "")


def _is_whole(text: str) -> bool:
    """Whether a piece of a line begins and ends outside of quotation marks and brackets."""
    pairs = (("(", ")"), ("[", "]"), ("{", "}"))
    balanced = all(text.count(opening) == text.count(closing) for opening, closing in pairs)
    return balanced and text.count("'") % 2 == 0 and text.count('"') % 2 == 0


def _first_value(one: str, other: str) -> tuple[str, str]:
    """The first word or quoted text in which two lines differ; empty where one has no more."""
    ours, theirs = _VALUE.findall(one), _VALUE.findall(other)
    number = first_difference(ours, theirs)
    if number >= min(len(ours), len(theirs)):
        return "", ""
    pair = ours[number], theirs[number]
    return pair if all(len(value) > 1 for value in pair) else ("", "")


def _stripped(one: str, other: str, pattern: re.Pattern[str], context: int) -> tuple[str, str]:
    """Both without the common pieces at either end; a piece of each stays, and some before it."""
    ours, theirs = (list(pattern.finditer(text)) for text in (one, other))
    most = min(len(ours), len(theirs)) - 1
    if most < 0:
        return one, other
    words = [[match.group() for match in matches] for matches in (ours, theirs)]
    first = first_difference(*(each[:most] for each in words))
    last = first_difference(*(each[::-1][: most - first] for each in words))
    first = max(0, first - context)
    return _unended(
        one[ours[first].start() : ours[-1 - last].end()],
        other[theirs[first].start() : theirs[-1 - last].end()],
    )


def _unended(one: str, other: str) -> tuple[str, str]:
    """Both without the commas and lonely brackets that both end with."""
    while len(one) > 1 and len(other) > 1 and one[-1] == other[-1] and one[-1] in ",;)]}":
        opening = {")": "(", "]": "[", "}": "{"}.get(one[-1])
        if opening and any(text.count(opening) >= text.count(one[-1]) for text in (one, other)):
            break
        one, other = one[:-1], other[:-1]
    return one, other


def _short(text: str, most: int, cut: bool = False) -> str:
    """A text that fits in a line of its own; one that does not is cut, or nothing."""
    if "\n" not in text and len(text) <= most:
        return text
    return f"{text.splitlines()[0][: most - 3].rstrip()}..." if cut else ""


def _how_much(expected: str, actual: str) -> str:
    wanted, got = expected.splitlines(), actual.splitlines()
    if len(wanted) == len(got) == 1:
        return "another value comes out than the one expected."
    return f"line {first_difference(wanted, got) + 1} of the output is the first that is wrong."


def excerpts(expected: str, actual: str) -> tuple[str, str]:
    """Both outputs; what is the same in both, far before or behind what differs, is left out."""
    wanted, got = expected.splitlines(), actual.splitlines()
    first = first_difference(wanted, got)
    start = first - 2 if first >= _LEAD else 0
    shortest = min(len(wanted), len(got)) - first
    same = first_difference(wanted[::-1][:shortest], got[::-1][:shortest])
    end = same - 2 if same > _LEAD else 0

    def shown(lines: list[str]) -> str:
        kept = lines[start : len(lines) - end]
        return "\n".join(["..."] * bool(start) + kept + ["..."] * bool(end))

    return shown(wanted), shown(got)
