"""Hands in a packed debugging exercise: what was changed, the commits, the recorded test runs.

    python3 submit.py [--out FILE]

Needs Python 3.8 or newer and git, and nothing else. Writes one .zip; sends it nowhere. Nothing in
the exercise is changed by it, and no git hook runs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACK = ".bugbash-pack"
"""The folder in an exercise that says what it is; git does not see it."""
SCHEMA = "bugbash/submission/v1"
LARGEST = 64 << 20
_DAWN = (1980, 1, 1, 0, 0, 0)
_FIELDS = ("commit", "parents", "author", "email", "authored", "committed", "message")
_FORMAT = "%H%x00%P%x00%an%x00%ae%x00%aI%x00%cI%x00%B"
_OPTIONS = (
    f"core.hooksPath={os.devnull}", "core.fsmonitor=false", "core.autocrlf=false",
    "core.quotePath=false", f"core.excludesFile={os.devnull}",
    f"core.attributesFile={os.devnull}", "gc.auto=0",
    "log.showSignature=false", "diff.noprefix=false", "diff.mnemonicPrefix=false",
)  # fmt: skip


class Problem(Exception):
    """Why nothing can be handed in, and what to do, in a sentence."""


def find_exercise(start: Path) -> Path | None:
    """The packed exercise that a folder lies in."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PACK / "pack.json").is_file():
            return folder
    return None


def facts_of(exercise: Path) -> dict[str, Any]:
    """What the exercise says of itself. Raises Problem where it was damaged."""
    try:
        found = json.loads((exercise / PACK / "pack.json").read_text("utf-8"))
        if not all(isinstance(found[key], str) for key in ("pack", "student", "target", "commit")):
            raise ValueError("a name is missing")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"{exercise / PACK / 'pack.json'} is damaged: unpack it again.") from error
    return dict(found)


