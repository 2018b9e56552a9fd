"""What is in scope where, what it holds and how it is used."""

from __future__ import annotations

import libcst as cst
import pytest

from bugbash.mutation.context import Context
from bugbash.mutation.names import function_of, is_telling
from bugbash.mutation.source import Source

MODULE = """
import os as system, re
from json import dumps

LIMIT = 3
TABLE: dict = {}


class Order:
    net: Money
    count: int = 3
    kind: ClassVar[str] = "a"

    def __init__(self, tax: Money, note=None):
        self.tax = tax
        self.rows = []
        self.size: int = len(note)

    def total(self, rate: Decimal, *extra, fee=0, **more):
        base = self.net + self.tax
        for number, row in enumerate(self.rows):
            price = row.price * rate
            with open(price) as file:
                mark(file.read(), self.net)
        if base:
            late = 1
        elif fee:
            here(late)
        found = [each.name for each in extra]
        def inner(x):
            y = base
            return deep(x)
        return last(found)


def other():
    try:
        start()
    except ValueError as error:
        handle(error)
"""


def contexts() -> list[Context]:
    return list(Source("a.py", MODULE.encode()).contexts())


def at(name: str) -> Context:
    """The place where the function `name` is called."""
    return next(
        c for c in contexts() if isinstance(c.node, cst.Call) and _is_name(c.node.func, name)
    )


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


PARAMETERS = ["rate", "extra", "fee", "more"]
VISIBLE = {
    "mark": [*PARAMETERS, "base", "number", "row", "price", "file"],
    "here": [*PARAMETERS, "base"],
    "last": [*PARAMETERS, "base", "found"],
    "deep": ["x", "y"],
    "handle": [],
    "start": [],
}


@pytest.mark.parametrize(("place", "expected"), VISIBLE.items(), ids=VISIBLE)
def test_names_that_surely_hold_a_value(place: str, expected: list[str]) -> None:
    context = at(place)
    assert [binding.name for binding in context.names.visible(context)] == expected


def test_what_a_name_holds_is_read_off_its_annotation_or_value() -> None:
    context = at("mark")
    held = {binding.name: binding.holds for binding in context.names.visible(context)}
    assert held["rate"] == "Decimal"
    assert held["fee"] == "int"
    assert held["base"] == held["row"] == ""


def test_how_names_are_used() -> None:
    context = at("mark")
    scope = function_of(context)
    assert scope is not None
    uses = context.names.uses
    assert uses[scope, "row"] == {".price"}
    assert uses[scope, "file"] == {".read"}
    assert uses[scope, "extra"] == {"for"}
    assert context.names.loads[scope]["base"] == 2


def test_constants_of_the_module() -> None:
    context = at("handle")
    assert [binding.name for binding in context.names.constants(context)] == ["LIMIT", "TABLE"]


def test_what_the_objects_of_a_class_have() -> None:
    names = at("mark").names
    (owner,) = names.fields
    fields = {field.name: field.holds for field in names.fields[owner].values()}
    expected = {"net": "Money", "count": "int", "tax": "Money", "rows": "list", "size": "int"}
    assert fields == expected
    assert names.methods[owner] == {"__init__", "total"}


def test_which_attributes_are_read_where() -> None:
    read = at("mark").names.attributes
    assert {name: len(places) for name, places in read["self"].items()} == {
        "net": 2,
        "tax": 1,
        "rows": 1,
    }
    assert set(read["row"]) == {"price"}


def test_a_name_is_found_in_the_scopes_around() -> None:
    names = [c for c in contexts() if isinstance(c.node, cst.Name)]
    bound = {
        c.node.value: found.sort
        for c in names
        if isinstance(c.node, cst.Name) and (found := c.names.resolve(c))
    }
    assert bound["Order"] == "class"
    assert bound["inner"] == "function"
    assert bound["each"] == "comprehension"
    assert bound["error"] == "except"
    assert "open" not in bound


@pytest.mark.parametrize("name", ["system", "re", "dumps"])
def test_imports_bind_names_of_the_module(name: str) -> None:
    first = contexts()[0]
    assert [binding.sort for binding in first.names.bound(first, name)] == ["import"]


def test_the_table_is_made_once_a_module() -> None:
    first, *rest = contexts()
    assert all(context.names is first.names for context in rest)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("Money", True),
        ("Money|None", True),
        ("Optional[Money]", True),
        ("datetime.timedelta", True),
        ("str", False),
        ("Optional[str]", False),
        ("list[Money]", False),
        ("t.Any", False),
        ("", False),
    ],
)
def test_which_types_say_what_a_value_is_for(annotation: str, expected: bool) -> None:
    assert is_telling(annotation) is expected
