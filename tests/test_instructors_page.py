"""docs/instructors.md, where it says how one submission is graded by hand: followed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.page_steps import SCENARIOS, Reader, steps

PAGE = Path(__file__).resolve().parent.parent / "docs" / "instructors.md"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.slow
def test_one_submission_is_graded_as_the_page_says(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "gridwords" / "settings-of-false-ignored", tmp_path / "rounding")
    (tmp_path / "class.csv").write_text("name\nAda Lovelace\n", "utf-8")
    packing = ("pack", "./rounding", "--roster", "class.csv", "--seed", "7", "--out", "packs")
    run(*packing, cwd=tmp_path, code=0)
    pack = tmp_path / "packs" / "Ada-Lovelace"
    settings = pack / "gridwords" / "src" / "gridwords" / "settings.py"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("if in_file:", "if in_file is not None:"), "utf-8")
    (pack / "gridwords" / "tests" / "test_mine.py").write_text("def test_it(): ...\n", "utf-8")
    out = tmp_path / "submission-Ada-Lovelace.zip"
    subprocess.run([sys.executable, "submit.py", "--out", str(out)], cwd=pack, check=True)
    [recipe] = [step for step in steps(PAGE) if out.name in step.text and "apply" in step.text]
    reader = Reader(tmp_path)
    reader.follow(recipe)
    assert "Solved" in reader.said
    assert "1 of 1 hidden ones" in reader.said
    assert (reader.folder / "tests" / "test_mine.py").is_file()
