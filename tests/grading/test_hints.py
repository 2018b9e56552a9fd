"""What the next hint is about: a step beyond what edits, runs and hypotheses have found."""

from __future__ import annotations

import difflib
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.files import Edit, copy_tree
from bugbash.grading.hints import LEVELS, PRICES, NextHint, next_hint
from bugbash.recording.timeline import Hint, Hypothesis, Timeline, tell, timeline_of
from bugbash.serving import catalogue
from bugbash.serving.anchors import edits_between
from bugbash.serving.scenario import Bug, Scenario
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets import vendored
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target
from bugbash.targets.venv import python_of
from bugbash.workspace.attempt import Attempt, target_of
from bugbash.workspace.make import broken_files, make, new_attempt_id

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]
Serve = Callable[..., Served]

LABELS, PRICES_FILE = "tiny/labels.py", "tiny/prices.py"


def hint_for(attempt: Attempt) -> NextHint:
    timeline = timeline_of(attempt.id, attempt.workspace)
    scenario = attempt.scenario
    found = next_hint(scenario, target_of(scenario), attempt.workspace, timeline, 1)
    assert found is not None
    return found


def edit(workspace: Path, name: str, before: str, after: str) -> Path:
    path = workspace / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return path


def pytest_in(workspace: Path, *arguments: str) -> None:
    words = [str(python_of(workspace / ".venv")), "-m", "pytest", "-q", *arguments]
    subprocess.run(words, cwd=workspace, capture_output=True, timeout=120)


def look(workspace: Path) -> Path:
    return edit(workspace, LABELS, '"""The size', 'print(grams)\n    """The size')


def fail_with(workspace: Path, message: str) -> None:
    """All tests run, and the one that shows the bug fails with a message."""
    test = "def test_parcel"
    path = edit(workspace, "tests/test_labels.py", test, f"{test}():\n    raise OSError('x')\n#")
    path.write_text(path.read_text("utf-8").replace("'x'", repr(message)), "utf-8")
    pytest_in(workspace)


PARCEL = '    """The address in a frame."""\n'

DID: dict[str, tuple[Callable[[Path, Run], object], str]] = {
    "nothing": (lambda ws, run: None, "area"),
    "ran everything": (lambda ws, run: pytest_in(ws), "area"),
    "ran the failing test alone": (
        lambda ws, run: pytest_in(ws, "tests/test_labels.py::test_parcel"),
        "file",
    ),
    "ran another test alone": (lambda ws, run: pytest_in(ws, "-k", "test_total"), "area"),
    "edited another file": (
        lambda ws, run: edit(ws, PRICES_FILE, "sum(prices)", "sum(prices[:])"),
        "area",
    ),
    "edited its file": (lambda ws, run: look(ws), "function"),
    "edited its function": (
        lambda ws, run: edit(ws, LABELS, PARCEL, PARCEL + "    print(name)\n"),
        "line",
    ),
    "edited its function, with lines added above": (
        lambda ws, run: (
            edit(ws, LABELS, "def parcel", "# look\n\n\ndef parcel"),
            edit(ws, LABELS, PARCEL, PARCEL + "    print(name)\n"),
        ),
        "line",
    ),
    "took an edit back": (
        lambda ws, run: (look(ws), edit(ws, LABELS, 'print(grams)\n    """', '"""')),
        "area",
    ),
    "edited a test": (
        lambda ws, run: edit(ws, "tests/test_labels.py", "import label", "import  label"),
        "area",
    ),
    "suspects its file": (
        lambda ws, run: run("hypothesis", "size?", "--at", f"{LABELS}:16", cwd=ws, code=0),
        "function",
    ),
    "suspects its file, without a line": (
        lambda ws, run: run("hypothesis", "size?", "--at", "labels.py", cwd=ws, code=0),
        "function",
    ),
    "refuted its file": (
        lambda ws, run: run(
            "hypothesis", "size?", "--at", "labels.py", "--refuted", cwd=ws, code=0
        ),
        "area",
    ),
    "saw a failure that names its file": (
        lambda ws, run: fail_with(ws, "odd line 3 in tiny/labels.py"),
        "function",
    ),
    "saw a failure that names a file like it": (
        lambda ws, run: fail_with(ws, "odd old_labels.py, labels.pyc"),
        "area",
    ),
    "suspects its function": (
        lambda ws, run: run("hypothesis", "parcel?", "--at", f"{LABELS}:10", cwd=ws, code=0),
        "line",
    ),
    "suspected its function and refuted that": (
        lambda ws, run: run(
            *("hypothesis", "parcel?", "--at", f"{LABELS}:10", "--refuted", "no"), cwd=ws, code=0
        ),
        "area",
    ),
    "suspects another file": (
        lambda ws, run: run("hypothesis", "sum?", "--at", f"{PRICES_FILE}:6", cwd=ws, code=0),
        "area",
    ),
    "removed the file": (lambda ws, run: (ws / LABELS).unlink(), "area"),
    "half-typed code": (lambda ws, run: edit(ws, LABELS, "if grams", "if (grams"), "function"),
}


