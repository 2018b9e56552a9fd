"""`bugbash mutators new`: a file that works as it stands, and never in the place of another."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.mutation.families import FAMILIES

Run = Callable[..., subprocess.CompletedProcess[str]]


def files_below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_what_is_written_for_each_family_holds_without_a_warning(run: Run, tmp_path: Path) -> None:
    for family in FAMILIES:
        run("mutators", "new", f"my-{family}-slip", "--family", family, "--dir", "mine", code=0)
    report = json.loads(run("mutators", "check", "mine", "--json", code=0).stdout)
    assert {row["family"] for row in report["mutators"]} == set(FAMILIES)
    assert [row["name"] for row in report["mutators"] if row["warnings"]] == []
    for row in report["mutators"]:
        assert len(row["examples"]) >= 4
        assert not all(example["expected"] for example in row["examples"])


def test_it_prints_the_next_two_commands(run: Run, tmp_path: Path) -> None:
    lines = run("mutators", "new", "forgotten-floor", "--dir", "my own", code=0).stdout.splitlines()
    assert lines[0].startswith("Wrote my own/forgotten_floor.py")
    check, scan = (shlex.split(line) for line in lines[2:])
    assert check == ["bugbash", "mutators", "check", "my own"]
    assert scan[:3] == ["bugbash", "scan", "billcycle"]
    assert scan[3:] == ["--mutators", "my own", "--mutator", "forgotten-floor"]
    assert "forgotten-floor: all 4 examples hold" in run(*check[1:], code=0).stdout


def test_the_family_is_that_of_a_folder_which_is_called_so(run: Run, tmp_path: Path) -> None:
    run("mutators", "new", "my-slip", "--dir", "mine/validation", code=0)
    assert 'family = "validation"' in (tmp_path / "mine/validation/my_slip.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["my_slip"], "joined by hyphens. Perhaps my-slip?"),
        (["MySlip"], "joined by hyphens. Perhaps myslip?"),
        (["../my-slip"], "can't be a mutator's name"),
        (["x" * 61], "60 characters at most"),
        ([""], "can't be a mutator's name"),
        (["drop-guard"], "there is a mutator 'drop-guard' already"),
        (["my-slip", "--family", "logik"], "Did you mean 'logic'?"),
        (["my-slip", "--family", "logic", "--dir", "library"], "is for the family 'library'"),
        (["is-there"], "mutators/is_there.py is there already"),
        (["my-slip", "--dir", "file"], "file is there already"),
        (["my-slip", "--dir", "file/below"], "a file is in its way"),
    ],
    ids=[
        "underscore",
        "capitals",
        "path",
        "long",
        "empty",
        "shipped",
        "family",
        "folder of another family",
        "there already",
        "folder is a file",
        "folder in a file",
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "mutators").mkdir()
    (tmp_path / "mutators" / "is_there.py").write_text("mine = True\n")
    (tmp_path / "file").write_text("text\n")
    done = run("mutators", "new", *arguments, code=2)
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert files_below(tmp_path) == ["file", "mutators/is_there.py"]
    assert (tmp_path / "mutators" / "is_there.py").read_text() == "mine = True\n"
