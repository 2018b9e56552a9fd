"""The command line. Exit code 0: all is well, 1: something was refused, 2: it could not be done."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from parcelrate import __version__, reports
from parcelrate.carriers import carriers
from parcelrate.conversion import Policy, RateTable
from parcelrate.discounts import load_coupons
from parcelrate.errors import ParcelError
from parcelrate.history import RateHistory
from parcelrate.money import Money, parse_currency
from parcelrate.orders import Order, read_orders, write_orders
from parcelrate.quotebook import QuoteBook, connect
from parcelrate.quotes import Pricer
from parcelrate.ratestrings import parse_rates
from parcelrate.regions import atlas
from parcelrate.settings import Settings, load_settings


class Desk:
    """The commands; each prints what it did and gives the exit code."""

    def __init__(self, settings: Settings, now: datetime, out: TextIO, stack: ExitStack) -> None:
        self.settings = settings
        self.now = now
        self.out = out
        self.stack = stack

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
        db = self.stack.enter_context(closing(connect(self.settings.database)))
        return QuoteBook(db, self.settings.valid_for, self.settings.zone)

    def load(self, options: argparse.Namespace) -> int:
        rates = parse_rates(options.file.read_text(encoding="utf-8-sig"))
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

    def read(self, file: Path) -> tuple[list[Order], bool]:
        """The good orders of a file, and whether there were others, which are shown."""
        orders, problems = read_orders(file, self.settings.delimiter)
        for problem in problems:
            self.show(problem)
        return orders, bool(problems)

    def quote(self, options: argparse.Namespace) -> int:
        settings, book = self.settings, self.book()
        orders, faulty = self.read(options.file)
        pricer = Pricer(
            carriers(), atlas(), self.rates(), settings.currency, self.today(), settings.policy,
            settings.bulk, settings.free_shipping, settings.unknown_country,
            load_coupons(settings.coupons), book.coupon_uses(self.now),
        )  # fmt: skip
        offers, refused = pricer.best_offers(orders)
        quotes = [book.add(offer, self.now) for offer in offers]
        self.out.write(reports.render_text(quotes, self.now))
        for order_id, reason in refused.items():
            self.show(f"{order_id}: {reason}")
        return 1 if faulty or refused else 0

    def accept(self, options: argparse.Namespace) -> int:
        offer = self.book().accept(options.quote, self.now).offer
        self.show(f"{offer.order_id}: {offer.total} by {offer.carrier}")
        return 0

    def quotes(self, options: argparse.Namespace) -> int:
        quotes, more = self.book().page(self.settings.page_size, options.after)
        self.out.write(reports.render_text(quotes, self.now))
        if more:
            self.show("more: --after", quotes[-1].id)
        if options.save:
            folder, zone = self.settings.reports, self.settings.zone
            self.show("saved:", reports.write_report(quotes, folder, self.now, zone).name)
        return 0

    def clean(self, options: argparse.Namespace) -> int:
        orders, faulty = self.read(options.file)
        write_orders(orders, options.target)
        return 1 if faulty else 0


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parcelrate", description=__doc__)
    parser.add_argument("--version", action="version", version=f"parcelrate {__version__}")
    parser.add_argument("--settings", type=Path, help="a TOML file")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("load", "quote", "clean"):
        commands.add_parser(name).add_argument("file", type=Path)
    commands.choices["clean"].add_argument("target", type=Path)
    convert = commands.add_parser("convert")
    for name in ("amount", "source", "target"):
        convert.add_argument(name)
    convert.add_argument("--policy", choices=[policy.value for policy in Policy])
    convert.add_argument("--carrier", action="append")
    commands.add_parser("accept").add_argument("quote")
    listing = commands.add_parser("quotes")
    listing.add_argument("--after", metavar="QUOTE")
    listing.add_argument("--save", action="store_true", help="also write a report")
    return parser


def main(arguments: Sequence[str], environ: Mapping[str, str], out: TextIO, now: datetime) -> int:
    options = build_parser().parse_args(arguments)
    try:
        with ExitStack() as stack:
            desk = Desk(load_settings(options.settings, environ), now, out, stack)
            code: int = getattr(desk, options.command)(options)
            return code
    except ParcelError as problem:
        print(f"parcelrate: {problem}", file=out)
    except UnicodeDecodeError:
        print("parcelrate: a file is not UTF-8", file=out)
    except OSError as problem:
        print(f"parcelrate: {Path(problem.filename).name}: {problem.strerror}", file=out)
    return 2


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout, datetime.now(UTC)))
