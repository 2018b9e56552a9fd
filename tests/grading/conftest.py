"""A workspace of the tiny project, changed as a learner would, and its grade."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bugbash.grading.grade import Grade, grade
from bugbash.pages.records import grade_json
from bugbash.serving.serve import Served
from bugbash.store import Store
from bugbash.workspace.attempt import Attempt, find

Changes = Mapping[str, str | bytes | None]


@pytest.fixture
def change() -> Callable[[Path, Changes], None]:
    """Writes a learner's files into a workspace; None deletes one."""

    def apply(workspace: Path, changes: Changes) -> None:
        for name, content in changes.items():
            path = workspace / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return apply


@pytest.fixture
def graded(
    make_attempt: Callable[..., Attempt],
    tiny_served: Served,
    store: Store,
    change: Callable[[Path, Changes], None],
) -> Callable[..., Grade]:
    """The grade of a new workspace after `changes`: `graded({"tiny/labels.py": "..."})`."""

    def judge(changes: Changes, served: Served = tiny_served) -> Grade:
        attempt = make_attempt(served)
        change(attempt.workspace, changes)
        found = grade(find(store, attempt.workspace), served.target, served.environment)
        json.dumps(grade_json(found, []))  # every grade can be printed and kept
        return found

    return judge


@pytest.fixture(scope="session")
def clean(tiny_served: Served) -> Callable[[str], str]:
    """The text of a file of the clean tree."""
    return lambda name: (tiny_served.target.tree / name).read_text("utf-8")


@pytest.fixture(scope="session")
def broken(clean: Callable[[str], str]) -> str:
    """tiny/labels.py as it was served."""
    return clean("tiny/labels.py").replace("label(name, street)}]", "label(street, name)}]")


@pytest.fixture(scope="session")
def facts() -> Callable[[Grade], dict[str, Any]]:
    """What a grade says in JSON."""
    return lambda found: grade_json(found, [])


@pytest.fixture
def graded_after(
    make_attempt: Callable[..., Attempt], tiny_served: Served, store: Store
) -> Callable[..., Grade]:
    """The grade of a new workspace after any treatment: `graded_after(lambda workspace: ...)`."""

    def judge(treat: Callable[[Path], None], served: Served = tiny_served) -> Grade:
        attempt = make_attempt(served)
        treat(attempt.workspace)
        found = grade(find(store, attempt.workspace), served.target, served.environment)
        json.dumps(grade_json(found, []))
        return found

    return judge
