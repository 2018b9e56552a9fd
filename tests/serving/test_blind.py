"""Withholding tests: what goes, what stays to the byte, what can't be taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash.serving import catalogue
from bugbash.serving.blind import CannotWithhold, withhold
from bugbash.serving.blind_report import blind, prose
from bugbash.serving.leak_lint import leaks
from bugbash.serving.ticket import Section, Ticket
from bugbash.targets import vendored

Write = Callable[[Path, Mapping[str, str | bytes]], Path]

HEAD = "import pytest\n\nLIMIT = 3\n"
CASES: dict[str, tuple[str, list[str], str]] = {
    "a function between others": (
        f"{HEAD}\n\ndef test_a():\n    assert 1\n\n\ndef test_b():\n    assert 2\n"
        "\n\n# c\ndef test_c():\n    pass\n",
        ["test_b"],
        f"{HEAD}\n\ndef test_a():\n    assert 1\n\n\n# c\ndef test_c():\n    pass\n",
    ),
    "the last function": (
        f"{HEAD}\n\ndef test_a():\n    assert 1\n\n\ndef test_b():\n    assert 2\n    # why\n",
        ["test_b"],
        f"{HEAD}\n\ndef test_a():\n    assert 1\n",
    ),
    "with its decorators and the comment above": (
        f'{HEAD}\n\n# About b.\n@pytest.mark.parametrize("x", [1, 2])\n@pytest.mark.slow\n'
        "def test_b(x):\n    assert x\n\n\ndef test_c():\n    pass\n",
        ["test_b[1]", "test_b[2]"],
        f"{HEAD}\n\ndef test_c():\n    pass\n",
    ),
    "a comment of its own paragraph stays": (
        f"{HEAD}\n\n# --- Prices ---\n\ndef test_b():\n    pass\n\n\ndef test_c():\n    pass\n",
        ["test_b"],
        f"{HEAD}\n\n# --- Prices ---\n\ndef test_c():\n    pass\n",
    ),
    "two that follow each other at the end of a class": (
        "class TestX:\n    def test_a(self):\n        pass\n\n"
        "    def test_b(self):\n        pass\n\n"
        "    def test_c(self):\n        pass\n\n\ndef test_d():\n    pass\n",
        ["TestX::test_b", "TestX::test_c"],
        "class TestX:\n    def test_a(self):\n        pass\n\n\ndef test_d():\n    pass\n",
    ),
    "an emptied class goes": (
        'def test_a():\n    pass\n\n\nclass TestX:\n    """Of x."""\n\n    def test_b(self):\n'
        "        pass\n\n\ndef test_c():\n    pass\n",
        ["TestX::test_b"],
        "def test_a():\n    pass\n\n\ndef test_c():\n    pass\n",
    ),
    "a class with a helper stays": (
        "class TestX:\n    def test_b(self):\n        pass\n\n"
        "    def make(self):\n        return 1\n",
        ["TestX::test_b"],
        "class TestX:\n    def make(self):\n        return 1\n",
    ),
    "an emptied class that others need stays": (
        "class TestX:\n    def test_b(self):\n        pass\n\n\nclass TestY(TestX):\n"
        "    def test_c(self):\n        pass\n",
        ["TestX::test_b", "TestY::test_b"],
        "class TestX:\n    pass\n\n\nclass TestY(TestX):\n    def test_c(self):\n        pass\n",
    ),
    "a class in a class": (
        "class TestX:\n    class TestY:\n        async def test_b(self):\n            pass\n\n"
        "    def test_c(self):\n        pass\n",
        ["TestX::TestY::test_b"],
        "class TestX:\n    def test_c(self):\n        pass\n",
    ),
    "what stands under a condition": (
        "import sys\n\nif sys.version_info > (3,):\n    def test_b():\n        pass\nelse:\n"
        "    def test_b():\n        return\n",
        ["test_b"],
        "import sys\n\nif sys.version_info > (3,):\n    pass\nelse:\n    pass\n",
    ),
    "all of a file": ("def test_b():\n    pass\n", ["test_b"], ""),
    "a class of the same name twice": (
        "class TestX:\n    def test_b(self):\n        pass\n\n\nclass TestX:\n"
        "    def test_b(self):\n        return\n\n    x = 1\n",
        ["TestX::test_b"],
        "class TestX:\n    x = 1\n",
    ),
    "line ends of Windows": (
        "def test_a():\r\n    pass\r\n\r\n\r\ndef test_b():\r\n    pass\r\n",
        ["test_b"],
        "def test_a():\r\n    pass\r\n",
    ),
    "no line end at the end": (
        "def test_a():\n    pass\n\n\ndef test_b():\n    pass",
        ["test_b"],
        "def test_a():\n    pass\n",
    ),
    "a text of several lines above": (
        'NOTE = """\n# not a comment\n"""\ndef test_b():\n    pass\n\n\ndef test_c():\n    pass\n',
        ["test_b"],
        'NOTE = """\n# not a comment\n"""\ndef test_c():\n    pass\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_the_failing_tests_are_gone(case: str, tmp_path: Path, write_files: Write) -> None:
    text, failing, expected = CASES[case]
    tree = write_files(tmp_path / "tree", {"tests/test_x.py": text.encode()})
    ids = [f"tests/test_x.py::{name}" for name in failing]
    found = withhold(tree, ids, ids)
    assert found.files == {"tests/test_x.py": expected.encode()}
    assert set(found.tests) == set(ids)


