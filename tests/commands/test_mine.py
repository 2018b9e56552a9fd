"""`bugbash mine`: nothing of a repository runs unasked, bad input is a line, results are rows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.mining.candidates import Candidate
from bugbash.pages.mining import candidate_line
from bugbash.resources import home
from bugbash.targets.history.fixes import Fix
from tests.mining import history as project
from tests.mining.history import Project
from tests.mining.past import Past

Run = Callable[..., subprocess.CompletedProcess[str]]
needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture(scope="module")
def reckon(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project.build(tmp_path_factory.mktemp("clones") / "reckon")


@pytest.fixture
def spy(tmp_path: Path) -> tuple[Path, Path]:
    """A repository whose every file that could run leaves a trace, and where the trace would be."""
    trace = tmp_path / "it ran"
    leave = f"open({str(trace)!r}, 'w').close()\n"
    past = Past()
    files = {
        "setup.py": f"{leave}from setuptools import setup\nsetup(name='spy')\n",
        "conftest.py": leave,
        "spy.py": f"{leave}def one():\n    return 2\n",
        "tests/test_spy.py": "def test_nothing(): ...\n",
    }
    past.commit("start", "Start", {**files})
    past.commit(
        "fix",
        "Fix one",
        {
            "spy.py": f"{leave}def one():\n    return 1\n",
            "tests/test_spy.py": f"{leave}from spy import one\n\n\ndef test(): assert one() == 1\n",
        },
    )
    return past.write(tmp_path / "spy"), trace


def test_nothing_runs_without_a_terminal_or_trust(run: Run, spy: tuple[Path, Path]) -> None:
    repository, trace = spy
    done = run("mine", repository, code=2)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert str(repository) in line
    assert "without a sandbox" in line
    assert "--trust" in line
    assert not trace.exists()


def test_candidates_are_listed_without_trust_and_nothing_runs(
    run: Run, spy: tuple[Path, Path]
) -> None:
    repository, trace = spy
    done = run("mine", repository, "--list", code=0)
    assert "spy.py" in done.stdout
    (row,) = map(
        json.loads, run("mine", repository, "--list", "--json", code=0).stdout.splitlines()
    )
    assert (row["status"], row["files"], row["python"]) == ("candidate", ["spy.py"], None)
    assert not trace.exists()


@pytest.mark.parametrize("kind", ["tag", "branch"])
def test_the_walk_starts_where_it_is_told(run: Run, tmp_path: Path, kind: str) -> None:
    reckon = project.build(tmp_path / "reckon")
    subprocess.run(
        ["git", kind, "release-1", reckon.commits["fix-rounding"]], cwd=reckon.folder, check=True
    )
    listed = run("mine", reckon.folder, "--list", "--json", "--branch", "release-1", code=0)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [reckon.name_of(row["fix_commit"]) for row in rows] == ["fix-rounding"]
    assert len(run("mine", reckon.folder, "--list", "--json", code=0).stdout.splitlines()) > 1


@needs_terminal
@pytest.mark.parametrize("answer", ["n", ""])
def test_a_refusal_on_a_terminal_ends_it(spy: tuple[Path, Path], answer: str) -> None:
    repository, trace = spy
    code, said = on_a_terminal(["mine", str(repository)], answer)
    assert code == 2
    assert said.count("without a sandbox") == 1
    assert not trace.exists()


@needs_terminal
@pytest.mark.slow
def test_consent_on_a_terminal_goes_on(spy: tuple[Path, Path]) -> None:
    repository, trace = spy
    code, said = on_a_terminal(["mine", str(repository)], "y")
    assert code == 0, said
    assert "valid" in said
    assert trace.exists()


def on_a_terminal(words: list[str], answer: str) -> tuple[int, str]:
    """The command with a pseudo-terminal, and what it said there."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bugbash", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    os.write(leader, f"{answer}\n".encode())
    said = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other side was closed
            break
        if not part:
            break
        said += part
    os.close(leader)
    return process.wait(60), said.decode("utf-8", "replace")


