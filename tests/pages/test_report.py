"""The report of an attempt: what its log says, what its picture holds, how much it shows."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from bugbash.pages import report_words
from bugbash.pages.report_diff import change_between, change_in_patch
from bugbash.pages.report_json import timeline_json
from bugbash.pages.report_log import RunEntry
from bugbash.pages.report_page import MOST_BYTES, handed_in, milestones, report_page
from bugbash.pages.report_picture import picture_of
from bugbash.pages.report_scale import scale_of
from bugbash.pages.report_text import markdown, title_of
from bugbash.recording.timeline import read
from tests.pages.story import BAD, CODE, HOSTILE, ONE, TWO, Story, hostile, whole
from tests.pages.synthetic import long_attempt
from tests.pages.test_scan_page import Page


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(report_words).failed == 0


def test_the_log_tells_everything_in_order(story: Story) -> None:
    whole(story)
    told = [
        (entry.kind, entry.words if isinstance(entry, RunEntry) else entry.head)
        for entry in story.entries()
    ]
    assert told == [
        ("run", "1 failed, 1 passed"),
        ("hypothesis", "hypothesis 1 at shop/total.py:2"),
        ("run", "2 passed"),
        ("confirmed", "hypothesis 1 confirmed"),
        ("note", "note"),
        ("hint", "hint 1, 4 points"),
        ("check", "solved, 88 points"),
    ]


def test_a_run_has_what_changed_before_it_and_what_fails(story: Story) -> None:
    story.run(10, BAD)
    story.write(CODE, "def total(a, b):\n    return a * b\n")
    story.run(20, {**BAD, TWO: "ZeroDivisionError"})
    first, second = story.runs()
    assert not first.change
    assert [(file.name, file.added, file.removed) for file in second.change.files] == [(CODE, 1, 1)]
    assert ("-", "    return a - b") in second.change.files[0].lines
    assert [(f.test, f.message, f.broke) for f in second.failures] == [
        (ONE, BAD[ONE], False),
        (TWO, "ZeroDivisionError", True),
    ]


def test_runs_that_say_the_same_are_one_entry(story: Story) -> None:
    for at in (10, 20, 30):
        story.run(at, BAD)
    story.run(40)
    assert [(run.number, run.last, run.state) for run in story.runs()] == [
        (1, 3, "red"),
        (4, 4, "green"),
    ]


def test_the_same_failures_are_not_repeated(story: Story) -> None:
    for number in range(2):
        story.write(CODE, f"# {number}\n")
        story.run(10 * number, BAD)
    first, second = story.runs()
    assert first.failures and not second.failures
    assert second.same_failures == 1


def test_files_that_were_put_back_are_recognised(story: Story) -> None:
    story.run(10, BAD)
    story.write(CODE, "pass\n")
    story.run(20, BAD)
    story.write(CODE, "def total(a, b):\n    return a - b\n")
    story.run(30, BAD)
    assert [run.same_tree for run in story.runs()] == [None, None, 1]
    assert [run.as_served for run in story.runs()] == [True, False, True]


def test_a_run_that_was_killed_says_so(story: Story) -> None:
    story.say(5, "run", run="x", root="/r", tree=story.scribe.tree(), arguments=["-k", "a b"])
    (run,) = story.runs()
    assert (run.state, run.words, run.command) == (
        "none",
        "ended early",
        "pytest -k 'a b'",
    )


def test_the_picture_has_a_lane_for_everything(story: Story) -> None:
    whole(story)
    assert {name: lane.told for name, lane in story.lanes().items()} == {
        "Test runs": "2 runs, 1 red, 1 green",
        "Hypotheses": "1 confirmed",
        CODE: "1 edit, +1 −1",
        "Notes": "1 note",
        "Hints": "1 hint",
        "Checks": "1 check, 1 solved",
    }


def test_every_mark_of_the_picture_is_in_its_table(story: Story) -> None:
    whole(story)
    picture = picture_of(story.timeline(), story.entries(), 500)
    marks = sum(len(lane.bars) + len(lane.stretches) for lane in picture.lanes)
    assert len(picture.rows) == marks == 7
    assert (120.0, CODE, "+1 −1, made after +01:30") not in picture.rows
    assert (120.0, CODE, "+1 −1, made after +00:30") in picture.rows


def test_an_edit_lies_between_two_looks_at_the_tree(story: Story) -> None:
    story.run(100, BAD)
    story.write(CODE, "pass\n")
    story.run(200, BAD)
    (edit,) = story.lanes()[CODE].stretches
    first, second = story.lanes()["Test runs"].bars
    assert edit.x == first.x
    assert round(edit.x + edit.width, 2) == second.x


def test_many_files_share_the_last_lane(story: Story) -> None:
    story.run(1, BAD)
    for number in range(30):
        story.write(f"shop/part_{number}.py", "x\n")
        story.run(2 + number, BAD)
    names = [name for name in story.lanes() if name.startswith("shop/") or "more" in name]
    assert len(names) == 10
    assert names[-1] == "21 more files"


def test_hypotheses_that_are_open_at_once_have_rows_of_their_own(story: Story) -> None:
    for number in (1, 2):
        story.say(10 * number, "hypothesis", number=number, text="x")
    story.say(100, "close", number=1, verdict="refuted", saw="y")
    story.say(200, "close", number=2, verdict="confirmed")
    one, two = story.lanes()["Hypotheses"].stretches
    assert one.y != two.y
    assert (one.end, two.end) == ("✗", "✓")


def test_a_night_takes_little_room() -> None:
    evening, morning = range(0, 3600, 60), range(60_000, 63_600, 60)
    scale = scale_of([*evening, *morning])
    (night,) = scale.absences
    assert night.end - night.start == 60_000 - 3540
    assert night.width < 5
    assert 40 < scale.x(3540) < 50 < scale.x(60_000) < 60
    assert [x for x, _ in scale.ticks] == sorted(x for x, _ in scale.ticks)


def test_moments_keep_their_order_on_the_picture() -> None:
    moments = [0, 1, 2, 5000, 5001, 90_000, 400_000.5]
    scale = scale_of(moments)
    places = [scale.x(moment) for moment in moments]
    assert places == sorted(places)
    assert places[0] >= 0 and places[-1] <= 100


def test_milestones(story: Story) -> None:
    whole(story)
    assert milestones(story.timeline()) == (
        ("first failing run", 30.0),
        ("first hypothesis", 90.0),
        ("first edit to code seen", 120.0),
        ("suite green", 120.0),
        ("solved", 160.0),
    )


BINARY = b"\0\1\2"
DIFFS = [
    pytest.param("new.py", None, "a\n", ("new file", 1, 0), id="a new file"),
    pytest.param("old.py", "a\n", None, ("gone", 0, 1), id="a removed file"),
    pytest.param("x.bin", BINARY, BINARY + b"\3", ("binary", 0, 0), id="bytes"),
    pytest.param("x.py", "a\r\nb\r\n", "a\r\nc\r\n", ("", 1, 1), id="Windows line ends"),
    pytest.param("x.py", "a\n" * 9000, "b\n" * 9000, ("", 9000, 9000), id="too long to compare"),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), DIFFS)
def test_what_a_diff_says_of_a_file(
    story: Story,
    name: str,
    before: str | bytes | None,
    after: str | bytes | None,
    expected: tuple[str, int, int],
) -> None:
    trees = []
    for content in (before, after):
        (story.scribe.root / name).unlink(missing_ok=True)
        if content is not None:
            story.write(name, content)
        trees.append(story.scribe.tree())
    (file,) = change_between(story.timeline().snapshots, *trees).files
    assert (file.told, file.added, file.removed) == expected
    assert len(file.lines) + file.more >= file.added + file.removed


def test_a_diff_shows_a_place_and_what_stands_around_it(story: Story) -> None:
    before = story.scribe.tree()
    story.write(CODE, "def total(a, b):\n    return a + b\n")
    (file,) = change_between(story.timeline().snapshots, before, story.scribe.tree()).files
    assert file.lines == (
        ("@", "1"),
        (" ", "def total(a, b):"),
        ("-", "    return a - b"),
        ("+", "    return a + b"),
    )


def test_gits_own_patch_is_shown_in_the_same_way() -> None:
    patch = (
        "diff --git a/shop/a.py b/shop/a.py\nindex 1..2 100644\n--- a/shop/a.py\n+++ b/shop/a.py\n"
        "@@ -3,2 +3,2 @@ def f():\n-old\n+new\n same\n"
    )
    (file,) = change_in_patch(patch).files
    assert (file.name, file.added, file.removed) == ("shop/a.py", 1, 1)
    assert file.lines == (("@", "3"), ("-", "old"), ("+", "new"), (" ", "same"))


def test_a_ticket_is_markdown_below_the_headings_of_the_page() -> None:
    html = markdown("# Title\n\n## One\n\n#### Two\n\n```\n<b>\n```\n\n| a |\n| - |\n| b |\n")
    assert "Title" not in html
    assert "<h3>One</h3>" in html and "<h4>Two</h4>" in html
    assert "&lt;b&gt;" in html and "<td>b</td>" in html
    assert title_of("# Title\n\nx") == "Title"
    assert title_of("no heading") == ""


def test_a_ticket_can_link_nowhere_and_load_nothing() -> None:
    text = (
        "[x](https://example.com) ![y](file:///z) <https://a.example> <img src=q> &lt;\n\n<p onx=1>"
    )
    html = markdown(text)
    assert "href" not in html and "src=" not in html.replace("&lt;img src=q", "")
    assert "<img" not in html and "<p onx" not in html


def test_hostile_words_stay_words(story: Story) -> None:
    whole(story)
    calm = story.page()
    hostile(story)
    html = report_page(handed_in(story.timeline(), HOSTILE))
    page = Page(html)
    assert set(page.tags) - set(calm.tags) <= {"code"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert not set("\x1b\u202e\u2066\x07") & set(html)
    assert r"\x1b[31m\u202ered\u2066\x07" in page.text


def test_nothing_is_fetched_and_nothing_is_run(story: Story) -> None:
    whole(story)
    page = story.page()
    assert {"script", "link", "img", "iframe", "object"} & set(page.tags) == set()
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    links = {value or "" for name, value in page.attributes if name == "href"}
    assert links and {link[1:] for link in links} <= set(page.ids)
    assert all(link.startswith("#") for link in links)
    assert len(page.ids) == len(set(page.ids))


def test_a_long_attempt_stays_small(tmp_path: Path) -> None:
    html = report_page(handed_in(read(long_attempt(tmp_path)), "long"))
    assert len(html.encode()) <= MOST_BYTES
    page = Page(html)
    assert "more lines" in page.text
    assert {f"run-{number}" for number in (1, 2, 399, 400)} <= set(page.ids)


def test_an_endless_attempt_says_what_it_leaves_out(story: Story) -> None:
    for number in range(1700):
        story.say(number, "note", text="&" * 1000)
    html = report_page(handed_in(story.timeline(), "endless"))
    assert len(html.encode()) <= 2_000_000
    assert "in the middle are left out" in html


def test_a_timeline_of_nothing_is_a_page(tmp_path: Path) -> None:
    text = Page(report_page(handed_in(read(tmp_path / "nowhere"), "x"))).text
    assert "Nothing was recorded." in text
    assert "No test run was recorded" in text


def test_a_timeline_as_data(story: Story) -> None:
    whole(story)
    value = timeline_json(story.timeline(), "abc")
    assert value["schema"] == "bugbash/timeline/v1"
    assert [event["kind"] for event in value["events"]] == [
        "start", "run", "hypothesis", "run", "note", "hint", "check",
    ]  # fmt: skip
    first, second = (event for event in value["events"] if event["kind"] == "run")
    assert first["failed"] == [{"test": ONE, "message": BAD[ONE]}]
    assert first["outcomes"] == {"failed": 1, "passed": 1}
    assert second["changed"] == [{"file": CODE, "added": 1, "removed": 1}]
    assert (value["elapsed_s"], value["solved_at_s"]) == (160.0, 160.0)