def hand_in(exercise: Path, out: Path | None = None) -> Path:
    """Write the archive of an exercise and return where it is.

    `out` is a .zip, by default `submission-STUDENT.zip` beside the exercise; an earlier one is
    replaced, nothing else is. Raises Problem, or OSError where it can't be written.
    """
    facts = facts_of(exercise)
    file = (out or exercise.parent / f"submission-{Path(facts['student']).name}.zip").absolute()
    _check_place(file, exercise)
    members = dict(_members(exercise, facts))
    if sum(map(len, members.values())) > LARGEST:
        raise _too_large()
    beside = file.with_name(f".{file.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                info = zipfile.ZipInfo(name, _DAWN)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o100644 << 16
                archive.writestr(info, members[name])
        beside.replace(file)
    finally:
        if beside.exists():
            beside.unlink()
    return file


def contents(file: Path) -> str:
    """What a submission holds, in words: "1 changed file, 2 commits and no recorded test runs"."""
    with zipfile.ZipFile(file) as archive:
        changed = len(re.findall(rb"^diff --git ", archive.read("changes.patch"), re.MULTILINE))
        commits = len(json.loads(archive.read("submission.json"))["commits"])
        events = "timeline/events.jsonl"
        lines = archive.read(events).splitlines() if events in archive.namelist() else []
    runs = sum(_is_run(line) for line in lines)
    counts = ((changed, "changed file"), (commits, "commit"), (runs, "recorded test run"))
    parts = [f"{count or 'no'} {what}{'s' * (count != 1)}" for count, what in counts]
    return f"{parts[0]}, {parts[1]} and {parts[2]}"


def _is_run(line: bytes) -> bool:
    try:
        return bool(json.loads(line.partition(b"\t")[0])["kind"] == "run")
    except (ValueError, KeyError, TypeError):
        return False


def _check_place(file: Path, exercise: Path) -> None:
    if exercise.resolve() in file.resolve().parents:
        raise Problem(f"{file} lies in the exercise: name a file outside of it with --out.")
    if file.is_dir() or (file.exists() and not _is_submission(file)):
        raise Problem(f"{file} exists and is no submission: name another file with --out.")


def _is_submission(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return "submission.json" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _members(exercise: Path, facts: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    served = facts["commit"]
    if _git(exercise, "cat-file", "-e", f"{served}^{{commit}}", check=False).returncode:
        raise Problem(
            f"the commit that {exercise} began with is gone: unpack the exercise again, copy your "
            "changed files over it, and run this there."
        )
    timeline = exercise / PACK / "timeline"
    value = {
        "schema": SCHEMA,
        **{key: facts[key] for key in ("pack", "student", "target", "commit")},
        "head": _text(_git(exercise, "rev-parse", "--verify", "-q", "HEAD", check=False)),
        "commits": _commits(exercise, served),
        "recorded": timeline.is_dir(),
    }
    yield "submission.json", (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()
    yield "changes.patch", _changes(exercise, served)
    for path in timeline.rglob("*"):
        ours = path.name == "events.jsonl" or "objects" in path.parts
        if ours and path.is_file() and not path.is_symlink():
            yield f"timeline/{path.relative_to(timeline).as_posix()}", path.read_bytes()


def _changes(exercise: Path, served: str) -> bytes:
    """The diff from the served commit to the files as they are, new ones among them.

    Made through an index and objects of its own: those of the exercise stay as they are.
    """
    with tempfile.TemporaryDirectory(prefix="submit-") as name:
        objects = Path(name, "objects")
        objects.mkdir()
        own = Path(_text(_git(exercise, "rev-parse", "--git-path", "objects")))
        apart = {
            "GIT_INDEX_FILE": str(Path(name, "index")),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str((exercise / own).resolve()),
        }
        _git(exercise, "read-tree", served, environment=apart)
        _git(exercise, "add", "--update", ".", environment=apart)
        new = _new_files(exercise, apart)
        if new:
            listed = "\0".join(new).encode("utf-8", "surrogateescape")
            from_input = ("--pathspec-from-file=-", "--pathspec-file-nul")
            _git(exercise, "add", *from_input, environment=apart, given=listed)
        words = ("--cached", "--binary", "--full-index", "--no-ext-diff", "--no-textconv")
        plain = ("--no-color", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/")
        return _git(exercise, "diff", *words, *plain, served, environment=apart).stdout


def _new_files(exercise: Path, apart: dict[str, str]) -> list[str]:
    """Files that git does not know and is not told to ignore; nothing of an environment."""
    done = _git(exercise, "ls-files", "-z", "--others", "--exclude-standard", environment=apart)
    environments = tuple(f"{path.parent.name}/" for path in exercise.glob("*/pyvenv.cfg"))
    names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    found = [name for name in names if name and not name.endswith("/")]  # a repository in it
    found = [name for name in found if not name.startswith(environments)]
    if sum((exercise / name).lstat().st_size for name in found) > LARGEST:
        raise _too_large()
    return found


def _too_large() -> Problem:
    return Problem(
        f"that is more than {LARGEST >> 20} MiB: `git status` shows what was added; move large "
        "files out of the exercise."
    )


def _commits(exercise: Path, served: str) -> list[dict[str, str]]:
    """The student's commits, the newest first."""
    done = _git(exercise, "log", "-z", f"--format={_FORMAT}", f"{served}..HEAD", check=False)
    if done.returncode:
        return []
    values = done.stdout.decode("utf-8", "replace").split("\0")
    rows = (values[at : at + len(_FIELDS)] for at in range(0, len(values), len(_FIELDS)))
    whole = (row for row in rows if len(row) == len(_FIELDS))
    return [{field: row[at] for at, field in enumerate(_FIELDS)} for row in whole]


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return os.fsdecode(done.stdout).strip()


def _git(
    exercise: Path,
    *words: str,
    check: bool = True,
    environment: dict[str, str] | None = None,
    given: bytes = b"",
) -> subprocess.CompletedProcess[bytes]:
    """Run git in the exercise, without anybody's configuration or hooks."""
    options = [part for option in _OPTIONS for part in ("-c", option)]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    shut = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
    }
    try:
        done = subprocess.run(
            ["git", *options, *words],
            cwd=exercise,
            env={**kept, **shut, **(environment or {})},
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise Problem("git was not found: install git and see that it is on your PATH.") from error
    if check and done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Problem(f"git {words[0]} failed: {said[0] if said else 'it said nothing'}")
    return done


def main() -> int:
    """Hand in the exercise around the current folder, else the one beside this file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the .zip")
    given = parser.parse_args()
    beside = sorted(Path(__file__).resolve().parent.glob(f"*/{PACK}/pack.json"))
    exercise = find_exercise(Path.cwd()) or (beside[0].parent.parent if beside else None)
    try:
        if exercise is None:
            raise Problem("there is no exercise here: run this beside it, or inside of it.")
        file = hand_in(exercise, given.out)
        held = contents(file)
    except (Problem, OSError) as error:
        print(f"submit: {error}", file=sys.stderr)
        return 2
    print(file)
    print(f"Hand in this file. It holds {held}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
