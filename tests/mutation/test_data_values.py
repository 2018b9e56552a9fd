"""The values of settings files: where they stand, and what is none."""

from __future__ import annotations

import pytest

from bugbash.mutation.data_values import listings_of, values_of
from bugbash.mutation.setting_values import other_numbers, other_texts

VALUES = {
    "toml": (
        "a.toml",
        'a = 1 # x = 2\n[t.u]\n"b c" = "x = 3"\nd.e=1_000\n  f = \'y\'\n[[n]]\ng = true\n',
        [
            ("a", "", "1"),
            ("b c", "t.u", '"x = 3"'),
            ("d.e", "t.u", "1_000"),
            ("f", "t.u", "'y'"),
            ("g", "n", "true"),
        ],
    ),
    "toml text of several lines": ("a.toml", 'a = """\nb = 1\n"""\nc = 2\n', [("c", "", "2")]),
    "toml without plain values": ("a.toml", "a = [1,\n2]\nb = {c = 1}\n", []),
    "ini": (
        "a.ini",
        "; a = 1\n[s]\nb: 2 ; c\nd = x y\n# e = 3\nf =\n",
        [("d", "s", "x y")],
    ),
    "json": (
        "a.json",
        '{"a": 1, "b": {"c": "x:1,", "d": [1, {"e": true}]}, "f": -2.5}',
        [("a", "", "1"), ("c", "/b", '"x:1,"'), ("e", "/b/[]/", "true"), ("f", "", "-2.5")],
    ),
}


@pytest.mark.parametrize(("file", "text", "expected"), VALUES.values(), ids=VALUES)
def test_values(file: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = values_of(file, text)
    assert [(v.key, v.section, v.text) for v in found] == expected
    assert all(text[v.start : v.end] == v.text for v in found)


LISTINGS = {
    "toml": ("a.toml", 'a = ["x, y", 2]  # z\n', ['"x, y"', "2"]),
    "json": ("a.json", '{"a": ["x", "y"], "b": [1, 2]}', ['"x"', '"y"']),
    "ini": ("a.ini", "[s]\na = x, y\n", ["x", "y"]),
    "ini sentence": ("a.ini", "[s]\na = First this, then that\n", []),
    "nested": ("a.toml", "a = [[1], [2]]\n", []),
}


@pytest.mark.parametrize(("file", "text", "expected"), LISTINGS.values(), ids=LISTINGS)
def test_listings(file: str, text: str, expected: list[str]) -> None:
    spans = [span for listing in listings_of(file, text) for span in listing.elements]
    assert [text[start:end] for start, end in spans] == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("timeout", "30", ["30000"]),
        ("timeout", "120", ["2"]),
        ("wait_ms", "2_000", ["2"]),
        ("max_retries", "3", ["2"]),
        ("keep_days", "90", ["9"]),
        ("watch_percent", "75", ["25"]),
        ("page_size", "50", ["5"]),
        ("buffer_size", "4096", ["2048"]),
        ("max_length", "1_000_000", ["100_000"]),
        ("port", "8080", ["8079"]),
        ("digits", "2", ["3"]),
        ("size", "1", []),
        ("size", "0x10", []),
    ],
)
def test_numbers_that_are_nearly_right(name: str, text: str, expected: list[str]) -> None:
    assert list(other_numbers(name, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5m", ["5s"]),
        ("8 MiB", ["8 MB"]),
        ("-7d", ["-7h", "7d"]),
        ("09:00", ["21:00"]),
        ("+01:00", ["-01:00"]),
        ("+00:00", []),
        ("0s", []),
        ("shop", []),
        ("5 apples", []),
    ],
)
def test_texts_that_are_nearly_right(text: str, expected: list[str]) -> None:
    assert list(other_texts(text)) == expected
