"""The commands as a person meets them: names mistyped, no network, resetting, cleaning, help."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from bugbash.cli import COMMANDS, main
from bugbash.workspace.attempt import Attempt

Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[..., Attempt]


WRONG_WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "command": (("chekc",), "Did you mean 'check'?"),
    "target": (("new", "bilcycle"), "Did you mean 'billcycle'"),
    "pinned target": (("new", "itsdangeros"), "Did you mean 'itsdangerous'"),
    "target of nothing near": (("new", "xyzzy"), "There are: "),
    "folder": (("new", "./nowhere"), "There is no folder"),
    "family": (("new", "billcycle", "--family", "logik"), "Did you mean 'logic'"),
    "family of nothing near": (
        ("new", "billcycle", "--family", "nonsense"),
        "no family 'nonsense'. There are: configuration, library, logic, platform, validation.",
    ),
    "mutator": (("new", "billcycle", "--mutator", "swap-argument"), "'swap-arguments'"),
    "mutator of scan": (("scan", "billcycle", "--mutator", "boundary"), "boundary-comparison"),
    "family of scan": (("scan", "billcycle", "--family", "libary"), "Did you mean 'library'"),
    "target of scan": (("scan", "ledgerline"), "Did you mean 'ledgerlines'"),
    "target of show": (("targets", "show", "clik"), "Did you mean 'click'"),
    "name of a mutator": (("mutators", "show", "missing-dir"), "Did you mean 'missing-mkdir'"),
    "attempt": (("clean", "--attempt", "deadbeef"), "there is no attempt deadbeef"),
    "option": (("new", "--sead", "3"), "--seed"),
    "number": (("new", "billcycle", "--seed", "-1"), "--seed"),
    "too many bugs": (("new", "billcycle", "--bugs", "9"), "--bugs"),
    "pytest itself": (("new", "pypi:pluggy"), "pytest"),
    "another that pytest needs": (("new", "pypi:packaging==24.0"), "pytest"),
    "empty": (("new", ""), "Unknown target"),
}


@pytest.mark.parametrize(("words", "said"), WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_a_wrong_word_is_a_usage_error_that_says_what_to_do(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path
) -> None:
    done = run(*words, code=2)
    assert done.stdout == ""
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_mutator_that_finds_nothing_is_told(run: Run, project: Path, tmp_path: Path) -> None:
    done = run("new", project, "--mutator", "tighten-regex", "--dir", tmp_path / "ws")
    assert done.returncode in (2, 3)
    assert "no bug of" in done.stderr
    assert not (tmp_path / "ws").exists()


@pytest.fixture
def odd(tmp_path: Path) -> Callable[[str], Path]:
    """Paths that are no project."""

    def make(kind: str) -> Path:
        path = tmp_path / "odd one"
        if kind == "a file":
            path.write_text("x", "utf-8")
            return path
        path.mkdir()
        if kind == "other files":
            (path / "notes.txt").write_text("x", "utf-8")
        elif kind in ("no tests", "no passing test"):
            (path / "pyproject.toml").write_text(
                '[project]\nname = "odd"\nversion = "1"\n', "utf-8"
            )
            (path / "odd").mkdir()
            (path / "odd" / "__init__.py").write_text("X = 1\n", "utf-8")
        if kind == "no passing test":
            (path / "tests").mkdir()
            text = "def test_a(): assert 0\n\n\ndef test_b(): assert 0\n"
            (path / "tests" / "test_odd.py").write_text(text, "utf-8")
        return path

    return make


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("a file", 2, "is a file"),
        ("empty", 2, "holds no Python project"),
        ("other files", 2, "holds no Python project"),
        ("no tests", None, "test"),
        ("no passing test", 3, "0 of 2 tests"),
    ],
)
def test_a_path_that_can_not_serve_is_refused_in_one_line(
    kind: str, code: int | None, said: str, run: Run, odd: Callable[[str], Path], tmp_path: Path
) -> None:
    done = run("new", odd(kind), "--dir", tmp_path / "ws", code=code)
    assert done.returncode in (2, 3)
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.startswith("bugbash: ") or "\nbugbash: " in done.stderr
    assert not (tmp_path / "ws").exists()


@pytest.mark.slow
def test_without_a_network_a_package_is_refused_and_our_own_targets_work(
    run: Run, project: Path, tmp_path: Path
) -> None:
    nowhere = "http://127.0.0.1:9"
    env = {
        **{f"{name}_proxy": nowhere for name in ("http", "https", "all")},
        **{f"{name}_PROXY": nowhere for name in ("HTTP", "HTTPS", "ALL")},
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_INDEX_URL": nowhere,
        "PIP_INDEX_URL": nowhere,
        "BUGBASH_HOME": str(tmp_path / "fresh home"),
    }
    done = run("new", "pypi:tomlkit==0.13.2", "--dir", tmp_path / "ws", env=env, code=3)
    assert done.stdout == ""
    assert "network" in done.stderr or "reach" in done.stderr
    assert not (tmp_path / "ws").exists()
    words = ("new", project, "--mutator", "swap-arguments", "--dir", tmp_path / "ws")
    run(*words, env=env, code=0)
    run("check", cwd=tmp_path / "ws", env=env, code=1)


def test_new_prints_lines_that_work_as_they_stand(run: Run, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "zwei Wörter's"
    done = run("new", project, "--mutator", "swap-arguments", "--dir", folder, code=0)
    lines = [line.strip() for line in done.stdout.splitlines()]
    at = next(n for n, line in enumerate(lines) if line.startswith("cd "))
    shell = subprocess.run(
        ["sh", "-c", f"{lines[at]}\n{lines[at + 1]} -q"],
        cwd="/",
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "1 failed, 7 passed" in shell.stdout, shell.stderr
    again = next(line for line in lines if "somebody else" in line).split(": ", 1)[1]
    assert again.startswith("bugbash new ")
    assert "--mutator swap-arguments" in again
    assert "--seed " in again


def test_the_line_for_somebody_else_gives_the_same_bug(
    run: Run, project: Path, tmp_path: Path
) -> None:
    import shlex

    first = json.loads(run("new", project, "--dir", tmp_path / "a", "--json", code=0).stdout)
    words = shlex.split(first["again"])[1:]
    run(*words, "--dir", tmp_path / "b", code=0)
    one, two = (
        subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path / n, capture_output=True).stdout
        for n in "ab"
    )
    assert one == two != b""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-q"], 1),
        (["-q", "tests/test_prices.py"], 0),
        (["-q", "-k", "nothing_like_it"], 5),
        (["--no-such-option"], 4),
        (["tests/nowhere.py"], 4),
        (["--co", "-q"], 0),
        (["-x", "--maxfail=1", "-k", "parcel"], 1),
        (["--version"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_test_hands_on_arguments_and_pytests_exit_code(
    words: list[str], code: int, run: Run, make_attempt: Make
) -> None:
    done = run("test", *words, cwd=make_attempt().workspace)
    assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["-h", "-x"]], ids=" ".join)
def test_the_help_of_test_needs_no_workspace(words: list[str], run: Run) -> None:
    assert "ARGUMENTS are pytest's" in run("test", *words, code=0).stdout


def test_a_later_h_is_pytests(run: Run, make_attempt: Make) -> None:
    told = run("test", "-q", "-h", cwd=make_attempt().workspace, code=0).stdout
    assert "--maxfail" in told


def test_test_works_from_a_folder_inside(run: Run, make_attempt: Make) -> None:
    folder = make_attempt(name="zwei Wörter").workspace / "tests"
    assert "1 failed" in run("test", "-q", "test_labels.py", cwd=folder, code=1).stdout


def test_doctor_without_git_says_what_to_install(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = run("doctor", env={"PATH": str(tmp_path / "bin")}, code=3)
    assert "install git" in done.stdout
    assert "Not ready" in done.stdout


def test_new_without_git_says_what_to_install(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    words = ("new", project, "--mutator", "swap-arguments", "--dir", tmp_path / "ws")
    done = run(*words, env={"PATH": str(tmp_path / "bin")}, code=3)
    assert "git was not found" in done.stderr
    assert not (tmp_path / "ws").exists()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_folder_that_is_gone_under_ones_feet_is_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    import sys

    line = f'cd "{folder}" && rmdir "{folder}" && exec "{sys.executable}" -P -m bugbash status'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("bugbash: ")


def _every_command() -> Iterator[list[str]]:
    context = click.Context(main)
    for name in COMMANDS:
        yield [name]
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ([name, inner] for inner in command.list_commands(context))


@pytest.mark.parametrize("words", list(_every_command()), ids=" ".join)
def test_every_help_ends_with_an_example_or_what_to_do_next(words: list[str], run: Run) -> None:
    done = run(*words, "--help", code=0)
    last = done.stdout.rstrip().splitlines()[-1]
    assert "bugbash " in last, done.stdout
    assert done.stderr == ""


def test_the_help_lists_every_command_with_a_line(run: Run) -> None:
    text = run("--help", code=0).stdout
    for name, said in COMMANDS.items():
        assert name in text
        assert said.split()[0] in text
    assert text.rstrip().endswith("Start with: bugbash new")


ODD_NAMES: dict[str, str | None] = {
    "tests/test_größe mit [red]Markup[foo].py": (
        "from tiny.labels import parcel\n\n\n"
        "def test_größe():\n    assert parcel('a', 'b')[1] == 'a'\n"
    ),
    "tests/test_labels.py": None,
    "tests/test_prices.py": None,
}


def test_names_with_spaces_letters_and_markup_go_all_the_way(
    run: Run, tiny_project: Callable[..., Path], tmp_path: Path
) -> None:
    project = tiny_project(ODD_NAMES, "zwei Wörter ✔")
    words = (
        "new",
        project,
        "--mutator",
        "swap-arguments",
        "--dir",
        tmp_path / "größer ✔",
        "--json",
    )
    made = json.loads(run(*words, code=0).stdout)
    workspace = Path(made["workspace"])
    assert made["fail_to_pass"] == ["tests/test_größe mit [red]Markup[foo].py::test_größe"]
    page = run("check", cwd=workspace, code=1).stdout
    assert "✗ tests/test_größe mit [red]Markup[foo].py::test_größe" in page
    assert made["fail_to_pass"][0] in (workspace / "FAILURE_REPORT.md").read_text("utf-8")
    patch = run("reveal", "--patch", cwd=workspace, code=0).stdout
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    run("check", cwd=workspace, code=0)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_on_a_terminal_names_of_tests_can_not_steer_it() -> None:
    """38: what `new` prints of a target's test names, as a terminal would get it."""
    import pty
    import sys

    name = "tests/test_\x1b]0;owned\x07x.py"
    code = f"from bugbash.commands.briefing import _say_red\n_say_red(({name!r},), 3)\n"
    main_end, other_end = pty.openpty()
    done = subprocess.run([sys.executable, "-c", code], stdout=other_end, stderr=subprocess.PIPE)
    os.close(other_end)
    shown = os.read(main_end, 10_000)
    os.close(main_end)
    assert done.returncode == 0, done.stderr
    assert b"test_" in shown
    assert b"\x1b]0;" not in shown
    assert b"\x07" not in shown
