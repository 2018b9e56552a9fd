"""A class of thirty: catalogued bugs of two targets, neighbours with different ones."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bugbash.files import tree_digest
from bugbash.grading.verdict import Verdict, judge
from bugbash.grading.workspace_files import submission_of
from bugbash.serving.scenario import Scenario, from_json
from bugbash.targets.environment import environment_of
from bugbash.workspace.attempt import target_of
from bugbash.workspace.make import blind_files, broken_files
from tests.workspace.opened_packs import contents, pytest_in, set_up

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]
COUNT = 30
WORDS = ("--seed", "7", "--vary", "--target", "ledgerlines", "--target", "signflow")


@dataclass(frozen=True)
class Class:
    """The packs of a class and the key to them."""

    out: Path

    @cached_property
    def key(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out.with_name("packs-key.json").read_bytes())
        return value

    def scenario(self, row: dict[str, Any]) -> Scenario:
        return from_json(self.key["scenarios"][row["scenario"]]["scenario"])

    def exercise(self, row: dict[str, Any]) -> Path:
        return self.out / str(row["file"]) / self.scenario(row).name


def bugbash(*words: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", *map(str, words)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def packed(folder: Path, *words: str) -> Class:
    roster = folder / "class.csv"
    lines = [f"Student {n},s{n}@example.invalid" for n in range(1, COUNT + 1)]
    roster.write_text("name,email\n" + "\n".join(lines) + "\n", "utf-8")
    bugbash("pack", "--roster", roster, "--out", folder / "packs", *WORDS, *words)
    return Class(folder / "packs")


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory, bugbash_home: Path) -> Class:
    return packed(tmp_path_factory.mktemp("class"))


def test_neighbours_get_different_bugs_of_one_family_and_difficulty(thirty: Class) -> None:
    rows = thirty.key["packs"]
    assert [row["student"]["name"] for row in rows] == [f"Student {n}" for n in range(1, COUNT + 1)]
    names = [row["scenario"] for row in rows]
    assert all(one != other for one, other in pairwise(names))
    assert len(set(names)) > 5
    scenarios = [thirty.scenario(row) for row in rows]
    assert {scenario.name for scenario in scenarios} == {"ledgerlines", "signflow"}
    assert len({(scenario.families, scenario.difficulty) for scenario in scenarios}) == 1


def test_no_pack_nor_any_object_in_it_holds_a_clean_file(thirty: Class) -> None:
    for row in thirty.key["packs"]:
        answer = thirty.key["scenarios"][row["scenario"]]
        clean = set(answer["clean"].values())
        served = set(answer["served"].values())
        found = {hashlib.sha256(data).hexdigest() for _, data in contents(thirty.out / row["file"])}
        assert served <= found
        assert not clean & found


@pytest.fixture(scope="module")
def verdicts(thirty: Class) -> dict[str, tuple[Verdict, str]]:
    """Scenario, then what the grader says of its reference fix, and the digest of that tree."""
    found: dict[str, tuple[Verdict, str]] = {}
    for row in thirty.key["packs"]:
        if row["scenario"] in found:
            continue
        exercise, scenario = thirty.exercise(row), thirty.scenario(row)
        apply_fix(thirty, row)
        target = target_of(scenario)
        environment = environment_of(target)
        broken = broken_files(scenario, target)
        blind = blind_files(scenario, target)
        submission = submission_of(exercise, target, broken, environment, blind)
        verdict = judge(scenario, target, environment, submission)
        found[row["scenario"]] = verdict, digest(exercise)
        undo(exercise)
    return found


def git(folder: Path, *words: str, given: str | None = None) -> None:
    subprocess.run(["git", *words], cwd=folder, input=given, text=True, check=True)


def apply_fix(thirty: Class, row: dict[str, Any]) -> None:
    fix = thirty.key["scenarios"][row["scenario"]]["fix"]
    git(thirty.exercise(row), "apply", "-", given=fix)


def undo(exercise: Path) -> None:
    git(exercise, "checkout", "-q", "--", ".")


def digest(exercise: Path) -> str:
    return tree_digest(exercise, frozenset({".git", ".bugbash-pack", "__pycache__"}))


def test_all_thirty_reference_fixes_solve(
    thirty: Class, verdicts: dict[str, tuple[Verdict, str]]
) -> None:
    """Each student's tree with the fix is one that the grader was given, to the byte."""
    solved = 0
    for row in thirty.key["packs"]:
        verdict, judged = verdicts[row["scenario"]]
        apply_fix(thirty, row)
        assert digest(thirty.exercise(row)) == judged
        undo(thirty.exercise(row))
        solved += verdict.solved
    assert solved == COUNT