@pytest.mark.parametrize("case", DID)
def test_a_hint_says_more_than_what_was_found(case: str, run: Run, make_attempt: Make) -> None:
    attempt = make_attempt()
    act, about = DID[case]
    act(attempt.workspace, run)
    hint = hint_for(attempt)
    assert LEVELS[hint.level - 1] == about
    assert hint.price == PRICES[0]


def test_who_is_everywhere_has_found_nothing(make_attempt: Make, serve_tiny: Serve) -> None:
    more = {f"tiny/part{n}.py": "VALUE = 1\n" for n in range(3)}
    attempt = make_attempt(serve_tiny("swapped", files=more))
    look(attempt.workspace)
    for name in list(more)[:2]:
        edit(attempt.workspace, name, "1", "2")
    assert LEVELS[hint_for(attempt).level - 1] == "function"
    edit(attempt.workspace, "tiny/part2.py", "1", "2")
    assert LEVELS[hint_for(attempt).level - 1] == "area"


def test_a_suspected_line_is_understood_as_it_was_when_it_was_named(
    run: Run, make_attempt: Make
) -> None:
    attempt = make_attempt()
    edit(attempt.workspace, LABELS, "def label", "# one\n# two\n# three\n# four\n\n\ndef label")
    run("hypothesis", "x", "--at", f"{LABELS}:16", cwd=attempt.workspace, code=0)  # in parcel
    edit(attempt.workspace, LABELS, "# one\n# two\n# three\n# four\n\n\n", "")
    assert LEVELS[hint_for(attempt).level - 1] == "line"


def test_the_line_is_that_of_the_file_as_it_is_now(make_attempt: Make) -> None:
    attempt = make_attempt()
    edit(attempt.workspace, LABELS, PARCEL, "    print(name)\n    print(street)\n" + PARCEL)
    assert hint_for(attempt).text.startswith(f"The line: {LABELS}:13 (return")


def test_who_is_at_the_line_is_told_so(make_attempt: Make) -> None:
    attempt = make_attempt()
    edit(attempt.workspace, LABELS, "label(street, name)}]", "label(street)}]")
    assert hint_for(attempt).text.startswith(f"You are there: {LABELS}:11 (")


def test_it_works_without_recording(tmp_path: Path, store: Store, tiny_served: Served) -> None:
    path = tmp_path / "quiet"
    attempt = make(tiny_served, new_attempt_id(), path, None, store, recorded=False)
    assert LEVELS[hint_for(attempt).level - 1] == "area"
    look(path)
    assert LEVELS[hint_for(attempt).level - 1] == "function"


def test_a_scenarios_own_texts_come_first(make_attempt: Make, tiny_served: Served) -> None:
    (bug,) = tiny_served.scenario.bugs
    told = replace(bug, hints=("Think of parcels.", ""))
    scenario = replace(tiny_served.scenario, bugs=(told,))
    attempt = make_attempt(replace(tiny_served, scenario=scenario))
    look(attempt.workspace)
    first = hint_for(attempt)
    assert (first.level, first.text) == (1, "Think of parcels.")
    attempt_hints = Timeline(Path("nowhere"), True, hints=(Hint(1.0, 1, first.text, 3),))
    target = target_of(attempt.scenario)
    second = next_hint(attempt.scenario, target, attempt.workspace, attempt_hints, 1)
    assert second == NextHint(1, 3, f"The function: parcel in {LABELS}.", 5)


@pytest.mark.parametrize(
    ("found", "levels"),
    [
        ("nothing", [1, 2, 3, 4]),
        ("edited its file", [1, 3, 4]),
        ("edited its function", [1, 4]),
        ("suspects its function", [1, 4]),
        ("saw a failure that names its file", [1, 3, 4]),
    ],
)
def test_a_scenarios_own_texts_for_what_was_found_are_not_sold(
    found: str, levels: list[int], run: Run, make_attempt: Make, tiny_served: Served
) -> None:
    (bug,) = tiny_served.scenario.bugs
    told = replace(bug, hints=("Parcels.", "Labels.", "What does parcel() do?", "Line 11."))
    scenario = replace(tiny_served.scenario, bugs=(told,))
    attempt = make_attempt(replace(tiny_served, scenario=scenario))
    DID[found][0](attempt.workspace, run)
    given = []
    for price in PRICES[: len(levels)]:
        hint = hint_for(attempt)
        assert (hint.text, hint.price) == (told.hints[hint.level - 1], price)
        given.append(hint.level)
        tell(attempt.id, "hint", level=hint.level, text=hint.text, price=hint.price)
    assert given == levels


