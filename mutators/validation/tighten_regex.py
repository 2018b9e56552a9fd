"""tighten-regex: a pattern that rejects what it should accept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import argument, call_name, dotted
from bugbash.mutation.regex import Narrowing, narrowings

FUNCTIONS = (
    "compile",
    "match",
    "search",
    "fullmatch",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
)
CALLS = frozenset(f"{module}.{name}" for module in ("re", "regex") for name in FUNCTIONS)
VALIDATORS = frozenset({"Regexp", "Regex", "RegexValidator", "RegexField"})
KEYWORDS = frozenset({"pattern", "regex", "regexp"})
FLAGS = frozenset({"IGNORECASE", "I", "MULTILINE", "M", "DOTALL", "S"})
EFFECTS = {"VERBOSE": re.X, "X": re.X, "IGNORECASE": re.I, "I": re.I}
ANCHORED_AT_END = ("$", r"\Z", r"\z", r"\b")
END_MATTERS = frozenset({"match", "search", "compile", "pattern", *VALIDATORS})
Text = cst.SimpleString | cst.ConcatenatedString


class TightenRegex(Mutator):
    name = "tighten-regex"
    family = "validation"
    trait = "text"
    summary = "A pattern is a little too strict: input that should be accepted no longer matches."
    models = (
        "The e-mail check that rejects `+`, the code that must be lower case, the missing digit."
    )
    explanation = (
        "The pattern has to accept every form that real input takes, the rare ones too. Try the "
        "rejected input against each part of the pattern in turn: the first part that fails is it."
    )
    examples = (
        Example(
            """
            import re
            EMAIL = re.compile(r"[a-z.+-]+@x")
            """,
            """
            import re
            EMAIL = re.compile(r"[a-z+-]+@x")
            """,
            """
            import re
            EMAIL = re.compile(r"[a-z.+]+@x")
            """,
            """
            import re
            EMAIL = re.compile(r"[a-z.-]+@x")
            """,
        ),
        Example(
            're.fullmatch("[A-Za-z0-9_]{2,30}", name)',
            're.fullmatch("[a-z0-9_]{2,30}", name)',
            're.fullmatch("[A-Za-z_]{2,30}", name)',
            're.fullmatch("[A-Za-z0-9]{2,30}", name)',
            're.fullmatch("[A-Za-z0-9_]{3,30}", name)',
            're.fullmatch("[A-Za-z0-9_]{2,29}", name)',
        ),
        Example(
            'CODE = re.compile(r"^[a-z]+$", re.IGNORECASE)',
            'CODE = re.compile(r"^[a-z]+$")',
        ),
        Example(
            'HEAD = re.compile(r"^From:$", flags=re.I | re.M)',
            'HEAD = re.compile(r"^From:$", flags=re.M)',
            'HEAD = re.compile(r"^From:$", flags=re.I)',
        ),
        Example(
            r'ok = re.match(r"\d+(\.\d+)?$", text)',
            r'ok = re.match(r"\d+(\.\d+)$", text)',
        ),
        Example(
            r'parts = re.split("\\s*,\\s*", line)',
            r'parts = re.split("\\s+,\\s*", line)',
            r'parts = re.split("\\s*,\\s+", line)',
        ),
        Example(
            r"""
            PHONE = r"\+?\d+"


            def valid(text):
                return re.fullmatch(PHONE, text)
            """,
            r"""
            PHONE = r"\+\d+"


            def valid(text):
                return re.fullmatch(PHONE, text)
            """,
        ),
        Example(
            r'''
            TAG = re.compile(
                r"""
                [a-z:]+  # [name?]
                \Z
                """,
                re.VERBOSE,
            )
            ''',
            r'''
            TAG = re.compile(
                r"""
                [a-z]+  # [name?]
                \Z
                """,
                re.VERBOSE,
            )
            ''',
        ),
        Example(
            "HEX = re.compile(rb'^0[xX]' b'[0-9]+$')",
            "HEX = re.compile(rb'^0X' b'[0-9]+$')",
            "HEX = re.compile(rb'^0x' b'[0-9]+$')",
        ),
        Example(
            r'parts = re.split("[\\s,]+", line), re.split(r"[.,]", line)',
            r'parts = re.split(",+", line), re.split(r"[.,]", line)',
            r'parts = re.split("\\s+", line), re.split(r"[.,]", line)',
            r'parts = re.split("[\\s,]+", line), re.split(r",", line)',
            r'parts = re.split("[\\s,]+", line), re.split(r"\.", line)',
        ),
        Example(
            'slug: str = Field(pattern=r"^[a-z-]+")',
            'slug: str = Field(pattern=r"^[a-z]+")',
            'slug: str = Field(pattern=r"^[a-z-]+$")',
        ),
        Example(
            r'year = re.search(r"\d{4}", text)',
            r'year = re.match(r"\d{4}", text)',
            r'year = re.search(r"^\d{4}", text)',
        ),
        Example(
            'NAME = re.compile(r"[A-Za-z ]$", re.I)',
            'NAME = re.compile(r"[A-Za-z]$", re.I)',
            'NAME = re.compile(r"[A-Za-z ]$")',
        ),
        Example('word = re.compile(r"[^a-z+]$")'),
        Example('not_x = re.fullmatch(r"(?!a*b).", text)'),
        Example('label = "[a-z.+-]*"'),
        Example('parts = "a-b".split("[-+]")'),
        Example('shape = re.compile(f"[{chars}+]$")'),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.SimpleString):
            yield from _narrower_strings(node, context)
        elif isinstance(node, cst.Arg) and _is_flag(node.value) and _takes_flags(context):
            yield cst.RemoveFromParent()
        elif isinstance(node, cst.BinaryOperation) and _takes_flags(context):
            yield from _fewer_flags(node)
        elif isinstance(node, cst.Call):
            yield from _stricter_function(node)


def _narrower_strings(node: cst.SimpleString, context: Context) -> Iterator[Faulty]:
    whole, place = _whole(context)
    use = _use(whole, place)
    if use is None:
        return
    flags = _flags(place) | (re.VERBOSE if "\n" in node.raw_value else 0)
    pieces = _pieces(node)
    pattern = "".join(char for _, char in pieces)
    for found in (*narrowings(pattern, flags), *_anchors(pattern, whole, node, use)):
        faulty = node.with_changes(value=_spliced(node, pieces, found))
        if _still_compiles(whole, node, faulty, flags):
            yield faulty


def _whole(context: Context) -> tuple[Text, Context]:
    """The literal that a string is part of ("a" "b" is one literal), and its place."""
    place = context
    while place.outer and isinstance(place.outer.node, cst.ConcatenatedString):
        place = place.outer
    assert isinstance(place.node, Text)
    return place.node, place


def _use(whole: Text, place: Context) -> str | None:
    """The function that the literal reaches as a pattern; None where it is no pattern."""
    parent = place.parent
    if isinstance(parent, cst.Arg) and place.outer:
        call = place.outer.parent
        return _pattern_call(call, parent) if isinstance(call, cst.Call) else None
    if isinstance(parent, (cst.Assign, cst.AnnAssign)) and whole is parent.value:
        target = parent.targets[0].target if isinstance(parent, cst.Assign) else parent.target
        *_, module = place.chain
        return _pattern_names(module).get(dotted(target)) if dotted(target) else None
    return None


def _pattern_call(call: cst.Call, arg: cst.Arg) -> str | None:
    name = call_name(call)
    if arg.keyword and arg.keyword.value in KEYWORDS:
        return name.rpartition(".")[2] if name in CALLS else "pattern"
    known = name in CALLS or name.rpartition(".")[2] in VALIDATORS
    return name.rpartition(".")[2] if known and argument(call, 0, "pattern") is arg else None


@lru_cache(maxsize=1)
def _pattern_names(module: Context) -> dict[str, str]:
    """The names that the module passes as patterns, with the function that gets them."""
    found: dict[str, str] = {}
    for context in module.inside():
        if isinstance(context.node, cst.Call) and call_name(context.node) in CALLS:
            arg = argument(context.node, 0, "pattern")
            if arg and dotted(arg.value):
                found.setdefault(dotted(arg.value), call_name(context.node).rpartition(".")[2])
    return found


def _flags(place: Context) -> int:
    """The flags that matter here, as the call says them."""
    call = place.outer.parent if place.outer else None
    if not isinstance(call, cst.Call):
        return 0
    flags = 0
    for arg in call.args:
        flags |= _flag_value(arg.value)
    return flags


def _flag_value(node: cst.CSTNode) -> int:
    if isinstance(node, cst.BinaryOperation):
        return _flag_value(node.left) | _flag_value(node.right)
    module, _, name = dotted(node).rpartition(".")
    return EFFECTS.get(name, 0) if module in ("re", "regex") else 0


def _pieces(node: cst.SimpleString) -> list[tuple[str, str]]:
    """The literal's source between its quotes, cut up: a piece of source for every character."""
    body = node.raw_value
    if "r" in node.prefix or "\\" not in body:
        return [(char, char) for char in body]
    cuts = re.findall(r"\\(?:x..|u....|U.{8}|N\{[^}]*\}|[0-7]{1,3}|\r\n|.)|.", body, re.DOTALL)
    return [pair for cut in cuts for pair in _piece(cut)]


