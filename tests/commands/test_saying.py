"""Hypotheses and notes: said, listed, closed, and refused where they say nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.recording.timeline import folder_of, timeline_of
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import make, new_attempt_id

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]

SUSPECT = "I suspect parcel() because the street comes first"


def stated(run: Run, workspace: Path) -> list[dict[str, Any]]:
    value = json.loads(run("hypothesis", "--json", cwd=workspace, code=0).stdout)
    assert value["schema"] == "bugbash/hypotheses/v1"
    rows: list[dict[str, Any]] = value["hypotheses"]
    return rows


def test_a_hypothesis_is_kept_with_its_place_and_the_files_as_they_are(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    attempt = make_attempt()
    (attempt.workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    done = run("hypothesis", SUSPECT, "--at", "tiny/labels.py:11", cwd=attempt.workspace, code=0)
    assert done.stdout.startswith("Hypothesis 1 stated.\nNext: ")
    (row,) = stated(run, attempt.workspace)
    assert (row["number"], row["text"], row["place"]) == (1, SUSPECT, "tiny/labels.py:11")
    assert (row["verdict"], row["closed_at_s"], row["saw"]) == (None, None, None)
    timeline = timeline_of(attempt.id)
    then = timeline.snapshots.read(timeline.hypotheses[0].tree, "tiny/labels.py")
    assert then == clean_labels.encode()


def test_words_need_no_quotes(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    run("hypothesis", "I", "suspect", "size", "--at", "tiny/labels.py:16", cwd=workspace, code=0)
    assert [row["text"] for row in stated(run, workspace)] == ["I suspect size"]


PLACES = {
    "from the workspace": (".", "tiny/labels.py:11"),
    "from a folder inside": ("tiny", "labels.py:11"),
    "as pytest names it, from a folder inside": ("tests", "tiny/labels.py:11"),
    "over the folder above": ("tests", "../tiny/labels.py:11"),
    "with the colon of a traceback": (".", "tiny/labels.py:11:"),
    "with zeros": (".", "./tiny/labels.py:0011"),
    "by its name alone": (".", "labels.py:11"),
    "by its name, from another folder": ("tests", "labels.py:11"),
    "with a column": (".", "tiny/labels.py:11:4"),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_place_is_looked_for_from_where_one_stands(
    case: str, run: Run, make_attempt: Make
) -> None:
    workspace = make_attempt(name="ein Ordner").workspace
    inside, typed = PLACES[case]
    run("hypothesis", SUSPECT, "--at", typed, cwd=workspace / inside, code=0)
    assert stated(run, workspace)[0]["place"] == "tiny/labels.py:11"


def test_a_place_may_be_an_absolute_path(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    typed = f"{workspace / 'tiny' / 'prices.py'}:1"
    run("hypothesis", SUSPECT, "--at", typed, cwd=workspace, code=0)
    assert stated(run, workspace)[0]["place"] == "tiny/prices.py:1"


NO_PLACES = {
    "no line": ("tiny/labels.py", "tiny/labels.py", ""),
    "a name alone": ("labels.py", "tiny/labels.py", ""),
    "a test of a file": ("test_prices.py::test_total", "tests/test_prices.py", ""),
    "a word for a line": ("tiny/labels.py:x", "tiny/labels.py", "there is no line x"),
    "line nought": ("tiny/labels.py:0", "tiny/labels.py", "has 20 lines, there is no line 0"),
    "behind the end": ("labels.py:99", "tiny/labels.py", "has 20 lines, there is no line 99"),
    "no file": (":3", None, "there is no file :3"),
    "unknown file": ("tiny/lables.py:3", None, "there is no file tiny/lables.py"),
    "the end of a name": ("abels.py:3", None, "there is no file abels.py"),
    "a folder": ("tiny:3", None, "there is no file tiny"),
    "several": ("again.py:1", None, "end in again.py (other/again.py, tiny/again.py)"),
    "outside": ("../outside.py:1", None, "is no file of the project"),
    "its environment": (".venv/pyvenv.cfg:1", None, "is no file of the project"),
    "of its environment": ("pyvenv.cfg:1", None, "there is no file pyvenv.cfg"),
    "what steers a terminal": ("\x1b[31m.py", None, "there is no file \\x1b[31m.py"),
}


@pytest.mark.parametrize("case", NO_PLACES)
def test_a_hypothesis_is_stated_with_as_much_of_its_place_as_there_is(
    case: str, run: Run, make_attempt: Make, tmp_path: Path
) -> None:
    workspace = make_attempt().workspace
    (tmp_path / "outside.py").write_text("x = 1\n")
    (workspace / "other").mkdir()
    for folder in ("other", "tiny"):
        (workspace / folder / "again.py").write_text("x = 1\n")
    typed, place, told = NO_PLACES[case]
    done = run("hypothesis", SUSPECT, "--at", typed, cwd=workspace, code=0)
    lines = done.stdout.splitlines()
    assert lines[0] == "Hypothesis 1 stated."
    assert [line for line in lines if "was noted" in line] == (lines[1:2] if told else [])
    assert told in lines[1]
    assert "falsifiable" not in done.stdout
    (row,) = stated(run, workspace)
    assert (row["text"], row["place"]) == (SUSPECT, place)


def test_what_a_place_lacks_is_no_part_of_the_json(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    done = run("hypothesis", SUSPECT, "--at", "x.py:1", "--json", cwd=workspace, code=0)
    assert json.loads(done.stdout)["hypotheses"][0]["place"] is None
    assert "there is no file x.py" in done.stderr


def test_who_confirms_over_a_green_suite_is_sent_to_the_check(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    run("hypothesis", SUSPECT, "--at", "labels.py", cwd=workspace, code=0)
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    run("test", "-q", cwd=workspace, code=0)
    told = run("hypothesis", "--confirmed", cwd=workspace, code=0).stdout
    assert "Next: `bugbash check`" in told
    assert json.loads(run("status", "--json", cwd=workspace).stdout)["next"] in told


def test_who_confirms_before_the_fix_is_told_to_make_it(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    told = run("hypothesis", SUSPECT, "--confirmed", cwd=workspace, code=0).stdout
    assert "Next: the smallest change" in told


def test_the_latest_open_one_is_closed(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    for text in ("one", "two", "three"):
        run("hypothesis", text, cwd=workspace, code=0)
    run("hypothesis", "--refuted", "it is the same before", cwd=workspace, code=0)
    run("hypothesis", "--confirmed", cwd=workspace, code=0)
    rows = stated(run, workspace)
    assert [row["verdict"] for row in rows] == [None, "confirmed", "refuted"]
    assert [row["saw"] for row in rows] == [None, None, "it is the same before"]
    assert rows[2]["closed_at_s"] <= rows[1]["closed_at_s"]


def test_any_other_is_closed_by_its_number(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    for text in ("one", "two"):
        run("hypothesis", text, cwd=workspace, code=0)
    done = run("hypothesis", "--confirmed", "--number", "1", cwd=workspace, code=0)
    assert done.stdout.startswith("Hypothesis 1 confirmed.")
    assert [row["verdict"] for row in stated(run, workspace)] == ["confirmed", None]


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        (["--confirmed", "--at", "tiny/labels.py:11"], "confirmed"),
        (["--refuted", "size is right"], "refuted"),
        (["--refuted"], "refuted"),
    ],
    ids=["confirmed, with a place of its own", "refuted", "refuted by nothing"],
)
def test_a_text_and_its_outcome_can_be_said_at_once(
    options: list[str], verdict: str, run: Run, make_attempt: Make
) -> None:
    workspace = make_attempt().workspace
    run("hypothesis", "an older one", cwd=workspace, code=0)
    done = run("hypothesis", SUSPECT, *options, cwd=workspace, code=0)
    assert done.stdout.startswith(f"Hypothesis 2 stated and {verdict}.")
    assert [row["verdict"] for row in stated(run, workspace)] == [None, verdict]


def test_what_is_said_with_confirmed_is_what_was_seen(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    run("hypothesis", SUSPECT, cwd=workspace, code=0)
    done = run("hypothesis", "--confirmed", "the street", "came first", cwd=workspace, code=0)
    assert done.stdout.startswith("Hypothesis 1 confirmed.")
    (row,) = stated(run, workspace)
    assert (row["text"], row["verdict"]) == (SUSPECT, "confirmed")
    assert row["saw"] == "the street came first"


def test_of_several_open_ones_the_confirmed_one_must_be_named(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    for text in ("one", "two"):
        run("hypothesis", text, cwd=workspace, code=0)
    done = run("hypothesis", "--confirmed", "seen it", cwd=workspace, code=2)
    assert "2 hypotheses are open (1, 2)" in done.stderr
    assert [row["verdict"] for row in stated(run, workspace)] == [None, None]
    words = ("hypothesis", "--confirmed", "seen it", "--number", "1")
    run(*words, cwd=workspace, code=0)
    rows = stated(run, workspace)
    assert [(row["verdict"], row["saw"]) for row in rows] == [
        ("confirmed", "seen it"),
        (None, None),
    ]


WRONG_USE = {
    "nothing is open": ((), ["--confirmed"], "no hypothesis is open"),
    "all are closed": (("x", "--confirmed"), ["--refuted", "y"], "no hypothesis is open"),
    "unknown number": (("x",), ["--confirmed", "--number", "7"], "stated so far: 1"),
    "closed before": (("x", "--confirmed"), ["--refuted", "y", "--number", "1"], "was confirmed"),
    "both": (("x",), ["--confirmed", "--refuted", "y"], "not both"),
    "number without outcome": (("x",), ["--number", "1"], "--number needs"),
    "number and text": (("x",), ["y", "--number", "1", "--refuted", "z"], "leave the text out"),
    "place without text": (("x",), ["--at", "tiny/labels.py:1"], "--at needs a text"),
    "refuted by white space": (("x",), ["--refuted", " "], "what you saw is empty"),
    "empty": ((), [""], "the hypothesis is empty"),
    "white space": ((), [" \n"], "the hypothesis is empty"),
    "too long": ((), ["because " * 200], "1,599 characters, 1,000 are the most"),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_what_does_not_fit_is_one_line_and_changes_nothing(
    case: str, run: Run, make_attempt: Make
) -> None:
    workspace = make_attempt().workspace
    first, words, told = WRONG_USE[case]
    if first:
        run("hypothesis", *first, cwd=workspace, code=0)
    before = stated(run, workspace)
    done = run("hypothesis", *words, cwd=workspace, code=2)
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert stated(run, workspace) == before


ADVICE = {
    "something is wrong": "name a place and a reason",
    "it is broken because of the order": "name the place",
    "I suspect label(street, name)": 'add "because ..."',
    "I suspect tiny/labels.py": 'add "because ..."',
    "`parcel` hands on the street first, it should be the name": "",
    "I suspect size_of because 500 is small": "",
    "Parcel.label is called the wrong way round since the street comes first": "",
}


@pytest.mark.parametrize("text", ADVICE)
def test_a_vague_one_is_accepted_with_a_line_on_how_to_do_better(
    text: str, run: Run, make_attempt: Make
) -> None:
    workspace = make_attempt().workspace
    lines = run("hypothesis", text, cwd=workspace, code=0).stdout.splitlines()
    tips = [line for line in lines if line.startswith("Next time, to make it falsifiable")]
    assert len(tips) == bool(ADVICE[text])
    assert all(ADVICE[text] in tip for tip in tips)
    assert [row["text"] for row in stated(run, workspace)] == [text]


def test_a_place_given_with_at_is_a_place(run: Run, make_attempt: Make) -> None:
    words = ("hypothesis", "wrong because it is", "--at", "tiny/labels.py:11")
    done = run(*words, cwd=make_attempt().workspace, code=0)
    assert "falsifiable" not in done.stdout


def test_what_was_typed_can_not_steer_the_terminal(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    evil = "red \x1b[31m\x07 and\nnew line \u202e"
    run("hypothesis", evil, "--refuted", evil, cwd=workspace, code=0)
    run("note", evil, cwd=workspace, code=0)
    for command in ("hypothesis", "note"):
        listed = run(command, cwd=workspace, code=0).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(listed)
        assert "red \\x1b[31m\\x07 and new line \\u202e" in listed
    assert stated(run, workspace)[0]["text"] == evil


def test_the_bare_forms_list(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    assert "None stated yet" in run("hypothesis", cwd=workspace, code=0).stdout
    assert "No notes yet" in run("note", cwd=workspace, code=0).stdout
    run("hypothesis", SUSPECT, "--at", "tiny/labels.py:11", cwd=workspace, code=0)
    run("hypothesis", "two", "--refuted", "it passes alone", cwd=workspace, code=0)
    listed = run("hypothesis", cwd=workspace, code=0).stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["1", "at", "open", "2", "refuted"]
    assert "at tiny/labels.py:11" in listed
    assert listed.rstrip().endswith(": it passes alone")


def test_notes_are_kept_with_their_time(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    first = run("note", "asked for a hint", cwd=attempt.workspace, code=0).stdout
    assert "Noted at 0:" in first
    assert "lists it." in first
    second = run("note", "found the file", cwd=attempt.workspace / "tests", code=0).stdout
    assert "lists all 2." in second
    value = json.loads(run("note", "--json", cwd=attempt.workspace, code=0).stdout)
    assert value["schema"] == "bugbash/notes/v1"
    assert [note["text"] for note in value["notes"]] == ["asked for a hint", "found the file"]
    assert value["notes"][0]["at_s"] <= value["notes"][1]["at_s"]
    assert [note.text for note in timeline_of(attempt.id).notes][-1] == "found the file"


@pytest.mark.parametrize("text", ["", "\t", "x" * 1001], ids=["empty", "white space", "too long"])
def test_a_note_that_is_none_is_refused(text: str, run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    done = run("note", text, cwd=workspace, code=2)
    assert "the note " in done.stderr
    assert json.loads(run("note", "--json", cwd=workspace).stdout)["notes"] == []


def test_without_recording_words_are_kept_and_files_are_not(
    run: Run, tmp_path: Path, store: Store, tiny_served: Served
) -> None:
    attempt = make(tiny_served, new_attempt_id(), tmp_path / "quiet", None, store, recorded=False)
    done = run("hypothesis", SUSPECT, cwd=attempt.workspace, code=0)
    assert "Recording is off" in done.stdout
    run("note", "quiet", cwd=attempt.workspace, code=0)
    assert [row["text"] for row in stated(run, attempt.workspace)] == [SUSPECT]
    timeline = timeline_of(attempt.id)
    assert timeline.hypotheses[0].tree == ""
    assert not (folder_of(attempt.id) / "objects").exists()


@pytest.mark.parametrize("command", ["hypothesis", "note", "hint"])
def test_outside_of_a_workspace_it_is_said_where_to_go(
    command: str, run: Run, tmp_path: Path
) -> None:
    done = run(command, "--json", cwd=tmp_path, code=3)
    assert "is not in a workspace" in done.stderr
    assert done.stdout == ""


def test_what_can_not_be_written_is_no_traceback(run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    events = folder_of(attempt.id) / "events.jsonl"
    events.unlink()
    events.mkdir()
    for words in (("hypothesis", SUSPECT), ("note", "x"), ("hint", "--yes")):
        done = run(*words, cwd=attempt.workspace, code=3)
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1
