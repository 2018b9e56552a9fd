"""What the learner left behind: debugging leftovers, scratch files, weakened tests, no commit."""

from __future__ import annotations

import ast
import configparser
import io
import re
import tokenize
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bugbash import git
from bugbash.errors import EnvironmentProblem
from bugbash.grading.difference import Difference, parsed, served
from bugbash.grading.workspace_files import (
    NEVER_SCRATCH,
    PYTEST_CONFIGURATION,
    Submission,
    is_protected,
    is_test_name,
)
from bugbash.targets.spec import Target

_DEBUGGERS = frozenset({"pdb", "ipdb", "pudb", "bpdb", "debugpy", "icecream", "pdbpp"})
_CALLS = frozenset(
    {"print", "breakpoint", "pprint", "ic", ".set_trace", ".print_exc", ".print_stack"}
)
_CODE = re.compile(
    r"^(?:if|for|while|return|def|class|import|from|raise|with|try|elif|assert)\b|[=(]"
)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Plain = _Definition | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
_PYTEST_NAMES = frozenset({"pytestmark", "pytest_plugins", "collect_ignore", "__test__"})
_SCRATCH_ENDINGS = (".orig", ".rej", ".bak", ".swp", ".tmp", "~")


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


def clean_up_of(
    workspace: Path,
    target: Target,
    broken: dict[str, bytes],
    submission: Submission,
    difference: Difference,
) -> CleanUp:
    """Look at the learner's change; runs git in the workspace, with none of its hooks."""
    used = _imported(workspace, difference)
    committed, messages = _commits(workspace, difference)
    return CleanUp(
        leftovers=tuple(_leftovers(workspace, target, broken, difference)),
        scratch=tuple(name for name in submission.added if _is_scratch(name, target, used)),
        weakened=tuple(_weakened(workspace, target, submission)),
        committed=committed,
        messages=messages,
    )


def _leftovers(
    workspace: Path, target: Target, broken: dict[str, bytes], difference: Difference
) -> list[str]:
    found = []
    for name in difference.files:
        path = workspace / name
        if not name.endswith(".py") or not path.is_file():
            continue
        mine = path.read_bytes()
        before = {text for _, text in marks(served(name, target, broken) or b"")}
        found += [f"{name}:{line}: {text}" for line, text in marks(mine) if text not in before]
    return found


def marks(source: bytes) -> list[tuple[int, str]]:
    """(line, what) of every print, debugger call and commented-out statement of a module."""
    tree = parsed(source)
    if tree is None:
        return []
    found = [mark for node in ast.walk(tree) if (mark := _mark(node))]
    return sorted(found + _commented_out(source))


def _mark(node: ast.AST) -> tuple[int, str] | None:
    if isinstance(node, ast.Call) and _called(node) in _CALLS:
        return node.lineno, ast.unparse(node)[:80]
    if isinstance(node, ast.Import) and any(a.name in _DEBUGGERS for a in node.names):
        return node.lineno, ast.unparse(node)
    if isinstance(node, ast.ImportFrom) and node.module in _DEBUGGERS:
        return node.lineno, ast.unparse(node)
    return None


def _called(call: ast.Call) -> str:
    """`print` for print(...), `.set_trace` for anything.set_trace(...)."""
    if isinstance(call.func, ast.Attribute):
        return f".{call.func.attr}"
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _commented_out(source: bytes) -> list[tuple[int, str]]:
    found = []
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            text = token.string.lstrip("#").strip()
            if token.type == tokenize.COMMENT and _is_code(text):
                found.append((token.start[0], token.string[:80]))
    except (tokenize.TokenError, SyntaxError):
        return []
    return found


def _is_code(text: str) -> bool:
    if not _CODE.search(text):
        return False
    try:
        tree = ast.parse(text.rstrip(":") + ": pass" if text.endswith(":") else text)
    except (SyntaxError, ValueError):
        return False
    return not all(
        isinstance(n, ast.Expr) and isinstance(n.value, ast.Name | ast.Constant | ast.Tuple)
        for n in tree.body
    )


def _is_scratch(name: str, target: Target, used: set[str]) -> bool:
    path = PurePosixPath(name)
    if any(part in NEVER_SCRATCH for part in path.parts):
        return False
    if name.endswith(_SCRATCH_ENDINGS):
        return True
    if is_test_name(path.name) or is_protected(name, target):
        return False
    if path.suffix == ".py" and path.stem in used:
        return False
    return not any(name == s or name.startswith(f"{s}/") for s in target.spec.sources)


def _imported(workspace: Path, difference: Difference) -> set[str]:
    """Top-level modules that the changed code imports: none of them is a scratch file."""
    found: set[str] = set()
    for name in difference.files:
        path = workspace / name
        tree = parsed(path.read_bytes()) if name.endswith(".py") and path.is_file() else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found


def _weakened(workspace: Path, target: Target, submission: Submission) -> list[str]:
    """Edits to tests and to pytest's configuration; new tests are welcome."""
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
            found += [f"{name}: {what}" for what in _changed_tests(clean, mine)]
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


def _changed_tests(clean: Path, mine: Path) -> list[str]:
    before, after = parsed(clean.read_bytes()), parsed(mine.read_bytes())
    if before is None or after is None:
        return ["it no longer parses"]
    old, new = _pieces(before), _pieces(after)
    gone = [f"{name} was deleted" for name in old if name not in new]
    changed = [f"{name} was changed" for name in old if name in new and old[name] != new[name]]
    return gone + changed + [f"{name} was added" for name in _meddling(before, after, set(old))]


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


def _commits(workspace: Path, difference: Difference) -> tuple[bool, tuple[str, ...]]:
    """Whether the change is committed, and the commits' first lines; lenient about a lost .git."""
    try:
        log = _git(["log", "-z", "--format=%P%x09%s", "-n", "200"], workspace)
        status = _git(["status", "--porcelain", "-z", "--untracked-files=all"], workspace)
    except EnvironmentProblem:
        return False, ()
    commits = [entry.partition("\t") for entry in log.split("\0") if entry]
    messages = tuple(subject for parents, _, subject in commits if parents)
    dirty = {entry[3:] for entry in status.split("\0") if entry}
    pending = dirty & set(difference.files)
    return bool(messages) and not pending, messages


def _git(arguments: list[str], workspace: Path) -> str:
    """What git says about this folder itself, never about a repository around it."""
    around = {"GIT_CEILING_DIRECTORIES": str(workspace.parent)}
    return git.run(arguments, workspace, environment=around).decode("utf-8", "surrogateescape")
