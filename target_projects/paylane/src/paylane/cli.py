"""The command line: `paylane charge request.json --key K`, `paylane settle` ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import __version__
from .codecs import parse
from .errors import PaylaneError, RequestError
from .exchange import Exchange
from .moments import Clock, FixedClock, settlement_day, system_clock
from .money import parse_money
from .network import SandboxNetwork
from .payments import PaymentStatus
from .rendering import conversion_line, payment_details, statement_text
from .reports import write_statement
from .service import Outcome, PaymentService
from .settings import Settings, load
from .settlement import build_statement
from .storage import connect

OK = 0


@dataclass(frozen=True)
class Desk:
    """What every command works with."""

    service: PaymentService
    settings: Settings
    clock: Clock

    @property
    def exchange(self) -> Exchange:
        return Exchange.from_settings(self.settings, self.clock)


def main(
    argv: Sequence[str] | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = system_clock,
) -> int:
    """Run one command; 0 when it worked, else the exit code of the error (2 for wrong usage)."""
    options = _parser().parse_args(argv)
    try:
        settings = load(options.config, environ)
        if options.at is not None:
            clock = FixedClock(options.at)
        db = connect(settings.database)
        try:
            service = PaymentService(db, settings, SandboxNetwork(settings.journal), clock)
            return COMMANDS[options.command](Desk(service, settings, clock), options)
        finally:
            db.close()
    except PaylaneError as problem:
        print(f"paylane: {problem}", file=sys.stderr)
        return problem.exit_code


def _charge(desk: Desk, options: argparse.Namespace) -> int:
    outcome = desk.service.charge(options.key, _read_request(options.file))
    return _show_outcome(desk, outcome)


def _refund(desk: Desk, options: argparse.Namespace) -> int:
    outcome = desk.service.refund(options.key, options.id, options.amount)
    return _show_outcome(desk, outcome)


def _show(desk: Desk, options: argparse.Namespace) -> int:
    print(payment_details(desk.service.book.get(options.id), desk.settings.desk))
    return OK


def _convert(desk: Desk, options: argparse.Namespace) -> int:
    amount = parse_money(options.amount)
    print(conversion_line(desk.exchange.convert(amount, options.target)))
    return OK


def _settle(desk: Desk, options: argparse.Namespace) -> int:
    settings = desk.settings
    today = settlement_day(desk.clock(), settings.desk, settings.cutoff)
    day = options.day or today - timedelta(days=1)
    if day >= today:
        raise RequestError({"day": f"{day.isoformat()} is not over"})
    for merchant in settings.merchants.values():
        statement = build_statement(desk.service.book, merchant, day, desk.exchange, settings)
        print(statement_text(statement))
        file = write_statement(statement, settings.reports, settings.report_format)
        print(f"  {file.relative_to(settings.reports).as_posix()}")
    return OK


def _purge(desk: Desk, options: argparse.Namespace) -> int:
    print(f"{desk.service.purge_keys()} keys forgotten, {len(desk.service.keys)} kept")
    return OK


COMMANDS: dict[str, Callable[[Desk, argparse.Namespace], int]] = {
    "charge": _charge,
    "refund": _refund,
    "show": _show,
    "convert": _convert,
    "settle": _settle,
    "purge": _purge,
}


def _read_request(file: Path) -> dict[str, Any]:
    try:
        record = parse(file.read_text(encoding="utf-8"))
    except OSError:
        raise RequestError({"file": f"{file.name} cannot be read"}) from None
    if not isinstance(record, dict):
        raise RequestError({"file": f"{file.name} holds no request"})
    return record


def _show_outcome(desk: Desk, outcome: Outcome) -> int:
    if outcome.replayed:
        print("answered before:")
    print(payment_details(outcome.payment, desk.settings.desk))
    return 1 if outcome.payment.status is PaymentStatus.FAILED else OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paylane", description="Payments, refunds, settlement.")
    parser.add_argument("--version", action="version", version=f"paylane {__version__}")
    parser.add_argument("--config", type=Path, help="settings file")
    parser.add_argument("--at", help="pretend that it is this moment")
    commands = parser.add_subparsers(dest="command", required=True)
    charge = commands.add_parser("charge", help="charge a card as a JSON file says")
    charge.add_argument("file", type=Path)
    charge.add_argument("--key", required=True, help="idempotency key")
    refund = commands.add_parser("refund", help="give money back")
    refund.add_argument("id")
    refund.add_argument("amount", nargs="?", help="without it, all that is left")
    refund.add_argument("--key", required=True, help="idempotency key")
    show = commands.add_parser("show", help="all that is known of a payment")
    show.add_argument("id")
    convert = commands.add_parser("convert", help="what an amount is in another currency")
    convert.add_argument("amount", help='such as "USD 12.50"')
    convert.add_argument("target")
    settle = commands.add_parser("settle", help="write the statements of a day")
    settle.add_argument("--day", type=date.fromisoformat, help="else the last one that is over")
    commands.add_parser("purge", help="forget expired keys")
    return parser
