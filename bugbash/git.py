"""Every git call goes through here, and sees neither the user's configuration nor their hooks.

A global `core.hooksPath`, `commit.gpgSign`, `core.autocrlf` or `core.excludesFile` changes what
git does; a workspace must come out the same on every machine, so all of them are shut out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bugbash.errors import EnvironmentProblem

if TYPE_CHECKING:
    from git.cmd import Git

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
}
_OPTIONS = {
    "core.hooksPath": os.devnull,
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "core.autocrlf": "false",
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
}
NEUTRAL_NAME = "Maintainer"
NEUTRAL_EMAIL = "maintainer@project.invalid"
NEUTRAL_MESSAGE = "Import the project"
_NEUTRAL_AUTHOR = {
    "GIT_AUTHOR_NAME": NEUTRAL_NAME,
    "GIT_AUTHOR_EMAIL": NEUTRAL_EMAIL,
    "GIT_COMMITTER_NAME": NEUTRAL_NAME,
    "GIT_COMMITTER_EMAIL": NEUTRAL_EMAIL,
}
NEUTRAL_TIME = 1_735_725_600
"""2025-01-01T10:00:00Z: the commit's date, and the mtime of every file, in every workspace."""

_AN_HOUR = 3600
_PACK = (".pack", ".idx")
_TAGS = "packed-refs"
_TAG = (
    "%(if)%(*objectname)%(then)%(*objecttype) %(*objectname)"
    "%(else)%(objecttype) %(objectname)%(end) %(refname)"
)
"""What a tag leads to, and its name; one level deep, as tags of tags hardly exist."""
_SHA256 = 64
"""Digits of a commit's id in a repository of that kind."""
_CHUNK = 1 << 16
_environment_lock = threading.Lock()


@contextmanager
def _without_git_variables() -> Iterator[None]:
    """GitPython adds to `os.environ` and can't take away; a hook's GIT_DIR would redirect us."""
    with _environment_lock:
        kept = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith("GIT_")}
        try:
            yield
        finally:
            os.environ.update(kept)


def run(
    arguments: Sequence[str],
    cwd: Path | None = None,
    *,
    input: bytes | None = None,
    check: bool = True,
    environment: dict[str, str] | None = None,
) -> bytes:
    """Run git with isolated configuration and return its standard output.

    Raises EnvironmentProblem with git's own message when git is missing or fails (`check`).
    """
    # The wrapper ends its process when it is collected: it must outlive `communicate`.
    wrapper = _started(arguments, cwd, input is not None, environment)
    process = wrapper.proc
    assert process is not None
    out, err = process.communicate(input)
    if check and process.returncode != 0:
        raise EnvironmentProblem(f"git {arguments[0]} failed: {_message(err or out)}")
    return bytes(out)


def stream(
    arguments: Sequence[str], cwd: Path, *, environment: dict[str, str] | None = None
) -> Generator[bytes, None, None]:
    """Run git and yield its standard output as it comes; it ends when the iterator is closed.

    Raises EnvironmentProblem with git's own message when git is missing, or failed in the end.
    """
    wrapper = _started(arguments, cwd, False, environment)
    process = wrapper.proc
    assert process is not None and process.stdout is not None and process.stderr is not None
    said = bytearray()
    listener = threading.Thread(target=_keep_start, args=(process.stderr, said), daemon=True)
    listener.start()
    try:
        while chunk := os.read(process.stdout.fileno(), _CHUNK):
            yield chunk
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        listener.join()
        process.stdout.close()
        process.stderr.close()
    if process.returncode != 0:
        raise EnvironmentProblem(f"git {arguments[0]} failed: {_message(bytes(said))}")


def _keep_start(pipe: IO[bytes], said: bytearray) -> None:
    """Read all that comes, so that git never waits for us, and keep the start of it."""
    while chunk := pipe.read(_CHUNK):
        said += chunk[: _CHUNK - len(said)]


def _started(
    arguments: Sequence[str], cwd: Path | None, has_input: bool, environment: dict[str, str] | None
) -> Git.AutoInterrupt:
    from git.cmd import Git  # 130 ms: `check` starts its suite before
    from git.exc import GitCommandNotFound

    if cwd is not None and not os.access(cwd, os.X_OK):
        # GitPython would run in the current folder instead, which may be anybody's repository.
        raise EnvironmentProblem(f"the folder {cwd} is not there any more, or is closed to you.")
    options = [part for key, value in _OPTIONS.items() for part in ("-c", f"{key}={value}")]
    try:
        with _without_git_variables():
            return Git(str(cwd) if cwd else None).execute(
                ["git", *options, *arguments],
                istream=subprocess.PIPE if has_input else None,
                as_process=True,
                env={**_ENVIRONMENT, **(environment or {})},
            )
    except GitCommandNotFound as error:
        raise EnvironmentProblem(
            "git was not found: install git and see that it is on your PATH."
        ) from error


def _message(text: bytes) -> str:
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (telling or lines or ["it said nothing"])[0]


