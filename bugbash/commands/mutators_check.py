"""`bugbash mutators check`: the examples of mutators, run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted
from bugbash.plain import plain
from bugbash.words import counted

if TYPE_CHECKING:
    from bugbash.mutation.trying import Remark, Tried, TriedExample

FAILS, UNUSABLE = 1, 2


@click.command(epilog="Example: bugbash mutators check my-mutators")
@click.argument("paths", nargs=-1, metavar="[FOLDER|FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long an example may take  [default: 10].",
)
@click.option("--verbose", is_flag=True, help="Show where in Python a mutator's own code raised.")
@json_option
def check(paths: tuple[Path, ...], limit: float | None, verbose: bool, as_json: bool) -> None:
    """Run the examples of mutators and say which hold.

    Takes folders and single files; without any, the folders that the pyproject.toml here names.
    Each file is tried twice, in processes apart from bugbash, with a time limit for each example.

    Exit code: 0 all hold, 1 an example does not, 2 a mutator can't be used.
    """
    from bugbash.mutation.checking import check_files, files_of, own_paths
    from bugbash.mutation.trying import LIMIT_S

    files = files_of(paths or own_paths(Path.cwd()))
    found = check_files(files, limit or LIMIT_S)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _show(found, verbose)
        _show_next(found)
    sys.exit(max(_code(tried) for tried in found))


def _code(tried: Tried) -> int:
    return UNUSABLE if tried.errors else FAILS if tried.failing else 0


def _show(found: tuple[Tried, ...], verbose: bool) -> None:
    for tried in found:
        for error in tried.errors:
            click.echo(_line(tried, error.line, error.text, "red"))
            for line in error.trace if verbose else ():
                click.echo(f"    {plain(line)}")
        for example in tried.failing:
            _show_failing(tried, example)
        for warning in tried.warnings:
            click.echo(_line(tried, warning.line, f"warning: {warning.text}", "yellow"))
        if not _code(tried):
            count = len(tried.examples)
            click.echo(_line(tried, None, f"{tried.name}: all {count} examples hold.", "green"))
    click.echo(_summary(found))


def _line(tried: Tried, line: int | None, text: str, colour: str) -> str:
    from bugbash.mutation.mutator_file import place

    return f"{click.style(plain(place(tried.file, line)), fg=colour)}: {plain(text)}"


def _show_failing(tried: Tried, example: TriedExample) -> None:
    from bugbash.mutation.checking import diff
    from bugbash.mutation.trying import said

    click.echo(_line(tried, example.line, said(example), "red"))
    for line in diff(example):
        colour = {"-": "red", "+": "green"}.get(line[:1])
        click.echo("    " + click.style(plain(line), fg=colour))


def _summary(found: tuple[Tried, ...]) -> str:
    counts = [sum(_code(tried) == code for tried in found) for code in (0, FAILS, UNUSABLE)]
    words = ("right", "with examples that don't hold", "can't be used")
    parts = [f"{count} {word}" for count, word in zip(counts, words, strict=True) if count]
    warned = sum(len(tried.warnings) for tried in found)
    parts += [counted(warned, "warning")] if warned else []
    return f"{counted(len(found), 'mutator')}: {', '.join(parts)}"


def _show_next(found: tuple[Tried, ...]) -> None:
    right = next((tried for tried in found if not _code(tried)), None)
    if right is not None and not any(map(_code, found)):
        folder = quoted(right.file.parent)
        click.echo(
            f"Next: bugbash scan TARGET --mutators {folder} --mutator {right.name}", err=True
        )


def _as_json(found: tuple[Tried, ...]) -> dict[str, Any]:
    return {
        "schema": "bugbash/mutators-check/v1",
        "ok": not any(map(_code, found)),
        "mutators": [
            {
                "file": str(tried.file),
                "name": tried.name or None,
                "family": tried.family or None,
                "ok": not _code(tried),
                "examples": [_example_json(example) for example in tried.examples],
                "errors": [_remark_json(error) for error in tried.errors],
                "warnings": [_remark_json(warning) for warning in tried.warnings],
            }
            for tried in found
        ],
    }


def _example_json(example: TriedExample) -> dict[str, Any]:
    from bugbash.mutation.checking import diff

    return {
        "number": example.number,
        "line": example.line,
        "holds": not example.problem,
        "problem": example.problem or None,
        "before": example.before,
        "expected": list(example.expected),
        "got": list(example.got),
        "diff": diff(example) if example.problem else [],
    }


def _remark_json(remark: Remark) -> dict[str, Any]:
    return {"line": remark.line, "text": remark.text, "trace": list(remark.trace)}
