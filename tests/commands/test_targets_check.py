"""`bugbash targets check`: what a target lacks is found, named and said with what to do."""

from __future__ import annotations

import datetime
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_files import TINY

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]
MakeProject = Callable[..., Path]

SICKLY = """\
import os
import random
import socket
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from tiny.prices import total

SEEN = []


@pytest.mark.parametrize("n", range(16))
def test_sound(n):
    assert total([n, 1]) == n + 1


def test_now_and_then():
    with open({counter!r}, "a") as file:
        file.write("x")
    assert os.path.getsize({counter!r}) % 2 == 1


def test_makes():
    SEEN.append(1)


def test_needs_the_other():
    assert SEEN


def test_zone():
    assert time.tzname[0] == "UTC"


def test_listing(tmp_path):
    for name in "abc":
        (tmp_path / name).touch()
    assert os.listdir(tmp_path) == ["a", "b", "c"]


def test_hashes():
    assert list({{"one", "two", "three", "four", "five", "six"}}) == {hashed!r}


def test_place():
    assert Path.cwd().parent.name == "one"


def test_locale():
    assert os.environ["LC_ALL"] == "C.UTF-8"


def test_voucher_is_valid():
    assert date.today() < date.fromisoformat({soon!r})


def test_moment():
    assert isinstance(datetime.now(), datetime) and datetime.now().date() == date.today()


def test_phones_home():
    with pytest.raises(OSError):
        socket.create_connection(("shop.example.invalid", 80))


def test_listens():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 47113))


def test_litters():
    Path("litter.txt").write_text("x")


def test_fails():
    assert total([1]) == 2
"""
JOURNEY = '''\
"""The desk prices a basket."""

WHO = "the desk"
SUBJECT = "Basket"
DETAIL = "The web form behaves the same."
CASES = {"no discount": ([100, 200], 0), "a wrong discount": ([500], -1)}


def journey(prices, percent):
    from tiny.prices import discounted, total

    print(discounted(total(prices), percent))
'''
NAMED = TINY["pyproject.toml"] + '\n[tool.bugbash]\njourneys = "journeys"\n'


def lines_of(done: Completed) -> dict[str, dict[str, Any]]:
    told = json.loads(done.stdout)
    assert told["schema"] == "bugbash/target-check/v1"
    return {line["check"]: line for line in told["checks"]}


