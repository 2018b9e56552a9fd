"""Whether a scenario's own hints are worth their points, and keep the answer until the last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from bugbash.serving.leak_lint import changed_code, changed_literals, has_token, in_code, packed
from bugbash.serving.scenario import Bug

_FEWEST_WORDS = 4
_LAST = 4


def hint_faults(bug: Bug, title: str) -> Iterator[tuple[int, str]]:
    """(level from 1, what is wrong) for the texts that a bug brings; not for generated ones.

    Worthless: empty, too short, the title or another hint once more. Given away: the file at level
    1, the function up to level 2, changed code or a changed literal up to level 3.
    """
    seen = {_bare(title): "the title"}
    for level, text in enumerate(bug.hints, 1):
        if not text:
            continue  # the generated one serves
        bare = _bare(text)
        if len(text.split()) < _FEWEST_WORDS:
            yield level, f"hint {level} says too little ({text.strip()!r})"
        if bare in seen:
            yield level, f"hint {level} is {seen[bare]} once more"
        seen[bare] = f"hint {level}"
        yield from ((level, f"hint {level} {told}") for told in _given_away(bug, level, text))


def _bare(text: str) -> str:
    return packed(text).casefold().rstrip(".!?")


def _given_away(bug: Bug, level: int, text: str) -> Iterator[str]:
    """What a hint says before its time."""
    if level < 2:
        yield from (f"names the file {file}" for file in bug.files if _names_file(file, text))
    if level < 3 and bug.function and _names_function(bug.function, text):
        yield f"names the function {bug.function}"
    if level < _LAST:
        for value in changed_literals(bug):
            if has_token(value, text):
                yield f"quotes the changed literal {value!r}"
        squeezed = packed(text)
        for line in changed_code(bug):
            if packed(line) in squeezed:
                yield f"quotes the changed code {line!r}"


def _names_file(file: str, text: str) -> bool:
    """Its path, its name, or the module's name where that can't be a plain word."""
    path = PurePosixPath(file)
    dotted = ".".join(path.with_suffix("").parts)
    if any(has_token(name, text) for name in (file, path.name)):
        return True
    if path.suffix != ".py":
        return False
    inside = "." in dotted and has_token(dotted, text)
    return inside or ("_" in path.stem and has_token(path.stem, text)) or in_code(path.stem, text)


def _names_function(function: str, text: str) -> bool:
    """Its name in code, or a name that can't be a plain word."""
    name = function.rsplit(".", 1)[-1]
    return in_code(name, text) or (not name.isalpha() and has_token(name, text))
