"""What was done to the tests as they were served: changed, deleted, or steered from outside."""

from __future__ import annotations

import ast
import builtins
import configparser
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bugbash.grading.additions import (
    Definition,
    bound,
    definitions,
    leave_out_additions,
    reaches_out,
)
from bugbash.grading.leftovers import looking, module_of
from bugbash.syntax import parsed
from bugbash.targets.suite_files import PYTEST_CONFIGURATION, is_test_name

_Import = ast.Import | ast.ImportFrom
_Plain = Definition | _Import | ast.Assign | ast.AnnAssign | ast.Pass
_PYTEST_NAMES = frozenset({"pytestmark", "pytest_plugins", "collect_ignore", "__test__"})
_SETTING_UP = re.compile(r"(setup|teardown)(_(module|class|method|function))?|(setUp|tearDown)\w*")


@dataclass(frozen=True)
class Weakening:
    """One change of a file of tests, or of pytest's configuration."""

    file: str
    piece: str
    """The function, class or statement; empty for the whole file."""
    what: str

    @property
    def told(self) -> str:
        """In words, with the file."""
        where = f"{self.file}: {self.piece}" if self.piece else self.file
        return f"{where} {self.what}"

    @property
    def _test(self) -> str:
        """The dotted name of the one test that was changed, or nothing."""
        parts = self.piece.split(".")
        is_test = all(part.isidentifier() for part in parts) and parts[-1].startswith("test")
        return self.piece if is_test and self.what != "was added" else ""

    def spoils(self, test: str) -> bool:
        """Whether a run of this test, by its id, says nothing any more.

        One test that was changed spoils itself alone, anything else in its file all tests there, a
        conftest.py all that lie below it, and settings or helpers every test.
        """
        file, _, name = test.partition("[")[0].partition("::")
        path = PurePosixPath(self.file)
        if file == self.file:
            return self._test in ("", name.replace("::", "."))
        if path.name == "conftest.py":
            return path.parent in PurePosixPath(file).parents
        return not self._test and not is_test_name(path.name)


def weakenings(file: str, served: bytes | None, mine: bytes | None) -> Iterator[Weakening]:
    """What a learner did to a file of tests or settings; None stands for a file that is not there.

    What only adds is welcome and yields nothing: new tests, imports and helpers, new cases in a
    table, new checks in a test, prints.
    """
    if mine is None:
        if served is not None:
            yield Weakening(file, "", "was deleted")
    elif served is None:
        if _steers_pytest(file, mine):
            yield Weakening(file, "", "was added")
    elif not file.endswith(".py"):
        if _pytest_settings(file, served) != _pytest_settings(file, mine):
            yield Weakening(file, "", "was changed")
    else:
        yield from _changed_tests(file, served, mine)


def _pytest_settings(file: str, data: bytes) -> object:
    """What a file says to pytest; the whole of it where it is not of a known form."""
    name = PurePosixPath(file).name
    try:
        if name == "pyproject.toml":
            tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
            return tool.get("pytest")
        if name in ("setup.cfg", "tox.ini"):
            parser = configparser.RawConfigParser()
            parser.read_string(data.decode("utf-8"))
            return [dict(parser[s]) for s in ("pytest", "tool:pytest") if s in parser]
    except (ValueError, configparser.Error):
        return data
    return data


def _steers_pytest(file: str, added: bytes) -> bool:
    """Whether an added file sets pytest up; a new test, or a fixture to ask for, does not."""
    name = PurePosixPath(file).name
    if name in PYTEST_CONFIGURATION - {"conftest.py"}:
        return True
    tree = parsed(added) if name == "conftest.py" else None
    nothing = ast.Module([], [])
    return tree is not None and any(_meddling(nothing, tree))


def _changed_tests(file: str, served: bytes, mine: bytes) -> Iterator[Weakening]:
    # An import that only serves looking may have been joined with one that was there.
    own = looking(served) | {s for s in looking(mine) if s.startswith(("import ", "from "))}
    bare = [module_of(source, own) for source in (served, mine)]
    before, after = (parsed(m.bare.encode()) if m is not None else None for m in bare)
    if before is None or after is None:
        yield Weakening(file, "it", "no longer parses")
        return
    leave_out_additions(before, after)
    old, new, added = _pieces(before), _pieces(after), _meddling(before, after)
    gone = [name for name in old if name not in new and name not in _unused(before, after)]
    changed = [name for name in old if name in new and old[name] != new[name]]
    for what, names in (("deleted", gone), ("changed", changed), ("added", added)):
        yield from (Weakening(file, _short(name), f"was {what}") for name in names)


def _short(piece: str) -> str:
    """A statement in one line of a message."""
    words = " ".join(piece.split())
    return f"{words[:80]} ...`" if words.startswith("`") and len(words) > 90 else words


def _pieces(tree: ast.Module) -> dict[str, str]:
    """Every function and class of a module by its dotted name, every other statement by itself."""
    pieces: dict[str, str] = {}
    for name, node in definitions(tree):
        if isinstance(node, ast.ClassDef):
            head = [*node.decorator_list, *node.bases, *node.keywords]
            head += [n for n in node.body if not isinstance(n, Definition | ast.Pass)]
            key = f"class {name}"
            pieces[key] = pieces.get(key, "") + "class" + "".join(ast.dump(n) for n in head)
        else:
            pieces[name] = pieces.get(name, "") + ast.dump(node)
    for statement in tree.body:
        pieces |= {words: words for words in _statements(statement)}
    return pieces


