"""`bugbash export`: rows that the loaders of SWE-bench and SWE-smith take, and git with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bugbash.serving import catalogue
from bugbash.serving.levels import level
from bugbash.targets import vendored
from bugbash.targets.history import index as indexes
from bugbash.workspace.make import REPORT
from tests.pages.swebench_schema import check

Run = Callable[..., subprocess.CompletedProcess[str]]

FORMATS = ("swebench", "swesmith")


def rows_of(done: subprocess.CompletedProcess[str], format: str) -> list[dict[str, Any]]:
    return [check(format, line) for line in done.stdout.splitlines()]


def catalogued(name: str) -> catalogue.Catalogue:
    found = catalogue.load(name)
    assert found is not None
    return found


@pytest.mark.parametrize("format", FORMATS)
def test_all_that_ships_is_of_the_format_and_each_bug_comes_once(format: str, run: Run) -> None:
    done = run("export", "--format", format, code=0)
    rows = rows_of(done, format)
    bugs = sum(len(catalogued(name).entries) for name in vendored.names())
    left_out = done.stderr.count("is left out: its failing tests have white space")
    assert len(rows) == bugs - left_out > 300
    assert left_out < 5
    for key in ("instance_id", "base_commit", "patch"):
        assert len({row[key] for row in rows}) == len(rows)
    assert f"{len(rows)} instances" in done.stderr


def test_a_row_is_what_the_catalogue_says_of_the_bug(run: Run) -> None:
    known = {entry.bug.id: entry for entry in catalogued("ledgerlines").entries}
    bench = rows_of(run("export", "--format", "swebench", "ledgerlines", code=0), "swebench")
    smith = rows_of(run("export", "--format", "swesmith", "ledgerlines", code=0), "swesmith")
    assert len(bench) == len(smith) == len(known)
    for one, other in zip(bench, smith, strict=True):
        entry = known[one["instance_id"].rpartition("-")[2]]
        kind = entry.bug.mutator.replace("-", "_")
        assert other["instance_id"].endswith(f".{kind}__{entry.bug.id}")
        assert json.loads(one["FAIL_TO_PASS"]) == other["FAIL_TO_PASS"]
        assert json.loads(one["PASS_TO_PASS"]) == other["PASS_TO_PASS"]
        failing, passing = set(other["FAIL_TO_PASS"]), set(other["PASS_TO_PASS"])
        assert failing == set(entry.bug.fail_to_pass)
        assert failing | passing == set(catalogued("ledgerlines").tests)
        assert not failing & passing
        assert one["problem_statement"] == other["problem_statement"] == entry.ticket.render()
        assert (one["test_patch"], one["hints_text"], one["version"]) == ("", "", "2.4")


def git(*words: str, cwd: Path, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *words], cwd=cwd, input=stdin.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


def clone(repository: Path, branch: str, folder: Path) -> Path:
    words = ("--branch", branch, "--single-branch", str(repository), str(folder))
    git("clone", "-q", *words, cwd=repository)
    return folder


def same_files(folder: Path, tree: Path) -> bool:
    def files(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(root).parts
        }

    return files(folder) == files(tree)


SAMPLE = ("ledgerlines", "signflow", "--limit", "6", "--seed", "3")


def test_the_patch_mends_the_base_commit_to_the_clean_files_byte_for_byte(
    run: Run, tmp_path: Path
) -> None:
    done = run("export", "--format", "swebench", *SAMPLE, "--repositories", "repos", code=0)
    rows = rows_of(done, "swebench")
    assert len(rows) == 6
    for row in rows:
        tree = vendored.prepare(row["repo"].partition("/")[2]).tree
        repository = tmp_path / "repos" / f"{row['repo']}.git"
        folder = clone(repository, row["instance_id"], tmp_path / row["instance_id"])
        assert git("rev-parse", "HEAD", cwd=folder).strip() == row["base_commit"]
        assert git("rev-list", "--all", cwd=folder).split() == [row["base_commit"]]
        assert not (folder / REPORT).exists()
        assert not same_files(folder, tree)
        git("apply", "-", cwd=folder, stdin=row["patch"])
        assert same_files(folder, tree)
    words = done.stderr.splitlines()[-1].removeprefix("Next: git ").split()
    git(*words, "as-told", cwd=tmp_path)


def test_the_patch_of_swe_smith_breaks_the_clean_code_and_backwards_mends_it(
    run: Run, tmp_path: Path
) -> None:
    done = run("export", "--format", "swesmith", *SAMPLE, "--repositories", "repos", code=0)
    for row in rows_of(done, "swesmith"):
        tree = vendored.prepare(row["repo"].partition("__")[2].partition(".")[0]).tree
        repository = tmp_path / "repos" / f"{row['repo']}.git"
        folder = clone(repository, row["instance_id"], tmp_path / row["instance_id"])
        head, parent = git("rev-parse", "HEAD", "HEAD~1", cwd=folder).split()
        assert head == row["base_commit"]
        assert parent == git("rev-parse", "main", cwd=repository).strip()
        assert row["repo"].endswith(f".{parent[:8]}")
        assert row["image_name"].endswith(f".{parent[:8]}")
        git("apply", "--reverse", "-", cwd=folder, stdin=row["patch"])
        assert same_files(folder, tree)
        git("apply", "-", cwd=folder, stdin=row["patch"])
        assert git("status", "--porcelain", cwd=folder) == ""


def failing_in(folder: Path) -> set[str]:
    """What fails of the suite, as SWE-bench's parser reads it: "FAILED id - why"."""
    words = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist"]
    environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert any(line.startswith("PASSED ") for line in lines)
    return {line.split()[1] for line in lines if line.startswith(("FAILED ", "ERROR "))}


