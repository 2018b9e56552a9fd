"""Targets that are folders of the user's own: what is one, and what its settings may say."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[..., Path]


@pytest.mark.slow
def test_mutators_that_a_project_names_are_said_to_be_used(
    tiny_project: MakeProject, run: Run
) -> None:
    named = TINY["pyproject.toml"] + '\n[tool.bugbash]\nmutators = ["own"]\n'
    folder = tiny_project({"pyproject.toml": named})
    run("mutators", "new", "forgotten-floor", "--dir", folder / "own", code=0)
    said = run("targets", "check", folder, "--sample", "1", code=0).stderr
    assert f"with the mutators of {folder / 'own'}, as its pyproject.toml says" in said


def test_a_folder_with_tests_beside_its_code_is_a_target(
    tiny_project: MakeProject, run: Run, tmp_path: Path
) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    assert "and no test_*.py" in run("targets", "show", flat, code=2).stderr
    (flat / "prices.py").write_text(TINY["tiny/prices.py"], "utf-8")
    test = TINY["tests/test_prices.py"].replace("from tiny.prices", "from prices")
    (flat / "test_prices.py").write_text(test, "utf-8")
    spec = json.loads(run("targets", "show", flat, "--json", code=0).stdout)["spec"]
    assert (spec["sources"], spec["tests"]) == (["prices.py"], ["test_prices.py"])
    place = tmp_path / "ws"
    run("new", flat, "--seed", "1", "--dir", place, code=0)
    run("test", "-q", cwd=place, code=1)
    shutil.copy(flat / "prices.py", place)
    run("check", cwd=place, code=0)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("journey", "unknown key 'journey'. Did you mean 'journeys'?"),
        ("Mutators", "unknown key 'Mutators'. Did you mean 'mutators'?"),
        ("colour", "unknown key 'colour'. There are: journeys, mutators, target."),
    ],
)
def test_a_key_that_nobody_knows_is_refused_with_the_nearest(
    key: str, says: str, tiny_project: MakeProject, run: Run
) -> None:
    named = TINY["pyproject.toml"] + f'\n[tool.bugbash]\n{key} = "journeys"\n'
    done = run("targets", "show", tiny_project({"pyproject.toml": named}), code=2)
    assert f"[tool.bugbash]: {says}" in done.stderr


@pytest.mark.parametrize(
    ("journeys", "says"),
    [
        ("nowhere", "a folder that the project lacks"),
        ("../elsewhere", "name a folder inside the project"),
        ("", "name a folder inside the project"),
        (3, "journeys must be a string"),
    ],
)
def test_journeys_that_are_no_folder_of_the_project_are_an_error(
    journeys: object, says: str, tiny_project: MakeProject, run: Run
) -> None:
    named = TINY["pyproject.toml"] + f"\n[tool.bugbash]\njourneys = {json.dumps(journeys)}\n"
    done = run("targets", "show", tiny_project({"pyproject.toml": named}), code=2)
    assert says in done.stderr


@pytest.mark.parametrize("text", ["tool = 3", "tool.bugbash = 3", "tool.bugbash.target = 3"])
def test_settings_that_are_no_table_are_an_error(
    text: str, tiny_project: MakeProject, run: Run
) -> None:
    folder = tiny_project({"pyproject.toml": f"{text}\n"})
    said = run("targets", "show", folder, code=2).stderr
    assert "[tool.bugbash" in said and "must be" in said
