"""Specs in TOML files, and what lies over what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.targets import pinned
from bugbash.targets.overrides import Overrides, file_values, layered
from bugbash.targets.spec import TargetSpec
from bugbash.targets.spec_text import spec_toml

Tree = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("test = ['a']", r"unknown key 'test'\. Did you mean 'tests'"),
        ("tests = 'a'", "tests must be a list of strings"),
        ("tests = [1]", "tests must be a list of strings"),
        ("test_limit_s = 0", "a number of seconds above zero"),
        ("test_limit_s = true", "a number of seconds above zero"),
        ("environment = { A = 1 }", "environment must be a table of strings"),
        ("generated = 1", "generated must be true or false"),
        ("released = 5", "released must be a string"),
        ("version = 1.0", "version must be a string"),
        ("tests = [", "not valid TOML"),
    ],
)
def test_what_a_spec_file_gets_wrong(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)

    with pytest.raises(UsageProblem, match=reason) as caught:
        file_values(path)
    assert "mine.toml" in str(caught.value)


def test_a_missing_spec_file(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no spec file"):
        layered(TargetSpec("a"), Overrides(spec_file=tmp_path / "none.toml"), tmp_path)


def test_dates_may_be_written_as_dates(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("released = 2024-05-01T10:00:00Z")

    assert file_values(path) == {"released": "2024-05-01T10:00:00+00:00"}


def test_each_layer_lies_over_the_one_before(make_tree: Tree, tmp_path: Path) -> None:
    tree = make_tree(
        {
            "pyproject.toml": "[tool.bugbash.target]\nversion = '2'\ntests = ['b']\n",
            "c/t.py": "",
            "d/t.py": "",
        }
    )
    (tmp_path / "spec.toml").write_text("tests = ['c']\ndependencies = ['six']\n")
    overrides = Overrides(sources=("d",), with_=("trio", "six"), spec_file=tmp_path / "spec.toml")
    spec = layered(TargetSpec("a", version="1", tests=("a",)), overrides, tree)

    assert (spec.version, spec.tests, spec.sources) == ("2", ("c",), ("d",))
    assert spec.dependencies == ("six", "trio")


def test_a_file_of_its_own_is_a_projects_spec_too(make_tree: Tree) -> None:
    tree = make_tree({"bugbash-target.toml": "version = '3'"})

    assert layered(TargetSpec("a"), Overrides(), tree).version == "3"


def test_what_is_shown_can_be_given_back(tmp_path: Path) -> None:
    spec = TargetSpec(
        'a"\\b',
        tests=("a", "b", "c ä", "d\x7f\n"),
        environment=(("KEY", "value"),),
        released="2024-01-01T00:00:00+00:00",
        entry_points="[console_scripts]\na = b:c\n",
        generated=False,
    )
    (tmp_path / "spec.toml").write_text(spec_toml(spec), "utf-8")

    assert TargetSpec(**file_values(tmp_path / "spec.toml")) == spec


@pytest.mark.parametrize("name", pinned.names())
def test_shipped_specs_are_whole(name: str) -> None:
    values = pinned.values(name)

    assert values["name"] == name
    assert {"version", "source_roots", "sources", "tests", "dependencies"} <= set(values)
    assert any(requirement.startswith("pytest") for requirement in values["dependencies"])


def test_overrides_are_told_apart_by_content(tmp_path: Path) -> None:
    path = tmp_path / "spec.toml"
    path.write_text("version = '1'")
    one = Overrides(spec_file=path).key()
    path.write_text("version = '2'")

    assert Overrides(spec_file=path).key() != one
    assert Overrides(tests=("a",)).key() != Overrides(sources=("a",)).key()
