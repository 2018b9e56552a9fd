"""The report of a CI run tells as much as it may, and its title says what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bugbash.serving.ci_ticket import from_ci
from bugbash.serving.reporting import of_machines
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Setting
from bugbash.trials.outcome import TestResult as Result

SETTING = Setting("shop", "1.2", "Linux, Python 3.11", 1, 41)
FAILURES = {
    "tests/test_b.py::test_two": Result("failed", message="ValueError: second"),
    "tests/test_a.py::test_one": Result(
        "failed", message="AssertionError: assert 1 == 2\n +  where 1 = count()"
    ),
}
DETAIL = Setting("shop", "1.2", "Linux, Python 3.11", 2, 40)


@pytest.mark.parametrize(
    ("detail", "title", "names", "quotes"),
    [
        (2, "CI: test one: assert 1 == 2 (2 tests fail)", True, True),
        (1, "CI: test one (2 tests fail)", True, False),
        (0, "CI: AssertionError (2 tests fail)", False, False),
    ],
)
def test_a_ci_report_tells_as_much_as_its_detail_allows(
    detail: int, title: str, names: bool, quotes: bool
) -> None:
    report = from_ci(FAILURES, DETAIL, detail)
    text = report.render()
    assert report.title == title
    assert ("- `tests/test_a.py::test_one`\n- `tests/test_b.py::test_two`" in text) is names
    assert ("where 1 = count()" in text) is quotes
    assert "**Result:** 2 failed, 40 passed" in text
    assert "Before the last change all 42 tests passed." in text
    assert "Every run, whatever the time zone, locale, hash seed or folder." in text


def test_what_only_some_machines_show_is_not_said_to_show_everywhere() -> None:
    assert "\n\nEvery run.\n" in from_ci(FAILURES, DETAIL, 2, everywhere=False).render()


@pytest.mark.parametrize(
    ("values", "some"),
    [
        ({}, False),
        ({"family": "platform"}, True),
        ({"before": 'open(p, encoding="utf-8")', "after": "open(p)"}, True),
        ({"before": "open(p, newline='')", "after": "open(p)"}, True),
        ({"before": "datetime.now(UTC)", "after": "datetime.now()"}, True),
    ],
)
def test_bugs_of_encodings_newlines_and_time_zones_need_their_machine(
    values: dict[str, str], some: bool, make_bug: Callable[..., Bug]
) -> None:
    assert of_machines(make_bug(**values)) is some


def test_tests_can_be_named_without_their_parameters() -> None:
    failures = {f"tests/test_a.py::test_one[{n}]": Result("failed", message="") for n in "ab"}
    text = from_ci(failures, DETAIL, 1, parameters=False).render()
    assert "- `tests/test_a.py::test_one`\n" in text
    assert "[a]" not in text


def test_long_messages_are_cut() -> None:
    message = "\n".join(f"line {n} " + "x" * 200 for n in range(50))
    report = from_ci({"t": Result("failed", message=message)}, SETTING, 2)
    assert len(report.title) < 140
    assert "line 11" in report.render() and "line 12" not in report.render()


BYTES = "assert b'" + "x" * 99 + "' == b'y'"
MESSAGES = {
    "a bare assertion": ("assert x", "test list as json: assert x", "test list as json"),
    "an error of a package": ("pkg.Error: no", "pkg.Error: no", "Error"),
    "no error at all": ("weird\nthing", "weird", "test list as json"),
    "nothing": ("", "test list as json", "test list as json"),
    "blank lines first": ("\n\n  E: x", "E: x", "E"),
    "false, and why": ("AssertionError: assert False\n +  where False = is_open('x')",
                       "test list as json: False = is_open('x')", "test list as json"),
    "false, and nothing to see": ("assert False\n +  where False = all(<generator object x>)",
                                  "test list as json", "test list as json"),
    "not true": ("assert not True\n +  where True = is_open()",
                 "test list as json: True = is_open()", "test list as json"),
    "the type alone": ("AssertionError", "test list as json", "test list as json"),
    "a sentence under the type": ("AssertionError:\nthe totals differ",
                                  "test list as json: the totals differ", "test list as json"),
    "long bytes": (BYTES, "test list as json: bytes differ", "test list as json"),
    "long lists": (f"AssertionError: assert [{'1, ' * 50}] == []",
                   "test list as json: lists differ", "test list as json"),
    "long objects": (f"assert Grid({'1, ' * 50}) == Grid()",
                     "test list as json: results differ", "test list as json"),
}  # fmt: skip


@pytest.mark.parametrize("case", MESSAGES)
def test_any_message_gives_a_title(case: str) -> None:
    message, quoted, typed = MESSAGES[case]
    failures = {"tests/test_a.py::TestX::test_list_as_json[a-b]": Result("failed", message=message)}
    titles = [from_ci(failures, SETTING, detail).title for detail in (2, 1)]
    assert titles == [f"CI: {quoted} (1 test fails)", f"CI: {typed} (1 test fails)"]
