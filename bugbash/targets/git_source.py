"""A target from a git repository: `git+URL[@REF]`, at a branch, a tag or a commit."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import remove_tree
from bugbash.resources import home
from bugbash.targets import results
from bugbash.targets.locking import locked
from bugbash.targets.overrides import Note, Overrides
from bugbash.targets.spec import Target
from bugbash.targets.trees import staging

_SCHEMES = ("https", "http", "ssh", "git", "file")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFSPECS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", "+HEAD:refs/bugbash/head")


def prepare(argument: str, overrides: Overrides, note: Note) -> Target:
    """The target at a commit of a repository; offline once the commit is here.

    Neither hooks nor filters run, and nothing of the user's git configuration applies.
    Raises UsageProblem for a URL or ref that is none, EnvironmentProblem with git's reason
    where the repository can't be had.
    """
    url, ref = parsed(argument)
    repository = clone(url, ref, note)
    commit = commit_of(repository, ref)
    if commit is None:
        raise UsageProblem(f"{url} has no branch, tag or commit {ref!r}.")
    full = f"git+{url}@{commit}"
    kept = results.load(full, overrides)
    if kept is not None:
        return kept
    from bugbash.targets.checkout import Checkout, target_of  # 60 ms: not where it is kept

    with staging() as raw:
        write_commit(repository, commit, raw)
        checkout = Checkout(
            raw, full, "git", _name(url), described(repository, commit), date_of(repository, commit)
        )
        target = target_of(checkout, overrides, note)
    results.save(target, overrides)
    return target


def parsed(argument: str) -> tuple[str, str | None]:
    """URL and ref of a `git+URL[@REF]` argument. Raises UsageProblem."""
    match = re.fullmatch(r"git\+(([a-z]+)://[^/\s]*/[^@\s].*?)(?:@([^@]+))?", argument)
    if match is None or match[2] not in _SCHEMES:
        raise UsageProblem(
            f"{argument!r} is not of the form git+URL or git+URL@REF, with a URL that starts "
            f"with {', '.join(_SCHEMES)}."
        )
    if match[3] is not None and match[3].startswith("-"):
        raise UsageProblem(f"{match[3]!r} is no branch, tag or commit.")
    return match[1], match[3]


def clone(url: str, ref: str | None, note: Note) -> Path:
    """Our bare copy of the repository at `url`, brought up to date unless `ref` is a commit in it.

    Without a network the copy of last time serves, and `note` hears so. Raises UsageProblem for
    what is no URL: git takes some texts in its place for options or for commands.
    """
    parsed(f"git+{url}")
    repository = place_of(url)
    with locked(repository.with_name(f"{repository.name}.lock")):
        if ref and _SHA.fullmatch(ref) and commit_of(repository, ref):
            return repository
        is_new = not (repository / "bugbash-fetched").is_file()
        if is_new:
            remove_tree(repository)
            git.run(["init", "--bare", "--quiet", "--template=", str(repository)])
        note(f"{'cloning' if is_new else 'updating'} {url}")
        try:
            git.run(
                ["fetch", "--quiet", "--prune", "--no-auto-gc", "--", url, *_REFSPECS], repository
            )
        except EnvironmentProblem as error:
            if is_new:
                raise
            note(f"{url} can't be reached ({error}); taking what was fetched before")
        (repository / "bugbash-fetched").touch()
    return repository


def place_of(url: str) -> Path:
    """Where our copy of the repository at `url` lies, or will lie."""
    key = hashlib.sha256(url.encode()).hexdigest()[:16]
    return home() / "repositories" / f"{_name(url)}-{key}"


def is_here(url: str) -> bool:
    """Whether the repository at `url` was cloned before."""
    return (place_of(url) / "bugbash-fetched").is_file()


def commit_of(repository: Path, ref: str | None) -> str | None:
    """The full id of the commit that `ref` means; None: there is no such thing."""
    if not repository.is_dir():
        return None
    candidates = (f"refs/tags/{ref}", f"refs/heads/{ref}", ref) if ref else ("refs/bugbash/head",)
    if ref and _SHA.fullmatch(ref):
        candidates = (ref,)
    for candidate in candidates:
        try:
            answer = git.run(
                ["rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}"], repository
            )
        except EnvironmentProblem:
            continue
        return answer.decode().strip()
    return None


def write_commit(repository: Path, commit: str, destination: Path) -> None:
    """Write the files of `commit`, byte for byte as they are stored; links stay out."""
    listing = git.run(["ls-tree", "-r", "-z", "--full-tree", commit], repository)
    entries = [_entry(line) for line in listing.split(b"\0") if line]
    files = [entry for entry in entries if entry[0].startswith("100")]
    wanted = "".join(f"{blob}\n" for _, blob, _ in files).encode()
    data = git.run(["cat-file", "--batch"], repository, input=wanted)
    position = 0
    for mode, _, path in files:
        end = data.index(b"\n", position)
        size = int(data[position:end].split()[2])
        content = data[end + 1 : end + 1 + size]
        position = end + 2 + size
        target = destination / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(0o755 if mode == "100755" else 0o644)
        except OSError as error:
            told = f"{path} of commit {commit[:10]} can't be written ({error.strerror})."
            raise EnvironmentProblem(told) from error


def _entry(line: bytes) -> tuple[str, str, PurePosixPath]:
    head, _, name = line.partition(b"\t")
    mode, _, blob = head.decode().split()
    path = PurePosixPath(name.decode("utf-8", "surrogateescape"))
    if path.is_absolute() or {"..", ".git"} & set(path.parts):
        raise EnvironmentProblem(f"The commit has a file that lies outside of it: {path}.")
    return mode, blob, path


def described(repository: Path, commit: str) -> str | None:
    """What `git describe --tags --long` says of a commit; None where no tag lies below it."""
    try:
        return git.run(["describe", "--tags", "--long", commit], repository).decode().strip()
    except EnvironmentProblem:
        return None


def date_of(repository: Path, commit: str) -> str:
    """When a commit was made, as RFC 3339 has it."""
    seconds = git.run(["show", "--no-patch", "--format=%ct", commit], repository)
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _name(url: str) -> str:
    last = url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
    return re.sub(r"[^A-Za-z0-9._-]", "-", last) or "repository"
