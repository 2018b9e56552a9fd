"""Which names could be taken for each other."""

from __future__ import annotations

import pytest

from bugbash.mutation.words import alike, is_pair, is_plural, words

ALIKE = [
    ("start", "end"),
    ("start_date", "end_date"),
    ("startDate", "endDate"),
    ("MIN_SIZE", "MAX_SIZE"),
    ("tax_rate", "base_rate"),
    ("rate", "tax_rate"),
    ("_pending", "_done"),
    ("x", "y"),
    ("old_row", "new_row"),
]
DIFFERENT = [
    ("row", "rows"),
    ("max_size", "max_count"),
    ("start", "START"),
    ("start", "_end"),
    ("start", "start"),
    ("width", "is_width"),
    ("lines", "n_lines"),
    ("name", "price"),
    ("a", "b"),
    ("order_id", "user_id"),
    ("net", "network"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_for_each_other(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_other_kinds(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_pairs_are_nearer_than_what_shares_a_word() -> None:
    assert is_pair("start_date", "end_date")
    assert not is_pair("tax_rate", "base_rate")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("max_line_len", ("max", "line", "len")),
        ("maxLineLen", ("max", "line", "len")),
        ("HTTPServer2", ("http", "server", "2")),
        ("_x", ("x",)),
        ("", ()),
    ],
)
def test_the_words_of_a_name(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("rows", True), ("row", False), ("status", False), ("address", False)]
)
def test_which_names_are_of_many(name: str, expected: bool) -> None:
    assert is_plural(name) is expected
