"""The failure report: its parts, and how it is written out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from bugbash.plain import plain

Kind = Literal["prose", "steps", "observed"]


@dataclass(frozen=True)
class Section:
    """A part of a report. `observed` text came from running the code and is quoted as it was."""

    heading: str
    text: str
    kind: Kind = "prose"


@dataclass(frozen=True)
class Ticket:
    """A failure report before it is written out."""

    title: str
    sections: tuple[Section, ...]
    source: Literal["journey", "ci"]

    def render(self) -> str:
        """The Markdown of FAILURE_REPORT.md; control characters are written out, but in code."""
        parts = [f"# {plain(self.title)}"]
        for section in self.sections:
            text = section.text.strip("\n")
            text = text if section.kind == "steps" else plain(text)
            if section.kind != "prose":
                runs = re.findall("`{3,}", text)
                fence = "`" * (1 + max(map(len, runs), default=2))
                text = f"{fence}{'python' if section.kind == 'steps' else ''}\n{text}\n{fence}"
            parts.append(f"## {section.heading}\n\n{text}" if section.heading else text)
        return "\n\n".join(parts) + "\n"


def ticket_from_json(value: dict[str, Any]) -> Ticket:
    """A ticket from what `dataclasses.asdict` made of it."""
    sections = tuple(Section(**section) for section in value["sections"])
    return Ticket(value["title"], sections, value["source"])


def together(tickets: list[Ticket]) -> Ticket:
    """One ticket for several bugs: each as a numbered problem with its own sections."""
    if len(tickets) == 1:
        return tickets[0]
    sections = [Section("", f"{len(tickets)} problems were reported. They are independent.")]
    for number, ticket in enumerate(tickets, 1):
        sections.append(Section(f"Problem {number}: {ticket.title}", ticket.sections[0].text))
        for section in ticket.sections[1:]:
            heading = f"{section.heading} ({number})" if section.heading else ""
            sections.append(replace(section, heading=heading))
    return Ticket(f"{len(tickets)} problems reported", tuple(sections), tickets[0].source)


@dataclass(frozen=True)
class Setting:
    """Where the failure was seen; every word of it is true."""

    name: str
    version: str
    where: str
    """Systems and Pythons: "Linux, Python 3.11 and 3.13"."""
    failing: int
    passing: int

    @property
    def release(self) -> str:
        """Name, version and place, for the head of a report."""
        return f"{self.name} {self.version} ({self.where})"
