"""From what a scenario's author wrote to edits of the clean files: found again by their text."""

from __future__ import annotations

import difflib
import io
import re
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from bugbash import git
from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.files import Edit, walk
from bugbash.serving.written import Written, WrittenBug
from bugbash.targets.spec import Target
from bugbash.targets.suite_files import belongs_to_tests


@dataclass(frozen=True)
class Anchored:
    """Where a written bug lies in the clean tree of today."""

    edits: tuple[Edit, ...]
    line: int
    """Of the first edit, in the clean file, from 1."""
    before: str
    """The clean lines of the first edit, dedented."""
    after: str


def anchor(written: Written, bug: WrittenBug, target: Target) -> Anchored:
    """The edits that a bug means, of the changed lines alone.

    Raises UsageProblem, with file and line, where the text is not in the target, or is there
    several times, and where a patch does not apply or touches tests.
    """
    if bug.patch:
        return _of_patch(written, bug, target)
    clean = _clean(written, bug, target, bug.file)
    found = find_text(bug.before, clean)
    if len(found) != 1:
        raise UsageProblem(_not_once(written, bug, clean, found))
    changed = found[0].replaced(clean, bug.before, bug.after)
    edits = tuple(edits_between(bug.file, clean.encode("utf-8"), changed.encode("utf-8")))
    if not edits:
        raise UsageProblem(f"{written.place('after', bug.number)}: after is the same as before.")
    line = clean.encode("utf-8")[: edits[0].start].count(b"\n") + 1
    return Anchored(edits, line, dedented(bug.before), dedented(bug.after))


def anchor_all(written: Written, target: Target) -> tuple[Anchored, ...]:
    """The edits of every bug. Raises UsageProblem, too where two bugs change the same lines."""
    found = tuple(anchor(written, bug, target) for bug in written.bugs)
    refuse_overlaps(written, found)
    return found


def refuse_overlaps(written: Written, found: Sequence[Anchored]) -> None:
    """Raises UsageProblem where two bugs change the same lines."""
    for number, one in enumerate(found, 1):
        for earlier, other in enumerate(found[: number - 1], 1):
            if any(_overlap(a, b) for a in one.edits for b in other.edits):
                told = f"it changes lines that bug {earlier} changes too: choose another place"
                raise UsageProblem(f"{written.place('', number)}: {told}.")


def _overlap(one: Edit, other: Edit) -> bool:
    crossing = one.start < other.end and other.start < one.end
    return one.file == other.file and (crossing or one.start == other.start)


@dataclass(frozen=True)
class Spot:
    """Lines of a text: first (from 0), the one after the last, and what indents them all."""

    first: int
    last: int
    indent: str

    def replaced(self, text: str, before: str, after: str) -> str:
        """The text with these lines replaced.

        `after` is taken as it is where `before` is indented as the lines are; else it is indented
        like them as a whole.
        """
        lines = _lines(text)
        new = after.strip("\n")
        if _margin(before.strip("\n").split("\n")) != self.indent:
            new = textwrap.indent(textwrap.dedent(new), self.indent)
        ending = "\r\n" if lines[self.first].endswith("\r\n") else "\n"
        put = "".join(f"{line}{ending}" for line in new.split("\n")) if new.strip() else ""
        if not lines[self.last - 1].endswith("\n"):
            put = put.removesuffix(ending)
        return "".join([*lines[: self.first], put, *lines[self.last :]])


