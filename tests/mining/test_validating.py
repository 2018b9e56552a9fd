"""What looks like a fix and can't be replayed is told from what can, by running it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from bugbash.mining.mining import VALID, Asked, Mined, Tally, mine
from bugbash.mining.validating import changed_tests
from bugbash.store import Store
from bugbash.targets.history.repository import open_history
from tests.mining.past import Past

PYPROJECT = """\
[project]
name = "tally"
version = "1.0"
dependencies = []

[tool.pytest.ini_options]
testpaths = ["tests"]
"""
CODE = "def twice(number):\n    return number + 1\n"
FIXED = "def twice(number):\n    return number * 2\n"
PLAIN = """\
    from tally import twice

    def test_one():
        assert twice(1) == 2
"""

CASES: dict[str, tuple[str, str]] = {
    "plain": (VALID, PLAIN + "\n    def test_four():\n        assert twice(4) == 8\n"),
    "another-seed": (
        "flaky",
        PLAIN
        + """
    def test_four():
        assert twice(4) == 8 or hash("four") != HASH

    import os
    HASH = hash("four") if os.environ["PYTHONHASHSEED"] == "0" else 0
""",
    ),
    "too-many": (
        "too-many-failing",
        PLAIN
        + """
    import pytest

    @pytest.mark.parametrize("number", range(2, 13))
    def test_many(number):
        assert twice(number) == 2 * number
""",
    ),
    "address": (
        "unstable-ids",
        PLAIN
        + """
    import pytest

    @pytest.mark.parametrize("number", [4], ids=lambda _: "at 0x7f12ab34cd")
    def test_four(number):
        assert twice(number) == 8
""",
    ),
    "network": (
        "network",
        PLAIN
        + """
    import socket

    def test_four():
        assert twice(4) == 8
        socket.create_connection(("192.0.2.1", 80), timeout=1)
""",
    ),
    "skipped": (
        "skipped",
        """\
    import pytest

    pytest.importorskip("no_such_module_anywhere")

    def test_four():
        assert False
""",
    ),
    "end-of-python": (
        "dies",
        PLAIN
        + """
    import os

    def test_four():
        if twice(4) != 8:
            os._exit(3)
""",
    ),
    "missing-module": (
        "environment",
        """\
    import no_such_module_anywhere

    def test_four():
        assert False
""",
    ),
    "alone-only": (
        "flaky",
        PLAIN
        + """
    import sys

    def test_four():
        if "tests.test_last" in sys.modules or "test_last" in sys.modules:
            return
        assert twice(4) == 8
""",
    ),
}


@pytest.fixture(scope="module")
def tried(bugbash_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mined]:
    """Each case: a commit that mends `twice` and brings this test file, and one that undoes it."""
    folder = tmp_path_factory.mktemp("tally")
    past = Past()
    start = {
        "pyproject.toml": PYPROJECT,
        "tally.py": CODE,
        "tests/test_last.py": "def test(): ...\n",
    }
    past.commit("start", "Start", {**start})
    for name, (_, test) in CASES.items():
        past.commit(
            name, f"Fix {name}", {"tally.py": FIXED, "tests/test_it.py": textwrap.dedent(test)}
        )
        past.commit(f"no-{name}", "Undo", {"tally.py": CODE, "tests/test_it.py": None})
    past.write(folder / "tally")
    names = {past.commits[name]: name for name in CASES}
    history = open_history(str(folder / "tally"), lambda _: None)
    store = Store(folder / "store.db")
    asked = Asked(only=tuple(names), jobs=2)
    found = {names[one.fix_commit]: one for one in mine(history, asked, store, Tally())}
    store.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_candidate_is_valid_or_has_the_word_for_why_not(
    tried: dict[str, Mined], name: str
) -> None:
    assert tried[name].status == CASES[name][0], tried[name].why


@pytest.mark.slow
def test_what_fails_names_the_error_and_no_folder_of_this_machine(tried: dict[str, Mined]) -> None:
    why = tried["missing-module"].why or ""
    assert "no_such_module_anywhere" in why
    assert str(Path.home()) not in why
    assert not any((mined.why or "").count("/tmp") for mined in tried.values())


BEFORE = "def helper(): ...\ndef test_a(): assert 1\nclass TestX:\n    def test_b(self): assert 1\n"


AFTER: dict[str, tuple[str, set[str]]] = {
    "the same": (BEFORE, set()),
    "a comment": (BEFORE + "# more\n", set()),
    "changed": (BEFORE.replace("test_a(): assert 1", "test_a(): assert 2"), {"test_a"}),
    "added": (BEFORE + "async def test_c(): ...\n", {"test_c"}),
    "a method": (BEFORE.replace("(self): assert 1", "(self): assert 2"), {"test_b"}),
    "a helper": (BEFORE.replace("helper(): ...", "helper(): pass"), set()),
    "a mark": (BEFORE.replace("def test_a", "@mark.skip\ndef test_a"), {"test_a"}),
    "what does not parse": ("print 'Python 2'\n", set()),
}


@pytest.mark.parametrize(("after", "names"), AFTER.values(), ids=AFTER)
def test_which_tests_a_fix_changes(after: str, names: set[str]) -> None:
    assert changed_tests(BEFORE.encode(), after.encode()) == names
