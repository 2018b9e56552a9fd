"""The command line of operations: keys, refunds, settling, files."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from .access import issue, parse_scopes
from .app import App, build_app
from .errors import ApiError, SettingsError
from .moments import Clock, day_bounds, office_day, parse_duration, system_clock
from .money import find_currency, format_amount, parse_amount
from .reports import traffic, write_day
from .settings import load

Token = Callable[[], str]


def main(
    argv: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    clock: Clock = system_clock,
    token: Token = lambda: secrets.token_hex(16),
) -> int:
    """0: done, 1: refused, 2: the settings or the arguments are no good."""
    arguments = _parser().parse_args(argv)
    try:
        settings = load(arguments.config, environ)
    except SettingsError as problem:
        print(f"settings: {problem}", file=out)
        return 2
    app = build_app(settings, clock)
    try:
        arguments.action(Console(app, out, clock, token), arguments)
    except ApiError as problem:
        print(f"refused: {problem.message}", file=out)
        return 1
    except ValueError as problem:
        print(f"not understood: {problem}", file=out)
        return 2
    finally:
        app.close()
    return 0


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))


class Console:
    def __init__(self, app: App, out: TextIO, clock: Clock, token: Token) -> None:
        self.app = app
        self.settings = app.settings
        self.out = out
        self.clock = clock
        self.token = token

    def say(self, text: str) -> None:
        print(text, file=self.out)

    def add_key(self, arguments: argparse.Namespace) -> None:
        plan = (arguments.plan or self.settings.default_plan).lower()
        if plan not in self.settings.plans:
            raise ValueError(f"there is no plan {plan!r}")
        lasts = self.settings.key_max_age
        if arguments.lasts is not None:
            lasts = min(parse_duration(arguments.lasts), lasts)
        now = self.clock()
        key, secret = issue(
            self.app.keys,
            arguments.name.strip(),
            parse_scopes(arguments.scopes),
            plan,
            now,
            now + lasts,
            self.token(),
        )
        self.say(f"{key.id} {secret} until {key.expires:%Y-%m-%d}")

    def revoke_key(self, arguments: argparse.Namespace) -> None:
        key = self.app.keys.get(arguments.key)
        if key is None:
            raise ValueError(f"there is no key {arguments.key}")
        self.app.keys.expire(key, self.clock())
        self.say(f"{arguments.key} is revoked")

    def list_keys(self, arguments: argparse.Namespace) -> None:
        now = self.clock()
        for key in self.app.keys.all():
            if key.expires <= now and not arguments.all:
                continue
            end = "expired" if key.expires <= now else f"{key.expires:%Y-%m-%d}"
            scopes = " ".join(sorted(scope.value for scope in key.scopes))
            self.say(f"{key.id}  {key.name}  {key.plan}  {scopes}  {end}")

    def settle(self, arguments: argparse.Namespace) -> None:
        done = self.app.desk.settle()
        self.say(" ".join(f"{name}={count}" for name, count in vars(done).items()))
        self.say(f"purged={self.app.replays.purge(self.clock())}")

    def refund(self, arguments: argparse.Namespace) -> None:
        charge = self.app.desk.store.charge(arguments.charge)
        currency = find_currency(charge.currency, self.settings.currencies)
        body = {}
        if arguments.amount is not None:
            body["amount"] = parse_amount(arguments.amount, currency)
        charge = self.app.desk.refund(charge, body)
        refunded = format_amount(charge.refunded, currency)
        self.say(f"{charge.id} {charge.status.value}: {refunded} {currency.code} refunded")

    def export(self, arguments: argparse.Namespace) -> None:
        """The day before today unless one is named: today is not over yet."""
        office = self.settings.office
        day = office_day(self.clock(), office) - timedelta(days=1)
        if arguments.day is not None:
            day = date.fromisoformat(arguments.day)
        charges = self.app.desk.store.charges_between(*day_bounds(day, office))
        root = self.settings.export_folder
        for file in write_day(charges, root, day, office, self.settings.currencies):
            self.say(f"{file.relative_to(root).as_posix()} ({len(charges)} charges)")

    def show_traffic(self, arguments: argparse.Namespace) -> None:
        found = traffic(self.settings.access_log, arguments.days)
        self.say(f"{found.requests} requests on {found.days} days, {found.unreadable} unreadable")
        for status, count in found.by_status.items():
            self.say(f"  {status}: {count}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="restdesk")
    parser.add_argument("--config", type=Path, help="the settings file")
    commands = parser.add_subparsers(required=True)

    keys = commands.add_parser("keys").add_subparsers(required=True)
    add = keys.add_parser("add")
    add.add_argument("name")
    add.add_argument("--scopes", required=True, help="customers:read,charges:write ... or *")
    add.add_argument("--plan")
    add.add_argument("--lasts", help="30d, 12h ...")
    add.set_defaults(action=Console.add_key)
    revoke = keys.add_parser("revoke")
    revoke.add_argument("key")
    revoke.set_defaults(action=Console.revoke_key)
    listing = keys.add_parser("list")
    listing.add_argument("--all", action="store_true", help="expired ones too")
    listing.set_defaults(action=Console.list_keys)

    commands.add_parser("settle").set_defaults(action=Console.settle)
    refund = commands.add_parser("refund")
    refund.add_argument("charge")
    refund.add_argument("amount", nargs="?", help="12.50; all that is left unless given")
    refund.set_defaults(action=Console.refund)
    export = commands.add_parser("export")
    export.add_argument("--day", help="2024-03-01; yesterday unless given")
    export.set_defaults(action=Console.export)
    show = commands.add_parser("traffic")
    show.add_argument("--days", type=int)
    show.set_defaults(action=Console.show_traffic)
    return parser