def _statements(node: ast.stmt) -> list[str]:
    """A module's statement in words: each name of an import by itself, no definition."""
    if isinstance(node, _Import):
        return [f"`{ast.unparse(one)}`" for one in _alone(node)]
    return [] if isinstance(node, Definition) else [f"`{ast.unparse(node)}`"]


def _alone(node: _Import) -> list[_Import]:
    """An import of several names as imports of one each."""
    return [type(node)(**{**vars(node), "names": [alias]}) for alias in node.names]


def _unused(before: ast.Module, after: ast.Module) -> set[str]:
    """The imports whose going is no loss: of the standard library, or used only before."""
    was, still = (_words(tree) for tree in (before, after))
    found = set()
    for node in _imports(before):
        [name] = bound(node)
        module = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
        standard = module.split(".")[0] in sys.stdlib_module_names
        if name not in still and name != "*" and (standard or name in was):
            found.update(_statements(node))
    return found


def _words(tree: ast.Module) -> set[str]:
    """Everything that a module but for its imports could name: in code, parameters and texts."""
    rest = ast.Module([node for node in tree.body if not isinstance(node, _Import)], [])
    return set(re.findall(r"\w+", ast.unparse(rest)))


def _meddling(before: ast.Module, after: ast.Module) -> Iterator[str]:
    """New statements that reach into the tests that were there; new tests and names do not."""
    old = dict(definitions(before))
    known = {words for node in before.body for words in _statements(node)}
    taken, fixtures, same = _taken(before), _asked_for(before), set(map(_origin, _imports(before)))
    for node in after.body:
        parts: list[ast.stmt] = list(_alone(node)) if isinstance(node, _Import) else [node]
        for part in parts:
            [words] = _statements(part) or [getattr(part, "name", "")]
            if words in known or words in old or _origin(part) in same:
                continue
            names = set(bound(part))
            asked = fixtures & (names | _called_otherwise(part)) if _is_fixture(part) else ()
            if _acts_alone(part) or taken & names or asked:
                yield words
    for name, piece in definitions(after):
        owner = old.get(name.rpartition(".")[0])
        if isinstance(owner, ast.ClassDef) and name not in old and _steers_class(piece):
            yield name


def _taken(tree: ast.Module) -> set[str]:
    """The names that a module's code looks up outside its functions, and pytest's own."""
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    local = {name for one in functions for inner in one.body for name in bound(inner)}
    local |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - local
    wide = any(alias.name == "*" for node in _imports(tree) for alias in node.names)
    read = read if wide else read & set(dir(builtins))
    return {name for node in tree.body for name in bound(node)} | read | _PYTEST_NAMES


def _imports(tree: ast.Module) -> list[_Import]:
    return [one for node in tree.body if isinstance(node, _Import) for one in _alone(node)]


def _origin(node: ast.stmt) -> object:
    """What an import binds and to what; `import a` and `import a.b` both bind the package a."""
    if isinstance(node, ast.Import):
        name, other = node.names[0].name, node.names[0].asname
        return (other, name) if other else (name.split(".")[0], name.split(".")[0])
    if isinstance(node, ast.ImportFrom):
        return (next(bound(node)), node.level, node.module, node.names[0].name)
    return None


def _asked_for(tree: ast.Module) -> set[str]:
    """The fixtures that the functions of a module take: all parameters without a table."""
    return {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _is_fixture(node: ast.stmt) -> bool:
    made = getattr(node, "decorator_list", None) or [getattr(node, "value", None)]
    return any("fixture" in ast.unparse(one) for one in made if isinstance(one, ast.AST))


def _called_otherwise(node: ast.stmt) -> set[str]:
    """The name that a fixture gives itself: `@pytest.fixture(name="client")`."""
    given = [k.value for k in ast.walk(node) if isinstance(k, ast.keyword) and k.arg == "name"]
    return {str(value.value) for value in given if isinstance(value, ast.Constant)}


def _acts_alone(node: ast.stmt) -> bool:
    """Whether a statement does something to tests that do not ask for it."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        named = node.name.startswith("pytest_") or bool(_SETTING_UP.fullmatch(node.name))
        return named or _for_all(node)
    if isinstance(node, ast.ClassDef):
        return False
    if isinstance(node, ast.If | ast.Try):
        if ast.unparse(node).startswith("if __name__ == '__main__':"):
            return False
        blocks = [node.body, node.orelse, *([] if isinstance(node, ast.If) else _others(node))]
        return any(_acts_alone(inner) for block in blocks for inner in block)
    return not isinstance(node, _Plain) or reaches_out(node)


def _others(node: ast.Try) -> list[list[ast.stmt]]:
    return [node.finalbody, *(handler.body for handler in node.handlers)]


def _for_all(node: Definition) -> bool:
    """Whether it is a fixture that every test gets."""
    return any("autouse=True" in ast.unparse(one) for one in node.decorator_list)


def _steers_class(node: Definition) -> bool:
    """Whether a definition that was added to a class changes the tests that it had."""
    special = node.name.startswith("__") or bool(_SETTING_UP.fullmatch(node.name))
    return special or _for_all(node)
