"""Every catalogued bug that ships: it fits its target, does what it says, and is told honestly."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

import pytest

from bugbash.mutation.load import load as load_mutators
from bugbash.mutation.sites import mutants_in_tree
from bugbash.pages import projects
from bugbash.serving import catalogue
from bugbash.serving.about import about
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.leak_lint import leaks
from bugbash.targets import vendored
from bugbash.trials.scan import MOST_FAILING, changed_files

CATALOGUES: dict[str, Catalogue] = {
    name: known
    for name in vendored.names()
    if catalogue.path_of(name).is_file() and (known := catalogue.load(name)) is not None
}
ENTRIES = [
    pytest.param(name, entry, id=f"{name}-{entry.bug.mutator}-{entry.bug.id}")
    for name, known in CATALOGUES.items()
    for entry in known.entries
]


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_is_of_the_target_as_it_ships(name: str) -> None:
    known, target = CATALOGUES[name], vendored.prepare(name)
    assert known.digest == target.digest, f"rebuild it: bugbash catalogue build {name}"
    assert (known.target, known.version) == (name, target.spec.version)
    assert known.proved_on
    assert list(known.tests) == sorted(set(known.tests))
    ids = [entry.bug.id for entry in known.entries]
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_mutator_has_been_tried(name: str) -> None:
    assert set(CATALOGUES[name].tried) <= {mutator.name for mutator in load_mutators()}
    assert {e.bug.mutator for e in CATALOGUES[name].entries} <= set(CATALOGUES[name].tried)


@pytest.mark.parametrize("row", projects.rows(), ids=lambda row: row.name)
def test_the_suite_notices_what_each_mutator_breaks(row: projects.Row) -> None:
    weak = {name: share for name, share in projects.noticed(row).items() if share < 0.85}
    assert weak == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUES)
def test_what_is_called_equivalent_is_a_mutant(name: str) -> None:
    target = vendored.prepare(name)
    listed = about(name).equivalent
    files = sorted({PurePosixPath(one.file) for one in listed})
    made = Counter(
        (mutant.mutator, mutant.edit.file, mutant.before, mutant.after)
        for mutant in mutants_in_tree(target.tree, files, load_mutators())
    )
    told = Counter((one.mutator, one.file, one.before, one.after) for one in listed)
    assert told - made == Counter()
    assert all(one.why.endswith(".") for one in listed)


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_a_bugs_edit_gives_the_broken_text(name: str, entry: Entry) -> None:
    target, bug = vendored.prepare(name), entry.bug
    clean = (target.tree / bug.edit.file).read_bytes()
    (broken,) = changed_files(target, (bug.edit,)).values()
    assert broken != clean
    if bug.edit.file.endswith(".py"):
        compile(broken, bug.edit.file, "exec")
    lines = {line.strip() for line in broken.decode().splitlines()}
    assert {line.strip() for line in bug.after.splitlines()} <= lines | {""}
    first = clean.decode().splitlines()[bug.line - 1].strip()
    assert first in {line.strip() for line in bug.before.splitlines()}
    assert (
        clean.decode().splitlines()[: bug.line - 1] == broken.decode().splitlines()[: bug.line - 1]
    )


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_a_bug_breaks_a_few_of_the_tests(name: str, entry: Entry) -> None:
    failing = entry.bug.fail_to_pass
    assert 1 <= len(failing) <= MOST_FAILING
    assert list(failing) == sorted(set(failing))
    assert set(failing) <= set(CATALOGUES[name].tests)


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_a_report_gives_nothing_away(name: str, entry: Entry) -> None:
    assert leaks(entry.ticket, [entry.bug]) == []
    text = entry.ticket.render()
    assert entry.bug.id not in text
    assert entry.bug.mutator not in text


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_a_report_is_complete(name: str, entry: Entry) -> None:
    text = entry.ticket.render()
    assert text.startswith("# ") and len(entry.ticket.title) < 160
    assert not re.search(r"0x[0-9a-f]{6,}|(?<![\w>])/(tmp|root)/", text)
    headings = [section.heading for section in entry.ticket.sections]
    assert "How often" in headings
    if entry.ticket.source == "journey":
        assert {"Steps to reproduce", "Expected", "Actual"} <= set(headings)
        texts = {section.heading: section.text for section in entry.ticket.sections}
        assert texts["Expected"] != texts["Actual"]
