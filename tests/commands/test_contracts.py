"""What other programs read: JSON alone on stdout, with the keys and types that were promised."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]
NUMBER = (int, float)

ATTEMPT = {
    "schema": "bugbash/attempt/v1",
    "attempt": str,
    "workspace": str,
    "target": str,
    "target_version": str,
    "families": [str],
    "difficulty": (str, type(None)),
    "seed": int,
    "bug_count": int,
    "fail_to_pass": [str],
    "failure_report": "FAILURE_REPORT.md",
}
GRADE = {
    "schema": "bugbash/grade/v1",
    "attempt": str,
    "target": str,
    "solved": bool,
    "score": int,
    "max_score": 100,
    "elapsed_s": NUMBER,
    "hints": int,
    "bugs": [{"number": int, "solved": bool, "green_at_s": (float, type(None))}],
    "tests": {
        "fail_to_pass": {"passed": [str], "failed": [str], "missing": [str]},
        "pass_to_pass": {"passed": int, "failed": [str], "missing": [str]},
    },
    "diff": {
        "files": [str],
        "added": int,
        "removed": int,
        "reference_added": int,
        "reference_removed": int,
        "equivalent": (str, type(None)),
    },
    "dimensions": [
        {
            "name": str,
            "points": int,
            "max": int,
            "observed": bool,
            "evidence": [str],
            "advice": str,
        }
    ],
    "integrity": [str],
    "debrief": [str],
    "uncounted": [str],
}
ANSWER = {
    "schema": "bugbash/answer/v1",
    "bugs": [
        {
            "mutator": str,
            "file": str,
            "line": int,
            "before": str,
            "after": str,
            "explanation": str,
        }
    ],
    "patch": str,
}
TRIAL = {
    "schema": "bugbash/trial/v1",
    "mutant": str,
    "mutator": str,
    "family": str,
    "file": str,
    "line": int,
    "before": str,
    "after": str,
    "outcome": str,
    "engine": str,
    "fail_to_pass": [str],
    "complete": bool,
    "difficulty": (float, type(None)),
    "seconds": NUMBER,
}
STATUS = {
    "schema": "bugbash/status/v1",
    "attempt": str,
    "target": str,
    "workspace": str,
    "state": "open",
    "elapsed_s": NUMBER,
    "minutes": (int, type(None)),
    "bug_count": int,
    "fail_to_pass": [str],
    "checks": int,
    "solved": bool,
    "steps": dict,
}
LIST = {
    "schema": "bugbash/list/v1",
    "targets": [{"name": str, "bugs": int}],
    "packages": [str],
    "attempts": [
        {"attempt": str, "target": str, "state": "open", "workspace": str, "exists": bool}
    ],
}
DOCTOR = {
    "schema": "bugbash/doctor/v1",
    "ready": True,
    "findings": [{"name": str, "good": bool, "said": str, "needed": bool}],
}


def differences(value: Any, shape: Any, where: str = "$") -> list[str]:
    """Where `value` is not of `shape`; further keys are allowed."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        missing = [f"{where}.{key} is missing" for key in shape if key not in value]
        inside = [
            d
            for k, s in shape.items()
            if k in value
            for d in differences(value[k], s, f"{where}.{k}")
        ]
        return missing + inside
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [d for n, v in enumerate(value) for d in differences(v, shape[0], f"{where}[{n}]")]
    if isinstance(shape, type | tuple):
        kinds = shape if isinstance(shape, tuple) else (shape,)
        wrong = isinstance(value, bool) and bool not in kinds
        return [f"{where} is {value!r}"] if wrong or not isinstance(value, kinds) else []
    return [] if value == shape else [f"{where} is {value!r}, not {shape!r}"]


def read(done: subprocess.CompletedProcess[str]) -> Any:
    assert "\x1b" not in done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def project(serve_tiny: Callable[..., Served]) -> Path:
    return Path(serve_tiny().scenario.target)


def test_new(run: Run, project: Path, tmp_path: Path) -> None:
    words = ("new", project, "--seed", "3", "--bugs", "2", "--dir", tmp_path / "ws", "--json")
    done = run(*words, code=0)
    value = read(done)
    assert differences(value, ATTEMPT) == []
    assert value["workspace"] == str(tmp_path / "ws")
    assert (value["seed"], value["bug_count"]) == (3, 2)
    for word in ("mutator", "file", "line", "before", "after", "explanation"):
        assert word not in value
    report = (tmp_path / "ws" / value["failure_report"]).read_text("utf-8")
    assert report.startswith("# ")


