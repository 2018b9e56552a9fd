"""`bugbash scenario check`: what holds, what does not, and the proof that is kept."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.serving import certificate as certificates
from bugbash.serving.draft_text import Draft, report_text
from bugbash.serving.written import read
from tests.scenario_files import FIXED, HIDDEN, LIMIT, SWAPPED, TURNED_ROUND, write_scenario

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]


@pytest.fixture
def lines(run: Run, tiny_project: Project, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Checks a scenario over the tiny project: "VERDICT: what is told" by the lines' names."""

    def check(
        text: str = SWAPPED,
        files: Mapping[str, str | bytes] | None = None,
        code: int = 0,
        project: Mapping[str, str | bytes | None] | None = None,
    ) -> dict[str, str]:
        tiny_project(project)
        folder = write_scenario(tmp_path / "mine", text, files)
        done = run("scenario", "check", folder, "--json", code=code)
        (found,) = json.loads(done.stdout)["scenarios"]
        assert found["ok"] == (code == 0)
        return {line["name"]: f"{line['verdict']}: {line['told']}" for line in found["lines"]}

    return check


def test_a_right_scenario_holds_in_every_point_and_is_trusted_from_then_on(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    files = {
        "hidden/tests/test_more.py": HIDDEN,
        "accepted/by-name.patch": FIXED,
        "rejected/turned-round.patch": TURNED_ROUND,
    }
    folder = write_scenario(tmp_path / "mine", files=files)
    done = run("scenario", "check", folder, code=0)
    assert "✗" not in done.stdout
    for name in ("hidden tests fail", "accepted/by-name.patch", "rejected/turned-round.patch"):
        assert f"✓ {name}" in done.stdout
    assert "breaks 2 tests, the same in all 3 conditions" in done.stdout
    proof = (folder / "certificate.json").read_bytes()
    assert "proving" not in run("new", "--scenario", folder, "--dir", "ws", code=0).stderr
    assert not (tmp_path / "ws" / "tests" / "test_more.py").exists()
    run("scenario", "check", folder, code=0)
    assert (folder / "certificate.json").read_bytes() == proof


def test_without_writing_nothing_is_written(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    folder = write_scenario(tmp_path / "mine")
    run("scenario", "check", folder, "--no-write", code=0)
    assert [path.name for path in folder.iterdir()] == ["scenario.toml"]


def test_a_certificate_that_can_not_be_written_is_told_in_a_line(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    folder = write_scenario(tmp_path / "mine")
    (folder / "certificate.json").mkdir()
    done = run("scenario", "check", folder, code=3)
    assert "certificate.json can't be written" in done.stdout
    assert "✓ reference fix" in done.stdout


def test_a_proof_keeps_the_systems_of_earlier_ones_while_its_files_stay(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    folder = write_scenario(tmp_path / "mine")
    run("scenario", "check", folder, code=0)
    written = read(folder)
    proof = certificates.load(written)
    assert proof is not None
    certificates.save(written, replace(proof, proved_on=("another system",)))
    run("scenario", "check", folder, code=0)
    again = certificates.load(written)
    assert again is not None
    assert set(again.proved_on) == {"another system", *proof.proved_on}
    write_scenario(folder, SWAPPED.replace("minutes = 20", "minutes = 25"))
    run("scenario", "check", folder, code=0)
    anew = certificates.load(read(folder))
    assert anew is not None
    assert anew.proved_on == proof.proved_on


OWN_REPORT = SWAPPED.replace("[[bug]]", 'report = "report.md"\n\n[[bug]]')
FAULTS = {
    "an accepted patch that does not solve it": (
        SWAPPED, {"accepted/wrong.patch": TURNED_ROUND}, "accepted/wrong.patch",
        "fails: is not solved", 1,
    ),
    "a rejected patch that solves it": (
        SWAPPED, {"rejected/right.patch": FIXED}, "rejected/right.patch",
        "fails: is solved, and must not be", 1,
    ),
    "a patch that does not apply": (
        SWAPPED, {"accepted/old.patch": FIXED.replace("street, name", "road, name")},
        "accepted/old.patch", "old.patch:3 does not apply to the broken code", 2,
    ),
    "something that is no patch": (
        SWAPPED, {"accepted/notes.patch": "take the names\n"}, "accepted/notes.patch",
        "notes.patch does not apply", 2,
    ),
    "a hint that says nothing": (
        SWAPPED.replace("Follow one address from the test to the frame.", "Look closely."), {},
        "hints", "scenario.toml:13: hint 1 says too little", 1,
    ),
    "a first hint that names the file": (
        SWAPPED.replace("Follow one address", "Look into labels.py and follow it"), {},
        "hints", "hint 1 names the file tiny/labels.py", 1,
    ),
    "a second hint that names the function": (
        SWAPPED.replace('frame.", ""', 'frame.", "It is `parcel` that does it."'), {},
        "hints", "hint 2 names the function parcel", 1,
    ),
    "a third hint that quotes the line": (
        SWAPPED.replace('"", ""]', "\"There, at return f'[{label( street,name )}]'\"]").replace(
            "f'[", 'f\\"['
        ).replace("]'", ']\\"'), {},
        "hints", "quotes the changed code", 1,
    ),
    "a hint that is the title": (
        SWAPPED.replace(
            "Follow one address from the test to the frame.",
            "parcels carry the street above the name.",
        ), {}, "hints", "hint 1 is the title once more", 1,
    ),
    "no explanation": (
        SWAPPED.replace("The two texts are handed on in the wrong order, and nothing complains.",
                        "Wrong."), {}, "explanation", "the explanation says too little", 1,
    ),
    "two minutes": (
        SWAPPED.replace("minutes = 20", "minutes = 2"), {}, "minutes",
        "scenario.toml:4: 2 minutes", 1,
    ),
    "a rubric in which the fix is worth nothing": (
        f"{SWAPPED}\n[rubric]\nfix = 0\n", {}, "rubric", "the fix earns 0", 1,
    ),
    "a bug outside of what may be edited": (
        SWAPPED.replace("[[bug]]", 'editable = ["tiny/prices.py"]\n\n[[bug]]'), {}, "editable",
        "tiny/labels.py is changed by a bug and fits no pattern", 1,
    ),
    "a hidden test that passes on the broken code": (
        SWAPPED, {"hidden/tests/test_more.py": HIDDEN.replace('.startswith("[Bo")', "")},
        "hidden tests fail", "test_more.py: test_hidden_parcel passes on the broken code", 1,
    ),
    "a hidden test that fails on the clean code": (
        SWAPPED, {"hidden/tests/test_more.py": HIDDEN.replace("[Bo", "[Al")},
        "hidden tests pass", "test_hidden_parcel fails on the clean code", 1,
    ),
    "other tests than are said": (
        f'{SWAPPED}fail_to_pass = ["tests/test_labels.py::test_size"]\n', {}, "bug",
        "scenario.toml:14: fail_to_pass is not what the bug breaks", 1,
    ),
    "a test to keep that the bug breaks": (
        SWAPPED.replace("[[bug]]", 'pass_to_pass = ["tests/test_labels.py::test_parcel"]\n[[bug]]'),
        {}, "pass_to_pass", "scenario.toml:7: tests/test_labels.py::test_parcel fails on the", 1,
    ),
    "a test to keep that is not there": (
        SWAPPED.replace("[[bug]]", 'pass_to_pass = ["tests/test_labels.py::test_sise"]\n[[bug]]'),
        {}, "pass_to_pass", "is no test of the clean code. Did you mean 'tests/test_lab", 1,
    ),
    "a report that names the file": (
        SWAPPED.replace("[[bug]]", 'report = "report.md"\n\n[[bug]]'),
        {"report.md": "# Parcels\n\nSomething in labels.py is wrong.\n"}, "report",
        "scenario.toml:7: the report names the changed file labels.py", 1,
    ),
    "a bug that no test notices": (
        SWAPPED.replace("label(street, name)", "label(str(name), street)"), {},
        "bug", "scenario.toml:7: no test notices the bug: write one that does, below hidden/", 1,
    ),
    "a report that is the template": (
        OWN_REPORT, {"report.md": report_text(Draft("tiny", "Parcels"))}, "report",
        "report.md:3: 'Who saw it, where, and when it was last right.' is what", 1,
    ),
    "a report with a sentence of the template, broken elsewhere": (
        OWN_REPORT, {"report.md": "# Parcels\n\nThe desk saw it.\n\nWhat came, and what\n"
                     "should have come.\n"}, "report", "report.md:5: 'What came, and what", 1,
    ),
    "a report with a bare step": (
        OWN_REPORT, {"report.md": "# Parcels\n\nThe desk saw it.\n\n1. ...\n"}, "report",
        "report.md:5: '1. ...' says nothing yet", 1,
    ),
    "a report of headings alone": (
        OWN_REPORT, {"report.md": "# Parcels\n\n## Steps\n"}, "report",
        "report.md:1: the report is a title alone", 1,
    ),
    "an empty report": (
        OWN_REPORT, {"report.md": ""}, "report", "report.md:1: the report is a title alone", 1,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "files", "name", "told", "code"), FAULTS.values(), ids=FAULTS.keys()
)
def test_what_does_not_hold_is_told_in_its_line(
    lines: Callable[..., dict[str, str]],
    tmp_path: Path,
    text: str,
    files: Mapping[str, str],
    name: str,
    told: str,
    code: int,
) -> None:
    found = lines(text, files, code)
    assert told in found[name]
    assert not (tmp_path / "mine" / "certificate.json").exists()
    others = {key: line for key, line in found.items() if key != name}
    assert all(line.startswith(("holds", "not tried")) for line in others.values()), others


UNNOTICED = SWAPPED.replace("label(street, name)", "label(str(name), street)")
JUDGED = {
    "a bug that no test notices": (
        UNNOTICED.replace("minutes = 20", "minutes = 2").replace(
            "Follow one address from the test to the frame.", "Look closely."
        ), "bug", {"report", "hints", "minutes"}, {"explanation", "rubric"},
    ),
    "lines that are not there": (
        SWAPPED.replace("before = 'return f", "before = 'return g"),
        "place", {"report"}, {"minutes", "explanation", "rubric"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JUDGED)
def test_what_rests_on_nothing_is_judged_at_once(
    lines: Callable[..., dict[str, str]], case: str
) -> None:
    text, name, fails, holds = JUDGED[case]
    text = text.replace("[[bug]]", 'report = "report.md"\n\n[[bug]]')
    found = lines(text, {"report.md": "# Parcels\n\n1. ...\n"}, 1 if name == "bug" else 2)
    wrong = {key for key, line in found.items() if line.startswith(("fails", "unreadable"))}
    assert wrong == {name, *fails}
    assert all(found[key].startswith("holds") for key in holds)
    assert found["reference fix"] == "not tried: rests on what failed above"


def test_a_report_that_is_not_written_keeps_nothing_else_from_being_tried(
    lines: Callable[..., dict[str, str]],
) -> None:
    found = lines(OWN_REPORT, {"report.md": "# Parcels\n"}, 1)
    assert [name for name, line in found.items() if not line.startswith("holds")] == ["report"]


def test_each_bug_is_tried_although_one_before_it_fails(
    lines: Callable[..., dict[str, str]],
) -> None:
    found = lines(UNNOTICED + LIMIT, code=1)
    assert found["bug 1"].startswith("fails: ")
    assert found["bug 2"].startswith("holds: breaks 1 test")
    assert "independent" not in found


@pytest.mark.parametrize("command", ["new", "pack"])
def test_a_report_that_is_not_written_is_not_handed_out(
    run: Run, tiny_project: Project, tmp_path: Path, command: str
) -> None:
    tiny_project()
    files = {"report.md": report_text(Draft("tiny", "Parcels"))}
    folder = write_scenario(tmp_path / "mine", OWN_REPORT, files)
    (tmp_path / "class.csv").write_text("name\nAda\n")
    words = {
        "new": ["new", "--scenario", folder, "--dir", "made"],
        "pack": ["pack", folder, "--roster", "class.csv", "--seed", "1", "--out", "made"],
    }
    done = run(*words[command], code=2)
    assert "report.md:3: 'Who saw it" in done.stderr
    assert not (tmp_path / "made").exists()


def test_several_bugs_are_proved_each_alone_and_together(
    lines: Callable[..., dict[str, str]],
) -> None:
    found = lines(SWAPPED + LIMIT)
    assert found["bug 1"].startswith("holds: breaks 1 test")
    assert found["bug 2"].startswith("holds: breaks 1 test")
    assert found["independent"].startswith("holds")


def test_bugs_that_share_a_failing_test_are_not_independent(
    lines: Callable[..., dict[str, str]],
) -> None:
    second = LIMIT.replace("tiny/prices.py", "tiny/labels.py")
    second = second.replace('"return price >= limit"', "'return f\"{name}\\n{street}\"'")
    second = second.replace('"return price > limit"', "'return f\"{name}-{street}\"'")
    found = lines(SWAPPED + second, code=1)
    assert "share a failing test" in found["independent"]


def test_a_target_whose_suite_is_of_no_use_is_in_the_way(
    lines: Callable[..., dict[str, str]],
) -> None:
    fails = "def test_nothing():\n    assert False\n"
    found = lines(code=3, project={"tests/test_labels.py": fails, "tests/test_prices.py": None})
    assert "scenario.toml:3: only 0 of 1 tests of" in found["suite"]
    assert found["suite"].startswith("hindered: ")
    assert found["reference fix"] == "not tried: rests on what failed above"


def test_the_highest_code_of_several_scenarios_counts(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    tiny_project()
    good = write_scenario(tmp_path / "good")
    bad = write_scenario(tmp_path / "bad", SWAPPED.replace("title", "tittle"))
    done = run("scenario", "check", good, bad, "--no-write", code=2)
    assert f"{bad / 'scenario.toml'}:2: there is no key 'tittle' here" in done.stdout
    assert "1 of 2 scenarios hold." in done.stdout
