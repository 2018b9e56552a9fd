"""Packs for a class: for each student a workspace without its answer, and a key to all of them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bugbash import __version__, git
from bugbash.errors import UsageProblem
from bugbash.files import remove_tree, walk
from bugbash.recording import journal
from bugbash.resources import home
from bugbash.serving.order import Watch
from bugbash.serving.scenario import Scenario, to_json
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import MARKER
from bugbash.workspace.make import served_files, write_broken
from bugbash.workspace.pack_files import files_beside
from bugbash.workspace.plain_files import (
    digest_of,
    members_of,
    rewrite_stored,
    same_time,
    settle_repository,
    write_zip,
)
from bugbash.workspace.roster import Roster, Student
from bugbash.workspace.submission_script import PACK

KEY_SCHEMA = "bugbash/key/v1"
PACK_SCHEMA = "bugbash/pack/v1"
_EXCLUDED = (
    f"/{PACK}/", ".venv/", "venv/", "__pycache__/", ".pytest_cache/", ".DS_Store", ".idea/",
    ".vscode/", ".zed/",
)  # fmt: skip


@dataclass(frozen=True)
class Handout:
    """What is to be packed."""

    roster: Roster
    served: Sequence[Served]
    """For each student in turn."""
    seed: int
    recorded: bool = True
    zipped: bool = False


@dataclass(frozen=True)
class Pack:
    """One student's pack, as it lies in the folder of all."""

    student: Student
    id: str
    name: str
    """Of the folder or the zip."""
    target: str
    scenario: str
    """What the key calls the scenario."""
    commit: str
    digest: str
    """SHA-256 of the zip, or over the names and contents of the folder."""


def check_places(out: Path, key: Path) -> None:
    """Raises UsageProblem where packs and their key can't go to these places."""
    if out.exists() or out.is_symlink():
        raise UsageProblem(
            f"--out {out}: exists: name a folder that does not, nothing is overwritten."
        )
    inside = git.enclosing_work_tree(out.parent.resolve())
    if inside is not None:
        raise UsageProblem(
            f"--out {out}: lies in the git work tree {inside}: name a folder outside."
        )
    where, packs = key.resolve(), out.resolve()
    if where == packs or packs in where.parents:
        raise UsageProblem(f"--key {key}: lies among the packs: name a file outside of {out}.")
    if where.is_dir() or (where.exists() and not _is_key(where)):
        raise UsageProblem(f"--key {key}: exists and is no key: name another file.")
    if where.exists():
        raise UsageProblem(f"--key {key}: exists: name another file, keys are not overwritten.")


def _is_key(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_bytes())["schema"] == KEY_SCHEMA)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def make_packs(handout: Handout, out: Path, key: Path, watch: Watch) -> tuple[Pack, ...]:
    """Make every student's pack in the folder `out`, and the key to them in the file `key`.

    The packs of the same handout are the same, to the byte. They are built beside `out` and renamed
    when all are there: killed at any moment, nothing is left at `out`. The key comes first, so that
    no packs are without one. Raises UsageProblem where the places are taken.
    """
    check_places(out, key)
    staging = out.parent / f".{out.name}.part"
    out.parent.mkdir(parents=True, exist_ok=True)
    lock = home() / "locks" / f"pack-{hashlib.sha256(str(out).encode()).hexdigest()[:16]}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            remove_tree(staging)  # of a run that was killed
            try:
                staging.mkdir()
                packs = tuple(_packs(handout, staging, watch))
                _write_key(key, _key(handout, packs))
                try:
                    staging.rename(out)
                except OSError:
                    key.unlink()
                    raise
            except BaseException:
                remove_tree(staging)
                raise
    except Timeout as error:
        raise UsageProblem(f"--out {out}: packs are being made there by another run.") from error
    return packs


def _packs(handout: Handout, staging: Path, watch: Watch) -> list[Pack]:
    found = []
    students = handout.roster.students
    for done, (student, served) in enumerate(zip(students, handout.served, strict=True)):
        watch(done, len(students))
        found.append(_pack(handout, student, served, staging))
    watch(len(students), len(students))
    return found


