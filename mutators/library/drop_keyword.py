"""drop-keyword: an option of a call is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

import libcst as cst

from bugbash.mutation.calls import (
    called_function,
    leaves_unused,
    method_name,
    parameter,
    same_code,
    takes_first_parts,
)
from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator

_DUMP = frozenset({"dump", "dumps"})
_CHOICE = frozenset({"sorted", "sort", "min", "max", "nsmallest", "nlargest", "groupby"})
_PATTERN = frozenset(
    {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
)
_CSV = frozenset({"reader", "writer", "DictReader", "DictWriter"})
_PROCESS = frozenset({"run", "Popen", "call", "check_call", "check_output"})
OPTIONS: dict[str, frozenset[str]] = {
    "key": _CHOICE | {"bisect_left", "bisect_right", "insort", "merge"},
    "reverse": frozenset({"sorted", "sort", "merge"}),
    "default": frozenset({"min", "max", *_DUMP}),
    "maxsplit": frozenset({"split", "rsplit"}),
    "strict": frozenset({"zip", "resolve"}),
    "indent": _DUMP,
    "sort_keys": _DUMP,
    "ensure_ascii": _DUMP,
    "separators": _DUMP,
    "allow_nan": _DUMP,
    "parse_float": frozenset({"load", "loads"}),
    "object_hook": frozenset({"load", "loads"}),
    "object_pairs_hook": frozenset({"load", "loads"}),
    "count": frozenset({"sub", "subn"}),
    "start": frozenset({"enumerate", "sum", "count"}),
    "flags": _PATTERN,
    "keepends": frozenset({"splitlines"}),
    "fillvalue": frozenset({"zip_longest"}),
    "rounding": frozenset({"quantize", "to_integral_value"}),
    "delimiter": _CSV,
    "quoting": _CSV,
    "quotechar": _CSV,
    "lineterminator": _CSV,
    "extrasaction": _CSV,
    "restval": _CSV,
    "fieldnames": frozenset({"DictReader"}),
    "check": _PROCESS,
    "cwd": _PROCESS,
    "env": _PROCESS,
    "end": frozenset({"print"}),
    "sep": frozenset({"print"}),
    "repeat": frozenset({"product"}),
    "initial": frozenset({"accumulate", "reduce"}),
    "fold": frozenset({"replace"}),
    "compare": frozenset({"field"}),
    "maxlen": frozenset({"deque"}),
    "maxsize": frozenset({"Queue", "LifoQueue", "PriorityQueue"}),
    "keep_blank_values": frozenset({"parse_qs", "parse_qsl"}),
    "quote_via": frozenset({"urlencode"}),
    "doseq": frozenset({"urlencode"}),
    "safe": frozenset({"quote", "quote_plus"}),
    "posix": frozenset({"split"}),
    "subsequent_indent": frozenset({"TextWrapper", "wrap", "fill"}),
    "break_long_words": frozenset({"TextWrapper", "wrap", "fill"}),
    "timespec": frozenset({"isoformat"}),
}
"""Keyword, and the functions of the standard library that it means something to."""
ANYWHERE = frozenset({"timeout", "sort_keys", "ensure_ascii"})
"""Options that mean the same to whatever is called."""
NOTHING = frozenset({"None", "False", "0", "()", "[]", "{}", '""', "''"})
"""Values that mostly are the default."""
DECORATORS = frozenset({"order"})


class DropKeyword(Mutator):
    name = "drop-keyword"
    family = "library"
    trait = "argument"
    summary = "An option of a call is missing, and the default is something else."
    models = "`sorted` without its key, `json.dumps` without `sort_keys`, a flag not handed on."
    explanation = (
        "The call needs the option: its default does something else. Look the signature up, and "
        "compare the call with others of the same function; where a function takes an option of "
        "the same name, see that it hands it on."
    )
    examples = (
        Example(
            "rows.sort(key=lambda row: row.name)",
            "rows.sort()",
        ),
        Example(
            "best = sorted(found, key=score, reverse=True)[:3]",
            "best = sorted(found, reverse=True)[:3]",
            "best = sorted(found, key=score)[:3]",
        ),
        Example(
            """
            text = json.dumps(
                value,
                indent=2,  # for people
                sort_keys=True,
            )
            """,
            """
            text = json.dumps(
                value,
                sort_keys=True,
            )
            """,
            """
            text = json.dumps(
                value,
                indent=2,  # for people
            )
            """,
        ),
        Example("first = min(sizes, default=0)", "first = min(sizes)"),
        Example("answer = fetch(url, timeout=30)", "answer = fetch(url)"),
        Example("pattern = re.compile(TEXT, flags=re.DOTALL)", "pattern = re.compile(TEXT)"),
        Example(
            """
            @dataclass(frozen=True, order=True)
            class Version:
                major: int
            """,
            """
            @dataclass(frozen=True)
            class Version:
                major: int
            """,
        ),
        Example(
            """
            @dataclass(order=True)
            class Version:
                major: int
            """,
            """
            @dataclass
            class Version:
                major: int
            """,
        ),
        Example(
            """
            def load(path, strict=False):
                return path, strict

            def load_all(paths, strict):
                check(paths, strict)
                return [load(path, strict=strict) for path in paths]
            """,
            """
            def load(path, strict=False):
                return path, strict

            def load_all(paths, strict):
                check(paths, strict)
                return [load(path) for path in paths]
            """,
        ),
        Example("rows.sort(reverse=False)"),
        Example("option = click.option('--name', default='x')"),
        Example("worker = Worker(key=secret)"),
        Example("answer = fetch(url, timeout=None)"),
        Example("name = line.split('#', maxsplit=1)[0]"),
        Example("""
            def load(path, strict=False):
                return path, strict

            config = load(PATH, strict=False)
            """),
        Example("""
            def run(task):
                limit = task.seconds * 2
                return start(task, timeout=limit)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Arg):
            call = context.parent
            if node.keyword and isinstance(call, cst.Call) and _is_option(call, node, context):
                yield cst.RemoveFromParent()
        elif isinstance(context.parent, cst.Decorator) and _is_only_option(node):
            yield node.func


