"""Making packs: what lies in them and what does not, and where they go."""

from __future__ import annotations

import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bugbash.errors import UsageProblem
from bugbash.serving.serve import Served
from bugbash.workspace import pack as packing
from bugbash.workspace.pack import make_packs
from tests.workspace.opened_packs import (
    ADA,
    FAILING,
    GRACE,
    commands_of,
    contents,
    handout,
    pytest_in,
    quiet,
    set_up,
    submit,
)

Git = Callable[..., str]


def test_a_pack_holds_the_exercise_and_how_to_start(packs: Path) -> None:
    assert sorted(path.name for path in packs.iterdir()) == ["2", "Ada-Lovelace"]
    assert sorted(path.name for path in (packs / "2").iterdir()) == [
        "README-START.md",
        "bugbash_recorder-1-py3-none-any.whl",
        "requirements.txt",
        "submit.py",
        "tiny",
        "tiny-1.0-py3-none-any.whl",
    ]
    start = (packs / "2" / "README-START.md").read_text("utf-8")
    assert "Grace" in start
    assert FAILING in start
    assert "bugbash_recorder-1-py3-none-any.whl" in start
    assert commands_of(packs / "2" / "README-START.md") == [
        "python3 -m venv tiny/.venv",
        "tiny/.venv/bin/pip install -r requirements.txt",
        "cd tiny",
        ".venv/bin/pytest",
        "python3 submit.py",
    ]


def test_the_projects_own_commands_come_with_its_wheel_and_are_told(
    serve_tiny: Callable[..., Served], tmp_path: Path
) -> None:
    scripts = "[console_scripts]\ntiny = tiny.labels:label\n"
    served = serve_tiny(spec={"entry_points": scripts})
    make_packs(handout(served), tmp_path / "packs", tmp_path / "key.json", quiet)
    pack = tmp_path / "packs" / "Ada-Lovelace"
    with zipfile.ZipFile(pack / "tiny-1.0-py3-none-any.whl") as wheel:
        assert wheel.read("tiny-1.0.dist-info/entry_points.txt").decode() == scripts
    start = (pack / "README-START.md").read_text("utf-8")
    assert "own commands lie beside pytest: `.venv/bin/tiny`." in start


def test_nothing_in_a_pack_holds_the_clean_file_or_the_answer(
    packs: Path, tiny_served: Served
) -> None:
    clean = (tiny_served.target.tree / "tiny" / "labels.py").read_bytes()
    found = dict(contents(packs))
    assert any(name.endswith(".whl!bugbash_recorder.py") for name in found)
    assert sum(b"label(street, name)" in data for data in found.values()) >= 2
    for name, data in found.items():
        assert clean not in data, name
        assert b"swap-arguments" not in data, name
        assert str(packs.parent).encode() not in data, name


def test_the_key_tells_everything_to_its_owner_alone(packs: Path, tiny_served: Served) -> None:
    file = packs.with_name("key.json")
    key = json.loads(file.read_bytes())
    assert key["schema"] == "bugbash/key/v1"
    assert [row["student"]["name"] for row in key["packs"]] == ["Ada Lovelace", "Grace"]
    answer = key["scenarios"][key["packs"][0]["scenario"]]
    assert answer["fail_to_pass"] == [FAILING]
    assert answer["digest"] == tiny_served.target.digest
    assert answer["edits"][0]["file"] == "tiny/labels.py"
    assert '+    return f"[{label(name, street)}]"' in answer["fix"]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_repository_is_whole_and_knows_its_student(packs: Path, git: Git) -> None:
    exercise = packs / "Ada-Lovelace" / "tiny"
    assert git(exercise, "status", "--porcelain", "--ignored").splitlines() == ["!! .bugbash-pack/"]
    assert git(exercise, "fsck", "--strict", "--no-dangling") == ""
    assert git(exercise, "log", "--all", "--format=%an %s") == "Maintainer Import the project\n"
    assert git(exercise, "config", "user.name") == "Ada Lovelace\n"
    assert git(exercise, "config", "user.email") == "ada@example.invalid\n"
    assert git(packs / "2" / "tiny", "config", "user.email") == "student@localhost\n"


