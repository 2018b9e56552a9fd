"""Attempts told step by step, and what the recorder would have left of them."""

from __future__ import annotations

from pathlib import Path

from bugbash.pages.report_log import RunEntry, Said, entries_of
from bugbash.pages.report_page import handed_in, report_page
from bugbash.pages.report_picture import Lane, picture_of
from bugbash.recording.timeline import Timeline, read
from tests.pages.synthetic import Scribe
from tests.pages.test_scan_page import Page

HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m\u202ered\u2066\x07"
ONE, TWO = "tests/test_a.py::test_one", "tests/test_a.py::test_two"
BAD = {ONE: "AssertionError: assert 3 == 4"}
CODE, TEST = "shop/total.py", "tests/test_a.py"


class Story:
    """An attempt told step by step; `timeline()` is what the recorder would have left of it."""

    def __init__(self, folder: Path) -> None:
        self.scribe = Scribe(folder / "timeline", folder / "work")
        self.write(CODE, "def total(a, b):\n    return a - b\n")
        self.write(TEST, "def test_one(): ...\n")
        self.write("FAILURE_REPORT.md", "# Totals are wrong\n\nSince *Monday*.\n")
        self.scribe.start()

    def write(self, name: str, text: str | bytes) -> None:
        path = self.scribe.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def run(self, at: float, failing: dict[str, str] | None = None, *arguments: str) -> None:
        self.scribe.at = at
        self.scribe.run([ONE, TWO], failing or {}, arguments)

    def say(self, at: float, kind: str, **fact: object) -> None:
        self.scribe.at = at
        self.scribe.event(kind, **fact)

    def timeline(self) -> Timeline:
        return read(self.scribe.folder)

    def entries(self) -> tuple[RunEntry | Said, ...]:
        return entries_of(self.timeline())[0]

    def runs(self) -> list[RunEntry]:
        return [entry for entry in self.entries() if isinstance(entry, RunEntry)]

    def lanes(self) -> dict[str, Lane]:
        picture = picture_of(self.timeline(), self.entries(), 500)
        return {lane.name: lane for lane in picture.lanes}

    def page(self) -> Page:
        return Page(report_page(handed_in(self.timeline(), "attempt.zip")))


def whole(story: Story) -> None:
    """A round as the guide tells it."""
    story.run(30, BAD)
    story.say(90, "hypothesis", number=1, text="the sign is wrong", place="shop/total.py:2")
    story.write(CODE, "def total(a, b):\n    return a + b\n")
    story.run(120, {}, "-x", ONE)
    story.say(130, "close", number=1, verdict="confirmed")
    story.say(140, "note", text="explains well")
    story.say(150, "hint", level=1, text="Look at the totals.", price=4)
    story.say(160, "check", tree=story.scribe.tree(), solved=True, score=88)


def hostile(story: Story) -> None:
    """What somebody would write who wants the page to do something."""
    story.write("FAILURE_REPORT.md", f"# {HOSTILE}\n")
    story.write(f"shop/{HOSTILE.replace('/', '')[:60]}.py", HOSTILE)
    story.run(200, {f"{ONE}[{HOSTILE}]": HOSTILE, ONE: HOSTILE}, HOSTILE)
    story.say(210, "hypothesis", number=2, text=HOSTILE, place=HOSTILE)
    story.say(220, "close", number=2, verdict=HOSTILE, saw=HOSTILE)
    story.say(230, "note", text=HOSTILE)
    story.say(240, "hint", level=2, text=HOSTILE, price=1)
