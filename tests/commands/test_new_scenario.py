"""`new --scenario`: a scenario that somebody wrote, from its file to the grade."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash import git
from bugbash.serving.library import next_unplayed
from bugbash.serving.written import find, shipped_names
from bugbash.store import Store
from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
HEAD = """\
format_version = 1
title = "Parcels go to the street of somebody else"
target = "../tiny"
minutes = 25
details = "actual-only"
editable = ["tiny/*.py"]

[[bug]]
family = "library"
file = "tiny/labels.py"
before = 'return f"[{label(name, street)}]"'
after = 'return f"[{label(street, name)}]"'
explanation = "Two texts of one kind were handed on in the wrong order."
hints = ["Who calls whom?", "", "", ""]

[rubric]
fix = 60
"""
HIDDEN = {
    "hidden/tests/test_frames.py": """\
from tiny.labels import parcel


def test_frame():
    assert parcel("Bo", "Lane").startswith("[Bo")
"""
}
CALLED = """\
A customer called: the courier stood at a street that is a person's name.
"""


@pytest.fixture
def scenario(
    tiny_project: Callable[..., Path],
    write_files: Callable[[Path, Mapping[str, str | bytes]], Path],
    tmp_path: Path,
) -> Callable[..., Path]:
    """The folder of a scenario beside the tiny project that it breaks."""

    def write(text: str = HEAD, **files: str) -> Path:
        tiny_project()
        named = {"scenario.toml": text, **HIDDEN, **files}
        return write_files(tmp_path / "swapped parcels", named)

    return write


def test_a_written_scenario_is_played_and_graded_as_it_says(
    run: Run, scenario: Callable[..., Path], tmp_path: Path, store: Store
) -> None:
    folder = scenario(
        HEAD.replace("minutes", 'report = "report.md"\nminutes'), **{"report.md": CALLED}
    )
    workspace = tmp_path / "ws"
    made = json.loads(run("new", "--scenario", folder, "--dir", workspace, "--json", code=0).stdout)
    assert made["fail_to_pass"] == ["tests/test_labels.py::test_parcel"]
    report = (workspace / "FAILURE_REPORT.md").read_text("utf-8")
    assert report == f"# Parcels go to the street of somebody else\n\n{CALLED}"
    assert not (workspace / "tests/test_frames.py").exists()
    assert json.loads(run("status", "--json", cwd=workspace, code=0).stdout)["minutes"] == 25
    assert "Who calls whom?" in run("hint", "--yes", cwd=workspace, code=0).stdout

    (workspace / "README.md").write_text("mine\n", "utf-8")
    said = run("check", cwd=workspace, code=1).stdout
    assert "0 of 1 hidden tests pass now" in said
    assert "test_frame" not in said
    assert "AssertionError" in said
    assert "Ada" not in said  # no expected values
    assert "not counted: README.md" in said

    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    value = json.loads(run("check", "--json", cwd=workspace, code=0).stdout)
    assert (value["solved"], value["uncounted"]) == (True, ["README.md"])
    assert value["max_score"] == 60 + 5 * 12
    assert value["diff"]["files"] == ["tiny/labels.py"]


@pytest.mark.parametrize("words", [(), ("--minutes", "1")], ids=["the author's", "one's own"])
def test_the_time_that_there_is_stands_in_the_header(
    words: tuple[str, ...], run: Run, scenario: Callable[..., Path], tmp_path: Path
) -> None:
    told = run("new", "--scenario", scenario(), *words, "--dir", tmp_path / "ws", code=0).stdout
    header = next(line for line in told.splitlines() if "1 bug" in line)
    assert header.endswith(", 1 minute" if words else ", 25 minutes")


def test_a_fix_for_the_visible_test_alone_is_not_solved(
    run: Run, scenario: Callable[..., Path], tmp_path: Path
) -> None:
    workspace = tmp_path / "ws"
    run("new", "--scenario", scenario(), "--dir", workspace, code=0)
    path = workspace / "tiny/labels.py"
    cheat = '    if name == "Ada":\n        return f"[{label(name, street)}]"\n'
    text = path.read_text("utf-8")
    path.write_text(text.replace('    return f"[', f'{cheat}    return f"[', 1), "utf-8")
    found = json.loads(run("check", "--json", cwd=workspace, code=1).stdout)["tests"]
    assert found["fail_to_pass"]["passed"] == ["tests/test_labels.py::test_parcel"]
    assert found["hidden"] == {"passed": 0, "failed": 1, "missing": 0}


def test_a_patch_may_break_several_files(
    run: Run, scenario: Callable[..., Path], tmp_path: Path
) -> None:
    changes = (
        ("tiny/labels.py", "[{label(name, street)}]", "[{label(street, name)}]"),
        ("tiny/prices.py", "price >= limit", "price > limit"),
    )
    before = {name: TINY[name].encode() for name, _, _ in changes}
    after = {name: TINY[name].replace(old, new).encode() for name, old, new in changes}
    patch = git.patch(before, after)
    head, _, _ = HEAD.partition("[[bug]]")
    text = f'{head}[[bug]]\nfamily = "logic"\npatch = "both.patch"\n'
    workspace = tmp_path / "ws"
    folder = scenario(text, **{"both.patch": patch})
    made = json.loads(run("new", "--scenario", folder, "--dir", workspace, "--json", code=0).stdout)
    assert (made["bug_count"], len(made["fail_to_pass"])) == (1, 2)
    fix = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=fix, text=True, check=True)
    assert json.loads(run("check", "--json", cwd=workspace, code=0).stdout)["diff"]["added"] == 2


@pytest.mark.parametrize(
    "words",
    [("billcycle",), ("--family", "logic"), ("--seed", "3"), ("--bugs", "2"), ("--blind",)],
    ids=" ".join,
)
def test_a_scenario_says_itself_what_is_broken(
    words: tuple[str, ...], run: Run, scenario: Callable[..., Path]
) -> None:
    done = run("new", *words, "--scenario", scenario(), code=2)
    assert "--scenario says what is broken" in done.stderr


def test_a_name_that_nobody_knows_is_answered_with_the_nearest(run: Run) -> None:
    assert "there is no scenario 'no-such'" in run("new", "--scenario", "no-such", code=2).stderr


def test_a_folder_that_is_no_scenario_is_told(run: Run, tmp_path: Path) -> None:
    assert "has no scenario.toml" in run("new", "--scenario", tmp_path, code=2).stderr


def test_without_arguments_a_scenario_that_was_not_played_is_made(run: Run, tmp_path: Path) -> None:
    home = {"BUGBASH_HOME": str(tmp_path / "home")}
    made = [
        json.loads(run("new", "--json", "--dir", tmp_path / str(n), env=home, code=0).stdout)
        for n in range(3)
    ]
    assert made[0]["difficulty"] == "easy"
    assert len({one["target"] for one in made}) == 3
    rows = Store(tmp_path / "home" / "bugbash.db").played(("open",))
    assert len({row.scenario["written"] for row in rows} - {""}) == 3


def test_the_next_scenario_is_none_once_all_were_played() -> None:
    known = shipped_names()
    last = dict.fromkeys((name.partition("/")[0] for name in known), 1.0)
    left = next_unplayed(last, set(known[1:]))
    assert left == known[0]
    assert next_unplayed(last, set(known)) is None


def test_a_scenario_whose_fix_the_pages_show_comes_last() -> None:
    pages = [page.read_text("utf-8") for page in Path("docs").glob("*.md")]
    shown = {line[1:].strip() for text in pages for line in text.splitlines() if line[:1] == "-"}
    told = {
        name for name in shipped_names() for bug in find(name).bugs if bug.after.strip() in shown
    }
    assert told
    assert next_unplayed({}, set()) not in {*told, None}
    last = dict.fromkeys((name.partition("/")[0] for name in shipped_names()), 1.0)
    other = next(name for name in reversed(shipped_names()) if name not in told)
    assert next_unplayed(last, set(shipped_names()) - told - {other}) == other


def test_what_is_wished_for_is_made_of_any_bug(run: Run, tmp_path: Path) -> None:
    made = run("new", "--seed", "7", "--json", "--dir", tmp_path / "one", code=0)
    assert json.loads(made.stdout)["seed"] == 7