def find_text(wanted: str, text: str) -> list[Spot]:
    """Where some lines stand in a text, whatever indents them as a whole."""
    sought = [line.rstrip() for line in dedented(wanted).split("\n")]
    lines = [line.rstrip("\r\n") for line in _lines(text)]
    found = []
    for start in range(len(lines) - len(sought) + 1):
        part = lines[start : start + len(sought)]
        if sought[0] != part[0].strip() and not sought[0].startswith((" ", "\t")):
            continue
        if [line.rstrip() for line in textwrap.dedent("\n".join(part)).split("\n")] == sought:
            found.append(Spot(start, start + len(sought), _margin(part)))
    return found


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, as an editor counts them."""
    return io.StringIO(text, newline="\n").readlines()


def _margin(lines: Iterable[str]) -> str:
    """The white space that all lines which are not blank begin with."""
    used = [line for line in lines if line.strip()]
    bare = textwrap.dedent("\n".join(used)).split("\n")
    return used[0][: len(used[0]) - len(bare[0])] if used else ""


def dedented(text: str) -> str:
    """Lines of code without what indents them all, and without blank lines around."""
    return textwrap.dedent(text).strip("\n")


def _clean(written: Written, bug: WrittenBug, target: Target, name: str) -> str:
    path = target.tree / name
    names = [one.as_posix() for one in walk(target.tree)]
    if name not in names:
        told = f"{written.target} has no file {name}. {nearest(name, names)}"
        raise UsageProblem(f"{written.place('file', bug.number)}: {told}")
    _refuse_tests(written, bug, target, name)
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        place = written.place("file", bug.number)
        raise UsageProblem(f"{place}: {name} is not UTF-8: use a patch of another file.") from error


def _refuse_tests(written: Written, bug: WrittenBug, target: Target, name: str) -> None:
    if belongs_to_tests(name, target):
        key = "patch" if bug.patch else "file"
        told = f"{name} belongs to the tests: a bug lies in the code or its settings"
        raise UsageProblem(f"{written.place(key, bug.number)}: {told}.")


def _not_once(written: Written, bug: WrittenBug, clean: str, found: list[Spot]) -> str:
    """What is wrong with a `before` that is not there, or is there several times."""
    place = written.place("before", bug.number)
    if found:
        where = ", ".join(str(spot.first + 1) for spot in found[:5])
        told = f"before occurs {len(found)} times in {bug.file}, at lines {where}"
        return f"{place}: {told}: add lines around it until it occurs once."
    lines = [line.strip() for line in _lines(clean)]
    first = dedented(bug.before).split("\n")[0].strip()
    near = difflib.get_close_matches(first, lines, 1, 0.6)
    hint = f" The nearest is line {lines.index(near[0]) + 1}: {near[0]}" if near else ""
    return f"{place}: before does not occur in {bug.file}.{hint}"


def _of_patch(written: Written, bug: WrittenBug, target: Target) -> Anchored:
    data = (written.folder / bug.patch).read_bytes()
    what = f"{written.place('patch', bug.number)}: {bug.patch}"
    return of_changes(written, bug, target, patched(data, target, what))


def of_changes(
    written: Written, bug: WrittenBug, target: Target, changed: Mapping[str, bytes]
) -> Anchored:
    """The edits that a bug's patch means, from the files as they are after it.

    Raises UsageProblem where it touches tests or changes nothing.
    """
    edits: list[Edit] = []
    for name, content in sorted(changed.items()):
        _refuse_tests(written, bug, target, name)
        edits += edits_between(name, (target.tree / name).read_bytes(), content)
    if not edits:
        place = written.place("patch", bug.number)
        raise UsageProblem(f"{place}: {bug.patch} changes nothing.")
    clean = {edit.file: (target.tree / edit.file).read_bytes() for edit in edits}
    line = clean[edits[0].file][: edits[0].start].count(b"\n") + 1
    before = [clean[edit.file][edit.start : edit.end].decode("utf-8") for edit in edits]
    after = [edit.replacement for edit in edits]
    return Anchored(tuple(edits), line, _together(before), _together(after))


def _together(parts: Iterable[str]) -> str:
    return "\n".join(text for text in map(dedented, parts) if text)


def patched(patch: bytes, target: Target, what: str, *options: str) -> dict[str, bytes]:
    """The files of a clean tree that a patch changes, as they are after it.

    Raises UsageProblem, beginning with `what`, where it does not apply, or adds or removes files.
    """
    before, after = before_and_after(patch, target, {}, what, target.argument, *options)
    if after.keys() != before.keys():
        other = min(after.keys() ^ before.keys())
        raise UsageProblem(f"{what} adds or removes {other}: a bug changes files that are there.")
    return {name: data for name, data in after.items() if data != before[name]}


def before_and_after(
    patch: bytes, target: Target, changed: Mapping[str, bytes], what: str, tree: str, *options: str
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that a patch is about, without it and with it; those that are not there, left out.

    `changed` are files of the clean tree with other contents; the rest is as for `apply`.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        before: dict[str, bytes] = {}
        for name in named_in(patch, what):
            path = target.tree / name
            if path.is_file():
                before[name] = changed.get(name) or path.read_bytes()
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(before[name])
        apply(patch, folder, what, tree, *options)
        return before, {p.as_posix(): (folder / p).read_bytes() for p in walk(folder)}


def apply(patch: bytes, folder: Path, what: str, tree: str, *options: str) -> None:
    """Apply a patch to the files of a folder, whole or not at all.

    Raises UsageProblem, beginning with `what` and the line of the patch, where it does not apply
    to `tree`, as the user calls it.
    """
    words = ["apply", "--whitespace=nowarn", *options, "-"]
    # A checkout on Windows may have given the patch line ends that the code does not have.
    tries = [patch, patch.replace(b"\r\n", b"\n")] if b"\r\n" in patch else [patch]
    for last, data in zip((*[False] * (len(tries) - 1), True), tries, strict=True):
        try:
            git.run(words, folder, input=data, environment=_alone(folder))
            return
        except EnvironmentProblem as error:
            if last:
                why = _said(error)
                line = _line_of_hunk(patch, why)
                raise UsageProblem(f"{what}{line} does not apply to {tree} ({why}).") from error


def _alone(folder: Path) -> dict[str, str]:
    """So that git takes no folder above for the repository that a patch belongs to."""
    return {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent)}


def _said(error: EnvironmentProblem) -> str:
    return re.sub(r"^(git apply failed: )?(error: |fatal: )?", "", str(error)).rstrip(".")


def _line_of_hunk(patch: bytes, why: str) -> str:
    """`:LINE` of the hunk of a patch that git complains of, or nothing."""
    failed = re.search(r"patch failed: (.+):(\d+)$", why)
    file = ""
    for number, line in enumerate(patch.decode("utf-8", "replace").split("\n"), 1):
        if line.startswith("--- "):
            file = line[4:].split("\t")[0].strip().partition("/")[2]
        hunk = re.match(r"@@ -(\d+)", line)
        if failed and hunk and (file, hunk[1]) == (failed[1], failed[2]):
            return f":{number}"
    corrupt = re.search(r"at (?:<stdin>:|line )(\d+)", why)
    return f":{corrupt[1]}" if corrupt else ""


def named_in(patch: bytes, what: str) -> list[str]:
    """The files that a patch is about, all inside the tree.

    Raises UsageProblem, beginning with `what`, for what is no patch.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data = patch.replace(b"\r\n", b"\n")
        words = ["apply", "--numstat", "-z", "-"]
        try:
            listed = git.run(words, folder, input=data, environment=_alone(folder))
        except EnvironmentProblem as error:
            why = _said(error)
            raise UsageProblem(f"{what}{_line_of_hunk(patch, why)} is no patch ({why}).") from error
    fields = listed.decode("utf-8", "surrogateescape").split("\0")
    names = [row.split("\t")[-1] for row in fields if row]
    for name in names:
        if name.startswith("/") or ".." in name.split("/"):
            raise UsageProblem(f"{what} names {name}, which lies outside of the target.")
    return names


def edits_between(name: str, before: bytes, after: bytes) -> Iterator[Edit]:
    """The edits, line by line, that make one content of a file of another.

    Raises UsageProblem where the new content is not UTF-8.
    """
    old, new = io.BytesIO(before).readlines(), io.BytesIO(after).readlines()
    offsets = [0, *accumulate(map(len, old))]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        try:
            text = b"".join(new[c:d]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageProblem(f"{name} is not UTF-8 after the change.") from error
        yield Edit(name, offsets[a], offsets[b], text)