BAD: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no folder": (("nowhere",), 2, "nowhere"),
    "no repository": ((".",), 2, "."),
    "no such commit": (("{reckon}", "--only", "abcdef12"), 2, "abcdef12"),
    "no such branch": (("{reckon}", "--branch", "release-9"), 2, "release-9"),
    "an option for a branch": (("{reckon}", "--branch", "--all"), 2, "--all"),
    "no such Python": (("{reckon}", "--python", "3.99"), 2, "3.99"),
    "no version": (("{reckon}", "--python", "new"), 2, "--python"),
    "a limit of nothing": (("{reckon}", "--limit", "0"), 2, "--limit"),
    "no folder for the index": (("{reckon}", "--index", "no/such/index.json"), 2, "--index"),
    "a URL that nobody has": (("file:///no/such/repository", "--trust"), 3, "repository"),
}


@pytest.mark.parametrize(("words", "code", "told"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_a_line(
    run: Run, reckon: Project, words: tuple[str, ...], code: int, told: str
) -> None:
    asked = [word.format(reckon=reckon.folder) for word in words]
    done = run("mine", *asked, code=code)
    assert done.stdout == ""
    assert told in done.stderr.splitlines()[-1]


def test_a_shallow_clone_says_how_to_make_it_whole(
    run: Run, reckon: Project, tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    words = ["git", "clone", "-q", "--depth=2", f"file://{reckon.folder}", str(shallow)]
    subprocess.run(words, check=True)
    done = run("mine", shallow, "--trust", code=2)
    assert "--unshallow" in done.stderr


@pytest.mark.slow
def test_rows_tell_what_is_valid_and_why_the_others_are_not(
    run: Run, reckon: Project, tmp_path: Path
) -> None:
    names = ("fix-rounding", "small-feature", "feature")
    only = [word for name in names for word in ("--only", reckon.commits[name][:12])]
    index = tmp_path / "index" / "reckon.json"
    index.parent.mkdir()
    url = "https://forge.invalid/reckon.git"
    words = ("mine", reckon.folder, "--trust", "--json", *only, "--url", url, "--index", index)
    rows = [json.loads(line) for line in run(*words, code=0).stdout.splitlines()]
    valid, breaks, large = rows
    assert valid == valid | {
        "schema": "bugbash/real/v1",
        "repo": url,
        "fix_commit": reckon.commits["fix-rounding"],
        "files": ["reckon/money.py"],
        "status": "valid",
        "why": None,
        "fail_to_pass": ["tests/test_money.py::test_rounding_of_debts"],
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
    }
    assert [breaks["status"], large["status"]] == ["breaks-collection", "too-large"]
    assert breaks["why"]
    assert breaks["lock"] is None
    text = index.read_text("utf-8")
    assert [entry["fix_commit"] for entry in json.loads(text)["entries"]] == [valid["fix_commit"]]
    assert str(reckon.folder) not in text
    assert (index.parent / "locks" / f"{valid['lock']}.txt").is_file()
    assert (home() / "real" / "reckon.json").is_file()
    run(*words, code=0)
    assert index.read_text("utf-8") == text


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_an_interrupted_run_leaves_nothing_running_and_goes_on(
    reckon: Project, tmp_path: Path
) -> None:
    environment = {**os.environ, "BUGBASH_HOME": str(tmp_path / "home")}
    words = [sys.executable, "-m", "bugbash", "mine", str(reckon.folder), "--trust", "--jobs", "1"]

    def start(*more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*words, *more],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    first = start("--only", reckon.commits["fix-rounding"], "--only", reckon.commits["fix-hang"])
    assert first.stdout is not None
    told = first.stdout.readline()
    assert "valid" in told
    time.sleep(1)  # the second, which hangs for a while, is under way
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=30)
    assert first.returncode == 130
    assert said.splitlines()[-1] == "bugbash: interrupted."
    assert not left_running(tmp_path / "home")
    again = start("--only", reckon.commits["fix-rounding"])
    out, _ = again.communicate(timeout=60)
    assert "1 result kept from before" in out


def left_running(folder: Path) -> list[str]:
    """The processes whose command line names a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def test_a_newline_in_a_file_name_forges_no_line() -> None:
    fix = Fix("a" * 40, "b" * 40, 0, "x", ("a.py\nbbbbbbbbbb  valid",), (), (), 1, 1)
    (line,) = candidate_line(Candidate(fix, 1.0, ())).splitlines()
    assert line.endswith(r"a.py\nbbbbbbbbbb  valid")