def _piece(cut: str) -> list[tuple[str, str]]:
    if len(cut) == 1:
        return [(cut, cut)]
    value = ast.literal_eval(f'"{cut}"') if cut[1] not in "\r\n\"'" else cut[1:].strip("\r\n")
    return [(cut, value)] if len(value) == 1 else [(char, char) for char in cut] * bool(value)


def _spliced(node: cst.SimpleString, pieces: list[tuple[str, str]], found: Narrowing) -> str:
    source = [piece for piece, _ in pieces]
    text = found.text if "r" in node.prefix.lower() else found.text.replace("\\", "\\\\")
    body = "".join(source[: found.start]) + text + "".join(source[found.end :])
    return f"{node.value[: len(node.prefix)]}{node.quote}{body}{node.quote}"


def _anchors(pattern: str, whole: Text, node: cst.SimpleString, use: str) -> Iterator[Narrowing]:
    """An anchor where a whole literal has none and the function does not imply it."""
    if whole is not node or "|" in pattern or "\n" in pattern or not pattern:
        return
    if use == "search" and not pattern.startswith(("^", r"\A", r"\b", "(?")):
        yield Narrowing(0, 0, "^")
    from_start = use == "match" or pattern.startswith("^")
    open_ended = use in END_MATTERS and not pattern.endswith(ANCHORED_AT_END)
    if from_start and open_ended:
        yield Narrowing(len(pattern), len(pattern), "$")


