"""Summaries as tables for a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from bugbash.serving.survey import Survey
from bugbash.trials.outcome import OUTCOMES


def show_scan(survey: Survey) -> None:
    """Mutators by outcome."""
    console = Console(highlight=False)
    target, baseline = survey.target, survey.baseline
    counts: dict[str, Counter[str]] = {}
    for finding in survey.findings:
        counts.setdefault(finding.mutant.mutator, Counter())[finding.trial.outcome] += 1
    left_out = len(baseline.left_out) + len(baseline.ignored_files)
    table = Table(title=f"{target.argument}: {len(baseline.passing)} tests, {left_out} left out")
    table.add_column("mutator")
    for outcome in ("mutants", *OUTCOMES):
        table.add_column(outcome, justify="right")
    total: Counter[str] = Counter()
    for name in sorted(counts):
        total.update(counts[name])
        table.add_row(name, *_cells(counts[name]))
    table.add_section()
    table.add_row("all", *_cells(total))
    console.print(table)


def _cells(count: Counter[str]) -> list[str]:
    return [str(sum(count.values())), *(str(count[outcome] or "") for outcome in OUTCOMES)]
