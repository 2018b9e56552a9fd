"""The page of a scan: well formed, self-contained, readable, and safe with strangers' code."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

import bugbash
from bugbash.pages import scan_page as module
from bugbash.pages.scan_page import scan_page, segments
from bugbash.pages.scan_summary import ScanReport
from bugbash.pages.source_heat import diff, in_functions, shown
from bugbash.trials.audit import Audit, Disagreement
from bugbash.trials.baseline import LeftOut
from tests.pages.conftest import EASY, HARD, finding

Make = Callable[..., ScanReport]
VOID = {"meta", "link", "br", "img", "input", "hr", "rect"}
HOSTILE = "</title></style></code><script>alert(1)</script>\" onload='x' \u202e&amp;\x00"
CSS = Path(bugbash.__file__).parent / "pages" / "templates" / "page.css"


class Page(HTMLParser):
    """The elements and texts of a page; refuses what is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    @property
    def text(self) -> str:
        return " ".join(" ".join(text for tag, text in self.texts if tag != "style").split())


def rich_report(make_report: Make) -> ScanReport:
    """A report with something in every section."""
    warm, cold = finding("survived", line=4), finding("killed", "t.py::one", line=4, engine="cold")
    return make_report(
        finding("killed", "t.py::one", signals=EASY),
        finding("killed", "t.py::one", signals=HARD, mutator="off-by-one", family="library"),
        finding("survived", line=3, before="return values[0]", after="return values[1]"),
        finding("timeout", line=8),
        finding("died", line=8),
        finding("invalid", line=8),
        finding("error", line=8),
        cold,
        audit=Audit(1, (Disagreement(warm.mutant, warm.trial, cold.trial),)),
        left_out=(LeftOut("t.py::three", "needs the network"),),
        lines={"shop/a.py": {2: 0b11, 3: 0b01}},
        next_steps=(("bugbash new shop", "debug one"),),
    )


def test_the_page_shows_every_part(make_report: Make) -> None:
    text = Page(scan_page(rich_report(make_report))).text
    for told in (
        "Scan of shop",
        "8 mutants in 2.0 s, 4.0 a second.",
        "drop-guard",
        "off-by-one",
        "configuration",
        "shop/a.py",
        "83 % of 6 killed, 1 survived",
        "✗ 0/1",
        "survived: 1 test runs it",
        "- return values[0]",
        "+ return values[1]",
        "t.py::two",
        "tried again cold: 1 differs.",
        "swap: survived",
        "cold: killed by 1 test (t.py::one)",
        "t.py::three : needs the network",
        "bugbash new shop",
    ):
        assert told in text, told


def test_nothing_is_fetched_and_nothing_is_run(make_report: Make) -> None:
    html = scan_page(rich_report(make_report))
    page = Page(html)
    assert {"script", "link", "img", "iframe", "object"} & set(page.tags) == set()
    assert not re.search(r"https?:|@import|url\(", html)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    links = {value for name, value in page.attributes if name == "href"}
    assert links == {f"#{name}" for name in page.ids}


def test_every_picture_has_words(make_report: Make) -> None:
    html = scan_page(rich_report(make_report))
    for svg in re.findall(r"<svg[^>]*>", html):
        assert 'aria-hidden="true"' in svg or re.search(r'role="img" aria-label="[^"]+"', svg)


def test_an_id_occurs_once_and_labels_lead_to_one(make_report: Make) -> None:
    page = Page(scan_page(rich_report(make_report)))
    assert len(page.ids) == len(set(page.ids))
    labels = {value for name, value in page.attributes if name == "aria-labelledby"}
    assert labels <= set(page.ids)


