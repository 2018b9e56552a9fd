"""Grades and answers as pages for a terminal, built with rich."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from bugbash.grading.grade import Grade
from bugbash.pages.plain import plain
from bugbash.trials.outcome import TestResult
from bugbash.workspace.attempt import Attempt

_SHOWN = 8
_PATCH_LINES = 40


def show_grade(grade: Grade, console: Console | None = None) -> None:
    """Print the page of one `check`: the verdict, what is left, the diff, the score."""
    console = console or Console(highlight=False)
    parts: list[RenderableType] = [Text(), _headline(grade), Text()]
    parts += _tests(grade)
    parts += _change(grade)
    parts += _rubric(grade)
    parts += _findings(grade)
    parts.append(_next(grade))
    console.print(Padding(Group(*parts), (0, 0, 1, 2), expand=False))


def _headline(grade: Grade) -> Text:
    verdict = grade.verdict
    fixed = sum(bug.solved for bug in verdict.bugs)
    minutes = f"  after {_clock(grade.elapsed_s)}"
    if verdict.solved:
        text = Text("✔ Solved", style="bold green")
    elif len(verdict.bugs) > 1:
        text = Text(f"✘ {fixed} of {len(verdict.bugs)} fixed", style="bold red")
    else:
        text = Text("✘ Not solved", style="bold red")
    return text.append(minutes, style="dim")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _tests(grade: Grade) -> list[RenderableType]:
    verdict = grade.verdict
    wanted, held = verdict.fail_to_pass, verdict.pass_to_pass
    total = len(wanted.passed) + len(wanted.failed) + len(wanted.missing)
    rows: list[RenderableType] = []
    if verdict.problem:
        rows.append(Text(f"! {plain(verdict.problem)}", style="red"))
    style = "green" if wanted.whole else "red"
    rows.append(Text(f"{len(wanted.passed)} of {total} failing tests pass now", style=style))
    if held.whole:
        rows.append(Text(f"{len(held.passed)} other tests still pass", style="green"))
    else:
        broken = len(held.failed) + len(held.missing)
        rows.append(Text(f"{broken} tests that passed before do not any more", style="red"))
    rows += _failures("still fails", wanted.failed, verdict.failures)
    rows += _failures("broke", held.failed, verdict.failures)
    rows += _failures("did not report", (*wanted.missing, *held.missing), {})
    return [*rows, Text()]


def _failures(
    word: str, names: tuple[str, ...], failures: dict[str, TestResult]
) -> list[RenderableType]:
    rows: list[RenderableType] = []
    for name in names[:_SHOWN]:
        rows.append(Text("  ✗ ", style="red").append(plain(name), style="default"))
        message = failures[name].message.strip().splitlines() if name in failures else []
        if message:
            rows.append(Text(f"      {plain(message[0])[:110]}", style="dim"))
    if len(names) > _SHOWN:
        rows.append(Text(f"  ... {word}: {len(names) - _SHOWN} more", style="dim"))
    return rows


def _change(grade: Grade) -> list[RenderableType]:
    difference = grade.difference
    if not difference.files:
        return [Text("You have not changed any code yet.", style="dim"), Text()]
    files = ", ".join(plain(name) for name in difference.files[:_SHOWN])
    head = Text(f"Your change: +{difference.added} −{difference.removed} in {files}")
    if grade.verdict.solved or grade.revealed:
        reference = f"  (reference: +{difference.reference_added} −{difference.reference_removed})"
        head.append(reference, style="dim")
    lines = [
        line for line in difference.patch.splitlines() if not line.startswith(("index ", "diff "))
    ]
    shown = "\n".join(plain(line) for line in lines[:_PATCH_LINES])
    parts: list[RenderableType] = [head, Padding(_patch(shown), (0, 0, 0, 2))]
    if len(lines) > _PATCH_LINES:
        parts.append(Text(f"  ... {len(lines) - _PATCH_LINES} more lines", style="dim"))
    if grade.equivalent == "ast":
        parts.append(Text("The code is what it was before the bug.", style="green"))
    return [*parts, Text()]


def _patch(text: str) -> Syntax:
    return Syntax(text, "diff", theme="ansi_dark", background_color="default", word_wrap=False)


def _rubric(grade: Grade) -> list[RenderableType]:
    if grade.revealed:
        return [Text("The answer was revealed: there is no score.", style="dim")]
    table = Table.grid(padding=(0, 2))
    for dimension in grade.dimensions:
        seen = dimension.observed
        points = f"{dimension.points}/{dimension.max}" if seen else f"–/{dimension.max}"
        table.add_row(
            Text(dimension.name),
            Text(points, justify="right", style="bold" if seen else "dim"),
            Text(plain("; ".join(dimension.evidence)), style="default" if seen else "dim"),
        )
    seen_max = sum(d.max for d in grade.dimensions if d.observed)
    total = f"{grade.score} of {grade.max_score} points"
    note = f"{seen_max} can be observed in this version"
    return [table, Text(), Text(total, style="bold").append(f"  ({note})", style="dim")]


def _findings(grade: Grade) -> list[RenderableType]:
    rows: list[RenderableType] = []
    for finding in grade.clean_up.leftovers[:_SHOWN]:
        rows.append(Text(f"left behind: {plain(finding)}", style="yellow"))
    for name in grade.clean_up.scratch[:_SHOWN]:
        rows.append(Text(f"scratch file: {plain(name)}", style="yellow"))
    for finding in grade.integrity[:_SHOWN]:
        rows.append(Text(f"integrity: {plain(finding)}", style="yellow"))
    return rows


def _next(grade: Grade) -> Text:
    if not grade.verdict.solved:
        return Text("\nNext: run only a failing test, test one idea at a time, check again.")
    if not grade.clean_up.committed:
        return Text("\nNext: commit with a message that says what was wrong and why.")
    return Text("\nNext: `bugbash reveal` shows the reference fix; `bugbash new` the next bug.")


def show_answer(attempt: Attempt, patch: str, console: Console | None = None) -> None:
    """Print the page of `reveal`: where each bug was, why it is one, the fix."""
    console = console or Console(highlight=False)
    parts: list[RenderableType] = [Text()]
    for number, bug in enumerate(attempt.scenario.bugs, 1):
        where = f"{bug.edit.file}:{bug.line}"
        head = Text(f"Bug {number}: {bug.mutator}", style="bold")
        head.append(f"  ({bug.family})", style="dim")
        inside = f" in {bug.function}" if bug.function else ""
        parts += [head, Text(f"{where}{inside}", style="cyan"), Text(bug.explanation), Text()]
    parts += [Text("The fix:", style="bold"), Padding(_patch(patch), (0, 0, 0, 2)), Text()]
    parts.append(Text("Apply it with: bugbash reveal --patch | git apply", style="dim"))
    console.print(Padding(Group(*parts), (0, 0, 1, 2), expand=False))
