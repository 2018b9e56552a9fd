"""A git history that is written by a test, with the same ids on every machine."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

Content = str | bytes | None
"""Text, bytes, or None for a file that goes away."""

FIRST_TIME = 1_704_103_200
"""2024-01-01T10:00:00Z; every further commit is a day later."""
_DAY = 86_400


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Submodule:
    """A commit of another repository."""

    commit: str = "1" * 40


Entry = Content | Link | Submodule


@dataclass
class Past:
    """A history that is being written: `commit` as often as you like, then `write`."""

    commits: dict[str, str] = field(default_factory=dict)
    """The ids, by name; known after `write`."""
    files: dict[str, Entry] = field(default_factory=dict)
    """The tree of the commit made last."""
    _stream: list[bytes] = field(default_factory=list)
    _trees: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def commit(
        self,
        name: str,
        message: str | bytes,
        changed: dict[str, Entry],
        *,
        parents: tuple[str, ...] | None = None,
    ) -> None:
        """One commit on top of the last, or of the named `parents` (none: a new root)."""
        if parents is None:
            parents = tuple(self._trees)[-1:]
        files = dict(self._trees[parents[0]]) if parents else {}
        files.update(changed)
        self.files = {path: entry for path, entry in files.items() if entry is not None}
        when = FIRST_TIME + _DAY * len(self._trees)
        self._trees[name] = self.files
        mark = self._mark(name)
        person = f"Maintainer <maintainer@project.invalid> {when} +0000"
        data = message.encode() if isinstance(message, str) else message
        lines = [f"reset refs/heads/{mark}\ncommit refs/heads/{mark}\nmark :{mark}\n".encode()]
        lines += [f"author {person}\ncommitter {person}\n".encode(), _data(data)]
        words = ("from", *["merge"] * (len(parents) - 1))
        lines += [f"{w} :{self._mark(p)}\n".encode() for w, p in zip(words, parents, strict=False)]
        lines += [b"deleteall\n", *(_file(path, entry) for path, entry in self.files.items())]
        self._stream.append(b"".join(lines) + b"\n")

    def edited(self, path: str, *pairs: tuple[str, str]) -> dict[str, Entry]:
        """A file of the last commit with some texts replaced, for `commit`."""
        text = self.files[path]
        assert isinstance(text, str), path
        for before, after in pairs:
            assert text.count(before) == 1, f"{path}: {before!r}"
            text = text.replace(before, after)
        return {path: text}

    def write(self, folder: Path, *, bare: bool = False) -> Path:
        """Make the repository, its newest commit on the branch main; returns `folder`."""
        plain = ["--bare"] if bare else []
        _git("init", "-q", *plain, "--template=", "--initial-branch=main", str(folder))
        marks = folder.resolve().with_name(f"{folder.name}.marks")
        _git(
            "fast-import",
            "--quiet",
            f"--export-marks={marks}",
            cwd=folder,
            data=b"".join(self._stream),
        )
        ids = dict(line.split() for line in marks.read_text().splitlines())
        marks.unlink()
        self.commits = {name: ids[f":{self._mark(name)}"] for name in self._trees}
        for name in self._trees:
            _git("update-ref", "-d", f"refs/heads/{self._mark(name)}", cwd=folder)
        _git("update-ref", "refs/heads/main", list(self.commits.values())[-1], cwd=folder)
        if not bare:
            _git("reset", "-q", "--hard", cwd=folder)
        return folder

    def _mark(self, name: str) -> int:
        return list(self._trees).index(name) + 1


def _git(*arguments: str, cwd: Path | None = None, data: bytes | None = None) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=cwd, input=data, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _file(path: str, entry: Entry) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    if b"\n" in name:
        name = b'"%s"' % name.replace(b"\n", b"\\n")
    if isinstance(entry, Submodule):
        return b"M 160000 %s %s\n" % (entry.commit.encode(), name)
    if isinstance(entry, Link):
        return b"M 120000 inline %s\n%s" % (name, _data(entry.target.encode()))
    content = entry.encode() if isinstance(entry, str) else entry
    return b"M 100644 inline %s\n%s" % (name, _data(content or b""))
