"""What kind of bug a fix mended: its trait and its family, told from the syntax trees.

Both are heuristics: a fix may have several traits, and a family is a matter of opinion. They
depend on nothing but the two versions of the files, so they are the same everywhere.

The trait is the first of `_ORDER` that a difference of the trees has, the more telling before
the less. The family is the first whose sign the differences show: `platform` names encodings,
paths, time zones or systems; `validation` raises, checks types, normalises, or changes what is
caught or matched; `configuration` sets a constant of a module or reads settings; `library`
changes how something imported is called; `logic` is the rest.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from bugbash.mining.stripped import compare
from bugbash.mining.tree_edits import TreeEdit, tree_edits
from bugbash.mutation.families import Family
from bugbash.mutation.traits import Trait
from bugbash.syntax import parsed

_ORDER: tuple[Trait, ...] = (
    "try", "except", "absence", "guard", "condition", "statement", "argument", "name", "text",
    "number", "operator", "return", "other",
)  # fmt: skip
_PLATFORM = re.compile(
    r"(?:sep|altsep|linesep|expanduser|realpath|abspath|normcase|normpath|platform|encoding|encode"
    r"|decode|locale|newline|newlines|tzinfo|timezone|utcoffset|utc|astimezone|fsencode|fsdecode"
    r"|version_info|win32|windows|isatty|chmod|PurePath|WIN|PY2|PY3|is_py2|is_py3|surrogateescape"
    r"|utf_?8|latin_?1|basestring|unicode|bytes|BytesIO|StringIO|TextIOWrapper)",
    re.IGNORECASE,
)
_VALIDATION = re.compile(
    r"(?:isinstance|issubclass|hasattr|callable|\w*Error|\w*Invalid\w*|\w*valid\w*|strip|lstrip"
    r"|rstrip|lower|upper|casefold|isdigit|isfinite|isnan)"
)
_CONFIGURATION = re.compile(r"environ|getenv|\w*(?:config|settings?|defaults?)\w*", re.IGNORECASE)
_CONFIGURATION_FILE = re.compile(r"(?:^|[/_])(?:config|settings?|defaults?|conf)(?:s|_\w+)?\.py$")
_ABSENCE = frozenset({"isinstance", "issubclass", "hasattr", "callable", "getattr"})
_TESTS = frozenset({"test", "ifs"})


def kind_of(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Trait, Family]:
    """Trait and family of a fix, from its source files before and after it, by path.

    ("other", "logic") where this Python can't parse them.
    """
    edits: list[TreeEdit] = []
    imported: set[str] = set()
    for path in sorted(before.keys() & after.keys()):
        compared = compare(before[path], after[path])
        if compared.before is not None and compared.after is not None:
            edits += tree_edits(compared.before, compared.after)
            imported |= _imported(after[path], path)
    traits = {trait for edit in edits for trait in _traits(edit)}
    trait: Trait = next((trait for trait in _ORDER if trait in traits), "other")
    return trait, _family(edits, sorted(before), imported)


def _traits(edit: TreeEdit) -> Iterator[Trait]:
    if edit.after is None:
        yield "argument" if _is_argument(edit) else "other"
    elif edit.before is None:
        yield _came(edit, edit.after)
    else:
        yield _replaced(edit, edit.before, edit.after)


def _came(edit: TreeEdit, node: ast.AST) -> Trait:
    if isinstance(node, ast.Try | ast.ExceptHandler):
        return "try"
    if isinstance(node, ast.If | ast.IfExp):
        return "absence" if _is_absence(node.test) else "guard"
    if _place(edit) == "condition":
        return "absence" if _is_absence(node) else "condition"
    if isinstance(node, ast.Import | ast.ImportFrom):
        return "other"
    if isinstance(node, ast.stmt):
        inner = next((n for n in ast.walk(node) if isinstance(n, ast.If)), None)
        return "guard" if inner is not None and isinstance(node, ast.For) else "statement"
    return _place(edit) or ("argument" if _is_argument(edit) else "return")


def _replaced(edit: TreeEdit, before: ast.AST, after: ast.AST) -> Trait:
    if isinstance(after, ast.Try):
        return "try"
    if _place(edit) == "except":
        return "except"
    if isinstance(after, ast.If | ast.IfExp):
        return "absence" if _is_absence(after.test) else "guard"
    if _place(edit) == "condition":
        gained = _absence_checks(after) > _absence_checks(before)
        return "absence" if gained else "condition"
    if isinstance(after, ast.BoolOp) or isinstance(before, ast.BoolOp):
        return "condition"
    return _leaf(before, after) or ("argument" if _is_argument(edit) else "return")


def _leaf(before: ast.AST, after: ast.AST) -> Trait | None:
    if type(before) is type(after) and isinstance(after, ast.Name | ast.Attribute | ast.alias):
        return "name"
    if isinstance(after, ast.keyword | ast.arg):
        return "argument"
    if isinstance(after, ast.operator | ast.unaryop | ast.cmpop):
        return "operator"
    values = [getattr(node, "value", None) for node in (before, after)]
    if isinstance(before, ast.Constant) and isinstance(after, ast.Constant):
        if all(isinstance(value, str | bytes) for value in values):
            return "text"
        if all(isinstance(value, int | float) for value in values):
            return "number"
    return None


def _place(edit: TreeEdit) -> Trait | None:
    for node, field in reversed(edit.within):
        if isinstance(node, ast.ExceptHandler) and field == "type":
            return "except"
        if field in _TESTS:
            return "condition"
        if isinstance(node, ast.stmt):
            return None
    return None


def _is_argument(edit: TreeEdit) -> bool:
    """Whether it is an argument of a call, a parameter, or the default of one."""
    node, field = edit.within[-1] if edit.within else (None, "")
    is_passed = isinstance(node, ast.Call) and field in ("args", "keywords")
    return is_passed or isinstance(node, ast.arguments | ast.keyword)


def _is_absence(test: ast.AST) -> bool:
    return _absence_checks(test) > 0


def _absence_checks(node: ast.AST) -> int:
    """How often None, a type or an attribute is asked for, or the truth of a plain name."""
    plain = node.operand if isinstance(node, ast.UnaryOp) else node
    found = int(isinstance(plain, ast.Name | ast.Attribute))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            found += inner.func.id in _ABSENCE
        elif isinstance(inner, ast.Compare):
            sides = (inner.left, *inner.comparators)
            found += any(isinstance(s, ast.Constant) and s.value is None for s in sides)
    return found


def _family(edits: list[TreeEdit], paths: list[str], imported: set[str]) -> Family:
    words = _changed_words(edits)
    if any(_PLATFORM.fullmatch(word) for word in words):
        return "platform"
    if any(_is_check(edit) for edit in edits) or any(_VALIDATION.fullmatch(w) for w in words):
        return "validation"
    if any(_is_setting(edit) for edit in edits) or any(_CONFIGURATION.fullmatch(w) for w in words):
        return "configuration"
    if any(_CONFIGURATION_FILE.search(path) for path in paths):
        return "configuration"
    return "library" if any(_calls(edit, imported) for edit in edits) else "logic"


def _changed_words(edits: list[TreeEdit]) -> set[str]:
    """Names, attributes, keywords and short texts that stand in one version more often."""
    before = Counter(word for edit in edits if edit.before for word in _words(edit.before))
    after = Counter(word for edit in edits if edit.after for word in _words(edit.after))
    return set(before - after) | set(after - before)


def _words(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        for field in ("id", "attr", "arg"):
            if isinstance(word := getattr(inner, field, None), str):
                yield word
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value.replace("-", "")


def _is_check(edit: TreeEdit) -> bool:
    """Whether it adds or guards a `raise`, or changes what is caught or matched."""
    if edit.after is not None and _any(edit.after, lambda n: isinstance(n, ast.Raise)):
        return True
    if _place(edit) == "except":
        return True
    for node, field in edit.within:
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.If) and field == "test":
            return any(_any(part, lambda n: isinstance(n, ast.Raise)) for part in node.body)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            return True
    return False


def _is_setting(edit: TreeEdit) -> bool:
    """Whether it changes what a constant of a module or a class is set to."""
    nodes = [node for node, _ in edit.within]
    if any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in nodes):
        return False
    node = next((node for node in nodes if isinstance(node, ast.Assign)), edit.after)
    if not isinstance(node, ast.Assign):
        return False
    return any(isinstance(t, ast.Name) and t.id.isupper() for t in node.targets)


def _calls(edit: TreeEdit, imported: set[str]) -> bool:
    """Whether it changes an import, or how something that was imported is called."""
    if isinstance(edit.after, ast.Import | ast.ImportFrom | ast.alias):
        return True
    around = [node for node, _ in edit.within if isinstance(node, ast.Call)]
    inside = [n for n in ast.walk(edit.after) if isinstance(n, ast.Call)] if edit.after else []
    return any(_root(call.func) in imported for call in (*around, *inside))


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _imported(source: bytes, path: str) -> set[str]:
    """Names that a module imports from elsewhere than its own package."""
    tree = parsed(source)
    own = set(path.removesuffix(".py").split("/"))
    found: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            names = [a.asname or a.name.split(".")[0] for a in node.names]
            found |= {name for name in names if name not in own}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            foreign = (node.module or "").split(".")[0] not in own
            found |= {alias.asname or alias.name for alias in node.names if foreign}
    return found


def _any(node: ast.AST, holds: Callable[[ast.AST], bool]) -> bool:
    return any(holds(inner) for inner in ast.walk(node))
