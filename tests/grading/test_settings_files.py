"""A bug in a settings file is played like one in code: served, mended by the learner, judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bugbash.files import Edit
from bugbash.grading.grade import Grade
from bugbash.serving.serve import Served

Graded = Callable[..., Grade]
FILES = {
    "tiny/limits.toml": "# in grams\n[limits]\nsmall = 500\nlarge = 2000  # and more\n",
    "tiny/limits.py": """\
import tomllib
from pathlib import Path


def limit(name: str) -> int:
    text = Path(__file__).with_name("limits.toml").read_text("utf-8")
    return tomllib.loads(text)["limits"][name]
""",
    "tests/test_limits.py": """\
from tiny.limits import limit


def test_small():
    assert limit("small") == 500


def test_large():
    assert limit("large") == 2000
""",
}
DATA = "tiny/limits.toml"
CLEAN = FILES[DATA]
BROKEN = CLEAN.replace("2000", "200")


@pytest.fixture(scope="module")
def served(serve_tiny: Callable[..., Served]) -> Served:
    """The tiny project with a wrong number in a TOML file of its package."""
    found = serve_tiny("limit", files=FILES, held=("tests/test_limits.py::test_small",))
    bug = replace(
        found.scenario.bugs[0],
        mutator="wrong-value",
        family="configuration",
        edit=Edit(DATA, CLEAN.index("2000"), CLEAN.index("2000") + 4, "200"),
        line=4,
        before="large = 2000  # and more",
        after="large = 200  # and more",
        fail_to_pass=("tests/test_limits.py::test_large",),
    )
    held = (*found.scenario.pass_to_pass, "tests/test_prices.py::test_free_at_the_limit")
    return replace(found, scenario=replace(found.scenario, bugs=(bug,), pass_to_pass=held))


FIXES = {
    "the reference fix": (CLEAN, "ast"),
    "in another formatting": ("[limits]\r\nsmall=500\r\nlarge = 2_000", "ast"),
    "with a comment": (CLEAN + "# mended\n", "ast"),
    "with more in it": (CLEAN + "huge = 9000\n", "tests"),
}


@pytest.mark.parametrize(("text", "equivalent"), FIXES.values(), ids=FIXES)
def test_a_mended_settings_file_is_solved(
    text: str, equivalent: str, graded: Graded, served: Served
) -> None:
    found = graded({DATA: text}, served)
    assert found.verdict.solved, found.verdict.problem
    assert found.equivalent == equivalent
    assert found.difference.files == (DATA,)
    assert found.integrity == ()


NO_FIXES = {
    "nothing changed": BROKEN,
    "another number": CLEAN.replace("2000", "20000"),
    "it breaks another setting": CLEAN.replace("500", "50"),
    "no longer parses": CLEAN.replace("2000", "= 2000"),
    "deleted": None,
}


@pytest.mark.parametrize("text", NO_FIXES.values(), ids=NO_FIXES)
def test_what_does_not_mend_it_is_not_solved(
    text: str | None, graded: Graded, served: Served
) -> None:
    found = graded({DATA: text}, served)
    assert found.exit_code == 1
    assert found.equivalent is None


def test_the_reference_change_is_counted(graded: Graded, served: Served) -> None:
    difference = graded({DATA: CLEAN}, served).difference
    assert (difference.reference_added, difference.reference_removed) == (1, 1)
    assert (difference.added, difference.removed) == (1, 1)
