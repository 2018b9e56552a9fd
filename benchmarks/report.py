"""How large the page of a long attempt is, and how soon a browser has it ready.

    python benchmarks/report.py [--runs N] [--times N]

Writes a timeline of three hours and 400 runs, makes its page, and opens it and an empty page in
turn in headless Chromium. Prints a table; ends with 1 where a limit is broken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bugbash.pages.report_page import handed_in, report_page
from bugbash.recording.timeline import read
from tests.pages.browser import browsing, url_of
from tests.pages.synthetic import long_attempt

MOST_BYTES = 2_000_000
EMPTY = "<!doctype html><html lang=en><title>empty</title><p>nothing</p></html>"


def opened(file: Path) -> float:
    """Seconds of a whole browser, from its start until the page has loaded and been laid out."""
    start = time.perf_counter()
    with browsing() as browser:
        browser.size(1280, 900)
        browser.open(url_of(file))
        assert browser.value("document.body.getBoundingClientRect().height") > 0
        return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--times", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timeline = read(long_attempt(folder, arguments.runs))
        start = time.perf_counter()
        html = report_page(handed_in(timeline, "a long attempt"))
        made = time.perf_counter() - start
        page, empty = folder / "page.html", folder / "empty.html"
        page.write_text(html, "utf-8")
        empty.write_text(EMPTY, "utf-8")
        opened(page), opened(empty)
        pairs = [(opened(page), opened(empty)) for _ in range(arguments.times)]
    size = len(html.encode())
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    most = 2 * theirs + 1
    print(f"| page of {arguments.runs} runs | measured | limit |")
    print("| --- | --- | --- |")
    print(f"| size | {size / 1e6:.2f} MB | {MOST_BYTES / 1e6:.0f} MB |")
    print(f"| ready in Chromium | {ours:.2f} s | {most:.2f} s (2 x {theirs:.2f} s + 1 s) |")
    print(f"| made in | {made:.2f} s | |")
    return int(size > MOST_BYTES or ours > most)


if __name__ == "__main__":
    sys.exit(main())
