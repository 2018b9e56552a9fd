"""`bugbash targets` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from bugbash.commands.targets import command
from bugbash.targets import pinned, vendored
from bugbash.targets.overrides import file_values


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_has_all_names() -> None:
    rows = json.loads(_run("--json"))

    assert {row["name"] for row in rows} == {*vendored.names(), *pinned.names()}
    assert json.loads(_run("list", "--json")) == rows
    assert all(name in _run() for name in pinned.names())


def test_show_prints_a_spec_that_can_be_given_back(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text(_run("show", "billcycle"))
    values = file_values(tmp_path / "spec.toml")

    assert values["name"] == "billcycle"
    assert values["tests"] == ("tests",)


def test_show_as_json() -> None:
    shown = json.loads(_run("show", "billcycle", "--json", "--with", "six"))

    assert shown["sort"] == "vendored"
    assert shown["spec"]["dependencies"] == ["pytest", "six"]
    assert shown["missing_test_imports"] is None
