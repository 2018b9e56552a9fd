"""`bugbash scan` as it is typed: what it prints, what it writes, and where it refuses."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.test_scan_page import Page

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]
COLD = ("--engine", "cold", "--sample", "4")
"""Tried once, and stored for the tests after that: no engine has to be made ready."""
ROOT = Path(__file__).resolve().parents[2]
ODD = "tiny/<img src=x onerror=alert(1)>.py"
ODD_FILES = {
    ODD: '"""</script><b>"""\n\n\ndef pick(a: int, b: int) -> int:\n    return a if a > b else b\n',
    "tests/test_odd.py": """\
import pytest


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "[red]"])
def test_name(name):
    assert name
""",
}


def test_the_whole_result_is_printed(run: Run, project: Path) -> None:
    (project / "NOTES.txt").write_text("scanned by nobody before")
    text = run("scan", project, "--sample", "4", code=0).stdout
    for part in (
        "tests, 0 left out; a sample of 4 of",
        "mutator",
        "Servable bugs by family and difficulty",
        "Files, those with the most survivors first",
        "Tests that never killed anything",
        "Only a whole scan with --until all can tell",
        "tried again cold: 0 differ.",
        "4 mutants",
        f"bugbash new {project}",
        "--sample 4 --html scan.html",
    ):
        assert part in text, part
    again = run("scan", project, "--sample", "4", code=0).stdout
    assert "4 mutants, all stored from an earlier scan." in again


def test_a_whole_scan_names_the_tests_that_never_kill(run: Run, tiny_project: Project) -> None:
    idle = {"tests/test_idle.py": "def test_idle():\n    assert True\n"}
    folder = tiny_project(idle)
    text = run("scan", folder, code=0).stdout
    assert "  tests/test_idle.py::test_idle\n" in text
    text = run("scan", folder, "--until", "first", code=0).stdout
    assert "test_idle" not in text
    assert "use --until 10 or all" in text


@pytest.mark.parametrize("width", ["60", "80", "200"])
@pytest.mark.parametrize(
    "colour", [{"NO_COLOR": None}, {"NO_COLOR": "1"}], ids=["pipe", "NO_COLOR"]
)
def test_names_are_whole_and_plain_at_any_width(
    width: str, colour: dict[str, str | None], run: Run, project: Path
) -> None:
    done = run("scan", project, *COLD, code=0, env={"COLUMNS": width, **colour})
    mutators = json_mutators(run, project)
    assert "\x1b" not in done.stdout + done.stderr
    assert "…" not in done.stdout
    for name in mutators:
        assert re.search(rf"^{name} ", done.stdout, re.MULTILINE), name
    table = done.stdout.split("\nServable")[0].splitlines()[1:]
    assert max(len(line) for line in table) <= int(width)


def json_mutators(run: Run, project: Path) -> set[str]:
    rows = run("scan", project, *COLD, "--json", code=0).stdout.splitlines()
    return {json.loads(row)["mutator"] for row in rows}


def test_the_page_is_written_and_json_stays_json(run: Run, project: Path, tmp_path: Path) -> None:
    page = tmp_path / "with space" / "scan.html"
    page.parent.mkdir()
    done = run("scan", project, *COLD, "--json", "--html", page, code=0)
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 4
    assert done.stderr.splitlines()[-1] == f"Wrote {page}"
    assert "a sample of 4 of" in Page(page.read_text("utf-8")).text
    assert [file.name for file in page.parent.iterdir()] == ["scan.html"]


def test_strangers_names_stay_names(run: Run, tiny_project: Project, tmp_path: Path) -> None:
    folder = tiny_project(ODD_FILES)
    done = run("scan", folder, "--html", "scan.html", code=0, env={"COLUMNS": "200"})
    assert ODD in done.stdout
    assert "test_name[<script>alert(1)</script>]" in done.stdout
    page = Page((tmp_path / "scan.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert ODD in page.text
    assert not [name for name, _ in page.attributes if name.startswith("on")]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("nowhere/scan.html", "there is no folder"),
        (".", "is no file"),
        ("-", "is no file"),
        (os.devnull, "is no file"),
        ("file/scan.html", "there is no folder"),
        ("x" * 300, "can't be written"),
        ("loop", "can't be written"),
    ],
    ids=["no folder", "folder", "dash", "device", "below a file", "long", "links in a circle"],
)
def test_a_page_that_can_not_be_written_is_told_before_the_work(
    file: str, why: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    done = run("scan", "no-such-target", "--html", file, code=2)
    assert why in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"file", "loop"}


def test_a_page_takes_the_place_of_the_one_a_link_leads_to(
    run: Run, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    run("scan", project, *COLD, "--html", "link.html", code=0)
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text("utf-8") != "old"


def test_an_interrupted_scan_leaves_the_old_page(run: Run, project: Path, tmp_path: Path) -> None:
    (tmp_path / "scan.html").write_text("old")
    run("scan", project, "--family", "no-such-family", "--html", "scan.html", code=2)
    assert (tmp_path / "scan.html").read_text() == "old"


def test_the_options_typed_are_in_the_next_steps(run: Run, tiny_project: Project) -> None:
    folder = tiny_project(name="a shop")
    words = ("--mutator", "boundary-comparison", "--tests", "tests/test_prices.py")
    text = run("scan", folder, *words, *COLD[:2], code=0).stdout
    target = f"'{folder}' --tests tests/test_prices.py"
    assert f"bugbash new {target} --mutator boundary-comparison" in text
    assert f"bugbash scan {target} --mutator boundary-comparison --html scan.html" in text
    assert "this one tried the chosen mutators" in text


@pytest.mark.parametrize("words", [["--help"], ["scan", "--help"]], ids=str)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = """\
import sys
from bugbash.cli import run
try:
    run(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0
    assert {"rich", "jinja2", "libcst", "git", "pytest"} & set(done.stderr.split()) == set()


def test_the_wheel_carries_the_templates() -> None:
    from hatchling.builders.wheel import WheelBuilder

    files = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    templates = {f"bugbash/pages/templates/{name}" for name in ("scan.html", "scan.css")}
    assert templates <= files


@pytest.mark.slow
def test_a_browser_opens_the_page_and_runs_nothing_on_it(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        assert not os.environ.get("CI"), "CI needs chromium"
        pytest.skip("no chromium here")
    run("scan", tiny_project(ODD_FILES), "--html", "scan.html", code=0)
    flags = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--dump-dom",
        "--virtual-time-budget=2000",
    )
    done = subprocess.run(
        [
            browser,
            *flags,
            f"--user-data-dir={tmp_path / 'chrome'}",
            (tmp_path / "scan.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    dom = done.stdout
    assert "<title>Scan of " in dom
    assert "<script" not in dom
    assert "<img" not in dom
    assert dom.count('<details class="file">') == 3
    assert "Refused" not in done.stderr
