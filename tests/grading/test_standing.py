"""The failing tests that a learner has and the hidden ones: what a fix of some cases is told."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bugbash.grading.grade import Grade, grade
from bugbash.grading.rubric import Dimension
from bugbash.pages.terminal import show_grade
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt
from tests.grading.playing import Player
from tests.grading.test_differential import JOURNEY

Run = Callable[..., subprocess.CompletedProcess[str]]
LABELS, PRICES = "tiny/labels.py", "tiny/prices.py"
WRONG = "label(street, name)}]"
NAMES = ("Bo", "Cy", "Di")
FRAMES = "tests/test_frames.py"
HIDDEN = f"""\
import pytest
from tiny.labels import parcel


@pytest.mark.parametrize("name", {NAMES!r})
def test_frame(name):
    assert parcel(name, "Lane").startswith("[" + name)
"""


def fixed_for(*names: str) -> str:
    """What turns the two round again for some names alone; for all, where it is all that tests
    have."""
    if {"Ada", *NAMES} <= {*names}:
        return "label(*(name, street))}]"
    return f"label(*((name, street) if name in {names!r} else (street, name)))}}]"


@pytest.fixture
def with_hidden(serve_tiny: Callable[..., Served]) -> Callable[..., Served]:
    """Bugs of the tiny project, the first of them with three hidden tests too."""

    def serve(*bugs: str) -> Served:
        served = serve_tiny(*bugs, files={FRAMES: HIDDEN})
        hidden = tuple(f"{FRAMES}::test_frame[{name}]" for name in NAMES)
        first, *others = served.scenario.bugs
        first = replace(first, fail_to_pass=(*first.fail_to_pass, *hidden))
        scenario = replace(
            served.scenario, bugs=(first, *others), withheld=hidden, hidden={FRAMES: HIDDEN}
        )
        return replace(served, scenario=scenario)

    return serve


def row(found: Grade, name: str = "fix") -> Dimension:
    return next(d for d in found.dimensions if d.name == name)


def page(found: Grade) -> str:
    out = io.StringIO()
    show_grade(found, console=Console(file=out, width=200, highlight=False))
    return out.getvalue()


FAILS = "which try other inputs of the same report, fails: the fix covers some cases only"
FAIL = FAILS.replace("fails:", "fail:")
CASES = {
    "nothing fixed": ((), "", 0, "0 of 1 failing tests pass now, and 0 of 3 hidden ones"),
    "all fixed": (("Ada", *NAMES), "", 40, "1 of 1 failing tests pass now, and 3 of 3 hidden ones"),
    "the visible test alone": (
        ("Ada",), "", 32, f"the tests that you have pass; 3 of 3 hidden tests, {FAIL}"),
    "all but one": (
        ("Ada", "Bo", "Cy"), "", 32, f"the tests that you have pass; 1 of 3 hidden tests, {FAILS}"),
    "all but the visible one": (
        NAMES, "", 0, "0 of 1 failing tests pass now, and 3 of 3 hidden ones"),
    "all but one, and another test broke": (
        ("Ada", "Bo", "Cy"), "0", 20, "1 of 1 failing tests pass now, and 2 of 3 hidden ones"),
}  # fmt: skip


@pytest.mark.parametrize(("names", "total", "points", "told"), CASES.values(), ids=CASES)
def test_hidden_tests_hold_the_last_part_of_the_fix(
    names: tuple[str, ...],
    total: str,
    points: int,
    told: str,
    graded: Callable[..., Grade],
    with_hidden: Callable[..., Served],
    broken: str,
    clean: Callable[[str], str],
) -> None:
    changes = {LABELS: broken.replace(WRONG, fixed_for(*names))}
    if total:
        changes[PRICES] = clean(PRICES).replace("sum(prices)", total)
    found = graded(changes, with_hidden())
    assert found.verdict.solved is (points == 40)
    assert (row(found).points, row(found).evidence[0]) == (points, told)


def test_where_hidden_tests_alone_fail_the_page_says_what_to_do(
    graded: Callable[..., Grade], with_hidden: Callable[..., Served], broken: str
) -> None:
    found = graded({LABELS: broken.replace(WRONG, fixed_for("Ada", "Bo", "Cy"))}, with_hidden())
    shown = page(found)
    assert "✘ Not solved" in shown
    assert f"The tests that you have pass. 1 of 3 hidden tests, {FAILS}." in shown
    advice = "read the report again for a case that your fix leaves out, and write a test for it"
    assert row(found).advice == advice
    assert f"Next: {advice}." in shown
    assert "failing test" not in shown
    assert "test_frame" not in shown
    assert row(found, "clean up").evidence == ("not fixed yet: 2 of 3 hidden tests pass",)


def test_code_that_answers_other_inputs_as_the_broken_one_earns_nothing(
    make_attempt: Callable[..., Attempt],
    with_hidden: Callable[..., Served],
    broken: str,
    store: Store,
) -> None:
    served = with_hidden()
    served = replace(served, target=replace(served.target, sort="vendored"))
    folder = Path(served.scenario.target) / "journeys"
    folder.mkdir()
    (folder / "labels.py").write_text(JOURNEY, "utf-8")
    attempt = make_attempt(served)
    (attempt.workspace / LABELS).write_text(broken.replace(WRONG, fixed_for("Ada")), "utf-8")
    found = grade(attempt, served.target, served.environment, store=store)
    assert found.standing.only_hidden
    assert found.differential.still_broken == ("labels: Bob",)
    assert row(found).points == 0
    assert "Next: look for the cause" in page(found)


def test_a_single_hidden_test_is_not_counted(
    graded: Callable[..., Grade], with_hidden: Callable[..., Served], broken: str
) -> None:
    served = with_hidden()
    (bug,) = served.scenario.bugs
    one = replace(bug, fail_to_pass=bug.fail_to_pass[:2])
    scenario = replace(served.scenario, bugs=(one,), withheld=served.scenario.withheld[:1])
    changes = {LABELS: broken.replace(WRONG, fixed_for("Ada"))}
    shown = page(graded(changes, replace(served, scenario=scenario)))
    assert "The hidden test, which tries other inputs of the same report, fails: the fix" in shown


@pytest.mark.parametrize(
    ("names", "points"), [(("Ada",), 16), (("Ada", *NAMES), 20)], ids=["some cases", "all cases"]
)
def test_of_two_bugs_each_holds_half(
    names: tuple[str, ...],
    points: int,
    graded: Callable[..., Grade],
    with_hidden: Callable[..., Served],
    broken: str,
) -> None:
    served = with_hidden("swapped", "limit")
    found = graded({LABELS: broken.replace(WRONG, fixed_for(*names))}, served)
    assert row(found).points == points
    assert "1 of 2 failing tests pass now" in page(found)


def test_where_another_test_broke_that_one_comes_first_and_next(
    graded: Callable[..., Grade], broken: str, clean: Callable[[str], str]
) -> None:
    size = "tests/test_labels.py::test_size"
    odd = ("grams < 500", "grams < 5000")
    shown = page(graded({LABELS: broken.replace(*odd)}))
    assert shown.index("(broke)") < shown.index("(still fails)")
    shown = page(graded({LABELS: clean(LABELS).replace(*odd)}))
    assert f"Next: run `bugbash test {size}`: it passed before your change" in shown
    assert "run only a failing test" not in shown


@pytest.mark.parametrize(
    ("fix", "told"), [("", "nothing is fixed yet"), ("Ada", "not fixed yet: 1 of 2 failing")]
)
def test_what_is_fixed_of_a_bug_is_told(
    fix: str,
    told: str,
    graded: Callable[..., Grade],
    serve_tiny: Callable[..., Served],
    broken: str,
) -> None:
    more = "tests/test_more.py"
    text = HIDDEN.replace(repr(NAMES), "('Bo',)")
    served = serve_tiny(files={more: text})
    (bug,) = served.scenario.bugs
    bug = replace(bug, fail_to_pass=(*bug.fail_to_pass, f"{more}::test_frame[Bo]"))
    served = replace(served, scenario=replace(served.scenario, bugs=(bug,)))
    found = graded({LABELS: broken.replace(WRONG, fixed_for(fix))}, served)
    assert row(found, "clean up").evidence[0].startswith(told)


def test_a_hypothesis_is_rightly_confirmed_by_the_tests_that_one_has(
    make_attempt: Callable[..., Attempt], with_hidden: Callable[..., Served], broken: str
) -> None:
    served = with_hidden()
    attempt = make_attempt(served)
    player = Player(attempt)
    mine = [*served.scenario.pass_to_pass, "tests/test_labels.py::test_parcel"]
    player.run(mine[-1])
    player.suspect()
    player.edit(WRONG, fixed_for("Ada"))
    player.run(*mine, failed=())
    player.close()
    found = grade(attempt, served.target, served.environment)
    assert row(found, "hypothesis").points == 12
    assert row(found, "verify").evidence == ("not fixed yet: 0 of 3 hidden tests pass",)


def test_status_says_so_once_a_check_did_and_while_the_code_is_the_same(
    run: Run,
    make_attempt: Callable[..., Attempt],
    with_hidden: Callable[..., Served],
    broken: str,
) -> None:
    workspace = make_attempt(with_hidden()).workspace
    labels = workspace / LABELS

    def status() -> tuple[str, bool]:
        value = json.loads(run("status", "--json", cwd=workspace, code=0).stdout)
        return value["next"], value["steps"]["verify"]

    run("test", "-q", cwd=workspace, code=1)
    labels.write_text(broken.replace(WRONG, fixed_for("Ada", "Bo")), "utf-8")
    run("test", "-q", cwd=workspace, code=0)
    assert status() == ("`bugbash check` says whether it is solved.", True)
    run("check", cwd=workspace, code=1)
    then, verified = status()
    assert then.startswith("read the report again for a case that your fix leaves out")
    assert not verified
    shown = run("status", cwd=workspace, code=0).stdout
    assert "1, the last: not solved, hidden tests alone failed" in shown
    labels.write_text(broken.replace(WRONG, fixed_for("Ada", *NAMES)), "utf-8")
    run("test", "-q", cwd=workspace, code=0)
    assert status() == ("`bugbash check` says whether it is solved.", True)
    run("check", cwd=workspace, code=0)
    assert "reveal" in status()[0] or "clean up" in status()[0]
