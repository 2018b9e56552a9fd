"""The documentation speaks of the program as it is."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from bugbash.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```(?:console|sh)\n(.*?)```", re.DOTALL)


def commands_on(page: Path) -> list[list[str]]:
    """Every `bugbash ...` line of the page's shell blocks, as words without the program's name."""
    found = []
    for block in BLOCK.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            for start, word in enumerate(words):
                if word == "bugbash" or word.endswith("/bugbash"):
                    rest = words[start + 1 :]
                    found.append(rest[: rest.index("&&")] if "&&" in rest else rest)
                    break
    return found


CASES = [
    pytest.param(words, id=f"{page.name}: {' '.join(words)}")
    for page in PAGES
    for words in commands_on(page)
]


@pytest.mark.parametrize("words", CASES)
def test_every_command_in_the_docs_can_be_typed(words: list[str]) -> None:
    name, command, rest = main.resolve_command(click.Context(main), words)
    assert command is not None
    context = click.Context(main, info_name="bugbash")
    while isinstance(command, click.Group) and rest:
        name, command, rest = command.resolve_command(click.Context(command), rest)
        assert command is not None, f"{name} is not a command"
    parser = command.make_parser(click.Context(command, parent=context))
    _, left, _ = parser.parse_args(list(rest))
    assert not left


def test_the_readme_names_every_command_a_learner_needs() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for name in ("new", "check", "status", "test", "reset", "reveal", "list", "doctor", "clean"):
        assert name in COMMANDS
        assert f"bugbash {name}" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)\)", page.read_text("utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("what", ["projects", "shares", "mutators", "equivalents"])
def test_the_tables_of_projects_are_those_of_the_stored_results(
    what: str, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    printed = run("catalogue", "table", "--of", what, code=0).stdout
    assert printed.count("|") > 9
    assert printed in (ROOT / "docs" / "projects.md").read_text("utf-8")
