"""The command line: `gridwords find saturday.grid cat dog`, `gridwords top --period week` ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from . import reports
from .boards import Trie, judge, solve, tile_data
from .errors import GridwordsError
from .grids import Grid, format_grid, read_grid, write_grid
from .moments import PERIODS, Clock, desk_day, from_text, period_bounds, system_clock
from .patterns import expand, select
from .puzzles import generate
from .search import locate
from .sessions import Session, SessionStore, award, player_name, standings
from .settings import Settings, load
from .wordlists import load_lists

Environ = Mapping[str, str]

OK, PROBLEM = 0, 1


def main(
    argv: Sequence[str] | None = None, environ: Environ = os.environ, clock: Clock = system_clock
) -> int:
    """Run one command; 0 when all is well, 1 for an expected error or a word that is missing."""
    options = _parser().parse_args(argv)
    try:
        now = clock() if options.at is None else from_text(options.at)
        return COMMANDS[options.command][0](load(options.config, environ), options, now)
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
    grid = read_grid(options.grid, settings.wrap())
    words = settings.words().clean_all(options.words or grid.words)
    found = locate(grid, words, settings.search())
    print(reports.FORMATS[options.format](reports.match_table(found)), end="")
    return OK if all(found.values()) else PROBLEM


def _solve(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    words = Trie.of(load_lists(settings.lists(), settings.words()).words)
    found = solve(_board(settings, options), words, settings.boards())
    print(reports.FORMATS[options.format](reports.solution_table(found)), end="")
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
    print(reports.FORMATS[options.format](reports.verdict_table(verdicts)), end="")
    return OK


def _top(settings: Settings, options: argparse.Namespace, now: datetime) -> int:
    rules = settings.sessions()
    today = desk_day(now, rules.zone)
    first, last = period_bounds(today, options.period, rules.week_start)
    store = SessionStore(settings.folder("sessions"), rules.zone)
    rows = standings(store.sessions(first, last))
    table = reports.standings_table(rows, award(rows, settings.prizes()), rules.top)
    print(reports.FORMATS[options.format](table), end="")
    if options.report:
        folder, name = settings.folder("reports"), f"top-{options.period}"
        formats = settings.report_formats()
        print("\n".join(reports.write_report(table, folder, today, name, formats)))
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
    return read_grid(settings.folder("boards") / f"{options.board}.grid", settings.wrap())


Command = Callable[[Settings, argparse.Namespace, datetime], int]

COMMANDS: dict[str, tuple[Command, str, list[str]]] = {
    "expand": (_expand, "all words of a brace pattern", ["pattern"]),
    "match": (_match, "words of the lists that patterns choose", ["patterns"]),
    "check": (_check, "read the word lists, say what is wrong with them", []),
    "find": (_find, "words in a grid file, or those that it names", ["grid", "words", "--format"]),
    "solve": (_solve, "all listed words on a board", ["board", "--format"]),
    "play": (_play, "book a game", ["board", "player", "words", "--started", "--format"]),
    "top": (_top, "the leaderboard", ["--period", "--report", "--format"]),
    "puzzle": (_puzzle, "make the word search of the day", ["words", "--seed"]),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "patterns": {"nargs": "+", "help": "write -- before those that begin with -"},
    "grid": {"type": Path},
    "words": {"nargs": "*"},
    "--period": {"choices": PERIODS, "default": "week"},
    "--report": {"action": "store_true", "help": "write it to files, too"},
    "--format": {"choices": reports.FORMATS, "default": "text"},
    "--seed": {"type": int},
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gridwords", description="Words, grids and boards.")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--at", help="pretend that it is this moment")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text, arguments) in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        for argument in arguments:
            command.add_argument(argument, **OPTIONS.get(argument, {}))
    return parser


if __name__ == "__main__":
    sys.exit(main())
