"""`bugbash mine`: real fixes in a git history that can be replayed."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bugbash.commands.html_file import writable
from bugbash.commands.options import as_typed, json_option, target_options
from bugbash.errors import UsageProblem
from bugbash.targets.overrides import Overrides

if TYPE_CHECKING:
    from bugbash.mining.mining import Asked, Mined, Tally
    from bugbash.targets.history.index import Entry
    from bugbash.targets.history.repository import History

_EVERY_S = 10.0


@dataclass(frozen=True)
class _Typed:
    """The command line, those options aside that the core takes."""

    repo: str
    limit: int | None
    list_only: bool
    as_json: bool
    index: Path | None
    branch: tuple[str, ...]
    """The option and its value, where it was given."""


@click.command(epilog="Example: bugbash mine https://github.com/psf/requests --limit 5 --trust")
@click.argument("repo")
@click.option("--limit", type=click.IntRange(1), help="Stop after this many valid ones.")
@click.option("--list", "list_only", is_flag=True, help="List candidates; nothing of REPO runs.")
@click.option("--only", multiple=True, metavar="COMMIT", help="This commit alone (repeatable).")
@click.option("--branch", metavar="NAME", help="Start at this branch or tag, not at HEAD.")
@click.option("--jobs", type=click.IntRange(1), help="Side by side; as many as there are cores.")
@click.option("--trust", is_flag=True, help="Run REPO's code here without asking.")
@click.option(
    "--most-lines", type=click.IntRange(1), default=15, show_default=True,
    help="Changed source lines at most.",
)  # fmt: skip
@click.option(
    "--most-files", type=click.IntRange(1), default=2, show_default=True,
    help="Changed source files at most.",
)  # fmt: skip
@click.option("--python", metavar="VERSION", help="Another Python of this machine, as 3.12.")
@click.option("--url", metavar="URL", help="Where others clone REPO from, where it is a path.")
@click.option(
    "--index", type=click.Path(path_type=Path), metavar="FILE",
    help="Write what is valid into this index too.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Try again what was tried before.")
@target_options
@json_option
def command(
    repo: str,
    limit: int | None,
    list_only: bool,
    only: tuple[str, ...],
    branch: str | None,
    jobs: int | None,
    trust: bool,
    most_lines: int,
    most_files: int,
    python: str | None,
    url: str | None,
    index: Path | None,
    fresh: bool,
    overrides: Overrides,
    as_json: bool,
) -> None:
    """Find real fixes in the history of REPO, a path or a URL, that can be replayed as bugs.

    Small commits that change source and tests are tried: without the fix its tests must fail,
    with it they must pass, three times. Prints one line for each, and why the others fell out.

    Results are kept: what was interrupted goes on where it stopped. Building and testing runs code
    of REPO, without a sandbox: you are asked first. Reading its history runs nothing.
    """
    from bugbash.mining.candidates import Limits
    from bugbash.mining.mining import Asked
    from bugbash.targets.history.repository import name_of, open_history

    _check_python(python)
    out = writable(index, "--index") if index else None
    began = ("--branch", branch) if branch else ()
    typed = _Typed(repo, limit, list_only, as_json, out, began)
    limits = Limits(lines=most_lines, files=most_files)
    asked = Asked(limits, overrides, python, only, jobs or os.cpu_count() or 1, fresh)
    history = open_history(repo, _note, name_of(url) if url else None)
    history = replace(history, url=url or history.url, head=_start(history, branch))
    if only:
        _check_commits(history, only)
    if list_only:
        _list(history, asked, typed)
        return
    _ask(repo, trust)
    _mine(history, asked, typed)


def _note(line: str) -> None:
    click.echo(click.style(line, dim=True), err=True)


def _check_python(python: str | None) -> None:
    """Raises UsageProblem for a Python that can't be used here."""
    from bugbash.targets import interpreters
    from bugbash.targets.spec import spec_values

    if python is None:
        return
    spec_values({"python": python}, "--python")
    if interpreters.find(python) is None:
        raise UsageProblem(f"--python {python}: this machine has no Python {python}.")


def _start(history: History, branch: str | None) -> str:
    """The commit that the walk starts at. Raises UsageProblem for a branch that is not there."""
    from bugbash.targets.git_source import commit_of

    if branch is None:
        return history.head
    commit = None if branch.startswith("-") else commit_of(history.repository, branch)
    if commit is None:
        raise UsageProblem(f"--branch {branch}: {history.where} has no such branch or tag.")
    return commit


def _check_commits(history: History, only: tuple[str, ...]) -> None:
    from bugbash.targets.history.repository import exists

    for commit in only:
        if not exists(history, commit):
            raise UsageProblem(f"--only {commit}: {history.where} has no such commit.")


