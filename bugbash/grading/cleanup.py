"""What the learner left behind: debugging leftovers, scratch files, weakened tests, no commit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bugbash import git
from bugbash.errors import EnvironmentProblem
from bugbash.grading.difference import Difference, served
from bugbash.grading.leftovers import marks
from bugbash.grading.weakening import weakenings
from bugbash.grading.workspace_files import NOTHING, Submission
from bugbash.targets.spec import Target

_FEW_WORDS = 3
_MANY_LETTERS = 8
"""Of scripts that put no spaces between words."""


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
    pending: tuple[str, ...]
    """Files of the change, tests too, that no commit holds as they are."""
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
    blind: Mapping[str, bytes | None] = NOTHING,
    past: str = "",
) -> CleanUp:
    """Look at the learner's change; runs git in the workspace, with none of its hooks.

    `blind` are the test files that were served without the failing tests; `past` is the commit
    that the workspace's first one goes on from.
    """
    changed = {*difference.files, *submission.protected}
    pending, messages, explained = _commits(workspace, changed, past)
    return CleanUp(
        leftovers=tuple(_leftovers(workspace, target, broken, difference, submission)),
        scratch=difference.scratch,
        weakened=tuple(_weakened(workspace, target, submission, blind)),
        committed=bool(messages) and not pending,
        pending=pending,
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
    workspace: Path, target: Target, submission: Submission, blind: Mapping[str, bytes | None]
) -> Iterator[str]:
    """Edits to tests and to pytest's configuration, in words."""
    for name in submission.protected:
        before = blind[name] if name in blind else _content(target.tree / name)
        mine = None if name in submission.removed else _content(workspace / name)
        yield from (one.told for one in weakenings(name, before, mine))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _commits(
    workspace: Path, changed: set[str], past: str
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """What of the change is not committed, the commits' first lines, and whether one explains it.

    Lenient about a lost .git.
    """
    try:
        since = ["HEAD", f"^{past}"] if past else []
        log = _git(["log", "-z", "--format=%P%x09%s%x00%B", "-n", "200", *since], workspace)
        status = _git(["status", "--porcelain", "-z", "--untracked-files=all"], workspace)
    except EnvironmentProblem:
        return tuple(sorted(changed)), (), False
    fields = log.split("\0")
    commits = [
        (*head.partition("\t")[::2], body)
        for head, body in zip(fields[::2], fields[1::2], strict=False)
    ]
    own = [(subject, body) for parents, subject, body in commits if parents not in ("", past)]
    messages = tuple(subject for subject, _ in own)
    explained = any(_says_something(body) for _, body in own)
    dirty = {entry[3:] for entry in status.split("\0") if entry}
    return tuple(sorted(dirty & changed)), messages, explained


def _says_something(message: str) -> bool:
    """Whether a message has room for what was wrong and why: more than a word or two."""
    wide = sum(len(word) for word in message.split() if not word.isascii())
    return len(re.findall(r"\w+", message)) >= _FEW_WORDS or wide >= _MANY_LETTERS


def _git(arguments: list[str], workspace: Path) -> str:
    """What git says about this folder itself, never about a repository around it."""
    around = {"GIT_CEILING_DIRECTORIES": str(workspace.parent)}
    return git.run(arguments, workspace, environment=around).decode("utf-8", "surrogateescape")