def all_bytes(folder: Path) -> dict[str, tuple[bytes, int, float]]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            status = path.stat()
            mode = stat.S_IMODE(status.st_mode)
            found[path.relative_to(folder).as_posix()] = (
                path.read_bytes(), mode, status.st_mtime,
            )  # fmt: skip
    return found


@pytest.mark.parametrize("zipped", [False, True], ids=["folders", "zips"])
def test_the_same_inputs_give_the_same_bytes(
    zipped: bool, tiny_served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = replace(handout(tiny_served, ADA, GRACE), zipped=zipped)
    one, two = tmp_path / "one" / "packs", tmp_path / "another place" / "others"
    make_packs(given, one, one.with_name("key.json"), quiet)
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.compression")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "9")
    before = os.umask(0o077)
    try:
        make_packs(given, two, two.with_name("key.json"), quiet)
    finally:
        os.umask(before)
    if zipped:
        first = {path.name: path.read_bytes() for path in one.iterdir()}
        assert first == {path.name: path.read_bytes() for path in two.iterdir()}
        assert sorted(first) == ["2.zip", "Ada-Lovelace.zip"]
    else:
        assert all_bytes(one) == all_bytes(two)
    assert one.with_name("key.json").read_bytes() == two.with_name("key.json").read_bytes()


def test_nothing_depends_on_the_clock_or_on_how_this_zlib_compresses(
    tiny_served: Served, tmp_path: Path
) -> None:
    given = replace(handout(tiny_served), zipped=True)
    make_packs(given, tmp_path / "packs", tmp_path / "key.json", quiet)
    objects = 0
    with zipfile.ZipFile(tmp_path / "packs" / "Ada-Lovelace.zip") as archive:
        members = archive.infolist()
        for member in members:
            if "/objects/" in member.filename:
                data = archive.read(member)
                content = zlib.decompress(data)
                assert content in data
                objects += 1
    assert objects > 10
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}
    assert [member.filename for member in members] == sorted(m.filename for m in members)


def test_an_unpacked_zip_is_a_repository(tiny_served: Served, tmp_path: Path, git: Git) -> None:
    given = replace(handout(tiny_served), zipped=True)
    make_packs(given, tmp_path / "packs", tmp_path / "key.json", quiet)
    with zipfile.ZipFile(tmp_path / "packs" / "Ada-Lovelace.zip") as archive:
        archive.extractall(tmp_path)
    exercise = tmp_path / "Ada-Lovelace" / "tiny"
    assert git(exercise, "status", "--porcelain") == ""
    set_up(exercise.parent, exercise, tiny_served.environment)
    done = submit(exercise)
    assert Path(done.stdout.strip()).is_file()


def test_without_a_recorder_nothing_of_it_is_there(tiny_served: Served, tmp_path: Path) -> None:
    given = handout(tiny_served, recorded=False)
    make_packs(given, tmp_path / "packs", tmp_path / "key.json", quiet)
    pack = tmp_path / "packs" / "Ada-Lovelace"
    assert [name for name, _ in contents(pack) if "recorder" in name or "timeline" in name] == []
    assert "recorded" not in (pack / "README-START.md").read_text("utf-8")
    python = set_up(pack, pack / "tiny", tiny_served.environment)
    assert pytest_in(pack / "tiny", python).returncode == 1
    with zipfile.ZipFile(submit(pack / "tiny").stdout.strip()) as archive:
        assert archive.namelist() == ["changes.patch", "submission.json"]


FILES: Mapping[str, str | bytes] = {
    ".gitignore": "*.dat\n",
    ".gitattributes": "*.txt text eol=crlf\n",
    "tiny/table.dat": b"\0\1",
    "tiny/lf.txt": b"a\nb\n",
    "tiny/zwei Wörter.txt": "ä",
}


