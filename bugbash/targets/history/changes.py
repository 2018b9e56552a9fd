"""The commits of a history, newest first, and what each changed."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.targets.history.repository import History, full_id

_LOG = (
    # Later gits read the attributes of a bare repository from its HEAD, unless this names a tree.
    "-c", "attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "log", "--format=%x00%H%x00%P%x00%ct%x00%B", "-z", "--raw", "--numstat", "--no-abbrev",
    "--no-renames", "--root", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes",
    "--no-mailmap", "--no-show-signature", "--encoding=UTF-8", "--diff-algorithm=myers",
)  # fmt: skip
_RAW = re.compile(rb":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*")


@dataclass(frozen=True)
class FileChange:
    """What a commit did to one path; a move is a deletion and an addition."""

    path: str
    """Bytes that are no UTF-8 stand as surrogates, as in `os.fsdecode`."""
    status: str
    """A(dded), M(odified), D(eleted) or T(ype changed: a file became a link)."""
    added: int | None
    """Lines; None: the file is binary."""
    removed: int | None
    mode_before: str
    """As git writes it: 100644, 100755, 120000 (a link), 160000 (a submodule), 000000 (none)."""
    mode_after: str
    before: str
    """The id of the blob; zeros where there is none."""
    after: str


@dataclass(frozen=True)
class Change:
    """One commit, compared with its first parent."""

    commit: str
    parents: tuple[str, ...]
    when: int
    """The committer's time, in seconds since the epoch."""
    subject: str
    body: str
    files: tuple[FileChange, ...]


def changes(history: History, since: str | None = None) -> Generator[Change, None, None]:
    """Every commit but the merges, newest first, as git finds them; closing it ends git.

    `since` is a commit: it and what came before it are left out.
    Raises UsageProblem where there is no such commit, EnvironmentProblem where git fails.
    """
    wanted = [history.head]
    if since is not None:
        oldest = full_id(history, since)
        if oldest is None:
            raise UsageProblem(f"{history.where} has no commit {since!r}.")
        wanted.append(f"^{oldest}")
    yield from _read_log(history, ["--no-merges", *wanted, "--"])


def change_of(history: History, commit: str) -> Change:
    """One commit, named by its id or the start of it; a merge is compared with its first parent.

    Raises UsageProblem where there is no such commit.
    """
    full = full_id(history, commit)
    if full is None:
        raise UsageProblem(f"{history.where} has no commit {commit!r}.")
    found = list(_read_log(history, ["-m", "--first-parent", "--max-count=1", full, "--"]))
    return found[0]


def read_blobs(history: History, ids: Iterable[str]) -> dict[str, bytes]:
    """The contents of blobs, by id; all at once in memory.

    Raises EnvironmentProblem where one is not in the repository.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    listing = "".join(f"{blob}\n" for blob in wanted).encode()
    data = git.run(["cat-file", "--batch"], history.repository, input=listing)
    found: dict[str, bytes] = {}
    position = 0
    for blob in wanted:
        end = data.index(b"\n", position)
        words = data[position:end].split()
        if len(words) != 3 or words[1] != b"blob":
            raise EnvironmentProblem(
                f"{history.where} lacks the file {blob[:12]}: run `git fsck` there."
            )
        size = int(words[2])
        found[blob] = data[end + 1 : end + 1 + size]
        position = end + 2 + size
    return found


def _read_log(history: History, wanted: list[str]) -> Generator[Change, None, None]:
    with closing(git.stream([*_LOG, *wanted], history.repository)) as chunks:
        words = _words(chunks)
        word = next(words, None)
        while word is not None:
            if not word.strip(b"\n"):
                word = next(words, None)
                continue
            parents, when, message = next(words), next(words), next(words)
            files, following = _files(words)
            subject, body = _message(message)
            yield Change(
                word.decode(),
                tuple(parents.decode().split()),
                int(when),
                subject,
                body,
                files,
            )
            word = following


def _words(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What stands between the NULs; an empty message is an empty word."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _files(words: Iterator[bytes]) -> tuple[tuple[FileChange, ...], bytes | None]:
    """The files of one commit, and the first word that is not of them: the next commit's."""
    raw: dict[str, tuple[str, ...]] = {}
    counts: dict[str, tuple[int | None, int | None]] = {}
    following = None
    for word in words:
        word = word.lstrip(b"\n")
        match = _RAW.fullmatch(word)
        if match is not None:
            path = next(words).decode("utf-8", "surrogateescape")
            raw[path] = tuple(group.decode() for group in match.groups())
        elif b"\t" in word:
            added, removed, name = word.split(b"\t", 2)
            counts[name.decode("utf-8", "surrogateescape")] = (_count(added), _count(removed))
        elif word:
            following = word
            break
    files = tuple(
        FileChange(path, status, *counts.get(path, (0, 0)), mode_before, mode_after, before, after)
        for path, (mode_before, mode_after, before, after, status) in raw.items()
    )
    return files, following


def _count(text: bytes) -> int | None:
    return None if text == b"-" else int(text)


def _message(data: bytes) -> tuple[str, str]:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").strip("\n")
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip("\n")
