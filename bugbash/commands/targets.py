"""`bugbash targets`: what can be broken, and how a target would be run."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bugbash.commands.options import json_option, quoted, target_options
from bugbash.commands.targets_check import check

if TYPE_CHECKING:
    from bugbash.targets.overrides import Overrides
    from bugbash.targets.spec import Target


@click.group(invoke_without_command=True, epilog="Example: bugbash targets show click")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the targets; `show` says how one is run, `check` whether it is a good one."""
    if ctx.invoked_subcommand is None:
        _list(as_json)


@command.command("list", epilog="Next: bugbash targets show NAME")
@json_option
def list_command(as_json: bool) -> None:
    """List the vendored targets and the pinned real packages."""
    _list(as_json)


@command.command(epilog="Example: bugbash targets show click > spec.toml")
@click.argument("name")
@target_options
@json_option
def show(name: str, overrides: Overrides, as_json: bool) -> None:
    """Print the spec of a target as TOML, to be corrected and given back with --spec.

    NAME is a name from the list, a folder, pypi:NAME[==VERSION] or git+URL[@REF].
    """
    from bugbash.commands.voice import voice
    from bugbash.targets.environment import existing_environment
    from bugbash.targets.imports import missing_imports
    from bugbash.targets.resolve import resolve
    from bugbash.targets.spec_text import spec_json, spec_toml

    with voice() as speaking:
        target = resolve(name, overrides, speaking.note)
    environment = existing_environment(target)
    missing = missing_imports(target, environment) if environment else None
    if as_json:
        _print_json(_about(target, missing) | {"spec": spec_json(target.spec)})
        return
    for line in _remarks(target, missing):
        click.echo(f"# {line}")
    click.echo(spec_toml(target.spec), nl=False)


@command.command(epilog="Example: bugbash targets export parcelrate --dir parcelrate-clean")
@click.argument("name")
@click.option(
    "--dir", "path", type=click.Path(path_type=Path), help="A new folder.  [default: ./NAME-clean]"
)
@target_options
@json_option
def export(name: str, path: Path | None, overrides: Overrides, as_json: bool) -> None:
    """Put the clean code of a target into a new folder: for instructors.

    To make a bug by hand: change the code there, see which tests fail, and hand what `git diff`
    prints to `bugbash scenario new --from-diff`. The folder is a git repository of one commit and
    has a `.venv` with pytest. It gives the answer to every bug of the target away, as `reveal`
    does. NAME is a name from the list, a folder, pypi:NAME[==VERSION] or git+URL[@REF].
    """
    from bugbash.commands.briefing import launcher
    from bugbash.commands.voice import voice
    from bugbash.targets.environment import environment_of
    from bugbash.targets.resolve import resolve
    from bugbash.workspace.clean_checkout import make_checkout
    from bugbash.workspace.make import destination

    with voice() as speaking:
        target = resolve(name, overrides, speaking.note)
        folder = destination(target.spec.name, path or Path(f"{target.spec.name}-clean"), "")
        environment = environment_of(target, speaking.note)
        commit = make_checkout(target, environment, folder)
    if as_json:
        version = {"target": target.argument, "target_version": target.spec.version}
        _print_json({**version, "folder": str(folder), "commit": commit})
        return
    click.echo(f"{target.spec.name} {target.spec.version}, clean, is in {folder}")
    patch = "my-change.patch"
    click.echo("\nNext: change the code there, see which tests fail, and make a scenario of it:")
    click.echo(f"      (cd {quoted(folder)} && {launcher('pytest')})")
    click.echo(f"      git -C {quoted(folder)} diff > {patch}")
    words = ("my-bug", "--from-diff", patch, "--target", name)
    click.echo(f"      bugbash scenario new {shlex.join(words)}")


command.add_command(check)


def _list(as_json: bool) -> None:
    from bugbash.targets import pinned, vendored

    rows = [{"name": name, "sort": "vendored", "version": None} for name in vendored.names()]
    rows += [
        {"name": name, "sort": "pypi", "version": pinned.values(name)["version"]}
        for name in pinned.names()
    ]
    if as_json:
        _print_json(rows)
        return
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        what = f"{row['version']}, real package" if row["version"] else "ships with bugbash"
        click.echo(f"{row['name']:<{width}}  {what}")
    click.echo("\nAlso: a folder, pypi:NAME[==VERSION], git+URL[@REF].", err=True)


def _about(target: Target, missing: list[str] | None) -> dict[str, Any]:
    return {
        "target": target.argument,
        "sort": target.sort,
        "tree": str(target.tree),
        "digest": target.digest,
        "generated_files": len(target.overlay),
        "missing_test_imports": missing,
    }


def _remarks(target: Target, missing: list[str] | None) -> list[str]:
    lines = [f"{target.argument}, prepared in {target.tree}"]
    if target.overlay:
        lines.append(f"{len(target.overlay)} compiled or generated files come from the wheel")
    if missing is None:
        lines.append("its environment is not made yet: test imports were not looked up")
    for name in missing or ():
        lines.append(f"tests import {name}, which nothing provides: add --with {name}")
    return lines


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