def _is_option(call: cst.Call, arg: cst.Arg, context: Context) -> bool:
    assert arg.keyword is not None
    name = arg.keyword.value
    if _is_dataclass(call):
        return len(call.args) > 1 and _is_switched_on(arg)
    function = called_function(call, context)
    if function is not None:
        given = parameter(call, arg, function)
        known = given is not None and given.default is not None
        if not known or same_code(given and given.default, arg.value):
            return False
    elif not _is_known(call, name) or (name != "default" and _code(arg.value) in NOTHING):
        return False
    if name == "maxsplit" and context.outer and takes_first_parts(call, arg.value, context.outer):
        return False
    return not leaves_unused(context)


def _is_known(call: cst.Call, name: str) -> bool:
    method = method_name(call)
    if name in ANYWHERE:
        return not method[:1].isupper() or name != "timeout"
    return method in OPTIONS.get(name, ())


def _is_dataclass(call: cst.Call) -> bool:
    return method_name(call) == "dataclass"


def _is_only_option(node: cst.CSTNode) -> TypeGuard[cst.Call]:
    """Whether it is `@dataclass(frozen=True)`: without the option, no brackets either."""
    return (
        isinstance(node, cst.Call)
        and _is_dataclass(node)
        and len(node.args) == 1
        and _is_switched_on(node.args[0])
    )


def _is_switched_on(arg: cst.Arg) -> bool:
    named = arg.keyword is not None and arg.keyword.value in DECORATORS
    return named and _code(arg.value) == "True"


def _code(node: cst.BaseExpression) -> str:
    return cst.Module([]).code_for_node(node)
