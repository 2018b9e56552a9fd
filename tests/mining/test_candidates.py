"""Which commits may be fixes, in what order, and why the others are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.mining.candidates import Candidate, FellOut, Limits, judge, judged
from bugbash.targets.history.changes import Change, change_of, changes
from bugbash.targets.history.repository import History, open_history
from tests.mining.history import FELL_OUT, LATER, VALID, Project, build
from tests.mining.past import Entry, Past

TEST = "from pkg.a import f\n\n\ndef test_f():\n    assert f(1) == 1\n"
MORE = TEST + "\n\ndef test_more():\n    assert f(2) == 2\n"
SOURCE = "def f(x):\n    return x + 1\n"
FIXED = "def f(x):\n    return x\n"


def quiet(_: str) -> None:
    """Notes are of no matter here."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return build(tmp_path_factory.mktemp("past") / "reckon")


@pytest.fixture(scope="module")
def history(project: Project) -> History:
    return open_history(str(project.folder), quiet)


@pytest.fixture(scope="module")
def answers(project: Project, history: History) -> dict[str, Candidate | FellOut]:
    pairs = zip(changes(history), judged(changes(history), history), strict=True)
    return {project.name_of(change.commit): answer for change, answer in pairs}


def test_fixes_and_what_looks_like_one_are_candidates(
    answers: dict[str, Candidate | FellOut],
) -> None:
    found = {name for name, answer in answers.items() if isinstance(answer, Candidate)}
    assert found == {*VALID, *LATER}


@pytest.mark.parametrize("name", FELL_OUT)
def test_every_other_commit_falls_out_with_its_word(
    name: str, answers: dict[str, Candidate | FellOut]
) -> None:
    answer = answers[name]
    assert isinstance(answer, FellOut)
    assert answer.why == FELL_OUT[name]
    assert answer.told and answer.told.isprintable()


@pytest.mark.parametrize("name", ["merge", "merge-root"])
def test_a_merge_falls_out(name: str, project: Project, history: History) -> None:
    answer = judge(change_of(history, project.commits[name]), history)
    assert isinstance(answer, FellOut) and answer.why == "merge"


def test_one_by_one_or_all_at_once_is_the_same(
    project: Project, history: History, answers: dict[str, Candidate | FellOut]
) -> None:
    for name, answer in answers.items():
        assert judge(change_of(history, project.commits[name]), history) == answer


def test_limits_can_be_set(project: Project, history: History) -> None:
    feature = change_of(history, project.commits["feature"])
    assert isinstance(judge(feature, history, Limits(lines=20)), Candidate)
    many = change_of(history, project.commits["many-files"])
    assert isinstance(judge(many, history, Limits(files=3)), Candidate)
    fix = change_of(history, project.commits["fix-crlf"])
    answer = judge(fix, history, Limits(lines=1))
    assert isinstance(answer, FellOut)
    assert answer.told == "2 changed source lines; at most 1 are asked"


@pytest.mark.parametrize(
    ("name", "issues"),
    [("fix-rounding", (12, 11, 7)), ("fix-hang", (21,)), ("fix-branch", ())],
)
def test_issues_that_the_message_names(
    name: str, issues: tuple[int, ...], answers: dict[str, Candidate | FellOut]
) -> None:
    answer = answers[name]
    assert isinstance(answer, Candidate) and answer.issues == issues


def of(
    folder: Path, before: dict[str, Entry], after: dict[str, Entry], message: str = "Fix f"
) -> Candidate | FellOut:
    """What is said of a commit that brings `after` to a project with a source and a test."""
    past = Past()
    past.commit("first", "First", {"pkg/a.py": SOURCE, "tests/test_a.py": TEST, **before})
    past.commit("second", message, after)
    history = open_history(str(past.write(folder / "past", bare=True)), quiet)
    change: Change = change_of(history, past.commits["second"])
    return judge(change, history)


def fixed(after: str, before: str = SOURCE) -> tuple[dict[str, Entry], dict[str, Entry]]:
    return {"pkg/a.py": before}, {"pkg/a.py": after, "tests/test_a.py": MORE}


