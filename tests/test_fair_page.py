"""docs/fair.md, followed: the good examples hold, and the bad ones are refused as it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bugbash.trials.condition import CONDITIONS
from bugbash.trials.scan import MOST_FAILING
from tests.page_steps import SCENARIOS, Reader, steps

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fair.md"
TEXT = " ".join(PAGE.read_text("utf-8").split())
NUMBERS = {2: "two", 3: "three"}


@pytest.mark.slow
def test_the_examples_are_what_the_program_says_of_them(tmp_path: Path) -> None:
    copied = SCENARIOS / "billcycle" / "plus-addresses-refused"
    shutil.copytree(copied, tmp_path / "scenarios" / "billcycle" / copied.name)
    reader = Reader(tmp_path)
    for step in steps(PAGE):
        reader.follow(step)
    assert reader.shown >= 20


def test_the_circumstances_are_those_of_the_proof() -> None:
    assert f"runs {NUMBERS[len(CONDITIONS)]} times" in TEXT
    assert f"{NUMBERS[len({c.hash_seed for c in CONDITIONS})]} hash seeds" in TEXT
    assert f"{NUMBERS[len({c.time_zone for c in CONDITIONS})]} time zones" in TEXT
    assert f"{NUMBERS[len({c.locale for c in CONDITIONS})]} locales" in TEXT
    assert f"{NUMBERS[len({c.folder for c in CONDITIONS})]} places" in TEXT
    assert {c.reverse_listing for c in CONDITIONS} == {True, False}
    assert f"1 to {MOST_FAILING} for each bug" in TEXT
