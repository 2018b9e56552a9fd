"""The proof of a written scenario, kept beside it, and what it says it was made from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bugbash import __version__
from bugbash.errors import EnvironmentProblem
from bugbash.files import write_atomically
from bugbash.serving.scenario import Bug, bug_from_json
from bugbash.serving.ticket import Section, Ticket, ticket_from_json
from bugbash.serving.written import CERTIFICATE, Written
from bugbash.targets.spec import Target

FORMAT = 1


@dataclass(frozen=True)
class Certificate:
    """What was proved, of which files, where and when."""

    scenario: str
    """Hash of the scenario's folder, the certificate aside."""
    target: str
    """Hash of the clean tree."""
    bugs: tuple[Bug, ...]
    tests: tuple[str, ...]
    """Ids of the clean suite that count, those of hidden files too."""
    hidden_tests: tuple[str, ...]
    left_out: tuple[str, ...]
    ignored_files: tuple[str, ...]
    suite_seconds: float
    report: Ticket | None
    """The generated report; None where the scenario has one of its own."""
    proved_on: tuple[str, ...]
    """Systems with their Pythons."""
    version: str
    """Of bugbash."""
    date: str


def own_report(written: Written) -> Ticket:
    """The failure report in the author's own words."""
    text = written.report.strip("\n")
    head, _, rest = text.partition("\n")
    title = head.removeprefix("# ").strip() if head.startswith("# ") else written.title
    body = rest.strip("\n") if head.startswith("# ") else text
    return Ticket(title, (Section("", body),), "ci")


def report_of(written: Written, certificate: Certificate) -> Ticket:
    """The failure report: the author's, or the one that was generated."""
    return certificate.report or own_report(written)


def tests_of(written: Written, certificate: Certificate) -> tuple[str, ...]:
    """PASS_TO_PASS: as the scenario says, or every other test of the suite."""
    failing = {test for bug in certificate.bugs for test in bug.fail_to_pass}
    others = tuple(test for test in certificate.tests if test not in failing)
    return written.pass_to_pass or others


def fits(certificate: Certificate, written: Written, target: Target) -> bool:
    """Whether the certificate is of these files, over this clean tree, by this bugbash."""
    ours = (written.digest(), target.digest, __version__)
    return (certificate.scenario, certificate.target, certificate.version) == ours


def load(written: Written) -> Certificate | None:
    """The certificate beside a scenario; None where there is none, or it can't be read."""
    try:
        value = json.loads((written.folder / CERTIFICATE).read_text("utf-8"))
        return _from_json(value)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(written: Written, certificate: Certificate) -> Path:
    """Write the certificate beside its scenario; the same one gives the same bytes."""
    value = {"format": FORMAT, **asdict(certificate)}
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path = written.folder / CERTIFICATE
    write_atomically(path, text.encode("utf-8"))
    return path


def keep(written: Written, certificate: Certificate) -> Path:
    """Save a new proof. Where the one that is there says the same, its systems are kept too.

    A proof that says nothing new changes no byte. Raises EnvironmentProblem where the folder can't
    be written to.
    """
    old = load(written)
    path = written.folder / CERTIFICATE
    if old is not None and _same(old, certificate):
        systems = tuple(sorted({*old.proved_on, *certificate.proved_on}))
        if systems == old.proved_on:
            return path
        certificate = replace(old, proved_on=systems)
    try:
        return save(written, certificate)
    except OSError as error:
        told = f"{path} can't be written ({error.strerror}): --no-write checks without it"
        raise EnvironmentProblem(f"{told}.") from error


def _same(one: Certificate, other: Certificate) -> bool:
    """Whether two proofs are of the same files and found the same, whenever and wherever."""
    when_and_where = {"proved_on": (), "date": "", "suite_seconds": 0.0, "report": None}
    return replace(one, **when_and_where) == replace(other, **when_and_where)  # type: ignore[arg-type]


def _from_json(value: dict[str, Any]) -> Certificate:
    if value.pop("format") != FORMAT:
        raise ValueError("another form")
    lists = ("tests", "hidden_tests", "left_out", "ignored_files", "proved_on")
    value |= {key: tuple(value[key]) for key in lists}
    value["bugs"] = tuple(bug_from_json(bug) for bug in value["bugs"])
    value["report"] = ticket_from_json(value["report"]) if value["report"] else None
    return Certificate(**value)
