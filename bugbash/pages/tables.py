"""The result of a scan as tables for a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from bugbash.pages.scan_summary import (
    RARE,
    FileRow,
    MutatorRow,
    ScanReport,
    answers,
    audit_line,
    by_family,
    by_file,
    by_mutator,
    in_all,
    rate_line,
    why_few_servable,
    why_no_idle_tests,
)
from bugbash.plain import plain
from bugbash.serving.levels import LEVELS
from bugbash.words import counted, ranges

_IDLE = 15
_FILES = 25
_RANGES = 12
_BAR = 10
_PIPED_WIDTH = 200


def show_scan(report: ScanReport, console: Console | None = None) -> None:
    """Print everything that a scan found out."""
    console = console or _console()
    for part in _parts(report, console):
        console.print(part, soft_wrap=isinstance(part, Text) and not console.is_terminal)
    for words, purpose in report.next_steps:  # never broken: they are there to be copied
        line = Text(f"  {plain(words)}").append(f"  # {purpose}", style="dim")
        console.print(line, soft_wrap=True)


def _console() -> Console:
    """Stdout; names from strangers' code are never read as markup."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and not os.environ.get("COLUMNS", "").isdecimal():
        console.width = _PIPED_WIDTH
    return console


def _parts(report: ScanReport, console: Console) -> Iterator[RenderableType]:
    survey = report.survey
    yield _head(report)
    if not survey.findings:
        yield Text("No mutator finds a place in it: try others (bugbash mutators).")
        return
    yield _mutators(report, console)
    yield from _servable(report)
    yield from _files(report, console)
    yield from _idle(report)
    yield from _audit(report)
    yield Text()
    yield Text(rate_line(report))
    if report.why_slow:
        yield Text(plain(report.why_slow), style="dim")
    if report.next_steps:
        yield _title("Next")


def _head(report: ScanReport) -> Text:
    target, baseline = report.survey.target, report.survey.baseline
    left_out = len(baseline.left_out) + len(baseline.ignored_files)
    text = Text(plain(target.argument), style="bold")
    text.append(f"  {counted(len(baseline.passing), 'test')}, {left_out} left out", style="dim")
    return text.append(f"; {report.part}" if report.part else "", style="dim")


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _table(*columns: Column | str) -> Table:
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)


def _mutators(report: ScanReport, console: Console) -> Table:
    """Mutators by outcome; the outcomes share a column where the terminal is narrow."""
    rows = (*by_mutator(report.survey), in_all(report.survey))
    rare = [name for name in RARE if rows[-1].counts[name]]
    wide = _in_columns(rows, ["killed", "survived", *rare])
    needed = Measurement.get(console, console.options.update(max_width=1000), wide)
    return wide if needed.maximum <= console.width else _in_words(rows, console.width)


def _in_columns(rows: Sequence[MutatorRow], outcomes: list[str]) -> Table:
    numbers = [Column(name, justify="right") for name in ("mutants", *outcomes, "servable")]
    table = _table("mutator", *numbers)
    for row in rows:
        counts = (row.mutants, *(row.counts[name] for name in outcomes), row.servable)
        _add(table, row, rows, *(str(count or "") for count in counts))
    return table


