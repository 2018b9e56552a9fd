"""A law: what is written into a timeline is read again, whatever happens to clock or file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bugbash.recording import journal
from bugbash.recording.timeline import Timeline, read

Fact = dict[str, Any]

text = st.text(max_size=20)
times = st.fixed_dictionaries(
    {
        "wall": st.floats(0, 4e9),
        "clock": st.floats(0, 1e7),
        "boot": st.sampled_from(["", "aaaa", "bbbb"]),
    }
)
facts = st.one_of(
    st.fixed_dictionaries({"kind": st.just("note"), "text": text}),
    st.fixed_dictionaries(
        {"kind": st.just("hypothesis"), "number": st.integers(1, 3), "text": text}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("close"),
            "number": st.integers(1, 3),
            "verdict": st.sampled_from(["confirmed", "refuted"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("hint"),
            "level": st.integers(1, 4),
            "text": text,
            "price": st.integers(0, 9),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("check"), "solved": st.booleans()}),
    st.fixed_dictionaries({"kind": st.sampled_from(["start", "save", "reset", "reveal"])}),
    st.fixed_dictionaries(
        {
            "kind": st.just("run"),
            "run": st.sampled_from("xyz"),
            "root": text,
            "tree": st.just(""),
            "arguments": st.lists(text, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("fail"), "run": st.sampled_from("xyz"), "test": text, "message": text}
    ),
    st.fixed_dictionaries({"kind": st.just("debug"), "run": st.sampled_from("xyz"), "how": text}),
    st.fixed_dictionaries(
        {
            "kind": st.just("end"),
            "run": st.sampled_from("xyz"),
            "exit": st.integers(0, 5),
            "tests": text,
            "outcomes": st.dictionaries(text, text, max_size=2),
            "seconds": st.floats(0, 1e6),
            "ms": text,
        }
    ),
)
histories = st.lists(st.tuples(facts, times), max_size=12)


def written(folder: Path, history: list[tuple[Fact, Fact]]) -> bytes:
    for fact, time in history:
        journal.append(str(folder), **{**fact, **time})
    path = folder / journal.EVENTS
    return path.read_bytes() if path.exists() else b""


def moments(timeline: Timeline) -> list[float]:
    parts = [timeline.runs, timeline.notes, timeline.hints, timeline.checks, timeline.marks]
    return [each.at for part in parts for each in part]  # type: ignore[attr-defined]


@settings(max_examples=60, deadline=None)
@given(histories)
def test_what_is_written_is_read(history: list[tuple[Fact, Fact]]) -> None:
    with TemporaryDirectory() as name:
        written(Path(name), history)
        timeline = read(Path(name))
    assert (timeline.altered, timeline.cut) == (0, 0)

    def of(*kinds: str) -> list[Fact]:
        return [fact for fact, _ in history if fact["kind"] in kinds]

    assert [note.text for note in timeline.notes] == [fact["text"] for fact in of("note")]
    assert [(hint.level, hint.text, hint.price) for hint in timeline.hints] == [
        (fact["level"], fact["text"], fact["price"]) for fact in of("hint")
    ]
    assert [check.solved for check in timeline.checks] == [fact["solved"] for fact in of("check")]
    marks = [fact["kind"] for fact in of("start", "save", "reset", "reveal")]
    assert [mark.what for mark in timeline.marks] == marks
    assert {run.id for run in timeline.runs} == {fact["run"] for fact in of("run")}
    assert {one.number for one in timeline.hypotheses} == {f["number"] for f in of("hypothesis")}
    for part in (timeline.notes, timeline.hints, timeline.checks, timeline.marks, timeline.runs):
        ats = [each.at for each in part]
        assert ats == sorted(ats)
        assert all(0 <= at <= timeline.elapsed for at in ats)


@settings(max_examples=60, deadline=None)
@given(histories, st.data())
def test_any_beginning_of_a_timeline_can_be_read(
    history: list[tuple[Fact, Fact]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        whole = written(Path(name), history)
        length = data.draw(st.integers(0, len(whole)))
        (Path(name) / journal.EVENTS).write_bytes(whole[:length])
        timeline = read(Path(name))
        assert timeline.altered == 0
        assert timeline.cut <= 1
        assert len(moments(timeline)) <= len(history)
        journal.append(name, "note", text="afterwards")
        again = read(Path(name))
    assert (again.altered, again.cut) == (0, timeline.cut)
    assert again.notes[-1].text == "afterwards"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), histories)
def test_anything_at_all_can_be_read(junk: bytes, history: list[tuple[Fact, Fact]]) -> None:
    with TemporaryDirectory() as name:
        whole = written(Path(name), history)
        (Path(name) / journal.EVENTS).write_bytes(junk + whole)
        timeline = read(Path(name))
    assert len(timeline.notes) == sum(fact["kind"] == "note" for fact, _ in history)


ALTERED: dict[str, Callable[[bytes], bytes]] = {
    "a word": lambda line: line.replace(b'"true"', b'"false"'),
    "a checksum": lambda line: line[:-1] + (b"0" if line[-1:] != b"0" else b"1"),
    "broken": lambda line: line.replace(b"{", b"("),
    "no checksum": lambda line: line.rpartition(b"\t")[0].replace(b'"true"', b'"false" '),
    "a line of one's own": lambda line: b"I solved it",
    "another event": lambda line: json.dumps({"kind": "check", "solved": True}).encode() + b"\tabc",
}


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED)
def test_lines_altered_by_hand_are_counted_and_left_out(
    change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    for word in ("true", "other"):
        journal.append(str(tmp_path), "note", text=word)
    path = tmp_path / journal.EVENTS
    lines = path.read_bytes().split(b"\n")
    lines[1] = change(lines[1])
    path.write_bytes(b"\n".join(lines))
    timeline = read(tmp_path)
    assert [note.text for note in timeline.notes] == ["other"]
    assert (timeline.altered, timeline.cut) == (1, 0)


def test_a_file_with_the_line_ends_of_windows_is_the_same(tmp_path: Path) -> None:
    journal.append(str(tmp_path), "note", text="one")
    path = tmp_path / journal.EVENTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"\0\0\0")
    timeline = read(tmp_path)
    assert [note.text for note in timeline.notes] == ["one"]
    assert (timeline.altered, timeline.cut) == (0, 0)


def test_events_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    journal.append(str(tmp_path), "dream", text="?")
    journal.append(str(tmp_path), "note", text=5)
    journal.append(str(tmp_path), "note", text="one")
    timeline = read(tmp_path)
    assert [note.text for note in timeline.notes] == ["one"]
    assert (timeline.altered, timeline.cut) == (0, 0)


CLOCKS: dict[str, tuple[list[tuple[float, float, str]], list[float]]] = {
    "steady": ([(1000, 50, "a"), (1010, 60, "a"), (1013, 63, "a")], [0, 10, 13]),
    "the calendar jumps forwards": ([(1000, 50, "a"), (99999, 60, "a")], [0, 10]),
    "the calendar jumps back": ([(1000, 50, "a"), (3, 60, "a"), (4, 61, "a")], [0, 10, 11]),
    "a start in between": ([(1000, 5000, "a"), (1600, 20, "b"), (1601, 21, "b")], [0, 600, 601]),
    "a start and a calendar set back": ([(1000, 5000, "a"), (500, 20, "b")], [0, 0]),
    "a start without a name": ([(1000, 5000, ""), (1600, 20, "")], [0, 600]),
    "two writers out of order": (
        [(1000, 50, "a"), (999, 49.9, "a"), (1010, 60, "a")],
        [0, 0, 10.1],
    ),
    "ten minutes in a debugger": ([(1000, 50, "a"), (1600, 650, "a")], [0, 600]),
}


@pytest.mark.parametrize(("ticks", "expected"), CLOCKS.values(), ids=CLOCKS)
def test_seconds_are_told_by_a_clock_that_nobody_sets(
    ticks: list[tuple[float, float, str]], expected: list[float], tmp_path: Path
) -> None:
    for wall, clock, boot in ticks:
        journal.append(str(tmp_path), "note", text="", wall=wall, clock=clock, boot=boot)
    assert [note.at for note in read(tmp_path).notes] == expected


def test_a_folder_without_a_timeline_is_an_empty_one(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == Timeline(tmp_path / "nowhere", recorded=False)
