"""The command line: `gridwords find saturday.grid cat dog`, `gridwords top --period week` ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from .boards import Trie, judge, solve, tile_data
from .errors import GridwordsError
from .grids import Grid, format_grid, read_grid, write_grid
from .moments import PERIODS, Clock, desk_day, from_text, period_bounds, system_clock
from .patterns import expand, select
from .puzzles import generate
from .reports import (
    FORMATS,
    match_table,
    solution_table,
    standings_table,
    verdict_table,
    write_report,
)
from .search import locate
from .sessions import Session, SessionStore, award, player_name, standings
from .settings import Settings, load
from .wordlists import load_lists

OK, PROBLEM = 0, 1


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = system_clock,
) -> int:
    """Run one command; 0 when all is well, 1 for an expected error or a word that is missing."""
    options = _parser().parse_args(argv)
    command, _ = COMMANDS[options.command]
    try:
        now = clock() if options.at is None else from_text(options.at)
        return command(load(options.config, environ), options, now)
    except GridwordsError as problem:
        print(f"gridwords: {problem}", file=sys.stderr)
        return PROBLEM


def _expand(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    print("\n".join(expand(options.pattern, settings.lists().max_expansion)))
    return OK


def _match(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    chosen = select(load_lists(settings.lists(), settings.words()).words, options.patterns)
    print("\n".join(chosen) or "no words")
    return OK if chosen else PROBLEM


def _check(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    lists = load_lists(settings.lists(), settings.words())
    for name, added in lists.sources.items():
        print(f"{name}: {added:+d}")
    for skipped in lists.skipped:
        print(f"skipped {skipped}")
    return PROBLEM if lists.skipped else OK


def _find(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    grid = read_grid(options.grid)
    words = settings.words().clean_all(options.words or grid.words)
    found = locate(grid, words, settings.search())
    print(FORMATS[options.format](match_table(found)), end="")
    return OK if all(found.values()) else PROBLEM


def _solve(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    words = Trie.of(load_lists(settings.lists(), settings.words()).words)
    found = solve(_board(settings, options), words, settings.boards())
    print(FORMATS[options.format](solution_table(found)), end="")
    return OK


def _play(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    words = Trie.of(load_lists(settings.lists(), settings.words()).words)
    started = from_text(options.started) if options.started else now
    said = [(now, word) for word in options.words]
    verdicts = judge(_board(settings, options), said, started, words, settings.boards())
    scored = tuple(verdict.word for verdict in verdicts if verdict.points)
    total = sum(verdict.points for verdict in verdicts)
    session = Session(player_name(options.player), options.board, started, total, scored)
    SessionStore(settings.folder("sessions"), settings.sessions().zone).add(session)
    print(FORMATS[options.format](verdict_table(verdicts)), end="")
    return OK


def _top(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    rules, reports = settings.sessions(), settings.reports()
    today = desk_day(now, rules.zone)
    first, last = period_bounds(today, options.period, rules.week_start)
    store = SessionStore(settings.folder("sessions"), rules.zone)
    rows = standings(store.sessions(first, last), rules.least_games)
    table = standings_table(rows, award(rows, settings.prizes()), reports.top)
    print(FORMATS[options.format](table), end="")
    if options.report:
        folder, name = settings.folder("reports"), f"top-{options.period}"
        print("\n".join(write_report(table, folder, today, name, reports.formats)))
    return OK


def _puzzle(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    words = settings.words().clean_all(options.words)
    puzzle = generate(words, settings.puzzles(), tile_data()["weights"], Random(options.seed))
    day = desk_day(now, settings.sessions().zone)
    write_grid(settings.folder("puzzles") / f"{day.isoformat()}.grid", puzzle.grid)
    print(format_grid(puzzle.grid), end="")
    for word in puzzle.left_out:
        print(f"left out: {word}")
    return OK


def _board(settings: Settings, options: argparse.Namespace) -> Grid:
    return read_grid(settings.folder("boards") / f"{options.board}.grid")


COMMANDS: dict[str, tuple[Callable[[Settings, argparse.Namespace, datetime], int], str]] = {
    "expand": (_expand, "all words of a brace pattern"),
    "match": (_match, "words of the lists that patterns choose"),
    "check": (_check, "read the word lists, say what is wrong with them"),
    "find": (_find, "words in a grid file, or those that it names"),
    "solve": (_solve, "all listed words on a board"),
    "play": (_play, "book a game"),
    "top": (_top, "the leaderboard"),
    "puzzle": (_puzzle, "make the word search of the day"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gridwords", description="Words, grids and boards.")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--at", help="pretend that it is this moment")
    adding = parser.add_subparsers(dest="command", required=True)
    commands = {name: adding.add_parser(name, help=entry[1]) for name, entry in COMMANDS.items()}
    commands["expand"].add_argument("pattern")
    commands["match"].add_argument("patterns", nargs="+", help="-- before those that begin with -")
    commands["find"].add_argument("grid", type=Path)
    commands["solve"].add_argument("board")
    commands["play"].add_argument("board")
    commands["play"].add_argument("player")
    commands["play"].add_argument("--started", help="when the game began, else now")
    for name, count in {"find": "*", "play": "*", "puzzle": "+"}.items():
        commands[name].add_argument("words", nargs=count)
    for name in ("find", "solve", "play", "top"):
        commands[name].add_argument("--format", choices=list(FORMATS), default="text")
    commands["puzzle"].add_argument("--seed", type=int)
    commands["top"].add_argument("--period", choices=PERIODS, default="week")
    commands["top"].add_argument("--report", action="store_true", help="write it to files, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
