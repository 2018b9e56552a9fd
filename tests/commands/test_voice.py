"""What long work says of itself where nobody looks at a terminal."""

from __future__ import annotations

import pytest

from bugbash.commands import voice as voices


def test_a_log_hears_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("bugbash.commands.voice.time.monotonic", lambda: now[0])
    with voices.voice() as told:
        tell = told.watch("running each test alone")
        for done in range(0, 50, 4):
            now[0] = float(done)
            tell(done, 50)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"running each test alone: {done} of 50" for done in (12, 24, 36, 48)
    ]


def test_what_is_done_soon_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with voices.voice() as told:
        told.watch("running the suite")(3, 8)
    assert capsys.readouterr().err == ""
