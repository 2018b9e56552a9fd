"""Other inputs than the tests': a fix for the tests' own inputs is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.grading.grade import Grade, grade
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt, find
from tests.tiny_files import TINY

LABELS, PRICES = "tiny/labels.py", "tiny/prices.py"
JOURNEY = '''\
"""A clerk prints a label."""

WHO = "A clerk"
SUBJECT = "labels"
DETAIL = "The printer is new."
CASES = {
    "Ada": ("Ada", "Main Street"),
    "Bob": ("Bob", "Side Street"),
    "nobody": ("", ""),
}


def journey(name, street):
    import random

    from tiny.labels import parcel
    from tiny.prices import is_free

    print(parcel(name, street))
    print(is_free(len(name), 3))
    if name == "nobody":
        print(random.random())
'''
WRONG, RIGHT = "label(street, name)}]", "label(name, street)}]"


@pytest.fixture
def judged(
    make_attempt: Callable[..., Attempt], serve_tiny: Callable[..., Served], store: Store
) -> Callable[..., Grade]:
    """The grade of files laid over a target with a journey: `judged({file: text}, "swapped")`."""

    def judge(changes: Callable[[str], dict[str, str]], *bugs: str) -> Grade:
        served = serve_tiny(*bugs)
        served = replace(served, target=replace(served.target, sort="vendored"))
        folder = Path(served.scenario.target) / "journeys"
        folder.mkdir()
        (folder / "labels.py").write_text(JOURNEY, "utf-8")
        attempt = make_attempt(served)
        broken = (attempt.workspace / LABELS).read_text("utf-8")
        for name, text in changes(broken).items():
            (attempt.workspace / name).write_text(text, "utf-8")
        again = find(store, attempt.workspace)
        return grade(again, served.target, served.environment, store=store)

    return judge


def special_case(broken: str) -> dict[str, str]:
    known = '"[Ada\\\\nMain Street]" if name == "Ada" else '.replace("\\\\n", "\\n")
    return {LABELS: broken.replace('return f"[{label(', f'return {known}f"[{{label(')}


def test_a_fix_for_the_tests_own_inputs_is_not_solved(judged: Callable[..., Grade]) -> None:
    found = judged(special_case)
    assert found.verdict.fail_to_pass.whole
    assert found.verdict.pass_to_pass.whole
    assert not found.verdict.solved
    assert found.exit_code == 1
    assert found.differential.still_broken == ("labels: Bob",)
    assert found.dimensions[0].points == 0
    assert "other inputs (labels: Bob)" in " ".join(found.dimensions[0].evidence)


def test_the_reference_fix_holds_for_all_inputs(judged: Callable[..., Grade]) -> None:
    found = judged(lambda broken: {LABELS: broken.replace(WRONG, RIGHT)})
    assert found.verdict.solved
    assert found.differential.telling == 2
    assert found.dimensions[0].points == 40


def test_a_fix_that_answers_in_another_way_is_solved(judged: Callable[..., Grade]) -> None:
    other = 'return f"[{label(name, street)}]" if name else f"<{street}>"'
    found = judged(lambda broken: {LABELS: broken.replace(f'return f"[{{{WRONG}"', other)})
    assert found.verdict.solved
    assert found.differential.still_broken == ()


def test_code_that_lets_no_journey_run_is_judged_by_the_tests(
    judged: Callable[..., Grade],
) -> None:
    def fix(broken: str) -> dict[str, str]:
        gone = "import sys\n\nif 'pytest' not in sys.modules:\n    raise SystemExit(3)\n"
        return {LABELS: gone + broken.replace(WRONG, RIGHT)}

    assert judged(fix).verdict.solved


def test_of_two_bugs_the_one_that_still_shows_is_unsolved(judged: Callable[..., Grade]) -> None:
    def one_and_a_half(broken: str) -> dict[str, str]:
        return {**special_case(broken), PRICES: TINY[PRICES]}

    found = judged(one_and_a_half, "swapped", "limit")
    assert [bug.solved for bug in found.verdict.bugs] == [False, True]
    assert found.dimensions[0].points == 20


def test_nothing_is_said_of_code_that_fails_its_tests(judged: Callable[..., Grade]) -> None:
    found = judged(lambda broken: {LABELS: broken + "X = 1\n"})
    assert found.differential.telling == 0
    assert not found.verdict.solved
