"""Whether real bugs are what the index says, through the public commands, one line a bug.

    python benchmarks/replay.py [--sample 20] [--seed 0] [--repo NAME=PATH ...]
                                [--only NAME@COMMIT ...] [--write]

Of each bug: `bugbash new --real` makes a workspace; its own pytest fails exactly FAIL_TO_PASS; its
repository holds what HEAD leads to and nothing else, neither the fix, a commit that came later nor
a mended file, unless the past had that already; a patch that mends nothing (the failing tests
deleted, the function of the bug touched without effect) is not solved; the maintainers' own, taken
from the clone, is. `--write` puts the lines into the table in docs/real-bugs.md.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bugbash import git
from bugbash.targets.history import index as indexes
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.real_source import past_of

PAGE = Path(__file__).resolve().parent.parent / "docs" / "real-bugs.md"
TABLE = re.compile(r"(<!-- table -->\n)(.*?)(<!-- end -->)", re.DOTALL)
HEAD = """\
| bug | family | lines | failing tests | Python | replayed |
| --- | --- | --- | ---: | --- | --- |
"""
_TAMPERED = 4
_PLAIN = (ast.Assign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.Return, ast.Try, ast.With)


class Differs(Exception):
    """A bug that is not what the index says."""


@dataclass(frozen=True)
class Replayed:
    """One bug, and what differs: nothing where all is as the index says."""

    name: str
    entry: Entry
    python: str
    seconds: float
    differs: str = ""

    def line(self) -> str:
        """What is printed of it."""
        entry = self.entry
        size = f"+{entry.added} -{entry.removed}, {len(entry.fail_to_pass)} failing"
        told = f"{self.name}: {entry.family}, {size}, Python {self.python}, {self.seconds:.0f} s"
        return f"✗ {told}: {self.differs}" if self.differs else f"✓ {told}"

    def row(self) -> str:
        """Its row of the table."""
        entry, day = self.entry, datetime.now(UTC).date()
        what = f"differs: {self.differs}" if self.differs else f"✓ {day}"
        size = f"+{entry.added} -{entry.removed}"
        failing = len(entry.fail_to_pass)
        return f"| {self.name} | {entry.family} | {size} | {failing} | {self.python} | {what} |"


def bugbash(*words: str | Path, cwd: Path, code: int = 0) -> str:
    """What a command prints. Raises Differs where it ends with another code."""
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != code:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Differs(f"bugbash {words[0]} ends with {done.returncode}, not {code}: {last}")
    return done.stdout


def says(folder: Path, *words: str) -> list[str]:
    """The lines that git prints."""
    return git.run(words, folder).decode("utf-8", "surrogateescape").splitlines()


def replay(known: Index, entry: Entry, repo: str | None, folder: Path) -> Replayed:
    """Play one bug from `new` to solved."""
    start = time.monotonic()
    python = differs = ""
    workspace = folder / "workspace"
    try:
        clone = ("--repo", repo) if repo else ()
        which = f"{known.name}@{entry.fix_commit}"
        bugbash("new", "--real", which, *clone, "--dir", workspace, "--json", cwd=folder)
        own = python_of(workspace)
        words = [str(own), "-c", "import platform; print(platform.python_version())"]
        python = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        past = past_of(known.name, known.url, entry.fix_commit)
        assert past is not None, "the clone is gone"
        _fails_as_announced(workspace, own, entry, folder)
        _holds_the_past_alone(workspace, past, entry)
        _is_not_fooled(workspace, past, entry)
        bugbash("reset", "--yes", cwd=workspace)
        _is_solved_by_its_fix(workspace, past, entry)
    except Differs as error:
        differs = str(error)
    seconds = time.monotonic() - start
    return Replayed(f"{known.name} {entry.fix_commit[:10]}", entry, python, seconds, differs)


def python_of(workspace: Path) -> Path:
    """The Python that a learner would type."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return workspace / ".venv" / folder / "python"


def _fails_as_announced(workspace: Path, python: Path, entry: Entry, folder: Path) -> None:
    """What fails in one of two runs alone is unsteady there too: it tells nothing."""
    failed = _failing(workspace, python, folder / "first")
    if failed > set(entry.fail_to_pass):
        failed &= _failing(workspace, python, folder / "second")
    _same("pytest fails", failed, entry.fail_to_pass)