def test_hostile_names_and_code_stay_text(make_report: Make) -> None:
    file = "shop/<img src=x onerror=alert(1)>.py"
    one = finding(
        "survived", file=file, mutator=HOSTILE, before=f"x = {HOSTILE!r}", after=HOSTILE, line=1
    )
    source = f"x = 1  # {HOSTILE}\n"
    report = make_report(
        one, sources={file: source}, argument=HOSTILE, tests=(f"t.py::x[{HOSTILE}]",)
    )
    calm = Page(scan_page(make_report(finding("survived", line=1), sources={"shop/a.py": "x\n"})))
    html = scan_page(report)
    page = Page(html)
    assert set(page.tags) <= set(calm.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "alert(1)</script>" in page.text
    assert not set("\u202e\x00") & set(html)
    assert r"\u202e&amp;\x00" in page.text


def test_a_file_name_that_is_not_utf_8_can_be_written(make_report: Make) -> None:
    html = scan_page(make_report(finding(), tests=("t\udce9.py::x",)))
    assert rb"t\udce9.py" in html.encode("utf-8")


def test_lines_are_coloured_by_what_became_of_their_mutants(make_report: Make) -> None:
    found = (finding("killed", line=2), finding("survived", line=2), finding("killed", line=3))
    html = scan_page(make_report(*found, lines={"shop/a.py": {2: 1, 3: 1}}))
    kinds = re.findall(r'<div class="l (\w*)"><i>(\d+)</i><b>(.*?)</b>', html)
    told = {int(number): (kind, mark) for kind, number, mark in kinds if kind}
    assert told == {
        2: ("survived", "✗ 1/2"),
        3: ("killed", "✓ 1/1"),
        4: ("unseen", "–"),
        8: ("unseen", "–"),
    }


def test_where_no_line_was_traced_none_is_called_unseen(make_report: Make) -> None:
    assert 'class="l unseen"' not in scan_page(make_report(finding()))


def test_a_big_project_keeps_its_survivors(
    make_report: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_LINES", 5)
    page = Page(scan_page(make_report(finding("survived", line=8), finding("killed", line=2))))
    assert "Only the lines where a mutant survived" in page.text
    assert "return values[-1]" in page.text
    assert "def first" not in page.text


def test_a_scan_of_nothing_is_a_page(make_report: Make) -> None:
    assert "No mutator finds a place in it." in Page(scan_page(make_report())).text


def test_a_part_of_a_scan_names_no_idle_tests(make_report: Make) -> None:
    text = Page(scan_page(make_report(finding(), until="first"))).text
    assert "Only a whole scan with --until all can tell" in text
    assert "t.py::two" not in text


def test_bars_are_as_long_as_what_they_count() -> None:
    bar = segments({"easy": 1, "medium": 0, "hard": 2}, 6)
    assert [(one.name, one.start, one.length) for one in bar] == [
        ("easy", 0.0, 16.667),
        ("hard", 16.667, 33.333),
    ]
    assert segments({}) == ()


def test_lines_that_python_executes_in_functions() -> None:
    source = b"""\
X = [1 for _ in "ab"]
def one(a,
        b=2):
    '''Words.'''
    return (a +
            b)
class C:
    y = 1
    @property
    def z(self):
        if X: pass
"""
    assert in_functions(source) == {5, 6, 11}
    assert in_functions(b"def f(:\n") == set()


def test_a_very_long_line_is_cut_and_says_so() -> None:
    assert shown("x" * 1000).endswith("xxx… (600 more characters)")


def test_a_diff_keeps_what_is_the_same() -> None:
    assert diff("try:\n    a()\nfinally:\n    b()", "a()") == (
        ("-", "try:"),
        ("-", "    a()"),
        ("-", "finally:"),
        ("-", "    b()"),
        ("+", "a()"),
    )
    assert diff("a\nb", "a\nc") == ((" ", "a"), ("-", "b"), ("+", "c"))
    assert diff("a", "") == (("-", "a"),)


def palette(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    lights = sorted(_luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


LIGHT, DARK = (palette(part) for part in CSS.read_text("utf-8").split("prefers-color-scheme"))
PICTURES = ("killed", "survived", "timeout", "died", "invalid", "error", "easy", "medium", "hard")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_pictures_stand_out_enough(colours: dict[str, str]) -> None:
    for ground in ("page", "panel", "killed-line", "survived-line", "unseen-line", "old", "new"):
        assert contrast(colours["ink"], colours[ground]) >= 7, ground
        assert contrast(colours["quiet"], colours[ground]) >= 4.5, ground
    assert contrast(colours["link"], colours["page"]) >= 4.5
    for name in (*PICTURES, "unseen"):
        assert contrast(colours[name], colours["page"]) >= 3, name
        assert contrast(colours[name], colours["panel"]) >= 3, name


def test_both_schemes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
