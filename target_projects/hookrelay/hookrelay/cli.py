"""One run of the relay: takes over the endpoints, stores the events, delivers what is due.

Exit code 0: it worked, 1: something needs a look, 2: it could not be done.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from hookrelay.alerts import AlertBox
from hookrelay.deliveries import DeliveryQueue
from hookrelay.endpoints import EndpointBook, read_endpoints
from hookrelay.errors import EventError, RelayError
from hookrelay.events import read_events
from hookrelay.moments import Clock, system_clock
from hookrelay.settings import Settings, load_settings
from hookrelay.storage import connect
from hookrelay.transport import HttpTransport, SpoolTransport, Transport
from hookrelay.worker import Worker, WorkerPool, make_dispatcher

OK, LOOK, FAILED = 0, 1, 2


def take_in(inbox: Path, db: sqlite3.Connection, settings: Settings, clock: Clock) -> list[str]:
    """Store the events of the inbox's files, in the order of their names; what was refused."""
    queue = DeliveryQueue(db, settings.retry.give_up, settings.lease)
    book, now = EndpointBook(db), clock()
    refused: list[str] = []
    for path in sorted(inbox.glob("*.jsonl")):

        def refuse(number: int, problem: str, name: str = path.name) -> None:
            refused.append(f"{name}, line {number}: {problem}")

        for event in read_events(path, now, settings.future_tolerance, refuse):
            try:
                queue.accept(event, book.subscribed(event), now)
            except EventError as problem:
                refused.append(f"{path.name}: {problem}")
    return refused


def deliver(
    transport: Transport, db: sqlite3.Connection, settings: Settings, clock: Clock
) -> Counter[str]:
    """Work until nothing is due any more; how the deliveries ended, and how many were put off."""
    dispatcher = make_dispatcher(db, settings, clock)

    def make_worker(name: str, own: sqlite3.Connection) -> Worker:
        return Worker(name, own, settings, dispatcher, transport, clock)

    done = WorkerPool(lambda: connect(settings.database), make_worker, settings.workers).run()
    done["put off"] = dispatcher.postponed
    return done


def main(
    arguments: Sequence[str], environ: Mapping[str, str], out: TextIO, clock: Clock = system_clock
) -> int:
    parser = argparse.ArgumentParser(prog="hookrelay", description=__doc__)
    parser.add_argument("endpoints", type=Path, help="the configuration of the endpoints")
    parser.add_argument("inbox", type=Path, help="the folder of the producers' JSON-lines files")
    parser.add_argument("--rehearse", type=Path, metavar="FOLDER", help="write, don't send")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings(environ=environ)
        db = connect(settings.database)
        for endpoint in read_endpoints(options.endpoints):
            print(f"{endpoint.id}: {EndpointBook(db).configure(endpoint)}", file=out)
        refused = take_in(options.inbox, db, settings, clock)
        for line in refused:
            print(f"refused {line}", file=out)
        transport: Transport = HttpTransport(settings.read_limit)
        if options.rehearse is not None:
            transport = SpoolTransport(options.rehearse)
        done = deliver(transport, db, settings, clock)
        print(", ".join(f"{count} {how}" for how, count in sorted(done.items())), file=out)
        alerts = AlertBox(db, settings.quiet).write(settings.alert_folder, settings.zone)
        return LOOK if refused or alerts else OK
    except (RelayError, OSError, UnicodeError) as problem:
        print(f"hookrelay: {problem}", file=out)
        return FAILED


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
