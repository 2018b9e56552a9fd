"""Journeys: short scripts of public use whose outputs tell clean code from broken."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.resources import shipped
from bugbash.serving import journey_runner
from bugbash.serving.difference import Output
from bugbash.serving.journey_files import load_journeys
from bugbash.serving.journeys import Observer
from bugbash.targets import vendored
from bugbash.trials.scan import Engine

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
EngineOf = Callable[..., Engine]

GOOD = '''\
"""The desk prices a basket."""

WHO = "the desk"
SUBJECT = "Basket"
DETAIL = "The web form behaves the same."

CASES = {
    "no article": ([], 0),
    "some": ([1, 2], 10),
    "a wrong discount": ([5], -1),
    "a sum of parts": ([3] * 2, 2**3),
}


def journey(prices, percent):
    from tiny.prices import discounted, total

    print(discounted(total(prices), percent))
'''


def test_a_journey_has_its_parts(tmp_path: Path, write_files: Write) -> None:
    (journey,) = load_journeys(write_files(tmp_path, {"basket.py": GOOD, "__init__.py": ""}))
    assert (journey.name, journey.who, journey.subject) == ("basket", "the desk", "Basket")
    assert journey.context == "The desk prices a basket."
    assert journey.detail == "The web form behaves the same."
    assert journey.parameters == ("prices", "percent")
    assert [name for name, _ in journey.cases][:2] == ["no article", "some"]


@pytest.mark.parametrize("case", ["some", "a sum of parts"])
def test_the_steps_can_be_typed_as_they_are(
    case: str, tmp_path: Path, write_files: Write, tiny_project: Callable[..., Path]
) -> None:
    (journey,) = load_journeys(write_files(tmp_path / "j", {"basket.py": GOOD}))
    done = subprocess.run(
        [sys.executable, "-c", journey.steps(case)],
        cwd=tiny_project(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout in ("3\n", "6\n")
    assert "def journey" not in journey.steps(case)


def test_a_folder_without_journeys_has_none(tmp_path: Path) -> None:
    assert load_journeys(tmp_path) == []
    assert load_journeys(tmp_path / "nothing") == []


FAULTS = {
    "no WHO": ('WHO = "the desk"\n', "", "WHO is missing"),
    "no SUBJECT": ('SUBJECT = "Basket"\n', "", "SUBJECT is missing"),
    "no DETAIL": ('DETAIL = "The web form behaves the same."\n', "", "DETAIL is missing"),
    "no CASES": ("CASES = {", "OTHER = {", "CASES is missing"),
    "CASES is no table": ("CASES = {", "CASES = []\nOTHER = {", "not a table"),
    "a case with too few values": ('"some": ([1, 2], 10)', '"some": ([1, 2],)', "case"),
    "a case that is no tuple": ('"some": ([1, 2], 10)', '"some": 5', "case"),
    "a name that is no text": ('"some": (', "some: (", "malformed"),
    "no function": ("def journey(", "def travel(", "journey"),
    "a syntax error": ("def journey(prices, percent):", "def journey(prices:", "never closed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_journey_is_named_with_what_it_lacks(
    fault: str, tmp_path: Path, write_files: Write
) -> None:
    old, new, told = FAULTS[fault]
    assert old in GOOD
    write_files(tmp_path, {"basket.py": GOOD.replace(old, new)})
    with pytest.raises(UsageProblem) as caught:
        load_journeys(tmp_path)
    assert str(caught.value).startswith("basket.py: not a journey")
    assert told in str(caught.value)


def case(body: str) -> str:
    """A journey of two cases with this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    head = '"""D."""\nWHO = "w"\nSUBJECT = "s"\nDETAIL = "d"\nCASES = {"a": (1,), "b": (2,)}\n'
    return f"{head}\ndef journey(n):\n{lines}\n"


@pytest.fixture
def observe(engine_of: EngineOf, tmp_path: Path, write_files: Write) -> Callable[..., Observer]:
    """Runs journeys (name to source) over the tiny project."""

    def make(journeys: Mapping[str, str]) -> Observer:
        return Observer(engine_of(), write_files(tmp_path / "shop" / "journeys", journeys))

    return make


