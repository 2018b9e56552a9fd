"""case-folded-paths: names of files that differ in their capitals are taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.names import Binding
from bugbash.mutation.nodes import call_name, dotted
from bugbash.mutation.paths import is_file_name, is_path, last_word
from bugbash.mutation.verdicts import is_cosmetic

HOLDERS = frozenset({"path", "file", "entry", "child"})
"""Names of paths, whose `.name` and `.stem` are those of files."""
LOWERING = frozenset({"lower", "casefold", "slugify", "hexdigest", "hex", "token_hex", "isoformat"})
"""Calls whose result has no capitals, or nothing else than digits."""
KEEPING = frozenset({"strip", "lstrip", "rstrip", "replace", "removesuffix", "removeprefix"})
KEEPERS = frozenset({"add", "append", "get", "setdefault", "pop", "discard", "remove"})


class CaseFoldedPaths(Mutator):
    name = "case-folded-paths"
    family = "platform"
    trait = "return"
    summary = "A file name is lower-cased: on most systems the file is another one, or missing."
    models = "Written where `Report.csv` and `report.csv` are one file, run where they are two."
    explanation = (
        "Linux tells `Report.csv` from `report.csv`, macOS and Windows mostly do not: a name has "
        "to be used as the file system gave it. Try a file with a capital in its name, and "
        "compare the name asked for with the listing."
    )
    examples = (
        Example(
            """
            def load(root: Path, name: str):
                return (root / name).read_text()
            """,
            """
            def load(root: Path, name: str):
                return (root / name.lower()).read_text()
            """,
        ),
        Example(
            "target = folder / f'{stem}-{count}.txt'",
            "target = folder / f'{stem.lower()}-{count}.txt'",
        ),
        Example(
            "target = os.path.join(root, filename)  # as it came",
            "target = os.path.join(root, filename.lower())  # as it came",
        ),
        Example(
            "seen.add(path.name)",
            "seen.add(path.name.lower())",
        ),
        Example(
            """
            if path.name == wanted:
                found = path
            """,
            """
            if path.name.lower() == wanted.lower():
                found = path
            """,
        ),
        Example(
            "index = {path.stem: path for path in folder.iterdir()}",
            "index = {path.stem.lower(): path for path in folder.iterdir()}",
        ),
        Example("target = root / 'index.html'"),
        Example("share = price / number"),
        Example("""
            if path.name == "setup.py":
                skip(path)
            """),
        Example("target = root / INDEX_NAME"),
        Example("label = state.name"),
        Example("""
            for name in ("rows", "totals"):
                show(folder / name)
            """),
        Example("""
            def save(folder: Path, key, slug):
                name = key.lower().strip()
                return folder / name, folder / f"{slug}.txt"
            """),
        Example("names.append(target.name)"),
        Example("print(root / name)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Comparison):
            if len(node.comparisons) == 1 and not is_cosmetic(context):
                yield from _both_lowered(node)
            return
        if not isinstance(node, (cst.Name, cst.Attribute)):
            return
        if _is_lower(node, context):
            return
        if _is_below_folder(node, context) or _is_kept_name(node, context):
            yield _lowered(node)


def _lowered(node: cst.BaseExpression) -> cst.Call:
    return cst.Call(cst.Attribute(node, cst.Name("lower")))


def _both_lowered(node: cst.Comparison) -> Iterator[Faulty]:
    """`path.name == other` becomes a comparison that takes no notice of capitals."""
    target = node.comparisons[0]
    sides = (node.left, target.comparator)
    equal = isinstance(target.operator, (cst.Equal, cst.NotEqual))
    if not equal or not any(map(_is_name_of_file, sides)) or not all(map(dotted, sides)):
        return
    if not any(dotted(side).rpartition(".")[2].isupper() for side in sides):
        comparison = target.with_changes(comparator=_lowered(target.comparator))
        yield node.with_changes(left=_lowered(node.left), comparisons=[comparison])


def _is_name_of_file(node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("name", "stem"):
        return False
    return last_word(node.value) in HOLDERS


def _is_lower(node: cst.Name | cst.Attribute, context: Context) -> bool:
    """Whether a name has no capitals as it is: it is called a slug, or was made lower-case."""
    if last_word(node) == "slug":
        return True
    bound = context.names.resolve(context) if isinstance(node, cst.Name) else None
    if bound is None:
        return False
    given = context.names.bound(bound.scope, bound.name)
    return all(each.value is not None and _has_no_capitals(each) for each in given)


def _has_no_capitals(bound: Binding) -> bool:
    value = bound.value
    if bound.sort in ("loop", "comprehension") and isinstance(
        value, (cst.Tuple, cst.List, cst.Set)
    ):
        return all(_is_lower_value(each.value) for each in value.elements)
    return bound.sort == "assignment" and value is not None and _is_lower_value(value)


def _is_lower_value(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.SimpleString):
        return node.raw_value == node.raw_value.lower()
    if isinstance(node, cst.FormattedString):
        return all(
            _is_lower_value(part.expression)
            if isinstance(part, cst.FormattedStringExpression)
            else getattr(part, "value", "") == getattr(part, "value", "").lower()
            for part in node.parts
        )
    if isinstance(node, cst.IfExp):
        return _is_lower_value(node.body) and _is_lower_value(node.orelse)
    last = call_name(node).rpartition(".")[2]
    if last in KEEPING and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _is_lower_value(node.func.value)
    return last in LOWERING


def _is_below_folder(node: cst.Name | cst.Attribute, context: Context) -> bool:
    """Whether a name is joined to a folder: `root / name`, `os.path.join(root, name)`."""
    place = context
    if isinstance(context.parent, cst.FormattedStringExpression) and context.outer:
        if context.parent.format_spec or context.parent.conversion:
            return False
        place = context.outer.outer or context
    if isinstance(place.parent, cst.Arg):
        user = place.outer.parent if place.outer else None
        if user is None or call_name(user) not in ("os.path.join", "path.join"):
            return False
        assert isinstance(user, cst.Call)
        return user.args[0] is not place.parent and _is_plain_name(node, context)
    parent = place.parent
    if not isinstance(parent, cst.BinaryOperation) or parent.right is not place.node:
        return False
    if not isinstance(parent.operator, cst.Divide) or not is_path(parent.left, context):
        return False
    return (
        _is_plain_name(node, context) and place.outer is not None and not is_cosmetic(place.outer)
    )


def _is_plain_name(node: cst.Name | cst.Attribute, context: Context) -> bool:
    return _is_name_of_file(node) or is_file_name(node, context)


def _is_kept_name(node: cst.Name | cst.Attribute, context: Context) -> bool:
    """Whether `path.name` is remembered or looked up."""
    if not _is_name_of_file(node) or is_cosmetic(context):
        return False
    parent, outer = context.parent, context.outer
    if isinstance(parent, (cst.DictElement, cst.DictComp)):
        return parent.key is node
    if isinstance(parent, (cst.Index, cst.SetComp)):
        return True
    user = outer.parent if outer else None
    if isinstance(parent, cst.Arg) and isinstance(user, cst.Call):
        called = call_name(user).rpartition(".")
        return called[0] != "os" and called[2] in KEEPERS and user.args[0] is parent
    return isinstance(parent, cst.ComparisonTarget) and isinstance(parent.operator, cst.In)