def test_check(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    value = read(run("check", "--json", cwd=workspace, code=1))
    assert differences(value, GRADE) == []
    assert value["bugs"] == [{"number": 1, "solved": False, "green_at_s": None}]
    assert value["tests"]["fail_to_pass"]["failed"] == ["tests/test_labels.py::test_parcel"]
    assert value["tests"]["pass_to_pass"] == {"passed": 7, "failed": [], "missing": []}
    assert value["diff"]["equivalent"] is None


def test_check_of_a_fix_and_the_time_since_when_it_is_one(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    first = read(run("check", "--json", cwd=workspace, code=0))
    second = read(run("check", "--json", cwd=workspace, code=0))
    assert differences(first, GRADE) == []
    assert first["diff"]["equivalent"] == "ast"
    assert first["bugs"][0]["green_at_s"] == first["elapsed_s"]
    assert second["bugs"][0]["green_at_s"] == first["elapsed_s"]
    assert second["elapsed_s"] == first["elapsed_s"]


def test_check_after_reveal_gives_the_verdict_and_no_score(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    run("reveal", cwd=workspace, code=0)
    value = read(run("check", "--json", cwd=workspace, code=1))
    assert value["score"] is None
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    value = read(run("check", "--json", cwd=workspace, code=0))
    assert value["solved"] is True
    assert value["score"] is None
    assert "points" not in run("check", cwd=workspace, code=0).stdout


def test_reveal_after_a_solved_check_leaves_the_score(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    before = read(run("check", "--json", cwd=workspace, code=0))
    run("reveal", cwd=workspace, code=0)
    assert read(run("check", "--json", cwd=workspace, code=0))["score"] == before["score"]


def test_reveal(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    value = read(run("reveal", "--json", cwd=workspace, code=0))
    assert differences(value, ANSWER) == []
    (bug,) = value["bugs"]
    assert (bug["file"], bug["line"]) == ("tiny/labels.py", 11)
    assert "(name, street)" in bug["before"]
    assert "(street, name)" in bug["after"]
    assert value["patch"] == run("reveal", "--patch", cwd=workspace, code=0).stdout


def test_reveal_offers_its_patch_where_it_applies(
    run: Run, make_attempt: Make, clean_labels: str
) -> None:
    workspace = make_attempt().workspace
    assert "git apply" in run("reveal", cwd=workspace, code=0).stdout
    (workspace / "tiny" / "labels.py").write_text(clean_labels, "utf-8")
    assert "git apply" not in run("reveal", cwd=workspace, code=0).stdout


def test_the_patch_of_reveal_is_one_that_git_applies(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt(name="zwei Wörter").workspace
    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    assert read(run("check", "--json", cwd=workspace, code=0))["diff"]["equivalent"] == "ast"


def test_status(run: Run, make_attempt: Make) -> None:
    workspace = make_attempt().workspace
    value = read(run("status", "--json", cwd=workspace, code=0))
    assert differences(value, STATUS) == []
    assert set(value["steps"]) == {"reproduce", "isolate", "hypothesis", "verify", "clean up"}
    run("check", cwd=workspace, code=1)
    assert read(run("status", "--json", cwd=workspace, code=0))["checks"] == 1


def test_list(run: Run, make_attempt: Make, store: Store) -> None:
    attempt = make_attempt()
    value = read(run("list", "--json", code=0))
    assert differences(value, LIST) == []
    assert {"billcycle", "ledgerlines"} <= {target["name"] for target in value["targets"]}
    assert {"click", "pandas", "httpx"} <= set(value["packages"])
    assert attempt.id in {row["attempt"] for row in value["attempts"]}


def test_doctor(run: Run) -> None:
    value = read(run("doctor", "--json", code=0))
    assert differences(value, DOCTOR) == []
    assert {"Python", "git", "BUGBASH_HOME", "pytest"} <= {f["name"] for f in value["findings"]}


def test_scan_is_one_object_a_line(run: Run, project: Path) -> None:
    done = run("scan", project, "--sample", "4", "--json", code=0)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 4
    for row in rows:
        assert differences(row, TRIAL) == []
        assert row["outcome"] in ("killed", "survived", "timeout", "died", "invalid", "error")
        assert (row["outcome"] == "killed") == bool(row["fail_to_pass"])
    again = run("scan", project, "--sample", "4", "--json", code=0).stdout.splitlines()
    assert [_said(json.loads(line)) for line in again] == [_said(row) for row in rows]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """What a trial says of its mutant; a sample is tried again cold, and that answer is kept."""
    return {name: row[name] for name in row if name not in ("engine", "seconds", "signals")}


@pytest.mark.parametrize("json_too", [True, False], ids=["json", "text"])
@pytest.mark.parametrize("command", ["check", "status", "reveal", "list", "doctor"])
@pytest.mark.parametrize("color", [{"NO_COLOR": None}, {"NO_COLOR": "1"}], ids=["pipe", "NO_COLOR"])
def test_output_that_is_no_terminal_has_no_escape_codes(
    command: str, json_too: bool, color: dict[str, str | None], run: Run, make_attempt: Make
) -> None:
    words = [command, "--json"] if json_too else [command]
    done = run(*words, cwd=make_attempt().workspace, env=color)
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stdout


def test_an_error_leaves_stdout_empty_also_with_json(run: Run, tmp_path: Path) -> None:
    for command in ("check", "status", "reveal"):
        done = run(command, "--json", cwd=tmp_path, code=3)
        assert done.stdout == ""
