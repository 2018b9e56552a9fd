"""A history is mined whole: what is valid, why the rest is not, and going on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest

from bugbash.mining.mining import VALID, Asked, Mined, Tally, listed, mine
from bugbash.store import Store
from bugbash.targets.history.repository import History, open_history
from bugbash.targets.overrides import Overrides
from tests.mining import history as project
from tests.mining.history import FELL_OUT, LATER, Project

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Mine:
    """The project's history, mined once."""

    project: Project
    history: History
    asked: Asked
    store: Store
    mined: dict[str, Mined]
    """By the commit's name."""
    tally: Tally

    def again(self, **changes: object) -> tuple[list[Mined], Tally]:
        tally = Tally()
        asked = replace(self.asked, **changes)  # type: ignore[arg-type]
        with closing(mine(self.history, asked, self.store, tally)) as found:
            return list(found), tally


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Overrides:
    """A test that hangs is found to hang after two seconds."""
    file = tmp_path_factory.mktemp("spec") / "spec.toml"
    file.write_text("test_limit_s = 2.0\n")
    return Overrides(spec_file=file)


@pytest.fixture(scope="module")
def whole(
    bugbash_home: Path, tmp_path_factory: pytest.TempPathFactory, impatient: Overrides
) -> Iterator[Mine]:
    folder = tmp_path_factory.mktemp("reckon")
    built = project.build(folder / "reckon")
    history = open_history(str(built.folder), lambda _: None)
    asked = Asked(overrides=impatient, jobs=2)
    store, tally = Store(folder / "store.db"), Tally()
    found = list(mine(history, asked, store, tally))
    by_name = {built.name_of(mined.fix_commit): mined for mined in found}
    yield Mine(built, history, asked, store, by_name, tally)
    store.close()


@pytest.mark.parametrize("name", project.VALID)
def test_a_fix_whose_tests_fail_without_it_is_valid(whole: Mine, name: str) -> None:
    mined = whole.mined[name]
    assert mined.status == VALID, mined.why
    assert mined.why is None
    assert mined.entry is not None
    assert mined.entry.fail_to_pass
    assert mined.entry.left_out == ()


@pytest.mark.parametrize(("name", "word"), LATER.items(), ids=LATER)
def test_what_only_a_run_shows_has_its_word_and_a_line(whole: Mine, name: str, word: str) -> None:
    mined = whole.mined[name]
    assert mined.status == word
    assert mined.why
    assert "\n" not in mined.why
    assert mined.entry is None


def test_every_commit_is_counted_with_why_it_fell_out(whole: Mine) -> None:
    words = dict.fromkeys(FELL_OUT.values(), 0)
    for word in FELL_OUT.values():
        words[word] += 1
    assert dict(whole.tally.fell_out) == words
    assert whole.tally.candidates == len(whole.mined) == len(project.VALID) + len(LATER)
    assert whole.tally.commits == whole.tally.candidates + len(FELL_OUT)


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("fix-rounding", ("tests/test_money.py::test_rounding_of_debts",)),
        ("fix-hang", ("tests/test_paging.py::test_pages_of_no_size",)),
        ("fix-binary-data", ("tests/test_names.py::test_initials_of_the_table",)),
    ],
)
def test_fail_to_pass_are_the_tests_that_the_bug_breaks(
    whole: Mine, name: str, tests: tuple[str, ...]
) -> None:
    entry = whole.mined[name].entry
    assert entry is not None
    assert entry.fail_to_pass == tests


def test_an_entry_says_what_is_needed_to_play_it(whole: Mine) -> None:
    mined = whole.mined["fix-rounding"]
    entry = mined.entry
    assert entry is not None
    assert entry.base_commit == whole.project.commits["docstrings"]
    assert entry.files == ("reckon/money.py",)
    assert entry.issues == (12, 11, 7)
    assert entry.tests > 1
    assert any(pin.startswith("pytest==") for pin in mined.pins)
    assert not any("/" in pin or pin.startswith("-") for pin in mined.pins)


def test_the_best_of_a_window_are_tried_first(whole: Mine) -> None:
    order = list(whole.mined)
    with closing(listed(whole.history, whole.asked, Tally())) as found:
        expected = [whole.project.name_of(one.fix.commit) for one in found]
    assert order == expected
    assert order.index("fix-rounding") < order.index("small-feature")


def test_what_was_tried_before_comes_from_the_store(whole: Mine) -> None:
    found, tally = whole.again()
    assert found == list(whole.mined.values())
    assert tally.stored == tally.tried == len(found)


def test_a_closed_run_goes_on_where_it_stopped(whole: Mine, tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    asked = replace(whole.asked, jobs=1)
    with closing(mine(whole.history, asked, store, Tally())) as found:
        first = list(islice(found, 2))
    tally = Tally()
    with closing(mine(whole.history, asked, store, tally)) as found:
        again = list(islice(found, 2))
    assert again == first
    assert tally.stored == 2
    store.close()


def test_one_commit_alone_says_why_not(whole: Mine) -> None:
    names = ("feature", "fix-rounding", "merge")
    found, tally = whole.again(only=tuple(whole.project.commits[name] for name in names))
    assert [mined.status for mined in found] == ["too-large", VALID, "merge"]
    assert all(mined.why for mined in found if mined.status != VALID)
    assert tally.commits == 3
