"""hard-coded-separator: paths and lines are put together and taken apart by hand."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.imports import leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.paths import is_path, joined
from bugbash.mutation.quotes import literal, slashed
from bugbash.mutation.verdicts import is_cosmetic, is_test
from bugbash.mutation.vocabulary import vocabulary

JOINS = frozenset({"os.path.join", "path.join", "osp.join", "posixpath.join"})
LONG = 60
"""Characters from which on nobody would have joined a path on one line."""
BYTES = vocabulary("data raw buffer payload blob bytes encode read_bytes stdout stderr output")
"""Names of what may well be bytes, which can't be split at a text."""
SEPARATORS = {"os.sep": "/", "os.path.sep": "/", "os.linesep": r"\n"}


class HardCodedSeparator(Mutator):
    name = "hard-coded-separator"
    family = "platform"
    trait = "return"
    summary = "A path or text is cut or joined at a fixed character: it fits the usual case only."
    models = '`split("\\n")` keeps an empty last line and `\\r`; `a + "/" + b` an absolute `b`.'
    explanation = (
        "`splitlines`, `os.path.join` and `pathlib` know the cases that a fixed separator forgets: "
        "the last line end, Windows line ends, absolute paths, several dots. Try those, and print "
        "the pieces as a list."
    )
    examples = (
        Example(
            """
            for line in text.splitlines():
                parse(line)
            """,
            """
            for line in text.split("\\n"):
                parse(line)
            """,
        ),
        Example(
            "rows = [row for row in path.read_text().splitlines()]  # 'all'\nend = 'x'",
            "rows = [row for row in path.read_text().split('\\n')]  # 'all'\nend = 'x'",
        ),
        Example(
            'target = os.path.join(folder, "pages", name)  # on disk',
            'target = f"{folder}/pages/{name}"  # on disk',
        ),
        Example(
            "target = os.path.join(self.root, name)",
            'target = f"{self.root}/{name}"',
        ),
        Example(
            "command = ['ls', str(root / name / 'x')]",
            "command = ['ls', f'{root}/{name}/x']",
        ),
        Example(
            "key = path.parts[0]",
            'key = str(path).split("/")[0]',
        ),
        Example(
            "title = path.stem",
            'title = path.name.split(".")[0]',
        ),
        Example(
            "base = os.path.splitext(name)[0]",
            'base = name.split(".")[0]',
        ),
        Example(
            "name = path.relative_to(root).as_posix()",
            "name = str(path.relative_to(root))",
        ),
        Example(
            "parts = name.split(os.sep)",
            'parts = name.split("/")',
        ),
        Example("lines = text.splitlines(keepends=True)"),
        Example("lines = data.splitlines()"),
        Example("target = os.path.join(*parts)"),
        Example("target = os.path.join(folder, 'index.html')"),
        Example("target = os.path.join(folder, name + suffix)"),
        Example("raise ValueError(os.path.join(folder, name))"),
        Example("size = self.parts[0]"),
        Example("ratio = str(total / count)"),
        Example("word = token.stem"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        found: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            found = _of_call(node, context)
        elif isinstance(node, cst.Attribute):
            found = _of_attribute(node, context)
        elif isinstance(node, cst.Subscript):
            found = _unsplit(node, context)
        if found is not None and not is_cosmetic(context):
            yield found


def _of_call(call: cst.Call, context: Context) -> cst.BaseExpression | None:
    func = call.func
    if call_name(call) in JOINS:
        plain = not any(arg.star or arg.keyword for arg in call.args) and len(call.args) > 1
        plain = plain and not isinstance(call.args[-1].value, cst.SimpleString)
        idle = isinstance(func, cst.Attribute) and leaves_idle(context, func)
        found = slashed([arg.value for arg in call.args], context) if plain and not idle else None
        return found if found and len(cst.Module([]).code_for_node(found)) < LONG else None
    if call_name(call) in ("str", "os.fspath") and len(call.args) == 1:
        parts = joined(call.args[0].value)
        is_joined = len(parts) > 1 and is_path(parts[0], context)
        return slashed(parts, context) if is_joined else None
    if not isinstance(func, cst.Attribute) or call.args:
        return None
    if func.attr.value == "splitlines" and not _may_be_bytes(func.value):
        split = func.with_changes(attr=cst.Name("split"))
        return call.with_changes(func=split, args=[cst.Arg(literal(r"\n", context))])
    if func.attr.value == "as_posix":
        plain_path = func.value.with_changes(lpar=[], rpar=[])
        return call.with_changes(func=cst.Name("str"), args=[cst.Arg(plain_path)])
    return None


def _may_be_bytes(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.SimpleString):
        return True
    name = (dotted(node) or call_name(node)).rpartition(".")[2].lower()
    return name in BYTES or name.rpartition("_")[2] in BYTES


def _of_attribute(node: cst.Attribute, context: Context) -> cst.BaseExpression | None:
    name = dotted(node)
    if name in SEPARATORS:
        idle = leaves_idle(context, node) or isinstance(
            context.parent, (cst.Element, cst.Comparison)
        )
        return None if idle else literal(SEPARATORS[name], context)
    if node.attr.value not in ("parts", "stem") or not _names_path(node.value, context):
        return None
    if isinstance(context.parent, (cst.AssignTarget, cst.Attribute, cst.Call)) or is_test(context):
        return None
    if node.attr.value == "stem":
        return _first_piece(node.with_changes(attr=cst.Name("name")), context)
    text = cst.Call(cst.Name("str"), [cst.Arg(node.value)])
    return _split(text, "/", context)


def _names_path(node: cst.BaseExpression, context: Context) -> bool:
    name = dotted(node).rpartition(".")[2]
    return is_path(node, context) or name in ("file", "filename", "source", "relative", "p")


def _split(text: cst.BaseExpression, separator: str, context: Context) -> cst.Call:
    arg = cst.Arg(literal(separator, context))
    return cst.Call(cst.Attribute(text, cst.Name("split")), [arg])


def _first_piece(name: cst.BaseExpression, context: Context) -> cst.Subscript:
    index = cst.SubscriptElement(cst.Index(cst.Integer("0")))
    return cst.Subscript(_split(name, ".", context), [index])


def _unsplit(node: cst.Subscript, context: Context) -> cst.BaseExpression | None:
    """`os.path.splitext(name)[0]` becomes `name.split(".")[0]`."""
    call, index = node.value, node.slice[0].slice
    if not isinstance(call, cst.Call) or call_name(call) not in ("os.path.splitext", "splitext"):
        return None
    place = index.value if isinstance(index, cst.Index) else None
    if not isinstance(place, cst.Integer) or place.value != "0" or len(call.args) != 1:
        return None
    name = call.args[0].value
    plain = isinstance(name, (cst.Name, cst.Attribute, cst.Call, cst.Subscript))
    idle = leaves_idle(context, call.func)
    return _first_piece(name, context) if plain and not idle else None
