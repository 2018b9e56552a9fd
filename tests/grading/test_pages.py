"""The page of a grade on a terminal: what it says, and that nothing in it can steer one."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bugbash.grading.grade import Grade
from bugbash.pages.records import answer_json
from bugbash.pages.terminal import show_answer, show_grade
from bugbash.plain import plain
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt

Graded = Callable[..., Grade]
LABELS = "tiny/labels.py"


def _page(found: Grade) -> str:
    out = io.StringIO()
    show_grade(found, console=Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_a_solved_page_says_so_with_diff_and_points(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    page = _page(graded({LABELS: clean(LABELS)}))
    assert "Solved" in page
    assert "Not solved" not in page
    assert "1 of 1 failing tests pass now" in page
    assert "+1 −1 in tiny/labels.py  (reference: +1 −1)" in page
    assert '+    return f"[{label(name, street)}]"' in page
    assert "of 52 points that could be seen" in page


def test_an_unsolved_page_names_what_fails_and_not_the_size_of_the_reference(
    graded: Graded, broken: str
) -> None:
    page = _page(graded({LABELS: broken + "\nX = 1\n"}))
    assert "Not solved" in page
    assert "✗ tests/test_labels.py::test_parcel" in page
    assert "assert" in page
    assert "reference" not in page


def test_an_untouched_page_says_so(graded: Graded) -> None:
    assert "You have not changed the code yet (tests aside)." in _page(graded({}))


def test_a_fix_of_ones_own_is_no_reproach(graded: Graded, clean: Callable[[str], str]) -> None:
    other = clean(LABELS).replace("label(name, street)}]", "label(street=street, name=name)}]")
    page = _page(graded({LABELS: other}))
    told = "Written differently from the original, which counts as much; `bugbash reveal` shows"
    assert told in page


def test_one_of_two_bugs_is_told_as_such(
    graded: Graded, serve_tiny: Callable[..., Served], clean: Callable[[str], str]
) -> None:
    page = _page(graded({LABELS: clean(LABELS)}, serve_tiny("swapped", "limit")))
    assert "1 of 2 fixed" in page


def test_after_reveal_there_is_a_verdict_and_no_score(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    found = replace(graded({LABELS: clean(LABELS)}), revealed=True)
    page = _page(found)
    assert found.score is None
    assert "Solved" in page
    assert "points" not in page


def test_leftovers_scratch_and_integrity_are_listed(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    page = _page(
        graded(
            {
                LABELS: clean(LABELS) + "print(1)\n",
                "notes.txt": "x",
                "tests/test_labels.py": "def test_parcel(): ...\n",
            }
        )
    )
    assert "left behind: tiny/labels.py:" in page
    assert "scratch file notes.txt" in page
    assert "integrity: tests/test_labels.py: test_parcel was changed" in page


NASTY = "\x1b]0;owned\x07\x1b[31m\x9b31m\r\x08\u202e[red]x[/foo][bold]"


@pytest.mark.skipif(os.name == "nt", reason="such file names can't be written there")
def test_names_messages_and_code_are_shown_inert(graded: Graded, broken: str) -> None:
    """38 and 39: escape sequences and rich markup in file names, messages and code."""
    message = NASTY.replace("/", "|")
    found = graded(
        {
            LABELS: broken + f"\nprint({NASTY!r})\n# {NASTY} = f(1)\n"
            f"def parcel(*_):\n    raise ValueError({NASTY!r})\n",
            f"{message}.txt": "x",
            f"tiny/{message}.py": "X = 1\n",
            "[red]y[/foo].ini": "x",
        }
    )
    page = _page(found)
    steering = [c for c in page if not (c.isprintable() or c in "\n\t ")]
    assert steering == []
    assert "[red]x" in page
    assert "[bold]" in page


@pytest.mark.skipif(os.name == "nt", reason="such file names can't be written there")
def test_a_name_that_is_not_utf8_is_shown(
    graded_after: Callable[[Callable[[Path], None]], Grade],
) -> None:
    def treat(workspace: Path) -> None:
        (workspace / os.fsdecode(b"odd\xff.txt")).write_text("x", "utf-8")
        (workspace / "tiny" / os.fsdecode(b"odd\xff.py")).write_text("x", "utf-8")

    assert "odd\\udcff" in _page(graded_after(treat)).encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain äöü ✔", "plain äöü ✔"),
        ("a\nb\tc", "a\nb\tc"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\r\x07", "\\r\\x07"),
        ("\u202eevil", "\\u202eevil"),
        ("\udcff", "\\udcff"),
    ],
)
def test_control_characters_become_visible(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_bug_without_a_mutator_was_written_by_a_person(
    make_attempt: Callable[..., Attempt], tiny_served: Served
) -> None:
    (bug,) = tiny_served.scenario.bugs
    scenario = replace(tiny_served.scenario, bugs=(replace(bug, mutator="by hand"),))
    out = io.StringIO()
    attempt = make_attempt(replace(tiny_served, scenario=scenario))
    show_answer(attempt, "-a\n+b\n", console=Console(file=out, width=100))
    assert "Bug 1: written by a person" in out.getvalue()
    assert answer_json(attempt, "")["bugs"][0]["mutator"] == "by hand"


def test_the_answer_shows_place_reason_and_fix(make_attempt: Callable[..., Attempt]) -> None:
    out = io.StringIO()
    show_answer(make_attempt(), "-a\n+b\n", console=Console(file=out, width=100))
    page = out.getvalue()
    assert "tiny/labels.py:11" in page
    assert "Read the signature." in page
    assert "+b" in page
    assert "bugbash reveal --patch | git apply" in page
