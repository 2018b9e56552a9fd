"""The command line. Exit code 0: all is well, 1: something was refused, 2: it could not be done."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TextIO

from parcelrate import __version__, reports
from parcelrate.carriers import carriers
from parcelrate.conversion import Policy, RateTable
from parcelrate.discounts import load_coupons
from parcelrate.errors import ParcelError
from parcelrate.history import RateHistory
from parcelrate.money import Money, parse_currency
from parcelrate.orders import read_orders, write_orders
from parcelrate.quotebook import QuoteBook, connect
from parcelrate.quotes import Pricer
from parcelrate.ratestrings import parse_rates
from parcelrate.regions import atlas
from parcelrate.settings import Settings, load_settings


class Desk:
    """The commands; each prints what it did and gives the exit code."""

    def __init__(self, settings: Settings, now: datetime, out: TextIO) -> None:
        self.settings = settings
        self.now = now
        self.out = out

    def show(self, *values: object) -> None:
        print(*values, file=self.out)

    def today(self) -> date:
        return self.now.astimezone(self.settings.zone).date()

    def history(self) -> RateHistory:
        return RateHistory(self.settings.history, self.settings.zone)

    def rates(self) -> RateTable:
        rates = self.history().latest(self.now, self.settings.max_age)
        return RateTable(rates, self.settings.max_hops, self.settings.hop_fee)

    def book(self) -> QuoteBook:
        db = connect(self.settings.database)
        return QuoteBook(db, self.settings.valid_for, self.settings.zone)

    def load(self, options: argparse.Namespace) -> int:
        rates = parse_rates(options.file.read_text(encoding="utf-8"))
        history = self.history()
        path = history.save(rates, self.now, options.file.name)
        self.show("saved:", path.relative_to(history.folder).as_posix())
        for day in history.prune(self.today(), self.settings.keep_days):
            self.show("removed:", day)
        return 0

    def convert(self, options: argparse.Namespace) -> int:
        money = Money.parse(options.amount, parse_currency(options.source))
        policy = Policy(options.policy) if options.policy else self.settings.policy
        target = parse_currency(options.target)
        result, route = self.rates().convert(money, target, policy, options.carrier)
        self.show(f"{money} = {result} by {route.carrier or 'nobody'}")
        self.show(route)
        return 0

    def quote(self, options: argparse.Namespace) -> int:
        orders, problems = read_orders(options.file, self.settings.delimiter)
        book = self.book()
        offers, refused = self.pricer(book).best_offers(orders)
        quotes = [book.add(offer, self.now) for offer in offers]
        self.show(reports.render_text(quotes, self.now).rstrip())
        for problem in problems:
            self.show(problem)
        for order_id, reason in refused.items():
            self.show(f"{order_id}: {reason}")
        return 1 if problems or refused else 0

    def pricer(self, book: QuoteBook) -> Pricer:
        settings = self.settings
        return Pricer(
            carriers(), atlas(), self.rates(), settings.currency, self.today(), settings.policy,
            settings.bulk, settings.free_shipping, settings.unknown_country,
            load_coupons(settings.coupons), book.coupon_uses(self.now),
        )  # fmt: skip

    def accept(self, options: argparse.Namespace) -> int:
        offer = self.book().accept(options.quote, self.now).offer
        self.show(f"{offer.order_id}: {offer.total} by {offer.carrier}")
        return 0

    def list(self, options: argparse.Namespace) -> int:
        quotes, more = self.book().page(options.after, options.limit)
        self.show(reports.render_text(quotes, self.now).rstrip())
        if more:
            self.show("more: --after", quotes[-1].id)
        return 0

    def report(self, options: argparse.Namespace) -> int:
        settings = self.settings
        quotes, _ = self.book().page(limit=sys.maxsize - 1)
        kind = options.format or settings.report_format
        path = reports.write_report(quotes, settings.reports, kind, self.now, settings.zone)
        self.show(f"{len(quotes)} quotes in {path.name}")
        return 0

    def clean(self, options: argparse.Namespace) -> int:
        orders, problems = read_orders(options.file, self.settings.delimiter)
        write_orders(orders, options.target)
        for problem in problems:
            self.show(problem)
        return 1 if problems else 0


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parcelrate", description=__doc__)
    parser.add_argument("--version", action="version", version=f"parcelrate {__version__}")
    parser.add_argument("--settings", type=Path, help="a TOML file")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("load", help="adds a rate string").add_argument("file", type=Path)
    convert = commands.add_parser("convert")
    for name in ("amount", "source", "target"):
        convert.add_argument(name)
    convert.add_argument("--policy", choices=[policy.value for policy in Policy])
    convert.add_argument("--carrier", action="append")
    commands.add_parser("quote", help="prices a CSV file of orders").add_argument("file", type=Path)
    commands.add_parser("accept").add_argument("quote")
    listing = commands.add_parser("list")
    listing.add_argument("--after", metavar="QUOTE")
    listing.add_argument("--limit", type=int, default=50)
    commands.add_parser("report").add_argument("--format", choices=("text", "csv"))
    clean = commands.add_parser("clean", help="writes the good orders of a file to another")
    clean.add_argument("file", type=Path)
    clean.add_argument("target", type=Path)
    return parser


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def main(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    clock: Callable[[], datetime] = utc_now,
) -> int:
    options = build_parser().parse_args(arguments)
    try:
        desk = Desk(load_settings(options.settings, environ), clock(), out)
        return getattr(desk, options.command)(options)
    except ParcelError as problem:
        print(f"parcelrate: {problem}", file=out)
    except OSError as problem:
        print(f"parcelrate: {Path(problem.filename).name}: {problem.strerror}", file=out)
    return 2


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
