"""`new --blind`: the report alone, from the first line to the last."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.serving.serve import Served
from bugbash.targets.venv import python_of
from bugbash.workspace.attempt import Attempt

Run = Callable[..., subprocess.CompletedProcess[str]]
HIDDEN = "tests/test_labels.py::test_parcel"
MINE = """

def test_the_name_comes_first():
    assert parcel("Ada", "Main Street").startswith("[Ada")
"""


@pytest.fixture
def blind(make_attempt: Callable[..., Attempt], tiny_served: Served) -> Path:
    scenario = replace(tiny_served.scenario, blind=True, withheld=(HIDDEN,))
    attempt: Attempt = make_attempt(replace(tiny_served, scenario=scenario))
    return attempt.workspace


def test_new_withholds_the_failing_tests_of_any_project(
    run: Run, project: Path, tmp_path: Path
) -> None:
    words = ("new", project, "--seed", "3", "--blind", "--dir", tmp_path / "ws")
    told = run(*words, code=0).stdout
    assert "✗" not in told
    assert "--seed 3 --blind" in told
    report = (tmp_path / "ws" / "FAILURE_REPORT.md").read_text("utf-8")
    assert "test_" not in report
    assert "Failing tests" not in report
    python = python_of(tmp_path / "ws" / ".venv")
    done = subprocess.run(
        [python, "-m", "pytest", "-q"], cwd=tmp_path / "ws", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    count = done.stdout.split(" passed")[0].split()[-1]
    assert f"All {count} tests pass: the report is all you have; write the test" in told
    assert run("check", cwd=tmp_path / "ws", code=1)


def test_a_catalogued_bug_is_served_blind_too(run: Run, tmp_path: Path) -> None:
    words = ("new", "parcelrate", "--blind", "--seed", "1", "--json", "--dir", tmp_path / "ws")
    made = json.loads(run(*words, code=0).stdout)
    assert made["fail_to_pass"] == []
    assert made["blind"] is True
    again = run(*made["again"].split()[1:], "--json", "--dir", tmp_path / "again", code=0).stdout
    assert json.loads(again)["blind"] is True
    one, other = (tmp_path / name / "FAILURE_REPORT.md" for name in ("ws", "again"))
    assert one.read_bytes() == other.read_bytes()
    python = python_of(tmp_path / "ws" / ".venv")
    done = subprocess.run(
        [python, "-m", "pytest", "-q"], cwd=tmp_path / "ws", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("words", [("status",), ("check",)], ids=str)
@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_names_a_hidden_test_before_it_is_solved(
    words: tuple[str, ...], form: str, run: Run, blind: Path
) -> None:
    options = ("--json",) if form == "json" else ()
    done = run(*words, *options, cwd=blind)
    assert "test_parcel" not in done.stdout + done.stderr


def test_check_counts_the_hidden_tests_until_they_pass(
    run: Run, blind: Path, clean_labels: str
) -> None:
    assert "0 of 1 hidden tests pass now" in run("check", cwd=blind, code=1).stdout
    value = json.loads(run("check", "--json", cwd=blind, code=1).stdout)
    assert value["tests"]["fail_to_pass"] == {"passed": [], "failed": [], "missing": []}
    assert value["tests"]["hidden"] == {"passed": 0, "failed": 1, "missing": 0}
    (blind / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    solved = json.loads(run("check", "--json", cwd=blind, code=0).stdout)
    assert solved["tests"]["fail_to_pass"]["passed"] == [HIDDEN]
    assert solved["tests"]["hidden"] is None


def test_advice_speaks_of_tests_that_one_has(run: Run, blind: Path, clean_labels: str) -> None:
    python = str(python_of(blind / ".venv"))
    (blind / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    subprocess.run([python, "-m", "pytest", "-q"], cwd=blind, check=True, capture_output=True)
    rows = json.loads(run("check", "--json", cwd=blind, code=0).stdout)["dimensions"]
    advice = {row["name"]: row["advice"] for row in rows}
    assert advice["reproduce"].startswith("write a test that fails as the report says")
    assert not any("the failing tests" in text for text in advice.values())


def test_ones_own_test_in_the_thinned_file_is_no_tampering(run: Run, blind: Path) -> None:
    path = blind / "tests" / "test_labels.py"
    path.write_text(path.read_text("utf-8") + MINE, "utf-8")
    value = json.loads(run("check", "--json", cwd=blind, code=1).stdout)
    assert value["integrity"] == []


def test_a_test_that_was_left_and_is_weakened_is_seen(run: Run, blind: Path) -> None:
    path = blind / "tests" / "test_labels.py"
    path.write_text(path.read_text("utf-8").replace("def test_size", "def gone"), "utf-8")
    value = json.loads(run("check", "--json", cwd=blind, code=4).stdout)
    assert any("test_size was deleted" in line for line in value["integrity"])


def test_reveal_shows_the_fix_and_where_the_hidden_tests_are(run: Run, blind: Path) -> None:
    value = json.loads(run("reveal", "--json", cwd=blind, code=0).stdout)
    assert "test_parcel" not in value["patch"]
    (place,) = value["hidden_tests"]
    file, _, line = place.rpartition(":")
    assert Path(file).read_text("utf-8").splitlines()[int(line) - 1] == "def test_parcel():"
    assert place in run("reveal", cwd=blind, code=0).stdout
