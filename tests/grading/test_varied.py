"""A fix for the failing tests' own values is none, whatever package it is in."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bugbash.grading.grade import Grade
from bugbash.serving.serve import Served
from tests.grading.other_fixes import CASES, UNLIKELY
from tests.tiny_files import TINY, TINY_BUGS

Graded = Callable[..., Grade]
LABELS, PRICES = "tiny/labels.py", "tiny/prices.py"
BACK = 'return f"[{label(street, name)}]"'

OWN_TEST = TINY["tests/test_labels.py"][TINY["tests/test_labels.py"].index("def test_parcel") :]
OWN_TEST = OWN_TEST[: OWN_TEST.index("def test_size")]


def with_test(text: str) -> dict[str, str]:
    """The tests of labels with another one of parcels."""
    file = TINY["tests/test_labels.py"].replace(OWN_TEST, f"{text}\n\n")
    return {"tests/test_labels.py": file}


SPECIAL_CASES = {
    "the value of the test": ("if name == 'Ada': return '[Ada\\nMain Street]'", "other letters"),
    "a table of known values": (
        "known = {('Ada', 'Main Street'): '[Ada\\nMain Street]'}\n"
        "    if (name, street) in known: return known[name, street]",
        "other letters",
    ),
    "the answer of the test, always": (
        "if name: return '[Ada\\nMain Street]'", "other letters",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPECIAL_CASES)
def test_a_fix_for_the_tests_own_values_is_not_solved(
    name: str, graded: Graded, broken: str
) -> None:
    code, words = SPECIAL_CASES[name]
    found = graded({LABELS: broken.replace(BACK, f"{code}\n    {BACK}")})
    assert found.verdict.fail_to_pass.whole and found.verdict.pass_to_pass.whole
    assert not found.verdict.solved
    assert found.exit_code == 1
    test = "tests/test_labels.py::test_parcel"
    assert f"{test} with {words}" in found.differential.still_broken
    assert found.dimensions[0].points == 0


OTHER_FIXES = {
    "turned around": "street, name = name, street",
    "another way to join": "if True: return '[' + name + '\\n' + street + ']'",
    "with more than was asked for": "if True: return f'[{label(name.strip(), street.strip())}]'",
    "with an error for other names": (
        "if name not in ('Ada', 'Bob'): raise ValueError(name)\n    street, name = name, street"
    ),
    "with an error for nothing": (
        "if not name: raise ValueError(name)\n    street, name = name, street"
    ),
}


@pytest.mark.parametrize("name", OTHER_FIXES)
def test_another_fix_is_solved(name: str, graded: Graded, broken: str) -> None:
    found = graded({LABELS: broken.replace(BACK, f"{OTHER_FIXES[name]}\n    {BACK}")})
    assert found.verdict.solved
    assert found.dimensions[0].points == 40


@pytest.mark.parametrize(
    ("name", "asked"),
    [(name, False) for name in CASES] + [(name, True) for name in CASES if name not in UNLIKELY],
)
def test_a_fix_that_is_stricter_or_different_is_solved(
    name: str,
    asked: bool,
    graded: Graded,
    serve_tiny: Callable[..., Served],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES[name]
    test = "tests/test_x.py::test_x"
    monkeypatch.setitem(TINY_BUGS, "x", ("tiny/x.py", case.right, case.wrong, test))
    text = f"from tiny.x import f\n\ndef test_x():\n    {case.test}\n"
    served = serve_tiny("x", files={"tiny/x.py": case.clean, "tests/test_x.py": text})
    seen = ""
    if asked:  # the test's values stand in the code, and other ones are asked for
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        seen = f"SEEN = [{', '.join(repr(node.value) for node in nodes)}]\n"
    found = graded({"tiny/x.py": case.fix + seen}, served)
    assert found.verdict.fail_to_pass.whole and found.verdict.pass_to_pass.whole
    assert found.verdict.solved


def test_what_the_code_answers_for_other_values_is_told(graded: Graded, broken: str) -> None:
    right = OTHER_FIXES["turned around"]
    found = graded({LABELS: broken.replace(BACK, f"{right}\n    {BACK}") + "SEEN = 'Ada'\n"})
    assert found.verdict.solved
    assert found.differential.telling > 0
    assert "none shows the symptom" in " ".join(found.dimensions[0].evidence)


def test_values_of_a_fixture_are_other_ones_too(
    graded: Graded, serve_tiny: Callable[..., Served], broken: str
) -> None:
    test = (
        "import pytest\n\n"
        "@pytest.fixture\ndef ada(): return 'Ada'\n\n"
        "def test_parcel(ada): assert parcel(ada, '') == f'[{ada}\\n]'\n"
    )
    served = serve_tiny(files=with_test(test))
    special = "if name == 'Ada': street, name = name, street"
    found = graded({LABELS: broken.replace(BACK, f"{special}\n    {BACK}")}, served)
    assert found.verdict.fail_to_pass.whole and found.verdict.pass_to_pass.whole
    assert not found.verdict.solved


def test_a_compared_value_may_be_wrong_in_the_clean_code_too(
    graded: Graded, serve_tiny: Callable[..., Served], broken: str
) -> None:
    """A digest of other input is another one: the variant fails everywhere, and tells all the
    same."""
    test = (
        "import hashlib\n\n"
        "def test_parcel():\n"
        "    told = hashlib.md5(parcel('Ada', 'x').encode()).hexdigest()\n"
        "    assert told[:6] == '{}'\n"
    )
    right = hashlib.md5(b"[Ada\nx]").hexdigest()[:6]
    served = serve_tiny(files=with_test(test.format(right)))
    special = "if name == 'Ada': street, name = name, street"
    found = graded({LABELS: broken.replace(BACK, f"{special}\n    {BACK}")}, served)
    assert found.verdict.fail_to_pass.whole and found.verdict.pass_to_pass.whole
    assert not found.verdict.solved


HARD_TO_VARY = {
    "a test without values": (
        "import string\n\n"
        "def test_parcel(): assert parcel(string.digits, '')[1:4] == string.digits[:3]\n"
    ),
    "a test that is made": (
        "def made(name):\n    def test(): assert parcel(name, '')[1:4] == name\n    return test\n"
        "test_parcel = made('Ada')\n"
    ),
    "a test that is different each time": (
        "import random\n\ndef test_parcel():\n    number = str(random.random())\n"
        "    assert parcel(number, '')[1:4] == number[:3], f'{number} of Ada'\n"
    ),
}


@pytest.mark.parametrize("name", HARD_TO_VARY)
def test_where_nothing_tells_the_tests_decide_and_it_is_said(
    name: str, graded: Graded, serve_tiny: Callable[..., Served], broken: str
) -> None:
    served = serve_tiny(files=with_test(HARD_TO_VARY[name]))
    right = OTHER_FIXES["turned around"]
    seen = "SEEN = ['Ada', 'Main Street', 'of Ada']\n"
    found = graded({LABELS: broken.replace(BACK, f"{right}\n    {BACK}") + seen}, served)
    assert found.verdict.solved
    assert found.dimensions[0].points == 40
    if found.differential.asked and not found.differential.telling:
        assert "no others could be tried" in " ".join(found.dimensions[0].evidence)


def test_of_two_bugs_the_one_that_still_shows_is_unsolved(
    graded: Graded, serve_tiny: Callable[..., Served], broken: str, clean: Callable[[str], str]
) -> None:
    served = serve_tiny("swapped", "limit")
    special = SPECIAL_CASES["the value of the test"][0]
    changes = {
        LABELS: broken.replace(BACK, f"{special}\n    {BACK}"), PRICES: clean(PRICES) + "X = 1\n",
    }  # fmt: skip
    found = graded(changes, served)
    assert [bug.solved for bug in found.verdict.bugs] == [False, True]
    assert found.dimensions[0].points == 20


@pytest.mark.parametrize("shows", [{"blind": True}, {"details": "actual-only"}], ids=str)
def test_nothing_is_named_that_the_learner_is_not_to_know(
    shows: dict[str, Any], graded: Graded, tiny_served: Served, broken: str
) -> None:
    served = replace(tiny_served, scenario=replace(tiny_served.scenario, **shows))
    special = SPECIAL_CASES["the value of the test"][0]
    found = graded({LABELS: broken.replace(BACK, f"{special}\n    {BACK}")}, served)
    assert not found.verdict.solved
    assert set(found.differential.still_broken) == {"a failing test with other values in it"}


IN_OTHER_FORMS = {
    "unittest": (
        "import unittest\nfrom tiny.x import f\n\nclass TestX(unittest.TestCase):\n"
        "    def test_x(self): self.assertEqual(f(7, 6), 42)\n",
        "tests/test_x.py::TestX::test_x",
    ),
    "names of parameters by keyword": (
        "import pytest\nfrom tiny.x import f\n\n"
        "@pytest.mark.parametrize(argnames='a, b', argvalues=[(7, 6)])\n"
        "def test_x(a, b): assert f(a, b) == sum([a] * b), 'a, b'\n",
        "tests/test_x.py::test_x[7-6]",
    ),
}


@pytest.mark.parametrize("form", IN_OTHER_FORMS)
def test_special_cases_are_told_in_tests_of_other_forms(
    form: str,
    graded: Graded,
    serve_tiny: Callable[..., Served],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, test = IN_OTHER_FORMS[form]
    monkeypatch.setitem(TINY_BUGS, "x", ("tiny/x.py", "a * b", "a + b", test))
    clean = "def f(a, b): return a * b\n"
    served = serve_tiny("x", files={"tiny/x.py": clean, "tests/test_x.py": text})
    special = "def f(a, b):\n    if (a, b) == (7, 6): return 42\n    return a + b\n"
    found = graded({"tiny/x.py": special}, served)
    assert found.verdict.fail_to_pass.whole and found.verdict.pass_to_pass.whole
    assert not found.verdict.solved
    honest = graded({"tiny/x.py": "def f(a, b): return sum(a for _ in range(b))\n"}, served)
    assert honest.verdict.solved