OUTPUTS = {
    "plain": ("print('x', n)", "x 1"),
    "nothing": ("pass", ""),
    "an error after output": ("print(n)\nraise ValueError('no')", "1\nValueError: no"),
    "an exit": ("raise SystemExit(4)", "(exit code 4)"),
    "a plain exit": ("raise SystemExit", "(exit code 0)"),
    "an exit with a message": ("raise SystemExit('no')", "no"),
    "standard error is not told": ("import sys; print('x', file=sys.stderr)", ""),
    "its own folder": (
        "import os; from pathlib import Path\nPath('f').touch(); print(os.getcwd(), os.listdir())",
        "<folder> ['f']",
    ),
    "long output is cut": ("print('x' * 9999)", "x" * journey_runner.OUTPUT_LIMIT),
    "a changed folder": ("import os; print(os.listdir()); os.chdir('/')", "[]"),
}  # fmt: skip


def test_each_case_prints_by_itself(observe: Callable[..., Observer]) -> None:
    names = {f"j{number}": name for number, name in enumerate(OUTPUTS)}
    observer = observe({f"{file}.py": case(OUTPUTS[name][0]) for file, name in names.items()})
    assert observer.unsteady == []
    for file, name in names.items():
        expected = OUTPUTS[name][1]
        assert observer._clean[(file, "a")].text == expected, name
        second = expected.replace("x 1", "x 2").replace("1\nV", "2\nV")
        assert observer._clean[(file, "b")].text == second, name


@pytest.mark.slow
def test_a_case_that_hangs_has_no_answer_and_the_next_goes_on(
    observe: Callable[..., Observer],
) -> None:
    body = "try:\n    while n == 1: pass\nexcept Exception: print('swallowed')\nprint('done')"
    observer = observe({"hang.py": case(body)})
    assert observer._clean == {
        ("hang", "a"): Output("(no answer)"),
        ("hang", "b"): Output("done"),
    }


def test_a_case_that_differs_between_conditions_is_never_used(
    observe: Callable[..., Observer],
) -> None:
    observer = observe({
        "zone.py": case("import time; print(time.timezone if n == 1 else 'same')"),
        "seed.py": case("print(hash('x'))"),
    })  # fmt: skip
    assert sorted(observer.unsteady) == ["seed: a", "seed: b", "zone: a"]
    assert observer._clean == {("zone", "b"): Output("same")}


STATES = {
    "of the target": "import tiny.prices\n"
    "print(getattr(tiny.prices, 'seen', 0)); tiny.prices.seen = 1",
    "of the journey": "global count\ncount = globals().get('count', 0) + 1\nprint(count)",
    "of the process": "import os\nprint(os.environ.get('SEEN')); os.environ['SEEN'] = '1'",
}


@pytest.mark.parametrize("body", STATES.values(), ids=list(STATES))
def test_a_case_that_prints_something_else_alone_is_never_used(
    body: str, observe: Callable[..., Observer]
) -> None:
    observer = observe({"state.py": case(body)})
    assert observer.unsteady == ["state: b"]
    assert list(observer._clean) == [("state", "a")]


def broken(observer: Observer, body: str) -> dict[str, bytes]:
    source = (observer._engine.target.tree / "tiny/prices.py").read_bytes()
    return {"tiny/prices.py": source.replace(b"return sum(prices)", body.encode())}


def test_differences_are_told_the_plainest_first(observe: Callable[..., Observer]) -> None:
    long = case("from tiny.prices import total\nfor i in range(n, 9): print(total([i]))")
    short = case("from tiny.prices import total\nprint(total([n]))")
    observer = observe({"a_long.py": long, "b_short.py": short})
    found = observer.differences(broken(observer, "return sum(prices) + (prices == [2])"))
    assert [(d.journey.name, d.case, d.differing, d.tried) for d in found] == [
        ("b_short", "b", 1, 2), ("a_long", "a", 2, 2), ("a_long", "b", 2, 2)]  # fmt: skip
    assert (found[0].expected, found[0].actual) == (Output("2"), Output("3"))
    assert found[0].steps.startswith("n = 2\n\nfrom tiny.prices import total")


def test_how_many_cases_differ_is_not_known_where_one_does_not_differ_alone(
    observe: Callable[..., Observer],
) -> None:
    observer = observe({"j.py": case("from tiny.prices import total\nprint(total([n]))")})
    count = "_n = total.__dict__['n'] = total.__dict__.get('n', 0) + 1"
    body = f"{count}; return sum(prices) + (prices == [1] or _n > 1)"
    found = observer.differences(broken(observer, body))
    assert [(d.case, d.differing, d.tried) for d in found] == [("a", 0, 0)]