def _ask(repo: str, trust: bool) -> None:
    """Whether code of the repository may run: known, told so, or asked. Raises UsageProblem."""
    if trust or _is_known(repo):
        return
    told = f"mine builds and tests {repo} here: its code will run, without a sandbox"
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageProblem(f"{told}. Add --trust if you trust it, or --list to see the candidates.")
    if not click.confirm(f"{told}. Go on?", err=True):
        raise UsageProblem("nothing was run: --list shows the candidates without running anything.")


def _is_known(repo: str) -> bool:
    """Whether this is the URL of a library that the shipped index has; a path never is."""
    from bugbash.resources import shipped
    from bugbash.targets.history import index

    url = _plain_url(repo)
    paths = sorted((shipped("scenarios") / "real").glob("*.json"))
    return any(_plain_url(index.read(path).url) == url for path in paths)


def _plain_url(url: str) -> str:
    return url.removeprefix("git+").rstrip("/").removesuffix(".git").lower()


def _list(history: History, asked: Asked, typed: _Typed) -> None:
    from bugbash.mining.mining import Tally, listed
    from bugbash.pages.mining import candidate_json, candidate_line, progress_line

    tally = Tally()
    with closing(listed(history, asked, tally)) as found:
        for candidate in islice(found, typed.limit):
            if typed.as_json:
                click.echo(json.dumps(candidate_json(candidate, _repo(history))))
            else:
                click.echo(candidate_line(candidate))
    if not typed.as_json:
        click.echo(f"\n{progress_line(tally)}", err=True)


def _repo(history: History) -> str:
    return history.url or history.name


def _mine(history: History, asked: Asked, typed: _Typed) -> None:
    from bugbash.mining.mining import VALID, Tally, mine
    from bugbash.pages.mining import MiningReport, mined_line, real_json, show_mining
    from bugbash.store import Store

    tally = Tally()
    entries: list[Entry] = []
    try:
        with _telling(tally) as tell, closing(mine(history, asked, Store(), tally)) as found:
            for mined in found:
                entry = _kept(mined, typed.index)
                entries += [entry] if entry else []
                if typed.as_json:
                    lock = entry.lock if entry else None
                    click.echo(json.dumps(real_json(mined, _repo(history), lock)))
                else:
                    click.echo(mined_line(mined))
                tell()
                if mined.status == VALID and typed.limit and tally.valid >= typed.limit:
                    break
    finally:
        _write(history, entries, typed.index)
    if not typed.as_json:
        steps = _next_steps(history, asked, entries, typed)
        show_mining(MiningReport(history.name, tally, steps))


def _kept(mined: Mined, index: Path | None) -> Entry | None:
    """The entry of what is valid, with its lock kept beside the indexes it goes into."""
    from bugbash.targets.history.index import keep_lock, own_path

    if mined.entry is None:
        return None
    if index is not None:
        keep_lock(mined.pins, index.parent)
    return replace(mined.entry, lock=keep_lock(mined.pins, own_path("any").parent))


def _write(history: History, entries: list[Entry], index: Path | None) -> None:
    """Add to the index of one's own, and to the one that was asked for."""
    from bugbash.targets.history.index import Index, own_path, read, save

    if not entries:
        return
    for path in filter(None, (own_path(history.name), index)):
        known = read(path).entries if path.is_file() else ()
        both = {entry.fix_commit: entry for entry in (*known, *entries)}
        save(Index(history.name, history.url, tuple(both.values())), path)


@contextmanager
def _telling(tally: Tally) -> Iterator[Callable[[], None]]:
    """What is called after each candidate; how far it is stands on stderr meanwhile."""
    from bugbash.commands.scan_live import can_be_live
    from bugbash.pages.mining import progress_line

    if can_be_live(stdout_speaks=True):
        from rich.console import Console
        from rich.live import Live
        from rich.text import Text

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        with Live(
            get_renderable=lambda: Text(progress_line(tally), style="dim"),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        ):
            yield lambda: None
        return
    told = time.monotonic()

    def tell() -> None:
        nonlocal told
        if time.monotonic() - told >= _EVERY_S:
            told = time.monotonic()
            _note(progress_line(tally))

    yield tell


def _next_steps(
    history: History, asked: Asked, entries: list[Entry], typed: _Typed
) -> tuple[tuple[str, str], ...]:
    steps = []
    if entries:
        words = ["bugbash", "new", "--real", f"{history.name}@{entries[0].fix_commit[:10]}"]
        if typed.repo == history.where and not history.url:
            words += ["--repo", typed.repo]
        steps.append((shlex.join(words), "debug the first of them"))
    if typed.limit or asked.only:
        words = ["bugbash", "mine", typed.repo, *typed.branch, *as_typed(asked.overrides)]
        steps.append((shlex.join(words), "try every candidate"))
    return tuple(steps)
