"""Whether a failure report gives the answer away. Works on whole tokens."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable
from pathlib import PurePosixPath

from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Ticket
from bugbash.syntax import parse

_SHORTEST_LITERAL = 3
_SHORTEST_LINE = 6
_BARE_VALUE = re.compile(r"^[^=:\n]+[=:][ \t]*([^\s\"'#;\[{][^\n#;]*?)[ \t,]*$", re.MULTILINE)


def leaks(ticket: Ticket, bugs: Iterable[Bug], hidden_tests: Iterable[str] = ()) -> list[str]:
    """Sentences that say what is given away, in a fixed order; empty for an honest report."""
    found = [leak for bug in bugs for leak in _leaks_of(ticket, bug)]
    text = ticket.render()
    found += [f"names the hidden test {name}" for name in hidden_tests if _token(name, text)]
    return sorted(set(found))


def _leaks_of(ticket: Ticket, bug: Bug) -> list[str]:
    text = ticket.render()
    told = "\n".join([ticket.title, *(s.text for s in ticket.sections if s.kind == "prose")])
    not_steps = "\n".join([ticket.title, *(s.text for s in ticket.sections if s.kind != "steps")])
    found = []
    path = PurePosixPath(bug.edit.file)
    if _token(str(path), text) or _token(path.name, text):
        found.append(f"names the changed file {path.name}")
    if bug.function and _in_code(bug.function.rsplit(".", 1)[-1], not_steps):
        found.append(f"names the changed function {bug.function}")
    found += [f"quotes the changed literal {v!r}" for v in _literals(bug) if _token(v, told)]
    packed = _packed(text)
    found += [f"quotes the changed code {c!r}" for c in _changed_code(bug) if _packed(c) in packed]
    return found


def _token(token: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", text) is not None


def _in_code(name: str, text: str) -> bool:
    """Whether `name` is called or stands in a code span."""
    if re.search(rf"(?<!\w){re.escape(name)}\(", text):
        return True
    return any(_token(name, span) for span in re.findall(r"`([^`\n]+)`", text))


def _literals(bug: Bug) -> list[str]:
    """Literals that stand on one side of the change only."""
    read = _constants if bug.edit.file.endswith(".py") else _values
    before, after = read(bug.before), read(bug.after)
    return sorted(v for v in before ^ after if len(v) >= _SHORTEST_LITERAL)


def _constants(text: str) -> set[str]:
    try:
        tree = parse(textwrap.dedent(text))
    except SyntaxError:
        # A part of a compound statement (`elif ...:`): its literals, read one by one.
        return set(re.findall(r"""["']([^"'\n]*)["']""", text))
    return {
        str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value not in (None, True, False, ...)
    }


def _values(text: str) -> set[str]:
    """Texts, numbers and bare values in lines of a settings or data file."""
    found = set(re.findall(r"""["']([^"'\n]*)["']""", text))
    found |= set(re.findall(r"(?<![\w.])\d[\d_.]*(?!\w)", text))
    found |= set(_BARE_VALUE.findall(text))
    return found - {"true", "false", "null", "yes", "no", "on", "off"}


def _changed_code(bug: Bug) -> list[str]:
    """Lines that stand on one side of the change only, and are long enough to tell."""
    before, after = bug.before.splitlines(), bug.after.splitlines()
    lines = [line for line in before if line not in after]
    lines += [line for line in after if line not in before]
    return sorted({line.strip() for line in lines if len(_packed(line)) >= _SHORTEST_LINE})


def _packed(text: str) -> str:
    return re.sub(r"\s+", "", text)
