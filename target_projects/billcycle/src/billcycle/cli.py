"""The command line: `billcycle draft invoice.json`, `billcycle run`, `billcycle export` ..."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from . import __version__
from .addresses import mask, parse_recipients
from .errors import BillcycleError, InvoiceError
from .exports import prune, write_export
from .invoices import InvoiceState
from .mail import SpoolTransport
from .moments import Clock, FrozenClock, system_clock
from .rendering import summary
from .service import Billing
from .settings import load
from .storage import connect

OK, PROBLEM = 0, 1


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = system_clock,
) -> int:
    """Run one command; 0 when it worked, 1 for an expected error (2 for wrong usage)."""
    options = _parser().parse_args(argv)
    try:
        settings = load(options.config, environ)
        db = connect(settings.database)
        try:
            return COMMANDS[options.command](Billing(db, settings, options.at or clock), options)
        finally:
            db.close()
    except BillcycleError as problem:
        print(f"billcycle: {problem}", file=sys.stderr)
        return PROBLEM


def _draft(billing: Billing, options: argparse.Namespace) -> int:
    try:
        record = json.loads(options.file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InvoiceError(f"cannot read {options.file.name}") from None
    invoice = billing.draft(record)
    shown = ", ".join(mask(address) for address in parse_recipients(invoice.email))
    print(f"{invoice.number} for {invoice.customer} ({shown}): {invoice.total}")
    return OK


def _schedule(billing: Billing, options: argparse.Namespace) -> int:
    for key in billing.schedule(options.number, options.on or billing.today()):
        print(key)
    return OK


def _pay(billing: Billing, options: argparse.Namespace) -> int:
    print(summary(billing.pay(options.number, options.amount)))
    return OK


def _void(billing: Billing, options: argparse.Namespace) -> int:
    stopped = billing.cancel(options.number, options.write_off)
    print(f"{stopped} planned mails stopped")
    return OK


def _preview(billing: Billing, options: argparse.Namespace) -> int:
    print("\n".join(billing.preview(options.number)) or "no reminders left")
    return OK


def _run(billing: Billing, options: argparse.Namespace) -> int:
    worker = billing.worker(options.worker, SpoolTransport(billing.settings.spool))
    done = worker.drain()
    print(", ".join(f"{count} {name}" for name, count in vars(done).items()))
    return PROBLEM if done.failed else OK


def _list(billing: Billing, options: argparse.Namespace) -> int:
    state = InvoiceState(options.state) if options.state else None
    for invoice in billing.book.find(state, options.customer):
        print(summary(invoice))
    return OK


def _aging(billing: Billing, options: argparse.Namespace) -> int:
    for name, amount in billing.aging().items():
        print(f"{name:<8} {amount!s:>16}")
    return OK


def _export(billing: Billing, options: argparse.Namespace) -> int:
    settings = billing.settings
    kind = options.format or settings.export_format
    for file in write_export(billing.book.find(), settings.export_folder, billing.today(), kind):
        print(file.relative_to(settings.export_folder).as_posix())
    for day in prune(settings.export_folder, billing.today(), settings.keep_days):
        print(f"removed {day.isoformat()}")
    return OK


COMMANDS: dict[str, Callable[[Billing, argparse.Namespace], int]] = {
    "draft": _draft,
    "schedule": _schedule,
    "pay": _pay,
    "void": _void,
    "preview": _preview,
    "run": _run,
    "list": _list,
    "aging": _aging,
    "export": _export,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billcycle", description="Invoices and reminders.")
    parser.add_argument("--version", action="version", version=f"billcycle {__version__}")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--at", type=FrozenClock, help="pretend that it is this moment")
    commands = parser.add_subparsers(dest="command", required=True)
    draft = commands.add_parser("draft", help="add an invoice from a JSON file")
    draft.add_argument("file", type=Path)
    schedule = commands.add_parser("schedule", help="plan an invoice and its reminders")
    schedule.add_argument("number")
    schedule.add_argument("--on", type=date.fromisoformat, help="the day to send it, else today")
    pay = commands.add_parser("pay", help="book a payment")
    pay.add_argument("number")
    pay.add_argument("amount")
    void = commands.add_parser("void", help="cancel an invoice")
    void.add_argument("number")
    void.add_argument("--write-off", action="store_true", help="give up the balance instead")
    preview = commands.add_parser("preview", help="reminders still to come")
    preview.add_argument("number")
    run = commands.add_parser("run", help="send what is due")
    run.add_argument("--worker", default="worker-1")
    listing = commands.add_parser("list", help="invoices by due date")
    listing.add_argument("--state", choices=[state.value for state in InvoiceState])
    listing.add_argument("--customer", default="")
    commands.add_parser("aging", help="open balances by age")
    export = commands.add_parser("export", help="write the day's export, remove old ones")
    export.add_argument("--format", choices=["csv", "json", "both"])
    return parser
