"""`bugbash scenario list`, `sheet` and `update`."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.rewriting import rewritten
from bugbash.serving.written import read
from tests.scenario_files import FIXED, HIDDEN, LIMIT, SWAPPED, TURNED_ROUND, write_scenario
from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with two scenarios: `swapped`, and `both` with a second bug and a tag of its own."""
    folder = tmp_path / "shelf"
    text = SWAPPED.replace("../tiny", "../../tiny")
    write_scenario(folder / "swapped", text)
    write_scenario(folder / "both", text.replace('"post"', '"shop"') + LIMIT)
    return folder


def names(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [Path(row["name"]).name for row in json.loads(done.stdout)["scenarios"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param([], ["both", "swapped"], id="all"),
        pytest.param(["--family", "logic"], ["both"], id="family"),
        pytest.param(["--family", "logic", "--family", "library"], ["both", "swapped"], id="two"),
        pytest.param(["--tag", "post"], ["swapped"], id="tag"),
        pytest.param(["--target", "../../tiny"], ["both", "swapped"], id="target"),
        pytest.param(["--difficulty", "easy,hard"], [], id="difficulty of what is not proved"),
    ],
)
def test_a_folder_of_scenarios_is_listed_by_what_is_asked_for(
    run: Run, shelf: Path, options: list[str], expected: list[str]
) -> None:
    assert names(run("scenario", "list", shelf, *options, "--json", code=0)) == expected


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--tag", "pots"), "no scenario here has the tag 'pots'. Did you mean 'post'?"),
        (("--family", "logics"), "no scenario here has the family 'logics'. Did you mean 'logic'?"),
        (("--target", "x"), "no scenario here has the target 'x'. There are: ../../tiny."),
        (("--difficulty", "heavy"), "--difficulty heavy: say easy"),
    ],
)
def test_a_word_that_no_scenario_has_is_told_with_the_nearest(
    run: Run, shelf: Path, option: tuple[str, str], told: str
) -> None:
    assert told in run("scenario", "list", shelf, *option, code=2).stderr


def test_a_list_says_what_is_proved_how_hard_it_is_and_what_was_played(
    run: Run, tiny_project: Project, shelf: Path
) -> None:
    tiny_project()
    run("scenario", "check", shelf / "swapped", code=0)
    run("new", "--scenario", shelf / "swapped", "--dir", "ws", code=0)
    done = run("scenario", "list", shelf, "--json", code=0)
    both, swapped = json.loads(done.stdout)["scenarios"]
    assert (both["proved"], both["difficulty"], both["played"], both["bugs"]) == ("no", None, 0, 2)
    assert (swapped["proved"], swapped["played"], swapped["bugs"]) == ("yes", 1, 1)
    assert swapped["difficulty"] in ("easy", "medium", "hard")
    table = run("scenario", "list", shelf, "--markdown", code=0).stdout
    assert table.splitlines()[0].startswith("| scenario | symptom |")
    assert table.count("Parcels carry the street") == 2
    write_scenario(shelf / "swapped", files={"accepted/one.patch": FIXED})
    (again,) = json.loads(run("scenario", "list", shelf / "swapped", "--json").stdout)["scenarios"]
    assert again["proved"] == "changed"


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A scenario with everything beside it."""
    text = SWAPPED + "\n[rubric]\nverify = 30\n"
    files = {
        "hidden/tests/test_more.py": HIDDEN,
        "accepted/by-name.patch": FIXED,
        "rejected/turned-round.patch": TURNED_ROUND,
    }
    return write_scenario(tmp_path / "mine", text, files)


def test_the_sheet_holds_what_an_interviewer_needs(
    run: Run, tiny_project: Project, full: Path
) -> None:
    tiny_project()
    page = run("scenario", "sheet", full, code=0).stdout
    for told in (
        "# Parcels carry the street above the name",
        "`tiny/labels.py`, line 11, in `parcel`",
        "The two texts are handed on in the wrong order",
        '+    return f"[{label(name, street)}]"',
        "- `tests/test_labels.py::test_parcel`",
        "- `tests/test_more.py::test_hidden_parcel` (hidden)",
        "| area | 3 | Follow one address from the test to the frame. | |",
        "| file | 5 | The file: tiny/labels.py. | |",
        "`accepted/by-name.patch`",
        "label(street=street, name=name)",
        "`rejected/turned-round.patch`",
        "| verify | 30 |",
        "| all | 118 |",
        "| Thinks aloud |",
        "- [ ] at ____ min: looks at `parcel`",
    ):
        assert told in page


TWO_LINES = """\
format_version = 1
title = "Discounts are half of what they should be"
target = "../tiny"

