"""The command line: what it imports, what it says, and with which code it ends."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from bugbash import __version__
from bugbash.cli import COMMANDS, main
from bugbash.errors import BugbashError, EnvironmentProblem, UsageProblem

Run = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = ("libcst", "git", "rich", "pytest", "_pytest", "coverage", "hypothesis", "jinja2")


def imported_by(*arguments: str) -> set[str]:
    """The top-level packages that a command line has imported when it ends."""
    code = """\
import json, sys
from bugbash.cli import run
try:
    run(sys.argv[2:])
finally:
    names = sorted({name.split(".")[0] for name in sys.modules})
    open(sys.argv[1], "w").write(json.dumps(names))
"""
    note = Path(os.environ["BUGBASH_HOME"]) / f"modules-{os.getpid()}.json"
    done = subprocess.run(
        [sys.executable, "-c", code, note, *arguments], capture_output=True, text=True
    )
    assert done.returncode in (0, 3), done.stderr
    return set(json.loads(note.read_text()))


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["status"], ["list"]], ids=str)
def test_short_commands_import_nothing_that_takes_time(arguments: list[str]) -> None:
    assert imported_by(*arguments) & set(HEAVY) == set()


def test_the_modules_of_a_command_are_seen() -> None:
    assert "libcst" in imported_by("mutators", "list")


def catalogued() -> list[str]:
    from bugbash.serving import catalogue
    from bugbash.targets import vendored

    return [name for name in vendored.names() if catalogue.path_of(name).is_file()]


@pytest.mark.parametrize("target", catalogued())
def test_new_on_a_catalogued_bug_imports_no_mutators_and_no_pytest(
    target: str, tmp_path: Path, run: Run
) -> None:
    first = tmp_path / "first"
    run("new", target, "--seed", "1", "--dir", first, code=0)  # makes the environment
    second = str(tmp_path / "second")
    modules = imported_by("new", target, "--seed", "1", "--dir", second)
    assert modules & {"libcst", "pytest", "_pytest", "coverage"} == set()
    assert (tmp_path / "second" / "FAILURE_REPORT.md").is_file()


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of all commands, those of groups included."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


def command_at(path: tuple[str, ...]) -> click.Command:
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


PATHS = sorted(every_command(main))


def test_the_list_of_commands_has_a_line_for_each(run: Run) -> None:
    shown = run("--help", code=0).stdout.split("Commands:")[1]
    lines = [line.split(None, 1) for line in shown.splitlines() if line.startswith("  ")]
    assert {line[0]: line[1] for line in lines if line[0] in COMMANDS} == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_line_and_its_help_speak_of_the_same(name: str, run: Run) -> None:
    sentence = COMMANDS[name]
    assert re.fullmatch(r"[A-Z][^.]*\.", sentence)
    told = " ".join((command_at((name,)).help or "").split())
    shared = words(sentence) & words(told)
    assert 2 * len(shared) >= len(words(sentence)), f"{sentence!r}, but the help: {told!r}"


def words(text: str) -> set[str]:
    """Words that carry meaning, without their endings."""
    return {word.rstrip("s") for word in re.findall(r"[a-z]{4,}", text.lower())}


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_command_has_help_that_is_shown(path: tuple[str, ...], run: Run) -> None:
    shown = run(*path, "--help", code=0).stdout
    assert shown.startswith(f"Usage: bugbash {' '.join(path)}")
    assert command_at(path).help


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_every_option_says_what_it_does_or_what_it_is_without(path: tuple[str, ...]) -> None:
    for option in command_at(path).params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help or option.show_default, f"{option.name} of {' '.join(path)}"


ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
TYPED = re.compile(r"(?:^|`|\$ |/|\. )bugbash((?: [^`\n#]+)?)", re.MULTILINE)


def command_lines(page: Path) -> list[str]:
    """The command lines on a page: in code spans and code blocks."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    found = [m for part in [*blocks, *spans] for m in TYPED.findall(part)]
    return [line.strip() for line in found if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_docs_say_to_type_exists(page: Path) -> None:
    for line in command_lines(page):
        typed = shlex.split(line.split(" && ")[0].split(" | ")[0])
        if typed[0] in ("--help", "--version"):
            continue
        assert typed[0] in COMMANDS, f"{page.name}: bugbash {line}"
        command = command_at((typed[0],))
        if isinstance(command, click.Group) and len(typed) > 1 and not typed[1].startswith("-"):
            sub = command.get_command(click.Context(command), typed[1])
            assert sub is not None, f"{page.name}: bugbash {line}"
            command = sub
        known = {name for option in command.params for name in option.opts} | {"--help"}
        if typed[0] != "test":  # what follows is pytest's
            options = {word.split("=")[0] for word in typed if word.startswith("--")}
            assert options <= known, f"{page.name}: bugbash {line}"


def test_the_docs_name_every_command() -> None:
    typed = {line.split()[0] for page in PAGES for line in command_lines(page)}
    assert set(COMMANDS) - {"catalogue"} <= typed  # that one is for those who work on bugbash


def test_the_version_is_told(run: Run) -> None:
    assert run("--version", code=0).stdout == f"bugbash, version {__version__}\n"


UNKNOWN: dict[str, tuple[list[str], str]] = {
    "command": (["chekc"], "'check'"),
    "target": (["new", "bilcycle"], "'billcycle'"),
    "package": (["new", "itsdangeros"], "'itsdangerous'"),
    "family": (["new", "billcycle", "--family", "logik"], "'logic'"),
    "mutator": (["new", "billcycle", "--mutator", "tigthen-regex"], "'tighten-regex'"),
    "mutator to show": (["mutators", "show", "swap-argument"], "'swap-arguments'"),
    "family in a scan": (["scan", "billcycle", "--family", "librari"], "'library'"),
    "limit of a scan": (["scan", "billcycle", "--until", "soon"], "first, all or a number"),
    "target to show": (["targets", "show", "ledgerlins"], "'ledgerlines'"),
    "folder": (["new", "./no-such-folder"], "no folder ./no-such-folder"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_name_is_a_usage_problem_with_the_nearest_names(case: str, run: Run) -> None:
    arguments, told = UNKNOWN[case]
    done = run(*arguments, code=2)
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["list", "--nope"], ["new", "--seed", "x"], ["scan"]], ids=str
)
def test_wrong_usage_ends_with_2_and_nothing_on_stdout(arguments: list[str], run: Run) -> None:
    done = run(*arguments, code=2)
    assert done.stdout == ""
    assert "--help" in done.stderr


def test_a_command_outside_of_a_workspace_says_what_to_do(run: Run) -> None:
    for name in ("check", "status", "reveal", "reset", "test"):
        done = run(name)
        assert done.returncode in (2, 3), name
        assert len(done.stderr.strip().splitlines()) == 1


def subclasses(error: type[BugbashError]) -> set[type[BugbashError]]:
    return {error}.union(*(subclasses(child) for child in error.__subclasses__()))


def test_every_error_of_ours_has_a_known_exit_code() -> None:
    for error in subclasses(BugbashError):
        assert error.exit_code == (2 if issubclass(error, UsageProblem) else 3), error
    assert EnvironmentProblem in subclasses(BugbashError)


RAISED = {
    "UsageProblem('what to do')": (2, "bugbash: what to do\n"),
    "EnvironmentProblem('what to do')": (3, "bugbash: what to do\n"),
    "KeyboardInterrupt()": (130, "bugbash: interrupted.\n"),
    "click.Abort()": (130, "bugbash: interrupted.\n"),
    "click.ClickException('no')": (1, "Error: no\n"),
    "click.exceptions.Exit(4)": (4, ""),
    "SystemExit(4)": (4, ""),
    "BrokenPipeError(32, 'x')": (0, ""),
    "OSError(28, 'x', 'f')": (
        3,
        "bugbash: the disk is full (f): free some space and try again; nothing was lost.\n",
    ),
    "PermissionError(13, 'x', 'f')": (
        3,
        "bugbash: no permission (f): choose a folder that you can write to.\n",
    ),
    "OSError(5, 'Input/output error', 'f')": (3, "bugbash: Input/output error (f)\n"),
}


@pytest.mark.parametrize("raised", RAISED)
def test_an_error_in_a_command_ends_with_its_code_and_one_line(raised: str) -> None:
    code = f"""\
import click, types, sys
from bugbash.errors import *
from bugbash import cli

@click.command()
def command():
    raise {raised}

sys.modules["bugbash.commands.list"] = types.SimpleNamespace(command=command)
cli.run(["list"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.lstrip("\n")) == RAISED[raised]


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bugbash", *arguments], **options)


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["mutators", "--json"]], ids=str)
def test_a_reader_that_went_away_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["mutators", "--json"]], ids=str)
def test_output_to_a_full_disk_is_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start(*arguments, stdout=full, stderr=subprocess.PIPE)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert said.decode().startswith("bugbash: the disk is full")
    assert len(said.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_error_that_can_not_be_told_keeps_its_code() -> None:
    with Path("/dev/full").open("wb") as full:
        assert start("nope", stdout=full, stderr=full).wait(60) == 2


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_ctrl_c_ends_with_130_and_one_line(tiny_project: Callable[..., Path]) -> None:
    slow = tiny_project({"tests/test_slow.py": "import time\ndef test_slow(): time.sleep(60)\n"})
    process = start("scan", str(slow), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert said.decode().strip().splitlines()[-1] == "bugbash: interrupted."
    assert b"Traceback" not in said
