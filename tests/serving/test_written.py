"""A scenario's folder as somebody wrote it: what reads, and what is refused with file and line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bugbash.resources import shipped
from bugbash.serving import certificate as certificates
from bugbash.serving.written import find, read
from bugbash.serving.written_keys import TABLES, json_schema, reference
from tests.scenario_files import FIXED, HIDDEN, LIMIT, SWAPPED, patch_of, write_scenario

Run = Callable[..., subprocess.CompletedProcess[str]]
Project = Callable[..., Path]
BY_PATCH = SWAPPED.partition("[[bug]]")[0] + '[[bug]]\nfamily = "library"\npatch = "bug.patch"\n'
ON_CLEAN = patch_of("tiny/labels.py", "label(name, street)}]", "label(street, name)}]", False)

BAD = {
    "no TOML": (SWAPPED.replace("minutes = 20", "minutes = = 20"), ":4: no TOML: Invalid value"),
    "a text that does not end": (f'{SWAPPED}hints = "', ": no TOML: "),
    "no format": (SWAPPED.replace("format_version = 1\n", ""), ":1: format_version = 1 is missing"),
    "a newer format": (
        SWAPPED.replace("version = 1", "version = 2"),
        ":1: format_version 2 is of a newer bugbash, this one reads 1: upgrade bugbash",
    ),
    "a format that is none": (SWAPPED.replace("version = 1", "version = true"), ":1: format_ver"),
    "an unknown key": (
        SWAPPED.replace("minutes", "minuets"),
        ":4: there is no key 'minuets' here. Did you mean 'minutes'?",
    ),
    "an unknown key of a bug": (
        SWAPPED.replace("explanation", "explained"),
        ":12: there is no key 'explained' here. Did you mean 'explanation'?",
    ),
    "an unknown table": (f"{SWAPPED}\n[rubrik]\nfix = 1\n", ":15: there is no key 'rubrik' here"),
    "a wrong type": (
        SWAPPED.replace("minutes = 20", 'minutes = "20"'),
        ":4: minutes must be a whole number, not a text",
    ),
    "a true for a number": (SWAPPED.replace("= 20", "= true"), ":4: minutes must be a whole n"),
    "a list of numbers": (SWAPPED.replace('["post"]', "[1]"), ":5: tags must hold texts alone"),
    "a number that is too small": (SWAPPED.replace("= 20", "= 0"), ":4: minutes is below 1"),
    "an empty title": (
        SWAPPED.replace("Parcels carry the street above the name", " "), ":2: title is empty"
    ),
    "a title of two lines": (SWAPPED.replace("carry", "carry\\n"), ":2: title must be one line"),
    "a missing target": (SWAPPED.replace('target = "../tiny"\n', ""), ": target is missing: what"),
    "an unknown family": (
        SWAPPED.replace('mutator = "swap-arguments"', 'family = "logik"'),
        ":8: family is 'logik'. Did you mean 'logic'?",
    ),
    "neither mutator nor family": (
        SWAPPED.replace('mutator = "swap-arguments"\n', ""), ":7: say its mutator or its family"
    ),
    "an unknown mutator": (
        SWAPPED.replace("swap-arguments", "swap-argument"), ":8: there is no mutator 'swap-arg"
    ),
    "no bug": (SWAPPED.partition("[[bug]]")[0], ": it needs 1 to 5 [[bug]], not 0"),
    "a bug that is no list": (SWAPPED.replace("[[bug]]", "[bug]"), ":7: bug must be [[bug]]"),
    "lines and a patch": (f'{SWAPPED}patch = "bug.patch"\n', ":14: a bug has either file"),
    "lines without what they become": (
        "\n".join(line for line in SWAPPED.split("\n") if not line.startswith("after")),
        ":7: after is missing beside before",
    ),
    "too many hints": (SWAPPED.replace('"", ""]', '"", "", ""]'), ":13: hints has over 4"),
    "a second bug that is wrong": (
        SWAPPED + LIMIT.replace("family", "famly"), ":16: there is no key 'famly' here"
    ),
    "points for nothing": (
        SWAPPED + "\n[rubric]\n" + "".join(
            f"{name} = 0\n"
            for name in ("fix", "reproduce", "isolate", "hypothesis", "verify", "clean_up")
        ),
        ":15: all points are 0",
    ),
    "a report that is not there": (
        SWAPPED.replace("[[bug]]", 'report = "ticket.md"\n\n[[bug]]'),
        ":7: ticket.md can't be read (No such file or directory)",
    ),
    "a report elsewhere": (
        SWAPPED.replace("[[bug]]", 'report = "../ticket.md"\n\n[[bug]]'),
        ":7: report must lie beside scenario.toml",
    ),
    "a before that is not there": (
        SWAPPED.replace("before = 'return f\"[{label(name", "before = 'return f\"<{label(name"),
        ":10: before does not occur in tiny/labels.py. The nearest is line 11: return f",
    ),
    "a file that is not there": (
        SWAPPED.replace("tiny/labels.py", "tiny/label.py"),
        ":9: ../tiny has no file tiny/label.py. Did you mean 'tiny/labels.py'",
    ),
    "an after that changes nothing": (
        SWAPPED.replace("label(street, name)", "label(name, street)"),
        ":11: after is the same as before",
    ),
    "a change of tests": (
        SWAPPED.replace("tiny/labels.py", "tests/test_labels.py"),
        ":9: tests/test_labels.py belongs to the tests",
    ),
    "a change of pytest's settings": (
        SWAPPED.replace("tiny/labels.py", "pyproject.toml"), ":9: pyproject.toml belongs to the t"
    ),
    "a target that is not there": (
        SWAPPED.replace("../tiny", "../tidy"), ":3: There is no folder "
    ),
    "a target that nobody knows": (
        SWAPPED.replace("../tiny", "billcykle"), ":3: Unknown target 'billcykle'. Did you mean 'b"
    ),
}  # fmt: skip

BAD_FILES = {
    "a patch that is not there": (BY_PATCH, {}, ":9: bug.patch can't be read (No such file"),
    "a patch that does not apply": (
        BY_PATCH, {"bug.patch": FIXED}, ":9: bug.patch:3 does not apply to ",
    ),
    "a patch of tests": (
        BY_PATCH,
        {"bug.patch": patch_of("tests/test_labels.py", "Ada", "Bo", False)},
        ":9: tests/test_labels.py belongs to the tests",
    ),
    "a patch of something outside": (
        BY_PATCH,
        {"bug.patch": ON_CLEAN.replace("tiny/labels.py", "../labels.py")},
        ":9: bug.patch",
    ),
    "a patch that adds a file": (
        BY_PATCH,
        {"bug.patch": "--- /dev/null\n+++ b/tiny/new.py\n@@ -0,0 +1 @@\n+a = 1\n"},
        ":9: bug.patch adds or removes tiny/new.py",
    ),
    "a fix that nobody would read": (
        SWAPPED, {"accepted/one.diff": FIXED}, "accepted/one.diff: only accepted/*.patch is read"
    ),
    "no patch at all": (BY_PATCH, {"bug.patch": "swap them\n"}, ":9: bug.patch is no patch ("),
    "a hidden file that the target has": (
        SWAPPED, {"hidden/tests/test_labels.py": HIDDEN}, "hidden: ",
    ),
    "a hidden test that passes on the broken code": (
        SWAPPED,
        {"hidden/tests/test_more.py": HIDDEN.replace('.startswith("[Bo")', "")},
        "hidden/tests/test_more.py: test_hidden_parcel passes on the broken code",
    ),
    "a hidden test that can't be collected": (
        SWAPPED,
        {"hidden/tests/test_more.py": "import nowhere_at_all\n"},
        "hidden/tests/test_more.py can't be collected: ModuleNotFoundError",
    ),
    "a hidden file that is no text": (
        SWAPPED, {"hidden/tests/data.bin": b"\xff\xfe"}, "hidden/tests/data.bin is not UTF-8",
    ),
}  # fmt: skip


def refused(
    run: Run, project: Project, folder: Path, text: str, files: Mapping[str, str | bytes]
) -> str:
    """What `new` says of a scenario that is wrong; it leaves nothing behind."""
    project()
    write_scenario(folder, text, files)
    before = sorted(folder.rglob("*"))
    done = run("new", "--scenario", folder, "--dir", "ws", code=2)
    assert sorted(folder.rglob("*")) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["mine", "tiny"]
    assert done.stdout == ""
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_with_a_scenario_is_told_in_one_line_with_its_place(
    run: Run, tiny_project: Project, tmp_path: Path, text: str, told: str
) -> None:
    folder = tmp_path / "mine"
    said = refused(run, tiny_project, folder, text, {})
    assert said.startswith(f"bugbash: {folder / 'scenario.toml'}:")
    assert told in said


@pytest.mark.parametrize(("text", "files", "told"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_what_is_wrong_with_a_file_beside_it_is_told_in_one_line_with_its_place(
    run: Run,
    tiny_project: Project,
    tmp_path: Path,
    text: str,
    files: Mapping[str, str | bytes],
    told: str,
) -> None:
    folder = tmp_path / "mine"
    said = refused(run, tiny_project, folder, text, files)
    assert said.startswith(f"bugbash: {folder}")
    assert told in said


def test_a_before_that_occurs_twice_names_the_lines(
    run: Run, tiny_project: Project, tmp_path: Path
) -> None:
    text = SWAPPED.replace("tiny/labels.py", "tiny/prices.py")
    text = text.replace('return f"[{label(name, street)}]"', "if percent < 0:")
    double = (
        "def f(percent):\n    if percent < 0:\n        pass\n    if percent < 0:\n        pass\n"
    )
    tiny_project({"tiny/prices.py": double})
    folder = write_scenario(tmp_path / "mine", text)
    said = run("new", "--scenario", folder, code=2).stderr
    assert "scenario.toml:10: before occurs 2 times in tiny/prices.py, at lines 2, 4: add" in said


def test_a_package_that_is_not_to_be_had_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "mine", SWAPPED.replace("../tiny", "git+file:///nowhere"))
    done = run("new", "--scenario", folder)
    assert done.returncode in (2, 3)
    assert f"bugbash: {folder / 'scenario.toml'}:3: " in done.stderr


def test_a_folder_without_a_scenario_and_a_name_that_nobody_knows(run: Run, tmp_path: Path) -> None:
    assert "has no scenario.toml" in run("new", "--scenario", tmp_path, code=2).stderr
    assert "there is no scenario 'nothing'" in run("new", "--scenario", "nothing", code=2).stderr


def test_a_scenario_is_found_by_its_folder_and_by_its_file(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "mine", SWAPPED + "\n[rubric]\nclean_up = 20\n")
    for name in (folder, folder / "scenario.toml"):
        written = find(str(name))
        assert (written.title, written.minutes) == ("Parcels carry the street above the name", 20)
        assert written.rubric == {"clean up": 20}


def test_places_are_not_misled_by_texts_of_several_lines(tmp_path: Path) -> None:
    text = SWAPPED.replace(
        'explanation = "The', 'explanation = """\nfile = 1\n[[bug]]\nThe'
    ).replace('complains."', 'complains."""')
    written = read(write_scenario(tmp_path / "mine", text + LIMIT))
    assert written.place("file", 2).endswith(":20")


