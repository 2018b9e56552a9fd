"""A blind workspace: the failing tests are nowhere in it, all else is as it was."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from bugbash.files import walk
from bugbash.serving.scenario import Scenario, from_json, to_json
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.targets.venv import python_of
from bugbash.workspace.attempt import Attempt, find, target_of
from bugbash.workspace.make import served_files
from bugbash.workspace.reset import reset

Make = Callable[..., Attempt]
HIDDEN = "tests/test_labels.py::test_parcel"
FILE = "tests/test_labels.py"


@pytest.fixture
def blind(make_attempt: Make, tiny_served: Served) -> Attempt:
    scenario = replace(tiny_served.scenario, blind=True, withheld=(HIDDEN,))
    return make_attempt(replace(tiny_served, scenario=scenario))


def test_no_file_and_no_object_holds_the_hidden_test(
    blind: Attempt, git: Callable[..., str]
) -> None:
    held = [
        str(path)
        for path in walk(blind.workspace, frozenset())
        if b"test_parcel" in (blind.workspace / path).read_bytes()
    ]
    assert held == []
    words = ["git", "cat-file", "--batch-all-objects", "--batch"]
    objects = subprocess.run(words, cwd=blind.workspace, capture_output=True, check=True).stdout
    assert b"test_size" in objects
    assert b"test_parcel" not in objects
    assert git(blind.workspace, "status", "--porcelain") == ""


def test_the_rest_is_the_clean_tree_but_for_the_bug(blind: Attempt, tiny_served: Served) -> None:
    tree = tiny_served.target.tree
    differing = {
        path.as_posix()
        for path in walk(tree)
        if (blind.workspace / path).read_bytes() != (tree / path).read_bytes()
    }
    assert differing == {FILE, "tiny/labels.py"}
    clean = (tree / FILE).read_text("utf-8").splitlines()
    mine = (blind.workspace / FILE).read_text("utf-8").splitlines()
    gone = [line for line in clean if line not in mine]
    assert [line for line in mine if line not in clean] == []
    assert gone[0] == "def test_parcel():"


def test_the_suite_is_green_as_served(blind: Attempt) -> None:
    python = python_of(blind.workspace / ".venv")
    done = subprocess.run(
        [python, "-m", "pytest", "-q"], cwd=blind.workspace, capture_output=True, text=True
    )
    assert "7 passed" in done.stdout
    assert done.returncode == 0


def test_reset_gives_the_blind_state_again_and_keeps_what_was_written(
    blind: Attempt, store: Store, tiny_served: Served
) -> None:
    path = blind.workspace / FILE
    served = path.read_bytes()
    path.write_bytes(served + b"\n\ndef test_mine():\n    assert False\n")
    attempt = find(store, blind.workspace)
    kept = reset(attempt, target_of(attempt.scenario), tiny_served.environment)
    assert path.read_bytes() == served
    assert kept is not None
    patch = kept.read_text("utf-8")
    assert "+def test_mine():" in patch
    assert "test_parcel" not in patch


def test_a_test_file_may_be_served_empty(
    make_attempt: Make, serve_tiny: Callable[..., Served], store: Store
) -> None:
    alone = "def test_parcel():\n    import tiny.labels\n    assert 1\n"
    served = serve_tiny("swapped", files={FILE: alone})
    scenario = replace(served.scenario, blind=True, withheld=(HIDDEN,))
    attempt = make_attempt(replace(served, scenario=scenario))
    assert (attempt.workspace / FILE).read_bytes() == b""
    assert reset(find(store, attempt.workspace), served.target, served.environment) is None


def test_only_a_blind_attempt_has_other_test_files(tiny_served: Served) -> None:
    assert set(served_files(tiny_served.scenario, tiny_served.target)) == {"tiny/labels.py"}


def test_an_attempt_of_an_older_version_can_be_read(tiny_served: Served) -> None:
    value = to_json(tiny_served.scenario)
    for name in ("blind", "mode", "withheld"):
        del value[name]
    found = from_json(value)
    assert isinstance(found, Scenario)
    assert found == tiny_served.scenario
    assert found.shown_tests == found.fail_to_pass
