import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum

import pytest
from builders import NOON, eur

from paylane.codecs import (
    append_lines,
    decode,
    encode,
    from_json,
    parse,
    read_json,
    read_lines,
    to_json,
    write_json,
)
from paylane.errors import CodecError
from paylane.money import Money


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


@dataclass(frozen=True)
class Part:
    name: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Box:
    id: int
    parts: tuple[Part, ...] = ()
    colour: Colour | None = None
    notes: list[str] = field(default_factory=list)


def refused(kind, data, unknown="refuse"):
    with pytest.raises(CodecError) as caught:
        decode(kind, data, unknown)
    return str(caught.value)


def test_values_that_json_has():
    assert [encode(value) for value in (None, True, 5, "ł")] == [None, True, 5, "ł"]


def test_decimals():
    assert encode(Decimal("0.10")) == "0.10"
    assert encode(Decimal("1E+3")) == "1000"
    assert encode(Decimal("1E-7")) == "0.0000001"

    for text in ("NaN", "Infinity"):
        with pytest.raises(CodecError, match=f"not a number: {text}"):
            encode(Decimal(text))
        assert refused(Decimal, text) == f"not a number: '{text}'"

    assert decode(Decimal, 5) == 5
    assert decode(Decimal, Decimal("0.5")) == Decimal("0.5")
    assert refused(Decimal, True) == "not a number: True"
    assert refused(Decimal, None) == "not a number: None"


def test_enums_are_written_as_their_values():
    assert encode(Colour.BLUE) == "blue"
    assert type(encode(Level.LOW)) is int
    assert refused(Level, 2) == "2 is none of 1"


def test_days_and_moments():
    assert encode(date(2024, 3, 5)) == "2024-03-05"
    moment = datetime(2024, 3, 5, 13, tzinfo=timezone(timedelta(hours=1)))
    assert encode(moment) == "2024-03-05T12:00:00.000000+00:00"
    assert decode(date, "2024-03-05") == date(2024, 3, 5)
    assert decode(datetime, "2024-03-05T12:00:00Z") == NOON


def test_amounts_of_money():
    assert encode(eur(1250)) == {"amount": "12.50", "currency": "EUR"}
    assert encode(Money(1250, "JPY")) == {"amount": "1250", "currency": "JPY"}
    assert decode(Money, {"amount": "12.50", "currency": "EUR"}) == eur(1250)
    assert decode(Money, "EUR 12.50") == eur(1250)


def test_faulty_amounts_of_money():
    assert refused(Money, {"currency": "EUR"}) == "amount: missing"
    assert refused(Money, {"amount": 12, "currency": "EUR"}) == "amount: not text: 12"
    assert refused(Money, {"amount": "5"}) == "no currency: '5'"
    assert refused(Money, {"amount": "5", "currency": "EUR", "tax": "1"}) == "unknown: tax"
    assert decode(Money, {"amount": "5", "currency": "EUR", "tax": "1"}, "ignore") == eur(500)
    assert refused(Money, 12) == "not an amount: 12"


def test_lists():
    assert encode((2, [1, 3])) == [2, [1, 3]]
    assert decode(list[int], [2, 1]) == [2, 1]
    assert decode(tuple[int, ...], [2, 1]) == (2, 1)


def test_dataclasses():
    box = Box(7, (Part("lid"), Part("base", Decimal("2.50"))), Colour.RED, ["a", "b"])
    data = {
        "id": 7,
        "parts": [{"name": "lid", "weight": "1"}, {"name": "base", "weight": "2.50"}],
        "colour": "red",
        "notes": ["a", "b"],
    }
    assert encode(box) == data
    assert decode(Box, data) == box


def test_no_form_for_floats_and_others():
    with pytest.raises(CodecError, match="^float has no JSON form$"):
        encode(0.1)
    with pytest.raises(CodecError, match="^type has no JSON form$"):
        encode(Box)


def test_missing_fields_take_their_defaults():
    assert decode(Box, {"id": 1}) == Box(1)
    assert refused(Box, {"parts": []}) == "id: missing"

    decode(Box, {"id": 1}).notes.append("a")
    assert decode(Box, {"id": 2}).notes == []


def test_optional_values():
    assert decode(Box, {"id": 1, "colour": None}).colour is None
    assert decode(Box, {"id": 1, "colour": "blue"}).colour is Colour.BLUE
    assert refused(Box, {"id": None}) == "id: not a whole number: null"


