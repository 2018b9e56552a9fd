"""The failure report of a real bug, as a user of the library would file it.

Nothing of the fix's message is in it: the failing tests say what goes wrong, and whatever the
report quotes came from running its script over the clean and the broken code.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bugbash.serving.blind_report import WITH_SCRIPT, truthful
from bugbash.serving.ci_ticket import from_ci
from bugbash.serving.difference import Output
from bugbash.serving.leak_lint import leaks
from bugbash.serving.real_names import NoSteps
from bugbash.serving.real_scripts import Answer, Stage
from bugbash.serving.real_steps import TestSource
from bugbash.serving.scenario import Bug
from bugbash.serving.symptom import excerpts, symptom
from bugbash.serving.ticket import Section, Setting, Ticket
from bugbash.targets.spec import Target
from bugbash.trials.outcome import TestResult

INTRODUCTION = "Saved as `steps.py` and run with the Python of the project's `.venv`:"
_CI_FORMS = ((2, True), (2, False), (1, True), (1, False), (0, False))
_TRIED = 4
"""Failing tests that are looked at for a script."""
_LONGEST_TITLE = 110
_LONGEST_SCRIPT = 1800
_SHORT = 50
_WRAPPERS = frozenset({"str", "repr", "list", "dict", "len", "next", "tuple", "sorted"})
_OF_VALUES = frozenset({*dir(str), *dir(bytes), *dir(list), *dir(dict), *dir(set)})


@dataclass(frozen=True)
class Shown:
    """A script that goes wrong on the broken code, and what it shows."""

    steps: str
    expected: Output
    actual: Output
    subject: str
    """What the script prints, in a word; "" where there is none."""
    other: str
    """Arguments of the same test with which all is well, as they are written; or nothing."""

    @property
    def length(self) -> int:
        return len(self.steps) + len(self.expected.text) + len(self.actual.text)


def shown_of(target: Target, tests: Sequence[str], stage: Stage) -> list[Shown]:
    """Scripts that show the bug, the best first; each was run on both codes as it stands."""
    sources = list(_sources(target, tests))
    watched = [source.watched() for source in sources]
    drafts: list[tuple[TestSource, str, str]] = []
    for source, (clean, broken) in zip(
        sources, stage.run(watched) if watched else (), strict=False
    ):
        drafts += [(source, text, subject) for text, subject in _drafts(source, clean, broken)]
    texts = [text for _, text, _ in drafts]
    found = []
    for (source, text, subject), pair in zip(
        drafts, stage.run(texts) if texts else (), strict=False
    ):
        expected, actual = map(_output, pair)
        if expected.text != actual.text and _is_fit(text, expected, actual):
            found.append(Shown(text, expected, actual, subject, _other(source, tests)))
    return sorted(found, key=lambda one: (one.expected.fails, one.length))


def _sources(target: Target, tests: Sequence[str]) -> Iterator[TestSource]:
    """The failing tests of which a script can be made: of each function one, while there are."""
    functions = {test.partition("[")[0] for test in tests}
    firsts = [next(t for t in tests if t.partition("[")[0] == name) for name in sorted(functions)]
    for test in [*firsts, *(test for test in tests if test not in firsts)][:_TRIED]:
        try:
            source = TestSource(target.tree, test)
            source.watched()
        except NoSteps:
            continue
        yield source


def _drafts(source: TestSource, clean: Answer, broken: Answer) -> Iterator[tuple[str, str]]:
    """Scripts up to the first look that the broken code answers otherwise, with their subjects."""
    if clean["error"]:
        return
    for look in source.looks:
        right, wrong = (side["values"].get(str(look.number)) for side in (clean, broken))
        if right == wrong:
            continue
        for choice, expression in enumerate(look.shown):
            if _values(right, choice) == _values(wrong, choice):
                continue
            try:
                text = source.shortened(look.number, choice)
            except NoSteps:
                return
            yield text, _subject(expression)
            if not _differs_plainly(right, wrong, choice):
                yield _with_repr(text), _subject(expression)
            return
        return


def _values(side: list[object] | None, choice: int) -> object:
    """What one expression of a look was, each time; an error stands for itself."""
    return [one[choice] if isinstance(one, list) else one for one in side or ()]


def _differs_plainly(right: object, wrong: object, choice: int) -> bool:
    """Whether `print` alone shows the difference."""

    def plain(side: object) -> list[object]:
        each = side if isinstance(side, list) else []
        return [one[choice][0] if isinstance(one, list) else one for one in each]

    return plain(right) != plain(wrong)


def _with_repr(text: str) -> str:
    """The script, printing what Python would show of a value."""
    return re.sub(r"^(\s*)print\((.*)\)$", r"\1print(repr(\2))", text, flags=re.MULTILINE)


def _subject(expression: ast.expr) -> str:
    """The last name of what is printed, in words; a method of a text or a list says nothing."""
    node = expression
    while isinstance(node, ast.Call | ast.Subscript | ast.Await | ast.Attribute):
        if isinstance(node, ast.Attribute):
            if node.attr not in _OF_VALUES:
                return node.attr
            node = node.value
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _WRAPPERS and node.args:
            node = node.args[0]
            continue
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _output(answer: Answer) -> Output:
    error = answer["error"] or ["", ""]
    return Output(answer["printed"].rstrip("\n"), error[0], error[1])


def _is_fit(text: str, clean: Output, broken: Output) -> bool:
    """Whether a report can quote it: it says something, and no address of this run."""
    if len(text) > _LONGEST_SCRIPT or not clean.text.strip():
        return False
    return not any("0x..." in side.text and side.text.count("\n") < 1 for side in (clean, broken))


def _other(source: TestSource, tests: Sequence[str]) -> str:
    """A set of arguments of the same function with which nothing fails."""
    failing = {test.partition("[")[2].removesuffix("]") for test in tests}
    for one in source.sets:
        told = ", ".join(f"{name}={ast.unparse(value)}" for name, value in one.values.items())
        if one.ids and not one.ids & failing and len(told) <= _SHORT and "\n" not in told:
            return told
    return ""


@dataclass(frozen=True)
class Facts:
    """What a report says beside the symptom; every word of it is true."""

    setting: Setting
    described: str
    """What `git describe` says of the code, or nothing."""
    beside: str
    """Dependencies as they are installed: "urllib3 1.26.18, idna 2.10"."""
    functions: tuple[str, ...] = ()
    """Every function that the fix changes: none of them may be told."""


def report(
    shown: Sequence[Shown], failures: Mapping[str, TestResult], bug: Bug, facts: Facts
) -> Ticket | None:
    """A ticket that gives nothing away, the most telling form; None where every form does."""
    lint = [replace(bug, function=name) for name in facts.functions] or [bug]
    for ticket in _forms(shown, failures, facts):
        if not leaks(ticket, lint):
            return ticket
    return None


def _forms(
    shown: Sequence[Shown], failures: Mapping[str, TestResult], facts: Facts
) -> Iterator[Ticket]:
    for values in (True, False):
        for one in shown:
            yield _from_user(one, facts, values)
    for detail, parameters in _CI_FORMS:
        ticket = from_ci(dict(failures), facts.setting, detail, parameters)
        yield _with_detail(ticket, facts)


def _from_user(one: Shown, facts: Facts, values: bool) -> Ticket:
    found = symptom(one.expected, one.actual, values)
    expected, actual = excerpts(one.expected.text, one.actual.text)
    setting = facts.setting
    version = f"{setting.name} {setting.version}"
    version += f", from git ({facts.described})" if facts.described else ""
    said = found.sentence.replace("it says ", "it prints ", 1).replace("should say", "should print")
    what = f"{WITH_SCRIPT}{said}"
    sections = [
        Section("", f"**Version:** {version}  \n**Environment:** {setting.where}"),
        Section("What happened", what),
        Section("Steps to reproduce", INTRODUCTION),
        Section("", one.steps, "steps"),
        Section("Expected", expected, "observed"),
        Section("Actual", actual, "observed"),
        Section("How often", "Every time."),
        Section("Tests", _tests(setting)),
        Section("Also worth knowing", _detail(one, facts)),
    ]
    return Ticket(_title(one, found.what, found.after, facts), tuple(sections), "journey")


def _title(one: Shown, what: str, after: str, facts: Facts) -> str:
    """The symptom in one line, as one would search for it."""
    changed = {name.rpartition(".")[2] for name in facts.functions}
    subject = one.subject if one.subject not in {"", *changed} else facts.setting.name
    if one.actual.error and not one.expected.fails:
        line = one.actual.error_line.splitlines()[0]
        return _cut(line if len(line) <= _LONGEST_TITLE else what)
    if one.expected.fails and not one.actual.error:
        return _cut(f"{subject}: no {one.expected.error}, although there should be one")
    return _cut(f"{subject}: {what}{after}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 3].rstrip()}..."


def _tests(setting: Setting) -> str:
    one = setting.failing == 1
    told = "has a test that fails so" if one else f"has {setting.failing} tests that fail so"
    others = f"; the other {setting.passing} pass" if setting.passing else ""
    return f"The project {told}{others}."


def _detail(one: Shown | None, facts: Facts) -> str:
    if one is not None and one.other and "expect" not in one.other:  # which no user passes
        return f"With `{one.other}` all is well."
    if facts.beside:
        return f"Installed beside it: {facts.beside}."
    return f"Seen on {facts.setting.where}; other machines were not tried."


def _with_detail(ticket: Ticket, facts: Facts) -> Ticket:
    """A CI ticket with a detail that is true of a library which always had the bug."""
    return truthful(ticket, _detail(None, facts))
