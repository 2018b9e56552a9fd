"""Tables, and the files that they are written to."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ledgerlines.errors import LedgerError
from ledgerlines.fraud import Finding
from ledgerlines.linefiles import Totals
from ledgerlines.money import format_amount, percent_of
from ledgerlines.sales import Metrics
from ledgerlines.validation import Problem

Cell = str | int


class ReportFormat(Enum):
    """Values are the suffixes of the files."""

    TEXT = "txt"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def parse_format(text: str) -> ReportFormat:
    match text.strip().lower().removeprefix("."):
        case "text" | "txt":
            return ReportFormat.TEXT
        case "csv":
            return ReportFormat.CSV
        case "json":
            return ReportFormat.JSON
        case _:
            raise LedgerError(f"unknown report format: {text!r}")


def slug(title: str) -> str:
    """A file name for a title: "Sales, EU/Köln" becomes "sales-eu-köln"."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-") or "report"


def render_text(table: Table) -> str:
    """Columns as wide as their widest cell; numbers and amounts to the right."""
    cells = [[str(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(table.columns))]
    lines = [table.title, "=" * len(table.title)]
    for row in cells:
        padded = [_pad(cell, width) for cell, width in zip(row, widths)]
        lines.append("  ".join(padded).rstrip())
    if not table.rows:
        lines.append("(nothing to report)")
    return "\n".join(lines) + "\n"


def _pad(cell: str, width: int) -> str:
    if re.fullmatch(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?", cell):
        return cell.rjust(width)
    return cell.ljust(width)


def render_csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return out.getvalue()


def render_json(table: Table) -> str:
    rows = [dict(zip(table.columns, row)) for row in table.rows]
    return json.dumps({"title": table.title, "rows": rows}, indent=2, ensure_ascii=False) + "\n"


_RENDERERS: dict[ReportFormat, Callable[[Table], str]] = {
    ReportFormat.TEXT: render_text,
    ReportFormat.CSV: render_csv,
    ReportFormat.JSON: render_json,
}


def render(table: Table, fmt: ReportFormat) -> str:
    return _RENDERERS[fmt](table)


def write_report(table: Table, folder: Path, fmt: ReportFormat) -> Path:
    """Writes one report, named after its title, and returns its path. An older one is replaced."""
    path = folder / f"{slug(table.title)}.{fmt.value}"
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(render(table, fmt))
    return path


def totals_table(totals: Totals) -> Table:
    largest = totals.largest
    rows: list[tuple[Cell, ...]] = [
        ("transactions", totals.count),
        ("amount", format_amount(totals.amount)),
        ("fees", format_amount(totals.fees)),
        ("fee share", percent_of(totals.fees, totals.amount)),
        ("net", format_amount(totals.net)),
        ("largest", f"#{largest.id}" if largest else "-"),
    ]
    return Table("Transaction totals", ("figure", "value"), tuple(rows))


def problems_table(problems: Sequence[Problem]) -> Table:
    rows = tuple((item.line, item.column, item.code.value, item.detail) for item in problems)
    return Table("Problems", ("line", "column", "code", "detail"), rows)


def findings_table(findings: Sequence[Finding], currency: str) -> Table:
    rows = tuple(
        (
            item.day.isoformat(),
            item.kind.value,
            item.group.count,
            format_amount(item.group.total, currency),
            percent_of(item.group.total, item.limit),
            item.severity.name.lower(),
            item.team,
            item.action,
        )
        for item in findings
    )
    total = f"total {currency}"
    columns = ("date", "type", "count", total, "of limit", "severity", "team", "action")
    return Table("Suspicious groups", columns, rows)


def sales_table(
    ranking: Sequence[tuple[tuple[str, ...], Metrics]], by: Sequence[str], currency: str
) -> Table:
    whole = sum(metrics.revenue for _, metrics in ranking)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *labels,
            metrics.orders,
            metrics.units,
            format_amount(metrics.revenue, currency),
            percent_of(metrics.revenue, whole),
        )
        for labels, metrics in ranking
    )
    return Table("Sales by " + ", ".join(by), (*by, "orders", "units", "revenue", "share"), rows)
