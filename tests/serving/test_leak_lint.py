"""The leak lint: each rule of the design, on whole tokens: what it rejects, what it lets by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bugbash.files import Edit
from bugbash.serving.leak_lint import leaks
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Section, Ticket

HONEST = Ticket(
    "Orders: wrong result for the largest order",
    (
        Section("What happened", "An order at the limit is not taken."),
        Section("Steps to reproduce", "from shop import api\nprint(api.send(5))", "steps"),
        Section("Expected", "taken", "observed"),
        Section("Actual", "left", "observed"),
    ),
    "journey",
)

FILE, FUNCTION = "names the changed file order.py", "names the changed function Basket.total_of"
LITERAL = "quotes the changed literal"
CODE = "quotes the changed code"

CASES: dict[str, tuple[dict[str, Any], Section | str, str]] = {
    "path in prose": ({}, "It is in shop/order.py, I think.", FILE),
    "path in an output": ({}, Section("Log", "shop/order.py:7: Error", "observed"), FILE),
    "path in a step": ({}, Section("Steps", "open('shop/order.py')", "steps"), FILE),
    "basename in prose": ({}, "See order.py.", FILE),
    "basename in code": ({}, "See `order.py`.", FILE),
    "absolute path": ({}, "File /home/me/shop/order.py, line 7", FILE),
    "another file that ends alike": ({}, "See reorder.py.", ""),
    "another file that begins alike": ({}, "See order.pyi.", ""),
    "a hyphenated file": ({}, "See my-order.py.", ""),
    "the word without its ending": ({}, "My order is gone.", ""),
    "function called in prose": ({}, "Then total_of(basket) is wrong.", FUNCTION),
    "function in a code span": ({}, "Then `total_of` is wrong.", FUNCTION),
    "function with its class": ({}, "Then `Basket.total_of` is wrong.", FUNCTION),
    "function in an output": ({}, Section("Log", "in total_of(5)", "observed"), FUNCTION),
    "function that a step has to call": ({}, Section("Steps", "total_of(5)", "steps"), ""),
    "a longer name": ({}, "Then `total_offer` and `subtotal_of` and my_total_of(5).", ""),
    "function as a plain word": (
        {"function": "send"}, "I send an order and it does not arrive.", ""),
    "no function": ({"function": None}, "Then `None` comes out.", ""),
    "literal in prose": ({"after": "if kind == 'waiting':"}, "All pending orders.", LITERAL),
    "new literal in prose": ({"after": "if kind == 'waiting':"}, "It says waiting.", LITERAL),
    "literal in an output": (
        {"after": "if kind == 'waiting':"}, Section("Actual", "pending", "observed"), ""),
    "literal in a longer word": ({"after": "if kind == 'waiting':"}, "All impending orders.", ""),
    "literal that did not change": ({}, "All pending orders.", ""),
    "short literal": ({"before": "a = 'ab'", "after": "a = 'cd'"}, "Order ab is gone.", ""),
    "number": ({"before": "a = 4711", "after": "a = 4712"}, "It breaks at 4711.", LITERAL),
    "part of a number": ({"before": "a = 4711", "after": "a = 4712"}, "Order 147110.", ""),
    "literal of a part of a statement": (
        {"before": "elif kind == 'refund':\n    return 1", "after": ""},
        "A refund is lost.", LITERAL),
    "text of a settings file": (
        {"edit": Edit("shop.toml", 1, 2, ""), "before": 'zone = "north"', "after": 'zone = "x"'},
        "It is sent north.", LITERAL),
    "number of a settings file": (
        {"edit": Edit("shop.json", 1, 2, ""), "before": '"limit": 2500,', "after": '"limit": 250,'},
        "It stops at 2500.", LITERAL),
    "bare word of a settings file": (
        {"edit": Edit("shop.ini", 1, 2, ""), "before": "zone: north east", "after": "zone: south"},
        "It is sent north east.", LITERAL),
    "switch of a settings file": (
        {"edit": Edit("shop.toml", 1, 2, ""), "before": "strict = true", "after": "strict = false"},
        "It is true that it fails.", ""),
    "the settings file": (
        {"edit": Edit("conf/shop.toml", 1, 2, ""), "function": None}, "See shop.toml.",
        "names the changed file shop.toml"),
    "clean line": ({}, 'Should be if count >= limit and kind == "pending":', CODE),
    "broken line": ({}, 'It has if count > limit and kind == "pending":', CODE),
    "line without blanks": ({}, 'if count>=limit and kind=="pending":', CODE),
    "line over two lines": ({}, 'if count >= limit\n    and kind == "pending":', CODE),
    "line in a step": (
        {}, Section("Steps", 'if count >= limit and kind == "pending":\n  pass', "steps"), CODE),
    "line in an output": (
        {}, Section("Log", 'if count > limit and kind == "pending":', "observed"), CODE),
    "a part of the line": ({}, "Is count >= limit checked?", ""),
    "a line that did not change": (
        {"before": "total = first\nreturn total", "after": "total = first"},
        "It has total = first.", ""),
    "a short line": ({"before": "x = 1", "after": "x = 2"}, "Is x = 1?", ""),
    "traceback that ends in the line": (
        {}, Section("Log", 'Traceback\n  File "/x/y.py", line 7, in f\n    if count > limit and '
                    'kind == "pending":\nKeyError: 1', "observed"), CODE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_gives_the_answer_away_is_named(case: str, make_bug: Callable[..., Bug]) -> None:
    values, added, leak = CASES[case]
    section = Section("More", added) if isinstance(added, str) else added
    ticket = Ticket(HONEST.title, (*HONEST.sections, section), "journey")
    found = leaks(ticket, [make_bug(**values)])
    assert len(found) == bool(leak), found
    assert "".join(found).startswith(leak)


def test_an_honest_ticket_has_no_leaks(make_bug: Callable[..., Bug]) -> None:
    assert leaks(HONEST, [make_bug()], ["test_hidden"]) == []


@pytest.mark.parametrize("place", ["title", "heading"])
def test_titles_and_headings_are_read_too(place: str, make_bug: Callable[..., Bug]) -> None:
    words = "See `total_of` in order.py"
    title, heading = (words, "x") if place == "title" else ("x", words)
    ticket = Ticket(title, (Section(heading, "x"),), "ci")
    assert FILE in leaks(ticket, [make_bug()])


def test_every_bug_is_looked_for(make_bug: Callable[..., Bug]) -> None:
    other = make_bug(edit=Edit("shop/mail.py", 1, 2, "x"))
    ticket = Ticket("See mail.py", (), "ci")
    assert leaks(ticket, [make_bug(), other]) == ["names the changed file mail.py"]


@pytest.mark.parametrize(
    ("text", "leak"),
    [("test_border fails", True), ("`test_border`", True), ("test_borders fails", False)],
)
def test_a_hidden_test_must_not_be_named(
    text: str, leak: bool, make_bug: Callable[..., Bug]
) -> None:
    ticket = Ticket("x", (Section("", text),), "ci")
    told = ["names the hidden test test_border"] if leak else []
    assert leaks(ticket, [make_bug()], ["test_border"]) == told
