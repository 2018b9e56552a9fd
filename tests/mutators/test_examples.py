"""Every example of every shipped mutator holds: they are its tests and its documentation."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bugbash.mutation.data_files import meaning
from bugbash.mutation.families import FAMILIES
from bugbash.mutation.load import file_of, load, results
from bugbash.mutation.mutator import Example, Mutator

MUTATORS = load()
EXAMPLES = [
    pytest.param(mutator, example, id=f"{mutator.name}-{number}-{example.before.split(chr(10))[0]}")
    for mutator in MUTATORS
    for number, example in enumerate(mutator.examples, start=1)
]
each_mutator = pytest.mark.parametrize("mutator", MUTATORS, ids=lambda mutator: mutator.name)


@pytest.mark.parametrize(("mutator", "example"), EXAMPLES)
def test_example_holds(mutator: Mutator, example: Example) -> None:
    assert results(mutator, example.before, example.file) == example.after


@pytest.mark.parametrize("example", [pytest.param(p.values[1], id=p.id) for p in EXAMPLES])
def test_example_parses_and_changes_something(example: Example) -> None:
    clean = says(example.file, example.before)
    for after in example.after:
        assert says(example.file, after) != clean


def says(file: str, text: str) -> str:
    return ast.dump(ast.parse(text)) if file.endswith(".py") else repr(meaning(file, text))


@each_mutator
def test_mutator_has_examples_of_both_kinds(mutator: Mutator) -> None:
    assert sum(bool(example.after) for example in mutator.examples) >= 3
    assert sum(not example.after for example in mutator.examples) >= 3


@each_mutator
def test_file_is_named_after_the_mutator(mutator: Mutator) -> None:
    path = file_of(mutator)
    assert path.stem == mutator.name.replace("-", "_")
    assert path.parent.name == mutator.family


@each_mutator
def test_texts_are_sentences(mutator: Mutator) -> None:
    for text in (mutator.summary, mutator.models, mutator.explanation):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
        assert "  " not in text


def test_shipped_mutators_are_in_the_order_of_the_families() -> None:
    order = [FAMILIES.index(mutator.family) for mutator in MUTATORS]
    assert order == sorted(order)


def test_there_is_one_mutator_a_file() -> None:
    files = sorted(Path(file_of(MUTATORS[0])).parents[1].glob("*/*.py"))
    assert len(files) == len(MUTATORS)
