import hashlib
import json

import pytest

from signflow import versions
from signflow.errors import VersionError
from signflow.versions import Version, VersionStore, label_of, text_hash

ID = "DOC-2024-0001"
TEXT = "Pacht für Łódź\r\nEnde"


@pytest.fixture
def store(tmp_path):
    return VersionStore(tmp_path / "var" / "versions")


@pytest.fixture
def started(store):
    store.add(ID, TEXT, "original")
    return store


def files(store):
    return sorted(path.name for path in store.folder(ID).iterdir())


def test_original(store):
    assert text_hash("ä") == hashlib.sha256(b"\xc3\xa4").hexdigest()

    version = store.add(ID, TEXT, "original")
    data = TEXT.encode()
    assert version == Version(
        1, "original", "0001-original.txt", hashlib.sha256(data).hexdigest(), 24
    )
    assert (store.folder(ID) / "0001-original.txt").read_bytes() == data


def test_labels():
    assert label_of(" Zo\u00eb  O'Neil ") == "zoe-o-neil"
    assert label_of("Henry 8th") == "henry-8th"
    assert label_of("x" * 24) == "x" * 24
    assert label_of("x" * 25) == "x" * 24
    assert label_of("x" * 23 + " y") == "x" * 23
    assert label_of("\u0141\u4e2d") == "version"


def test_further_version(started):
    version = started.add(ID, "signed", "Ana Ruiz")
    assert (version.number, version.file) == (2, "0002-ana-ruiz.txt")
    assert started.add(ID, "again", "Ana Ruiz").file == "0003-ana-ruiz.txt"
    assert files(started) == [
        "0001-original.txt", "0002-ana-ruiz.txt", "0003-ana-ruiz.txt", "manifest.json",
    ]  # fmt: skip


def test_versions_that_the_manifest_lists(started):
    started.add(ID, "a", "a")
    started.add(ID, "b", "b")
    listed = [(v.number, v.size) for v in started.versions(ID)]
    assert listed == [(1, 24), (2, 1), (3, 1)]


def test_manifest_in_any_order(started):
    started.add(ID, "a", "a")
    manifest = started.folder(ID) / "manifest.json"
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(entries[::-1]), encoding="utf-8")
    assert [version.number for version in started.versions(ID)] == [1, 2]


def test_no_versions_yet(store):
    assert store.versions(ID) == []
    assert store.check(ID) == []


def test_number_of_a_leftover_is_not_used_again(started):
    (started.folder(ID) / "0004-ana-2.txt").write_bytes(b"left")
    assert started.add(ID, "signed", "ana").number == 5
    assert (started.folder(ID) / "0004-ana-2.txt").read_bytes() == b"left"


def test_original_after_a_draft_that_broke_off(store):
    store.folder(ID).mkdir(parents=True)
    (store.folder(ID) / "0001-original.txt").write_bytes(b"left")
    assert store.add(ID, TEXT, "original").number == 2
    assert store.read(ID, 2) == TEXT


def test_other_files_do_not_count(started):
    for name in ("notes.txt", "0009-ana.txt.bak", "99-x.txt", "0008-Ana.txt"):
        (started.folder(ID) / name).write_bytes(b"")
    assert started.add(ID, "signed", "ana").number == 2


def test_read(started):
    assert started.read(ID, 1) == TEXT
    with pytest.raises(VersionError, match=f"{ID} has no version 2"):
        started.read(ID, 2)

    (started.folder(ID) / "0001-original.txt").write_bytes(TEXT.encode() + b"\n")
    with pytest.raises(VersionError, match="0001-original.txt was changed"):
        started.read(ID, 1)


def test_check_names_every_problem(started):
    for number in (1, 2, 3):
        started.add(ID, f"text {number}", "ana")
    folder = started.folder(ID)
    assert started.check(ID) == []
    (folder / "0004-ana.txt").unlink()
    (folder / "0002-ana.txt").write_bytes(b"other")
    (folder / "old").mkdir()
    for name in ("0008-zoe.txt", "0006-ben.txt", "0007-cleo.txt"):
        (folder / name).write_bytes(b"")
    for name in ("readme.txt", "0009-x.txt.txt", "old/0010-x.txt"):
        (folder / name).write_bytes(b"")
    assert started.check(ID) == [
        f"{ID}: 0002-ana.txt was changed",
        f"{ID}: 0004-ana.txt is missing",
        f"{ID}: 0006-ben.txt is not in the manifest",
        f"{ID}: 0007-cleo.txt is not in the manifest",
        f"{ID}: 0008-zoe.txt is not in the manifest",
    ]


def test_unreadable_manifest(started):
    for text in ("[", '[{"number": 1}]', "7"):
        (started.folder(ID) / "manifest.json").write_text(text, encoding="utf-8")
        with pytest.raises(VersionError, match="unreadable manifest"):
            started.versions(ID)


def test_manifest_is_written_whole(store, ascii_machine):
    store.add(ID, TEXT, "Zo\u00eb")
    data = (store.folder(ID) / "manifest.json").read_bytes()
    assert data.startswith('[\n  {\n    "number": 1,\n    "label": "Zo\u00eb",\n'.encode())
    assert data.endswith(b"]\n")
    assert [version.label for version in store.versions(ID)] == ["Zo\u00eb"]


def test_version_is_never_written_over(started, monkeypatch):
    monkeypatch.setattr(versions, "_taken", lambda folder: [])
    with pytest.raises(FileExistsError):
        started.add(ID, "other", "original")
    assert started.read(ID, 1) == TEXT