def test_each_exercise_as_served_is_not_solved(thirty: Class) -> None:
    row = thirty.key["packs"][0]
    scenario = thirty.scenario(row)
    target = target_of(scenario)
    environment = environment_of(target)
    broken = broken_files(scenario, target)
    submission = submission_of(thirty.exercise(row), target, broken, environment)
    assert judge(scenario, target, environment, submission).fail_to_pass.failed == (
        scenario.fail_to_pass
    )


@pytest.mark.parametrize("words", [(), ("--zip",)], ids=["folders", "zips"])
def test_made_twice_they_are_the_same_to_the_byte(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = packed(tmp_path / "one", *words)
    monkeypatch.setenv("PYTHONHASHSEED", "3")
    monkeypatch.setenv("TZ", "America/New_York")
    second = packed(tmp_path / "two", *words)
    assert bytes_of(first.out) == bytes_of(second.out)
    assert first.key == second.key


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_another_seed_hands_out_otherwise(tmp_path: Path, thirty: Class) -> None:
    other = packed(tmp_path, "--seed", "8")
    before = [row["scenario"] for row in thirty.key["packs"]]
    assert [row["scenario"] for row in other.key["packs"]] != before


def test_one_is_handed_in_by_plain_python_and_read(thirty: Class, run: Run, tmp_path: Path) -> None:
    row = thirty.key["packs"][3]
    exercise, scenario = thirty.exercise(row), thirty.scenario(row)
    python = set_up(exercise.parent, exercise, environment_of(target_of(scenario)))
    assert pytest_in(exercise, python).returncode == 1
    apply_fix(thirty, row)
    assert pytest_in(exercise, python).returncode == 0
    git(exercise, "commit", "-qam", "Mend it")
    handed = tmp_path / "in.zip"
    subprocess.run(
        [sys.executable, "-I", "-S", exercise.parent / "submit.py", "--out", handed],
        cwd=exercise.parent,
        check=True,
    )
    page = tmp_path / "page.html"
    run("report", "--from", handed, "--html", page, code=0)
    assert "self-reported" in page.read_text("utf-8").lower()
    told = json.loads(run("report", "--from", handed, "--json", code=0).stdout)
    runs = [event for event in told["events"] if event["kind"] == "run"]
    assert told["self_reported"] is True
    assert [one["exit"] for one in runs] == [1, 0]
    assert sorted(failure["test"] for failure in runs[0]["failed"]) == list(scenario.fail_to_pass)


def test_what_the_start_page_says_works_with_pip(thirty: Class) -> None:
    """With pip as it is in every Python; pytest comes from here, so that no network is needed."""
    row = thirty.key["packs"][4]
    exercise = thirty.exercise(row)
    pack = exercise.parent
    subprocess.run([sys.executable, "-m", "venv", exercise / ".venv"], check=True)
    packages = next(exercise.glob(".venv/lib/*/site-packages"))
    environment = environment_of(target_of(thirty.scenario(row)))
    (packages / "zz_pytest.pth").write_text(f"{environment.site_packages}\n", "utf-8")
    subprocess.run(
        [exercise / ".venv" / "bin" / "pip", "install", "-q", "-r", "requirements.txt"],
        cwd=pack,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        check=True,
    )
    done = pytest_in(exercise, exercise / ".venv" / "bin" / "python")
    assert done.returncode == 1
    assert (exercise / ".bugbash-pack" / "timeline" / "events.jsonl").is_file()
    with zipfile.ZipFile(pack / "bugbash_recorder-1-py3-none-any.whl") as archive:
        assert archive.testzip() is None