def test_the_hash_of_a_scenario_is_that_of_its_files_but_the_certificate(tmp_path: Path) -> None:
    written = read(write_scenario(tmp_path / "mine"))
    digest = written.digest()
    write_scenario(written.folder, files={"certificate.json": "{}"})
    assert written.digest() == digest
    write_scenario(written.folder, SWAPPED.replace("\n", "\r\n"))
    assert written.digest() == digest
    write_scenario(written.folder, files={"accepted/one.patch": FIXED})
    assert written.digest() != digest


@pytest.mark.parametrize("text", ["", "[]", "1", "null", '{"format": 1}', '{"format": 99}', "\0"])
def test_a_certificate_that_is_none_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    folder = write_scenario(tmp_path / "mine", files={"certificate.json": text})
    assert certificates.load(read(folder)) is None


def test_the_schema_and_the_reference_know_every_key(run: Run) -> None:
    schema = json.loads(run("scenario", "schema", code=0).stdout)
    assert schema == json_schema()
    places = {
        "": schema["properties"],
        "bug": schema["properties"]["bug"]["items"]["properties"],
        "rubric": schema["properties"]["rubric"]["properties"],
    }
    for table, keys in TABLES.items():
        for key in keys:
            assert places[table][key.name]["description"] == key.told
            assert f"| `{key.name}` |" in reference()
    assert run("scenario", "schema", "--markdown", code=0).stdout == reference()


def test_every_shipped_scenario_reads() -> None:
    for path in shipped("scenarios").glob("*/*/scenario.toml"):
        written = read(path.parent)
        assert written.target == path.parent.parent.name
