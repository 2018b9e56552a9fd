"""The first version of a scenario: from a proved bug of a catalogue, or from a change by hand."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from bugbash.errors import EnvironmentProblem, UsageProblem, nearest
from bugbash.files import apply_edits, remove_tree
from bugbash.serving import catalogue as catalogues
from bugbash.serving.anchors import anchor, find_text, patched
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.draft_text import PATCH, REPORT, Draft, report_text, scenario_text
from bugbash.serving.scenario import Bug
from bugbash.serving.written import ACCEPTED, FILE, HIDDEN, REJECTED, mutator_file, read
from bugbash.targets.resolve import vendored_names
from bugbash.targets.spec import Target
from bugbash.targets.suite_files import belongs_to_tests

_SHORTEST_ID = 4
_LONGEST_NAME = 48


def shipped_catalogue(target: str) -> Catalogue | None:
    """The proved bugs that ship of a target; None where none do."""
    return catalogues.load(target) if target in vendored_names() else None


def entry_of(catalogue: Catalogue, bug: str) -> Entry:
    """The bug of an id, or of the beginning of one.

    Raises UsageProblem where there is none, or where there are several.
    """
    ids = [entry.bug.id for entry in catalogue.entries]
    found = [e for e in catalogue.entries if bug and e.bug.id.startswith(bug)]
    if len(found) == 1 and len(bug) >= _SHORTEST_ID:
        return found[0]
    if found:
        raise UsageProblem(f"--bug {bug}: {len(found)} bugs begin so, give more of the id.")
    close = nearest(bug, ids) if len(bug) > _SHORTEST_ID else ""
    hint = close if close.startswith("Did") else "`--list` shows them."
    raise UsageProblem(f"{catalogue.target} has no bug {bug!r}. {hint}")


def draft_of_entry(entry: Entry, target: Target, catalogue: Catalogue) -> Draft:
    """A draft of a proved bug, its text found in the clean files.

    Raises EnvironmentProblem where the catalogue is of other files than the target's.
    """
    if catalogue.digest != target.digest:
        name = catalogue.target
        raise EnvironmentProblem(
            f"the catalogue of {name} is not of the code that is here: rebuild it with "
            f"`bugbash catalogue build {name}`, or use --from-diff."
        )
    bug = entry.bug
    before, after = lines_of(bug, target)
    return Draft(
        target=target.argument,
        title=entry.ticket.title,
        mutator=bug.mutator,
        family="" if mutator_file(bug.mutator) else bug.family,
        file=bug.edit.file,
        before=before,
        after=after,
        explanation=" ".join(bug.explanation.split()),
        fail_to_pass=bug.fail_to_pass,
        report=entry.ticket.render() if entry.ticket.sections else "",
    )


def lines_of(bug: Bug, target: Target) -> tuple[str, str]:
    """The clean and the broken lines of a bug of one file, and as many around as make them unique.

    Raises UsageProblem where no such lines are.
    """
    data = (target.tree / bug.edit.file).read_bytes()
    clean, broken = (
        part.decode("utf-8").replace("\r\n", "\n").split("\n")
        for part in (data, apply_edits(data, bug.edits))
    )
    first = next(
        (n for n, pair in enumerate(zip(clean, broken, strict=False)) if pair[0] != pair[1]), 0
    )
    shortest = min(len(clean), len(broken))
    same = 0
    while same < shortest - first and clean[-1 - same] == broken[-1 - same]:
        same += 1
    text = "\n".join(clean)
    for around in range(shortest):
        start = max(0, first - around)
        rest = max(0, same - around)
        before = "\n".join(clean[start : len(clean) - rest])
        after = "\n".join(broken[start : len(broken) - rest])
        if before.strip() and len(find_text(before, text)) == 1:
            return before, after
    raise UsageProblem(f"the lines of bug {bug.id} can't be told from others: choose another.")


def draft_of_patch(patch: bytes, what: str, family: str, title: str, target: Target) -> Draft:
    """A draft of a change by hand.

    Raises UsageProblem, beginning with `what` and a line of the patch, where it does not apply,
    touches tests, or changes nothing.
    """
    if not patch.strip():
        raise UsageProblem(f"{what} is empty: give the output of `git diff`.")
    changed = patched(patch, target, what)
    for name in sorted(changed):
        if belongs_to_tests(name, target):
            told = f"{name} belongs to the tests: a bug lies in the code or its settings"
            raise UsageProblem(f"{what}{_line_of_file(patch, name)}: {told}.")
    if not changed:
        raise UsageProblem(f"{what} changes nothing.")
    return Draft(target=target.argument, title=title, family=family, patch=patch)


def _line_of_file(patch: bytes, name: str) -> str:
    """`:LINE` where a patch begins with a file, or nothing."""
    for number, line in enumerate(patch.decode("utf-8", "replace").split("\n"), 1):
        if line.startswith(("--- ", "+++ ")):
            told = line[4:].split("\t")[0].strip()
            if told.partition("/")[2] == name:
                return f":{number}"
    return ""


def folder_name(title: str) -> str:
    """A folder's name made of a title: its first words, joined by hyphens."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    name = ""
    for word in words:
        if name and len(name) + len(word) >= _LONGEST_NAME:
            break
        name = f"{name}-{word}" if name else word
    return name[:_LONGEST_NAME] or "my-scenario"


def refuse_taken(folder: Path) -> None:
    """Raises UsageProblem where something is in the way of a new folder."""
    if folder.exists() or folder.is_symlink():
        raise UsageProblem(f"{folder} is there already: choose another folder.")
    for parent in folder.absolute().parents:
        if parent.exists():
            if not parent.is_dir():
                raise UsageProblem(f"{folder} can't be a folder: {parent} is a file.")
            return


def write_draft(folder: Path, draft: Draft, target: Target) -> Path:
    """Write the folder of a scenario, whole or not at all; returns it.

    What is written is read before and its bug found in the target. Raises UsageProblem where the
    folder is there, or where a text of the draft can't stand in a scenario.
    """
    refuse_taken(folder)
    draft = replace(draft, target=_seen_from(folder, draft.target))
    with tempfile.TemporaryDirectory() as temporary:
        _fill(Path(temporary), draft)
        _check(Path(temporary), target)
    made: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        _fill(made, draft)
        made.chmod(0o755)
        refuse_taken(folder)
        made.rename(folder)
    except OSError as error:
        raise EnvironmentProblem(f"{folder} can't be written ({error.strerror}).") from error
    finally:
        if made is not None:
            remove_tree(made)
    return folder


def _seen_from(folder: Path, target: str) -> str:
    """A target's name; a folder as the scenario's file sees it."""
    path = Path(target).expanduser()
    if target.startswith(("pypi:", "git+")) or not path.is_absolute():
        return target
    try:
        return Path(os.path.relpath(path, folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def _fill(folder: Path, draft: Draft) -> None:
    (folder / FILE).write_text(scenario_text(draft), "utf-8", newline="\n")
    if draft.patch:
        (folder / PATCH).write_bytes(draft.patch)
    if draft.own_report:
        (folder / REPORT).write_text(report_text(draft), "utf-8", newline="\n")
    for name in (ACCEPTED, HIDDEN, REJECTED):
        (folder / name).mkdir()


def _check(folder: Path, target: Target) -> None:
    """Raises UsageProblem for what can't be written down, or is not found again."""
    try:
        written = read(folder)
        anchor(written, written.bugs[0], target)
    except UsageProblem as problem:
        told = str(problem).replace(f"{folder}{os.sep}", "")
        raise UsageProblem(f"no scenario can be made of it: {told}") from problem