def _failing(workspace: Path, python: Path, cache: Path) -> set[str]:
    words = [str(python), "-m", "pytest", "-q", "-p", "cacheprovider", "-o", f"cache_dir={cache}"]
    apart = cache.with_name(f"{cache.name}-tmp")  # requests' tests look at what others left in it
    apart.mkdir()
    environment = {**os.environ, "TMPDIR": str(apart), "TEMP": str(apart), "TMP": str(apart)}
    done = subprocess.run(
        words, cwd=workspace, env=environment, capture_output=True, text=True, check=False
    )
    kept = cache / "v" / "cache" / "lastfailed"
    if not kept.is_file():
        last = done.stdout.strip().splitlines()[-1:]
        raise Differs(f"pytest fails nothing (exit {done.returncode}, {last})")
    return set(json.loads(kept.read_text("utf-8")))


def _holds_the_past_alone(workspace: Path, past: Path, entry: Entry) -> None:
    everything = says(
        workspace, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)"
    )
    objects = set(everything)
    reachable = {line.split()[0] for line in says(workspace, "rev-list", "--objects", "HEAD")}
    _same("objects in .git that HEAD does not lead to", objects - reachable, ())
    base = entry.base_commit
    later = {entry.fix_commit, *says(past, "rev-list", "--all", "--not", base)}
    _same("commits that came later", objects & later, ())
    had = {line.split()[0] for line in says(past, "rev-list", "--objects", base)}
    mended = {says(past, "rev-parse", f"{entry.fix_commit}:{name}")[0] for name in entry.files}
    _same("mended files in .git", objects & (mended - had), ())
    if says(workspace, "rev-parse", "HEAD~1") != [base]:
        raise Differs("its history does not go on from the fix's parent")
    heads = says(workspace, "for-each-ref", "--format=%(refname)", "refs/", "--no-merged", base)
    _same("refs that are not of the past", heads, ("refs/heads/main",))


def _is_not_fooled(workspace: Path, past: Path, entry: Entry) -> None:
    """A patch that mends nothing: the failing tests are gone, the code is touched."""
    for name in {test.partition("::")[0] for test in entry.fail_to_pass}:
        names = {test.split("[")[0].split("::")[-1] for test in entry.fail_to_pass}
        _delete_functions(workspace / name, names)
    for name in entry.files:
        _touch_functions(workspace / name, _changed(past, entry, name))
    grade = json.loads(bugbash("check", "--json", cwd=workspace, code=_TAMPERED))
    tests = grade["tests"]
    if grade["solved"]:
        raise Differs("a patch that mends nothing is solved")
    _same("a patch that mends nothing fails", tests["fail_to_pass"]["failed"], entry.fail_to_pass)


def _is_solved_by_its_fix(workspace: Path, past: Path, entry: Entry) -> None:
    plain = ["--no-ext-diff", "--no-textconv", "--no-color", "--binary", "--full-index"]
    words = ["diff", *plain, entry.base_commit, entry.fix_commit, "--", *entry.files]
    git.run(["apply", "--whitespace=nowarn"], workspace, input=git.run(words, past))
    try:
        grade = json.loads(bugbash("check", "--json", cwd=workspace))
    except Differs:
        tests = json.loads(bugbash("check", "--json", cwd=workspace, code=1))["tests"]
        failing = (*tests["fail_to_pass"]["failed"], *_broken(tests["pass_to_pass"]))
        raise Differs(f"the maintainers' patch is not solved: {_few(failing)}") from None
    if not grade["solved"] or grade["diff"]["equivalent"] != "ast":
        raise Differs("the maintainers' patch is not the code that the bug was made from")


def _broken(held: dict[str, list[str]]) -> list[str]:
    return [*held["failed"], *held["missing"]]


def _delete_functions(path: Path, names: set[str]) -> None:
    """Take the test functions of these names away, decorators and all."""
    lines = path.read_bytes().splitlines(keepends=True)
    for node in reversed(list(_functions(b"".join(lines)))):
        if node.name in names:
            first = min(node.lineno, *(one.lineno for one in node.decorator_list), node.lineno)
            column = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
            lines[first - 1 : node.end_lineno] = [column + b"pass\n"]
    path.write_bytes(b"".join(lines))


