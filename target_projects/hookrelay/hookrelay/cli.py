"""The command line. Exit code 0: it worked, 1: something needs a look, 2: it could not be done."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from hookrelay import __version__
from hookrelay.alerts import AlertBox
from hookrelay.deliveries import DeliveryQueue
from hookrelay.endpoints import EndpointBook, read_endpoints
from hookrelay.errors import EventError, RelayError
from hookrelay.events import read_events
from hookrelay.moments import Clock, FrozenClock, parse_moment, system_clock, to_text
from hookrelay.reports import prune_reports, write_report
from hookrelay.settings import Settings, load_settings
from hookrelay.signing import verify
from hookrelay.storage import connect
from hookrelay.transport import HttpTransport, SpoolTransport, Transport
from hookrelay.worker import Worker, WorkerPool, make_dispatcher

OK, LOOK, FAILED = 0, 1, 2


@dataclass(frozen=True)
class Context:
    db: sqlite3.Connection
    settings: Settings
    clock: Clock
    out: TextIO

    @property
    def queue(self) -> DeliveryQueue:
        return DeliveryQueue(self.db, self.settings.retry.give_up, self.settings.lease)

    def say(self, text: str) -> None:
        print(text, file=self.out)


def endpoints(options: argparse.Namespace, context: Context) -> int:
    book = EndpointBook(context.db)
    for endpoint in read_endpoints(options.file):
        context.say(f"{endpoint.id}: {book.configure(endpoint)}")
    return OK


def accept(options: argparse.Namespace, context: Context) -> int:
    book, queue, now = EndpointBook(context.db), context.queue, context.clock()
    tolerance = context.settings.future_tolerance
    bad: list[str] = []
    accepted = deliveries = 0

    def on_error(number: int, problem: str) -> None:
        bad.append(f"line {number}: {problem}")

    for event in read_events(options.file, now, tolerance, on_error):
        try:
            deliveries += queue.accept(event, book.subscribed(event), now)
        except EventError as problem:
            bad.append(str(problem))
            continue
        accepted += 1
    context.say(f"{accepted} events accepted, {deliveries} deliveries")
    for line in bad:
        context.say(f"refused {line}")
    return LOOK if bad else OK


def work(options: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    transport: Transport = HttpTransport(settings.read_limit)
    if options.rehearse is not None:
        transport = SpoolTransport(options.rehearse)
    dispatcher = make_dispatcher(context.db, settings, context.clock)

    def make_worker(name: str, db: sqlite3.Connection) -> Worker:
        return Worker(name, db, settings, dispatcher, transport, context.clock)

    done = WorkerPool(lambda: connect(settings.database), make_worker, settings.workers).run()
    counts = [f"{done[name]} {name}" for name in ("delivered", "retried", "failed", "lost")]
    context.say(", ".join([*counts, f"{dispatcher.postponed} put off"]))
    return LOOK if done["failed"] else OK


def rotate(options: argparse.Namespace, context: Context) -> int:
    now, overlap = context.clock(), context.settings.overlap
    endpoint = EndpointBook(context.db).rotate(options.endpoint, options.secret, now, overlap)
    for secret in endpoint.secrets:
        until = to_text(secret.expires) if secret.expires else "further notice"
        context.say(f"…{secret.value[-4:]} signs until {until}")
    return OK


def check_signature(options: argparse.Namespace, context: Context) -> int:
    body, tolerance = options.file.read_bytes(), context.settings.tolerance
    verify(options.header, body, options.secret, context.clock(), tolerance)
    context.say("the signature is good")
    return OK


def report(options: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    today = context.clock().astimezone(settings.zone).date()
    day = options.day if options.day is not None else today - timedelta(days=1)
    path = write_report(context.db, day, settings)
    context.say(path.relative_to(settings.report_folder).as_posix())
    for removed in prune_reports(settings.report_folder, today, settings.keep_days):
        context.say(f"removed {removed.isoformat()}")
    return OK


def alerts(options: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    box = AlertBox(context.db, settings.quiet)
    waiting = len(box.waiting())
    for path in box.write(settings.alert_folder, settings.zone):
        context.say(path.relative_to(settings.alert_folder).as_posix())
    return LOOK if waiting else OK


_COMMANDS: dict[str, Callable[[argparse.Namespace, Context], int]] = {
    "endpoints": endpoints,
    "accept": accept,
    "work": work,
    "rotate": rotate,
    "verify": check_signature,
    "report": report,
    "alerts": alerts,
}


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hookrelay", description=__doc__)
    parser.add_argument("--version", action="version", version=f"hookrelay {__version__}")
    parser.add_argument("--settings", type=Path, help="a TOML file")
    parser.add_argument("--at", help="pretend that it is this moment")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("endpoints", help="take over a configuration of endpoints")
    command.add_argument("file", type=Path)
    command = commands.add_parser("accept", help="store events of a JSON-lines file")
    command.add_argument("file", type=Path)
    command = commands.add_parser("work", help="deliver what is due")
    command.add_argument("--rehearse", type=Path, metavar="FOLDER", help="write, don't send")
    command = commands.add_parser("rotate", help="give an endpoint a new secret")
    command.add_argument("endpoint")
    command.add_argument("secret")
    command = commands.add_parser("verify", help="check the signature of a body")
    command.add_argument("file", type=Path)
    command.add_argument("--header", required=True)
    command.add_argument("--secret", action="append", required=True)
    command = commands.add_parser("report", help="write a day's report, remove old ones")
    command.add_argument("--day", type=date.fromisoformat, help="else yesterday")
    commands.add_parser("alerts", help="write the alerts that wait")
    return parser


def main(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    clock: Clock = system_clock,
) -> int:
    options = build_parser().parse_args(arguments)
    try:
        if options.at is not None:
            clock = FrozenClock(parse_moment(options.at))
        settings = load_settings(options.settings, environ)
        db = connect(settings.database)
        try:
            return _COMMANDS[options.command](options, Context(db, settings, clock, out))
        finally:
            db.close()
    except RelayError as problem:
        print(f"hookrelay: {problem}", file=out)
    except UnicodeDecodeError:
        print(f"hookrelay: {options.file.name}: not UTF-8", file=out)
    except OSError as problem:
        print(f"hookrelay: {Path(problem.filename or '').name}: {problem.strerror}", file=out)
    return FAILED


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