def test_ignored_data_and_odd_names_are_packed_and_leave_the_status_clean(
    serve_tiny: Callable[..., Served], tmp_path: Path, git: Git
) -> None:
    make_packs(handout(serve_tiny(files=FILES)), tmp_path / "p", tmp_path / "key.json", quiet)
    exercise = tmp_path / "p" / "Ada-Lovelace" / "tiny"
    listed = set(git(exercise, "-c", "core.quotePath=false", "ls-files", "-z").split("\0"))
    assert set(FILES) <= listed
    assert git(exercise, "status", "--porcelain") == ""


def test_tests_that_the_clean_code_fails_are_left_out_in_a_pack_too(
    serve_tiny: Callable[..., Served], tmp_path: Path
) -> None:
    broken = "tests/test_odd.py::test_odd"
    files = {"tests/test_odd.py": "def test_odd():\n    assert False\n"}
    served = serve_tiny(files=files, left_out=(broken,))
    make_packs(handout(served), tmp_path / "p", tmp_path / "key.json", quiet)
    pack = tmp_path / "p" / "Ada-Lovelace"
    python = set_up(pack, pack / "tiny", served.environment)
    assert "test_odd" not in pytest_in(pack / "tiny", python).stdout


def test_packs_that_are_not_finished_are_not_there(
    tiny_served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    given, out, key = handout(tiny_served, ADA, GRACE), tmp_path / "packs", tmp_path / "key.json"
    with pytest.raises(KeyboardInterrupt):
        make_packs(given, out, key, stop)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".packs.part" / "Ada-Lovelace").mkdir(parents=True)  # as kill -9 leaves it
    make_packs(given, out, key, quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.json", "packs"]
    assert sorted(path.name for path in out.iterdir()) == ["2", "Ada-Lovelace"]


def test_nothing_is_overwritten(tiny_served: Served, tmp_path: Path) -> None:
    out, key = tmp_path / "packs", tmp_path / "key.json"
    given = handout(tiny_served)
    out.mkdir()
    with pytest.raises(UsageProblem, match=r"packs: exists"):
        make_packs(given, out, key, quiet)
    with pytest.raises(UsageProblem, match="lies among the packs"):
        make_packs(given, tmp_path / "new", tmp_path / "new" / "key.json", quiet)
    key.write_text("mine", "utf-8")
    with pytest.raises(UsageProblem, match="exists and is no key"):
        make_packs(given, tmp_path / "new", key, quiet)
    key.write_text(json.dumps({"schema": packing.KEY_SCHEMA}), "utf-8")
    with pytest.raises(UsageProblem, match="keys are not overwritten"):
        make_packs(given, tmp_path / "new", key, quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.json", "packs"]


def test_packs_are_not_made_inside_a_git_work_tree(
    tiny_served: Served, tmp_path: Path, git: Git
) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageProblem, match="git work tree"):
        make_packs(handout(tiny_served), tmp_path / "a" / "packs", tmp_path / "key.json", quiet)
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


def test_a_target_with_dependencies_comes_with_its_lock(
    tiny_served: Served, tmp_path: Path
) -> None:
    spec = replace(
        tiny_served.target.spec,
        dependencies=("pytest", "freezegun"),
        pytest_args=("-p", "no:xdist"),
    )
    served = replace(
        tiny_served,
        target=replace(tiny_served.target, spec=spec),
        scenario=replace(tiny_served.scenario, lock_text="freezegun==1.5.1\npytest==9.0.2\n"),
    )
    make_packs(handout(served), tmp_path / "packs", tmp_path / "key.json", quiet)
    pack = tmp_path / "packs" / "Ada-Lovelace"
    assert (pack / "requirements.txt").read_text("utf-8").splitlines() == [
        "freezegun==1.5.1",
        "pytest==9.0.2",
        "./bugbash_recorder-1-py3-none-any.whl",
        "./tiny-1.0-py3-none-any.whl",
    ]
    assert ".venv/bin/pytest -p no:xdist" in commands_of(pack / "README-START.md")
