"""docs/scenarios.md says what is so, and its example holds."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bugbash.serving.anchors import anchor_all
from bugbash.serving.order import Voice
from bugbash.serving.serve_written import ground_of
from bugbash.serving.written import ACCEPTED, REJECTED, read
from tests.scenario_files import write_scenario

Run = Callable[..., subprocess.CompletedProcess[str]]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPECIAL = "rejected/test-alone.patch"
SPECIAL_CASE = """\
--- a/parcelrate/conversion.py
+++ b/parcelrate/conversion.py
@@ -67,3 +67,3 @@
         allowed = None if only is None else {name.casefold() for name in only}
-        most = self.max_hops
+        most = 1 if policy is Policy.DIRECT and money.minor == 100 else self.max_hops
         routes = self._routes(money.currency, target, most, allowed)
"""
"""What makes the failing test pass and leaves the symptom for every other amount."""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example of the page, as a folder."""
    files = dict(BLOCK.findall(PAGE.read_text("utf-8")))
    return write_scenario(tmp_path / "no-detours", files.pop("scenario.toml"), files)


@pytest.mark.parametrize("what", ["schema", "list"])
def test_the_tables_of_the_page_are_those_that_are_printed(run: Run, what: str) -> None:
    printed = run("scenario", what, "--markdown", code=0).stdout
    assert printed.startswith(("###", "| scenario |"))
    assert f"-->\n{printed}<!-- end -->" in PAGE.read_text("utf-8")


def test_the_example_of_the_page_reads_and_is_found_in_the_code(example: Path) -> None:
    written = read(example)
    assert written.rubric == {"hypothesis": 16, "clean up": 8}
    assert written.report.startswith(f"# {written.title}\n")
    assert [len(written.patches(folder)) for folder in (ACCEPTED, REJECTED)] == [1, 1]
    (found,) = anchor_all(written, ground_of(written, Voice()).target)
    assert found.before == written.bugs[0].before


@pytest.mark.slow
def test_the_example_of_the_page_holds_and_a_special_case_of_its_test_solves_nothing(
    run: Run, example: Path
) -> None:
    write_scenario(example, (example / "scenario.toml").read_text("utf-8"), {SPECIAL: SPECIAL_CASE})
    done = run("scenario", "check", example, code=0)
    assert re.search(f"✓ {SPECIAL} +not solved: the symptom is still there", done.stdout)
    assert "✓ accepted/if.patch" in done.stdout
    assert "✓ rejected/shortest.patch" in done.stdout
    names = re.findall(r"^  ✓ (.+?)(?:  | \d)", done.stdout, re.MULTILINE)
    page = PAGE.read_text("utf-8")
    for name in names:
        assert name.partition("/")[0] in page, f"{name} is not on the page"
