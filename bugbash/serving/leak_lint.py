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
    found += [f"names the hidden test {name}" for name in hidden_tests if has_token(name, text)]
    return sorted(set(found))


def _leaks_of(ticket: Ticket, bug: Bug) -> list[str]:
    text = ticket.render()
    told = "\n".join([ticket.title, *(s.text for s in ticket.sections if s.kind == "prose")])
    not_steps = "\n".join([ticket.title, *(s.text for s in ticket.sections if s.kind != "steps")])
    found = []
    for path in map(PurePosixPath, bug.files):
        if has_token(str(path), text) or has_token(path.name, text):
            found.append(f"names the changed file {path.name}")
    if bug.function and in_code(bug.function.rsplit(".", 1)[-1], not_steps):
        found.append(f"names the changed function {bug.function}")
    literals = changed_literals(bug)
    found += [f"quotes the changed literal {v!r}" for v in literals if has_token(v, told)]
    squeezed = packed(text)
    found += [f"quotes the changed code {c!r}" for c in changed_code(bug) if packed(c) in squeezed]
    return found


def has_token(token: str, text: str) -> bool:
    """Whether a word, a path or a piece of code stands in a text as a whole."""
    return re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", text) is not None


def in_code(name: str, text: str) -> bool:
    """Whether `name` is called or stands in a code span."""
    if re.search(rf"(?<!\w){re.escape(name)}\(", text):
        return True
    return any(has_token(name, span) for span in re.findall(r"`([^`\n]+)`", text))


def changed_literals(bug: Bug) -> list[str]:
    """Literals that stand on one side of the change only."""
    read = _constants if all(file.endswith(".py") for file in bug.files) else _values
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


def changed_code(bug: Bug) -> list[str]:
    """Lines that stand on one side of the change only, and are long enough to tell."""
    before, after = bug.before.splitlines(), bug.after.splitlines()
    lines = [line for line in before if line not in after]
    lines += [line for line in after if line not in before]
    return sorted({line.strip() for line in lines if len(packed(line)) >= _SHORTEST_LINE})


def packed(text: str) -> str:
    """A text without its white space."""
    return re.sub(r"\s+", "", text)
