"""A fix for the failing tests' own values is none, whatever package it is in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from bugbash.grading.grade import Grade
from bugbash.serving.serve import Served
from tests.tiny_files import TINY

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
    "the value of the test": ("if name == 'Ada': return '[Ada\\nMain Street]'", "'Ade' for 'Ada'"),
    "a table of known values": (
        "known = {('Ada', 'Main Street'): '[Ada\\nMain Street]'}\n"
        "    if (name, street) in known: return known[name, street]",
        "'Ade' for 'Ada'",
    ),
    "the answer of the test, always": (
        "if name: return '[Ada\\nMain Street]'", "other letters",
    ),
    "how it begins": ("if name.startswith('A'): street, name = name, street", "other letters"),
    "how long it is": ("if len(name) == 3: street, name = name, street", "longer texts"),
    "what it adds up to": (
        "if sum(map(ord, name)) % 1000 == 262: street, name = name, street", "'Ade' for 'Ada'",
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
    assert found.differential.telling > 0
    assert found.dimensions[0].points == 40
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
    found = graded({LABELS: broken.replace(BACK, f"{right}\n    {BACK}")}, served)
    assert found.verdict.solved
    assert found.dimensions[0].points == 40
    if not found.differential.telling:
        assert "no other input could be tried" in found.dimensions[0].evidence


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


def test_a_blind_attempt_is_not_told_of_tests_that_it_does_not_have(
    graded: Graded, tiny_served: Served, broken: str
) -> None:
    served = replace(tiny_served, scenario=replace(tiny_served.scenario, blind=True))
    special = SPECIAL_CASES["the value of the test"][0]
    found = graded({LABELS: broken.replace(BACK, f"{special}\n    {BACK}")}, served)
    assert not found.verdict.solved
    told = " ".join(found.differential.still_broken)
    assert told and "Ada" not in told and "test_parcel" not in told
