"""`bugbash mutators check`: what holds, what does not, and where an author has to look."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.commands.mutator_files import GOOD, YIELD, doing, named

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]


class Wrong(NamedTuple):
    """A file that can't be used: its code, the line that is named, and words of what is said."""

    code: str
    line: int | None
    words: str


UNUSABLE = {
    "syntax": Wrong(GOOD + "\ndef (:\n", 24, "can't be loaded (SyntaxError"),
    "import": Wrong("import os\nimport nowhere\n", 2, "No module named 'nowhere'"),
    "crash": Wrong("x = 1\ny = 1 / 0\n", 2, "ZeroDivisionError: division by zero"),
    "exits": Wrong("import sys\nsys.exit(4)\n", 2, "SystemExit: 4"),
    "no text": Wrong("\0", None, "can't be loaded"),
    "no mutator": Wrong("x = 1\n", None, "exactly one subclass of Mutator; it holds none"),
    "two mutators": Wrong(
        GOOD + "\n\nclass Other(Flip):\n    name = 'other'\n", 25, "it holds Flip, Other"
    ),
    "no summary": Wrong(GOOD.replace("summary =", "summery ="), 8, "must say its 'summary'"),
    "no name": Wrong(GOOD.replace('name = "flip"', "name = 7"), 9, "must say its 'name'"),
    "odd name": Wrong(named("Flip It"), 9, "joined by hyphens"),
    "unknown family": Wrong(GOOD.replace('"logic"', '"logik"'), 10, "Did you mean 'logic'?"),
    "unknown trait": Wrong(
        GOOD.replace("    models", "    trait = 'gard'\n    models"), 12, "Did you mean 'guard'?"
    ),
    "no examples": Wrong(GOOD.replace("examples =", "exemples ="), 8, "needs examples"),
    "no commas": Wrong(
        GOOD.replace(GOOD[GOOD.index("(\n") : GOOD.index("    def")], "Example('1', '2')\n\n"),
        14,
        "must be a tuple of Example",
    ),
    "no code": Wrong(GOOD.replace('Example("x = 1")', "Example(1)"), 17, "AttributeError"),
    "no mutate": Wrong(GOOD.replace("def mutate", "def mutated"), 8, "must define `mutate`"),
    "wants arguments": Wrong(
        GOOD + "\n    def __init__(self, what):\n        pass\n", 24, "TypeError"
    ),
    "raises": Wrong(doing("yield node.nothing"), 22, "fails at example.py:1: AttributeError"),
    "exits later": Wrong(doing("raise SystemExit(0)", "yield node"), 22, "SystemExit: 0"),
    "ends the process": Wrong(
        doing("import os", "os._exit(0)", "yield node"), None, "ends the process that runs it"
    ),
    "returns": Wrong(doing("return None"), 20, "has to `yield`"),
    "yields text": Wrong(doing("yield 'False'"), 20, "yields str, no syntax node, at example.py"),
    "yields for ever": Wrong(
        doing("while True:", "    yield node"), 20, "does not come to an end at example.py:1"
    ),
    "loops for ever": Wrong(
        doing("while True: node.value", "yield node"), 22, "does not come to an end"
    ),
    "loads for ever": Wrong("x = 1\nwhile x: x = 1\n", 2, "while it is loaded"),
    "prints": Wrong(doing("print('here')", YIELD.strip()), 22, "it prints 'here'"),
    "prints early": Wrong("print('hello')\n" + GOOD, 1, "it prints 'hello'"),
    "changes the tree": Wrong(
        doing("object.__setattr__(node, 'value', 'False')", "yield node"),
        20,
        "it changes the tree that it is given",
    ),
    "changes the context": Wrong(
        doing("context.root.children.clear()", YIELD.strip()), 20, "it changes the tree"
    ),
    "taken by a shipped one": Wrong(named("drop-guard"), 9, "drop_guard.py:"),
}
FAILING = {
    "other result": Wrong(
        GOOD.replace('"x = False"', '"x = None"'), 15, "result 1 differs from what is expected"
    ),
    "too few": Wrong(
        GOOD.replace('"x = False"', '"x = False", "x = None"'),
        15,
        "2 results are expected, 1 result is made",
    ),
    "not left alone": Wrong(
        GOOD.replace('"x = 1"', '"y = True"'), 17, "no result is expected, 1 result is made"
    ),
    "does not parse": Wrong(GOOD.replace('"x = True"', '"x ="'), 15, "its code can't be read"),
    "expected does not parse": Wrong(
        GOOD.replace('"x = False"', '"x ="'), 15, "the expected result 1 does not parse"
    ),
    "expected is the same": Wrong(
        GOOD.replace('"x = False"', '"x = True"'), 15, "is the code before it"
    ),
    "unread": Wrong(
        GOOD.replace('Example("x = 1")', 'Example("import True_", "")'),
        17,
        "1 result is expected, no result is made",
    ),
}
BAD = {
    "summary is no sentence": Wrong(
        GOOD.replace("has to be on.", "has to be on"), 11, "its summary is no sentence"
    ),
    "summary begins small": Wrong(GOOD.replace("A switch", "a switch"), 11, "capital letter"),
    "nothing to leave alone": Wrong(
        GOOD.replace('        Example("x = 1"),\n', ""), 14, "code that it must leave alone"
    ),
    "one example": Wrong(
        GOOD.replace('        Example("f(True)", "f(False)"),\n', ""), 14, "add another"
    ),
    "the same": Wrong(
        doing("yield node.with_changes()", YIELD.strip()), 15, "means the same as before"
    ),
    "no parse": Wrong(
        doing("yield cst.Name('if')", YIELD.strip()), 15, "it yields what does not parse"
    ),
    "keeps count": Wrong(
        doing(
            "self.seen = getattr(self, 'seen', 0) + 1",
            YIELD.strip(),
            "if self.seen > 2: yield cst.Name('None')",
        ),
        15,
        "gives other results in a second run",
    ),
}
RIGHT = {"right": GOOD, "flat": GOOD, "éclair": GOOD}