def test_unknown_fields():
    data = {"id": 1, "zip": 1, "age": 2}
    assert refused(Box, data) == "unknown: age, zip"
    assert decode(Box, data, "ignore") == Box(1)


def test_unknown_fields_further_down():
    data = {"id": 1, "parts": [{"name": "lid"}, {"name": "base", "size": 1}]}
    assert refused(Box, data) == "parts[1]: unknown: size"
    assert decode(Box, data, "ignore").parts == (Part("lid"), Part("base"))


def test_way_to_the_faulty_value():
    data = {"id": 1, "parts": [{"name": "lid", "weight": "heavy"}]}
    assert refused(Box, data) == "parts[0].weight: not a number: 'heavy'"
    assert refused(Box, {"id": 1, "notes": ["a", 5]}) == "notes[1]: not text: 5"
    assert refused(Box, {"id": 1, "colour": "green"}) == "colour: 'green' is none of red, blue"
    with pytest.raises(CodecError) as caught:
        decode(Box, {"id": 1, "parts": {}})
    assert caught.value.where == "parts"


def test_wrong_kinds_of_values():
    assert refused(int, True) == "not a whole number: true"
    assert refused(int, Decimal("1.5")) == 'not a whole number: "1.5"'
    assert refused(list[int], {}) == "not a list: {}"
    assert refused(Box, "x") == 'not an object: "x"'
    assert refused(str, ["ł"]) == 'not text: ["ł"]'
    assert refused(date, "2024-02-30") == "not a day: '2024-02-30'"
    assert refused(date, 5) == "not text: 5"
    assert refused(datetime, "noon") == "not a moment: 'noon'"


def test_text_both_ways():
    assert to_json({"b": "ł", "a": Decimal("1.0")}) == '{"b": "ł", "a": "1.0"}'
    assert to_json({"b": 1}, indent=2) == '{\n  "b": 1\n}'
    assert from_json(Part, '{"name": "lid", "weight": 0.10}') == Part("lid", Decimal("0.10"))
    assert from_json(Part, '{"name": "lid", "x": 1}', "ignore") == Part("lid")


def test_fractions_do_not_become_floats():
    assert repr(parse("[0.10, 1]")) == "[Decimal('0.10'), 1]"


def test_no_json():
    with pytest.raises(CodecError, match="^not JSON: ") as caught:
        parse("{")
    assert caught.value.where == ""


def test_file_both_ways(tmp_path, plain_machine):
    path = tmp_path / "new" / "folder" / "part.json"
    write_json(Part("wieczko łódź"), path)
    expected = '{\n  "name": "wieczko łódź",\n  "weight": "1"\n}\n'
    assert path.read_bytes() == expected.encode("utf-8")
    assert read_json(Part, path) == Part("wieczko łódź")


def test_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "part.json"
    path.write_text("old", encoding="utf-8")
    write_json(Part("lid"), path)
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "lid"
    assert [file.name for file in tmp_path.iterdir()] == ["part.json"]

    with pytest.raises(CodecError):
        write_json({"a": 0.1}, path)
    assert read_json(Part, path) == Part("lid")


def test_file_with_unknown_fields(tmp_path):
    path = tmp_path / "part.json"
    path.write_text('{"name": "lid", "x": 1}', encoding="utf-8")
    assert read_json(Part, path, "ignore") == Part("lid")
    with pytest.raises(CodecError, match="unknown: x"):
        read_json(Part, path)


def test_lines_both_ways(tmp_path, plain_machine):
    path = tmp_path / "new" / "folder" / "parts.jsonl"
    assert append_lines([Part("ł"), Part("b")], path) == 2
    assert append_lines([Part("c")], path) == 1
    assert path.read_bytes().count(b"\n") == 3
    assert b"\r" not in path.read_bytes()
    assert [part.name for part in read_lines(Part, path)] == ["ł", "b", "c"]


def test_faulty_line(tmp_path):
    path = tmp_path / "parts.jsonl"
    path.write_text('{"name": "a"}\n \n{"name": 5}\n', encoding="utf-8")
    lines = read_lines(Part, path)
    assert next(lines) == Part("a")
    with pytest.raises(CodecError, match="^parts.jsonl, line 3: name: not text: 5$"):
        next(lines)


def test_lines_with_unknown_fields(tmp_path):
    path = tmp_path / "parts.jsonl"
    path.write_text('{"name": "a", "x": 1}\n', encoding="utf-8")
    assert list(read_lines(Part, path, "ignore")) == [Part("a")]
    with pytest.raises(CodecError, match="line 1: unknown: x"):
        list(read_lines(Part, path))
