"""Which changes are a fix, how near they come to the clean code, and how they are counted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bugbash.grading.difference import difference_of
from bugbash.grading.grade import Grade
from bugbash.grading.workspace_files import submission_of
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import broken_files

Graded = Callable[..., Grade]
Changes = Mapping[str, str | bytes | None]
LABELS = "tiny/labels.py"
WRONG = 'return f"[{label(street, name)}]"'
RIGHT = 'return f"[{label(name, street)}]"'

FIXES: dict[str, tuple[Callable[[str], Changes], str]] = {
    "the reference fix": (lambda b: {LABELS: b.replace(WRONG, RIGHT)}, "ast"),
    "in another formatting": (
        lambda b: {LABELS: b.replace(WRONG, "return (  # in order\n        " + RIGHT[7:] + ")")},
        "ast",
    ),
    "in single quotes": (
        lambda b: {LABELS: b.replace(WRONG, RIGHT.replace('"', "'"))},
        "ast",
    ),
    "with Windows line ends": (
        lambda b: {LABELS: b.replace(WRONG, RIGHT).replace("\n", "\r\n").encode()},
        "ast",
    ),
    "with a byte order mark": (
        lambda b: {LABELS: b"\xef\xbb\xbf" + b.replace(WRONG, RIGHT).encode()},
        "ast",
    ),
    "without a line end at the end": (lambda b: {LABELS: b.replace(WRONG, RIGHT).rstrip()}, "ast"),
    "another right fix": (
        lambda b: {LABELS: b.replace(WRONG, 'return "[" + label(name, street) + "]"')},
        "tests",
    ),
    "with a file that the broken code wrote": (
        lambda b: {LABELS: b.replace(WRONG, RIGHT), "reports/totals.json": "{}"},
        "ast",
    ),
    "with keywords": (
        lambda b: {LABELS: b.replace("(street, name)}]", "(street=street, name=name)}]")},
        "tests",
    ),
    "with a docstring more": (
        lambda b: {LABELS: b.replace(WRONG, RIGHT).replace("Labels on", "The labels on")},
        "tests",
    ),
    "with a new module": (
        lambda b: {
            LABELS: "from tiny.frames import framed\n"
            + b.replace(WRONG, "return framed(name, street)"),
            "tiny/frames.py": "def framed(name, street):\n    return f'[{name}\\n{street}]'\n",
        },
        "tests",
    ),
    "with a new package": (
        lambda b: {
            LABELS: b.replace(WRONG, "from frames import framed\n    return framed(name, street)"),
            "frames/__init__.py": "def framed(name, street):\n    return f'[{name}\\n{street}]'\n",
        },
        "tests",
    ),
    "with a data file": (
        lambda b: {
            LABELS: b.replace(
                WRONG,
                "from pathlib import Path\n"
                "    form = Path(__file__).with_name('form.txt').read_text()\n"
                "    return form.format(label(name, street))",
            ),
            "tiny/form.txt": "[{}]",
        },
        "tests",
    ),
}


@pytest.mark.parametrize(("fix", "equivalent"), FIXES.values(), ids=FIXES)
def test_a_right_fix_is_solved(
    fix: Callable[[str], Changes], equivalent: str, graded: Graded, broken: str
) -> None:
    found = graded(fix(broken))
    assert found.verdict.solved, found.verdict.problem
    assert found.exit_code == 0
    assert found.equivalent == equivalent
    assert found.integrity == ()
    assert found.verdict.fail_to_pass.passed == ("tests/test_labels.py::test_parcel",)


NO_FIXES: dict[str, tuple[Callable[[str], Changes], str]] = {
    "nothing changed": (lambda b: {}, ""),
    "a comment": (lambda b: {LABELS: b + "\n# it was here\n"}, ""),
    "a wrong fix": (lambda b: {LABELS: b.replace(WRONG, "return label(name, street)")}, ""),
    "no longer parses": (lambda b: {LABELS: b + "\ndef broken(:\n"}, "can't be collected"),
    "null bytes": (lambda b: {LABELS: b + "\0"}, "can't be collected"),
    "not UTF-8": (lambda b: {LABELS: b.encode() + b"\nx = '\xff'\n"}, "can't be collected"),
    "nested too deep": (lambda b: {LABELS: b + "\nx = " + "(" * 9000}, "can't be collected"),
    "a long sum": (lambda b: {LABELS: b + "\nx = " + "1+" * 2500 + "1\n"}, ""),
    "a sum of names": (lambda b: {LABELS: b + "\na = 1\nx = " + "a+" * 900 + "a\n"}, ""),
    "a call chain": (lambda b: {LABELS: b + "\nx = 'a'" + ".strip()" * 900 + "\n"}, ""),
    "the module is deleted": (lambda b: {LABELS: None}, "can't be collected"),
    "all of the code is deleted": (
        lambda b: {LABELS: None, "tiny/prices.py": None, "tiny/__init__.py": None},
        "can't be collected",
    ),
}


@pytest.mark.parametrize(("edit", "problem"), NO_FIXES.values(), ids=NO_FIXES)
def test_what_does_not_fix_is_not_solved_and_says_why(
    edit: Callable[[str], Changes], problem: str, graded: Graded, broken: str
) -> None:
    found = graded(edit(broken))
    assert found.exit_code == 1
    assert not found.verdict.solved
    assert found.equivalent is None
    assert problem in found.verdict.problem
    assert found.score == 0


def test_a_fix_that_breaks_another_test_is_not_solved(graded: Graded, broken: str) -> None:
    text = broken.replace(WRONG, RIGHT).replace('"small"', '"tiny"')
    found = graded({LABELS: text})
    assert not found.verdict.solved
    assert found.verdict.bugs[0].solved
    assert found.verdict.pass_to_pass.failed == ("tests/test_labels.py::test_size",)


def test_a_second_run_does_not_find_what_the_first_one_wrote(graded: Graded, broken: str) -> None:
    text = broken.replace(WRONG, RIGHT).replace('"small"', '("small" if _again() else "?")')
    text += (
        "\n\ndef _again():\n    from pathlib import Path\n\n"
        "    seen = Path(__file__).with_name('seen')\n    was = seen.exists()\n"
        "    seen.touch()\n    return was\n"
    )
    assert not graded({LABELS: text}).verdict.solved


def test_each_of_two_bugs_has_a_verdict_of_its_own(
    graded: Graded, serve_tiny: Callable[..., Served], clean: Callable[[str], str]
) -> None:
    served = serve_tiny("swapped", "limit")
    one = graded({LABELS: clean(LABELS)}, served)
    both = graded({n: clean(n) for n in (LABELS, "tiny/prices.py")}, served)
    assert [bug.solved for bug in one.verdict.bugs] == [True, False]
    assert one.exit_code == 1
    assert [bug.solved for bug in both.verdict.bugs] == [True, True]
    assert both.exit_code == 0
    assert 0 < (one.score or 0) < (both.score or 0)


def test_two_bugs_in_one_file_are_both_in_it_and_both_fixed(
    graded: Graded, serve_tiny: Callable[..., Served], clean: Callable[[str], str]
) -> None:
    served = serve_tiny("size", "swapped")
    assert [b.solved for b in graded({}, served).verdict.bugs] == [False, False]
    assert graded({LABELS: clean(LABELS)}, served).equivalent == "ast"


CHANGES: dict[str, Callable[[str], Changes]] = {
    "a line": lambda b: {LABELS: b.replace(WRONG, RIGHT)},
    "lines moved": lambda b: {LABELS: "\n".join(sorted(b.split("\n")))},
    "lines repeated": lambda b: {LABELS: b + "\n\n" + b + "\nx = 1\n\n\n" + b},
    "line ends of Windows": lambda b: {LABELS: b.replace("\n", "\r\n")},
    "line ends of old Macs": lambda b: {LABELS: b.replace("\n", "\r", 3)},
    "no line end at the end": lambda b: {LABELS: b.rstrip("\n")},
    "form feeds and other separators": lambda b: {LABELS: b + "# a\x0cb\x0bc\u2028d\x85e\n"},
    "lines that look like a diff": lambda b: {LABELS: b + "\n'''\n+++ x\n--- y\n@@ z\n'''\n"},
    "a new file": lambda b: {"tiny/more.py": "a = 1\nb = 2\n"},
    "a deleted file": lambda b: {"tiny/prices.py": None},
    "an empty file": lambda b: {"tiny/empty.py": ""},
    "a name with spaces": lambda b: {"tiny/zwei Wörter.py": "a = 1\n"},
    "a binary file": lambda b: {"tiny/data.bin": b"\0\1\2"},
    "several files": lambda b: {LABELS: b.replace("name", "who"), "tiny/prices.py": "a = 1\n"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_lines_are_counted_as_git_does(
    changes: Callable[[str], Changes],
    broken: str,
    make_attempt: Callable[..., Attempt],
    tiny_served: Served,
    change: Callable[[Path, Changes], None],
) -> None:
    attempt = make_attempt()
    change(attempt.workspace, changes(broken))
    before = broken_files(attempt.scenario, tiny_served.target)
    submission = submission_of(
        attempt.workspace, tiny_served.target, before, tiny_served.environment
    )
    found = difference_of(attempt.workspace, tiny_served.target, before, submission)
    git = ["git", "-C", str(attempt.workspace)]
    subprocess.run([*git, "-c", "core.safecrlf=false", "add", "-A"], check=True)
    counted = subprocess.run(
        [*git, "diff", "--cached", "--numstat", "--no-renames", "-z"],
        check=True,
        capture_output=True,
    )
    rows = [row.split("\t") for row in counted.stdout.decode().split("\0") if row]
    assert sorted(name for _, _, name in rows) == list(found.files)
    assert found.added == sum(int(a) for a, _, _ in rows if a != "-")
    assert found.removed == sum(int(r) for _, r, _ in rows if r != "-")
    assert (found.reference_added, found.reference_removed) == (1, 1)


def test_a_large_diff_costs_points_a_small_one_does_not(graded: Graded, broken: str) -> None:
    small = graded({LABELS: broken.replace(WRONG, RIGHT)})
    large = graded({LABELS: broken.replace(WRONG, RIGHT) + "\n\nX = 1\n" * 10})

    def points(found: Grade) -> int:
        return next(d.points for d in found.dimensions if d.name == "clean up")

    assert points(small) - points(large) == 3


def test_the_points_are_those_of_the_rubric(
    graded: Graded, broken: str, facts: Callable[[Grade], dict[str, Any]]
) -> None:
    value = facts(graded({LABELS: broken.replace(WRONG, RIGHT)}))
    assert value["max_score"] == 100
    assert {d["name"]: d["max"] for d in value["dimensions"]} == {
        "fix": 40,
        "reproduce": 12,
        "isolate": 12,
        "hypothesis": 12,
        "verify": 12,
        "clean up": 12,
    }
    assert value["score"] == sum(d["points"] for d in value["dimensions"])
    assert all(d["points"] == 0 for d in value["dimensions"] if not d["observed"])
