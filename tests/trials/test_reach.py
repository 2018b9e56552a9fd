"""Which tests can notice a change, from what each executed alone and in company."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bugbash.files import Edit
from bugbash.trials.reach import Reach, ReachBuilder, from_json, to_json

TESTS = ("tests/a.py::one", "tests/a.py::two", "tests/b.py::one", "tests/b.py::two")
FILE = "shop/prices.py"
SOURCE = b"""\
def total(prices):
    if prices:
        return sum(prices)
    return 0


def other():
    while True:
        pass
"""

SETS = st.integers(0, 2 ** len(TESTS) - 1)
LINES = st.dictionaries(
    st.sampled_from([FILE, "b.py"]), st.dictionaries(st.integers(1, 9), SETS, max_size=6)
)
REACHES = st.builds(
    Reach,
    tests=st.just(TESTS),
    lines=LINES,
    everywhere=SETS,
    company=SETS,
    seconds=st.lists(st.floats(0, 9), max_size=4).map(tuple),
    shared=LINES,
    readers=SETS,
    inspectors=SETS,
    leaves=st.dictionaries(st.text(), SETS),
)


def told(lines: Mapping[str, list[int]] | None = None, **facts: Any) -> dict[str, Any]:
    """What a fork says of one test that passed alone and is nothing special."""
    usual: dict[str, Any] = {"outcome": "passed", "seconds": 0.5, "leaves": []}
    usual |= {"everywhere": False, "reads": False, "inspects": False}
    return {**usual, "lines": lines or {}, **facts}


def built(
    *facts: dict[str, Any],
    company: Mapping[int, Mapping[str, list[int]]] = {},
    lost: tuple[int, ...] = (),
) -> Reach:
    builder = ReachBuilder(TESTS, TESTS[:3])
    for index, fact in enumerate(facts):
        builder.add(index, fact)
    for index, lines in company.items():
        told = {"test": index, "lines": lines, "inspects": False, "lost": index in lost}
        builder.add_company(told)
    return builder.reach()


def edit(clean: str, broken: str) -> Edit:
    start = SOURCE.index(clean.encode())
    return Edit(FILE, start, start + len(clean), broken)


@given(REACHES)
def test_a_reach_comes_back_from_json_as_it_was(reach: Reach) -> None:
    assert from_json(json.loads(json.dumps(to_json(reach)))) == reach


def test_a_reach_without_the_newer_facts_can_be_read() -> None:
    known = to_json(built(told({FILE: [1]})))
    for name in ("shared", "readers", "leaves"):
        del known[name]
    assert from_json(json.loads(json.dumps(known))).lines == {FILE: {1: 1}}


@given(REACHES, st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_the_tests_of_more_lines_are_more(reach: Reach, some: set[int], others: set[int]) -> None:
    both = reach.of_lines(FILE, some | others)
    assert both == reach.of_lines(FILE, some) | reach.of_lines(FILE, others)


@settings(max_examples=50)
@given(REACHES, SETS)
def test_company_adds_whole_files_of_needy_tests_and_nothing_else(reach: Reach, some: int) -> None:
    found = reach.with_company(some)
    needy = {reach.tests[index][:10] for index in reach.indices(some & reach.company)}
    added = {reach.tests[index][:10] for index in reach.indices(found & ~some)}
    assert found & some == some
    assert added <= needy
    assert reach.with_company(found) == reach.with_company(reach.with_company(found))
    for file in needy:
        assert all(found >> n & 1 for n, name in enumerate(TESTS) if name.startswith(file))


@given(REACHES)
def test_the_weight_of_a_test_is_the_number_of_its_lines(reach: Reach) -> None:
    sets = [tests for lines in reach.lines.values() for tests in lines.values()]
    assert reach.weight() == [sum(one >> n & 1 for one in sets) for n in range(len(TESTS))]


def test_quick_tests_are_asked_first_and_the_particular_ones_of_them() -> None:
    lines = {FILE: {1: 0b1111, 2: 0b0011, 3: 0b0001}}
    reach = Reach(TESTS, lines=lines, seconds=(0.003, 0.0021, 0.2, 0.0025))
    assert reach.effort() == [2, 1, 3, 0]


@given(SETS)
def test_a_set_of_tests_has_its_positions_and_names(some: int) -> None:
    reach = Reach(TESTS)
    names = [TESTS[index] for index in reach.indices(some)]
    assert reach.set_of([*names, "unknown"]) == some
    assert reach.set_of(TESTS) == reach.all


def test_only_who_begins_a_changed_statement_can_notice() -> None:
    reach = built(told({FILE: [2, 3]}), told({FILE: [2, 4]}), told({FILE: [7]}))
    assert reach.of_change(edit("sum(prices)", "0"), SOURCE) == 0b001
    assert reach.of_change(edit("return 0", "return 1"), SOURCE) == 0b010
    assert reach.of_change(edit("if prices", "if 1"), SOURCE) == 0b011


def test_where_nobody_would_be_seen_all_who_execute_the_function_can_notice() -> None:
    reach = built(told({FILE: [2, 4]}), told({FILE: [9]}))
    assert reach.of_change(edit("sum(prices)", "0"), SOURCE) == 0
    assert reach.of_change(edit("while True", "while x()"), SOURCE) == 0b10


UNSURE: dict[str, tuple[dict[str, Any], str]] = {
    "fails alone": ({"outcome": "failed"}, "company"),
    "skips alone": ({"outcome": "skipped"}, "company"),
    "starts a process": ({"everywhere": True}, "everywhere"),
    "reads a source": ({"reads": True}, "readers"),
}


@pytest.mark.parametrize("case", UNSURE)
def test_tests_that_are_run_more_often_than_their_lines_say(case: str) -> None:
    facts, kind = UNSURE[case]
    reach = built(told(), told(**facts))
    others = {"company", "everywhere", "readers"} - {kind}
    assert getattr(reach, kind) == 0b10
    assert [getattr(reach, other) for other in others] == [0, 0]


def test_a_test_of_which_nothing_was_told_is_run_always() -> None:
    reach = built({})
    assert (reach.everywhere, reach.company, reach.readers) == (1, 1, 1)


def test_a_test_that_the_baseline_left_out_needs_no_company() -> None:
    assert built(told(), told(), told(), told(outcome="skipped")).company == 0


def test_lines_that_a_test_executes_in_company_alone_need_the_whole_suite() -> None:
    alone = told({FILE: [2, 4]})
    reach = built(alone, alone, company={0: {FILE: [2, 4]}, 1: {FILE: [2, 3]}})
    assert reach.shared == {FILE: {3: 0b10}}
    assert reach.needs_all(edit("sum(prices)", "0"), SOURCE)
    assert not reach.needs_all(edit("return 0", "return 1"), SOURCE)


def test_a_test_that_was_not_traced_in_company_is_run_for_every_mutant() -> None:
    alone = told({FILE: [2]})
    assert built(alone, alone, company={0: {FILE: [2]}, 1: {FILE: [2]}}, lost=(1,)).everywhere == 2


def test_an_edit_that_moves_lines_needs_the_whole_suite_where_sources_are_read() -> None:
    longer = edit("return 0", "pass\n    return 0")
    assert not built(told({FILE: [4]})).needs_all(longer, SOURCE)
    assert built(told({FILE: [4]}, reads=True)).needs_all(longer, SOURCE)
    assert not built(told({FILE: [4]}, reads=True)).needs_all(edit("0", "1"), SOURCE)


def test_a_changed_state_is_expected_of_those_alone_that_leave_it_on_the_clean_code() -> None:
    reach = built(told(leaves=["cwd"]), told())
    assert reach.expects(["cwd"], 0b01)
    assert reach.expects([], 0b10)
    assert not reach.expects(["cwd"], 0b10)
    assert not reach.expects(["cwd", "umask"], 0b11)
