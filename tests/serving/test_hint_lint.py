"""A scenario's own hints: worth their points, and silent about the answer until the last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bugbash.files import Edit
from bugbash.serving.hint_lint import hint_faults
from bugbash.serving.scenario import Bug

TITLE = "Refunds are booked twice"
BUG = Bug(
    id="b",
    mutator="by hand",
    family="logic",
    edit=Edit("shop/late_fees.py", 0, 0, ""),
    line=3,
    function="Ledger.book",
    before='if state == "open":\n    book(entry)',
    after='if state != "held":\n    book(entry)',
    explanation="",
    fail_to_pass=("tests/test_x.py::test_x",),
    more=(Edit("shop/states.toml", 0, 0, ""),),
)

FAULTS = {
    "too short": (1, "Look there now", "says too little"),
    "white space": (2, "   ", "says too little"),
    "the title": (1, "refunds are  booked twice.", "is the title once more"),
    "the file's path": (1, "Look into shop/late_fees.py for once", "names the file shop/late"),
    "the file's name": (1, "Look into late_fees.py for once", "names the file shop/late_fees.py"),
    "the module": (1, "Look into the module shop.late_fees once", "names the file"),
    "the module's name": (1, "Something about late_fees is odd", "names the file"),
    "another file of the bug": (1, "Is states.toml right about it?", "names the file shop/states"),
    "the function called": (1, "See what book() does with it", "names the function Ledger.book"),
    "the function in code": (2, "See what `book` does with it", "names the function Ledger.book"),
    "the changed literal": (3, "Mind the state open in it", "quotes the changed literal 'open'"),
    "the broken literal": (3, "Why is it 'held' over there?", "quotes the changed literal 'held'"),
    "the changed line": (3, 'It was: if state=="open": then', "quotes the changed code"),
}


@pytest.mark.parametrize(("level", "text", "told"), FAULTS.values(), ids=FAULTS.keys())
def test_a_hint_that_is_worthless_or_tells_too_early_is_found(
    level: int, text: str, told: str
) -> None:
    hints = ("",) * (level - 1) + (text,)
    found = list(hint_faults(replace(BUG, hints=hints), TITLE))
    assert any(number == level and told in fault for number, fault in found), found


FINE = {
    "an area": (1, "Follow one refund through the books of a month."),
    "a plain word that is the function's name": (1, "Each book of the month has to add up."),
    "the file at the second": (2, "Look into shop/late_fees.py for once."),
    "the function at the third": (3, "Look at what `book` does and for whom."),
    "the answer at the last": (4, 'It has to be: if state == "open": book(entry)'),
    "nothing: the generated one serves": (1, ""),
}


@pytest.mark.parametrize(("level", "text"), FINE.values(), ids=FINE.keys())
def test_a_hint_may_say_what_its_level_is_for(level: int, text: str) -> None:
    hints = ("",) * (level - 1) + (text,)
    assert list(hint_faults(replace(BUG, hints=hints), TITLE)) == []


def test_a_hint_that_repeats_another_names_it() -> None:
    hints = ("Follow one refund through.", "", "follow one refund through")
    assert list(hint_faults(replace(BUG, hints=hints), TITLE)) == [
        (3, "hint 3 is hint 1 once more")
    ]
