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
from urllib.parse import urlencode

from .errors import Invalid

CONTROLS = ("limit", "starting_after", "page")

_NUMBER = re.compile(r"[0-9]{1,9}")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Wanted:
    """At most one of cursor and page number is set."""

    limit: int
    starting_after: str | None = None
    number: int | None = None

    @property
    def offset(self) -> int:
        return 0 if self.number is None else (self.number - 1) * self.limit


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list; `total` is known for numbered pages only."""

    rows: tuple[Any, ...]
    has_more: bool
    total: int | None = None


def read_wanted(query: Mapping[str, str], default_limit: int, max_limit: int) -> Wanted:
    limit = _number(query, "limit", default_limit)
    if limit > max_limit:
        raise Invalid(f"limit is at most {max_limit}", "limit_too_large", "limit")
    if "starting_after" in query and "page" in query:
        raise Invalid("starting_after and page exclude each other", "page_ambiguous", "page")
    return Wanted(
        limit,
        query.get("starting_after"),
        _number(query, "page", 1) if "page" in query else None,
    )


def read_filters(query: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """What the query says apart from paging; a filter nobody knows is refused, not ignored."""
    filters = {name: value for name, value in query.items() if name not in CONTROLS}
    for name in sorted(filters.keys() - set(known)):
        raise Invalid(f"Unknown parameter: {name}", "unknown_parameter", name)
    return filters


def cut(rows: Sequence[Row], wanted: Wanted) -> tuple[list[Row], bool]:
    """The page out of its rows and the one after them, if there is one."""
    return list(rows[: wanted.limit]), len(rows) > wanted.limit


def show_page(
    page: Page,
    wanted: Wanted,
    show: Callable[[Any], dict[str, Any]],
    path: str,
    filters: Mapping[str, str],
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "object": "list",
        "url": path,
        "data": [show(row) for row in page.rows],
        "has_more": page.has_more,
    }
    if wanted.number is not None and page.total is not None:
        body["page"] = wanted.number
        body["pages"] = math.ceil(page.total / wanted.limit)
        body["total"] = page.total
    if page.has_more:
        body["next"] = _next_url(page, wanted, path, filters)
    return body


def _next_url(page: Page, wanted: Wanted, path: str, filters: Mapping[str, str]) -> str:
    if wanted.number is not None:
        control: dict[str, Any] = {"page": wanted.number + 1}
    else:
        control = {"starting_after": page.rows[-1].id}
    query = urlencode({**filters, "limit": wanted.limit, **control})
    return f"{path}?{query}"


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise Invalid(f"{name} must be a whole number above zero", f"{name}_invalid", name)
    return int(text)
