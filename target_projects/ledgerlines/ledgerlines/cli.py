"""The command line. Exit code 0: all is well, 1: something was found, 2: it could not be done."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ledgerlines import __version__
from ledgerlines.dates import Clock, parse_range, utc_now
from ledgerlines.errors import LedgerError
from ledgerlines.fraud import aggregate, suspicious
from ledgerlines.intake import FileState, expired, run_intake
from ledgerlines.kinds import Severity
from ledgerlines.linefiles import read_transactions, summarise
from ledgerlines.money import parse_amount
from ledgerlines.reports import (
    Table,
    findings_table,
    parse_format,
    problems_table,
    render_text,
    sales_table,
    totals_table,
    write_report,
)
from ledgerlines.sales import SalesFilter, aggregate_sales, ranked, read_sales
from ledgerlines.settings import Settings, load_settings
from ledgerlines.validation import Checker, Rules, check_file, read_payments


@dataclass(frozen=True)
class Context:
    settings: Settings
    clock: Clock
    out: TextIO

    def show(self, table: Table, options: argparse.Namespace) -> None:
        print(render_text(table), end="", file=self.out)
        if options.report:
            fmt = parse_format(options.report)
            path = write_report(table, self.settings.report_folder, fmt)
            print(f"written: {path.name}", file=self.out)

    def rules(self) -> Rules:
        settings = self.settings
        today = self.clock().date()
        return Rules(settings.earliest, today, settings.max_description, settings.strict)


def totals(options: argparse.Namespace, context: Context) -> int:
    bad: list[LedgerError] = []
    context.show(totals_table(summarise(read_transactions(options.file, bad.append))), options)
    for error in bad:
        print(f"skipped {error}", file=context.out)
    return 1 if bad else 0


def check(options: argparse.Namespace, context: Context) -> int:
    outcome = check_file(options.file, context.rules(), context.settings.max_problems)
    context.show(problems_table(outcome.problems), options)
    print(f"{outcome.valid} of {outcome.rows} rows are valid", file=context.out)
    if outcome.problem_count > len(outcome.problems):
        print(f"{outcome.problem_count - len(outcome.problems)} more problems", file=context.out)
    return 1 if outcome.errors else 0


def fraud(options: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    checker = Checker(context.rules())
    payments = read_payments(options.file, checker)
    groups = aggregate(payments, settings.base_currency, settings.rates, settings.rounding)
    findings = suspicious(groups, settings.limits, Severity[options.at_least.upper()])
    context.show(findings_table(findings, settings.base_currency), options)
    if checker.problems:
        print(f"{len(checker.problems)} problems in the file", file=context.out)
    return 1 if findings else 0


def sales(options: argparse.Namespace, context: Context) -> int:
    currency = context.settings.base_currency
    wanted = SalesFilter(
        parse_range(options.days),
        options.region,
        options.product,
        parse_amount(options.min_revenue, currency) if options.min_revenue else None,
    )
    by = options.by.split(",")
    groups = aggregate_sales(read_sales(options.file, wanted, currency), by)
    context.show(sales_table(ranked(groups, options.order, options.top), by, currency), options)
    return 0


def intake(options: argparse.Namespace, context: Context) -> int:
    worst = 0
    for filed in run_intake(options.file, options.archive, context.settings, context.clock):
        print(f"{filed.name}: {filed.state.value} ({filed.problems} problems)", file=context.out)
        if filed.state is not FileState.PROCESSED:
            worst = 1
    today = context.clock().date()
    for month in expired(options.archive, context.settings.keep_processed, today):
        print(f"{month}: may be deleted", file=context.out)
    return worst


_COMMANDS: dict[str, Callable[[argparse.Namespace, Context], int]] = {
    "totals": totals,
    "check": check,
    "fraud": fraud,
    "sales": sales,
    "intake": intake,
}


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ledgerlines", description=__doc__)
    parser.add_argument("--version", action="version", version=f"ledgerlines {__version__}")
    parser.add_argument("--settings", type=Path, help="a TOML file")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("totals", "check", "fraud", "sales", "intake"):
        command = commands.add_parser(name)
        command.add_argument("file", type=Path, help="the inbox folder for intake, else a file")
        command.add_argument("--report", metavar="FORMAT", help="also write text, csv or json")
    commands.choices["fraud"].add_argument(
        "--at-least", choices=("watch", "alert", "block"), default="alert"
    )
    commands.choices["intake"].add_argument("--archive", type=Path, default=Path("archive"))
    report = commands.choices["sales"]
    report.add_argument("--days", default="..")
    report.add_argument("--region", action="append", default=[])
    report.add_argument("--product", action="append", default=[])
    report.add_argument("--min-revenue")
    report.add_argument("--by", default="region,product")
    report.add_argument("--order", default="revenue")
    report.add_argument("--top", type=int)
    return parser


def main(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    out: TextIO,
    clock: Clock = utc_now,
) -> int:
    options = build_parser().parse_args(arguments)
    try:
        settings = load_settings(options.settings, environ)
        return _COMMANDS[options.command](options, Context(settings, clock, out))
    except LedgerError as error:
        print(f"ledgerlines: {error}", file=out)
    except UnicodeDecodeError:
        print(f"ledgerlines: {options.file.name}: not UTF-8", file=out)
    except OSError as error:
        print(f"ledgerlines: {Path(error.filename).name}: {error.strerror}", file=out)
    return 2


def run() -> None:
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