def test_the_other_parameter_sets_and_heirs_of_a_test_are_gone_too(
    tmp_path: Path, write_files: Write
) -> None:
    text = (
        "class TestBase:\n    def test_b(self):\n        pass\n\n    def test_c(self):\n"
        "        pass\n\n\nclass TestHeir(TestBase):\n    pass\n"
    )
    tree = write_files(tmp_path / "tree", {"test_x.py": text})
    known = [f"test_x.py::{c}::test_{t}" for c in ("TestBase", "TestHeir") for t in "bc"]
    found = withhold(tree, ["test_x.py::TestHeir::test_b"], known)
    assert found.tests == ("test_x.py::TestBase::test_b", "test_x.py::TestHeir::test_b")
    assert found.lines == (("test_x.py", 2),)


OUT_OF_REACH: dict[str, tuple[dict[str, str], str, str]] = {
    "a doctest": ({"README.md": ">>> 1\n1\n"}, "README.md::README.md", "not a file of Python"),
    "a test made while importing": (
        {"test_x.py": "test_b = lambda: None\n"},
        "test_x.py::test_b",
        "no function",
    ),
    "a test that another calls": (
        {"test_x.py": "def test_b():\n    pass\n\n\ndef test_c():\n    test_b()\n"},
        "test_x.py::test_b",
        "uses test_b elsewhere",
    ),
    "a test that is named in a mark": (
        {"test_x.py": "def test_b():\n    pass\n\n\n@needs('test_b')\ndef test_c():\n    pass\n"},
        "test_x.py::test_b",
        "uses test_b elsewhere",
    ),
    "a class that another file inherits from": (
        {
            "test_x.py": "class TestX:\n    def test_b(self):\n        pass\n",
            "test_y.py": "from test_x import TestX\n",
        },
        "test_x.py::TestX::test_b",
        "test_y.py imports TestX",
    ),
    "a file that does not parse": ({"test_x.py": "def test_b(:\n"}, "test_x.py::test_b", "read"),
}


@pytest.mark.parametrize("case", OUT_OF_REACH)
def test_what_can_not_be_taken_out_is_said(case: str, tmp_path: Path, write_files: Write) -> None:
    files, test, why = OUT_OF_REACH[case]
    with pytest.raises(CannotWithhold, match=why):
        withhold(write_files(tmp_path / "tree", files), [test], [test])


@pytest.mark.parametrize("name", vendored.names())
def test_every_catalogued_bug_can_be_served_blind(name: str) -> None:
    known = catalogue.load(name)
    assert known is not None
    tree = vendored.prepare(name).tree
    for entry in known.entries:
        found = withhold(tree, entry.bug.fail_to_pass, known.tests)
        assert set(entry.bug.fail_to_pass) <= set(found.tests)
        assert entry.bug.edit.file not in found.files
        ticket = blind(entry.ticket, found.tests)
        assert leaks(ticket, [entry.bug], found.tests) == []
        functions = {test.partition("[")[0].rsplit("::", 1)[-1] for test in found.tests}
        assert not [name for name in functions if name in ticket.render()]


CI = Ticket(
    "CI: test price of nothing: assert 1 == 0 (2 tests fail)",
    (
        Section("", "**Run:** `pytest` on shop 1.0 (Linux, Python 3.11)  \n**Result:** 2 failed"),
        Section("Failing tests", "- `tests/test_x.py::test_price_of_nothing`"),
        Section("What the first of them says", "assert 1 == 0", "observed"),
        Section("How often", "Every run."),
    ),
    "ci",
)


def test_a_blind_report_of_ci_keeps_what_was_seen_and_names_no_test() -> None:
    text = blind(CI, ["tests/test_x.py::test_price_of_nothing"]).render()
    assert text.startswith("# Before the release: price of nothing: assert 1 == 0\n")
    assert "assert 1 == 0" in text.partition("What it said")[2]
    assert "shop 1.0" in text
    for word in ("test_price", "Failing tests", "2 failed", "tests fail"):
        assert word not in text


LONG = "test_price_of_an_order_that_holds_nothing_at_all"
NAMED = {
    "a folder named after a test": ("test_nothing", "'/tmp/test_nothing0/a'", "'/tmp/[...]/a'"),
    "a folder named after a long name": (LONG, f"'/tmp/{LONG[:30]}0/a'", "'/tmp/[...]/a'"),
    "the name alone": ("test_nothing", "in test_nothing", "in [...]"),
}


@pytest.mark.parametrize("case", NAMED)
def test_names_of_tests_are_masked_in_what_they_say(case: str) -> None:
    name, said, expected = NAMED[case]
    section = Section("What the first of them says", said, "observed")
    ticket = Ticket(f"CI: {said} (1 test fails)", (CI.sections[0], section), "ci")
    text = blind(ticket, [f"tests/test_x.py::{name}"]).render()
    assert text.count(expected) == 2
    assert name[:30] not in text


def test_a_report_of_ci_that_only_counts_says_that_a_check_fails() -> None:
    ticket = Ticket("CI: 2 tests fail", CI.sections[:1], "ci")
    assert blind(ticket, ["t.py::test_a"]).title == "Before the release: a check fails"


def test_prose_has_no_steps_and_no_names_of_tests() -> None:
    sections = (
        Section("What happened", "It goes wrong."),
        Section("Steps to reproduce", "Typed:"),
        Section("", "import shop", "steps"),
        Section("Actual", "1", "observed"),
    )
    text = prose(Ticket("Shop: wrong", sections, "journey")).render()
    assert "It goes wrong." in text
    assert "## Actual" in text
    assert "import shop" not in text
    assert "Steps" not in text
    assert "test_price" not in prose(CI).render()
