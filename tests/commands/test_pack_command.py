"""`bugbash pack`: what is handed out to whom, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Path, Mapping[str, str | bytes]], Path]

SCENARIO = """\
format_version = 1
title = "Labels come out wrong"
target = "{target}"

[[bug]]
family = "library"
file = "{file}"
before = '{before}'
after = '{after}'
"""


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "class.csv"
    file.write_text("name,email\nAda,ada@example.invalid\nGrace,\nEdsger,\n", "utf-8")
    return file


@pytest.fixture
def pack(run: Run, roster: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `bugbash pack` for three students with seed 1, into `packs`."""

    def call(*words: str | Path, out: str = "packs", code: int = 0) -> Any:
        given = ("--roster", roster, "--seed", "1", "--out", out)
        return run("pack", *words, *given, code=code)

    return call


def key_of(folder: Path, name: str = "packs-key.json") -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / name).read_bytes())
    return value


def given_out(key: dict[str, Any]) -> list[str]:
    return [row["scenario"] for row in key["packs"]]


def test_without_vary_all_get_the_same_bug(pack: Run, tmp_path: Path) -> None:
    done = pack("--target", "ledgerlines", "--family", "logic")
    assert done.stdout.splitlines()[0].endswith("packs: 3 packs, the same exercise for all")
    key = key_of(tmp_path)
    assert len(set(given_out(key))) == 1
    scenario = key["scenarios"][given_out(key)[0]]["scenario"]
    assert scenario["bugs"][0]["family"] == "logic"
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == [
        "Ada", "Edsger", "Grace",
    ]  # fmt: skip


def test_with_vary_neighbours_differ_in_the_bug_alone(pack: Run, tmp_path: Path) -> None:
    pack("--vary", "--target", "signflow", "--family", "validation", "--difficulty", "easy")
    key = key_of(tmp_path)
    one, two, three = given_out(key)
    assert one != two != three
    for answer in key["scenarios"].values():
        bug = answer["scenario"]["bugs"][0]
        assert bug["family"] == "validation"
        assert bug["difficulty"] < 0.11
        assert answer["target"] == "signflow"


def test_the_json_tells_where_and_no_answer(pack: Run, tmp_path: Path) -> None:
    told = json.loads(pack("--target", "signflow", "--json", "--zip").stdout)
    assert told["schema"] == "bugbash/packs/v1"
    assert [row["file"] for row in told["packs"]] == ["Ada.zip", "Grace.zip", "Edsger.zip"]
    assert Path(told["key"]) == tmp_path / "packs-key.json"
    assert set(told["packs"][0]) == {"student", "file", "target", "pack", "sha256"}


def test_the_key_goes_where_it_is_told(pack: Run, tmp_path: Path) -> None:
    pack("--target", "signflow", "--key", tmp_path / "safe" / "answers.json")
    assert key_of(tmp_path / "safe", "answers.json")["seed"] == 1
    assert not (tmp_path / "packs-key.json").exists()


REFUSED = [
    pytest.param(("--family", "logik"), "no bug of the family 'logik'", id="family"),
    pytest.param(("--target", "pypi:click"), "those of our own", id="target"),
    pytest.param(("--target", "legerlines"), "'ledgerlines'", id="target misspelt"),
    pytest.param(("--difficulty", "extreme"), "say easy, medium or hard", id="difficulty"),
    pytest.param(("nowhere",), "there is no scenario 'nowhere'", id="scenario"),
    pytest.param(("a", "b"), "several scenarios are for --vary", id="several without vary"),
    pytest.param(("a", "--vary"), "--vary needs two scenarios", id="vary with one"),
    pytest.param(("a", "--family", "logic"), "leave them or SCENARIO out", id="both"),
    pytest.param(("--key", "packs/key.json"), "lies among the packs", id="key inside"),
    pytest.param(("--roster", "other.csv"), "other.csv: can't be read", id="no roster"),
    pytest.param(
        ("--vary", "--target", "signflow", "--family", "configuration", "--difficulty", "easy"),
        "--vary needs two bugs",
        id="one bug for all",
    ),
]


@pytest.mark.parametrize(("words", "told"), REFUSED)
def test_what_cant_be_packed_is_said_in_a_line_and_nothing_is_written(
    words: tuple[str, ...], told: str, roster: Path, run: Run, tmp_path: Path
) -> None:
    given = ("--roster", roster, "--seed", "1", "--out", "packs")
    done = run("pack", *given, *words, code=2)
    assert told in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.csv"]


def test_a_folder_that_exists_is_left_as_it_is(pack: Run, tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "mine").write_text("x", "utf-8")
    done = pack("--target", "signflow", code=2)
    assert "packs: exists" in done.stderr
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["mine"]
    assert not (tmp_path / "packs-key.json").exists()


def test_a_bad_roster_is_named_with_its_line(pack: Run, roster: Path, tmp_path: Path) -> None:
    roster.write_text("name\nAda\nAda/Grace\n", "utf-8")
    done = pack(code=2)
    assert f"{roster}:3: " in done.stderr
    assert not (tmp_path / "packs").exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_killed_in_the_middle_it_leaves_no_folder_and_can_be_run_again(
    roster: Path, pack: Run, tmp_path: Path
) -> None:
    roster.write_text("id\n" + "".join(f"{n}\n" for n in range(40)), "utf-8")
    words = ("--roster", str(roster), "--seed", "1", "--out", "packs", "--target", "signflow")
    process = subprocess.Popen(
        [sys.executable, "-m", "bugbash", "pack", *words],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    staging = tmp_path / ".packs.part"
    until = time.monotonic() + 60
    while len(list(staging.glob("*/*"))) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert staging.is_dir()
    assert not (tmp_path / "packs").exists()
    assert not (tmp_path / "packs-key.json").exists()
    pack("--target", "signflow")
    assert len(list((tmp_path / "packs").iterdir())) == 40
    assert not staging.exists()


@pytest.fixture
def written(tmp_path: Path, project: Path, write_files: Write) -> list[Path]:
    """Two scenarios over the tiny project, each with a hidden test."""
    line = 'return f"[{{label({})}}]"'
    labels = ("tiny/labels.py", line.format("name, street"), line.format("street, name"))
    prices = ("tiny/prices.py", "return price >= limit", "return price > limit")
    secret = {
        "tiny/labels.py": "from tiny.labels import parcel as p\nSAID = p('x', 'y') == '[x\\ny]'\n",
        "tiny/prices.py": "from tiny.prices import is_free\nSAID = is_free(9, 9)\n",
    }
    made = []
    for file, before, after in (labels, prices):
        text = SCENARIO.format(target=project, file=file, before=before, after=after)
        hidden = f"{secret[file]}\n\ndef test_secret():\n    assert SAID\n"
        files = {"scenario.toml": text, "hidden/tests/test_more.py": hidden}
        made.append(write_files(tmp_path / Path(file).stem, files))
    return made


@pytest.mark.slow
def test_written_scenarios_are_handed_out_without_their_hidden_tests(
    written: list[Path], pack: Run, tmp_path: Path
) -> None:
    pack(*map(str, written), "--vary")
    one, two, three = given_out(key_of(tmp_path))
    assert one == three != two
    found = [path for path in (tmp_path / "packs").rglob("*") if path.is_file()]
    assert found
    for path in found:
        assert b"test_secret" not in path.read_bytes(), path
    answer = key_of(tmp_path)["scenarios"][one]
    assert answer["scenario"]["hidden"]
