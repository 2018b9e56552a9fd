"""`bugbash report` and `check --html` over real workspaces."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.recording.timeline import folder_of
from bugbash.workspace.attempt import Attempt
from tests.pages.test_scan_page import Page

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeAttempt = Callable[..., Attempt]


@pytest.fixture
def attempt(make_attempt: MakeAttempt) -> Attempt:
    return make_attempt()


def mend(attempt: Attempt) -> None:
    file = attempt.workspace / "tiny" / "labels.py"
    text = file.read_text("utf-8")
    file.write_text(text.replace("label(street, name)}]", "label(name, street)}]"), "utf-8")


def page_at(file: Path) -> Page:
    return Page(file.read_text("utf-8"))


def test_the_page_lies_beside_the_workspace_and_can_be_made_again(
    run: Run, attempt: Attempt
) -> None:
    for _ in range(2):
        done = run("report", cwd=attempt.workspace, code=0)
        file = Path(done.stdout.strip())
        assert file == attempt.workspace.parent / f"bugbash-report-{attempt.id}.html"
        assert "open it in a browser" in done.stderr
    assert "Not checked" in page_at(file).text


def test_runs_and_changes_are_on_the_page(run: Run, attempt: Attempt) -> None:
    run("test", "-q", cwd=attempt.workspace, code=1)
    mend(attempt)
    run("test", "-q", cwd=attempt.workspace, code=0)
    run("report", "--html", "r.html", cwd=attempt.workspace.parent, code=3)
    run("report", "--html", "../r.html", cwd=attempt.workspace, code=0)
    text = page_at(attempt.workspace.parent / "r.html").text
    assert "Run 1 1 failed" in text
    assert "Run 2" in text and "1 file +1 −1" in text
    assert "tests/test_labels.py" in text


def test_the_reference_is_shown_only_once_it_is_solved(run: Run, attempt: Attempt) -> None:
    where = {"cwd": attempt.workspace}
    run("check", "--html", "../a.html", **where, code=1)
    before = page_at(attempt.workspace.parent / "a.html").text
    assert "✘ Not solved" in before
    assert "The reference fix and the explanation appear here" in before
    assert "swap-arguments" not in before and "Read the signature." not in before
    mend(attempt)
    run("check", "--html", "../a.html", **where, code=0)
    after = page_at(attempt.workspace.parent / "a.html").text
    assert "✔ Solved" in after
    assert "The reference fix" in after and "Read the signature." in after
    assert after.count("label(name, street)}]") >= 2  # yours and the reference


def test_a_revealed_attempt_has_the_reference_and_no_score(run: Run, attempt: Attempt) -> None:
    where = {"cwd": attempt.workspace}
    run("reveal", "--json", **where, code=0)
    run("check", "--html", "../a.html", **where, code=1)
    text = page_at(attempt.workspace.parent / "a.html").text
    assert "there is a verdict and no score" in text
    assert "Read the signature." in text


def test_the_rubric_has_evidence(run: Run, attempt: Attempt) -> None:
    done = run("check", "--json", "--html", "../a.html", cwd=attempt.workspace, code=1)
    text = page_at(attempt.workspace.parent / "a.html").text
    for row in json.loads(done.stdout)["dimensions"]:
        assert row["name"].capitalize() in text
        for line in (*row["evidence"], row.get("advice", "")):
            assert " ".join(line.split()) in text
    assert "Wrote" in done.stderr


def test_a_change_after_the_last_check_is_pointed_out(run: Run, attempt: Attempt) -> None:
    where = {"cwd": attempt.workspace}
    run("check", **where, code=1)
    mend(attempt)
    run("test", **where, code=0)
    file = Path(run("report", **where, code=0).stdout.strip())
    assert "files have changed since" in page_at(file).text


def test_the_timeline_as_json(run: Run, attempt: Attempt) -> None:
    run("test", cwd=attempt.workspace, code=1)
    done = run("report", "--json", cwd=attempt.workspace, code=0)
    value = json.loads(done.stdout)
    assert (value["schema"], value["attempt"]) == ("bugbash/timeline/v1", attempt.id)
    assert [event["kind"] for event in value["events"]] == ["start", "run"]
    assert not list(attempt.workspace.parent.glob("*.html"))


@pytest.mark.parametrize("command", ["report", "check"])
def test_a_file_that_is_no_report_is_never_overwritten(
    run: Run, attempt: Attempt, command: str
) -> None:
    code = attempt.workspace / "tiny" / "labels.py"
    before = code.read_bytes()
    done = run(command, "--html", "tiny/labels.py", cwd=attempt.workspace, code=2)
    assert "is no bugbash report; remove it, or name another file" in done.stderr
    assert code.read_bytes() == before


def test_a_page_inside_the_workspace_is_warned_of(run: Run, attempt: Attempt) -> None:
    done = run("report", "--html", "here.html", cwd=attempt.workspace, code=0)
    assert "scratch file" in done.stderr


def test_a_timeline_that_was_handed_in_is_marked(
    run: Run, attempt: Attempt, tmp_path: Path
) -> None:
    run("test", cwd=attempt.workspace, code=1)
    mend(attempt)
    run("check", cwd=attempt.workspace, code=0)
    done = run("report", "--from", folder_of(attempt.id), "--html", "given.html", code=0)
    assert Path(done.stdout.strip()) == tmp_path / "given.html"
    text = page_at(tmp_path / "given.html").text
    assert "Self-reported." in text
    assert "tiny/labels.py" in text
    assert "The reference fix" not in text and "Read the signature." not in text