def hashed_order() -> list[str]:
    """The order of a set of words where PYTHONHASHSEED is 0."""
    code = "print('\\n'.join({'one', 'two', 'three', 'four', 'five', 'six'}))"
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.fixture(scope="module")
def sickly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What is said of a project whose suite has every defect there is."""
    folder = tmp_path_factory.mktemp("sickly")
    soon = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    values = {"counter": str(folder / "count"), "soon": soon, "hashed": hashed_order()}
    files = {**TINY, "tests/test_sickly.py": SICKLY.format(**values)}
    for name, text in files.items():
        (folder / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tiny" / name).write_text(text, "utf-8")
    words = ["targets", "check", str(folder / "tiny"), "--sample", "6", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "bugbash", *words], capture_output=True, text=True, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    assert not (folder / "tiny" / "litter.txt").exists()
    return lines_of(done)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "test", "what"),
    [
        ("flaky tests", "now_and_then", "in equal runs: "),
        ("test order", "needs_the_other", "failed run in reversed order"),
        ("circumstances", "zone", "failed with TZ=Asia/Kolkata"),
        ("circumstances", "listing", "failed with directory listings in another order"),
        ("circumstances", "hashes", "failed with PYTHONHASHSEED="),
        ("circumstances", "place", "failed with another folder"),
        ("circumstances", "locale", "failed with LC_ALL=C"),
        ("clock", "voucher_is_valid", "failed with the date 400 days on"),
        ("network", "phones_home", ""),
        ("ports", "listens", "port 47113"),
        ("project tree", "litters", "litter.txt"),
        ("failing tests", "fails", "assert 1 == 2"),
        ("left out", "fails", "fails on the clean code"),
    ],
)  # fmt: skip
def test_a_defect_of_the_suite_is_named(
    check: str, test: str, what: str, sickly: dict[str, dict[str, Any]]
) -> None:
    line = sickly[check]
    assert (line["verdict"], bool(line["do"])) == ("lacking", True)
    name = f"tests/test_sickly.py::test_{test}"
    (item,) = [item for item in line["items"] if item.split("  ")[0] == name]
    assert what in item


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "tests"),
    [
        ("flaky tests", ["now_and_then"]),
        ("test order", ["needs_the_other"]),
        ("circumstances", ["hashes", "listing", "locale", "place", "zone"]),
        ("clock", ["voucher_is_valid"]),
        ("network", ["phones_home"]),
        ("failing tests", ["fails"]),
    ],
)  # fmt: skip
def test_no_other_test_is_blamed(
    check: str, tests: list[str], sickly: dict[str, dict[str, Any]]
) -> None:
    named = [f"tests/test_sickly.py::test_{test}" for test in tests]
    assert sickly[check]["values"]["tests"] == named


@pytest.mark.slow
def test_a_sample_is_said_to_be_one(sickly: dict[str, dict[str, Any]]) -> None:
    assert "of a sample" in sickly["mutants killed"]["says"]
    servable = sickly["servable bugs"]
    assert servable["values"]["estimated"] and "estimated" in servable["says"]
    rows = servable["values"]["families"]
    assert sum(row["tried"] for row in rows.values()) == 6
    for row in rows.values():
        share = row["servable"] / row["tried"] if row["tried"] else None
        expected = None if share is None else round(row["mutants"] * share)
        assert row["estimate"] == expected


@pytest.mark.slow
def test_a_sound_project_is_praised(tiny_project: MakeProject, run: Run) -> None:
    folder = tiny_project({"pyproject.toml": NAMED, "journeys/basket.py": JOURNEY})
    done = run("targets", "check", folder, "--sample", "60", code=0)
    assert "✗" not in done.stdout
    for line in ("flaky tests", "test order", "circumstances", "clock", "journeys", "coverage"):
        assert f"\n✓ {line} " in done.stdout
    assert "\n! code size " in done.stdout
    assert f"bugbash new {folder}" in done.stdout
    lines = lines_of(run("targets", "check", folder, "--json", code=0))
    assert (
        lines["mutants killed"]["values"]["tried"] == lines["mutants killed"]["values"]["mutants"]
    )
    assert not lines["servable bugs"]["values"]["estimated"]
    shown = lines["bugs in journeys"]["values"]
    assert 0 < shown["shown"] < shown["servable"]  # the labels have no journey


NO_CALLS = {
    "tests/test_prices.py": "import tiny.prices\n\n\ndef test_nothing():\n    assert True\n",
    "tests/test_labels.py": "import tiny.labels\n\n\ndef test_nothing():\n    assert True\n",
}


@pytest.mark.parametrize(
    ("changes", "check", "says"),
    [
        pytest.param(
            {"tests/test_prices.py": None, "tests/test_labels.py": None},
            "tests", "has no tests here", id="no tests",
        ),
        pytest.param(
            {f"tests/test_{name}.py": "def test_it():\n    assert 0\n" for name in
             ("prices", "labels")},
            "tests", "only 0 of 2 tests", id="no test that passes",
        ),
        pytest.param(
            NO_CALLS, "mutants killed", "0 % of", id="a suite that kills nothing",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"pyproject.toml": NAMED, "journeys/basket.py": JOURNEY.replace("SUBJECT", "TOPIC")},
            "journeys", "basket.py: not a journey ('SUBJECT is missing')", id="no journey",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            {"pyproject.toml": NAMED, "journeys/basket.py": f"import nowhere\n{JOURNEY}"},
            "journeys", "the journeys of tiny could not be run", id="a journey that does not run",
            marks=pytest.mark.slow,
        ),
    ],
)  # fmt: skip
def test_what_makes_a_target_unusable_is_exit_code_one(
    changes: Mapping[str, str | None], check: str, says: str, tiny_project: MakeProject, run: Run
) -> None:
    folder = tiny_project(changes)
    line = lines_of(run("targets", "check", folder, "--sample", "25", "--json", code=1))[check]
    assert (line["verdict"], bool(line["do"])) == ("unusable", True)
    assert says in line["says"]


@pytest.mark.slow
def test_a_sample_that_is_too_small_for_a_verdict_is_said_to_be(
    tiny_project: MakeProject, run: Run
) -> None:
    done = run("targets", "check", tiny_project(NO_CALLS), "--sample", "3", "--json", code=0)
    line = lines_of(done)["mutants killed"]
    assert line["verdict"] == "lacking"
    assert line["says"].startswith("0 of 3 mutants of a sample (of ")
    assert line["says"].endswith(") are noticed: too few for a verdict")
    assert "--sample" in line["do"]


@pytest.mark.slow
def test_a_scan_that_can_be_typed_follows_a_suite_that_notices_little(
    tiny_project: MakeProject, run: Run
) -> None:
    little = "from tiny.labels import size\n\n\ndef test_it():\n    assert size(1) == 'small'\n"
    folder = tiny_project({**NO_CALLS, "tests/test_labels.py": little})
    words = (str(folder), "--tests", "tests/test_labels.py")
    done = run("targets", "check", *words, "--json", code=0)
    do = lines_of(done)["mutants killed"]["do"]
    scan = f"bugbash scan {shlex.join(words)} --html survivors.html"
    assert f"`{scan}` shows what survives" in do
    run(*shlex.split(scan)[1:], code=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import os\n    print(os.environ['TZ'])", "prints something else in another run"),
        ("print(prizes)", "ends in an error of the journey itself"),
    ],
    ids=["another output each time", "a misspelt name"],
)
def test_cases_that_can_not_be_relied_on_are_named(
    body: str, said: str, tiny_project: MakeProject, run: Run
) -> None:
    journey = JOURNEY[: JOURNEY.index("    from tiny")] + f"    {body}\n"
    folder = tiny_project({"pyproject.toml": NAMED, "journeys/basket.py": journey})
    done = run("targets", "check", folder, "--sample", "1", "--json", code=0)
    line = lines_of(done)["journeys"]
    assert line["verdict"] == "lacking"
    assert line["items"] == [
        f"basket: {case}  {said}" for case in ("no discount", "a wrong discount")
    ]


def test_what_does_not_need_a_run_is_said_of_an_unusable_target_too(
    tiny_project: MakeProject, run: Run
) -> None:
    failing = {
        f"tests/test_{name}.py": "def test():\n    assert 0\n" for name in ("prices", "labels")
    }
    folder = tiny_project({**failing, "README.md": None, "tiny/fast.so": b"\x7fELF"})
    done = run("targets", "check", folder, code=1)
    assert "\n! README           missing" in done.stdout
    assert "\n! compiled files   1 " in done.stdout and "tiny/fast.so" in done.stdout
    assert done.stdout.rstrip().endswith("1 thing is in the way, 3 are lacking.")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("nowhere",), 2, "Unknown target 'nowhere'"),
        (("./nowhere",), 2, "There is no folder ./nowhere"),
        (("billcycle", "--sample", "0"), 2, "--sample"),
        (("billcycle", "--tests", "nowhere"), 2, "--tests nowhere: the target has no such file"),
    ],
    ids=["a name", "a folder", "an empty sample", "tests that are missing"],
)
def test_what_nobody_knows_is_a_usage_error(
    words: tuple[str, ...], code: int, says: str, run: Run
) -> None:
    assert says in run("targets", "check", *words, code=code).stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", NAMED),
        ("pyproject.toml", NAMED.replace("[tool.bugbash]", "[tool.bugbash.target]")),
        ("bugbash-target.toml", 'journeys = "journeys"\n'),
    ],
    ids=["tool.bugbash", "tool.bugbash.target", "a file beside"],
)
def test_the_journeys_of_a_folder_stay_out_of_its_tree(
    file: str, text: str, tiny_project: MakeProject, run: Run
) -> None:
    folder = tiny_project({file: text, "journeys/basket.py": JOURNEY})
    told = json.loads(run("targets", "show", folder, "--json", code=0).stdout)
    assert told["spec"]["journeys"] == "journeys"
    tree = Path(told["tree"])
    assert not (tree / "journeys").exists()
    assert (tree / "tiny" / "prices.py").is_file()
    assert (folder / "journeys" / "basket.py").is_file()


@pytest.mark.slow
def test_bugs_of_a_folder_are_told_and_judged_by_its_journeys(
    tiny_project: MakeProject, run: Run, tmp_path: Path
) -> None:
    folder = tiny_project({"pyproject.toml": NAMED, "journeys/basket.py": JOURNEY})
    for seed in range(12):
        place = tmp_path / f"ws-{seed}"
        words = ("--source", "tiny/prices.py", "--seed", str(seed), "--dir", place)
        run("new", folder, *words, code=0)
        if (place / "FAILURE_REPORT.md").read_text("utf-8").startswith("# Basket"):
            break
    else:
        pytest.fail("no bug was told by the journey")
    shutil.copy(folder / "tiny" / "prices.py", place / "tiny" / "prices.py")
    grade = json.loads(run("check", "--json", cwd=place, code=0).stdout)
    assert grade["differential"]["telling"] > 0