def file_name(case: str) -> str:
    return f"{case.replace(' ', '_')}.py"


class Checked(NamedTuple):
    """What one run said of a folder."""

    code: int
    report: dict[str, Any]

    def about(self, case: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = self.report["mutators"]
        return next(row for row in rows if Path(row["file"]).name == file_name(case))


def check(*arguments: str | Path) -> Completed:
    return subprocess.run(
        [sys.executable, "-m", "bugbash", "mutators", "check", *map(str, arguments)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    """Each file under its case's name; a mutator in it is called so too, when it was `flip`."""
    folder.mkdir(parents=True, exist_ok=True)
    for case, code in files.items():
        name = case.replace(" ", "-").replace("é", "e")
        (folder / file_name(case)).write_text(named(name, code), "utf-8")
    return folder


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """One run over every right and wrong file."""
    cases = {case: wrong.code for case, wrong in (UNUSABLE | FAILING | BAD).items()}
    folder = write(tmp_path_factory.mktemp("mutators"), cases | RIGHT)
    done = check(folder, "--limit", "2", "--json")
    assert done.stderr == ""
    return Checked(done.returncode, json.loads(done.stdout))


def test_every_file_is_reported_and_the_worst_decides(all_of_them: Checked) -> None:
    count = len(UNUSABLE) + len(FAILING) + len(BAD) + len(RIGHT)
    assert len(all_of_them.report["mutators"]) == count
    assert all_of_them.code == 2
    assert all_of_them.report["ok"] is False


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_one_stands_among_wrong_ones(all_of_them: Checked, case: str) -> None:
    row = all_of_them.about(case)
    assert row["ok"] is True
    assert [example["holds"] for example in row["examples"]] == [True, True, True]
    assert (row["errors"], row["warnings"]) == ([], [])


@pytest.mark.parametrize(("case", "wrong"), UNUSABLE.items(), ids=UNUSABLE)
def test_what_can_not_be_used_says_where_and_why(
    all_of_them: Checked, case: str, wrong: Wrong
) -> None:
    row = all_of_them.about(case)
    assert row["ok"] is False
    (error,) = row["errors"]
    assert wrong.words in error["text"]
    assert "\n" not in error["text"]
    assert error["line"] == wrong.line


@pytest.mark.parametrize(("case", "wrong"), FAILING.items(), ids=FAILING)
def test_an_example_that_fails_says_how(all_of_them: Checked, case: str, wrong: Wrong) -> None:
    row = all_of_them.about(case)
    assert row["ok"] is False
    assert row["errors"] == []
    (example,) = [example for example in row["examples"] if not example["holds"]]
    assert wrong.words in example["problem"]
    assert example["line"] == wrong.line


@pytest.mark.parametrize(("case", "wrong"), BAD.items(), ids=BAD)
def test_what_makes_a_mutator_a_bad_one_is_a_warning(
    all_of_them: Checked, case: str, wrong: Wrong
) -> None:
    row = all_of_them.about(case)
    assert row["errors"] == []
    said = [w["text"] for w in row["warnings"] if w["line"] == wrong.line]
    assert any(wrong.words in text for text in said), row["warnings"]


def test_the_diff_shows_what_was_expected_and_what_was_made(all_of_them: Checked) -> None:
    (example,) = [e for e in all_of_them.about("other result")["examples"] if not e["holds"]]
    assert (example["expected"], example["got"]) == (["x = None\n"], ["x = False\n"])
    assert example["diff"] == ["- expected", "+ made", "- x = None", "+ x = False"]


def test_a_result_too_many_is_shown_as_a_change_of_the_code(all_of_them: Checked) -> None:
    (example,) = [e for e in all_of_them.about("not left alone")["examples"] if not e["holds"]]
    assert example["diff"] == ["made, but not expected:", "- y = True", "+ y = False"]


def test_what_raised_brings_the_last_lines_of_python(all_of_them: Checked) -> None:
    (error,) = all_of_them.about("raises")["errors"]
    assert "yield node.nothing" in "".join(error["trace"])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (GOOD, 0),
        (FAILING["other result"].code, 1),
        (UNUSABLE["no summary"].code, 2),
        (BAD["one example"].code, 0),
    ],
    ids=["right", "fails", "unusable", "warned"],
)
def test_the_exit_code_says_how_it_went(run: Run, tmp_path: Path, code: str, expected: int) -> None:
    file = tmp_path / "flip.py"
    file.write_text(code)
    done = run("mutators", "check", file, code=expected)
    assert done.stdout.startswith(f"{file}:" if expected != 0 else str(file))


def test_the_lines_name_file_and_line_and_the_diff_is_below(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "mine", {"flop": FAILING["other result"].code})
    lines = run("mutators", "check", "mine", code=1).stdout.splitlines()
    assert lines[0] == (
        "mine/flop.py:15: example 1 does not hold: result 1 differs from what is expected."
    )
    assert lines[1:5] == ["    - expected", "    + made", "    - x = None", "    + x = False"]
    assert lines[5] == "1 mutator: 1 with examples that don't hold"


def test_verbose_shows_where_in_python_it_raised(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "mine", {"raises": UNUSABLE["raises"].code})
    short = run("mutators", "check", "mine", code=2).stdout
    long = run("mutators", "check", "mine", "--verbose", code=2).stdout
    assert "mine/raises.py:22: 'raises' fails at example.py:1: AttributeError" in short
    assert "yield node.nothing" not in short
    assert "yield node.nothing" in long


def test_two_files_of_one_name_are_told(run: Run, tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(GOOD)
    done = run("mutators", "check", "one.py", "two.py", code=2)
    assert "two.py:9: the name 'flip' is taken by one.py:9." in done.stdout


def test_a_file_that_is_named_twice_is_tried_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "flip.py").write_text(GOOD)
    done = run("mutators", "check", "flip.py", ".", tmp_path, code=0)
    assert done.stdout.endswith("1 mutator: 1 right\n")


@pytest.mark.parametrize(
    "lines",
    [
        ["import random", "yield cst.Name(f'n{random.randrange(10**9)}')"],
        ["yield cst.Name('_'.join({'ant', 'bee', 'cat', 'dog', 'eel', 'fox', 'gnu'}))"],
        ["import os", "yield cst.Name(f'n{os.getpid()}')"],
    ],
    ids=["chance", "a set", "the process"],
)
def test_what_differs_from_run_to_run_is_seen(run: Run, tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "flip.py").write_text(doing(*lines))
    (row,) = json.loads(run("mutators", "check", "flip.py", "--json", code=1).stdout)["mutators"]
    said = [w["line"] for w in row["warnings"] if "other results in a second run" in w["text"]]
    assert said == [15, 16]


def test_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    endless = "from pathlib import Path\nPath('begun').touch()\nwhile True: pass\n"
    write(tmp_path / "mine", {"one": endless, "two": endless})
    words = [sys.executable, "-m", "bugbash", "mutators", "check", "mine", "--limit", "500"]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        while not (tmp_path / "begun").exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == "bugbash: interrupted."


def test_an_edit_within_one_tick_of_the_clock_is_seen(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "flip.py"
    file.write_text(GOOD)
    run("mutators", "check", file, code=0)
    times = file.stat()
    file.write_text(GOOD.replace('"x = False"', '"x = Folse"'))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    run("mutators", "check", file, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["flip.py"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no file or folder nowhere; `bugbash mutators new NAME` writes one"),
        (["notes.txt"], "notes.txt is no Python file"),
        (["empty"], "there are no mutators in empty"),
        ([], "nothing to check: name a folder or file"),
    ],
    ids=["missing", "no Python", "empty", "nothing named"],
)
def test_nothing_there_is_one_line(
    run: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("flip")
    done = run("mutators", "check", *arguments, code=2)
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_without_arguments_the_folders_of_the_project_are_checked(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "mine", {"flop": GOOD})
    (tmp_path / "pyproject.toml").write_text('[tool.bugbash]\nmutators = ["mine"]\n')
    assert "mine/flop.py: flop: all 3 examples hold." in run("mutators", "check", code=0).stdout


@pytest.mark.slow
def test_the_shipped_mutators_pass(run: Run) -> None:
    folder = Path(__file__).resolve().parents[2] / "mutators"
    report = json.loads(run("mutators", "check", folder, "--json", code=0).stdout)
    assert report["ok"] is True
    assert len(report["mutators"]) > 40
