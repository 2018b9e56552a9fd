"""The commits of a dataset: made in one stream for all the bugs of a project, and compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.files import remove_tree, walk
from bugbash.workspace.instances import Clean, Instance

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_BINARY = "* -diff\n"
"""Attributes with which git writes each change as ASCII."""

Files = Mapping[str, tuple[str, bytes]]
"""Mode and contents by path."""


@dataclass(frozen=True)
class Commits:
    """One instance in git. All ids depend on the files alone."""

    clean: str
    """The clean tree, without a parent."""
    base: str
    """The tree as a learner gets it, without a parent: no object of it holds the clean code."""
    bug: str
    """The bug on top of the clean tree."""
    break_patch: str
    """From the clean tree to the bug."""
    fix_patch: str
    test_patch: str
    """Adds the tests that are withheld from the base; "" where none are."""


def commits_of(clean: Clean, instances: Sequence[Instance]) -> list[Commits]:
    """The commits of instances over the same clean tree, in their order.

    Raises EnvironmentProblem where git is missing or fails.
    """
    files = _files(clean)
    history = _History()
    root = history.add("main", files)
    marks = []
    for number, one in enumerate(instances):
        bug = history.add(f"bug/{number}", _laid_over(files, one.broken), root, set(one.broken))
        marks.append((history.add(f"base/{number}", _served(files, one)), bug))
    with tempfile.TemporaryDirectory(prefix="bugbash-commits-") as name:
        folder = Path(name)
        ids = history.write(folder)
        first = ids[root]
        breaking = _patches(folder, [(first, ids[bug]) for _, bug in marks])
        fixing = _patches(folder, [(ids[bug], first) for _, bug in marks])
        hidden = [(ids[base], ids[bug]) for base, bug in marks]
        tests = _patches(folder, hidden) if any(one.withheld for one in instances) else None
    return [
        Commits(first, ids[base], ids[bug], breaking[n], fixing[n], tests[n] if tests else "")
        for n, (base, bug) in enumerate(marks)
    ]


def patch_of(before: Files, after: Files) -> str:
    """A patch from some files to others, that `git apply` takes; "" where they are the same."""
    history = _History()
    marks = [history.add("before", before), history.add("after", after)]
    with tempfile.TemporaryDirectory(prefix="bugbash-commits-") as name:
        ids = history.write(Path(name))
        return _patches(Path(name), [(ids[marks[0]], ids[marks[1]])])[0]


@dataclass(frozen=True)
class Branch:
    """Where an instance lies among published repositories."""

    repo: str
    """OWNER/NAME."""
    name: str
    instance: Instance


def write_repositories(folder: Path, branches: Iterable[Branch], clean: bool) -> None:
    """Make `folder` hold a bare repository OWNER/NAME.git for each one that is named.

    A branch is the base commit of its instance. With `clean` it is instead the bug on top of
    `main`, which is the clean tree: all instances of a repository must then be over the same.
    Killed at any moment, it leaves no folder.
    """
    by_repo: dict[str, list[Branch]] = {}
    for branch in branches:
        by_repo.setdefault(branch.repo, []).append(branch)
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for repo, own in by_repo.items():
            place = staging / f"{repo}.git"
            place.parent.mkdir(exist_ok=True)
            history = _bugs(own) if clean else _bases(own)
            history.write(place)
        staging.chmod(0o755)
        staging.rename(folder)
    except BaseException:
        remove_tree(staging)
        raise


def _bases(branches: Iterable[Branch]) -> _History:
    history = _History()
    trees: dict[Clean, Files] = {}
    for branch in branches:
        clean = branch.instance.clean
        if clean not in trees:
            trees[clean] = _files(clean)
        history.add(branch.name, _served(trees[clean], branch.instance))
    return history


def _bugs(branches: Sequence[Branch]) -> _History:
    history = _History()
    files = _files(branches[0].instance.clean)
    root = history.add("main", files)
    for branch in branches:
        broken = branch.instance.broken
        history.add(branch.name, _laid_over(files, broken), root, set(broken))
    return history


def _files(clean: Clean) -> Files:
    """The files of a clean tree that git holds."""
    found = {}
    for path in map(str, walk(clean.tree)):
        if path not in clean.overlay:
            file = clean.tree / path
            mode = "100755" if file.stat().st_mode & 0o100 else "100644"
            found[path] = (mode, file.read_bytes())
    return found


def _laid_over(files: Files, changes: Mapping[str, bytes | None]) -> Files:
    found = dict(files)
    for path, data in changes.items():
        mode = found.pop(path, ("100644", b""))[0]
        if data is not None:
            found[path] = (mode, data)
    return found


def _served(files: Files, one: Instance) -> Files:
    return _laid_over(_laid_over(files, one.broken), one.withheld)


class _History:
    """Commits for `git fast-import`, whose input format is that of git-fast-import(1)."""

    def __init__(self) -> None:
        self._stream: list[bytes] = []
        self._blobs: dict[bytes, int] = {}
        self._marks = 0

    def add(
        self,
        branch: str,
        files: Files,
        parent: int | None = None,
        changed: set[str] | None = None,
    ) -> int:
        """A commit with these files as the tip of a branch; returns its mark.

        Over a `parent` only the files that are `changed` are told, which must be among `files`.
        """
        entries = sorted((path, files[path]) for path in (files if changed is None else changed))
        lines = [
            f"M {mode} :{self._blob(data)} ".encode() + _quoted(path) + b"\n"
            for path, (mode, data) in entries
        ]
        mark = self._next_mark()
        who = f"{git.NEUTRAL_NAME} <{git.NEUTRAL_EMAIL}> {git.NEUTRAL_TIME} +0000"
        message = f"{git.NEUTRAL_MESSAGE}\n".encode()
        head = f"commit refs/heads/{branch}\nmark :{mark}\nauthor {who}\ncommitter {who}\n"
        origin = f"from :{parent}\n" if parent is not None else ""
        self._stream += [head.encode(), _data(message), origin.encode(), *lines, b"\n"]
        return mark

    def _blob(self, data: bytes) -> int:
        if data not in self._blobs:
            mark = self._blobs[data] = self._next_mark()
            self._stream += [f"blob\nmark :{mark}\n".encode(), _data(data)]
        return self._blobs[data]

    def _next_mark(self) -> int:
        self._marks += 1
        return self._marks

    def write(self, folder: Path) -> dict[int, str]:
        """Make `folder` a bare repository of all this; returns the ids by mark."""
        plain = ["--quiet", "--bare", "--template=", "--object-format=sha1"]
        git.run(["init", *plain, "--initial-branch=main", str(folder)])
        with tempfile.TemporaryDirectory(prefix="bugbash-marks-") as name:
            marks = Path(name) / "marks"
            asked = ["fast-import", "--quiet", f"--export-marks={marks}"]
            git.run(asked, folder, input=b"".join(self._stream))
            lines = marks.read_text("ascii").splitlines()
        return {int(mark[1:]): id for mark, _, id in (line.partition(" ") for line in lines)}


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        raw = raw.replace(plain, escaped)
    return b'"' + raw + b'"'


def _patches(repository: Path, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """A patch for each pair of commits, from the first to the second, that `git apply` takes.

    One that is no UTF-8, which JSON could not hold, is written as a binary patch.
    """
    found = _compared(repository, pairs)
    odd = [n for n, patch in enumerate(found) if not _is_utf8(patch)]
    if odd:
        attributes = repository / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_BINARY, "utf-8")
        for n, patch in zip(odd, _compared(repository, [pairs[n] for n in odd]), strict=True):
            found[n] = patch
        attributes.unlink()
    return [patch.decode("utf-8") for patch in found]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _compared(repository: Path, pairs: Sequence[tuple[str, str]]) -> list[bytes]:
    # The second commit of a line stands for a parent of the first, and the first is its heading.
    listing = "".join(f"{new} {old}\n" for old, new in pairs).encode()
    plain = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--always"]
    asked = ["diff-tree", "--stdin", "-r", "-p", "--binary", "--full-index", *plain]
    # Later gits read the attributes of a bare repository from its HEAD, unless this names a tree.
    settings = ["-c", "core.quotePath=true", "-c", f"attr.tree={_EMPTY_TREE}"]
    data = git.run([*settings, *asked], repository, input=listing)
    found = []
    ends = [new.encode() + b"\n" for _, new in pairs]
    place = 0
    for number, heading in enumerate(ends):
        start = data.index(heading, place) + len(heading)
        following = ends[number + 1] if number + 1 < len(ends) else None
        place = len(data) if following is None else data.index(b"\n" + following, start - 1) + 1
        found.append(data[start:place].lstrip(b"\n"))
    return found