def _still_compiles(whole: Text, node: cst.SimpleString, new: cst.CSTNode, flags: int) -> bool:
    code = whole.deep_replace(node, new) if whole is not node else new
    assert isinstance(code, Text)
    try:
        value = code.evaluated_value
        return value is not None and bool(re.compile(value, flags))
    except (re.error, SyntaxError, ValueError, RecursionError):
        return False


def _is_flag(node: cst.CSTNode) -> bool:
    module, _, name = dotted(node).rpartition(".")
    return module in ("re", "regex") and name in FLAGS


def _takes_flags(context: Context) -> bool:
    calls = (node for node in context.ancestors if isinstance(node, cst.Call))
    return call_name(next(calls, context.module)) in CALLS


def _fewer_flags(node: cst.BinaryOperation) -> Iterator[Faulty]:
    if not isinstance(node.operator, cst.BitOr):
        return
    if _is_flag(node.left):
        yield node.right
    if _is_flag(node.right):
        yield node.left


def _stricter_function(call: cst.Call) -> Iterator[Faulty]:
    """`re.search` becomes `re.match`, where the pattern does not begin with an anchor anyway."""
    arg = argument(call, 0, "pattern")
    func = call.func
    if call_name(call) != "re.search" or arg is None or not isinstance(func, cst.Attribute):
        return
    literal = arg.value.raw_value if isinstance(arg.value, cst.SimpleString) else ""
    if literal and not literal.startswith(("^", r"\A")):
        yield call.with_changes(func=func.with_changes(attr=cst.Name("match")))
