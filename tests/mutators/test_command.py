"""`bugbash mutators`: the list and the page of a mutator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bugbash.commands.mutators import command
from bugbash.errors import UsageProblem
from bugbash.mutation.load import load


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args, catch_exceptions=False)


@pytest.mark.parametrize("args", [[], ["list"]], ids=["bare", "list"])
def test_the_list_names_every_mutator(args: list[str]) -> None:
    output = run(*args).stdout
    for mutator in load():
        assert mutator.name in output


def test_the_list_as_json_is_json_only() -> None:
    rows = json.loads(run("--json").stdout)
    assert [row["name"] for row in rows] == [mutator.name for mutator in load()]
    assert set(rows[0]) == {"name", "family", "summary"}


def test_the_list_of_one_family() -> None:
    rows = json.loads(run("--family", "platform", "--json").stdout)
    assert {row["family"] for row in rows} == {"platform"}


def test_a_page_shows_examples_as_diffs() -> None:
    output = run("show", "boundary-comparison").stdout
    assert "-     return total >= 50" in output
    assert "+     return total > 50" in output
    assert "Left alone:" in output


def test_a_page_has_no_colours_where_it_is_no_terminal() -> None:
    assert "\x1b" not in run("show", "boundary-comparison").stdout


def test_a_page_as_json_holds_the_examples() -> None:
    page = json.loads(run("show", "swap-arguments", "--json").stdout)
    assert page["family"] == "library"
    assert Path(page["file"]).name == "swap_arguments.py"
    assert {"before": "best = max(left, right)\n", "after": []} in page["examples"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["show", "swap-argument"], "Did you mean 'swap-arguments'"),
        (["--family", "logik"], "Did you mean 'logic'"),
    ],
    ids=["name", "family"],
)
def test_an_unknown_word_gets_the_nearest_ones(args: list[str], message: str) -> None:
    with pytest.raises(UsageProblem, match=message):
        run(*args)
