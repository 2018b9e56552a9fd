"""The command line: `poolkeeper connect c-17`, `poolkeeper drain web-2`, `poolkeeper report` ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from . import __version__
from .accesslog import log_files, read_log
from .errors import PoolkeeperError
from .keeper import Keeper, plan_book
from .moments import Clock, ManualClock, local_day, show_moment, system_clock
from .pool import Move
from .poolfile import PoolFile, find_pools, read_pool
from .reports import write_day
from .servers import Member, ServerState
from .settings import Settings, load
from .usage import collect

DONE, PROBLEM = 0, 1


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = system_clock,
) -> int:
    """Run one command; 0 when it worked, 1 for an expected error (2 for wrong usage)."""
    options = _parser().parse_args(argv)
    clock = options.at or clock
    try:
        settings = load(options.config, environ)
        if options.command in OFFICE:
            return OFFICE[options.command](settings, clock, options)
        keeper = Keeper(_definition(settings, options.pool), settings, clock)
        keeper.restore()
        result = GATE[options.command](keeper, options)
        keeper.save()
        return result
    except PoolkeeperError as problem:
        print(f"poolkeeper: {problem}", file=sys.stderr)
        return PROBLEM


def _definition(settings: Settings, name: str | None) -> PoolFile:
    pools = find_pools(settings.pool.folder, settings.pool)
    if not pools:
        raise PoolkeeperError(f"no pool files in {settings.pool.folder.name}")
    if name is None and len(pools) > 1:
        raise PoolkeeperError(f"which pool? There are {', '.join(pools)}")
    chosen = next(iter(pools)) if name is None else name.lower()
    if chosen not in pools:
        raise PoolkeeperError(f"no pool {name!r}; there are {', '.join(pools)}")
    return pools[chosen]


def _connect(keeper: Keeper, options: argparse.Namespace) -> int:
    reply = keeper.handle(options.user or options.client, options.client, options.zone)
    print(reply.status, reply.server or "-")
    for name, value in reply.headers.items():
        print(f"{name}: {value}")
    return DONE if reply.server else PROBLEM


def _disconnect(keeper: Keeper, options: argparse.Namespace) -> int:
    print(f"left {keeper.pool.disconnect(options.client) or 'nothing'}")
    return DONE


def _drain(keeper: Keeper, options: argparse.Namespace) -> int:
    print(_status_line(keeper.pool.drain(options.server)))
    return DONE


def _shutdown(keeper: Keeper, options: argparse.Namespace) -> int:
    return _show_moves(keeper.pool.shutdown(options.server))


def _fail(keeper: Keeper, options: argparse.Namespace) -> int:
    return _show_moves(keeper.pool.fail(options.server))


def _resume(keeper: Keeper, options: argparse.Namespace) -> int:
    print(_status_line(keeper.pool.resume(options.server)))
    return DONE


def _tick(keeper: Keeper, options: argparse.Namespace) -> int:
    return _show_moves(keeper.tick())


def _status(keeper: Keeper, options: argparse.Namespace) -> int:
    for member in keeper.pool:
        print(_status_line(member))
    counts = keeper.pool.counts()
    print(", ".join(f"{count} {name}" for name, count in counts.items() if count))
    return DONE if counts[ServerState.ACTIVE.value] else PROBLEM


def _status_line(member: Member) -> str:
    room = "any" if member.spec.capacity is None else member.spec.capacity
    line = f"{member.id:<12} {member.state.value:<9} {len(member.sessions):>4}/{room:<6}"
    line += f" weight {member.spec.weight:<3} {member.spec.endpoint}"
    return line if member.drain_until is None else f"{line} until {show_moment(member.drain_until)}"


def _show_moves(moves: Sequence[Move]) -> int:
    for move in moves:
        print(f"{move.client}: {move.source} -> {move.target or 'dropped'}")
    print(f"{len(moves)} sessions moved")
    return PROBLEM if any(move.target is None for move in moves) else DONE


def _check(settings: Settings, clock: Clock, options: argparse.Namespace) -> int:
    pool = read_pool(options.file, settings.pool)
    print(f"pool {pool.name}, {pool.strategy}")
    for order, spec in enumerate(pool.servers, 1):
        print(f"{order:>3} {_status_line(Member(spec, order))}")
    return DONE


def _report(settings: Settings, clock: Clock, options: argparse.Namespace) -> int:
    rules = settings.reports
    day = options.day or local_day(clock(), rules.zone) - timedelta(days=1)
    bad: list[str] = []
    files = log_files(settings.logs.folder, settings.logs.name)
    usage = collect(read_log(files, settings.logs.max_bad_lines, bad.append), day, rules.zone)
    percent = rules.percentile
    for path in write_day(usage, plan_book(settings), rules.folder, rules.currency, percent):
        print(path.relative_to(rules.folder).as_posix())
    print(f"{usage.requests} requests, {len(bad)} bad lines")
    return PROBLEM if bad else DONE


GATE: dict[str, Callable[[Keeper, argparse.Namespace], int]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "drain": _drain,
    "shutdown": _shutdown,
    "fail": _fail,
    "resume": _resume,
    "tick": _tick,
    "status": _status,
}
SERVER_COMMANDS = {
    "drain": "send no new clients to a server",
    "shutdown": "move all sessions away and remove the server",
    "fail": "take a server out that does not answer",
    "resume": "make a server active again, also one that drains",
}
OFFICE: dict[str, Callable[[Settings, Clock, argparse.Namespace], int]] = {
    "check": _check,
    "report": _report,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="poolkeeper", description="Sessions on servers.")
    parser.add_argument("--version", action="version", version=f"poolkeeper {__version__}")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--pool", help="which pool, where the folder has several")
    parser.add_argument("--at", type=ManualClock, help="run as of this moment")
    commands = parser.add_subparsers(dest="command", required=True)
    connect = commands.add_parser("connect", help="give a client a server")
    connect.add_argument("client")
    connect.add_argument("--user", help="whose limits count, else the client's own")
    connect.add_argument("--zone")
    commands.add_parser("disconnect", help="end a session").add_argument("client")
    for name, what in SERVER_COMMANDS.items():
        commands.add_parser(name, help=what).add_argument("server")
    commands.add_parser("tick", help="end drains and idle sessions (cron, every minute)")
    commands.add_parser("status", help="the servers and what they hold")
    check = commands.add_parser("check", help="read a pool file and print it in full")
    check.add_argument("file", type=Path)
    report = commands.add_parser("report", help="write the files of a day")
    report.add_argument("--day", type=date.fromisoformat, help="else yesterday")
    return parser


def run() -> None:
    sys.exit(main())
