"""Grades and answers as pages for a terminal, built with rich."""

from __future__ import annotations

import shlex

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from bugbash.grading.grade import Grade
from bugbash.grading.places import bug_places
from bugbash.grading.standing import LEFT_OUT
from bugbash.plain import plain
from bugbash.trials.outcome import TestResult
from bugbash.words import counted, made_by
from bugbash.workspace.attempt import Attempt, target_of

_SHOWN = 8
_PATCH_LINES = 40
_PIPED_WIDTH = 200
_IN_EVIDENCE = 3
"""So many leftovers stand in the evidence already."""
_TAMPERED = 4
_MESSAGE = 110
"""Letters of a failure's first line."""


def show_grade(grade: Grade, console: Console | None = None) -> None:
    """Print the page of one `check`: the verdict, what is left, the diff, the score."""
    console = console or wide_console()
    parts: list[RenderableType] = [Text(), _headline(grade), *_warning(grade), Text()]
    parts += _tests(grade)
    parts += _change(grade)
    parts += _rubric(grade)
    parts += _findings(grade)
    parts += _debrief(grade)
    parts.append(_next(grade))
    show_parts(parts, console)


def show_parts(parts: list[RenderableType], console: Console) -> None:
    """Print a page, set in from the edge; lines that go to a file or pipe end where they end."""
    page = Padding(Group(*parts), (0, 0, 1, 2), expand=False)
    if console.is_terminal:
        console.print(page)
        return
    with console.capture() as captured:
        console.print(page)
    lines = (line.rstrip() for line in captured.get().splitlines())
    console.file.write("\n".join(lines) + "\n")


def wide_console() -> Console:
    """The terminal; or, where the output goes elsewhere, lines that are not cut at 80."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPED_WIDTH)


def _warning(grade: Grade) -> list[RenderableType]:
    """A line at the top where tests were changed instead of code."""
    if grade.exit_code != _TAMPERED:
        return []
    text = "Tests, or what pytest reads, were changed. That does not count: see `integrity` below."
    return [Text(text, style="yellow")]


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
    rows: list[RenderableType] = []
    if verdict.problem:
        hides = verdict.hung in grade.withheld
        told = verdict.problem.replace(verdict.hung, "a hidden test") if hides else verdict.problem
        rows.append(Text(f"! {plain(told)}", style="red"))
    rows += _wanted(grade)
    lost = len(held.failed) + (0 if verdict.hung else len(held.missing))
    if held.whole:
        verb = "passes" if len(held.passed) == 1 else "pass"
        told = f"{counted(len(held.passed), 'other test')} still {verb}"
        rows.append(Text(told, style="green"))
    elif lost:
        verb = "does" if lost == 1 else "do"
        told = f"{counted(lost, 'test')} that passed before {verb} not any more"
        rows.append(Text(told, style="red"))
    if grade.differential.still_broken:
        rows += _still_broken(grade.differential.still_broken)
    hidden = grade.withheld
    named = {n: result for n, result in verdict.failures.items() if n not in hidden}
    kind_only = grade.details == "actual-only"
    rows += _failures("broke", _without(held.failed, hidden), named, kind_only)
    rows += _failures("still fails", _without(wanted.failed, hidden), named, kind_only)
    missing = () if verdict.hung else (*wanted.missing, *held.missing)
    rows += _failures("did not report", _without(missing, hidden), {})
    return [*rows, Text()]


def _wanted(grade: Grade) -> list[RenderableType]:
    """How many of the failing tests pass, and of the hidden ones."""
    standing = grade.standing
    if standing.only_hidden:
        left = f"{standing.left[0].upper()}{standing.left[1:]}"
        return [Text(f"The tests that you have pass. {left}.", style="red")]
    if grade.verdict.solved and standing.total:
        return [Text(standing.told, style="green")]
    counts = (
        ("failing", standing.passed, standing.total),
        ("hidden", standing.hidden_passed, standing.hidden),
    )
    return [
        Text(
            f"{passed} of {total} {word} tests pass now", style="red" if passed < total else "green"
        )
        for word, passed, total in counts
        if total
    ]


def _still_broken(cases: tuple[str, ...]) -> list[RenderableType]:
    """What a fix for the tests' own inputs alone is told."""
    told = "The tests pass, and the symptom is still there for inputs that they do not have:"
    rows: list[RenderableType] = [Text(told, style="red")]
    rows += [Text(f"  ✗ {plain(case)}") for case in cases[:_SHOWN]]
    if len(cases) > _SHOWN:
        rows.append(Text(f"  ... {len(cases) - _SHOWN} more", style="dim"))
    return rows


def _without(names: tuple[str, ...], hidden: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in hidden)


def _failures(
    word: str, names: tuple[str, ...], failures: dict[str, TestResult], kind_only: bool = False
) -> list[RenderableType]:
    rows: list[RenderableType] = []
    for name in names[:_SHOWN]:
        row = Text("  ✗ ", style="red").append(plain(name), style="default")
        rows.append(row.append(f"  ({word})", style="dim"))
        message = failures[name].message.strip().splitlines() if name in failures else []
        message = [message[0].partition(":")[0]] if message and kind_only else message
        if message:
            rows.append(Text(f"      {_cut(plain(message[0]))}", style="dim"))
    if len(names) > _SHOWN:
        rows.append(Text(f"  ... {len(names) - _SHOWN} more ({word})", style="dim"))
    return rows


def _cut(text: str) -> str:
    return text if len(text) <= _MESSAGE else f"{text[: _MESSAGE - 3].rstrip()}..."


