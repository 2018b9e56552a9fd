"""What was left behind: debugging leftovers, scratch files, work that is not committed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash.grading.cleanup import CleanUp, clean_up_of
from bugbash.grading.difference import difference_of
from bugbash.grading.leftovers import marks
from bugbash.grading.workspace_files import submission_of
from bugbash.serving.serve import Served
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import broken_files

Changes = Mapping[str, str | bytes | None]
LABELS = "tiny/labels.py"
Look = Callable[[Path, Served], CleanUp]


@pytest.fixture
def look() -> Look:
    """What is found in a workspace; no test is run."""

    def found(workspace: Path, served: Served) -> CleanUp:
        broken = broken_files(served.scenario, served.target)
        submission = submission_of(workspace, served.target, broken, served.environment)
        difference = difference_of(workspace, served.target, broken, submission)
        return clean_up_of(workspace, served.target, broken, submission, difference)

    return found


LEFTOVERS = {
    "print": "print(1)",
    "print in a function": "def f():\n    print('here')",
    "breakpoint": "breakpoint()",
    "import pdb": "import pdb",
    "import pdb among others": "import os, pdb",
    "from pdb": "from pdb import set_trace",
    "import in a function": "def f():\n    import ipdb",
    "set_trace": "import bdb\nbdb.Bdb().set_trace()",
    "pprint": "from pprint import pprint\npprint(1)",
    "print_exc": "import traceback\ntraceback.print_exc()",
    "commented-out call": "# label(name, street)",
    "commented-out return": "x = 1\n# return label(street, name)",
    "commented-out assignment": "#name = street",
    "commented-out if": "# if name:",
}


@pytest.mark.parametrize("text", LEFTOVERS.values(), ids=LEFTOVERS)
def test_leftovers_are_found(text: str) -> None:
    assert marks(text.encode() + b"\n")


PROSE = {
    "a sentence": "# the order matters here",
    "a sentence with brackets": "# see the manual (page 3)",
    "a name": "# label",
    "a heading": "# --- labels ---",
    "a directive": "x = 1  # noqa: E501",
    "a type": "x = []  # type: ignore[var-annotated]",
    "an encoding": "# -*- coding: utf-8 -*-",
    "a sentence that begins with a keyword": "# if the name is empty, the street comes first",
    "a sentence that begins with for": "# for the printer",
    "a sentence that begins with return": "# return of the parcel",
    "a string that holds code": "x = 'print(1)'",
    "a method named print": "class P:\n    def print(self): ...\nP().print()",
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE)
def test_ordinary_comments_and_code_are_no_leftovers(text: str) -> None:
    assert marks(text.encode() + b"\n") == []


def test_leftovers_are_named_with_file_and_line(
    make_attempt: Callable[..., Attempt], tiny_served: Served, broken: str, look: Look
) -> None:
    workspace = make_attempt().workspace
    (workspace / LABELS).write_text(broken + "print('who')\n", "utf-8")
    line = broken.count("\n") + 1
    assert look(workspace, tiny_served).leftovers == (f"{LABELS}:{line}: print('who')",)


def test_what_the_clean_file_prints_is_no_leftover(
    make_attempt: Callable[..., Attempt], serve_tiny: Callable[..., Served], look: Look
) -> None:
    text = "def main():\n    print('hello')\n    # main(1)\n    import pdb\n"
    served = serve_tiny(files={"tiny/main.py": text})
    workspace = make_attempt(served).workspace
    (workspace / "tiny/main.py").write_text("X = 1\n" + text, "utf-8")
    assert look(workspace, served).leftovers == ()


SCRATCH = ["debug.py", "notes.txt", "fix.patch", "tiny/labels.py.orig", "tiny/labels.py.bak",
           "tiny/x.rej", "tmp/try.py", "out.log", "a b.txt", "ä.txt"]  # fmt: skip
NO_SCRATCH = [
    "uv.lock", ".DS_Store", "tiny/.DS_Store", ".vscode/settings.json", ".idea/x.xml",
    ".zed/settings.json", ".python-version", ".coverage", "htmlcov/index.html",
    "tiny/new.py", "tests/test_new.py", "test_new.py", "tests/data/x.txt",
    "__pycache__/x.pyc", ".pytest_cache/x", ".mypy_cache/x", ".venv/x", "venv/x",
]  # fmt: skip


@pytest.mark.parametrize("name", SCRATCH)
def test_scratch_files_are_found(
    name: str, make_attempt: Callable[..., Attempt], tiny_served: Served, look: Look
) -> None:
    workspace = make_attempt().workspace
    (workspace / name).parent.mkdir(parents=True, exist_ok=True)
    (workspace / name).write_text("x\n", "utf-8")
    assert look(workspace, tiny_served).scratch == (name,)


def test_a_module_that_the_fix_imports_is_no_scratch(
    make_attempt: Callable[..., Attempt], tiny_served: Served, look: Look
) -> None:
    workspace = make_attempt().workspace
    (workspace / "wording.py").write_text("SIZE = 1\n", "utf-8")
    assert look(workspace, tiny_served).scratch == ("wording.py",)
    source = (workspace / LABELS).read_text("utf-8")
    (workspace / LABELS).write_text(f"import wording\n{source}", "utf-8")
    assert look(workspace, tiny_served).scratch == ()


def test_what_editors_and_tools_leave_is_no_scratch(
    make_attempt: Callable[..., Attempt], tiny_served: Served, look: Look
) -> None:
    workspace = make_attempt().workspace
    for name in NO_SCRATCH:
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text("", "utf-8")
    assert look(workspace, tiny_served).scratch == ()


def _git(workspace: Path, *words: str | bytes) -> None:
    subprocess.run(["git", *words], cwd=workspace, check=True, capture_output=True)


@pytest.fixture
def fixed(make_attempt: Callable[..., Attempt], clean: Callable[[str], str]) -> Path:
    """A workspace whose bug is fixed and not committed."""
    workspace = make_attempt().workspace
    (workspace / LABELS).write_text(clean(LABELS), "utf-8")
    return workspace


def test_a_fix_that_was_not_committed_is_seen(fixed: Path, tiny_served: Served, look: Look) -> None:
    found = look(fixed, tiny_served)
    assert not found.committed
    assert found.messages == ()


def test_a_staged_fix_is_not_a_committed_one(fixed: Path, tiny_served: Served, look: Look) -> None:
    _git(fixed, "add", "-A")
    assert not look(fixed, tiny_served).committed


def test_a_committed_fix_is_seen_with_its_message(
    fixed: Path, tiny_served: Served, look: Look
) -> None:
    _git(fixed, "commit", "-qam", "Hand the arguments on in order")
    found = look(fixed, tiny_served)
    assert found.committed
    assert found.messages == ("Hand the arguments on in order",)


def test_a_fix_that_was_changed_after_its_commit_is_not_committed(
    fixed: Path, tiny_served: Served, look: Look
) -> None:
    _git(fixed, "commit", "-qam", "first")
    with (fixed / LABELS).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not look(fixed, tiny_served).committed


def test_files_beside_the_fix_need_no_commit(fixed: Path, tiny_served: Served, look: Look) -> None:
    _git(fixed, "commit", "-qam", "first")
    (fixed / ".vscode").mkdir()
    (fixed / ".vscode" / "settings.json").write_text("{}", "utf-8")
    assert look(fixed, tiny_served).committed


def test_a_test_of_ones_own_belongs_into_the_commit(
    fixed: Path, tiny_served: Served, look: Look
) -> None:
    _git(fixed, "commit", "-qam", "first")
    (fixed / "tests/test_parcels.py").write_text("def test_it():\n    pass\n", "utf-8")
    found = look(fixed, tiny_served)
    assert (found.committed, found.pending) == (False, ("tests/test_parcels.py",))
    _git(fixed, "add", "tests/test_parcels.py")
    _git(fixed, "commit", "-qm", "A test of it")
    assert look(fixed, tiny_served).committed


MESSAGES: dict[str, str | bytes] = {
    "form feed": "fix\x0cit",
    "vertical tab": "fix\x0bit",
    "line separator": "fix\u2028it",
    "next line": "fix\x85it",
    "tab": "fix\tit",
    "escape": "fix\x1b[31mit\x07",
    "several lines": "fix\n\nit\n",
    "not UTF-8": b"fix \xff it",
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_any_commit_message_can_be_read(
    message: str | bytes, fixed: Path, tiny_served: Served, look: Look
) -> None:
    _git(fixed, "commit", "-qam", message)
    found = look(fixed, tiny_served)
    assert found.committed
    assert len(found.messages) == 1
    assert found.messages[0].startswith("fix")


def test_a_commit_without_a_message_is_a_commit(
    fixed: Path, tiny_served: Served, look: Look
) -> None:
    _git(fixed, "commit", "-qa", "--allow-empty-message", "-m", "")
    assert look(fixed, tiny_served).messages == ("",)


def test_a_lost_git_folder_is_no_commit(fixed: Path, tiny_served: Served, look: Look) -> None:
    import shutil

    shutil.rmtree(fixed / ".git")
    assert not look(fixed, tiny_served).committed


def test_a_repository_around_the_workspace_is_not_asked(
    fixed: Path, tiny_served: Served, look: Look
) -> None:
    import shutil

    shutil.rmtree(fixed / ".git")
    around = fixed.parent
    _git(around, "init", "-q")
    for message in ("first", "second"):
        _git(around, "add", "-A")
        _git(around, "commit", "-q", "--allow-empty", "-m", message)
    found = look(fixed, tiny_served)
    assert found.messages == ()
    assert not found.committed


def test_git_hooks_and_settings_of_the_workspace_do_not_run(
    fixed: Path, tiny_served: Served, look: Look, tmp_path: Path
) -> None:
    proof = tmp_path / "it ran"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch '{proof}'\n", "utf-8")
    hook.chmod(0o755)
    _git(fixed, "config", "core.fsmonitor", str(hook))
    _git(fixed, "config", "core.hooksPath", str(tmp_path))
    look(fixed, tiny_served)
    assert not proof.exists()
