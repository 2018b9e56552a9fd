"""What the learner left behind: debugging leftovers, scratch files, weakened tests, no commit."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.errors import EnvironmentProblem
from bugbash.grading.difference import Difference, served
from bugbash.grading.leftovers import looking, marks, module_of
from bugbash.grading.syntax import parsed
from bugbash.grading.workspace_files import NOTHING, PYTEST_CONFIGURATION, Submission
from bugbash.targets.spec import Target

_FEW_WORDS = 3
_MANY_LETTERS = 8
"""Of scripts that put no spaces between words."""
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Plain = _Definition | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
_PYTEST_NAMES = frozenset({"pytestmark", "pytest_plugins", "collect_ignore", "__test__"})


@dataclass(frozen=True)
class CleanUp:
    """What was found; every part is empty or true for work that is left clean."""

    leftovers: tuple[str, ...]
    """FILE:LINE: what, for each debugging leftover."""
    scratch: tuple[str, ...]
    """Files that belong to nobody."""
    weakened: tuple[str, ...]
    """What happened to which test or configuration, in words."""
    committed: bool
    messages: tuple[str, ...]
    """First lines of the commits since the workspace was served, the newest first."""
    explained: bool = False
    """Whether a commit's message is long enough to say what was wrong and why."""


def clean_up_of(
    workspace: Path,
    target: Target,
    broken: dict[str, bytes],
    submission: Submission,
    difference: Difference,
    blind: Mapping[str, bytes] = NOTHING,
) -> CleanUp:
    """Look at the learner's change; runs git in the workspace, with none of its hooks.

    `blind` are the test files that were served without the failing tests.
    """
    committed, messages, explained = _commits(workspace, difference)
    return CleanUp(
        leftovers=tuple(_leftovers(workspace, target, broken, difference, submission)),
        scratch=difference.scratch,
        weakened=tuple(_weakened(workspace, target, submission, blind)),
        committed=committed,
        messages=messages,
        explained=explained,
    )


def _leftovers(
    workspace: Path,
    target: Target,
    broken: dict[str, bytes],
    difference: Difference,
    submission: Submission,
) -> list[str]:
    found = []
    for name in (*difference.files, *submission.protected):
        path = workspace / name
        if not name.endswith(".py") or not path.is_file():
            continue
        mine = path.read_bytes()
        sources = (served(name, target, broken), served(name, target, {}))
        before = {text for source in sources if source for _, text in marks(source)}
        found += [f"{name}:{line}: {text}" for line, text in marks(mine) if text not in before]
    return found


def _weakened(
    workspace: Path, target: Target, submission: Submission, blind: Mapping[str, bytes]
) -> list[str]:
    """Edits to tests and to pytest's configuration; new tests, and prints in them, are welcome."""
    found = []
    for name in submission.protected:
        clean, mine = target.tree / name, workspace / name
        if name in submission.added:
            if _steers_pytest(mine):
                found.append(f"{name} was added")
        elif name in submission.removed:
            found.append(f"{name} was deleted")
        elif not name.endswith(".py"):
            if _pytest_settings(clean) != _pytest_settings(mine):
                found.append(f"{name} was changed")
        else:
            before = blind[name] if name in blind else clean.read_bytes()
            found += [f"{name}: {what}" for what in _changed_tests(before, mine.read_bytes())]
    return found


def _pytest_settings(path: Path) -> object:
    """What a file says to pytest; the whole of it where it is not of a known form."""
    data = path.read_bytes()
    try:
        if path.name == "pyproject.toml":
            tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
            return tool.get("pytest")
        if path.name in ("setup.cfg", "tox.ini"):
            parser = configparser.RawConfigParser()
            parser.read_string(data.decode("utf-8"))
            return [dict(parser[s]) for s in ("pytest", "tool:pytest") if s in parser]
    except (ValueError, configparser.Error):
        return data
    return data


def _steers_pytest(added: Path) -> bool:
    """Whether an added file sets pytest up; a new test, or a fixture to ask for, does not."""
    if added.name in PYTEST_CONFIGURATION - {"conftest.py"}:
        return True
    tree = parsed(added.read_bytes()) if added.name == "conftest.py" else None
    nothing = ast.Module([], [])
    return tree is not None and bool(_meddling(nothing, tree, set()))


def _changed_tests(served: bytes, mine: bytes) -> list[str]:
    own = looking(served)
    bare = [module_of(source, own) for source in (served, mine)]
    before, after = (parsed(m.bare.encode()) if m is not None else None for m in bare)
    if before is None or after is None:
        return ["it no longer parses"]
    old, new = _pieces(before), _pieces(_without_new_cases(before, after))
    gone = [f"{name} was deleted" for name in old if name not in new]
    changed = [f"{name} was changed" for name in old if name in new and old[name] != new[name]]
    return gone + changed + [f"{name} was added" for name in _meddling(before, after, set(old))]


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


def _commits(workspace: Path, difference: Difference) -> tuple[bool, tuple[str, ...], bool]:
    """Whether the change is committed, the commits' first lines, and whether one explains it.

    Lenient about a lost .git.
    """
    try:
        log = _git(["log", "-z", "--format=%P%x09%s%x00%B", "-n", "200"], workspace)
        status = _git(["status", "--porcelain", "-z", "--untracked-files=all"], workspace)
    except EnvironmentProblem:
        return False, (), False
    fields = log.split("\0")
    commits = [
        (*head.partition("\t")[::2], body)
        for head, body in zip(fields[::2], fields[1::2], strict=False)
    ]
    messages = tuple(subject for parents, subject, _ in commits if parents)
    explained = any(_says_something(body) for parents, _, body in commits if parents)
    dirty = {entry[3:] for entry in status.split("\0") if entry}
    pending = dirty & set(difference.files)
    return bool(messages) and not pending, messages, explained


def _says_something(message: str) -> bool:
    """Whether a message has room for what was wrong and why: more than a word or two."""
    wide = sum(len(word) for word in message.split() if not word.isascii())
    return len(re.findall(r"\w+", message)) >= _FEW_WORDS or wide >= _MANY_LETTERS


def _git(arguments: list[str], workspace: Path) -> str:
    """What git says about this folder itself, never about a repository around it."""
    around = {"GIT_CEILING_DIRECTORIES": str(workspace.parent)}
    return git.run(arguments, workspace, environment=around).decode("utf-8", "surrogateescape")
