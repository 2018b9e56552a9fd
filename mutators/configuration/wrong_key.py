"""wrong-key: a setting is looked up under a neighbouring name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.names import function_of
from bugbash.mutation.setting_values import is_holder
from bugbash.mutation.twins import repeats
from bugbash.mutation.words import alike, is_pair, words

KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*")
OF_ONE_KIND = frozenset(
    {"number", "flag", "switch", "count", "integer", "getint", "getfloat", "getboolean", "amount"}
)
"""Getters whose name says what kind of value comes out."""
GETTERS = frozenset({"get", "getenv", "getint", "getfloat", "getboolean", "setdefault", "pop"})
SOURCES = frozenset({"environ", "env", "section", "parser", "values", "table", "document"})
Place = tuple[str, str, int]
"""What is asked, the keys before, and the position of the key."""


class WrongKey(Mutator):
    name = "wrong-key"
    family = "configuration"
    trait = "text"
    summary = "A setting is looked up under the name of another one, or under none that exists."
    models = "`config['write_timeout']` for the read timeout: a line was copied and half changed."
    explanation = (
        "The key must be the one that the settings file, the environment or the sender uses. "
        "Compare it letter by letter with where it is written, and with the variable it goes to."
    )
    examples = (
        Example(
            """
            read = config["read_timeout"]
            write = config["write_timeout"]  # in seconds
            """,
            """
            read = config["write_timeout"]
            write = config["write_timeout"]  # in seconds
            """,
            """
            read = config["read_timeout"]
            write = config["read_timeout"]  # in seconds
            """,
        ),
        Example(
            """
            def span(row):
                return row.get('start_date'), row.get('end_date', None)
            """,
            """
            def span(row):
                return row.get('end_date'), row.get('end_date', None)
            """,
            """
            def span(row):
                return row.get('start_date'), row.get('start_date', None)
            """,
        ),
        Example(
            """
            def load(source):
                batch = source.number("worker", "batch", 20)
                tries = source.number("worker", "max_attempts", 5)
                return batch, tries, source.number("mail", "port", 25)
            """,
            """
            def load(source):
                batch = source.number("worker", "max_attempts", 20)
                tries = source.number("worker", "max_attempts", 5)
                return batch, tries, source.number("mail", "port", 25)
            """,
            """
            def load(source):
                batch = source.number("worker", "batch", 20)
                tries = source.number("worker", "batch", 5)
                return batch, tries, source.number("mail", "port", 25)
            """,
        ),
        Example(
            """
            def span(row):
                first = row["start_date"]
                if "end_date" in row:
                    return first, row["end_date"]
                return first, first
            """,
            """
            def span(row):
                first = row["start_date"]
                if "end_date" in row:
                    return first, row["start_date"]
                return first, first
            """,
        ),
        Example("size = settings['max-size']", "size = settings['max_size']"),
        Example("host = os.environ.get('APP_HOST_NAME')", "host = os.environ.get('APP_HOSTNAME')"),
        Example("name = row['name'] + row['price']"),
        Example("host = config['host']"),
        Example("config['read_timeout'] = config['write_timeout']"),
        Example("name = 'read_timeout' + 'write_timeout'"),
        Example("parts = (row['x y'], row['x z'])"),
        Example("day = date(int(match['year']), int(match['month']), 1)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.SimpleString) or node.prefix or len(node.quote) != 1:
            return
        if not KEY.fullmatch(str(node.raw_value)):
            return
        place = _place(context)
        if place is None or _is_stored(context):
            return
        other = _other(str(node.raw_value), place, context)
        if other is not None:
            made = node.with_changes(value=f"{node.quote}{other}{node.quote}")
            if not repeats(context, made):
                yield made


def _place(context: Context) -> Place | None:
    """Where the key is looked up; None where the text is no key."""
    outer = context.outer
    if outer is None or outer.outer is None:
        return None
    if isinstance(outer.node, cst.Index):
        around = next((c.node for c in outer.chain if isinstance(c.node, cst.Subscript)), None)
        name = dotted(around.value) if isinstance(around, cst.Subscript) else ""
        single = isinstance(around, cst.Subscript) and len(around.slice) == 1
        return (_owner(name), "", 0) if name and single else None
    call = outer.outer.node
    if not isinstance(outer.node, cst.Arg) or not isinstance(call, cst.Call) or outer.node.keyword:
        return None
    index = next(i for i, each in enumerate(call.args) if each is outer.node)
    before = [arg.value for arg in call.args[:index]]
    if not all(isinstance(value, cst.SimpleString) for value in before):
        return None
    keys = "/".join(str(v.raw_value) for v in before if isinstance(v, cst.SimpleString))
    return _called(call, keys, index)


def _called(call: cst.Call, keys: str, index: int) -> Place | None:
    name = dotted(call.func)
    owner, _, method = name.rpartition(".")
    if method in GETTERS:
        return (_owner(owner), keys, index) if owner and index == 0 else None
    if method in OF_ONE_KIND or (index == 1 and len(call.args) > 2):
        return method, keys, index
    return None


def _owner(name: str) -> str:
    """`config` for `self.config` and `config`: the same object under two names."""
    return name.removeprefix("self.").lstrip("_")


def _is_stored(context: Context) -> bool:
    """Whether the key is written, or the same statement writes under another one."""
    statement = context.statement.node
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    for small in statement.body:
        if isinstance(small, cst.Assign):
            return any(isinstance(target.target, cst.Subscript) for target in small.targets)
        if isinstance(small, (cst.AugAssign, cst.Del)):
            return True
    return False


def _other(key: str, place: Place, context: Context) -> str | None:
    known = [other for other in _keys(context.root).get(place, ()) if other != key]
    if not _may_miss(key, context):
        known = [other for other in known if not _may_miss(other, context)]
    likely = [other for other in known if is_pair(key, other) or alike(key, other)]
    if likely:
        return next((other for other in likely if is_pair(key, other)), likely[0])
    if known and place[0] in OF_ONE_KIND and place[2] > 0:
        return known[0]
    source = place[0].rpartition(".")[2]
    return _variant(key) if is_holder(source) or source in SOURCES else None


def _may_miss(key: str, context: Context) -> bool:
    """Whether the function asks if the key is there: nobody takes it for one that always is."""
    around = function_of(context) or context.root
    return any(
        isinstance(c.node, cst.Comparison)
        and isinstance(c.node.left, cst.SimpleString)
        and c.node.left.raw_value == key
        and isinstance(c.node.comparisons[0].operator, (cst.In, cst.NotIn))
        for c in around.inside()
    )


def _variant(key: str) -> str | None:
    """The same key in another spelling: `max-size` and `max_size`, `HOST_NAME` and `HOSTNAME`."""
    if "-" in key:
        return key.replace("-", "_")
    head, _, tail = key.rpartition("_")
    if head and key.isupper() and "_" in head:
        return f"{head}{tail}"
    return key.replace("_", "-") if "_" in key and not key.isupper() else None


@lru_cache(maxsize=4)
def _keys(root: Context) -> dict[Place, tuple[str, ...]]:
    """Every key of the module by where it is looked up, each once, in source order."""
    found: dict[Place, dict[str, None]] = {}
    for context in root.inside():
        node = context.node
        if isinstance(node, cst.SimpleString) and KEY.fullmatch(str(node.raw_value)):
            place = _place(context)
            if place is not None and words(str(node.raw_value)):
                found.setdefault(place, {})[str(node.raw_value)] = None
    return {place: tuple(keys) for place, keys in found.items()}
