"""What a submission says beside its timeline: shown, as a stranger's word."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PATCH = """\
diff --git a/tiny/labels.py b/tiny/labels.py
index 1..2 100644
--- a/tiny/labels.py
+++ b/tiny/labels.py
@@ -1,2 +1,2 @@
 one
-two
+zwei <b>
"""


def commit(message: Any, author: Any = "Ada") -> dict[str, Any]:
    return {"author": author, "authored": "2026-01-01T00:00:00+00:00", "message": message}


def submission(file: Path, patch: str = PATCH, **facts: Any) -> Path:
    value = {"schema": "bugbash/submission/v1", "student": "Ada", "target": "tiny", **facts}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("submission.json", json.dumps(value))
        archive.writestr("changes.patch", patch)
    return file


def test_the_change_and_the_commits_are_shown_without_a_timeline_too(
    run: Run, tmp_path: Path
) -> None:
    commits = [commit("Mend it\n\nIt was late.\n"), commit("Try")]
    given = submission(tmp_path / "ada.zip", commits=commits)
    run("report", "--from", given, "--html", "page.html", code=0)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "Self-reported." in page
    assert "Ada · tiny" in page
    assert "zwei &lt;b&gt;" in page
    assert page.index("<summary>Try<") < page.index("<summary>Mend it<")
    told = json.loads(run("report", "--from", given, "--json", code=0).stdout)
    assert told["submission"]["patch"] == PATCH
    assert [one["message"] for one in told["submission"]["commits"]] == [
        "Try", "Mend it\n\nIt was late.",
    ]  # fmt: skip
    assert told["self_reported"] is True


HOSTILE = [
    pytest.param({"commits": [commit("<script>\x1b[31m", "<img src=x>")]}, id="markup"),
    pytest.param({"commits": [commit("x" * 1_000_000)] * 2}, id="long"),
    pytest.param({"commits": [commit(f"c{n}") for n in range(5000)]}, id="many"),
    pytest.param({"commits": [commit(3, None), "text", None]}, id="other types"),
    pytest.param({"commits": "none", "student": ["<b>"], "target": {}}, id="no lists"),
    pytest.param({"student": "<script>" * 99}, id="student"),
    pytest.param({"commits": [commit("\ud800 half")]}, id="half a character"),
]


@pytest.mark.parametrize("facts", HOSTILE)
def test_what_a_stranger_wrote_is_shown_inert_and_short(
    facts: dict[str, Any], run: Run, tmp_path: Path
) -> None:
    given = submission(tmp_path / "in.zip", **facts)
    run("report", "--from", given, "--html", "page.html", code=0)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script>" not in page
    assert "<img" not in page
    assert len(page) < 800_000


PATCHES = [
    pytest.param("@@ -9999999999999999999999,1 +x @@\n+a\n", id="no file"),
    pytest.param(
        "diff --git a/x b/x\n@@ -1 +x @@\n@@\n@@ -" + "9" * 6000 + " @@\n+a", id="numbers"
    ),
    pytest.param("diff --git a/x b/x\n@@ -1 +1 @@\n" + "+y\n" * 200_000, id="long"),
    pytest.param("diff --git \n" * 20_000, id="many files"),
    pytest.param("\0\x1b[31m\ud7ff", id="bytes"),
]


@pytest.mark.parametrize("patch", PATCHES)
def test_any_patch_makes_a_page(patch: str, run: Run, tmp_path: Path) -> None:
    given = submission(tmp_path / "in.zip", patch, commits=[])
    run("report", "--from", given, "--html", "page.html", code=0)
    assert (tmp_path / "page.html").stat().st_size < 800_000
    assert "Nothing was committed." in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"schema": "bugbash/submission/v9"}', "[" * 100_000]
)
def test_what_is_no_submission_and_has_no_timeline_is_refused(
    text: str, run: Run, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("submission.json", text)
    done = run("report", "--from", tmp_path / "in.zip", code=2)
    assert "holds no timeline" in done.stderr
