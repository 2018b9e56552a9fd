"""The tables of target projects and their bugs in the docs, from the stored catalogues."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bugbash.mutation.families import FAMILIES
from bugbash.mutation.traits import SHARES, Trait, weight
from bugbash.resources import shipped
from bugbash.serving.about import About, about
from bugbash.serving.catalogue import Catalogue, load
from bugbash.serving.choosing import Place, first, seed_of
from bugbash.serving.code_size import code_lines as code_of
from bugbash.serving.levels import LEVELS
from bugbash.targets import vendored

HEADS = (
    "project", "systems", "lines", "tests", "suite", "mutants", "killed", "equivalent",
    "weakest mutator", *FAMILIES, *LEVELS, "in the catalogue", "journeys",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What is known about one project."""

    name: str
    about: About
    lines: int
    """Of code: no blank lines, comments or docstrings."""
    catalogue: Catalogue


def rows() -> list[Row]:
    """Every vendored target with a catalogue, in name order."""
    found = []
    for name in vendored.names():
        known = load(name)
        if known is not None:
            folder = shipped("target_projects") / name
            found.append(Row(name, about(name), code_lines(folder), known))
    return found


def code_lines(folder: Path) -> int:
    """Lines of a project's package that hold code, tests and journeys aside."""
    inside = [path for path in folder.rglob("*.py") if not _is_aside(path.relative_to(folder))]
    return sum(len(code_of(path.read_text("utf-8"))) for path in inside)


def _is_aside(path: Path) -> bool:
    return path.parts[0] in ("tests", "journeys")


def as_markdown(known: list[Row]) -> str:
    """The table as it stands in the docs."""
    head = [f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
    return "\n".join([*head, *(f"| {' | '.join(_cells(row))} |" for row in known)]) + "\n"


def _cells(row: Row) -> list[str]:
    known = row.catalogue
    survey: Counter[str] = Counter()
    for counts in known.survey.values():
        survey.update(counts)
    levels: Counter[str] = Counter()
    for counts in known.levels.values():
        levels.update(counts)
    entries = known.entries
    told = sum(entry.ticket.source == "journey" for entry in entries)
    families = (str(sum(known.levels.get(family, {}).values())) for family in FAMILIES)
    return [
        f"`{row.name}`",
        ", ".join(row.about.systems),
        str(row.lines),
        str(len(known.tests)),
        f"{known.suite_seconds:.1f} s",
        str(survey["mutants"]),
        f"{_percent(survey['mutants'] - survey['survived'], survey['mutants'])} %",
        str(len(row.about.equivalent)),
        _weakest(row),
        *families,
        *(str(levels[word]) for word in LEVELS),
        str(len(entries)),
        f"{_percent(told, len(entries))} %",
    ]


def noticed(row: Row) -> dict[str, float]:
    """For each mutator the share, from 0 to 1, of its mutants that a test notices.

    Mutants that are known to be equivalent are none of them.
    """
    found = {}
    for mutator, counts in row.catalogue.survey.items():
        equivalent = sum(one.mutator == mutator for one in row.about.equivalent)
        real = counts["mutants"] - equivalent
        if real:
            found[mutator] = (counts["mutants"] - counts.get("survived", 0)) / real
    return found


def _weakest(row: Row) -> str:
    """The mutator of which the suite notices the smallest share, and that share."""
    share, name = min((share, name) for name, share in noticed(row).items())
    return "none" if share == 1 else f"{name} {int(100 * share)} %"


def equivalents_as_markdown(known: list[Row]) -> str:
    """The mutants of the projects that no test can notice, and why."""
    lines = ["| project | file | mutator | change | why nobody can tell |", "|---|---|---|---|---|"]
    for row in known:
        for one in row.about.equivalent:
            change = " to ".join(_as_code(text) for text in (one.before, one.after) if text)
            cells = (f"`{row.name}`", f"`{one.file}`", one.mutator, change, _escaped(one.why))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _as_code(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return f"``{_escaped(' ⏎ '.join(line for line in lines if line))}``"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def shares_as_markdown(known: list[Row], seeds: int = 2000) -> str:
    """Which traits `new` serves first, beside their shares among real fixes.

    The shares of real fixes are scaled to add up to 100, as traits overlap there.
    """
    served: Counter[Trait] = Counter()
    for row in known:
        places = [Place(e.bug.id, e.bug.trait, e.bug.at_once) for e in row.catalogue.entries]
        for seed in range(seeds):
            served[first(seed_of(row.name, seed), places).trait] += 1
    total = sum(map(weight, SHARES))
    lines = ["| what the fix does | served | real fixes |", "|---|---|---|"]
    for trait, _ in sorted(SHARES.items(), key=lambda item: -weight(item[0])):
        part = 100 * weight(trait) / total
        lines.append(f"| {trait} | {_percent(served[trait], served.total())} % | {part:.0f} % |")
    return "\n".join(lines) + "\n"


def mutators_as_markdown(known: list[Row]) -> str:
    """Mutator, then of each project: servable mutants of all."""
    names = sorted({name for row in known for name in row.catalogue.survey})
    lines = [
        f"| mutator | {' | '.join(row.name for row in known)} | all |",
        f"|---|{'---|' * len(known)}---|",
    ]
    for name in names:
        counts = [row.catalogue.survey.get(name, {}) for row in known]
        pairs = [(one.get("servable", 0), one.get("mutants", 0)) for one in counts]
        cells = [f"{some} / {every}" if every else "" for some, every in pairs]
        lines.append(f"| {name} | {' | '.join(cells)} | {sum(some for some, _ in pairs)} |")
    return "\n".join(lines) + "\n"
