"""The result of a scan as one HTML file: no script, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bugbash import __version__
from bugbash.pages import scan_summary as summary
from bugbash.pages.html import environment
from bugbash.pages.scan_summary import FileRow, ScanReport
from bugbash.pages.source_heat import SourceFile, source_file
from bugbash.serving.levels import LEVELS
from bugbash.trials.outcome import OUTCOMES
from bugbash.trials.reach import Reach
from bugbash.words import counted

MOST_LINES = 40_000
"""Lines of source on a page; beyond them, files are shown by their survivors alone."""


@dataclass(frozen=True)
class Segment:
    """A piece of a bar; `start` and `length` in per cent of its full length."""

    name: str
    count: int
    start: float
    length: float


def scan_page(report: ScanReport) -> str:
    """The whole page."""
    survey = report.survey
    rows = summary.by_mutator(survey)
    families = summary.by_family(survey)
    most = max((row.bugs for row in families), default=0)
    return environment().get_template("scan.html").render(
        report=report,
        survey=survey,
        version=__version__,
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        total=summary.in_all(survey),
        mutators=rows,
        outcomes=[name for name in OUTCOMES if any(row.counts[name] for row in rows)],
        families=families,
        levels=LEVELS,
        most_bugs=most,
        files=list(_files(summary.by_file(survey), report)),
        idle=survey.idle_tests if report.whole else (),
        segments=segments,
        counted=counted,
        summary=summary,
    )  # fmt: skip


def segments(counts: Mapping[str, int], full: int = 0) -> tuple[Segment, ...]:
    """The pieces of a bar that is as long as `full` (the sum, where it is 0)."""
    full = full or sum(counts.values()) or 1
    found = []
    start = 0.0
    for name, count in counts.items():
        length = 100 * count / full
        if count:
            found.append(Segment(name, count, round(start, 3), round(length, 3)))
        start += length
    return tuple(found)


def _files(rows: Sequence[FileRow], report: ScanReport) -> Iterable[SourceFile]:
    tree = report.survey.target.tree
    reach: Reach = report.survey.reach
    lines = 0
    for row in rows:
        file = source_file(row, (tree / row.name).read_bytes(), reach)
        lines += len(file.lines)
        yield file if lines <= MOST_LINES else file.in_short()