def _touch_functions(path: Path, changed: set[int]) -> None:
    """Add a statement without effect to the functions that hold these lines, or behind the last."""
    lines = path.read_bytes().splitlines(keepends=True)
    for node in reversed(list(_functions(b"".join(lines)))):
        first = node.body[ast.get_docstring(node, clean=False) is not None :][:1]
        holds = changed & set(range(node.lineno, (node.end_lineno or 0) + 1))
        if holds and first and first[0].lineno > node.lineno and isinstance(first[0], _PLAIN):
            line = lines[first[0].lineno - 1]
            lines.insert(first[0].lineno - 1, line[: first[0].col_offset] + b"pass\n")
    path.write_bytes(b"".join([*lines, b"\n\npass\n"]))


def _changed(past: Path, entry: Entry, name: str) -> set[int]:
    """The lines of the broken file that the fix changes, or writes behind."""
    words = ("diff", "--no-ext-diff", "-U0", entry.base_commit, entry.fix_commit, "--", name)
    heads = [re.match(r"@@ -(\d+)(?:,(\d+))?", line) for line in says(past, *words)]
    spans = [(int(head[1]), int(head[2] or 1)) for head in heads if head]
    return {line for start, count in spans for line in range(start, start + max(count, 1))}


def _functions(source: bytes) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module in the order of their first lines; none lies in another."""
    waiting: list[ast.AST] = [ast.parse(source)]
    found = []
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.append(node)
            else:
                waiting.append(node)
    yield from sorted(found, key=lambda node: node.lineno)


def _same(what: str, found: Iterable[str], wanted: Iterable[str]) -> None:
    found, wanted = set(found), set(wanted)
    if found == wanted:
        return
    told = [f"{_few(found - wanted)} too many"] if found - wanted else []
    told += [f"{_few(wanted - found)} missing"] if wanted - found else []
    raise Differs(f"{what}: {', '.join(told)}")


def _few(names: Iterable[str]) -> str:
    first, *others = sorted(names) or ["nothing"]
    return f"{first} and {len(others)} more" if others else first


def chosen(sample: int, seed: int, only: list[str]) -> list[tuple[Index, Entry]]:
    """The bugs that are named, else a sample of all that the indexes have; in name order."""
    if only:
        named = [name.partition("@") for name in only]
        known = [(indexes.load(name), commit) for name, _, commit in named]
        return [(one, indexes.find(one, commit)) for one, commit in known]
    every = [(one, e) for one in map(indexes.load, indexes.names()) for e in one.entries]
    some = random.Random(seed).sample(every, min(sample, len(every)))
    return sorted(some, key=lambda pair: (pair[0].name, -pair[1].when))


def write(rows: list[str]) -> None:
    """Put the rows into the page, among those of other bugs."""
    text = PAGE.read_text("utf-8")
    table = TABLE.search(text)
    assert table is not None, f"{PAGE} has no place for the table"
    known = [line for line in table[2].splitlines() if line.startswith("| ")][2:]
    kept = {line.split("|")[1]: line for line in (*known, *rows)}
    body = "\n".join(kept[name] for name in sorted(kept))
    made = f"Last on {platform.system()} by `python benchmarks/replay.py --write`.\n\n{HEAD}{body}"
    PAGE.write_text(
        TABLE.sub(lambda match: f"{match[1]}{made}\n{match[3]}", text, count=1), "utf-8"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=20, help="how many bugs")
    parser.add_argument("--seed", type=int, default=0, help="the same seed takes the same bugs")
    parser.add_argument("--repo", action="append", default=[], metavar="NAME=PATH",
                        help="a clone that you have")  # fmt: skip
    parser.add_argument("--only", action="append", default=[], metavar="NAME@COMMIT")
    parser.add_argument("--write", action="store_true", help="put the rows into the page")
    asked = parser.parse_args()
    os.environ.pop("PYTHONPATH", None)
    clones = dict(pair.split("=", 1) for pair in asked.repo)
    played = wrong = 0
    for known, entry in chosen(asked.sample, asked.seed, asked.only):
        with tempfile.TemporaryDirectory(prefix="bugbash-replay-") as folder:
            found = replay(known, entry, clones.get(known.name), Path(folder))
        print(found.line(), flush=True)
        if asked.write:
            write([found.row()])
        played += 1
        wrong += bool(found.differs)
    print(f"{played - wrong} of {played} are as the index says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
