"""What a learner is told when the suite can't run, and what counts as part of the change."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bugbash.grading.grade import Grade
from bugbash.pages.terminal import show_grade
from bugbash.serving.serve import Served

Graded = Callable[..., Grade]
LABELS = "tiny/labels.py"


def page(found: Grade) -> str:
    out = io.StringIO()
    show_grade(found, console=Console(file=out, width=200, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("\ndef wrong(:\n", 22, "SyntaxError"),
        ("\n  x = 1\n", 22, "IndentationError"),
    ],
)
def test_code_that_does_not_parse_is_named_with_its_line(
    text: str, line: int, what: str, graded: Graded, broken: str
) -> None:
    found = graded({LABELS: broken + text})
    count = broken.count("\n") + 2
    assert f"{LABELS}:{count}: {what}" in found.verdict.problem
    assert f"{LABELS}:{count}" in page(found)


@pytest.mark.slow
def test_an_endless_loop_is_ended_and_the_test_named(graded: Graded, broken: str) -> None:
    loop = broken.replace(
        "    if grams < 500:", "    while grams:\n        pass\n    if grams < 500:"
    )
    found = graded({LABELS: loop})
    text = page(found)
    assert "tests/test_labels.py::test_size" in text
    assert not found.verdict.solved


@pytest.mark.slow
def test_tests_that_could_not_run_behind_a_hang_are_not_called_broken(
    graded: Graded, broken: str
) -> None:
    stuck = "\n\ndef label(*_):\n    import signal\n\n    signal.alarm(0)\n"
    stuck += "    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True:\n        pass\n"
    found = graded({LABELS: broken + stuck})
    text = page(found)
    assert found.verdict.hung == "tests/test_labels.py::test_label"
    assert "test_label did not end" in text
    assert "endless loop" in text
    assert "were not run" in text
    assert "did not report" not in text
    assert "broke" not in text.replace("no other test broke", "")


def test_scratch_files_are_no_part_of_the_change(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    found = graded({LABELS: clean(LABELS), "debug.py": "print(1)\n" * 50, "notes.txt": "x\n" * 50})
    assert found.equivalent == "ast"
    assert (found.difference.added, found.difference.removed) == (1, 1)
    assert found.difference.scratch == ("debug.py", "notes.txt")
    text = page(found)
    assert "debug.py, notes.txt" in text
    assert "+print(1)" not in text


def test_code_comes_before_data_in_the_diff(
    graded: Graded, serve_tiny: Callable[..., Served], broken: str
) -> None:
    served = serve_tiny(files={"tiny/a.json": "{}\n"})
    patch = graded({LABELS: broken + "X = 1\n", "tiny/a.json": "[]\n"}, served).difference.patch
    assert patch.index(LABELS) < patch.index("tiny/a.json")


MESSAGES = {
    "a word": ("fix", False),
    "two words": ("fix label", False),
    "nothing": ("", False),
    "a sentence": ("Hand name and street on in order", True),
    "a word and a reason below": ("Fix\n\nThe street came before the name.", True),
    "another script": ("修复标签中姓名和街道的顺序", True),
}


@pytest.mark.parametrize(("message", "enough"), MESSAGES.values(), ids=MESSAGES)
def test_a_commit_says_what_was_wrong_and_why(
    message: str,
    enough: bool,
    graded_after: Callable[..., Grade],
    clean: Callable[[str], str],
) -> None:
    def treat(workspace: Path) -> None:
        (workspace / LABELS).write_text(clean(LABELS), "utf-8")
        words = ["git", "commit", "-qa", "--allow-empty-message", "-m", message]
        subprocess.run(words, cwd=workspace, check=True)

    found = graded_after(treat)
    assert found.dimensions[-1].points == (12 if enough else 9)
    assert ("too short" in " ".join(found.dimensions[-1].evidence)) == (not enough)
    assert ("amend" in page(found)) == (not enough)


def test_what_is_left_behind_comes_before_the_commit(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    text = page(graded({LABELS: clean(LABELS) + "print(1)\n"}))
    assert "Next: remove what is left behind (tiny/labels.py:" in text
    assert "Next: commit" not in text


def test_what_still_fails_and_what_broke_are_told_apart(graded: Graded, broken: str) -> None:
    text = page(graded({LABELS: broken.replace("grams < 500", "grams < 5000")}))
    assert "✗ tests/test_labels.py::test_parcel  (still fails)" in text
    assert "✗ tests/test_labels.py::test_size  (broke)" in text
    assert "1 test that passed before does not any more" in text


def test_a_long_failure_is_cut_with_a_sign(graded: Graded, broken: str) -> None:
    long = broken.replace('"small"', '"small" + "x" * 300')
    lines = page(graded({LABELS: long})).splitlines()
    assert any(line.endswith("...") for line in lines)


def test_lines_that_go_to_a_file_have_no_blanks_at_their_end(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    lines = page(graded({LABELS: clean(LABELS)})).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_perfect_result_without_recording_reads_as_one(
    graded: Graded, clean: Callable[[str], str]
) -> None:
    found = graded({LABELS: clean(LABELS)})
    rows = [replace(d, points=d.max) if d.observed else d for d in found.dimensions]
    assert "52 of 52 points that could be seen" in page(replace(found, dimensions=tuple(rows)))
