"""An index of the real bugs of `reckon`, the small project with a past, for tests of serving."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bugbash.targets.history import index as indexes
from bugbash.targets.history.changes import change_of
from bugbash.targets.history.fixes import fix_of
from bugbash.targets.history.index import Entry, Index
from bugbash.targets.history.repository import open_history
from bugbash.targets.interpreters import own
from tests.mining.history import Project, build

FAIL_TO_PASS = {
    "fix-rounding": ("tests/test_money.py::test_rounding_of_debts",),
    "fix-parameters": ("tests/test_money.py::test_shown[105-1.05]",),
    "fix-branch": ("tests/test_money.py::test_split",),
    "fix-crlf": ("tests/test_windows.py::test_line_ends_of_old_macs",),
}
URL = "https://gitlab.example.invalid/ledgers/reckon.git"


@dataclass(frozen=True)
class Library:
    """The project's clone, and the index of its bugs below BUGBASH_HOME."""

    project: Project
    index: Index

    def commit(self, name: str) -> str:
        return self.project.commits[name]

    def entry(self, name: str) -> Entry:
        return indexes.find(self.index, self.commit(name))


def make_library(folder: Path, home: Path, name: str = "reckon") -> Library:
    """Build the project in `folder`, and its index below `home` as `bugbash mine` leaves it."""
    project = build(folder)
    history = open_history(str(folder), lambda _: None, name)
    lock = indexes.keep_lock(["pytest"], home / "real")
    entries = []
    for which, tests in FAIL_TO_PASS.items():
        change = change_of(history, project.commits[which])
        fix = fix_of(change, name)
        entries.append(
            Entry(
                fix_commit=fix.commit,
                base_commit=fix.base,
                when=fix.when,
                files=fix.sources,
                added=fix.added,
                removed=fix.removed,
                trait="guard" if which == "fix-rounding" else "text",
                family="platform" if which == "fix-crlf" else "logic",
                fail_to_pass=tests,
                tests=0,
                left_out=(),
                ignored_files=(),
                python=own().minor,
                lock=lock,
                issues=(11, 7) if which == "fix-rounding" else (),
            )
        )
    index = Index(name, URL, tuple(entries))
    indexes.save(index, home / "real" / f"{name}.json")
    return Library(project, indexes.load(name))
