"""The environments that are tried for an old commit, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bugbash.mining import ladder
from bugbash.mining.ladder import Ladder, NotBuilt, Rung, constrained, environment_for, older_python
from bugbash.targets import interpreters
from bugbash.targets.interpreters import Interpreter
from bugbash.targets.overrides import NOTHING
from bugbash.targets.spec import Target

MakeTarget = Callable[..., Target]


def seconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


NOW = seconds("2026-06-01")
LONG_AGO = seconds("2019-03-14")


@pytest.fixture
def pythons(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which Pythons this machine has, and which of them runs bugbash."""

    def have(*minors: str, own: str = "3.11") -> None:
        known = {minor: Interpreter(f"/python{minor}", f"{minor}.1") for minor in (*minors, own)}
        monkeypatch.setattr(interpreters, "own", lambda: known[own])
        monkeypatch.setattr(interpreters, "find", known.get)

    return have


def test_a_commit_of_today_is_tried_with_newest_dependencies_first(
    tiny_target: MakeTarget, pythons: Callable[..., None]
) -> None:
    pythons()
    rungs = list(Ladder(NOTHING).rungs(tiny_target(dependencies=("pytest", "click")), NOW))
    assert [rung.name for rung in rungs] == ["newest", "as of its date"]
    assert rungs[0].target.spec.released is None
    assert rungs[1].target.spec.released == "2026-07-01T00:00:00+00:00"


def test_an_old_commit_is_tried_with_known_bounds_then_dated_then_on_an_older_python(
    tiny_target: MakeTarget, pythons: Callable[..., None]
) -> None:
    pythons("3.8", "3.9")
    target = tiny_target(dependencies=("pytest", "urllib3"))
    rungs = list(Ladder(NOTHING).rungs(target, LONG_AGO))
    assert [rung.name for rung in rungs] == [
        "newest",
        "constraints",
        "as of its date",
        "Python 3.8",
    ]
    assert {"urllib3<2", "pytest<8"} <= set(rungs[1].target.spec.dependencies)
    assert rungs[3].target.spec.python == "3.8"
    assert rungs[3].target.spec.released == "2019-04-01T00:00:00+00:00"


def test_what_served_the_nearest_commit_is_tried_first(tiny_target: MakeTarget) -> None:
    made = Ladder(NOTHING)
    made.worked("newest", NOW)
    made.worked("as of its date", LONG_AGO)
    target = tiny_target(dependencies=("pytest", "urllib3"))
    assert next(made.rungs(target, LONG_AGO + 1000)).name == "as of its date"
    assert next(made.rungs(target, NOW - 1000)).name == "newest"


def test_commits_of_one_month_ask_for_the_same_environment(tiny_target: MakeTarget) -> None:
    target = tiny_target(dependencies=("pytest", "click"))
    dated = [
        next(rung for rung in Ladder(NOTHING).rungs(target, when) if rung.name == "as of its date")
        for when in (seconds("2019-12-01"), seconds("2019-12-31"))
    ]
    assert dated[0].target.spec == dated[1].target.spec
    assert dated[0].target.spec.released == "2020-01-01T00:00:00+00:00"


BOUNDS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "nothing is known to have changed since": (("click", "pytest>=3"), "2026-06-01", ()),
    "of what comes along": (("httpbin",), "2023-01-01", ("werkzeug<3", "flask<3", "httpbin<0.10")),
    "only of what came out later": (("urllib3",), "2023-05-01", ()),
    "pins of tools are lifted": (("pytest==3.1",), "2023-05-01", ("pytest", "pytest<8")),
    "an upper bound of a tool too": (("trio>=0.9,<0.12",), "2022-01-01", ("trio>=0.9",)),
}


@pytest.mark.parametrize(("asked", "day", "expected"), BOUNDS.values(), ids=BOUNDS)
def test_known_bounds_follow_the_date(
    tiny_target: MakeTarget, asked: tuple[str, ...], day: str, expected: tuple[str, ...]
) -> None:
    found = constrained(tiny_target(dependencies=asked), seconds(day))
    if expected:
        assert set(expected) <= set(found)
    else:
        assert found == asked


def test_what_the_project_itself_needs_keeps_its_pins(tiny_target: MakeTarget) -> None:
    project = '[project]\nname = "tiny"\nversion = "1"\ndependencies = ["httpcore==0.11.*"]\n'
    target = tiny_target(
        {"pyproject.toml": project}, dependencies=("httpcore==0.11.*", "pytest==5.3.1")
    )
    found = constrained(target, LONG_AGO)
    assert "httpcore==0.11.*" in found
    assert "pytest==5.3.1" not in found


@pytest.mark.parametrize(
    ("day", "here", "expected"),
    [
        ("2019-03-14", ("3.8", "3.9"), "3.8"),
        ("2021-08-01", ("3.8", "3.9", "3.10"), "3.9"),
        ("2021-08-01", ("3.8", "3.10"), "3.8"),
        ("2019-03-14", ("3.10",), "3.10"),
        ("2024-06-01", ("3.10", "3.12"), "3.10"),
        ("2019-03-14", (), None),
    ],
)
def test_an_older_python_is_one_of_its_time_that_is_here(
    pythons: Callable[..., None], day: str, here: tuple[str, ...], expected: str | None
) -> None:
    pythons(*here)
    assert older_python(seconds(day)) == expected


def test_nose_is_replaced_where_tests_import_it(tiny_target: MakeTarget) -> None:
    test = {"tests/test_old.py": "from nose.tools import eq_\n\n\ndef test_one():\n    eq_(1, 1)\n"}
    target = tiny_target(test, dependencies=("pytest", "nose>=0.11"))
    rung = next(Ladder(NOTHING).rungs(target, NOW))
    assert "pynose" in rung.target.spec.dependencies
    assert "nose>=0.11" not in rung.target.spec.dependencies


def test_an_environment_that_cant_be_had_says_why_in_a_line(
    tiny_target: MakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    target = tiny_target(dependencies=("pytest", "no-such-package-anywhere==1.0"))
    with pytest.raises(NotBuilt) as told:
        environment_for(Rung(ladder.NEWEST, target), lambda _: None)
    assert "\n" not in str(told.value)
    assert told.value.passing