def test_the_base_commit_fails_what_is_said_and_the_patch_passes_all(
    run: Run, tmp_path: Path
) -> None:
    words = ("ledgerlines", "--limit", "1", "--repositories", "repos")
    (row,) = rows_of(run("export", "--format", "swebench", *words, code=0), "swebench")
    folder = clone(tmp_path / f"repos/{row['repo']}.git", row["instance_id"], tmp_path / "x")
    assert failing_in(folder) == set(json.loads(row["FAIL_TO_PASS"]))
    git("apply", "-", cwd=folder, stdin=row["patch"])
    assert failing_in(folder) == set()


HIDDEN = "billcycle/no-late-fee-in-auckland"


def test_a_scenario_with_hidden_tests_has_them_in_its_test_patch(run: Run, tmp_path: Path) -> None:
    words = ("--scenario", HIDDEN, "--scenario", HIDDEN, "--repositories", "repos")
    (row,) = rows_of(run("export", "--format", "swebench", *words, code=0), "swebench")
    assert row["instance_id"] == "bugbash__billcycle-no-late-fee-in-auckland"
    folder = clone(tmp_path / f"repos/{row['repo']}.git", row["instance_id"], tmp_path / "x")
    files = {test.partition("::")[0] for test in json.loads(row["FAIL_TO_PASS"])}
    assert not any((folder / file).exists() for file in files)
    git("apply", "-", cwd=folder, stdin=row["test_patch"])
    assert all((folder / file).is_file() for file in files)
    assert failing_in(folder) >= set(json.loads(row["FAIL_TO_PASS"]))
    git("apply", "-", cwd=folder, stdin=row["patch"])
    assert failing_in(folder) == set()
    for hint in row["hints_text"].split("\n\n"):
        assert hint


