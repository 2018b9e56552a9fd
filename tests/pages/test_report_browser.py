"""The report in a real browser: on a phone, in the dark, by keyboard, and without a way in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bugbash.pages.report_diff import change_in_patch
from bugbash.pages.report_page import Explanation, Report, report_page
from tests.pages.browser import Browser, browsing, chromium, url_of
from tests.pages.story import Story, hostile, whole

WIDTHS = [320, 400, 1280]
PATCH = """\
diff --git a/shop/total.py b/shop/total.py
--- a/shop/total.py
+++ b/shop/total.py
@@ -1,2 +1,2 @@
 def total(a, b):
-    return a - b
+    return a + b
"""
ROW = {"observed": True, "max": 12, "evidence": ["run 1 at +00:30: 1 test failed"]}
GRADE = {
    "solved": True,
    "score": 88,
    "max_score": 100,
    "problem": None,
    "bugs": [{"number": 1, "solved": True}],
    "diff": {"equivalent": "ast"},
    "integrity": ["tests/test_a.py: a test was skipped"],
    "dimensions": [
        {**ROW, "name": "reproduce", "points": 12, "advice": ""},
        {**ROW, "name": "isolate", "points": 4, "advice": "run one failing test alone"},
        {**ROW, "name": "hypothesis", "points": 0, "observed": False, "advice": "say it first"},
    ],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        assert not os.environ.get("CI"), "CI needs chromium"
        pytest.skip("no chromium here")
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with something in every section, and hostile words in all of them."""
    folder = tmp_path_factory.mktemp("report")
    story = Story(folder)
    whole(story)
    hostile(story)
    long_word = "x" * 300
    story.run(300, {f"tests/{long_word}.py::test": long_word}, long_word)
    story.say(310, "hypothesis", number=3, text=long_word, place=f"{long_word}.py:1")
    report = Report(
        name="shop 1.0",
        attempt="abcd1234",
        ticket=f"# Totals are wrong\n\n## Steps\n\n```\n{long_word}\n```\n\n{long_word}\n",
        timeline=story.timeline(),
        yours=change_in_patch(PATCH),
        reference=change_in_patch(PATCH.replace("a + b", "b + a")),
        grade=GRADE,
        explanations=(Explanation("shop/total.py:2", "wrong-operator", "logic", "Mind the sign."),),
    )
    file = folder / "report.html"
    file.write_text(report_page(report), "utf-8")
    return file


def visit(browser: Browser, page: Path, width: int = 1280, scheme: str = "light") -> None:
    browser.errors.clear()
    browser.size(width, 800)
    browser.scheme(scheme)
    browser.open(url_of(page))


OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out(browser: Browser, page: Path, width: int, opened: bool) -> None:
    visit(browser, page, width)
    if opened:
        browser.value(OPEN_ALL)
    assert browser.value("document.documentElement.scrollWidth") == width


def test_light_and_dark_differ(browser: Browser, page: Path) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        visit(browser, page, scheme=scheme)
        ground = browser.value("getComputedStyle(document.body).backgroundColor")
        ink = browser.value("getComputedStyle(document.body).color")
        seen[scheme] = (ground, ink, browser.picture(1280, 800))
    assert seen["light"][0] == "rgb(255, 255, 255)"
    assert seen["dark"][0] != seen["light"][0]
    assert seen["dark"][1] != seen["light"][1]
    assert seen["dark"][2] != seen["light"][2]


def test_the_important_parts_are_there(browser: Browser, page: Path) -> None:
    visit(browser, page)
    browser.value(OPEN_ALL)
    text = browser.value("document.body.innerText")
    for told in (
        "Totals are wrong",
        "Solved",
        "Test runs",
        "shop/total.py",
        "1 edit, +1 −1",
        "12/12",
        "run 1 at +00:30: 1 test failed",
        "Next time: run one failing test alone",
        "not observed",
        "the sign is wrong",
        "AssertionError: assert 3 == 4",
        "+     return a + b",
        "+     return b + a",
        "Mind the sign.",
        "a test was skipped",
    ):
        assert told in text, told


def test_the_keyboard_is_enough(browser: Browser, page: Path) -> None:
    visit(browser, page)
    browser.press("Tab")
    assert browser.value("document.activeElement.className") == "skip"
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0
    stops = 1
    while browser.value("document.activeElement.closest('.log') === null") and stops < 60:
        browser.press("Tab")
        stops += 1
    assert browser.value("document.activeElement.tagName") == "SUMMARY"
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    run = "document.activeElement.parentElement"
    assert browser.value(f"{run}.open") is False
    browser.press("Enter")
    assert browser.value(f"{run}.open") is True
    assert "assert 3 == 4" in browser.value(f"{run}.innerText")
    browser.press(" ")
    assert browser.value(f"{run}.open") is False


def test_a_mark_in_the_picture_leads_to_its_run(browser: Browser, page: Path) -> None:
    visit(browser, page)
    link = "document.querySelector('.plot a[href=\"#run-2\"]')"
    browser.value(f"{link}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    browser.value("new Promise(done => setTimeout(done, 50))")
    assert browser.value("document.getElementById('run-2').closest('details').open") is True


def test_a_screen_reader_finds_its_way(browser: Browser, page: Path) -> None:
    visit(browser, page)
    for landmark in ("header", "nav[aria-label]", "main", "footer"):
        assert browser.value(f"document.querySelectorAll('{landmark}').length") == 1, landmark
    levels = browser.value(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    nameless = (
        "[...document.querySelectorAll('svg')].filter(one => one.parentElement.closest('svg') ==="
        " null && one.closest('[aria-hidden=true]') === null && !one.getAttribute('aria-label'))"
    )
    assert browser.value(f"{nameless}.length") == 0
    assert browser.value("document.documentElement.lang") == "en"
    rows = browser.value("document.querySelectorAll('.as-table tbody tr').length")
    marks = browser.value("document.querySelectorAll('.plot title').length")
    assert rows == marks > 0


def test_hostile_words_do_nothing(browser: Browser, page: Path) -> None:
    visit(browser, page)
    browser.value(OPEN_ALL)
    assert browser.value("document.scripts.length") == 0
    assert browser.value("document.images.length") == 0
    assert "<script>alert(1)</script>" in browser.value("document.body.innerText")
    assert browser.errors == []
