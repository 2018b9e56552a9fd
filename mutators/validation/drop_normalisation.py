"""drop-normalisation: input is compared as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted, is_lone, positional
from bugbash.mutation.twins import repeats
from bugbash.mutation.verdicts import is_cosmetic
from bugbash.mutation.wrapping import instead, sets_itself

TRIMMING = frozenset({"strip", "lstrip", "rstrip"})
PLAIN = frozenset({"lower", "upper", "casefold"})
CUTTING = frozenset({"removeprefix", "removesuffix"})
SEPARATORS = frozenset(" -_.,:/'\t\r\n")
"""Characters that people write in numbers, codes and names, or leave out."""
TELLING = ("clean", "strip", "trim", "norm", "lower", "upper", "fold", "plain", "canon", "bare")
"""Parts of names that would contradict a value that is left as it is."""
WRAPPERS = {
    "unicodedata.normalize": 1,
    "os.path.normpath": 0,
    "os.path.normcase": 0,
    "posixpath.normpath": 0,
    "html.unescape": 0,
}
"""Functions that bring their argument (of that number) into one form."""
TOLERANT = frozenset(
    {
        "int",
        "float",
        "complex",
        "Decimal",
        "decimal.Decimal",
        "Fraction",
        "json.loads",
        "shlex.split",
        "bytes.fromhex",
        "bytearray.fromhex",
    }
)
"""Functions for which white space around their argument makes no difference."""

KINDS: dict[type[cst.BaseComp], str] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.DictComp: "dict",
}


class DropNormalisation(Mutator):
    name = "drop-normalisation"
    family = "validation"
    trait = "return"
    summary = "Input is taken as it was typed: with a space, a capital or a dash it is refused."
    models = (
        "`strip`, `lower` or `removeprefix` was forgotten: a correct value in another spelling."
    )
    explanation = (
        "People type spaces, capitals and separators; what is compared or looked up must be in one "
        "form. Print the refused value with `repr` beside the one it should have matched."
    )
    examples = (
        Example(
            "key = text.strip().lower()",
            "key = text.lower()",
            "key = text.strip()",
        ),
        Example(
            """
            def find(self, code):
                # Codes are printed in groups.
                code = code.replace("-", "")
                return self._codes.get(code.upper())
            """,
            """
            def find(self, code):
                # Codes are printed in groups.
                return self._codes.get(code.upper())
            """,
            """
            def find(self, code):
                # Codes are printed in groups.
                code = code.replace("-", "")
                return self._codes.get(code)
            """,
        ),
        Example(
            """
            if a.casefold() == b.casefold():
                merge(a, b)
            """,
            """
            if a == b.casefold():
                merge(a, b)
            """,
            """
            if a.casefold() == b:
                merge(a, b)
            """,
        ),
        Example(
            "names = [part.strip() for part in text.split(',')]",
            "names = text.split(',')",
        ),
        Example(
            "names = {name.lower() for name in known}  # for the look-up",
            "names = set(known)  # for the look-up",
        ),
        Example(
            "rows = [line.rstrip('\\n') for line in file if line.strip()]",
            "rows = [line for line in file if line.strip()]",
            "rows = [line.rstrip('\\n') for line in file if line]",
        ),
        Example(
            "words = set(map(str.lower, words))",
            "words = set(words)",
        ),
        Example(
            "same = unicodedata.normalize('NFC', name) == known",
            "same = name == known",
        ),
        Example(
            """
            value = (
                text
                .removeprefix("v")
                .strip()
            )
            """,
            """
            value = (
                text
                .strip()
            )
            """,
            """
            value = (
                text
                .removeprefix("v")
            )
            """,
        ),
        Example(
            "kind = (given or default).lower()",
            "kind = given or default",
        ),
        Example(
            "cells = {name: cell.strip() for name, cell in zip(names, row)}",
            "cells = dict(zip(names, row))",
        ),
        Example("cleaned = text.strip()"),
        Example("amount = int(text.strip())"),
        Example("words = line.strip().split()"),
        Example("rows.sort(key=lambda row: row.lower())"),
        Example("print(title.upper())"),
        Example("raise ValueError(name.strip())"),
        Example("label = name.replace('cat', 'dog')"),
        Example("first = 'abc'.upper()"),
        Example("""
            def __repr__(self):
                return self.name.lower()
            """),
        Example("indent = len(text) - len(text.lstrip())"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Call):
            inner = _unnormalised(node)
            if inner is None or repeats(context, inner):
                return
            if not _makes_no_difference(node, inner, context):
                yield instead(node, inner, context)
        elif isinstance(node, (cst.BaseSimpleComp, cst.DictComp)):
            found = _without_loop(node, context)
            if found and not is_cosmetic(context):
                yield found
        elif isinstance(node, cst.Assign) and isinstance(node.value, cst.Call):
            inner = _unnormalised(node.value)
            if inner is not None and _is_same_name(node, inner) and not is_lone(context):
                yield cst.RemoveFromParent()


def _unnormalised(call: cst.Call) -> cst.BaseExpression | None:
    """What the call brings into one form; None where it does no such thing."""
    func = call.func
    place = WRAPPERS.get(call_name(call))
    if place is not None:
        arguments = positional(call)
        return arguments[place].value if place < len(arguments) else None
    if call_name(call) == "map" and len(call.args) == 2:
        owner, _, method = dotted(call.args[0].value).rpartition(".")
        return call.args[1].value if owner == "str" and method in TRIMMING | PLAIN else None
    if not isinstance(func, cst.Attribute) or not _normalises(func.attr.value, call.args):
        return None
    literal = isinstance(func.value, (cst.SimpleString, cst.FormattedString))
    return None if literal or dotted(func.value) == "str" else func.value


def _normalises(method: str, args: Sequence[cst.Arg]) -> bool:
    if method in PLAIN:
        return not args
    if method in TRIMMING | CUTTING:
        return len(args) == 1 or (not args and method in TRIMMING)
    if method != "replace" or len(args) != 2:
        return False
    old, new = (_literal(arg) for arg in args)
    return bool(old) and new is not None and set(old or "") <= SEPARATORS and len(new) <= 1


def _literal(arg: cst.Arg) -> str | None:
    value = arg.value.evaluated_value if isinstance(arg.value, cst.SimpleString) else None
    return value if isinstance(value, str) and not arg.keyword else None


def _is_same_name(node: cst.Assign, inner: cst.BaseExpression) -> bool:
    names = [dotted(target.target) for target in node.targets]
    return names == [dotted(inner)] and names != [""]


def _makes_no_difference(node: cst.Call, inner: cst.BaseExpression, context: Context) -> bool:
    if sets_itself(inner, context) or is_cosmetic(context) or _contradicts(inner, context):
        return True
    parent = context.parent
    if isinstance(parent, (cst.BaseSimpleComp, cst.DictComp)) and _only_passes_on(parent, inner):
        return True
    return not node.args and call_name(node).rpartition(".")[2] in TRIMMING and _is_trimmed(context)


def _is_trimmed(context: Context) -> bool:
    """Whether white space around the value does not count: `int(x.strip())`, `.strip().split()`."""
    parent, outer = context.parent, context.outer
    user = outer.parent if outer else None
    if isinstance(parent, cst.Arg) and isinstance(user, cst.Call):
        return call_name(user) in TOLERANT
    if isinstance(parent, cst.Attribute) and isinstance(user, cst.Call):
        return parent.attr.value in ("split", "strip") and not user.args
    return False


def _contradicts(inner: cst.BaseExpression, context: Context) -> bool:
    """`cleaned = text` would say what is missing."""
    parent = context.parent
    if not isinstance(parent, cst.Assign) or not dotted(inner):
        return False
    name = dotted(parent.targets[0].target).lower()
    return any(word in name for word in TELLING)


def _only_passes_on(node: cst.BaseComp, inner: cst.BaseExpression) -> bool:
    """`[x for x in y]`: `_without_loop` has a better way to write that."""
    assert isinstance(node, (cst.BaseSimpleComp, cst.DictComp))
    loop = node.for_in
    if loop.ifs or not dotted(inner):
        return False
    if isinstance(node, cst.DictComp):
        target = loop.target
        pair = target.elements if isinstance(target, cst.Tuple) else ()
        return [dotted(each.value) for each in pair] == [dotted(node.key), dotted(inner)]
    return dotted(loop.target) == dotted(inner)


def _without_loop(
    node: cst.BaseSimpleComp | cst.DictComp, context: Context
) -> cst.BaseExpression | None:
    """`text.split(",")` for `[part.strip() for part in text.split(",")]`."""
    loop = node.for_in
    made = node.value if isinstance(node, cst.DictComp) else node.elt
    if not isinstance(made, cst.Call) or loop.ifs or loop.inner_for_in or loop.asynchronous:
        return None
    inner = _unnormalised(made)
    if inner is None or not _only_passes_on(node, inner):
        return None
    if isinstance(node, cst.GeneratorExp):
        return loop.iter if isinstance(context.parent, cst.Arg) else None
    if isinstance(node, cst.ListComp) and call_name(loop.iter).endswith("split"):
        return loop.iter
    kind = KINDS[type(node)]
    return cst.Call(func=cst.Name(kind), args=[cst.Arg(loop.iter)])