def test_targets_and_scenarios_go_together(run: Run) -> None:
    words = ("signflow", "--limit", "2", "--scenario", HIDDEN)
    rows = rows_of(run("export", "--format", "swesmith", *words, code=0), "swesmith")
    assert [row["repo"].partition(".")[0] for row in rows] == [
        "bugbash/bugbash__signflow",
        "bugbash/bugbash__signflow",
        "bugbash/bugbash__billcycle",
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_words_give_the_same_bytes(format: str, run: Run, tmp_path: Path) -> None:
    words = ("export", "--format", format, "signflow", "--limit", "9")
    elsewhere = {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "1", "LC_ALL": "C", "USER": "x"}
    (tmp_path / "there").mkdir()
    once = run(*words, env={"PYTHONHASHSEED": "0"}, code=0)
    again = run(*words, "--out", "rows.jsonl", cwd=tmp_path / "there", env=elsewhere, code=0)
    assert (tmp_path / "there/rows.jsonl").read_bytes() == once.stdout.encode()
    assert again.stdout == ""


def test_what_is_asked_for_is_what_comes(run: Run) -> None:
    words = ("--family", "logic", "--family", "library", "--difficulty", "hard")
    done = run("export", "--format", "swebench", "paylane", "parcelrate", *words, code=0)
    ids = {row["instance_id"] for row in rows_of(done, "swebench")}
    assert ids == {
        f"bugbash__{name}-{entry.bug.id}"
        for name in ("paylane", "parcelrate")
        for entry in catalogued(name).entries
        if entry.bug.family in ("logic", "library")
        if entry.bug.difficulty is not None and level(entry.bug.difficulty) == "hard"
    }
    mutator = catalogued("paylane").entries[0].bug.mutator
    done = run("export", "--format", "swesmith", "paylane", "--mutator", mutator, code=0)
    kinds = {
        row["instance_id"].split(".")[2].partition("__")[0] for row in rows_of(done, "swesmith")
    }
    assert kinds == {mutator.replace("-", "_")}


def test_a_limit_is_drawn_by_the_seed_from_all_of_them(run: Run) -> None:
    def ids(*words: str) -> list[str]:
        done = run("export", "--format", "swebench", "signflow", "restdesk", *words, code=0)
        return [row["instance_id"] for row in rows_of(done, "swebench")]

    every = ids()
    few = ids("--limit", "8")
    assert len(few) == 8
    assert few == [id for id in every if id in few]
    assert few == ids("--limit", "8", "--seed", "0")
    assert few != ids("--limit", "8", "--seed", "1")
    assert ids("--limit", "500") == every


def test_the_owner_is_who_publishes(run: Run) -> None:
    words = ("signflow", "--limit", "1", "--owner", "My-School")
    (row,) = rows_of(run("export", "--format", "swesmith", *words, code=0), "swesmith")
    assert row["repo"].startswith("My-School/My-School__signflow.")
    assert row["image_name"].startswith("my-school/swesmith.x86_64.my-school_1776_signflow.")


PROJECT = {
    "pyproject.toml": """\
[project]
name = "tinyshop"
version = "1.2.3"

[tool.pytest.ini_options]
testpaths = ["tests"]
""",
    "tinyshop/__init__.py": "",
    "tinyshop/prices.py": """\
def total(prices):
    return sum(prices)


def parse(text):
    return int(text)
""",
    "tests/test_prices.py": """\
import pytest

from tinyshop.prices import parse, total


def test_total():
    assert total([1, 2]) == 3


def test_parse():
    assert parse("7") == 7


@pytest.mark.skipif("True")
def test_elsewhere():
    raise AssertionError
""",
    "CHANGES.md": "# Changes\n",
}
FIX = {
    "tinyshop/prices.py": PROJECT["tinyshop/prices.py"].replace(
        "int(text)", 'int(text.replace(",", ""))'
    ),
    "tests/test_prices.py": PROJECT["tests/test_prices.py"]
    + """\


def test_parse_with_commas():
    assert parse("1,000") == 1000
""",
    "CHANGES.md": "# Changes\n\n- Commas are read.\n",
}
COMMA = "tests/test_prices.py::test_parse_with_commas"


@dataclass(frozen=True)
class Library:
    clone: Path
    base: str
    fix: str


@pytest.fixture
def library(tmp_path: Path, write_files: Callable[..., Path], bugbash_home: Path) -> Library:
    """A library of two commits, the second a fix, and the index that knows it as "tinyshop"."""
    clone = write_files(tmp_path / "clones/tinyshop", PROJECT)
    git("init", "-q", ".", cwd=clone)
    ids = []
    for subject, files in (("Begin", {}), ("Read commas (#12)", FIX)):
        write_files(clone, files)
        git("add", "-A", cwd=clone)
        git("commit", "-q", "-m", subject, "--date", "2020-05-01T12:00:00Z", cwd=clone)
        ids.append(git("rev-parse", "HEAD", cwd=clone).strip())
    when = int(git("log", "-1", "--format=%ct", cwd=clone))
    entry = indexes.Entry(
        fix_commit=ids[1], base_commit=ids[0], when=when, files=("tinyshop/prices.py",), added=1,
        removed=1, trait="other", family="validation", fail_to_pass=(COMMA,), tests=3, left_out=(),
        ignored_files=(), python=f"{sys.version_info[0]}.{sys.version_info[1]}",
        lock=indexes.keep_lock(["pytest"], bugbash_home / "real"),
    )  # fmt: skip
    url = "https://example.invalid/some-shop/TinyShop.git"
    known = indexes.Index("tinyshop", url, (entry,))
    indexes.save(known, indexes.own_path("tinyshop"))
    return Library(clone, *ids)


def test_a_real_bug_is_told_by_its_own_history(library: Library, run: Run, tmp_path: Path) -> None:
    words = ("--real", "tinyshop", "--repo", library.clone)
    done = run("export", "--format", "swebench", *words, code=0)
    (row,) = rows_of(done, "swebench")
    assert row["repo"] == "some-shop/TinyShop"
    assert row["instance_id"] == f"some-shop__TinyShop-{library.fix[:12]}"
    assert row["base_commit"] == library.base
    assert row["version"] == "1.2"
    passing = [f"tests/test_prices.py::test_{name}" for name in ("parse", "total")]
    assert json.loads(row["PASS_TO_PASS"]) == passing, "a skipped test is to them one that fails"
    assert "in the histories of the libraries" in done.stderr
    folder = tmp_path / "x"
    git("clone", "-q", str(library.clone), str(folder), cwd=tmp_path)
    git("checkout", "-q", row["base_commit"], cwd=folder)
    assert failing_in(folder) == set()
    git("apply", "-", cwd=folder, stdin=row["test_patch"])
    assert failing_in(folder) == set(json.loads(row["FAIL_TO_PASS"])) == {COMMA}
    git("apply", "-", cwd=folder, stdin=row["patch"])
    assert failing_in(folder) == set()
    changed = git("diff", "--name-only", library.fix, cwd=folder).split()
    assert changed == ["CHANGES.md"]
    assert "ommas are read" not in done.stdout


def test_a_real_bug_of_swe_smith_lies_on_top_of_its_clean_code(
    library: Library, run: Run, tmp_path: Path
) -> None:
    real = f"tinyshop@{library.fix[:8]}"
    words = ("--real", real, "--real", "tinyshop", "--repo", library.clone)
    done = run("export", "--format", "swesmith", *words, "--repositories", "repos", code=0)
    (row,) = rows_of(done, "swesmith")
    assert row["repo"].startswith("bugbash/some-shop__TinyShop.")
    assert f".real__{library.fix[:12]}" in row["instance_id"]
    folder = clone(tmp_path / f"repos/{row['repo']}.git", row["instance_id"], tmp_path / "x")
    assert git("rev-parse", "HEAD", cwd=folder).strip() == row["base_commit"]
    assert failing_in(folder) == set(row["FAIL_TO_PASS"]) == {COMMA}
    git("apply", "--reverse", "-", cwd=folder, stdin=row["patch"])
    assert failing_in(folder) == set()


REFUSED_REAL: list[Any] = [
    pytest.param(("--real", "tinyshp"), "Did you mean 'tinyshop'?", id="library"),
    pytest.param(("--real", "tinyshop@0000000"), "no fix '0000000'", id="commit"),
    pytest.param(
        ("--real", "tinyshop", "--family", "logic"), "There are: validation.", id="family"
    ),
    pytest.param(("--real", "tinyshop", "--mutator", "x"), "leave --mutator out", id="mutator"),
    pytest.param(("signflow", "--repo", "x"), "leave --repo out", id="a clone of nothing"),
    pytest.param(("--real", "tinyshop", "--repo", "x"), "x", id="no clone"),
]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("words", "told"), REFUSED_REAL)
def test_what_is_asked_wrongly_of_real_bugs_is_said_in_a_line(
    words: tuple[str, ...], told: str, run: Run
) -> None:
    done = run("export", "--format", "swebench", *words, code=2)
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)
    assert told in done.stderr


