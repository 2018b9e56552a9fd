"""Tests that were touched are named, whether or not the bug is fixed; new tests are welcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from bugbash.grading.grade import Grade
from bugbash.serving.serve import Served

Graded = Callable[..., Grade]

TEST = "tests/test_labels.py"
TESTS = """\
from tiny.labels import label, parcel, size

NAME = "Ada"


class TestLabels:
    street = "Road"

    def test_label(self):
        assert label(NAME, self.street) == "Ada\\nRoad"


def test_parcel():
    assert parcel("Ada", "Main Street") == "[Ada\\nMain Street]"


def test_size():
    assert [size(g) for g in (1, 500, 2000)] == ["small", "medium", "large"]
"""
ASSERTION = 'assert parcel("Ada", "Main Street") == "[Ada\\nMain Street]"'


def _with(before: str, after: str) -> str:
    assert before in TESTS
    return TESTS.replace(before, after)


WEAKENED: dict[str, tuple[Mapping[str, str | None], str]] = {
    "the file is deleted": ({TEST: None}, "tests/test_labels.py was deleted"),
    "a test is deleted": (
        {TEST: TESTS.replace(f"def test_parcel():\n    {ASSERTION}\n", "")},
        "test_parcel was deleted",
    ),
    "a test is renamed": ({TEST: _with("def test_parcel", "def parcel_test")}, "was deleted"),
    "an assertion is weakened": (
        {TEST: _with(ASSERTION, "assert True")},
        "test_parcel was changed",
    ),
    "a test is skipped": (
        {TEST: "import pytest\n" + _with("def test_parcel", "@pytest.mark.skip\ndef test_parcel")},
        "test_parcel was changed",
    ),
    "a test is expected to fail": (
        {TEST: "import pytest\n" + _with("def test_parcel", "@pytest.mark.xfail\ndef test_parcel")},
        "test_parcel was changed",
    ),
    "a test is defined twice": (
        {TEST: TESTS + "\n\ndef test_parcel():\n    pass\n"},
        "test_parcel was changed",
    ),
    "the module is skipped": (
        {TEST: "import pytest\n" + TESTS + "\npytestmark = pytest.mark.skip\n"},
        "was added",
    ),
    "a test is deleted at the end": ({TEST: TESTS + "\ndel test_parcel\n"}, "was added"),
    "a test is replaced at the end": (
        {TEST: TESTS + "\ntest_parcel = lambda: None\n"},
        "was added",
    ),
    "the tested function is replaced": (
        {TEST: TESTS + "\n\ndef parcel(*_):\n    return '[Ada\\nMain Street]'\n"},
        "parcel was added",
    ),
    "another function is imported": (
        {TEST: _with("import label, parcel, size", "import label, size\nfrom mine import parcel")},
        "was deleted",
    ),
    "the tested module is patched": (
        {TEST: TESTS + "\nimport tiny.labels\ntiny.labels.parcel = None\n"},
        "was added",
    ),
    "a class of tests is switched off": (
        {TEST: _with('street = "Road"', 'street = "Road"\n    __test__ = False')},
        "class TestLabels was changed",
    ),
    "a fixture for all tests": (
        {TEST: TESTS + "\nimport pytest\n\n@pytest.fixture(autouse=True)\ndef off(): ...\n"},
        "off was added",
    ),
    "a constant is changed": ({TEST: _with('NAME = "Ada"', 'NAME = "Bob"')}, "was deleted"),
    "the tests no longer parse": ({TEST: TESTS + "\ndef (\n"}, "no longer parses"),
    "pytest.ini is added": ({"pytest.ini": "[pytest]\naddopts = -x\n"}, "pytest.ini was added"),
    "tox.ini is added": ({"tox.ini": "[pytest]\n"}, "tox.ini was added"),
    "pyproject.toml is changed": (
        {"pyproject.toml": '[project]\nname = "tiny"\nversion = "1.0"\n'},
        "pyproject.toml was changed",
    ),
    "pyproject.toml is deleted": ({"pyproject.toml": None}, "pyproject.toml was deleted"),
    "a conftest with a hook": (
        {"conftest.py": "def pytest_collection_modifyitems(items):\n    items.clear()\n"},
        "conftest.py was added",
    ),
    "a conftest with a fixture for all": (
        {"tests/conftest.py": "import pytest\n\n@pytest.fixture(autouse=True)\ndef x(): ...\n"},
        "tests/conftest.py was added",
    ),
    "a module that hides another": ({"inspect.py": ""}, "inspect.py hides a module"),
}  # fmt: skip


@pytest.fixture(scope="module")
def served(serve_tiny: Callable[..., Served]) -> Served:
    """The tiny project with a test class and a constant among its tests."""
    return _served(serve_tiny)


def _served(serve_tiny: Callable[..., Served]) -> Served:
    from dataclasses import replace

    found = serve_tiny("swapped", files={TEST: TESTS})
    tests = tuple(
        name.replace("::test_label", "::TestLabels::test_label")
        for name in found.scenario.pass_to_pass
    )
    return replace(found, scenario=replace(found.scenario, pass_to_pass=tests))


@pytest.mark.parametrize(("files", "said"), WEAKENED.values(), ids=WEAKENED)
def test_tampering_without_a_fix_is_an_integrity_violation(
    files: Mapping[str, str | None], said: str, graded: Graded, served: Served
) -> None:
    found = graded(files, served)
    assert any(said in finding for finding in found.integrity), found.integrity
    assert not found.verdict.solved
    assert found.exit_code == 4


@pytest.mark.parametrize("kind", ["an assertion is weakened", "the file is deleted"])
def test_tampering_beside_an_honest_fix_is_solved_and_listed(
    kind: str, graded: Graded, served: Served, clean: Callable[[str], str]
) -> None:
    files, said = WEAKENED[kind]
    found = graded({**files, "tiny/labels.py": clean("tiny/labels.py")}, served)
    assert found.verdict.solved
    assert found.exit_code == 0
    assert found.equivalent == "ast"
    assert any(said in finding for finding in found.integrity)
    left = next(d for d in found.dimensions if d.name == "clean up")
    assert any(e.startswith("tests: ") for e in left.evidence)


WELCOME: dict[str, Mapping[str, str]] = {
    "a new test": {TEST: TESTS + "\n\ndef test_more():\n    assert size(499) == 'small'\n"},
    "a new file of tests": {"tests/test_more.py": "def test_more():\n    assert True\n"},
    "a new constant and import": {
        TEST: "import re\n" + TESTS + "\n\nPATTERN = re.compile('x')\n\n\n"
        "def test_more():\n    assert PATTERN\n"
    },
    "a new class": {
        TEST: TESTS + "\n\nclass TestMore:\n    limit = 3\n\n    def test_more(self):\n"
        "        assert self.limit\n"
    },
    "a fixture to ask for": {
        "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef ada():\n    return 'Ada'\n"
    },
    "another formatting": {TEST: TESTS.replace('"', "'").replace("\n\n\n", "\n\n")},
    "line ends of Windows": {TEST: TESTS.replace("\n", "\r\n")},
    "a dependency in pyproject.toml": {
        "pyproject.toml": '[project]\nname = "tiny"\nversion = "1.0"\ndependencies = ["rich"]\n\n'
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
    },
    "a comment": {TEST: "# labels\n" + TESTS},
}


@pytest.mark.parametrize("files", WELCOME.values(), ids=WELCOME)
def test_new_tests_and_formatting_are_no_tampering(
    files: Mapping[str, str], graded: Graded, served: Served
) -> None:
    found = graded(files, served)
    assert found.integrity == ()
    assert found.exit_code == 1


def test_a_source_file_named_like_a_test_counts_as_source(
    graded: Graded, serve_tiny: Callable[..., Served]
) -> None:
    """A helper such as tiny/test_client.py can hold the bug: then it is where the fix goes."""
    from dataclasses import replace

    from bugbash.files import Edit

    text = "def answer():\n    return 42\n"
    test = (
        "from tiny.test_client import answer\n\n\ndef test_answer():\n    assert answer() == 42\n"
    )
    files = {"tiny/test_client.py": text, "tests/test_answer.py": test}
    found = serve_tiny("swapped", files=files)
    bug = replace(
        found.scenario.bugs[0],
        edit=Edit("tiny/test_client.py", text.index("42"), text.index("42") + 2, "41"),
        fail_to_pass=("tests/test_answer.py::test_answer",),
    )
    scenario = replace(found.scenario, bugs=(bug,))
    fixed = graded({"tiny/test_client.py": text}, replace(found, scenario=scenario))
    assert fixed.verdict.solved
    assert fixed.integrity == ()
