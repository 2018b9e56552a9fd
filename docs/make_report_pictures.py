"""Makes docs/pictures/report-*.png: a real attempt, played by this script, and its page.

python docs/make_report_pictures.py [--keep FOLDER]

Needs Chromium. The commands are real; the minutes between them are put in afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bugbash.recording import journal
from tests.pages.browser import Browser, browsing, url_of

PICTURES = Path(__file__).resolve().parent / "pictures"
BUG = ("billcycle", "--mutator", "drop-enum-case", "--seed", "1")
RENDERING, WORKER = "src/billcycle/rendering.py", "src/billcycle/worker.py"
MISSING = "    JobKind.RECEIPT: _receipt_text,\n"
ABOVE = "    JobKind.REMINDER: _reminder_text,\n"
FAILING = "tests/test_rendering.py::test_receipt_mail"
NEW_TEST = """\
from billcycle.jobs import JobKind
from billcycle.rendering import _TEXTS


def test_every_kind_of_job_has_a_text():
    assert set(_TEXTS) == set(JobKind)
"""
PAUSES_S = {"run": 75, "hypothesis": 160, "close": 20, "note": 45, "hint": 100, "check": 70}
"""Before an event of a kind: what a person would take."""
SHOTS = (
    # name, width, colours, from which element (its page is opened there) to which
    ("report-light", 1280, "light", "", "#rubric"),
    ("report-dark", 1280, "dark", "", "#rubric"),
    ("report-phone", 400, "light", "", "#timeline"),
    ("report-run", 1280, "light", "#run-5", "#run-5"),
)


class Workspace:
    """The folder of the attempt, and the commands that are typed in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def type(self, *words: str) -> str:
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        return done.stdout

    def bugbash(self, *words: str) -> str:
        return self.type(sys.executable, "-m", "bugbash", *words)

    def pytest(self, *words: str) -> None:
        self.type(".venv/bin/pytest", "-q", *words)

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        path = self.folder / name
        before = path.read_text("utf-8")
        after = change(before)
        if after == before:
            sys.exit(f"{name} is not what this script expects: is it the same bug as before?")
        path.write_text(after, "utf-8")


def play(workspace: Workspace) -> None:
    """A good round with one wrong turn."""
    put_in = ABOVE + MISSING
    handle = "            return self._handle(job)"
    look = f'            print("KIND", job.kind)\n{handle}'
    workspace.pytest()
    workspace.pytest("tests/test_rendering.py")
    workspace.pytest("-x", FAILING)
    workspace.bugbash(
        "hypothesis", "I suspect that the worker queues the wrong kind of job, because only "
        "receipts fail", "--at", f"{WORKER}:75",
    )  # fmt: skip
    workspace.edit(WORKER, lambda text: text.replace(handle, look))
    workspace.pytest("-x", "-s", "tests/test_service.py")
    workspace.bugbash("hypothesis", "--refuted", "it printed RECEIPT, which is right")
    workspace.type("git", "checkout", "--", WORKER)
    workspace.bugbash("note", "walks through worker and rendering aloud")
    workspace.bugbash("hint", "--yes")
    workspace.bugbash(
        "hypothesis", "I suspect that the table of texts has no entry for receipts, because the "
        "KeyError names it", "--at", f"{RENDERING}:28",
    )  # fmt: skip
    wrong = put_in.replace("_receipt_text", "_reminder_text")
    workspace.edit(RENDERING, lambda text: text.replace(ABOVE, wrong))
    workspace.pytest("-x", FAILING)
    workspace.edit(RENDERING, lambda text: text.replace(wrong, put_in))
    workspace.pytest("-x", FAILING)
    workspace.bugbash("hypothesis", "--confirmed")
    workspace.pytest("tests/test_rendering.py", "tests/test_service.py")
    (workspace.folder / "tests" / "test_texts.py").write_text(NEW_TEST, "utf-8")
    workspace.pytest("tests/test_texts.py")
    workspace.pytest()
    workspace.type("git", "add", "--all")
    workspace.type("git", "commit", "-m", "Give receipts their own text: the table lacked them")


def stretch(events: Path) -> None:
    """Put the time of a person's thoughts between the events."""
    lines, late = [], 0.0
    for line in filter(None, events.read_bytes().split(b"\n")):
        event = json.loads(line.rpartition(b"\t")[0])
        late += PAUSES_S.get(event["kind"], 0)
        event["clock"], event["wall"] = event["clock"] + late, event["wall"] + late
        text = json.dumps(event, sort_keys=True)
        lines.append(f"\n{text}\t{journal.checksum(text)}\n")
    events.write_text("".join(lines), "utf-8")


def place(browser: Browser, name: str, side: str) -> float:
    """How far down the page an edge of the part lies that has this element."""
    part = f"document.querySelector('{name}').closest('li, section')"
    found: float = browser.value(f"{part}.getBoundingClientRect().{side} + scrollY")
    return found


def take_pictures(page: Path) -> None:
    with browsing() as browser:
        for name, width, scheme, opened, last in SHOTS:
            browser.size(width, 900)
            browser.scheme(scheme)
            browser.open("about:blank")
            browser.open(f"{url_of(page)}{opened}")
            top = place(browser, opened, "top") - 150 if opened else 0
            height = place(browser, last, "bottom") + 24 - top
            picture = browser.picture(width, int(height), int(top))
            (PICTURES / f"{name}.png").write_bytes(picture)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="Leave the page in this folder too.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        unwanted = ("VIRTUAL_ENV", "PYTHONPATH")
        environment = {
            **{key: value for key, value in os.environ.items() if key not in unwanted},
            "HOME": name,
            "BUGBASH_HOME": str(folder / "home"),
        }
        workspace = Workspace(folder, environment)
        workspace.bugbash("new", *BUG, "--dir", str(folder / "work"))
        workspace.folder = folder / "work"
        play(workspace)
        (events,) = (folder / "home" / "timelines").glob("*/events.jsonl")
        stretch(events)
        workspace.bugbash("check", "--html", str(folder / "page.html"))
        take_pictures(folder / "page.html")
        if arguments.keep:
            shutil.copy(folder / "page.html", arguments.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