def _pack(handout: Handout, student: Student, served: Served, staging: Path) -> Pack:
    id_ = _id_of(handout.seed, student)
    folder = staging / student.folder
    workspace = folder / served.scenario.name
    workspace.mkdir(parents=True)
    commit = _fill(workspace, served, student, id_, handout.recorded)
    for name, content in files_beside(served, student, handout.recorded).items():
        (folder / name).write_bytes(content)
    same_time(folder, git.NEUTRAL_TIME)
    name, digest = student.folder, ""
    if handout.zipped:
        name = f"{student.folder}.zip"
        with (staging / name).open("wb") as file:
            write_zip(file, members_of(folder, student.folder))
        remove_tree(folder)
        digest = hashlib.sha256((staging / name).read_bytes()).hexdigest()
    return Pack(
        student=student,
        id=id_,
        name=name,
        target=served.scenario.name,
        scenario=_name_of(served.scenario),
        commit=commit,
        digest=digest or digest_of(folder),
    )


def _id_of(seed: int, student: Student) -> str:
    return hashlib.sha256(f"pack {seed} {student.folder}".encode()).hexdigest()[:8]


def _name_of(scenario: Scenario) -> str:
    """What the key calls a scenario."""
    bugs = "+".join(bug.id for bug in scenario.bugs)
    return scenario.written or f"{scenario.target}:{bugs}"


def _fill(workspace: Path, served: Served, student: Student, id_: str, recorded: bool) -> str:
    """The broken repository with what a pack must know of itself; returns its commit."""
    scenario = served.scenario
    write_broken(workspace, scenario, served.target, id_)
    (workspace / MARKER).unlink()  # an attempt's; a pack is nobody's attempt on this machine
    overlay = set(scenario.overlay)
    files = [path.as_posix() for path in walk(workspace) if path.as_posix() not in overlay]
    excluded = [*_EXCLUDED, *(f"/{name}" for name in scenario.overlay)]
    commit = git.make_repository(workspace, files, excluded)
    settle_repository(workspace, student.called, student.email or "student@localhost")
    tree = _served_tree(workspace) if recorded else ""
    facts = {
        "schema": PACK_SCHEMA,
        "pack": id_,
        "student": student.folder,
        "target": scenario.name,
        "target_version": scenario.version,
        "commit": commit,
        "tree": tree,
        "source_roots": served.target.spec.source_roots,
        "pytest_args": served.target.spec.pytest_args,
    }
    (workspace / PACK).mkdir(exist_ok=True)
    text = json.dumps(facts, indent=1, sort_keys=True) + "\n"
    (workspace / PACK / "pack.json").write_bytes(text.encode())
    return commit


def _served_tree(workspace: Path) -> str:
    """Begin the timeline with the tree as it is served; returns its name."""
    timeline = workspace / PACK / "timeline"
    timeline.mkdir(parents=True)
    tree = journal.snapshot(str(timeline), str(workspace))
    (timeline / "index.json").unlink()  # times and numbers of files
    for file in timeline.glob("objects/??/*"):
        rewrite_stored(file)
    return tree


def _key(handout: Handout, packs: Sequence[Pack]) -> dict[str, Any]:
    scenarios: dict[str, dict[str, Any]] = {}
    for pack, served in zip(packs, handout.served, strict=True):
        if pack.scenario not in scenarios:
            scenarios[pack.scenario] = _answer(served)
    return {
        "schema": KEY_SCHEMA,
        "version": __version__,
        "seed": handout.seed,
        "roster": handout.roster.digest,
        "recorded": handout.recorded,
        "packs": [
            {
                "student": {k: getattr(pack.student, k) for k in ("name", "id", "email")},
                "file": pack.name,
                "pack": pack.id,
                "scenario": pack.scenario,
                "commit": pack.commit,
                "sha256": pack.digest,
            }
            for pack in packs
        ],
        "scenarios": scenarios,
    }


def _answer(served: Served) -> dict[str, Any]:
    """All that is needed to judge a submission, and what was changed for a person to read."""
    scenario, target = served.scenario, served.target
    changed = served_files(scenario, target)
    clean = {name: (target.tree / name).read_bytes() for name in sorted(changed)}
    return {
        "target": scenario.target,
        "digest": scenario.digest,
        "seed": scenario.seed,
        "edits": [
            {"file": e.file, "start": e.start, "end": e.end, "replacement": e.replacement}
            for bug in scenario.bugs
            for e in bug.edits
        ],
        "fail_to_pass": scenario.fail_to_pass,
        "pass_to_pass": scenario.pass_to_pass,
        "clean": {name: hashlib.sha256(data).hexdigest() for name, data in clean.items()},
        "served": {
            name: hashlib.sha256(data).hexdigest()
            for name, data in sorted(changed.items())
            if data is not None
        },
        "fix": git.patch(changed, clean),
        "scenario": to_json(scenario),
    }


def _write_key(file: Path, value: dict[str, Any]) -> None:
    """Write the key so that only its owner can read it, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write((json.dumps(value, indent=1, sort_keys=True) + "\n").encode())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
