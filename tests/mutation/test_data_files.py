"""Mutants of settings and data files: which files, which bytes, and what is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.mutation.data_files import is_data, mutable_files, same_meaning
from bugbash.mutation.load import load, select
from bugbash.mutation.mutator import FileMutator, Mutator, TextChange
from bugbash.mutation.sites import Mutant, mutants_in_tree, mutants_of
from bugbash.mutation.source import UnreadableSource
from bugbash.targets.spec import Target

TargetOf = Callable[..., Target]


class Tenfold(FileMutator):
    """Puts a nought behind every 30, in a comment, too, and yields much that is no mutant."""

    name = "tenfold"
    family = "configuration"
    suffixes = (".toml", ".json", ".ini", ".cfg")

    def rewrite(self, file: str, text: str) -> Iterator[TextChange]:
        at = -1
        while (at := text.find("30", at + 1)) >= 0:
            yield TextChange(at, at + 2, "300")
            yield TextChange(at, at + 2, "300")
            yield TextChange(at, at + 2, "30")
            yield TextChange(0, at, "= [")
        yield TextChange(0, len(text) + 1, "")


def broken(file: str, data: bytes) -> list[bytes]:
    return [mutant.edit.apply(data) for mutant in mutants_of(file, data, [Tenfold()])]


CHANGED = {
    "toml": ("a.toml", "wait = 30 # not 30\n"),
    "windows line ends": ("a.toml", "# \u00e9\r\nwait = 30\r\n"),
    "byte order mark": ("a.json", '\ufeff{"\u00e9":\t30}'),
    "json of one line": ("a.json", '{"a": {"b": [30, 1]}}'),
    "ini": ("a.ini", "[a]\nwait: 30\n"),
    "cfg without a line end": ("a.cfg", "[a]\n; so\nwait=30"),
}


@pytest.mark.parametrize(("file", "text"), CHANGED.values(), ids=CHANGED)
def test_only_the_value_changes(file: str, text: str) -> None:
    data = text.encode()
    assert broken(file, data) == [data.replace(b"30", b"300", 1)]


def only(file: str, text: str) -> Mutant:
    (mutant,) = mutants_of(file, text.encode(), [Tenfold()])
    return mutant


def test_a_mutant_says_where_it_is() -> None:
    mutant = only("conf/a.toml", "# \u00e9\n[x]\n  wait = 30  # s\n")
    assert (mutant.line, mutant.end_line, mutant.function) == (3, 3, None)
    assert (mutant.before, mutant.after) == ("wait = 30  # s", "wait = 300  # s")
    assert (mutant.mutator, mutant.family) == ("tenfold", "configuration")
    assert mutant.id == only("conf/a.toml", "# \u00e9\n[x]\n  wait = 30  # s\n").id
    assert mutant.id != only("conf/b.toml", "# \u00e9\n[x]\n  wait = 30  # s\n").id


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.toml", b"wait = \n"),
        ("a.json", b'{"a": 30, "a": 30}'),
        ("a.json", b"{'a': 30}"),
        ("a.ini", b"wait = 30"),
        ("a.toml", b'x = "\xff30"'),
    ],
)
def test_what_can_not_be_read_is_said(file: str, data: bytes) -> None:
    with pytest.raises(UnreadableSource, match=file):
        list(mutants_of(file, data, [Tenfold()]))


def test_other_operators_leave_data_alone() -> None:
    python = [m for m in load() if not isinstance(m, FileMutator)]
    assert list(mutants_of("a.toml", b"wait = ", python)) == []
    assert list(mutants_of("a.py", b"wait = 30\n", [Tenfold()])) == []


def test_a_tree_with_both_is_walked_in_name_order(tmp_path: Path) -> None:
    files = {"c.toml": "a = 30\n", "a.py": "x = a < b\n", "b.ini": "[a]\nx = 30\n", "d.json": "{"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    skipped: list[UnreadableSource] = []
    both: list[Mutator] = [*select(load(), ["boundary-comparison"]), Tenfold()]
    found = mutants_in_tree(tmp_path, files, both, skipped.append)
    assert [mutant.edit.file for mutant in found] == ["a.py", "b.ini", "c.toml"]
    assert len(skipped) == 1


NAMES = {
    "settings.toml": True,
    "pkg/data/rates.json": True,
    "pkg/logging.ini": True,
    "shop.example.toml": True,
    "defaults.cfg": True,
    "pyproject.toml": False,
    "pkg/setup.cfg": False,
    "tox.ini": False,
    "uv.lock": False,
    "package-lock.json": False,
    "pylock.dev.toml": False,
    "poetry.lock.json": False,
    "tests/data.json": False,
    "pkg/tests/data.json": False,
    "journeys/x.toml": False,
    "docs/x.json": False,
    ".vscode/settings.json": False,
    ".bumpversion.cfg": False,
    "readme.md": False,
    "a.yaml": False,
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=NAMES)
def test_which_files_hold_settings(name: str, expected: bool) -> None:
    assert is_data(name) is expected


def test_the_mutable_files_of_a_target(tiny_target: Callable[..., Target]) -> None:
    target = tiny_target(
        {
            "tiny.toml": "a = 1\n",
            "tiny/rates.json": "{}",
            "tiny/big.json": "[" + "1," * 150_000 + "1]",
            "tiny/test_data.py": "",
            "tests/data.json": "{}",
            "other/x.toml": "a = 1\n",
            "script.py": "",
        }
    )
    assert mutable_files(target) == [
        "tiny/__init__.py",
        "tiny/labels.py",
        "tiny/prices.py",
        "tiny/rates.json",
        "tiny/test_data.py",
        "tiny.toml",
    ]


def test_data_below_a_source_root_counts(tiny_target: Callable[..., Target]) -> None:
    target = tiny_target(
        {"src/tiny/a.py": "", "src/conf/a.toml": "a = 1\n"},
        sources=("src/tiny",),
        source_roots=("src",),
    )
    assert mutable_files(target) == ["src/conf/a.toml", "src/tiny/a.py"]


@pytest.mark.parametrize(
    ("file", "one", "other", "same"),
    [
        ("a.toml", b"a = 1\nb = 2\n", b"a=1 # so\r\nb = 2", True),
        ("a.toml", b"a = 1", b"a = 1.0", False),
        ("a.json", b'{"a": 1}', b'\xef\xbb\xbf{\n "a" : 1\n}', True),
        ("a.ini", b"[a]\nb = 1", b"[a]\nb: 1\n", True),
        ("a.ini", b"[a]\nb = 1", b"[a]\nB = 1\n", False),
        ("a.toml", b"a = 1", b"a =", False),
        ("a.toml", b"a = 1", b"a = '\xff'", False),
        ("a.txt", b"a = 1", b"a=1", False),
    ],
)
def test_same_meaning(file: str, one: bytes, other: bytes, same: bool) -> None:
    assert same_meaning(file, one, other) is same


FLIP = """
from bugbash.mutation.mutator import Example, FileMutator, TextChange


