"""The script of a report is made from the body of a failing test, or there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.serving.real_names import NoSteps
from bugbash.serving.real_steps import TestSource

HEAD = """\
import os
import pytest
from shop.cart import Cart, price as price_of
from tests.helpers import customer

RATES = {"a": 1}


@pytest.fixture
def cart():
    return Cart(rates=RATES)


@pytest.fixture
def server():
    with open("x") as file:
        yield file


def filled(cart, *names):
    "Says nothing."
    for name in names:
        cart.add(name)
    return cart


"""


def script(tmp_path: Path, body: str, test: str = "test_it", look: int = 0) -> str:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_shop.py").write_text(HEAD + body)
    source = TestSource(tmp_path, f"tests/test_shop.py::{test}")
    source.watched()
    return source.shortened(look, 0)


CASES = {
    "the side that does something": (
        "def test_it():\n    c = Cart()\n    assert 3 == c.total()\n",
        "from shop.cart import Cart\n\nc = Cart()\nprint(c.total())\n",
    ),
    "what a negation is about": (
        "def test_it():\n    c = Cart()\n    assert not c.is_full\n",
        "from shop.cart import Cart\n\nc = Cart()\nprint(c.is_full)\n",
    ),
    "the container": (
        "def test_it():\n    assert 'a' in Cart().names()\n",
        "from shop.cart import Cart\n\nprint(Cart().names())\n",
    ),
    "what must raise": (
        "def test_it():\n    c = Cart()\n    with pytest.raises(ValueError) as info:\n"
        "        c.add('')\n    assert 'name' in str(info.value)\n",
        "from shop.cart import Cart\n\nc = Cart()\nprint(c.add(''))\n",
    ),
    "a fixture that returns something, and a helper": (
        "def test_it(cart):\n    assert filled(cart, 'a').total() == 1\n",
        'from shop.cart import Cart\n\n\nRATES = {\'a\': 1}\n\n\ndef filled(cart, *names):\n'
        "    for name in names:\n        cart.add(name)\n    return cart\n\n\n"
        "cart = Cart(rates=RATES)\nprint(filled(cart, 'a').total())\n",
    ),
    "the environment": (
        "def test_it(monkeypatch):\n    monkeypatch.setenv('CURRENCY', 'CHF')\n"
        "    assert price_of('a') == 1\n",
        "import os\nfrom shop.cart import price as price_of\n\n"
        "os.environ['CURRENCY'] = 'CHF'\nprint(price_of('a'))\n",
    ),
    "what is awaited": (
        "async def test_it():\n    assert await price_of('a') == 1\n",
        "import asyncio\nfrom shop.cart import price as price_of\n\n\n"
        "async def main():\n    print(await price_of('a'))\nasyncio.run(main())\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES)
def test_a_script_shows(body: str, expected: str, tmp_path: Path) -> None:
    assert script(tmp_path, body) == expected


@pytest.mark.parametrize(
    ("test", "printed"),
    [
        ("test_it[a-1]", "print(price_of('a'))"),
        ("test_it[b-2]", "print(price_of('b'))"),
        ("test_it[none]", "print(price_of(None))"),
        ("test_it[value3-4]", "print(price_of([1]))"),
        ("test_it[\\xe9-5]", "print(price_of('é'))"),
    ],
)
def test_the_failing_set_of_arguments_is_told(test: str, printed: str, tmp_path: Path) -> None:
    body = (
        '@pytest.mark.parametrize("value, total", [("a", 1), ("b", 2), '
        'pytest.param(None, 3, id="none"), ([1], 4), ("é", 5)])\n'
        "def test_it(value, total):\n    assert price_of(value) == total\n"
    )
    assert printed in script(tmp_path, body, test)


def test_earlier_assertions_and_what_comes_later_are_left_out(tmp_path: Path) -> None:
    body = (
        "def test_it():\n    c = Cart()\n    assert c.total() == 0\n    c.add('a')\n"
        "    assert c.total() == 1\n    c.clear()\n    assert c.total() == 0\n"
    )
    assert script(tmp_path, body, look=1).splitlines()[-3:] == [
        "c = Cart()",
        "c.add('a')",
        "print(c.total())",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "def test_it(server):\n    assert server.read() == 1\n",
        "def test_it(unknown):\n    assert unknown == 1\n",
        "def test_it():\n    assert customer().name == 'Ada'\n",
        "def test_it():\n    Cart().add('a')\n",
        "def test_it(monkeypatch):\n    monkeypatch.setattr(Cart, 'x', 1)\n    assert Cart().x\n",
        "def test_other():\n    assert Cart().x\n",
    ],
    ids=["a fixture that cleans up", "no such fixture", "a helper of the tests", "no assertion",
         "a patched object", "no such test"],
)  # fmt: skip
def test_what_no_user_could_type_gives_no_script(body: str, tmp_path: Path) -> None:
    with pytest.raises(NoSteps):
        script(tmp_path, body)
