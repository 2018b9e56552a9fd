"""Which case of which journey is told."""

from __future__ import annotations

from pathlib import Path

from bugbash.serving.difference import Difference, Output, most_telling
from bugbash.serving.journey_files import Journey


def journey(name: str, body: str = "print(n)") -> Journey:
    cases = tuple((case, f"n = {case!r}") for case in "abcdefghijklmnopqrst")
    return Journey(name, Path(f"{name}.py"), "a clerk", "s", "c.", "d.", ("n",), body, cases)


def difference(
    name: str = "j",
    case: str = "b",
    text: str = "1",
    error: str = "",
    body: str = "",
    differing: int = 1,
) -> Difference:
    return Difference(
        journey(name, body or "print(n)"),
        case,
        Output(text, error),
        Output(text + "!"),
        differing,
        20,
    )


def told(found: list[Difference], functions: list[str] | None = None, most: int = 12) -> list[str]:
    chosen = most_telling(found, functions or [], most)
    return [f"{one.journey.name}{one.case}" for one in chosen]


def test_what_should_end_in_an_error_comes_last() -> None:
    plain = difference(case="c", text="long " * 20)
    assert told([difference(error="ValueError"), plain]) == ["jc", "jb"]


def test_a_program_that_exits_does_not_end_in_an_error() -> None:
    assert (
        told([difference("a", text="22", error="SystemExit"), difference("b", text="5" * 30)])[0]
        == "ab"
    )


def test_steps_that_do_not_call_the_changed_function_come_first() -> None:
    calls = difference("a", body="parse(n)")
    other = difference("b", body="load(path, 'a long text of the settings'); reparse(n)")
    assert told([calls, other], ["Reader.parse"]) == ["bb", "ab"]
    assert told([calls, other], ["load"]) == ["ab", "bb"]
    assert told([calls, other], ["outer.open"]) == ["ab", "bb"]


def test_a_class_is_called_for_its_init() -> None:
    makes = difference("a", body="Reader(n)")
    other = difference("b", body="something(n, 'that is longer')")
    assert told([makes, other], ["Reader.__init__"]) == ["bb", "ab"]


def test_the_first_case_is_told_where_most_of_a_journey_differ() -> None:
    many = [
        difference(case=case, text=text, differing=11) for case, text in (("a", "long"), ("b", ""))
    ]
    few = [
        difference(case=case, text=text, differing=10) for case, text in (("a", "long"), ("b", ""))
    ]
    assert told(many) == ["ja", "jb"]
    assert told(few) == ["jb", "ja"]


def test_what_is_short_comes_first_at_last() -> None:
    found = [difference(name, text=text) for name, text in (("x", "333"), ("y", "1"), ("z", "22"))]
    assert told(found) == ["yb", "zb", "xb"]


def test_every_journey_is_told_however_long_it_is() -> None:
    short = [difference("a", case) for case in "abcdefghijklmnop"]
    found = [*short, difference("b", text="long " * 50), difference("c", error="ValueError")]
    chosen = told(found)
    assert len(chosen) == 12
    assert chosen[0] == "aa"
    assert {"bb", "cb"} <= set(chosen)
    assert len(told(found, most=1)) == 3
