"""Opening the git history of a project, a clone on this disk or a URL, so that nothing of it runs.

A repository's own configuration names programs: hooks, filters, external diffs, a file system
monitor. git is therefore never run inside somebody's repository. Ours borrows its objects
(objects/info/alternates of gitrepository-layout(5)) and has the refs that its files name.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.errors import UsageProblem
from bugbash.files import remove_tree, write_atomically
from bugbash.resources import home
from bugbash.targets import git_source
from bugbash.targets.history import foreign
from bugbash.targets.history.foreign import Foreign
from bugbash.targets.locking import locked
from bugbash.targets.overrides import Note

_URL = re.compile(r"(?:git\+)?((?:https?|ssh|git|file)://.+)", re.DOTALL)
_ID = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True)
class History:
    """A history that can be read: our own bare repository, which holds or borrows the objects."""

    repository: Path
    head: str
    """The commit that is checked out, or the default branch's, in full."""
    name: str
    """"requests"."""
    where: str
    """The path or URL as it was typed."""
    url: str
    """Where it was cloned from; "" where a path has no remote."""


def open_history(where: str, note: Note, name: str | None = None) -> History:
    """The history of the repository at a path or a URL ("git+" before it may stand).

    A path is read in place, nothing is copied; a URL is cloned once and then brought up to date.
    `name` is the project's where its path or URL does not tell it.
    Raises UsageProblem for what is no repository, or one whose history can't be read here;
    EnvironmentProblem with git's reason where a URL can't be had.
    """
    match = _URL.fullmatch(where)
    if match is None:
        return _of_path(where, name)
    url, _ = git_source.parsed(f"git+{match[1]}")
    repository = git_source.clone(url, None, note)
    if (repository / "shallow").exists():
        raise UsageProblem(f"{where} is shallow: it has no history. Name one that is whole.")
    head = git_source.commit_of(repository, None)
    if head is None:
        raise UsageProblem(f"{where} has no commits yet: there is nothing to read.")
    return History(repository, head, name or name_of(url), where, url)


def name_of(where: str) -> str:
    """The project's name that a path or URL ends in.

    >>> name_of("https://example.invalid/psf/requests.git"), name_of("clones/httpx/.git")
    ('requests', 'httpx')
    """
    parts = [part for part in re.split(r"[/\\]", where) if part not in ("", ".", ".git")]
    last = parts[-1].removesuffix(".git") if parts else ""
    return re.sub(r"[^A-Za-z0-9._-]", "-", last).lstrip(".-") or "repository"


def exists(history: History, commit: str) -> bool:
    """Whether the history holds a commit, named by its id or the start of it."""
    return full_id(history, commit) is not None


def full_id(history: History, commit: str) -> str | None:
    """The whole id of a commit, from its id or the start of it; None where there is none."""
    if _ID.fullmatch(commit) is None:
        return None
    asked = ["rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"]
    answer = git.run(asked, history.repository, check=False).decode("ascii", "replace").strip()
    return answer if answer.startswith(commit) else None


def _of_path(where: str, name: str | None) -> History:
    found = foreign.read(where)
    folder = Path(os.path.realpath(where))
    name = name or name_of(found.url or str(folder))
    key = hashlib.sha256(os.fsencode(found.objects[0])).hexdigest()[:16]
    repository = home() / "repositories" / f"{name_of(name)}-{key}-{len(found.head)}"
    with locked(repository.with_name(f"{repository.name}.lock")):
        _borrow(found, repository)
    history = History(repository, found.head, name, where, found.url)
    if not exists(history, found.head):
        raise UsageProblem(
            f"{where} does not hold its own newest commit {found.head[:12]}: "
            "run `git fsck` there, or clone it anew."
        )
    if found.is_promised and _lacks_files(history):
        raise foreign.partial(where)
    return history


def _lacks_files(history: History) -> bool:
    """Whether some file of the newest commits is not there: a sample, to say so at once."""
    asked = ["rev-list", "--objects", "--missing=print", "--max-count=50", history.head]
    return any(line.startswith(b"?") for line in git.run(asked, history.repository).splitlines())


def _borrow(found: Foreign, repository: Path) -> None:
    """Make or renew our repository over the objects of theirs, with their branches and tags."""
    if not (repository / "HEAD").is_file():
        remove_tree(repository)
        kind = "sha256" if len(found.head) == 64 else "sha1"
        plain = ["--bare", "--quiet", "--template=", "--initial-branch=none"]
        git.run(["init", *plain, f"--object-format={kind}", str(repository)])
    alternates = b"".join(_quoted(os.fsencode(path)) + b"\n" for path in found.objects)
    write_atomically(repository / "objects" / "info" / "alternates", alternates)
    refs = {**found.refs, b"refs/bugbash/head": found.head}
    packed = b"".join(refs[key].encode() + b" " + key + b"\n" for key in sorted(refs))
    write_atomically(repository / "packed-refs", packed)


def _quoted(path: bytes) -> bytes:
    """A line of an alternates file; quoted as in C where it has to be."""
    if not path.startswith((b'"', b"#")) and b"\n" not in path:
        return path
    escaped = path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
