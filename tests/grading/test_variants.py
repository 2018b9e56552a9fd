"""Variants of tests: the same tests with other values in them, and nothing else changed."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bugbash.grading.variants import MARK, Variants, variants_of


def function_of(made: Variants, inside: str) -> str:
    """The source of a variant, without its decorators."""
    text = made.source.decode()
    name = inside.rpartition("::")[2]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return ast.unparse(node)
    raise AssertionError(f"{name} is not in the file")


def said(source: str, test: str = "t.py::test_it") -> dict[str, str]:
    """What each variant beside its test has in place of the test's body, by how it is said."""
    made, *_ = variants_of(source.encode(), [test])
    bodies = {}
    for inside, variant in made.of.items():
        bodies[variant.words] = function_of(made, inside).split(":\n", 1)[1].strip()
    return bodies


TABLE = {
    "letters of all texts": ("assert up('ad') == 'AD'", "other letters", "assert up('be') == 'BE'"),
    "digits in texts": (
        "assert f('a19', '3') == 7", "other digits in its texts", "assert f('a18', '2') == 7",
    ),
    "numbers": ("assert f(5, 1) == 60", "greater numbers", "assert f(6, 1) == 61"),
    "bytes": (r"assert f(b'\xffa') == 'b'", "other letters", r"assert f(b'\xffb') == 'c'"),
    "longer texts": ("assert f('ab1') == 'AB'", "longer texts", "assert f('abb1') == 'ABB'"),
    "one literal, wherever it stands": (
        "assert f('dev key', 'x') == g('dev key')",
        "'dev kez' for 'dev key'",
        "assert f('dev kez', 'x') == g('dev kez')",
    ),
    "one letter, in both cases": (
        "assert f('TtaA') == 'T'", "'u' for each 't' in its texts", "assert f('UuaA') == 'U'",
    ),
    "a text over several lines": (
        "assert f('''a\n  b''') == ('c'\n    'd')",
        "other letters",
        "assert f('b\\n  c') == 'de'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_values_are_replaced_everywhere(name: str) -> None:
    body, words, expected = TABLE[name]
    assert said(f"def test_it():\n    {body}\n")[words] == expected


def test_what_is_no_value_is_left() -> None:
    text = '''
import pytest

@pytest.mark.parametrize("text, number", [("ab", 5)])
@pytest.mark.usefixtures("clock")
def test_it(text, number):
    """It adds."""
    assert f(text, True, 0, 1) == number, f"not {number}"
'''
    made, *_ = variants_of(text.encode(), ["t.py::test_it"])
    parts = made.source.decode().split("@pytest.mark.parametrize")[2:]
    assert parts
    for part in parts:
        assert part.startswith('("text, number", [(')
        assert '"clock"' in part and '"""It adds."""' in part
        assert "f(text, True, 0, 1) == number" in part


def test_values_of_helpers_and_fixtures_are_replaced_in_files_of_their_own() -> None:
    text = "KEY = 'dev'\n\ndef test_it():\n    assert f(KEY) == 'a-dev3'\n"
    _, *files = variants_of(text.encode(), ["t.py::test_it"])
    assert any(b"KEY = 'dew'" in made.source and b"'a-dev3'" in made.source for made in files)
    assert any(b"KEY = 'efw'" in made.source and b"'b-efw3'" in made.source for made in files)


def test_a_test_of_a_class_is_found_by_its_id() -> None:
    text = "class TestA:\n    def test_it(self):\n        assert f('a')\n\ndef test_it(): f('b')\n"
    made, *_ = variants_of(text.encode(), ["t.py::TestA::test_it"])
    assert all(inside.startswith(f"TestA::test_it{MARK}") for inside in made.of)
    assert "f('b')" in function_of(made, next(iter(made.of)))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"def test_it(:\n", id="no Python"),
        pytest.param(b"# coding: latin-1\ndef test_it(): f('\xe9')\n", id="another encoding"),
        pytest.param(b"\xef\xbb\xbfdef test_it(): f('a')\n", id="a byte order mark"),
        pytest.param(b"test_it = make('a')\n", id="no function"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_there_are_none_of_what_can_not_be_read(source: bytes) -> None:
    assert variants_of(source, ["t.py::test_it"]) == []


_VALUES = st.one_of(
    st.text(max_size=8), st.binary(max_size=8), st.integers(-99, 99), st.booleans(), st.none(),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
)  # fmt: skip


@given(values=st.lists(_VALUES, max_size=6), outside=st.lists(_VALUES, max_size=2))
def test_every_variant_parses_and_differs_in_values_alone(
    values: list[object], outside: list[object]
) -> None:
    body = "".join(f"    assert f({value!a}) == [{value!a},\n        g]\n" for value in values)
    text = "".join(f"X = {value!a}\n" for value in outside)
    text += f"@mark\ndef test_it(x):\n{body}    return x\n"
    made = variants_of(text.encode(), ["t.py::test_it"])
    assert made == variants_of(text.encode(), ["t.py::test_it"])
    usual = _shape(ast.parse(text).body[-1])
    for one in made:
        tree = ast.parse(one.source)
        functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
        variants = [each for each in functions if MARK in each.name]
        assert len(variants) == len(one.of)
        assert all(_shape(each) == usual for each in functions)
        bodies = [ast.dump(ast.Module(each.body, [])) for each in variants]
        assert len(set(bodies)) == len(bodies)


def _shape(tree: ast.AST) -> str:
    """A tree without the values and the name of the function."""
    copy = ast.parse(ast.unparse(tree))
    for node in ast.walk(copy):
        if isinstance(node, ast.Constant):
            node.value = 0
        elif isinstance(node, ast.FunctionDef):
            node.name = "f"
        elif isinstance(node, ast.UnaryOp):
            node.op = ast.USub()
    return ast.dump(copy)
