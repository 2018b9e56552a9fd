"""The interviewer's page of a scenario, as Markdown: cause, milestones, hints, rubric, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.files import edited
from bugbash.grading.hints import LEVELS, PRICES, texts_for_a_beginner
from bugbash.grading.places import Place, bug_places
from bugbash.grading.rubric import DIMENSIONS, rubric_of
from bugbash.plain import plain
from bugbash.serving.scenario import Bug
from bugbash.serving.serve import Served
from bugbash.serving.written import ACCEPTED, REJECTED, Written
from bugbash.words import counted, made_by

_ANCHORS = {
    "fix": (
        "the failing tests pass, the others still do, no other input shows the symptom",
        "one of several bugs; or what was reported passes and something else broke",
        "the symptom is still there",
    ),
    "reproduce": (
        "a failing test was seen to fail before the first edit",
        "seen to fail after an edit, before the fix",
        "never seen to fail",
    ),
    "isolate": (
        "ran fewer and fewer tests, or used a debugger or prints on their way; edits only there",
        "a file of tests at a time; or some edits far from the failing tests' way",
        "edits at random until something turned green",
    ),
    "hypothesis": (
        "said what is wrong and why before fixing it, put it to a test, closed it",
        "said it, and never put it to a test",
        "said nothing",
    ),
    "verify": (
        "the failing test, then the whole suite, and a test of their own",
        "the failing test alone after the last edit",
        "ran nothing after the last edit",
    ),
    "clean up": (
        "small diff, nothing left behind, tests as they were, a commit that says why",
        "prints left in, no message, or a diff much larger than the fix",
        "tests weakened, or nothing fixed to clean up after",
    ),
}
_JUDGED = (
    ("Thinks aloud", "says what they look for before they look", "has to be asked what they do"),
    ("Asks", "asks what the software should do, and about the report", "guesses what is meant"),
    ("Takes a hint", "turns it into a next step", "repeats it, or argues with it"),
    ("Explains the cause", "in two sentences, to somebody who does not know the code",
     "tells which line was changed"),
    ("Weighs the fix", "says what else it touches and what it does not solve",
     "is done when the test is green"),
)  # fmt: skip


@dataclass(frozen=True)
class SheetOf:
    """What a sheet is made from."""

    written: Written
    served: Served


def sheet(given: SheetOf) -> str:
    """The page as Markdown. Reads the scenario's folder and the clean tree; runs nothing."""
    scenario = given.served.scenario
    parts = [
        _head(given),
        "## What the candidate reads",
        _quoted(scenario.report),
        *(part for number in range(1, len(scenario.bugs) + 1) for part in _bug(given, number)),
        *_patches(given.written, ACCEPTED, "Other right fixes"),
        *_patches(given.written, REJECTED, "Tempting wrong fixes"),
        "## Score",
        _rubric(given.written),
        "## What only you can judge",
        "`bugbash check` does not see these. Circle one, and write down what you saw.",
        _judged(),
        "## Notes",
        "\n".join(["| time | what happened |", "|---|---|", *["| | |"] * 8]),
    ]
    return plain("\n\n".join(parts) + "\n")


def _head(given: SheetOf) -> str:
    written, scenario = given.written, given.served.scenario
    rows = [
        ("target", f"{scenario.name} {scenario.version}"),
        ("bugs", str(len(scenario.bugs))),
        ("families", ", ".join(scenario.families)),
        ("difficulty", scenario.difficulty or "not measured"),
        ("time", f"{written.minutes} minutes" if written.minutes else "no limit"),
        ("author", written.author),
        ("starts with", f"`{scenario.again}`"),
    ]
    table = "\n".join(f"| {key} | {_cell(value)} |" for key, value in rows if value)
    told = "For the interviewer alone: it holds the answer."
    return f"# {written.title}\n\n{told}\n\n| | |\n|---|---|\n{table}"