def _change(grade: Grade) -> list[RenderableType]:
    difference = grade.difference
    if not difference.files:
        unchanged = Text("You have not changed the code yet (tests aside).", style="dim")
        return [unchanged, *_scratch(grade), Text()]
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
    parts += _scratch(grade)
    if grade.equivalent == "ast":
        parts.append(Text("The code is the same as without the bug.", style="green"))
    elif grade.verdict.solved:
        told = "Written differently from the original, which counts as much; `bugbash reveal` "
        parts.append(Text(f"{told}shows that one.", style="green"))
    return [*parts, Text()]


def _scratch(grade: Grade) -> list[RenderableType]:
    """The files that belong to nobody, by name alone."""
    names = [plain(name) for name in grade.difference.scratch[:_SHOWN]]
    more = len(grade.difference.scratch) - len(names)
    told = f"Not code, and left out here: {', '.join(names)}{f' and {more} more' if more else ''}"
    return [Text(told, style="yellow")] if names else []


def _patch(text: str) -> Syntax:
    return Syntax(text, "diff", theme="ansi_dark", background_color="default", word_wrap=False)


def _rubric(grade: Grade) -> list[RenderableType]:
    if grade.revealed:
        return [Text("The answer was revealed: there is no score.", style="dim")]
    table = Table.grid(padding=(0, 2))
    advised = ""
    for dimension in grade.dimensions:
        seen = dimension.observed
        points = f"{dimension.points}/{dimension.max}" if seen else f"–/{dimension.max}"
        told = Text(plain("; ".join(dimension.evidence)), style="default" if seen else "dim")
        if dimension.advice and dimension.advice != advised:
            told.append(f"\n→ {plain(dimension.advice)}", style="cyan")
        advised = dimension.advice
        style = "bold" if seen else "dim"
        table.add_row(Text(dimension.name), Text(points, justify="right", style=style), told)
    if grade.price:
        taken = counted(grade.hints, "hint")
        table.add_row(Text("hints"), Text(f"−{grade.price}", justify="right"), Text(taken))
    if grade.seen_max < grade.max_score:
        total = f"{grade.score} of {grade.seen_max} points that could be seen"
        unseen = f"  ({grade.max_score} with the method)"
        return [table, Text(), Text(total, style="bold").append(unseen, style="dim")]
    return [table, Text(), Text(f"{grade.score} of {grade.max_score} points", style="bold")]


def _findings(grade: Grade) -> list[RenderableType]:
    rows: list[RenderableType] = []
    left = [*grade.clean_up.leftovers, *(f"scratch file {n}" for n in grade.clean_up.scratch)]
    for finding in left[_IN_EVIDENCE : _IN_EVIDENCE + _SHOWN]:
        rows.append(Text(f"left behind: {plain(finding)}", style="yellow"))
    for name in grade.uncounted[:_SHOWN]:
        rows.append(Text(f"not counted: {plain(name)} is not to be changed here", style="yellow"))
    for finding in grade.integrity[:_SHOWN]:
        rows.append(Text(f"integrity: {plain(finding)}", style="yellow"))
    return rows


def _debrief(grade: Grade) -> list[RenderableType]:
    if not grade.debrief:
        return []
    return [Text("\nDebrief", style="bold"), *(Text(plain(line)) for line in grade.debrief)]


def _next(grade: Grade) -> Text:
    if grade.blind and grade.withheld:
        return Text("\nNext: a test of your own that fails as the report says, then the fix.")
    if grade.differential.still_broken:
        return Text("\nNext: look for the cause; another input fails as the report says.")
    if grade.standing.only_hidden:
        return Text(f"\nNext: {LEFT_OUT}.")
    broke = _without(grade.verdict.pass_to_pass.failed, grade.withheld)
    if broke and grade.verdict.fail_to_pass.whole:
        run = f"`bugbash test {shlex.quote(plain(broke[0]))}`"
        return Text(f"\nNext: run {run}: it passed before your change and says what that broke.")
    if not grade.verdict.solved:
        return Text("\nNext: run only a failing test, test one idea at a time, check again.")
    found = grade.clean_up
    if found.leftovers or found.scratch:
        what = plain(next(iter([*found.leftovers, *found.scratch]))).partition(": ")[0]
        return Text(f"\nNext: remove what is left behind ({what}), run the suite, then commit.")
    if not found.committed:
        return Text("\nNext: commit with a message that says what was wrong and why.")
    if not found.explained:
        told = "amend the commit's message (`git commit --amend`): what was wrong, and why?"
        return Text(f"\nNext: {told}")
    return Text("\nNext: `bugbash reveal` shows the reference fix; `bugbash new` the next bug.")


def show_answer(
    attempt: Attempt, patch: str, applies: bool = True, console: Console | None = None
) -> None:
    """Print the page of `reveal`: where each bug was, why it is one, the fix.

    `applies`: whether the broken files are as they were served.
    """
    console = console or wide_console()
    scenario = attempt.scenario
    target = target_of(scenario)
    parts: list[RenderableType] = [Text()]
    for number, bug in enumerate(scenario.bugs, 1):
        head = Text(f"Bug {number}: {made_by(bug.mutator)}", style="bold")
        head.append(f"  ({bug.family})", style="dim")
        places = (Text(one.told, style="cyan") for one in bug_places(bug, scenario, target))
        parts += [head, *places, Text(bug.explanation), Text()]
    parts += [Text("The fix:", style="bold"), Padding(_patch(patch), (0, 0, 0, 2)), Text()]
    if applies:
        parts.append(Text("Apply it with: bugbash reveal --patch | git apply", style="dim"))
    show_parts(parts, console)