def make_repository(folder: Path, files: Iterable[str], excluded: Iterable[str]) -> str:
    """Make `folder` a repository of one neutral commit that holds `files`, and nothing else.

    `excluded` are patterns for `.git/info/exclude`. Returns the commit's id, which depends on the
    files alone. No remote, tag, reflog or hook is made.
    """
    _begin(folder, excluded)
    _add(folder, files)
    return _commit(folder, "Import the project", NEUTRAL_TIME)


def continue_history(
    folder: Path, packed: Path, parent: str, files: Iterable[str], excluded: Iterable[str]
) -> str:
    """Make `folder` a repository that goes on from the commit `parent` of another.

    `packed` is a folder that `pack_past` made of `parent`. The repository holds a copy of that
    pack and one neutral commit on top with `files`, an hour after `parent`: no other object, no
    ref but the branch and the tags of the past. Returns the commit's id.
    """
    _begin(folder, excluded, "sha256" if len(parent) == _SHA256 else "sha1")
    place = folder / ".git" / "objects" / "pack"
    for path in packed.glob("pack-*"):
        if path.suffix in _PACK:
            shutil.copy(path, place)
    when = int(run(["log", "-1", "--format=%ct", parent], folder))
    if (packed / _TAGS).is_file():
        shutil.copy(packed / _TAGS, folder / ".git")
    run(["-c", "core.logAllRefUpdates=false", "update-ref", "refs/heads/main", parent], folder)
    _add(folder, files)
    return _commit(folder, "Add the failure report", when + _AN_HOUR)


def pack_past(repository: Path, commit: str, folder: Path) -> None:
    """Write one pack of all that `commit` leads to into `folder`, on the file system of both.

    The releases on the way stand beside it, as a `packed-refs` of lightweight tags, so that
    `git describe` and `git bisect` know them. `repository` is only read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = ["pack-objects", "--revs", "--delta-base-offset", "--window=0", "--quiet"]
    run([*words, str(folder / "pack")], repository, input=f"{commit}\n".encode())
    words = ["for-each-ref", f"--merged={commit}", f"--format={_TAG}", "refs/tags"]
    tags = [line.partition(b" ") for line in run(words, repository).splitlines()]
    lines = sorted(rest + b"\n" for kind, _, rest in tags if kind == b"commit")
    if lines:
        (folder / _TAGS).write_bytes(b"".join(lines))


def _begin(folder: Path, excluded: Iterable[str], hashes: str = "sha1") -> None:
    plain = ["--quiet", "--template=", "--initial-branch=main", f"--object-format={hashes}"]
    run(["init", *plain, "."], folder)
    info = folder / ".git" / "info"
    info.mkdir(exist_ok=True)
    info.joinpath("exclude").write_text("".join(f"{line}\n" for line in excluded), "utf-8")


def _add(folder: Path, files: Iterable[str]) -> None:
    listing = b"\0".join(os.fsencode(name) for name in files)
    run(
        ["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"],
        folder,
        input=listing,
    )


def _commit(folder: Path, message: str, seconds: int) -> str:
    when = f"@{seconds} +0000"
    run(
        ["-c", "core.logAllRefUpdates=false", "commit", "--quiet", "-m", message],
        folder,
        environment={**_NEUTRAL_AUTHOR, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
    )
    return run(["rev-parse", "HEAD"], folder).decode().strip()


def has_identity() -> bool:
    """Whether the user's own git could commit: a name and an address are configured."""
    return all(
        _user_value(f"user.{key}")
        or all(os.environ.get(f"GIT_{who}_{key.upper()}") for who in ("AUTHOR", "COMMITTER"))
        for key in ("name", "email")
    )


def _user_value(key: str) -> str:
    """A value of the user's global configuration: the one place where it is asked for."""
    from git.cmd import Git  # 130 ms: `check` starts its suite before
    from git.exc import GitCommandNotFound

    try:
        return str(Git(os.sep).execute(["git", "config", "--get", key], with_exceptions=False))
    except GitCommandNotFound:
        return ""


def set_identity(folder: Path) -> None:
    """Give one repository a neutral identity, so that a learner without one can commit."""
    run(["config", "user.name", "Learner"], folder)
    run(["config", "user.email", "learner@localhost"], folder)


def enclosing_work_tree(folder: Path) -> Path | None:
    """The git work tree that `folder` (or its nearest existing parent) lies in, without git."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def patch(before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]) -> str:
    """A unified diff that `git apply` takes, from one set of files to another; None: no file."""
    with tempfile.TemporaryDirectory(prefix="bugbash-diff-") as name:
        folder = Path(name)
        for side, files in (("a", before), ("b", after)):
            (folder / side).mkdir()
            for file, data in files.items():
                if data is not None:
                    path = folder / side / file
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
        plain = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-prefix", "--binary"]
        out = run(["diff", "--no-index", *plain, "a", "b"], folder, check=False)
    return out.decode("utf-8", "surrogateescape")