class Flip(FileMutator):
    name = "flip"
    family = "configuration"
    summary = "True is false."
    models = "A wrong default."
    explanation = "Read it again."
    suffixes = (".toml",)
    examples = (Example("x = true", "x = false", file="a.toml"), Example("x = 1", file="a.toml"))

    def rewrite(self, file, text):
        if "true" in text:
            at = text.index("true")
            yield TextChange(at, at + 4, "false")
"""
WRONG = {
    "no rewrite": (FLIP.replace("def rewrite", "def write"), "must define `rewrite`"),
    "no suffixes": (FLIP.replace('(".toml",)', "()"), "the suffixes of Flip must be some of"),
    "unknown suffix": (FLIP.replace('(".toml",)', '(".yaml",)'), "must be some of .toml, .json"),
    "wrong example": (FLIP.replace('"x = false"', '"x = 0"'), r"flip.py:12: example 1 does not"),
    "does not parse": (FLIP.replace('"x = 1"', '"x ="'), r"flip.py:12: .*does not parse"),
    "fails": (FLIP.replace("text.index", "text.nothing"), "'flip' fails at a.toml: Attribute"),
    "endless": (
        FLIP.replace("if", "while"),
        "'flip' does not come to an end at a.toml",
    ),
}


def test_a_file_mutator_is_loaded_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "flip.py").write_text(FLIP)
    (flip,) = select(load([tmp_path]), ["flip"], ["configuration"])
    assert isinstance(flip, FileMutator)


@pytest.mark.parametrize(("code", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(tmp_path: Path, code: str, message: str) -> None:
    (tmp_path / "flip.py").write_text(code)
    with pytest.raises(UsageProblem, match=message):
        load([tmp_path])