[[bug]]
family = "logic"
file = "tiny/prices.py"
before = '''
    if percent < 0:
        raise ValueError("a discount can't be negative")
    return price - price * percent // 100
'''
after = '''
    if percent < -1:
        raise ValueError("a discount can't be negative")
    return price - price * percent // 200
'''
explanation = "A discount is in per cent, and no number below zero is one."
"""


def test_all_changed_lines_are_named_by_the_sheet_and_by_reveal(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    folder = write_scenario(tmp_path / "mine", TWO_LINES)
    page = run("scenario", "sheet", folder, code=0).stdout
    assert "`tiny/prices.py`, lines 11, 13, in `discounted`" in page
    assert "said the cause before changing it (lines 11, 13)" in page
    assert "The lines: tiny/prices.py:11 (if percent < -1:); tiny/prices.py:13 (return" in page
    told = run("new", "--scenario", "mine", "--dir", "ws", code=0).stdout
    assert "for somebody else: they need the folder mine, which holds the answer" in told
    assert "bugbash new --scenario" not in told
    workspace = tmp_path / "ws"
    (bug,) = json.loads(run("reveal", "--json", cwd=workspace, code=0).stdout)["bugs"]
    assert (bug["line"], bug["lines"]) == (11, ["tiny/prices.py:11", "tiny/prices.py:13"])
    assert "tiny/prices.py:11, 13 in discounted" in run("reveal", cwd=workspace, code=0).stdout


def test_the_sheet_as_a_page_shows_markup_as_text_and_loads_nothing(
    run: Run, tiny_project: Project, full: Path, tmp_path: Path
) -> None:
    tiny_project()
    text = (full / "scenario.toml").read_text("utf-8")
    write_scenario(
        full, text.replace("The two texts", "<script>alert(1)</script> ![x](http://x/y.png) Texts")
    )
    run("scenario", "sheet", full, "--html", "sheet.html", code=0)
    page = (tmp_path / "sheet.html").read_text("utf-8")
    assert "<title>Parcels carry the street above the name</title>" in page
    assert "<h2>Score</h2>" in page
    assert "<script" not in page
    assert "src=" not in page and "href=" not in page


COMMENTED = (
    SWAPPED.replace("file =", "file   =  ")
    .replace("explanation", "# why\nexplanation")
    .replace("minutes = 20", "minutes = 20   # not more")
)


def test_a_target_that_only_moved_the_lines_needs_no_update(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    labels = TINY["tiny/labels.py"].replace('"""Labels on parcels."""', '"""Labels."""\n\nX = 1')
    tiny_project({"tiny/labels.py": labels})
    folder = write_scenario(tmp_path / "mine", files={"accepted/one.patch": FIXED})
    assert "nothing is to be done" in run("scenario", "update", folder, code=0).stdout


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_changed_lines_are_offered_and_written_with_yes_and_the_rest_stays(
    run: Run, tiny_project: Project, tmp_path: Path, end: str
) -> None:
    labels = TINY["tiny/labels.py"].replace("[{label(name, street)}]", "<{label(name, street)}>")
    tests = TINY["tests/test_labels.py"].replace('"[Ada\\nMain Street]"', '"<Ada\\nMain Street>"')
    tests = tests.replace("def test_parcel", "def test_the_parcel")
    tiny_project({"tiny/labels.py": labels, "tests/test_labels.py": tests})
    text = COMMENTED + 'fail_to_pass = ["tests/test_labels.py::test_parcel"]  # one\n'
    text = text.replace("\n", end)
    folder = write_scenario(tmp_path / "mine", text)
    done = run("scenario", "update", folder, code=1)
    assert "the lines that it names were changed; it is at tiny/labels.py:11" in done.stdout
    assert "+before = " in done.stdout
    assert (folder / "scenario.toml").read_bytes() == text.encode()
    run("scenario", "update", folder, "--yes", code=0)
    expected = text.replace("[{label(", "<{label(").replace(")}]\"'", ")}>\"'")
    expected = expected.replace("::test_parcel", "::test_the_parcel")
    assert (folder / "scenario.toml").read_bytes() == expected.encode()
    assert "nothing is to be done" in run("scenario", "update", folder, code=0).stdout


def test_a_file_that_was_renamed_is_found_by_its_lines(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tests = TINY["tests/test_labels.py"].replace("tiny.labels", "tiny.tags")
    tiny_project(
        {
            "tiny/labels.py": None,
            "tiny/tags.py": TINY["tiny/labels.py"],
            "tests/test_labels.py": tests,
        }
    )
    folder = write_scenario(tmp_path / "mine")
    run("scenario", "update", folder, "--yes", code=0)
    changed = SWAPPED.replace("tiny/labels.py", "tiny/tags.py")
    assert (folder / "scenario.toml").read_text("utf-8") == changed


def test_a_patch_whose_surroundings_changed_is_written_anew(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    labels = TINY["tiny/labels.py"].replace("def size(grams: int)", "def size(grams: float)")
    tiny_project({"tiny/labels.py": labels})
    noted = f"Hand them on by name.\n\n{FIXED}"
    folder = write_scenario(tmp_path / "mine", files={"accepted/one.patch": noted})
    assert "does not apply" in run("scenario", "check", folder, code=2).stdout
    run("scenario", "update", folder, "--yes", code=0)
    assert (folder / "accepted" / "one.patch").read_text("utf-8").startswith("Hand them on by n")
    assert "✗" not in run("scenario", "check", folder, code=0).stdout


LOST = {
    "lines that are gone": (
        TINY["tiny/labels.py"].replace('return f"[{label(name, street)}]"', "return FRAMED[name]"),
        "scenario.toml:10: before does not occur in tiny/labels.py",
    ),
    "lines that are there twice": (
        TINY["tiny/labels.py"] + TINY["tiny/labels.py"].replace("def parcel", "def package"),
        "scenario.toml:10: before occurs 2 times in tiny/labels.py, at lines 11, ",
    ),
    "lines that were broken by the target itself": (
        TINY["tiny/labels.py"].replace("label(name, street)}", "label(street, name)}"), "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("labels", "told"), LOST.values(), ids=LOST.keys())
def test_what_can_not_be_found_again_is_told_and_nothing_is_written(
    run: Run, tiny_project: Project, tmp_path: Path, labels: str, told: str
) -> None:
    tiny_project({"tiny/labels.py": labels})
    folder = write_scenario(tmp_path / "mine")
    done = run("scenario", "update", folder, "--yes")
    assert done.returncode in (1, 3)
    assert told in done.stdout
    assert (folder / "scenario.toml").read_text("utf-8") == SWAPPED


@pytest.mark.parametrize(
    "value",
    ["a", "it's", 'say "no"', "back\\slash", "two\nlines\n", '"""', "'''\n", 'x"\n"', "tab\t\x01é"],
)
@pytest.mark.parametrize("quotes", ["'{}'", '"{}"', '"""\n{}"""', "'''\n{}'''"])
def test_a_rewritten_value_reads_as_it_was_meant_and_the_rest_stays(
    tmp_path: Path, quotes: str, value: str
) -> None:
    head, tail = COMMENTED.split("after = 'return f\"[{label(street, name)}]\"'")
    text = f"{head}after = {quotes.format('old')}{tail}"
    written = read(write_scenario(tmp_path / "mine", text))
    new = rewritten(written, {1: {"after": value}})
    assert new.startswith(f"{head}after = ")
    assert new.endswith(tail)
    write_scenario(written.folder, new)
    assert read(written.folder).bugs[0].after == value
