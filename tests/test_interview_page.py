"""docs/interview.md, followed: a whole round, and what it says comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page_steps import Reader, steps

PAGE = Path(__file__).resolve().parent.parent / "docs" / "interview.md"


@pytest.mark.slow
def test_a_round_can_be_held_as_the_page_tells(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for step in steps(PAGE):
        reader.follow(step)
    assert reader.shown >= 20
    assert "billcycle/plus-addresses-refused" in (tmp_path / "sheet.html").read_text("utf-8")
    page = (tmp_path / "round.html").read_text("utf-8")
    for said in ("asked what a tag is", "first hint, said", "explained the cause in two sentences"):
        assert said in page, said


def test_what_only_a_person_can_judge_is_what_the_sheet_has_room_for(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    sheet = reader.type_in("bugbash scenario sheet billcycle/plus-addresses-refused")
    judged = [
        line[4:].partition("**")[0]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("- **") and "**: " in line
    ]
    assert len(judged) == 5
    for what in judged:
        assert f"| {what} |" in sheet, what


def test_a_scenario_and_an_interview_are_not_to_be_combined(tmp_path: Path) -> None:
    assert "It can't be combined with `--scenario`" in PAGE.read_text("utf-8")
    typed = "bugbash new --scenario billcycle/plus-addresses-refused --interview  # exit code 2"
    assert "leave --interview out" in Reader(tmp_path).type_in(typed)
