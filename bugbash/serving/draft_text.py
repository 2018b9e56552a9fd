"""The text of a new scenario's files: what is known as values, what may be said as comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bugbash.serving.written_keys import BUG, FORMAT, RUBRIC, TOP, Key

PATCH, REPORT = "bug.patch", "report.md"
_WIDTH = 100
_SAMPLES = {
    "author": '"Ada Lovelace"',
    "tags": '["money", "week-3"]',
    "minutes": "30",
    "report": f'"{REPORT}"',
    "details": '"actual-only"',
    "editable": '["src/**/*.py"]',
    "pass_to_pass": '["tests/test_more.py::test_one"]',
    "explanation": '"Whoever does this gets that, since ..."',
    "hints": '["", "", "", ""]',
    "fail_to_pass": '["tests/test_more.py::test_two"]',
}
"""What a key that is not set looks like."""
_BESIDE = """
# Beside this file:
#   accepted/*.patch  other right fixes, from the broken code to the right one
#   rejected/*.patch  tempting wrong ones
#   hidden/           tests that only `check` sees, under the path that they would have in the
#                     target: hidden/tests/test_more.py. They fail on the broken code alone.
"""
_POINTS = {"fix": 40}
REPORT_PLAN = (
    "Who saw it, where, and when it was last right.",
    "What they did, step by step, so that a reader can do it too:",
    "What came, and what should have come.",
    "What else was looked at and turned out to have nothing to do with it.",
)
"""What a failure report consists of; nothing of it may be left in one."""
_BARE_ITEM = re.compile(r"\s*(\d+[.)]|[-*+])\s*(\.\.\.|…)?\s*")
_USUAL = 12


@dataclass(frozen=True)
class Draft:
    """What a new scenario says: a bug by its lines, or by a patch."""

    target: str
    title: str
    mutator: str = ""
    family: str = ""
    file: str = ""
    before: str = ""
    after: str = ""
    patch: bytes = b""
    explanation: str = ""
    fail_to_pass: tuple[str, ...] = ()
    report: str = ""
    """A generated failure report to begin one's own from; empty where none is known."""
    own_report: bool = False
    author: str = ""
    minutes: int | None = None


def scenario_text(draft: Draft) -> str:
    """The text of scenario.toml, with a comment for every optional key that is not set."""
    top = {
        "format_version": FORMAT,
        "title": draft.title,
        "target": draft.target,
        "author": draft.author,
        "minutes": draft.minutes,
        "report": REPORT if draft.own_report else None,
    }
    bug = {
        "mutator": draft.mutator,
        "family": draft.family,
        "file": draft.file,
        "before": draft.before,
        "after": draft.after if draft.file else None,
        "patch": PATCH if draft.patch else None,
        "explanation": draft.explanation,
        "fail_to_pass": draft.fail_to_pass,
    }
    unsaid = [key for key in BUG if key.name in ("explanation", "hints", "fail_to_pass")]
    parts = [
        *_table(top, TOP),
        "\n[[bug]]\n",
        *_table(bug, unsaid, always=("after",) if draft.file else ()),
        "\n# Points, where they are to be others than these.\n# [rubric]\n",
        *(f"# {key.name} = {_POINTS.get(key.name, _USUAL)}\n" for key in RUBRIC),
        _BESIDE,
    ]
    return "".join(parts)


def _table(values: Mapping[str, Any], optional: Any, always: tuple[str, ...] = ()) -> Iterator[str]:
    """The keys with a value, then those that may be said, as comments."""
    from tomlkit import document, dumps

    table = document()
    said = {name: value for name, value in values.items() if value or name in always}
    for name, value in said.items():
        writer: Callable[[Any], Any] = _WRITERS.get(name, _value)
        table.add(name, writer(value))
    yield dumps(table)
    unsaid: list[Key] = [key for key in optional if key.name not in said and not key.required]
    for key in unsaid:
        yield "\n"
        for line in textwrap.wrap(key.told, _WIDTH - 2):
            yield f"# {line}\n"
        yield f"# {key.name} = {_SAMPLES[key.name]}\n"


def _value(value: Any) -> Any:
    from tomlkit import array, item

    if not isinstance(value, tuple):
        return item(value)
    found = array()
    found.extend(value)
    return found.multiline(len(value) > 1)


def _lines(code: str) -> Any:
    """Lines of code as they are, between long literal quotes; escaped where that can't be."""
    import tomlkit

    bare = "'''" not in code and code.replace("\n", "").replace("\t", "").isprintable()
    found: Any = tomlkit.value(f"'''\n{code}\n'''") if bare and code else tomlkit.string(code)
    return found


def _prose(text: str) -> Any:
    """A text of some sentences, a new line where one is full."""
    from tomlkit import string

    room = " " * len('explanation = """')
    filled = textwrap.fill(text.strip(), _WIDTH, initial_indent=room).lstrip()
    return string(filled, multiline="\n" in filled)


_WRITERS: dict[str, Callable[[str], Any]] = {
    "before": _lines,
    "after": _lines,
    "explanation": _prose,
}


def report_text(draft: Draft) -> str:
    """A failure report to be written on: the generated one, or what a report consists of."""
    if draft.report:
        head, _, rest = draft.report.partition("\n")
        body = rest if head.startswith("# ") else draft.report
        return f"# {draft.title}\n\n{body.strip()}\n"
    who, what, came, other = REPORT_PLAN
    return f"# {draft.title}\n\n{who}\n\n{what}\n\n1. ...\n\n{came}\n\n{other}\n"


def report_faults(text: str) -> list[tuple[int, str]]:
    """(line, what is wrong) where a report is not written yet, in order; none where it is."""
    found = []
    for sentence in REPORT_PLAN:
        words = r"\s+".join(map(re.escape, sentence.split()))
        for match in re.finditer(words, text):
            line = text.count("\n", 0, match.start()) + 1
            found.append((line, f"{sentence!r} is what `scenario new` wrote: say it of this bug"))
    for line, told in enumerate(text.split("\n"), 1):
        if _BARE_ITEM.fullmatch(told):
            found.append((line, f"{told.strip()!r} says nothing yet: write it or leave it out"))
    if not any(line.strip() and not line.startswith("#") for line in text.split("\n")):
        found.append((1, "the report is a title alone: say what somebody saw, and how"))
    return sorted(found)
