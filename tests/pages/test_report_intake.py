"""Timelines from strangers: what is taken over, and what is not."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.errors import UsageProblem
from bugbash.pages import report_intake
from bugbash.pages.report_intake import take_in
from bugbash.pages.report_page import handed_in, report_page
from bugbash.recording import journal
from bugbash.recording.timeline import Timeline, read
from tests.pages.story import BAD, CODE, ONE, Story, whole
from tests.pages.synthetic import Scribe

TakeIn = Callable[[Path], Timeline]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


@pytest.fixture
def taken_in(tmp_path: Path) -> TakeIn:
    """The timeline that is left of what was handed in; a page can be made of it."""

    def take(given: Path) -> Timeline:
        folder = tmp_path / "taken"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        take_in(given, folder)
        timeline = read(folder)
        report_page(handed_in(timeline, given.name))
        return timeline

    return take


def zipped(folder: Path, inside: str) -> Path:
    file = folder.with_name("given.zip")
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{inside}{path.relative_to(folder).as_posix()}")
    return file


def tarred(folder: Path, inside: str) -> Path:
    file = folder.with_name("given.tar.gz")
    with tarfile.open(file, "w:gz") as archive:
        archive.add(folder, inside.rstrip("/") or ".")
    return file


@pytest.mark.parametrize("inside", ["", "hand in/timeline/"], ids=["at the top", "deeper"])
@pytest.mark.parametrize("pack", [zipped, tarred, lambda folder, inside: folder.parent])
def test_a_whole_timeline_arrives(
    story: Story, taken_in: TakeIn, pack: Callable[[Path, str], Path], inside: str
) -> None:
    whole(story)
    mine, theirs = story.timeline(), taken_in(pack(story.scribe.folder, inside))
    assert [run.failed for run in theirs.runs] == [{ONE}, frozenset()]
    assert theirs.runs == mine.runs
    assert theirs.hypotheses == mine.hypotheses
    assert (theirs.checks, theirs.notes, theirs.hints) == (mine.checks, mine.notes, mine.hints)
    assert theirs.snapshots.read(theirs.runs[0].tree, CODE) is not None
    assert (theirs.altered, theirs.cut) == (0, 0)


def tar_with(folder: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    file = folder / "odd.tar"
    with tarfile.open(file, "w") as archive:
        for member, data in members:
            member.size = len(data) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(data))
    return file


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, link
    return found


def test_nothing_is_written_outside_of_the_folder(
    story: Story, taken_in: TakeIn, tmp_path: Path
) -> None:
    whole(story)
    events = (story.scribe.folder / journal.EVENTS).read_bytes()
    secret = tmp_path / "secret"
    secret.write_bytes(zlib.compress(b"secret"))
    name = "a" * 62
    given = tar_with(
        tmp_path,
        (member("t/events.jsonl"), events),
        (member("../escaped"), b"x"),
        (member(f"t/objects/../../{name}"), b"x"),
        (member("/bugbash-absolute"), b"x"),
        (member(f"t/objects/aa/{name}", tarfile.SYMTYPE, str(secret)), b""),
        (member("t/pipe", tarfile.FIFOTYPE), b""),
        (member("t/disk", tarfile.BLKTYPE), b""),
    )
    before = {path for path in tmp_path.rglob("*") if "taken" not in path.parts}
    timeline = taken_in(given)
    assert len(timeline.runs) == 2
    assert {path for path in tmp_path.rglob("*") if "taken" not in path.parts} == before
    assert [path.name for path in timeline.folder.rglob("*")] == [journal.EVENTS]
    assert not Path("/bugbash-absolute").exists()


def test_links_and_pipes_in_a_folder_are_not_followed(
    story: Story, taken_in: TakeIn, tmp_path: Path
) -> None:
    whole(story)
    elsewhere = tmp_path / "elsewhere"
    story.scribe.folder.rename(elsewhere)
    given = tmp_path / "given"
    given.mkdir()
    (given / "events.jsonl").symlink_to(elsewhere / "events.jsonl")
    os.mkfifo(given / "pipe")
    with pytest.raises(UsageProblem, match="holds no timeline"):
        taken_in(given)


def test_a_content_must_be_what_its_name_says(story: Story, taken_in: TakeIn) -> None:
    whole(story)
    for file in (story.scribe.folder / "objects").rglob("*"):
        if file.is_file():
            file.write_bytes(zlib.compress(b"{}"))
    timeline = taken_in(story.scribe.folder)
    assert not (timeline.folder / "objects").exists()
    assert timeline.runs[0].failed == {ONE}  # what fails stands in the events too


def test_a_content_that_unpacks_to_too_much_is_left_out(
    story: Story, taken_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole(story)
    bomb = bytes(report_intake.LARGEST_OBJECT + 1)
    name = hashlib.sha256(bomb).hexdigest()
    place = story.scribe.folder / "objects" / name[:2] / name[2:]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(zlib.compress(bomb))
    timeline = taken_in(story.scribe.folder)
    assert timeline.snapshots.content(name) is None
    assert len(timeline.runs) == 2
    monkeypatch.setattr(report_intake, "LARGEST_IN_ALL", 200)
    with pytest.raises(UsageProblem, match="more than"):
        taken_in(story.scribe.folder)


def test_too_many_files_are_refused(
    story: Story, taken_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole(story)
    monkeypatch.setattr(report_intake, "MOST_MEMBERS", 3)
    for given in (story.scribe.folder, zipped(story.scribe.folder, "")):
        with pytest.raises(UsageProblem, match="more than 3 files"):
            taken_in(given)


NESTED = '{"kind":' + "[" * 50_000 + "]" * 50_000 + "}"
ODD_EVENTS: dict[str, Any] = {
    "a number that is none": {"kind": "note", "text": "x", "wall": float("nan")},
    "a time that never ends": {"kind": "note", "text": "x", "clock": 1e308},
    "a list for a text": {"kind": "note", "text": ["x"]},
    "a text for a list": {"kind": "run", "run": "q", "root": "/", "tree": "", "arguments": "x"},
    "a path for a tree": {"kind": "check", "solved": True, "tree": "../../../../etc/passwd"},
    "a path for the tests": {
        "kind": "end", "run": "run-1", "exit": 0, "tests": "../x", "outcomes": {}, "seconds": 1,
    },
    "no hexadecimal": {
        "kind": "end", "run": "run-1", "exit": 0, "tests": "", "outcomes": {"passed": "z"},
        "seconds": 1,
    },
    "a kind that is none": {"kind": {"x": 1}},
    "no clock": {"kind": "note", "text": "x", "clock": None},
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD_EVENTS.values(), ids=ODD_EVENTS)
def test_an_event_of_another_form_is_left_out(
    story: Story, taken_in: TakeIn, odd: dict[str, Any]
) -> None:
    whole(story)
    before = taken_in(story.scribe.folder)
    event = {"wall": 2e9, "clock": 5000, "boot": "b", **odd}
    line = json.dumps(event)
    with (story.scribe.folder / journal.EVENTS).open("a") as file:
        file.write(f"\n{line}\t{journal.checksum(line)}\n")
    after = taken_in(story.scribe.folder)
    assert (after.runs, after.notes, after.checks) == (before.runs, before.notes, before.checks)
    assert after.altered + after.cut == 1


LINES = {
    "deep": NESTED.encode(),
    "bytes": b"\xff\xfe\0\0",
    "tabs": b"\t" * 100,
    "open": b"{" * 1000,
}


@pytest.mark.parametrize("data", LINES.values(), ids=LINES)
def test_a_line_of_anything_is_left_out(story: Story, taken_in: TakeIn, data: bytes) -> None:
    whole(story)
    checksum = journal.checksum(data.decode("ascii", "replace")).encode()
    with (story.scribe.folder / journal.EVENTS).open("ab") as file:
        file.write(b"\n" + data + b"\t" + checksum + b"\n")
    assert len(taken_in(story.scribe.folder).runs) == 2


def test_a_line_that_was_changed_by_hand_is_counted(story: Story, taken_in: TakeIn) -> None:
    whole(story)
    file = story.scribe.folder / journal.EVENTS
    file.write_bytes(file.read_bytes().replace(b'"solved": true', b'"solved": false'))
    timeline = taken_in(story.scribe.folder)
    assert (timeline.checks, timeline.altered) == ((), 1)


def test_folders_that_name_each_other_to_make_billions_are_no_tree(
    story: Story, taken_in: TakeIn
) -> None:
    scribe: Scribe = story.scribe
    name = journal.keep(str(scribe.folder), b'{"a": ["", 1]}')
    for _ in range(50):
        listing = json.dumps({key: [name] for key in "ab"}).encode()
        name = journal.keep(str(scribe.folder), listing)
    story.run(10, BAD)
    story.say(20, "check", tree=name, solved=True)
    timeline = taken_in(scribe.folder)
    assert (len(timeline.runs), timeline.checks) == (1, ())


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"no archive", bytes(5000)], ids=repr)
def test_what_is_no_archive_is_refused(tmp_path: Path, taken_in: TakeIn, content: bytes) -> None:
    given = tmp_path / "given.zip"
    given.write_bytes(content)
    with pytest.raises(UsageProblem, match=r"--from .*given\.zip"):
        taken_in(given)


def test_what_is_not_there_is_refused(tmp_path: Path, taken_in: TakeIn) -> None:
    with pytest.raises(UsageProblem, match="no such file"):
        taken_in(tmp_path / "nothing.zip")


def test_one_of_several_timelines_must_be_named(story: Story, taken_in: TakeIn) -> None:
    whole(story)
    shutil.copytree(story.scribe.folder, story.scribe.folder.with_name("other"))
    with pytest.raises(UsageProblem, match="2 timelines"):
        taken_in(story.scribe.folder.parent)
