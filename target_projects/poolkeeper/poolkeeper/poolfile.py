"""Pool files: one pool each, a line for each server.

"pool shop", "strategy consistent-hash" (else that of the settings), and for every server
"server web-1 10.0.3.11:8443 weight=3 capacity=500 zone=eu-a"; # starts a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .errors import PoolFileError, PoolkeeperError, ServerError
from .servers import ServerSpec, parse_endpoint, parse_id
from .settings import PoolRules
from .strategies import strategy_name

OPTIONS = ("weight", "capacity", "zone")
UNLIMITED = ("unlimited", "any")

_WORD = re.compile(r"\S+")
_OPTION = re.compile(r"(?P<key>[a-z]+)=(?P<value>[\w.-]+)", re.IGNORECASE)
_ZONE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")


@dataclass(frozen=True)
class PoolFile:
    name: str
    strategy: str
    servers: tuple[ServerSpec, ...]


class _Word(NamedTuple):
    text: str
    line: int
    column: int

    def error(self, reason: str) -> PoolFileError:
        return PoolFileError(self.line, self.column, reason)


def parse_pool(text: str, rules: PoolRules) -> PoolFile:
    """Read the text of a pool file. Raises PoolFileError with line and column."""
    name, strategy = "", rules.strategy
    servers: dict[str, ServerSpec] = {}
    for words in _lines(text):
        keyword, arguments = words[0], words[1:]
        if not arguments:
            raise keyword.error(f"nothing after {keyword.text!r}")
        match keyword.text.lower():
            case "pool":
                if name:
                    raise keyword.error("a second pool in one file")
                name = _id(arguments[0])
            case "strategy":
                strategy = _strategy(arguments[0])
            case "server":
                spec = _server(arguments, rules)
                if spec.id in servers:
                    raise arguments[0].error(f"server {spec.id} is there already")
                servers[spec.id] = spec
            case _:
                raise keyword.error(f"unknown word {keyword.text!r}")
    if not name:
        raise PoolFileError(1, 1, "the pool has no name")
    if not servers:
        raise PoolFileError(1, 1, f"pool {name} has no server")
    return PoolFile(name, strategy, tuple(servers.values()))


def read_pool(path: Path, rules: PoolRules) -> PoolFile:
    """Read a pool file. Raises PoolkeeperError that names the file."""
    try:
        return parse_pool(path.read_text(encoding="utf-8"), rules)
    except (OSError, UnicodeDecodeError):
        raise PoolkeeperError(f"cannot read {path.name}") from None
    except PoolFileError as problem:
        raise PoolkeeperError(f"{path.name}: {problem}") from problem


def find_pools(folder: Path, rules: PoolRules) -> dict[str, PoolFile]:
    """The pools of a folder by name, in the order of the files' names."""
    pools: dict[str, PoolFile] = {}
    for path in sorted(folder.glob("*.pool")):
        pool = read_pool(path, rules)
        if pool.name in pools:
            raise PoolkeeperError(f"{path.name}: pool {pool.name} is there already")
        pools[pool.name] = pool
    return pools


def _lines(text: str) -> Iterator[list[_Word]]:
    for number, line in enumerate(text.splitlines(), 1):
        written, _, _comment = line.partition("#")
        words = [_Word(word[0], number, word.start() + 1) for word in _WORD.finditer(written)]
        if words:
            yield words


def _id(word: _Word) -> str:
    try:
        return parse_id(word.text)
    except ServerError as problem:
        raise word.error(str(problem)) from None


def _strategy(word: _Word) -> str:
    strategy = strategy_name(word.text)
    if strategy is None:
        raise word.error(f"unknown strategy {word.text!r}")
    return strategy


def _server(words: list[_Word], rules: PoolRules) -> ServerSpec:
    if len(words) < 2:
        raise words[0].error("a server needs an endpoint")
    server = _id(words[0])
    try:
        host, port = parse_endpoint(words[1].text, rules.default_port)
    except ServerError as problem:
        raise words[1].error(str(problem)) from None
    options: dict[str, _Word] = {}
    for word in words[2:]:
        match = _OPTION.fullmatch(word.text)
        if match is None or match["key"].lower() not in OPTIONS:
            raise word.error(f"unknown option {word.text!r}")
        key = match["key"].lower()
        if key in options:
            raise word.error(f"{key} is there twice")
        value_column = word.column + match.start("value")
        options[key] = _Word(match["value"].lower(), word.line, value_column)
    weight, capacity, zone = (options.get(name) for name in OPTIONS)
    return ServerSpec(
        id=server,
        host=host,
        port=port,
        weight=1 if weight is None else _number(weight, 1, 100),
        capacity=rules.capacity if capacity is None else _capacity(capacity),
        zone="" if zone is None else _zone(zone),
    )


def _capacity(word: _Word) -> int | None:
    if word.text in UNLIMITED:
        return None
    return _number(word, 1, 100_000)


def _zone(word: _Word) -> str:
    if not _ZONE.fullmatch(word.text):
        raise word.error(f"not a zone: {word.text!r}")
    return word.text


def _number(word: _Word, least: int, most: int) -> int:
    if not word.text.isdecimal():
        raise word.error(f"not a whole number: {word.text!r}")
    value = int(word.text)
    if not least <= value <= most:
        raise word.error(f"{value} is not within {least} to {most}")
    return value