def _bug(given: SheetOf, number: int) -> Iterator[str]:
    scenario, tree = given.served.scenario, given.served.target.tree
    bug = scenario.bugs[number - 1]
    several = len(scenario.bugs) > 1
    yield f"## Bug {number}" if several else "## The bug"
    places = bug_places(bug, scenario, given.served.target)
    where = "; ".join(_place(place) for place in places)
    yield f"{where}. Family: {bug.family}. Made by: {made_by(bug.mutator)}."
    yield bug.explanation.strip() or "No explanation was written."
    yield "The fix:"
    yield _fenced(_fix(bug, tree), "diff")
    yield "Tests that fail:"
    hidden = set(scenario.withheld)
    tests = (f"- `{test}`{' (hidden)' if test in hidden else ''}" for test in bug.fail_to_pass)
    yield "\n".join(tests)
    yield "### Milestones on the way"
    yield "\n".join(f"- [ ] at ____ min: {one}" for one in _milestones(bug, places, hidden))
    yield "### Hints"
    nowhere = tree / ".nowhere"  # where nobody has found anything yet
    texts = texts_for_a_beginner(scenario, given.served.target, nowhere, number)
    rows = [
        f"| {name} | {price} | {_cell(text)} | |"
        for name, price, text in zip(LEVELS, PRICES, texts, strict=True)
    ]
    yield "\n".join(["| hint | price | text | given at |", "|---|---|---|---|", *rows])


def _fix(bug: Bug, tree: Path) -> str:
    broken = edited(tree, bug.edits)
    return git.patch(broken, {name: (tree / name).read_bytes() for name in broken})


def _place(place: Place) -> str:
    inside = f", in `{place.scope}`" if place.scope else ""
    return f"`{place.file}`, {place.numbers}{inside}"


def _milestones(bug: Bug, places: tuple[Place, ...], hidden: set[str]) -> Iterator[str]:
    visible = [test for test in bug.fail_to_pass if test not in hidden]
    count = counted(len(visible), "failing test")
    yield "told the report in their own words, with what should happen and what does"
    if visible:
        yield f"saw it fail before any edit: {count}, such as `{visible[0]}`"
    else:
        yield "made it fail: no test that they have shows it, so they write one"
    yield "left the rest of the suite aside and ran less"
    files = dict.fromkeys(place.file for place in places)
    yield f"is at work in {' and '.join(f'`{file}`' for file in files)}"
    scopes = dict.fromkeys(place.scope for place in places if place.scope)
    if scopes:
        yield f"looks at {' and '.join(f'`{scope}`' for scope in scopes)}"
    alone = len(files) == 1
    lines = (place.numbers if alone else f"{place.file}, {place.numbers}" for place in places)
    yield f"said the cause before changing it ({'; '.join(lines)})"
    yield "the failing test passes, then the whole suite"
    yield "cleaned up and committed, with a message that says why"


def _patches(written: Written, folder: str, head: str) -> Iterator[str]:
    patches = written.patches(folder)
    if patches:
        yield f"## {head}"
    for path in patches:
        yield f"`{folder}/{path.name}`"
        yield _fenced(path.read_text("utf-8", "replace").replace("\r\n", "\n"), "diff")


def _rubric(written: Written) -> str:
    rubric = rubric_of(written.rubric)
    rows = [
        "| step | of | all of it | a part of it | nothing | points |",
        "|---|---|---|---|---|---|",
    ]
    for name in DIMENSIONS:
        rows.append(f"| {name} | {rubric.of(name)} | {' | '.join(_ANCHORS[name])} | |")
    return "\n".join([*rows, f"| all | {rubric.total} | | | | |"])


def _judged() -> str:
    head = ["| | strong | weak | 1 2 3 4 | seen |", "|---|---|---|---|---|"]
    rows = [f"| {what} | {strong} | {weak} | 1 2 3 4 | |" for what, strong, weak in _JUDGED]
    return "\n".join([*head, *rows])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _fenced(text: str, language: str) -> str:
    """A code block whose fence is longer than any in the text."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d1d1f; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
td, th { border: 1px solid #999; padding: .35rem .6rem; text-align: left; vertical-align: top;
  height: 1.5em; }
pre { background: #f4f4f4; padding: .8rem; overflow-x: auto; }
code { font-size: .9em; }
blockquote { border-left: 4px solid #999; margin-left: 0; padding-left: 1rem; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


def as_page(text: str, title: str) -> str:
    """The sheet as one HTML file that loads nothing; markup in it stays text."""
    from markdown_it import MarkdownIt
    from markupsafe import escape

    # Without links and pictures: a report may hold text from anywhere.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image"])
    body = reader.render(text).replace("<li>[ ] ", "<li>☐ ")
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n{body}</html>\n"
    )
