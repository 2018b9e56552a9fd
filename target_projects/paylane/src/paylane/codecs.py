"""Records as JSON and back: dataclasses, enums, dates, moments, decimals, amounts of money.

Decimals and amounts are written as text and numbers are read as decimals: nothing passes through a
float on the way. A field that is missing takes the default of its dataclass.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import CodecError, MomentError, MoneyError
from .moments import from_text, to_text
from .money import Money, parse_money

T = TypeVar("T")
Unknown = Literal["refuse", "ignore"]


def encode(value: Any) -> Any:
    """What `json.dumps` understands."""
    if isinstance(value, Enum):
        return encode(value.value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise CodecError("", f"not a number: {value}")
        return format(value, "f")
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return {"amount": value.plain(), "currency": value.currency}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: encode(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    raise CodecError("", f"{type(value).__name__} has no JSON form")


def decode(kind: Any, data: Any, unknown: Unknown = "refuse", where: str = "") -> Any:
    """An object of the kind that `data` describes.

    Raises CodecError with the way to the first value that does not fit.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        (kind,) = (argument for argument in arguments if argument is not type(None))
        return decode(kind, data, unknown, where)
    if origin in (tuple, list):
        items = _expect(list, data, where, "a list")
        return origin(
            decode(arguments[0], item, unknown, f"{where}[{index}]")
            for index, item in enumerate(items)
        )
    if kind is Money:
        return _money(data, unknown, where)
    if kind in _SCALARS:
        return _SCALARS[kind](data, where)
    if issubclass(kind, Enum):
        return _enum(kind, data, where)
    return _record(kind, _expect(dict, data, where, "an object"), unknown, where)


def to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(encode(value), indent=indent, ensure_ascii=False)


def from_json(kind: type[T], text: str, unknown: Unknown = "refuse") -> T:
    decoded: T = decode(kind, parse(text), unknown)
    return decoded


def parse(text: str) -> Any:
    """Plain JSON; numbers with a fraction become decimals."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as problem:
        raise CodecError("", f"not JSON: {problem}") from None


def write_json(value: Any, path: Path) -> None:
    """Write a file for programs and people; readers never see half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(to_json(value, indent=2) + "\n", encoding="utf-8", newline="\n")
    part.replace(path)


def read_json(kind: type[T], path: Path, unknown: Unknown = "refuse") -> T:
    return from_json(kind, path.read_text(encoding="utf-8"), unknown)


def append_lines(values: Iterable[Any], path: Path) -> int:
    """Add records to a file of JSON lines, made when it is missing; how many were added."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [to_json(value) + "\n" for value in values]
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return len(lines)


def read_lines(kind: type[T], path: Path, unknown: Unknown = "refuse") -> Iterator[T]:
    """The records of a file of JSON lines; blank lines do not count."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield from_json(kind, line, unknown)
            except CodecError as problem:
                raise CodecError(f"{path.name}, line {number}", problem) from problem


@dataclasses.dataclass(frozen=True)
class _MoneyFields:
    amount: str
    currency: str | None = None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type, data: dict[str, Any], unknown: Unknown, where: str) -> Any:
    hints = _hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    strangers = [name for name in data if name not in fields]
    if strangers and unknown == "refuse":
        raise CodecError(where, "unknown: " + ", ".join(sorted(strangers)))
    values = {}
    for name, field in fields.items():
        if name in data:
            values[name] = decode(hints[name], data[name], unknown, _under(where, name))
        elif _required(field):
            raise CodecError(_under(where, name), "missing")
    return kind(**values)


def _required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _under(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _expect(kind: type, data: Any, where: str, what: str) -> Any:
    # JSON keeps true and 1 apart, isinstance does not.
    if not isinstance(data, kind) or isinstance(data, bool):
        raise CodecError(where, f"not {what}: {json.dumps(encode(data), ensure_ascii=False)}")
    return data


def _enum(kind: type[Enum], data: Any, where: str) -> Enum:
    try:
        return kind(data)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise CodecError(where, f"{data!r} is none of {known}") from None


def _decimal(data: Any, where: str) -> Decimal:
    if isinstance(data, bool) or not isinstance(data, (str, int, Decimal)):
        raise CodecError(where, f"not a number: {data!r}")
    try:
        value = Decimal(data)
    except InvalidOperation:
        raise CodecError(where, f"not a number: {data!r}") from None
    if not value.is_finite():
        raise CodecError(where, f"not a number: {data!r}")
    return value


def _moment(data: Any, where: str) -> datetime:
    try:
        return from_text(_expect(str, data, where, "text"))
    except MomentError as problem:
        raise CodecError(where, problem) from None


def _day(data: Any, where: str) -> date:
    try:
        return date.fromisoformat(_expect(str, data, where, "text"))
    except ValueError:
        raise CodecError(where, f"not a day: {data!r}") from None


def _money(data: Any, unknown: Unknown, where: str) -> Money:
    """From `{"amount": "12.50", "currency": "EUR"}` or the text `EUR 12.50`."""
    if isinstance(data, str):
        data = {"amount": data}
    fields = _record(_MoneyFields, _expect(dict, data, where, "an amount"), unknown, where)
    try:
        return parse_money(fields.amount, fields.currency)
    except MoneyError as problem:
        raise CodecError(where, problem) from None


_SCALARS: dict[type, Callable[[Any, str], Any]] = {
    str: lambda data, where: _expect(str, data, where, "text"),
    int: lambda data, where: _expect(int, data, where, "a whole number"),
    Decimal: _decimal,
    datetime: _moment,
    date: _day,
}
