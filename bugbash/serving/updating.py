"""A written scenario after its target moved: what of it has to be said anew."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bugbash import git
from bugbash.errors import UsageProblem
from bugbash.files import edited, walk, write_atomically
from bugbash.serving.anchors import (
    Anchored,
    anchor,
    before_and_after,
    dedented,
    find_text,
    of_changes,
    patched,
    refuse_overlaps,
)
from bugbash.serving.certifying import Prover
from bugbash.serving.near import merged, near_text
from bugbash.serving.order import Voice
from bugbash.serving.rewriting import Value, rewritten
from bugbash.serving.serve_written import Ground
from bugbash.serving.written import ACCEPTED, REJECTED, WrittenBug
from bugbash.store import Store
from bugbash.targets.spec import Target


@dataclass(frozen=True)
class Update:
    """What would be written, and what stands in the way."""

    files: dict[Path, bytes] = field(default_factory=dict)
    """New contents of files of the scenario; empty where nothing is to be done."""
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Why it can't be updated; then nothing should be written."""

    def diff(self) -> str:
        """The changes as a unified diff."""
        return "".join(
            "".join(difflib.unified_diff(*_sides(path, data), f"a/{path.name}", f"b/{path.name}"))
            for path, data in sorted(self.files.items())
        )

    def write(self) -> None:
        """Write all files."""
        for path, data in sorted(self.files.items()):
            write_atomically(path, data)


def _sides(path: Path, data: bytes) -> tuple[list[str], list[str]]:
    old, new = path.read_bytes().decode("utf-8", "replace"), data.decode("utf-8", "replace")
    return old.splitlines(keepends=True), new.splitlines(keepends=True)


def update_of(ground: Ground, store: Store, voice: Voice) -> Update:
    """Find every bug again in the target of today, and what it breaks there.

    A `before` that moved or is indented otherwise needs nothing. One that was changed is found
    where lines are clearly most like it, and `after` is carried over; a patch is tried with less
    of its context. Reads only.
    """
    return _Updater(ground).run(store, voice)


