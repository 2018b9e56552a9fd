"""Loading mutators by path: what is right comes in order, what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.mutation.load import load, select

GOOD = """
import libcst as cst

from bugbash.mutation.mutator import Example, Mutator


class Flip(Mutator):
    name = "flip"
    family = "logic"
    summary = "True is False."
    models = "A wrong default."
    explanation = "Read it again."
    examples = (Example("x = True", "x = False"),)

    def mutate(self, node, context):
        if isinstance(node, cst.Name) and node.value == "True":
            yield cst.Name("False")
"""

WRONG = {
    "syntax": (GOOD + "\ndef (:\n", r"flip\.py:19: .*SyntaxError"),
    "import": ("import nowhere\n", r"flip\.py:1: .*No module named 'nowhere'"),
    "crash": ("x = 1\ny = 1 / 0\n", r"flip\.py:2: .*ZeroDivisionError"),
    "no subclass": ("x = 1\n", r"exactly one subclass of Mutator; it holds none"),
    "two subclasses": (
        GOOD + "\nclass Other(Flip):\n    name = 'other'\n",
        r"exactly one .*Flip, Other",
    ),
    "unknown family": (GOOD.replace('"logic"', '"logik"'), r"'logik'. Did you mean 'logic'"),
    "wrong folder": (GOOD.replace('"logic"', '"library"'), r"'library', but the folder 'logic'"),
    "no summary": (GOOD.replace("summary", "summery"), r"must say its 'summary'"),
    "no examples": (GOOD.replace('x = True", "x = False', "x = 1"), r"needs examples"),
    "no mutate": (GOOD.replace("def mutate", "def mutated"), r"must define `mutate`"),
    "wrong example": (
        GOOD.replace('"x = False"', '"x = None"'),
        r"flip\.py:13: example 1 does not hold: result 1 differs",
    ),
    "too few results": (
        GOOD.replace('"x = False"', '"x = False", "x = None"'),
        r"flip\.py:13: example 1 .* 2 results are expected, 1 result is made",
    ),
    "example does not parse": (GOOD.replace("x = True", "x = ="), r"flip\.py:13: .*does not parse"),
    "mutate fails": (
        GOOD.replace('cst.Name("False")', "node.nothing"),
        r"'flip' fails at example.py:1: AttributeError",
    ),
    "endless": (
        GOOD.replace('            yield cst.Name("False")', "            while 1: yield node"),
        r"does not come to an end at example.py:1",
    ),
}


def write(folder: Path, code: str, name: str = "logic/flip.py") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)
    return folder


def test_a_folder_of_ones_own_is_added(tmp_path: Path) -> None:
    names = [mutator.name for mutator in load([write(tmp_path, GOOD)])]
    assert "flip" in names
    assert "boundary-comparison" in names


def test_a_flat_folder_and_private_helpers_are_fine(tmp_path: Path) -> None:
    write(tmp_path, "1 / 0", "_helper.py")
    assert "flip" in [mutator.name for mutator in load([write(tmp_path, GOOD, "flip.py")])]


def test_the_order_does_not_depend_on_the_folders(tmp_path: Path) -> None:
    one = write(tmp_path / "one", GOOD)
    other = write(tmp_path / "two", GOOD.replace('"flip"', '"flop"'))
    names = [
        [mutator.name for mutator in load(folders)] for folders in ([one, other], [other, one])
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(("code", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, code: str, message: str) -> None:
    with pytest.raises(UsageProblem, match=message) as caught:
        load([write(tmp_path, code)])
    assert "\n" not in str(caught.value)


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "logic/flip_again.py")
    with pytest.raises(
        UsageProblem, match=r"flip_again\.py:8: the name 'flip' is taken by .*flip\.py:8"
    ):
        load([tmp_path])


def test_a_name_of_a_shipped_one_is_taken(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('"flip"', '"drop-guard"'))
    with pytest.raises(UsageProblem, match=r"flip\.py:8: .* is taken by .*drop_guard\.py:\d+"):
        load([tmp_path])


def test_a_folder_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    names = [mutator.name for mutator in load([tmp_path, tmp_path / "logic", tmp_path / "."])]
    assert names.count("flip") == 1


def test_loading_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    load([write(tmp_path, GOOD)])
    assert [path.name for path in (tmp_path / "logic").iterdir()] == ["flip.py"]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no folder"):
        load([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("names", "families", "expected"),
    [
        ([], [], 5),
        (["missing-mkdir"], [], 1),
        ([], ["logic"], 2),
        (["missing-mkdir"], ["logic"], 0),
    ],
)
def test_select(names: list[str], families: list[str], expected: int) -> None:
    shipped = [m for m in load() if m.name in FIRST_FIVE]
    assert len(select(shipped, names, families)) == expected


FIRST_FIVE = {
    "tighten-regex",
    "missing-mkdir",
    "drop-enum-case",
    "boundary-comparison",
    "swap-arguments",
}


@pytest.mark.parametrize(
    ("names", "families", "message"),
    [
        (["swap-argument"], [], "no mutator 'swap-argument'. Did you mean 'swap-arguments'"),
        ([], ["logik"], "no family 'logik'. Did you mean 'logic'"),
        ([], ["zzz"], "There are: configuration, library"),
    ],
)
def test_select_names_what_is_near(names: list[str], families: list[str], message: str) -> None:
    with pytest.raises(UsageProblem, match=message):
        select(load(), names, families)
