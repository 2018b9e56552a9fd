"""What was done to the tests as they were served: changed, deleted, or steered from outside."""

from __future__ import annotations

import ast
import configparser
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bugbash.grading.leftovers import looking, module_of
from bugbash.syntax import parsed
from bugbash.targets.suite_files import PYTEST_CONFIGURATION, is_test_name

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Plain = _Definition | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
_PYTEST_NAMES = frozenset({"pytestmark", "pytest_plugins", "collect_ignore", "__test__"})


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

    New tests, new cases in a table, and prints in a test are welcome and yield nothing.
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
    return tree is not None and bool(_meddling(nothing, tree, set()))


def _changed_tests(file: str, served: bytes, mine: bytes) -> Iterator[Weakening]:
    own = looking(served)
    bare = [module_of(source, own) for source in (served, mine)]
    before, after = (parsed(m.bare.encode()) if m is not None else None for m in bare)
    if before is None or after is None:
        yield Weakening(file, "it", "no longer parses")
        return
    old, new = _pieces(before), _pieces(_without_new_cases(before, after))
    gone = [name for name in old if name not in new]
    changed = [name for name in old if name in new and old[name] != new[name]]
    added = _meddling(before, after, set(old))
    for what, names in (("deleted", gone), ("changed", changed), ("added", added)):
        yield from (Weakening(file, name, f"was {what}") for name in names)


def _without_new_cases(before: ast.Module, after: ast.Module) -> ast.Module:
    """The tests of `after` without the cases that were added to the tables of `before`."""
    tables = dict(_tables(before))
    for key, node in _tables(after):
        if key in tables:
            known = [ast.dump(case) for case in tables[key].elts]
            node.elts = [case for case in node.elts if ast.dump(case) in known]
    return after


def _tables(tree: ast.Module) -> Iterator[tuple[tuple[str, int], ast.List | ast.Tuple]]:
    """The lists of cases in `parametrize`, each with its test and its place among them."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for number, call in enumerate(function.decorator_list):
                if not isinstance(call, ast.Call) or len(call.args) < 2:
                    continue
                cases = call.args[1]
                table = ast.unparse(call.func).endswith("mark.parametrize")
                if table and isinstance(cases, ast.List | ast.Tuple):
                    yield (function.name, number), cases


def _pieces(tree: ast.Module) -> dict[str, str]:
    """Every function and class of a module by its dotted name, every other statement by itself."""
    pieces: dict[str, str] = {}

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                head = [*node.decorator_list, *node.bases, *node.keywords]
                head += [n for n in node.body if not isinstance(n, _Definition)]
                pieces[f"class {prefix}{node.name}"] = "".join(ast.dump(n) for n in head)
                collect(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{prefix}{node.name}"
                pieces[name] = pieces.get(name, "") + ast.dump(node)

    collect(tree.body, "")
    for node in tree.body:
        for name in _statements(node):
            pieces[name] = name
    return pieces


def _statements(node: ast.stmt) -> list[str]:
    """A module's statement in words: each name of an import by itself, no definition."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        alone = [type(node)(**{**vars(node), "names": [alias]}) for alias in node.names]
        return [f"`{ast.unparse(one)}`" for one in alone]
    return [] if isinstance(node, _Definition) else [f"`{ast.unparse(node)[:200]}`"]


def _meddling(before: ast.Module, after: ast.Module, known: set[str]) -> list[str]:
    """New statements that reach into the tests that were there; new tests and names do not."""
    taken = {name for node in before.body for name in _bound(node)} | _PYTEST_NAMES
    found = []
    for node in after.body:
        words = _statements(node) or [getattr(node, "name", "")]
        new = any(word not in known and f"class {word}" not in known for word in words)
        if new and (_acts_alone(node) or taken & set(_bound(node))):
            found.append(words[0])
    return found


def _acts_alone(node: ast.stmt) -> bool:
    """Whether a statement does something to tests that do not ask for it."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name.startswith("pytest_") or "autouse" in ast.dump(node)
    stores = (n for n in ast.walk(node) if isinstance(n, ast.Attribute | ast.Subscript))
    elsewhere = any(isinstance(n.ctx, ast.Store) for n in stores)
    return not isinstance(node, _Plain) or (elsewhere and not isinstance(node, ast.ClassDef))


def _bound(node: ast.stmt) -> list[str]:
    """The names that a statement of a module binds."""
    if isinstance(node, _Definition):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    return [
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]