def test_the_type_of_an_error_is_told_apart_from_its_text(
    observe: Callable[..., Observer],
) -> None:
    body = (
        "class NotFound(Exception): pass\nprint(n)\nraise NotFound('x\\ny') if n == 1 else NotFound"
    )
    observer = observe({"j.py": case(body)})
    assert observer._clean == {
        ("j", "a"): Output("1", "NotFound", "x\ny"),
        ("j", "b"): Output("2", "NotFound"),
    }


def test_equal_code_has_no_differences(observe: Callable[..., Observer]) -> None:
    observer = observe({"j.py": case("from tiny.prices import total\nprint(total([n]))")})
    assert observer.differences(broken(observer, "return sum(list(prices))")) == []


UNTELLABLE = {
    "an address in memory": "return object()",
    "an output that varies": "import os; return os.environ['TZ']",
    "rubbish on the real stdout": "import os; os.write(1, b'rubbish'); return 0",
}


@pytest.mark.parametrize("body", UNTELLABLE.values(), ids=list(UNTELLABLE))
def test_what_can_not_be_told_is_no_difference(body: str, observe: Callable[..., Observer]) -> None:
    observer = observe({"j.py": case("from tiny.prices import total\nprint(total([n]))")})
    assert observer.differences(broken(observer, body)) == []


def test_code_that_ends_the_process_is_told_so(observe: Callable[..., Observer]) -> None:
    observer = observe({"j.py": case("from tiny.prices import total\nprint(total([n]))")})
    found = observer.differences(broken(observer, "import os; os._exit(sum(prices) + 2)"))
    told = [(d.case, d.actual.text) for d in found]
    assert told == [("a", "(the program ended with exit code 3)")]


def test_journeys_that_do_not_run_are_an_error_of_one_line(
    observe: Callable[..., Observer],
) -> None:
    with pytest.raises(EnvironmentProblem, match=r"^the journeys of tiny could not be run: .+$"):
        observe({"j.py": case("pass") + "raise RuntimeError('at the top')\n"})


@pytest.mark.parametrize("name", vendored.names())
def test_the_shipped_journeys_load(name: str) -> None:
    journeys = load_journeys(shipped("target_projects") / name / "journeys")
    assert journeys
    for journey in journeys:
        assert journey.context.endswith("."), journey.name
        assert journey.detail.endswith("."), journey.name
        assert re.match(r"(an?|the) \w", journey.who), f"{journey.name}: not one person"


_NO_NOUN_FIRST = re.compile(
    r"(at|in|behind|before|after|with|without|by|for|from|on|under|over|of|below|above|between|to"
    r"|beyond|into|since|until|than|just (?!enough)|never|always|when|if|what|and|or|anew|again)\b"
    r"|(\w+ed|sent|taken|resent|put|left|gone)"
    r"( (by|for|at|in|too|twice|again|back|without|after|as|when|where|often|while)\b|$)"
    r"|too (?!few\b|many\b|much\b|little\b)\w+ (?!an?\b)"
)
_CLAUSE = re.compile(
    r"\b(is|are|was|were|has|have|had|does|did|goes|went|come|comes|leaves|reads|writes|fail)\b"
)
_SUBORDINATE = re.compile(
    r"\b(that|which|who|whose|whom|where|when|while|before|after|until|as|than|nobody)\b"
)


def no_noun_phrase(label: str) -> bool:
    """Whether a label can not stand after "for"; what it misses has to be seen by eye."""
    verb = _CLAUSE.search(label)
    clause = verb is not None and not _SUBORDINATE.search(label[: verb.start()])
    return clause or _NO_NOUN_FIRST.match(label) is not None


@pytest.mark.parametrize(
    "label",
    ["accepted", "accepted too late", "behind the last", "all is well", "a key is revoked",
     "sent twice", "too heavy for all", "just too old", "the only server leaves"],
)  # fmt: skip
def test_a_label_that_is_no_noun_phrase_is_seen(label: str) -> None:
    assert no_noun_phrase(label)


@pytest.mark.parametrize("name", vendored.names())
def test_the_label_of_a_case_is_a_noun_phrase(name: str) -> None:
    journeys = load_journeys(shipped("target_projects") / name / "journeys")
    labels = [(each.name, case) for each in journeys for case, _ in each.cases]
    assert [(journey, case) for journey, case in labels if no_noun_phrase(case)] == []