REFUSED: list[Any] = [
    pytest.param(("--format", "swebnech"), "Did you mean 'swebench'?", id="format"),
    pytest.param(("--format", "x"), "There are: swebench, swesmith.", id="format far off"),
    pytest.param(("ledgerlins",), "Did you mean 'ledgerlines'?", id="target"),
    pytest.param(("pypi:click",), "only our own targets have", id="target of others"),
    pytest.param(("--family", "logik"), "Did you mean 'logic'?", id="family"),
    pytest.param(("--mutator", "wrong-valeu"), "'wrong-value'", id="mutator"),
    pytest.param(("--difficulty", "extreme"), "say easy, medium or hard", id="difficulty"),
    pytest.param(
        ("signflow", "--family", "configuration", "--mutator", "drop-encoding"),
        "no bug there is all of that",
        id="nothing is all of that",
    ),
    pytest.param(("--scenario", "nowhere"), "there is no scenario 'nowhere'", id="scenario"),
    pytest.param(("--scenario", HIDDEN, "--limit", "1"), "leave --limit out", id="both"),
    pytest.param(("--owner", "a/b"), "--owner a/b: letters, digits", id="owner"),
    pytest.param(("--out", "there.txt"), "exists; name another file", id="out exists"),
    pytest.param(("--out", "no/x.jsonl"), "there is no folder", id="out in no folder"),
    pytest.param(("--out", "."), "is no file", id="out is a folder"),
    pytest.param(("--out", "rows/../closed/x"), "--out rows/../closed/x", id="out not writable"),
    pytest.param(("--repositories", "closed"), "exists; name another folder", id="repositories"),
    pytest.param(("--repositories", "no/x"), "there is no folder", id="repositories in none"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED)
def test_what_cant_be_exported_is_said_in_a_line_and_nothing_is_written(
    words: tuple[str, ...], told: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "there.txt").write_text("mine")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/x").mkdir()
    before = sorted(tmp_path.rglob("*"))
    format = () if "--format" in words else ("--format", "swebench")
    done = run("export", *format, *words, code=2)
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "there.txt").read_text() == "mine"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "bugbash", "export", "--format", "swebench", "signflow"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said
    assert process.returncode == 0
