"""The proved bugs of a vendored target, as they ship: no test run is needed to serve one.

`new` reads it, so it imports nothing that takes time.
"""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bugbash.errors import EnvironmentProblem
from bugbash.files import write_atomically
from bugbash.resources import shipped
from bugbash.serving.scenario import Bug, bug_from_json
from bugbash.serving.ticket import Ticket, ticket_from_json
from bugbash.targets.interpreters import Interpreter, own

FORMAT = 2


@dataclass(frozen=True)
class Entry:
    """One bug with its report."""

    bug: Bug
    ticket: Ticket


@dataclass(frozen=True)
class Catalogue:
    """Every servable bug of one state of one target, and where that was proved."""

    target: str
    version: str
    digest: str
    """Of the clean tree: another one makes the catalogue stale."""
    tests: tuple[str, ...]
    """Ids of the clean suite that count."""
    proved_on: tuple[str, ...]
    """Systems and Pythons, in the form of `here()`."""
    tried: dict[str, dict[str, int]]
    """Mutator, then what became of those of its mutants that were to be proved: how many."""
    survey: dict[str, dict[str, int]]
    """Mutator, then outcome, and `mutants` and `servable`: of every mutant, one trial each."""
    levels: dict[str, dict[str, int]]
    """Family, then level: how many servable mutants there are."""
    suite_seconds: float
    """Of the clean suite where the catalogue was built."""
    entries: tuple[Entry, ...]


def here(interpreter: Interpreter | None = None) -> str:
    """This system and a target's Python (None: that of bugbash): "linux-3.11"."""
    return f"{platform.system().lower()}-{(interpreter or own()).minor}"


def path_of(target: str) -> Path:
    """Where the catalogue of a vendored target lies."""
    return shipped("scenarios") / target / "catalogue.json"


def load(target: str) -> Catalogue | None:
    """The shipped catalogue, or None where there is none.

    Raises EnvironmentProblem for one that can't be read.
    """
    path = path_of(target)
    try:
        value = json.loads(path.read_text("utf-8"))
        return _from_json(value)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise EnvironmentProblem(
            f"the catalogue {path} is damaged ({error}): install bugbash again, or rebuild it with "
            f"`bugbash catalogue build {target}`."
        ) from error


def save(catalogue: Catalogue) -> Path:
    """Write the catalogue where `load` finds it; the same catalogue gives the same bytes."""
    value = {"format": FORMAT, **asdict(catalogue)}
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path = path_of(catalogue.target)
    write_atomically(path, text.encode("utf-8"))
    return path


def _from_json(value: dict[str, Any]) -> Catalogue:
    if value["format"] != FORMAT:
        raise ValueError(f"format {value['format']}, not {FORMAT}")
    return Catalogue(
        target=value["target"],
        version=value["version"],
        digest=value["digest"],
        tests=tuple(value["tests"]),
        proved_on=tuple(value["proved_on"]),
        tried=value["tried"],
        survey=value["survey"],
        levels=value["levels"],
        suite_seconds=value["suite_seconds"],
        entries=tuple(
            Entry(bug_from_json(entry["bug"]), ticket_from_json(entry["ticket"]))
            for entry in value["entries"]
        ),
    )
