"""A slot's tree is brought up to date by content, and never runs the bytecode of an older one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bugbash.files import walk
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.cold import start_environment
from bugbash.trials.condition import USUAL
from bugbash.trials.slot import Slot, open_slot

LABELS, PRICES = "tiny/labels.py", "tiny/prices.py"


@pytest.fixture
def slot(tiny_target: Callable[..., Target], environment: Environment) -> Iterator[Slot]:
    with open_slot(tiny_target(), environment) as opened:
        opened.sync({})
        yield opened


def contents(folder: Path) -> dict[str, bytes]:
    return {name.as_posix(): (folder / name).read_bytes() for name in walk(folder)}


def written(slot: Slot, changes: Mapping[str, bytes | None]) -> set[str]:
    """The files that a sync writes."""
    before = {name: (slot.tree / name).stat().st_mtime_ns for name in walk(slot.tree)}
    slot.sync(changes)
    after = {name: (slot.tree / name).stat().st_mtime_ns for name in walk(slot.tree)}
    return {name.as_posix() for name, time in after.items() if before.get(name) != time}


def test_the_tree_equals_the_targets(slot: Slot) -> None:
    assert contents(slot.tree) == contents(slot.target.tree)


def test_changes_lie_over_the_clean_tree(slot: Slot) -> None:
    slot.sync({LABELS: b"changed", PRICES: None, "new/file.txt": b"new"})
    clean = contents(slot.target.tree)
    del clean[PRICES]
    assert contents(slot.tree) == {**clean, LABELS: b"changed", "new/file.txt": b"new"}


def test_a_later_sync_forgets_earlier_changes(slot: Slot) -> None:
    slot.sync({LABELS: b"changed", PRICES: None, "new/file.txt": b"new"})
    slot.sync({})
    assert contents(slot.tree) == contents(slot.target.tree)
    assert not (slot.tree / "new").exists()


def test_a_tree_can_be_of_other_files_altogether(slot: Slot) -> None:
    slot.sync({"a.py": b"1", "b/c.py": slot.target.tree / PRICES}, clean=False)
    prices = (slot.target.tree / PRICES).read_bytes()
    assert contents(slot.tree) == {"a.py": b"1", "b/c.py": prices}


def test_only_files_that_differ_are_written(slot: Slot) -> None:
    assert written(slot, {}) == set()
    assert written(slot, {LABELS: b"changed"}) == {LABELS}
    assert written(slot, {LABELS: b"changed"}) == set()
    assert written(slot, {}) == {LABELS}


LEFTOVERS = ("extra.py", "tiny/extra.py", "deep/down/x.txt", "tests/__pycache__x/y", "tiny/a.pyc")


@pytest.mark.parametrize("name", LEFTOVERS)
def test_what_a_run_left_behind_is_gone(name: str, slot: Slot) -> None:
    path = slot.tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("left by a test", "utf-8")
    slot.sync({})
    assert not path.exists()
    assert contents(slot.tree) == contents(slot.target.tree)


def to_outside_file(slot: Slot, outside: Path) -> None:
    (slot.tree / LABELS).unlink()
    (slot.tree / LABELS).symlink_to(outside / "file.py")


def to_outside_folder(slot: Slot, outside: Path) -> None:
    subprocess.run(["rm", "-r", slot.tree / "tiny"], check=True)
    (slot.tree / "tiny").symlink_to(outside)


def to_clean_file(slot: Slot, outside: Path) -> None:
    (slot.tree / LABELS).unlink()
    (slot.tree / LABELS).symlink_to(slot.target.tree / LABELS)


def dangling(slot: Slot, outside: Path) -> None:
    (slot.tree / LABELS).unlink()
    (slot.tree / LABELS).symlink_to(outside / "nothing")


def cache_to_outside(slot: Slot, outside: Path) -> None:
    (slot.tree / "__pycache__").symlink_to(outside)


def folder_for_file(slot: Slot, outside: Path) -> None:
    (slot.tree / LABELS).unlink()
    (slot.tree / LABELS / "deep").mkdir(parents=True)
    (slot.tree / LABELS / "deep" / "x").write_text("x")


def file_for_folder(slot: Slot, outside: Path) -> None:
    subprocess.run(["rm", "-r", slot.tree / "tiny"], check=True)
    (slot.tree / "tiny").write_text("x")


def read_only_folder(slot: Slot, outside: Path) -> None:
    (slot.tree / "locked" / "x").mkdir(parents=True)
    (slot.tree / "locked").chmod(0o500)


DAMAGES = (
    to_outside_file,
    to_outside_folder,
    to_clean_file,
    dangling,
    cache_to_outside,
    folder_for_file,
    file_for_folder,
    read_only_folder,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_links_and_the_like_are_replaced_and_not_followed(
    damage: Callable[[Slot, Path], None], slot: Slot, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file.py").write_text("precious", "utf-8")
    damage(slot, outside)
    slot.sync({LABELS: b"broken"})
    assert contents(outside) == {"file.py": b"precious"}
    assert not any(path.is_symlink() for path in slot.tree.rglob("*"))
    assert contents(slot.tree) == {**contents(slot.target.tree), LABELS: b"broken"}
    assert (slot.target.tree / LABELS).read_bytes() != b"broken"


def imported_value(slot: Slot) -> str:
    done = subprocess.run(
        [slot.python, "-c", "import tiny.labels; print(tiny.labels.VALUE)"],
        cwd=slot.tree,
        env=start_environment(slot, USUAL),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_bytecode_of_an_earlier_version_is_never_run(slot: Slot) -> None:
    """Same name, same size, written within one second: only the time stamp tells them apart."""
    seen = []
    for digit in "1213123":
        slot.sync({LABELS: f"VALUE = {digit}\n".encode()})
        seen.append(imported_value(slot))
    assert seen == list("1213123")
    assert list((slot.tree / "tiny" / "__pycache__").glob("labels.*.pyc"))


def test_bytecode_stays_warm_for_files_that_did_not_change(slot: Slot) -> None:
    slot.sync({LABELS: b"VALUE = 1\n"})
    imported_value(slot)
    (cache,) = (slot.tree / "tiny" / "__pycache__").glob("__init__.*.pyc")
    before = cache.stat().st_mtime_ns
    slot.sync({LABELS: b"VALUE = 2\n"})
    assert imported_value(slot) == "2"
    assert cache.stat().st_mtime_ns == before


def test_the_bytecode_of_a_removed_module_can_not_be_imported(slot: Slot) -> None:
    slot.sync({"tiny/extra.py": b"VALUE = 1\n"})
    environment = start_environment(slot, USUAL)
    subprocess.run(
        [slot.python, "-c", "import tiny.extra"], cwd=slot.tree, env=environment, check=True
    )
    slot.sync({})
    done = subprocess.run(
        [slot.python, "-c", "import tiny.extra"], cwd=slot.tree, capture_output=True, text=True
    )
    assert "No module named 'tiny.extra'" in done.stderr


def test_a_slot_that_was_cut_off_while_counting_goes_on(slot: Slot) -> None:
    """kill -9 between the count and the files: no time stamp is given out twice."""
    slot.sync({LABELS: b"VALUE = 1\n"})
    count = (slot.folder / "clock").read_text()
    (slot.folder / "clock").write_text(str(int(count) + 1))
    slot.sync({LABELS: b"VALUE = 2\n"})
    assert imported_value(slot) == "2"


def test_a_corrected_spec_gets_another_venv(
    tiny_project: Callable[..., Path],
    target_of: Callable[..., Target],
    environment: Environment,
) -> None:
    folder = tiny_project({"lib/other.py": "VALUE = 1\n"})
    found = []
    for root in (".", "lib"):
        with open_slot(target_of(folder, source_roots=(root,)), environment) as slot:
            slot.sync({})
            done = subprocess.run([slot.python, "-c", "import other"], capture_output=True)
            found.append(done.returncode)
    assert found == [1, 0]


def test_two_users_never_share_a_slot_and_a_free_one_is_used_again(
    tiny_target: Callable[..., Target], environment: Environment
) -> None:
    target = tiny_target()
    with open_slot(target, environment) as first:
        with open_slot(target, environment) as second:
            assert first.folder != second.folder
        with open_slot(target, environment) as third:
            assert third.folder == second.folder
    with open_slot(target, environment) as fourth:
        assert fourth.folder == first.folder


def test_a_half_made_slot_is_made_anew(
    tiny_target: Callable[..., Target], environment: Environment
) -> None:
    target = tiny_target()
    with open_slot(target, environment) as slot:
        (slot.folder / "ready").unlink()
        slot.python.unlink()
    with open_slot(target, environment) as again:
        again.sync({LABELS: b"VALUE = 3\n"})
        assert imported_value(again) == "3"


def test_scratch_is_empty_before_a_run(slot: Slot) -> None:
    slot.empty_scratch()
    (slot.scratch / "home" / ".rc").write_text("x")
    (slot.scratch / "tmp" / "locked").mkdir(mode=0o500)
    slot.empty_scratch()
    assert [p.name for p in sorted(slot.scratch.rglob("*"))] == ["home", "tmp"]