def _in_words(rows: Sequence[MutatorRow], width: int) -> Table:
    longest = max(len(row.name) for row in rows)
    table = _table(
        Column("mutator", overflow="fold", min_width=min(longest, width // 2)),
        Column("mutants", justify="right", no_wrap=True),
        Column("servable", justify="right", no_wrap=True),
        Column("outcomes", overflow="fold"),
    )
    for row in rows:
        words = ", ".join(f"{count} {name}" for name, count in row.counts.items() if count)
        _add(table, row, rows, str(row.mutants), str(row.servable or ""), words)
    return table


def _add(table: Table, row: MutatorRow, rows: Sequence[MutatorRow], *cells: str) -> None:
    """Add a row; the last is the sum, and stands apart."""
    last = row is rows[-1]
    if last:
        table.add_section()
    table.add_row(plain(row.name), *cells, style="bold" if last else "")


def _servable(report: ScanReport) -> Iterator[RenderableType]:
    yield _title("Servable bugs by family and difficulty")
    rows = [row for row in by_family(report.survey) if row.bugs]
    if rows:
        table = _table("family", *(Column(word, justify="right") for word in (*LEVELS, "all")))
        for row in rows:
            table.add_row(row.name, *(str(row.counts[w] or "") for w in LEVELS), str(row.bugs))
        sums = [sum(row.counts[word] for row in rows) for word in LEVELS]
        table.add_section()
        table.add_row("all", *map(str, [*sums, sum(sums)]), style="bold")
        yield table
        note = "1 to 10 tests break and nothing else changes; `new` proves each before serving it."
        yield Text(note, style="dim")
    elif report.until != "first":
        yield Text("None: no mutant breaks 1 to 10 tests and changes nothing else.")
    if why_few_servable(report):
        yield Text(why_few_servable(report), style="dim")


def _files(report: ScanReport, console: Console) -> Iterator[RenderableType]:
    yield _title("Files, those with the most survivors first")
    rows = by_file(report.survey)
    full, empty = ("#", ".") if console.options.ascii_only else ("█", "░")
    table = _table(
        Column("file", overflow="fold", ratio=3),
        Column("mutants", justify="right", no_wrap=True),
        Column("killed", no_wrap=True),
        Column("survived in lines", overflow="fold", ratio=2),
    )
    table.expand = _is_tight(rows, console.width)
    for row in rows[:_FILES]:
        table.add_row(
            plain(row.name), str(len(row.findings)), _share(row, full, empty), _survived(row)
        )
    yield table
    if len(rows) > _FILES:
        yield Text(f"... and {len(rows) - _FILES} more files.", style="dim")
    note = "Killed: timed out and died count too; invalid and error count neither way."
    yield Text(note, style="dim")


def _is_tight(rows: tuple[FileRow, ...], width: int) -> bool:
    """Whether names and lines don't fit beside each other as they are."""
    return max(len(row.name) + len(_survived(row)) for row in rows) > width - 32


def _share(row: FileRow, full: str, empty: str) -> Text:
    if row.share is None:
        return Text("")
    cells = min(_BAR, int(row.share * _BAR + 0.5))
    if row.share < 1:
        cells = min(cells, _BAR - 1)  # a full bar says that nothing survived
    bar = Text(full * cells, style="green").append(empty * (_BAR - cells), style="red")
    return bar.append(f" {int(100 * row.share):3} %", style="default")


def _survived(row: FileRow) -> str:
    places = ranges(one.mutant.line for one in row.survivors)
    more = f" and {len(places) - _RANGES} more" if len(places) > _RANGES else ""
    return ", ".join(places[:_RANGES]) + more


def _idle(report: ScanReport) -> Iterator[RenderableType]:
    yield _title("Tests that never killed anything")
    why_not = why_no_idle_tests(report)
    if why_not:
        yield Text(why_not, style="dim")
        return
    idle = report.survey.idle_tests
    if not idle:
        yield Text("None: every test kills some mutant.")
    for name in idle[:_IDLE]:
        yield Text(f"  {plain(name)}")
    if len(idle) > _IDLE:
        yield Text(f"  ... and {len(idle) - _IDLE} more", style="dim")


def _audit(report: ScanReport) -> Iterator[RenderableType]:
    yield _title("Audit")
    made = report.survey.audit
    wrong = made is not None and made.differ
    yield Text(audit_line(report.survey), style="yellow" if wrong else "")
    for one in made.differ if made else ():
        mutant = one.mutant
        yield Text(f"  {plain(mutant.edit.file)}:{mutant.line} {plain(mutant.mutator)}")
        for said in answers(one):
            yield Text(f"    {plain(said)}")
    if wrong:
        yield Text("The cold answer counts, here and from now on.", style="dim")
