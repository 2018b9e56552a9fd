"""One instance as a row: which field says what, in either format."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from bugbash.pages.swebench import FORMATS, Format, row
from bugbash.workspace.commits import Commits
from bugbash.workspace.instances import Clean, Instance, Upstream, readable
from tests.pages.swebench_schema import check

COMMITS = Commits(
    clean="c1ea0000" + "0" * 32,
    base="ba5e" * 10,
    bug="b006" * 10,
    break_patch="diff --git a/x.py b/x.py\nbreaks\n",
    fix_patch="diff --git a/x.py b/x.py\nmends\n",
    test_patch="diff --git a/test_x.py b/test_x.py\ntests\n",
)
INSTANCE = Instance(
    project="Tiny.shop",
    version="1.4.2rc1",
    id="0123456789abcdef",
    kind="wrong-value",
    report="# It breaks\n\nBetween\u2028lines.\n",
    fail_to_pass=("tests/test_x.py::test_a",),
    pass_to_pass=("tests/test_x.py::test_b", "tests/test_x.py::test_c[1-2]"),
    clean=Clean(Path("nowhere")),
    broken={},
    withheld={},
    hints=("Look at the sums.", "Then at x.py."),
)
REAL = replace(
    INSTANCE,
    project="requests",
    id="60389df6d69b",
    kind="real",
    when=1_400_000_000,
    upstream=Upstream("psf/Requests", "f" * 40, "diff --git a/a b/a\n", "diff --git a/t b/t\n"),
)


def made(format: Format, instance: Instance = INSTANCE, owner: str = "Some-one") -> dict[str, Any]:
    return check(format, row(format, instance, COMMITS, owner).line())


BENCH = {
    "repo": "Some-one/Tiny.shop",
    "instance_id": "Some-one__Tiny.shop-0123456789abcdef",
    "base_commit": COMMITS.base,
    "patch": COMMITS.fix_patch,
    "test_patch": COMMITS.test_patch,
    "problem_statement": INSTANCE.report,
    "hints_text": "Look at the sums.\n\nThen at x.py.",
    "created_at": "2025-01-01T10:00:00Z",
    "version": "1.4",
    "FAIL_TO_PASS": '["tests/test_x.py::test_a"]',
    "PASS_TO_PASS": '["tests/test_x.py::test_b", "tests/test_x.py::test_c[1-2]"]',
    "environment_setup_commit": COMMITS.base,
}
SMITH = {
    "instance_id": "Some-one__Tiny.shop.c1ea0000.wrong_value__0123456789abcdef",
    "repo": "Some-one/Some-one__Tiny.shop.c1ea0000",
    "patch": COMMITS.break_patch,
    "FAIL_TO_PASS": ["tests/test_x.py::test_a"],
    "PASS_TO_PASS": ["tests/test_x.py::test_b", "tests/test_x.py::test_c[1-2]"],
    "created_at": "2025-01-01T10:00:00Z",
    "image_name": "some-one/swesmith.x86_64.some-one_1776_tiny.shop.c1ea0000",
    "base_commit": COMMITS.bug,
    "problem_statement": INSTANCE.report,
}


@pytest.mark.parametrize(("format", "expected"), [("swebench", BENCH), ("swesmith", SMITH)])
def test_every_field_of_a_bug_that_was_made(format: Format, expected: dict[str, Any]) -> None:
    assert made(format) == expected


def test_a_real_bug_is_told_in_its_own_repository() -> None:
    told = made("swebench", REAL)
    assert told["repo"] == "psf/Requests"
    assert told["instance_id"] == "psf__Requests-60389df6d69b"
    assert told["base_commit"] == told["environment_setup_commit"] == "f" * 40
    assert (told["patch"], told["test_patch"]) == ("diff --git a/a b/a\n", "diff --git a/t b/t\n")
    assert told["created_at"] == "2014-05-13T16:53:20Z"


def test_a_real_bug_of_swe_smith_is_laid_over_its_clean_tree() -> None:
    told = made("swesmith", REAL)
    assert told["instance_id"] == "psf__Requests.c1ea0000.real__60389df6d69b"
    assert told["repo"] == "Some-one/psf__Requests.c1ea0000"
    assert told["patch"] == COMMITS.break_patch
    assert told["base_commit"] == COMMITS.bug


@pytest.mark.parametrize("format", FORMATS)
def test_a_line_is_one_line_to_every_reader(format: Format) -> None:
    line = row(format, INSTANCE, COMMITS, "me").line()
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["problem_statement"] == INSTANCE.report


SPACED = "tests/test_x.py::test_d[two words]"


def test_tests_that_their_harnesses_cant_read_are_left_out() -> None:
    both = (*INSTANCE.fail_to_pass, SPACED)
    mixed = replace(INSTANCE, fail_to_pass=both, pass_to_pass=(SPACED, "tests/test_x.py::test_b"))
    kept = readable(mixed)
    assert kept is not None
    assert kept.fail_to_pass == INSTANCE.fail_to_pass
    assert kept.pass_to_pass == ("tests/test_x.py::test_b",)
    assert readable(replace(INSTANCE, fail_to_pass=(SPACED,))) is None


WRONG: list[Any] = [
    pytest.param("swebench", {"FAIL_TO_PASS": ["a.py::b"]}, id="a list for a text"),
    pytest.param("swebench", {"FAIL_TO_PASS": "[]"}, id="nothing fails"),
    pytest.param("swebench", {"patch": ""}, id="no patch"),
    pytest.param("swebench", {"difficulty": "easy"}, id="a field more"),
    pytest.param("swebench", {"base_commit": "main"}, id="no commit"),
    pytest.param("swesmith", {"PASS_TO_PASS": "[]"}, id="a text for a list"),
    pytest.param("swesmith", {"instance_id": "a__b-1"}, id="the other id"),
    pytest.param("swesmith", {"FAIL_TO_PASS": [SPACED]}, id="white space in a test"),
]


@pytest.mark.parametrize(("format", "changes"), WRONG)
def test_the_schema_notices(format: Format, changes: dict[str, Any]) -> None:
    line = json.dumps({**made(format), **changes})
    with pytest.raises(ValidationError):
        check(format, line)
