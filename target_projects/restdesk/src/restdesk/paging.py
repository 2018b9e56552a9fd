"""Pages of lists.

Two ways: by cursor (`starting_after`: the id of the last row of the page before), and by number
(`page`), which the office's spreadsheets still use. Numbered pages shift while rows come and go;
pages by cursor don't.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .errors import Invalid

CONTROLS = ("limit", "starting_after", "page")

_NUMBER = re.compile(r"[0-9]{1,9}")

Row = TypeVar("Row")


@dataclass
class Wanted:
    """By cursor, or by number where that is above zero."""

    limit: int
    starting_after: str | None = None
    number: int = 0

    @property
    def offset(self) -> int:
        return max(self.number - 1, 0) * self.limit


@dataclass
class Page:
    """Rows in the order of the list; `total` is known for numbered pages only."""

    rows: tuple[Any, ...]
    has_more: bool
    total: int | None = None


def read_wanted(query: Mapping[str, str], default_limit: int, max_limit: int) -> Wanted:
    limit = default_limit if "limit" not in query else _number(query, "limit")
    if limit > max_limit:
        raise Invalid(f"limit is at most {max_limit}", "limit_too_large", "limit")
    if "starting_after" in query and "page" in query:
        raise Invalid("starting_after and page exclude each other", "page_ambiguous", "page")
    number = _number(query, "page") if "page" in query else 0
    return Wanted(limit, query.get("starting_after"), number)


def read_filters(query: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """What the query says apart from paging; a filter nobody knows is refused, not ignored."""
    filters = {name: value for name, value in query.items() if name not in CONTROLS}
    for name in sorted(filters.keys() - set(known)):
        raise Invalid(f"Unknown parameter: {name}", "unknown_parameter", name)
    return filters


def cut(rows: Sequence[Row], wanted: Wanted) -> tuple[Sequence[Row], bool]:
    """The page out of its rows and the one after them, if there is one."""
    return rows[: wanted.limit], len(rows) > wanted.limit


def show_page(page: Page, wanted: Wanted, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "object": "list",
        "data": [show(row) for row in page.rows],
        "has_more": page.has_more,
    }
    if page.total is not None:
        body["page"] = wanted.number
        body["pages"] = math.ceil(page.total / wanted.limit)
        body["total"] = page.total
    return body


def _number(query: Mapping[str, str], name: str) -> int:
    text = query[name]
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise Invalid(f"{name} must be a whole number above zero", f"{name}_invalid", name)
    return int(text)