class _Updater:
    def __init__(self, ground: Ground) -> None:
        self._ground, self._written, self._target = ground, ground.written, ground.target
        self._values: dict[int, dict[str, Value]] = {}
        self._files: dict[Path, bytes] = {}
        self._notes: list[str] = []
        self._problems: list[str] = []

    def run(self, store: Store, voice: Voice) -> Update:
        found = [self._anchored_again(bug) for bug in self._written.bugs]
        if not self._problems:
            self._tests(
                tuple(bug for bug, _ in found), [one for _, one in found if one], store, voice
            )
        if self._values and not self._problems:
            text = rewritten(self._written, self._values)
            self._files[self._written.file] = text.encode("utf-8")
        return Update(self._files, tuple(self._notes), tuple(self._problems))

    def _anchored_again(self, bug: WrittenBug) -> tuple[WrittenBug, Anchored | None]:
        """The bug as it has to be written for the target of today, and its edits there."""
        try:
            return bug, anchor(self._written, bug, self._target)
        except UsageProblem as problem:
            found: tuple[WrittenBug, Anchored] | None = None
            if bug.patch:
                found = self._loose_bug(bug)
            elif (self._target.tree / bug.file).is_file():
                found = self._changed(bug)
            else:
                found = self._moved(bug)
            if found is None:
                self._problems.append(str(problem))
            return found or (bug, None)

    def _loose_bug(self, bug: WrittenBug) -> tuple[WrittenBug, Anchored] | None:
        path = self._written.folder / bug.patch
        try:
            changed = patched(path.read_bytes(), self._target, "", "-C1")
            anchored = of_changes(self._written, bug, self._target, changed)
        except UsageProblem:
            return None
        clean = {name: (self._target.tree / name).read_bytes() for name in changed}
        self._rewrite(path, clean, changed, f"bug {bug.number}: {bug.patch}")
        return bug, anchored

    def _moved(self, bug: WrittenBug) -> tuple[WrittenBug, Anchored] | None:
        """The bug in another file, where its own is gone and one alone has the lines."""
        texts = _texts(self._target)
        hits = [name for name, text in texts if len(find_text(bug.before, text)) == 1]
        if len(hits) != 1:
            return None
        return self._with(bug, f"{bug.file} is {hits[0]} now", file=hits[0])

    def _changed(self, bug: WrittenBug) -> tuple[WrittenBug, Anchored] | None:
        """The bug with the lines that are most like those it names."""
        text = dict(_texts(self._target)).get(bug.file, "")
        near = near_text(bug.before, text) if not find_text(bug.before, text) else None
        if near is None:
            return None
        after = merged(dedented(bug.before), dedented(bug.after), near)
        if after is None or after == near:
            return None
        ends = "\n" if bug.before.endswith("\n") else ""
        values = {"before": f"{near}{ends}", "after": f"{after}{ends}" if after else ""}
        return self._with(bug, "the lines that it names were changed", **values)

    def _with(
        self, bug: WrittenBug, note: str, **values: str
    ) -> tuple[WrittenBug, Anchored] | None:
        """The bug with other values, where it can be found then."""
        new = replace(bug, **values)  # type: ignore[arg-type]
        try:
            found = anchor(self._written, new, self._target)
        except UsageProblem:
            return None
        self._values[bug.number] = dict(values)
        self._notes.append(f"bug {bug.number}: {note}; it is at {new.file}:{found.line}")
        return new, found

    def _rewrite(
        self, path: Path, before: Mapping[str, bytes], after: Mapping[str, bytes], what: str
    ) -> None:
        """Write a patch anew; what stands before its first file stays."""
        head = _head(path.read_bytes().decode("utf-8", "surrogateescape"))
        text = head + git.patch(before, after)
        self._files[path] = text.encode("utf-8", "surrogateescape")
        self._notes.append(f"{what}: what stands around its lines was changed")

    def _tests(
        self, bugs: tuple[WrittenBug, ...], anchored: list[Anchored], store: Store, voice: Voice
    ) -> None:
        """FAIL_TO_PASS as it is today, and the patches of fixes."""
        written = replace(self._written, bugs=bugs)
        voice.note(f"proving {written.name} ...")
        try:
            refuse_overlaps(written, anchored)
            prover = Prover(replace(self._ground, written=written), store, voice)
            for bug, place in zip(bugs, anchored, strict=True):
                found = prover.breaks(bug, place).fail_to_pass
                if bug.fail_to_pass and set(found) != set(bug.fail_to_pass):
                    self._values.setdefault(bug.number, {})["fail_to_pass"] = found
                    self._notes.append(f"bug {bug.number}: it breaks other tests now")
        except UsageProblem as problem:
            self._problems.append(str(problem))
            return
        broken = edited(self._target.tree, [edit for one in anchored for edit in one.edits])
        for folder in (ACCEPTED, REJECTED):
            for path in written.patches(folder):
                self._fix(path, broken)

    def _fix(self, path: Path, broken: Mapping[str, bytes]) -> None:
        """A patch over the broken code: as it is, or with less of its context around."""
        data, name = path.read_bytes(), f"{path.parent.name}/{path.name}"
        given = (data, self._target, broken, str(path), "the broken code")
        try:
            before_and_after(*given)
        except UsageProblem as problem:
            try:
                before, after = before_and_after(*given, "-C1")
            except UsageProblem:
                self._problems.append(str(problem))
                return
            self._rewrite(path, before, after, name)


def _head(patch: str) -> str:
    """What stands before the first file of a patch."""
    lines = patch.replace("\r\n", "\n").splitlines(keepends=True)
    first = (n for n, line in enumerate(lines) if line.startswith(("diff --git ", "--- ")))
    return "".join(lines[: next(first, 0)])


def _texts(target: Target) -> Iterator[tuple[str, str]]:
    """The files of the clean tree that are text, by name."""
    for path in walk(target.tree):
        try:
            yield path.as_posix(), (target.tree / path).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