NULS: Entry = b"x = 1\0\n"
OLD = "print 'this', 1\n"
CASES: dict[str, tuple[dict[str, Entry], dict[str, Entry], str]] = {
    "a fix": (*fixed(FIXED), "candidate"),
    "old syntax": (*fixed(OLD + "x = 2\n", OLD + "x = 1\n"), "candidate"),
    "old syntax, in a comment": (*fixed(OLD + "# x\n", OLD), "candidate"),
    "binary source": (
        {"pkg/a.py": NULS},
        {"pkg/a.py": b"x = 2\0\n", "tests/test_a.py": MORE},
        "binary",
    ),
    "compiled": ({}, {"pkg/b.pyx": "x", "pkg/a.py": FIXED, "tests/test_a.py": MORE}, "compiled"),
    "quotes": (*fixed("x = 'a'\n", 'x = "a"\n'), "formatting"),
    "comments": (*fixed(SOURCE + "# more\n"), "formatting"),
    "attribute docstring": (*fixed('x = 1\n"""One."""\n', "x = 1\n"), "docs"),
    "docstring for pass": (*fixed('def f():\n    """No."""\n', "def f():\n    pass\n"), "docs"),
    "annotation": (*fixed("def f(x: int) -> int:\n    return x + 1\n"), "typing"),
    "annotated value": (*fixed("x: int = 1\n", "x = 1\n"), "typing"),
    "cast": (*fixed("from typing import cast\nx = cast(int, y)\n", "x = y\n"), "typing"),
    "type checking": (
        *fixed(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nx = 1\n", "x = 1\n"
        ),
        "typing",
    ),
    "an import that works": (
        *fixed("from collections.abc import Mapping\n", "from collections import Mapping\n"),
        "candidate",
    ),
    "default value": (*fixed("def f(x: int = 1): pass\n", "def f(x=2): pass\n"), "candidate"),
    "test data only": ({"tests/a.txt": "1"}, {"pkg/a.py": FIXED, "tests/a.txt": "2"}, "candidate"),
    "tests deleted": ({}, {"pkg/a.py": FIXED, "tests/test_a.py": None}, "no-tests"),
    "version bump": (
        {"pyproject.toml": "[project]\nversion='1'\n"},
        {"pyproject.toml": "[project]\nversion='2'\n", **fixed(FIXED)[1]},
        "candidate",
    ),
    "settings in setup.cfg": (
        {"setup.cfg": "[tool:pytest]\naddopts = -q\n"},
        {"setup.cfg": "[tool:pytest]\naddopts = -x\n", **fixed(FIXED)[1]},
        "test-configuration",
    ),
    "metadata in setup.cfg": (
        {"setup.cfg": "[metadata]\nname = a\n[tool:pytest]\naddopts = -q\n"},
        {"setup.cfg": "[metadata]\nname = b\n[tool:pytest]\naddopts = -q\n", **fixed(FIXED)[1]},
        "candidate",
    ),
    "nothing": ({}, {}, "no-source"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_a_change(case: str, tmp_path: Path) -> None:
    before, after, word = CASES[case]
    answer = of(tmp_path, before, after)
    assert ("candidate" if isinstance(answer, Candidate) else answer.why) == word


def score(folder: Path, message: str, after: str = FIXED, test: str = MORE) -> float:
    folder.mkdir()
    answer = of(folder, {}, {"pkg/a.py": after, "tests/test_a.py": test}, message)
    assert isinstance(answer, Candidate)
    return answer.score


NEW_NAME = FIXED + "\n\ndef public(x):\n    return f(x)\n"
PARAMETER = FIXED.replace("(x)", "(x, strict=True)")
CHANGED_TEST = TEST.replace("f(1) == 1", "f(1) == 1.0")
BETTER = [
    (("Fix a crash of f", FIXED, MORE), ("Change f", FIXED, MORE)),
    (("Change f\n\nFixes #3", FIXED, MORE), ("Change f (#3)", FIXED, MORE)),
    (("Fix f", FIXED, MORE), ("Refactor f", FIXED, MORE)),
    (("Change f", FIXED, MORE), ("Deprecate f", FIXED, MORE)),
    (("Change f", FIXED, MORE), ("Release 1.0", FIXED, MORE)),
    (("f raises TypeError", FIXED, MORE), ("f is new", FIXED, MORE)),
    (("Fix f", FIXED, MORE), ("Fix f", NEW_NAME, MORE)),
    (("Fix f", FIXED, MORE), ("Fix f", PARAMETER, MORE)),
    (("Fix f", FIXED, MORE), ("Fix f", FIXED, CHANGED_TEST)),
    (("Fix f", FIXED, MORE), ("Fix f", "def f(x):\n    y = x\n    z = y\n    return z\n", MORE)),
]


@pytest.mark.parametrize(("better", "worse"), BETTER, ids=lambda pair: pair[0].split("\n")[0])
def test_what_scores_higher(
    better: tuple[str, str, str], worse: tuple[str, str, str], tmp_path: Path
) -> None:
    assert score(tmp_path / "a", *better) > score(tmp_path / "b", *worse)
