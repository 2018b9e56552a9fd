"""Mutators of one's own: the option `--mutators`, and those that a project names."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.mutation.load import mutator_folders
from bugbash.targets.spec import Sort, Target, TargetSpec
from tests.commands.mutator_files import GOOD, named
from tests.tiny_files import TINY

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]

MINE = named("price-for-percent").replace("True", "percent").replace("False", "price")
"""Two of its mutants of the tiny project run; in a third, two parameters have one name."""
NAMES = TINY["pyproject.toml"] + '\n[tool.bugbash]\nmutators = ["teaching/mine"]\n'


def scanned(run: Run, target: str | Path, *options: str | Path) -> list[dict[str, Any]]:
    """The mutants of a scan by the mutator alone."""
    done = run("scan", target, "--mutator", "price-for-percent", "--json", *options, code=0)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_scan_tries_the_mutators_of_a_folder(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "price_for_percent.py").write_text(MINE)
    rows = scanned(run, tiny_project(), "--mutators", "mine")
    assert [row["after"] for row in rows if row["outcome"] == "killed"] == [
        "if price < 0:",
        "return price - price * price // 100",
    ]


def test_a_project_names_its_mutators_and_new_serves_them_without_showing_them(
    run: Run, tiny_project: Project
) -> None:
    project = tiny_project({"pyproject.toml": NAMES, "teaching/mine/price_for_percent.py": MINE})
    assert "killed" in {row["outcome"] for row in scanned(run, project)}
    done = run("new", project, "--mutator", "price-for-percent", "--json", code=0)
    assert "with the mutators of" in done.stderr
    workspace = Path(json.loads(done.stdout)["workspace"])
    assert (workspace / "tiny" / "prices.py").is_file()
    assert not (workspace / "teaching").exists()
    assert (project / "teaching" / "mine" / "price_for_percent.py").read_text() == MINE


def test_what_a_repository_from_elsewhere_names_is_not_loaded(
    run: Run, tiny_project: Project
) -> None:
    marker = "raise SystemExit('the mutator of a stranger was loaded')\n"
    project = tiny_project(
        {"pyproject.toml": NAMES, "teaching/mine/price_for_percent.py": marker + MINE}
    )
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=project, check=True)
    done = run(
        "scan", f"git+{project.as_uri()}", "--mutator", "price-for-percent", "--json", code=2
    )
    assert "names mutators in its pyproject.toml (teaching/mine): they are passed over" in (
        done.stderr
    )
    assert "There is no mutator 'price-for-percent'" in done.stderr
    assert "was loaded" not in done.stderr


@pytest.mark.parametrize("sort", ["pypi", "git", "vendored"])
def test_only_a_folder_on_this_machine_may_name_mutators(tmp_path: Path, sort: Sort) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.bugbash]\nmutators = ["mine"]\n')
    heard: list[str] = []
    given = (tmp_path / "given",)
    target = Target(TargetSpec("x"), "pypi:x==1", sort, tmp_path, "0")
    assert mutator_folders(target, given, heard.append) == given
    assert ["passed over" in line for line in heard] == [True]
    local = Target(TargetSpec("x"), str(tmp_path), "path", tmp_path, "0")
    assert mutator_folders(local, given) == (*given, tmp_path / "mine")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('mutators = "mine"', "pyproject.toml:2: [tool.bugbash]: mutators must be a list of"),
        ("\nmutators = [1]", "pyproject.toml:3: [tool.bugbash]: mutators must be a list of"),
        ('mutators = [""]', "pyproject.toml:2: [tool.bugbash]: mutators names a folder without"),
        ('mutator = ["mine"]', "pyproject.toml:2: [tool.bugbash]: unknown key 'mutator'. Did you"),
        ('mutators = ["mine"]', "[tool.bugbash] mutators: there is no folder"),
        ('mutators = ["empty/x.py"]', "[tool.bugbash] mutators: there is no folder"),
        ('mutators = ["bad"]', "bad/flip.py:2: the mutator can't be loaded"),
    ],
    ids=["text", "numbers", "no name", "misspelt", "missing", "a file", "bad mutator"],
)
def test_a_project_that_names_them_wrongly_is_told(
    run: Run, tiny_project: Project, table: str, words: str
) -> None:
    project = tiny_project(
        {
            "pyproject.toml": f"[tool.bugbash]\n{table}\n",
            "empty/x.py": "",
            "bad/flip.py": "import os\nimport nowhere\n",
        }
    )
    done = run("scan", project, "--sample", "1", code=2)
    assert words in done.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["mutators", "list"], "import nowhere\n"),
        (["mutators", "show", "flip"], GOOD.replace("x = False", "x = None")),
        (["scan", "billcycle"], GOOD.replace('            yield cst.Name("False")', "pass")),
        (["new", "billcycle"], GOOD.replace("yield cst", "while True: cst")),
    ],
    ids=["list", "show", "scan", "new"],
)
def test_a_folder_with_a_bad_mutator_is_one_line(
    run: Run, tmp_path: Path, command: list[str], code: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "flip.py").write_text(code)
    done = run(*command, "--mutators", "mine", code=2)
    assert "mine/flip.py:" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "mine" / "__pycache__").exists()
