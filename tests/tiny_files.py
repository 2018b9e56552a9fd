"""A tiny target project, for tests of the engine that should cost little."""

from __future__ import annotations

TINY: dict[str, str] = {
    "pyproject.toml": """\
[project]
name = "tiny"
version = "1.0"

[tool.pytest.ini_options]
testpaths = ["tests"]
""",
    "README.md": "# tiny\n\nPrices and labels.\n",
    "tiny/__init__.py": '"""A tiny shop."""\n',
    "tiny/prices.py": '''\
"""Prices in cents."""


def total(prices: list[int]) -> int:
    """The sum of all prices."""
    return sum(prices)


def discounted(price: int, percent: int) -> int:
    """The price after a discount in per cent."""
    if percent < 0:
        raise ValueError("a discount can't be negative")
    return price - price * percent // 100


def is_free(price: int, limit: int) -> bool:
    """Whether delivery is free at this price."""
    return price >= limit
''',
    "tiny/labels.py": '''\
"""Labels on parcels."""


def label(name: str, street: str) -> str:
    """Two lines of an address."""
    return f"{name}\\n{street}"


def parcel(name: str, street: str) -> str:
    """The address in a frame."""
    return f"[{label(name, street)}]"


def size(grams: int) -> str:
    """The size of a parcel."""
    if grams < 500:
        return "small"
    elif grams < 2000:
        return "medium"
    return "large"
''',
    "tests/test_prices.py": """\
import pytest

from tiny.prices import discounted, is_free, total


def test_total():
    assert total([1, 2, 3]) == 6


def test_discounted():
    assert discounted(200, 25) == 150


def test_no_discount():
    assert discounted(200, 0) == 200


def test_negative_discount():
    with pytest.raises(ValueError):
        discounted(200, -1)


def test_free_at_the_limit():
    assert is_free(5000, 5000)
""",
    "tests/test_labels.py": """\
from tiny.labels import label, parcel, size


def test_label():
    assert label("Ada", "Main Street") == "Ada\\nMain Street"


def test_parcel():
    assert parcel("Ada", "Main Street") == "[Ada\\nMain Street]"


def test_size():
    assert [size(g) for g in (1, 500, 2000)] == ["small", "medium", "large"]
""",
}
"""A project of three functions a file and eight tests that take no time."""

TINY_TESTS = (
    "tests/test_labels.py::test_label",
    "tests/test_labels.py::test_parcel",
    "tests/test_labels.py::test_size",
    "tests/test_prices.py::test_total",
    "tests/test_prices.py::test_discounted",
    "tests/test_prices.py::test_no_discount",
    "tests/test_prices.py::test_negative_discount",
    "tests/test_prices.py::test_free_at_the_limit",
)

TINY_BUGS = {
    "swapped": (
        "tiny/labels.py",
        "label(name, street)}]",
        "label(street, name)}]",
        "tests/test_labels.py::test_parcel",
    ),
    "limit": (
        "tiny/prices.py",
        "price >= limit",
        "price > limit",
        "tests/test_prices.py::test_free_at_the_limit",
    ),
    "size": (
        "tiny/labels.py",
        "grams < 500",
        "grams <= 500",
        "tests/test_labels.py::test_size",
    ),
}
"""Bugs by name: file, clean text, broken text, the test that each breaks."""