AREAS: dict[str, tuple[Mapping[str, str | None], str]] = {
    "no smaller than the project": ({}, ""),
    "a folder": (
        {**{f"tiny/sub/m{n}.py": "" for n in range(4)}, "tiny/prices.py": None},
        "in the folder tiny, below none",
    ),
    "imported by the tests": (
        {f"tiny/m{n}.py": "" for n in range(4)}
        | {"tests/test_labels.py": "import tiny.labels, tiny.m1\n"},
        "near the surface: in a module that the failing tests import themselves (2 of 7",
    ),
    "handed on by the package": (
        {f"tiny/m{n}.py": "" for n in range(4)}
        | {
            "tiny/__init__.py": "from tiny.labels import parcel\nfrom .m1 import x\n",
            "tests/test_labels.py": "import tiny as t\nfrom tiny import prices\nt.parcel\n",
        },
        "near the surface: in a module that the failing tests import themselves (2 of 7",
    ),
    "below what the tests import": (
        {f"tiny/m{n}.py": "" for n in range(4)}
        | {"tests/test_labels.py": "from tiny import m1, m2, m3\n"},
        "below the surface",
    ),
}


@pytest.mark.parametrize("case", AREAS)
def test_the_area_is_a_folder_or_what_the_tests_import(
    case: str, tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    files, told = AREAS[case]
    target = tiny_target(files)
    text = texts_of(served_by(tiny_served, target, tiny_served.scenario.bugs[0]), target, tmp_path)
    assert told in text[0]
    assert ("It is" in text[0]) == bool(told)


def test_a_blind_attempt_is_not_told_of_tests_that_it_does_not_have(
    tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    files, _ = AREAS["imported by the tests"]
    target = tiny_target(files)
    scenario = replace(served_by(tiny_served, target, tiny_served.scenario.bugs[0]), blind=True)
    texts = texts_of(scenario, target, tmp_path)
    assert "that the hidden tests import themselves" in texts[0]
    assert not any("test_labels" in text for text in texts)


DATA = {
    "toml": ("shop.toml", '[shop]\nname = "x"\n\n[limits]\nfree = 50\n', "free = 50", "limits"),
    "ini": ("shop.ini", "[shop]\nname = x\n[limits]  ; all\nfree = 50\n", "free = 50", "limits"),
    "json": (
        "shop.json",
        '{\n  "limits": {\n    "a": {\n      "b": 1\n    },\n    "free": 50\n  }\n}\n',
        '"free": 50',
        "limits",
    ),
    "yaml": ("shop.yaml", "limits:\n  a: 1\n  free: 50\n", "free: 50", "limits"),
    "no section": ("shop.toml", "free = 50\n", "free = 50", ""),
}


@pytest.mark.parametrize("case", DATA)
def test_a_bug_in_a_settings_file(
    case: str, tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    name, content, before, section = DATA[case]
    target = tiny_target({f"tiny/{name}": content})
    bug = bug_at(tiny_served, target, f"tiny/{name}", before, before.replace("50", "5"))
    area, file, function, line = texts_of(served_by(tiny_served, target, bug), target, tmp_path)
    assert "not in the code" in area
    assert file == f"The file: tiny/{name}."
    expected = f"In {name}, what belongs to {section}."
    top = f"At the top level of tiny/{name}, outside of all sections."
    assert function == (expected if section else top)
    number = content[: content.index(before)].count("\n") + 1
    assert line == f"The line: tiny/{name}:{number} ({before.replace('50', '5')})"


PLACES = {
    "top level": ("LIMIT = 5\n", "5", "7", "At the top level of tiny/x.py", ":1 (LIMIT = 7)"),
    "class body": (
        "class Box:\n    size = 5\n    def f(self): ...\n",
        "5",
        "7",
        "In the body of the class Box in tiny/x.py, in none of its methods.",
        ":2 (size = 7)",
    ),
    "method": (
        "class Box:\n    def f(self):\n        return 5\n",
        "5",
        "7",
        "The function: Box.f in tiny/x.py.",
        ":3 (return 7)",
    ),
    "decorator": (
        "@cache(5)\ndef f():\n    return 1\n",
        "5",
        "7",
        "The function: f in tiny/x.py.",
        ":1 (@cache(7))",
    ),
    "inner function": (
        "def f():\n    def g():\n        return 5\n    return g\n",
        "5",
        "7",
        "The function: f.g in tiny/x.py.",
        ":3 (return 7)",
    ),
    "statement gone": (
        "def f(x):\n    x += 1\n    x *= 2\n    return x\n",
        "    x *= 2\n",
        "",
        "The function: f in tiny/x.py.",
        "something is missing just before tiny/x.py:3 (return x)",
    ),
    "statement gone with the line end before it": (
        "def f(x):\n    x += 1\n    x *= 2\n    return x\n",
        "\n    x *= 2",
        "",
        "The function: f in tiny/x.py.",
        "something is missing just before tiny/x.py:3 (return x)",
    ),
    "one line of many": (
        "T = {\n    1: 'a',\n    2: 'b',\n    3: 'c',\n}\n",
        "{\n    1: 'a',\n    2: 'b',\n    3: 'c',\n}",
        "{\n    1: 'a',\n    2: 'x',\n    3: 'c',\n}",
        "At the top level of tiny/x.py",
        ":3 (2: 'x',)",
    ),
    "code that does not parse": (
        "def f(:\n    return 5\n",
        "5",
        "7",
        "At the top level of tiny/x.py",
        ":2 (return 7)",
    ),
}


@pytest.mark.parametrize("case", PLACES)
def test_function_and_line_of_a_bug(
    case: str, tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    content, before, after, function, line = PLACES[case]
    target = tiny_target({"tiny/x.py": content})
    bug = bug_at(tiny_served, target, "tiny/x.py", before, after)
    texts = texts_of(served_by(tiny_served, target, bug), target, tmp_path)
    assert texts[2].startswith(function)
    assert line in texts[3]


MOVED = """\
def size(grams):
    limit = 500
    note = "a"
    if grams <= limit:
        return note
    return "b"


def cost(grams):
    rate = 2
    return grams * rate
"""
NOTE = '    note = "a"\n'
SEVERAL = {
    "a harmless line moved, another changed": (
        [("    limit = 500\n" + NOTE, NOTE + "    limit = 500\n"), ("<=", "<")],
        "The function: size in tiny/x.py.",
        "The line: tiny/x.py:4 (if grams < limit:)",
    ),
    "two lines apart": (
        [("limit = 500", "limit = 50"), ('"b"', '"c"')],
        "The function: size in tiny/x.py.",
        'The lines: tiny/x.py:2 (limit = 50); tiny/x.py:6 (return "c")',
    ),
    "neighbours": (
        [("limit = 500", "limit = 50"), ('note = "a"', 'note = "c"')],
        "The function: size in tiny/x.py.",
        "The lines: tiny/x.py:2-3 (limit = 50 ...)",
    ),
    "two functions": (
        [("<=", "<"), ("rate = 2", "rate = 3")],
        "The function: size in tiny/x.py. The function: cost in tiny/x.py.",
        "The lines: tiny/x.py:4 (if grams < limit:); tiny/x.py:10 (rate = 3)",
    ),
    "one changed, one taken out": (
        [("<=", "<"), ("    rate = 2\n", "")],
        "The function: size in tiny/x.py. The function: cost in tiny/x.py.",
        "The lines: tiny/x.py:4 (if grams < limit:); "
        "something is missing just before tiny/x.py:10 (return grams * rate)",
    ),
}


def several(served: Served, target: Target, changes: list[tuple[str, str]]) -> Scenario:
    """A scenario whose bug makes all of the changes in tiny/x.py."""
    broken = MOVED
    for before, after in changes:
        assert broken.count(before) == 1
        broken = broken.replace(before, after)
    first, *more = edits_between("tiny/x.py", MOVED.encode(), broken.encode())
    bug = replace(served.scenario.bugs[0], edit=first, more=tuple(more), function="size")
    return served_by(served, target, bug)


@pytest.mark.parametrize("case", SEVERAL)
def test_every_changed_line_is_named_and_none_that_was_moved(
    case: str, tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    changes, function, line = SEVERAL[case]
    target = tiny_target({"tiny/x.py": MOVED})
    texts = texts_of(several(tiny_served, target, changes), target, tmp_path)
    assert texts[1:] == ["The file: tiny/x.py.", function, line]


@pytest.mark.parametrize(("line", "there"), [(4, True), (10, True), (6, False)])
def test_a_hypothesis_at_any_of_the_lines_is_at_the_bug(
    tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path, line: int, there: bool
) -> None:
    target = tiny_target({"tiny/x.py": MOVED})
    scenario = several(tiny_served, target, SEVERAL["two functions"][0])
    said = Hypothesis(1, 1.0, "rate?", f"tiny/x.py:{line}")
    timeline = Timeline(tmp_path, True, hypotheses=(said,))
    hint = next_hint(scenario, target, tmp_path / "none", timeline, 1)
    assert hint is not None
    assert LEVELS[hint.level - 1] == "line"
    head = "You are at one of the lines: " if there else "The lines: "
    assert hint.text.startswith(f"{head}tiny/x.py:4")


def test_a_bug_in_two_files_names_both(
    tiny_target: Callable[..., Target], tiny_served: Served, tmp_path: Path
) -> None:
    target = tiny_target({"tiny/x.py": MOVED})
    one = several(tiny_served, target, [("<=", "<")]).bugs[0]
    other = bug_at(tiny_served, target, PRICES_FILE, "sum(prices)", "max(prices)").edit
    texts = texts_of(served_by(tiny_served, target, replace(one, more=(other,))), target, tmp_path)
    assert texts[1] == "The files: tiny/prices.py, tiny/x.py."
    assert "tiny/x.py:4 (if grams < limit:)" in texts[3]
    assert "return max(prices)" in texts[3]


def test_several_bugs_in_one_file_do_not_move_each_others_lines(
    serve_tiny: Serve, make_attempt: Make
) -> None:
    served = serve_tiny("swapped", "size")
    longer = replace(served.scenario.bugs[0], edit=replace(
        served.scenario.bugs[0].edit, replacement="label(\n        street, name)}]"
    ))  # fmt: skip
    scenario = replace(served.scenario, bugs=(longer, served.scenario.bugs[1]))
    attempt = make_attempt(replace(served, scenario=scenario))
    timeline = Timeline(Path("nowhere"), True, hints=(Hint(0, 3, "Problem 2: x", 3),))
    hint = next_hint(scenario, served.target, attempt.workspace, timeline, 2)
    assert hint is not None
    assert hint.text == f"Problem 2: The line: {LABELS}:17 (if grams <= 500:)"


def bug_at(served: Served, target: Target, file: str, before: str, after: str) -> Bug:
    data = (target.tree / file).read_bytes()
    start = data.index(before.encode())
    return replace(
        served.scenario.bugs[0],
        edit=Edit(file, start, start + len(before.encode()), after),
        before=before,
        after=after,
    )


def served_by(served: Served, target: Target, bug: Bug) -> Scenario:
    return replace(served.scenario, bugs=(bug,))


def texts_of(scenario: Scenario, target: Target, folder: Path) -> list[str]:
    """The four texts of a scenario's one bug, for somebody who has found nothing."""
    workspace = folder / f"ws-{len(list(folder.iterdir()))}"
    copy_tree(target.tree, workspace)
    for name, data in broken_files(scenario, target).items():
        (workspace / name).write_bytes(data)
    texts = []
    for level in range(len(LEVELS)):
        before = tuple(Hint(0.0, n + 1, "", PRICES[n]) for n in range(level))
        hint = next_hint(scenario, target, workspace, Timeline(folder, True, hints=before), 1)
        assert hint is not None
        assert (hint.level, hint.price) == (level + 1, PRICES[level])
        texts.append(hint.text)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("name", vendored.names())
def test_hints_on_every_bug_of_ours_lead_to_it_step_by_step(
    name: str, tiny_served: Served, tmp_path: Path
) -> None:
    known = catalogue.load(name)
    assert known is not None
    target = resolve(name)
    for number, entry in enumerate(known.entries):
        bug = entry.bug
        scenario = served_by(tiny_served, target, bug)
        (tmp_path / str(number)).mkdir()
        area, file, function, line = texts_of(scenario, target, tmp_path / str(number))
        assert bug.edit.file not in area
        assert file == f"The file: {bug.edit.file}."
        for text in (area, file, function):
            assert f":{bug.line}" not in text
            assert bug.before.strip() not in text
            assert not bug.after.strip() or bug.after.strip() not in text
        if bug.function:
            assert bug.function.replace(".<locals>", "") in function
        told = int(line.split(f"{bug.edit.file}:")[1].split()[0])
        assert told in lines_around_the_change(scenario, target, bug.edit.file)


def lines_around_the_change(scenario: Scenario, target: Target, file: str) -> set[int]:
    clean = (target.tree / file).read_text("utf-8").splitlines()
    broken = broken_files(scenario, target)[file].decode().splitlines()
    blocks = difflib.SequenceMatcher(None, clean, broken, autojunk=False).get_opcodes()
    return {n for tag, _, _, j1, j2 in blocks if tag != "equal" for n in range(j1, max(j1, j2) + 2)}
