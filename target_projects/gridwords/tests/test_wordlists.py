from pathlib import Path

import pytest
from gridwords.errors import ListError
from gridwords.wordlists import ListRules, decode, list_files, load_lists
from gridwords.words import WordRules

RULES = WordRules(3, 8)


def load(folder, files, rules=RULES, **settings):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_lists(ListRules(folder, **settings), rules)


def test_entries(tmp_path):
    words = load(tmp_path, {"a.txt": "CAT\r\n\n  Dog \n"}).words
    assert words == {"CAT", "DOG"}
    assert isinstance(words, frozenset)

    assert load(tmp_path, {"a.txt": "play{,s,ed}\n"}).words == {"PLAY", "PLAYS", "PLAYED"}
    assert load(tmp_path, {"a.txt": "CAT\rDOG\r"}).words == {"CAT", "DOG"}


def test_comments(tmp_path):
    text = "# animals\nCAT # TABBY # or not\n"
    assert load(tmp_path, {"a.txt": text}).words == {"CAT"}
    assert load(tmp_path, {"a.txt": "CAT; DOG # x\n"}, comment=";").words == {"CAT"}

    lists = load(tmp_path, {"a.txt": "CAT\nDOG # x\n"}, comment="")
    assert lists.words == {"CAT"}
    assert lists.skipped == ("a.txt:2: 'DOG # x' is not made of letters",)


def test_words_taken_back(tmp_path):
    assert load(tmp_path, {"a.txt": "CAT\nc{a,o}ts\n!CATS\n"}).words == {"CAT", "COTS"}
    assert load(tmp_path, {"a.txt": "!CAT\nCAT\n CUT\n  ! c{o,u}t \n"}).words == {"CAT"}


def test_files_are_read_in_the_order_of_their_names(tmp_path, monkeypatch):
    found = Path.rglob
    monkeypatch.setattr(
        Path, "rglob", lambda path, pattern: sorted(found(path, pattern), reverse=True)
    )
    lists = load(tmp_path, {"b.txt": "!CAT\n", "a.txt": "CAT\nDOG\n", "a/z.txt": "ANT\n"})
    assert lists.words == {"ANT", "DOG"}
    assert list(lists.sources.items()) == [("a.txt", 2), ("a/z.txt", 1), ("b.txt", -1)]


def test_sources_count_new_words(tmp_path):
    assert load(tmp_path, {"a.txt": "CAT\nDOG", "B.txt": "DOG\nANT\nANT"}).sources == {
        "a.txt": 1,
        "B.txt": 2,
    }


def test_which_files(tmp_path):
    for name in ("b.txt", "a.txt", ".a.txt", "a.csv", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.txt").mkdir()
    assert list_files(tmp_path, "*.txt") == ["a.txt", "b.txt", "sub/c.txt"]
    assert list_files(tmp_path, "*.TXT") == []
    assert list_files(tmp_path, "a.*") == ["a.csv", "a.txt"]


def test_names_have_slashes_on_every_system(tmp_path, backslashes):
    assert list(load(tmp_path, {"sub/more/a.txt": "CAT"}).sources) == ["sub/more/a.txt"]


def test_skipped_entries(tmp_path):
    lists = load(tmp_path, {"sub/a.txt": " \nCAT\n{at,elephants,DOG}\n"})
    assert lists.words == {"CAT", "DOG"}
    assert lists.skipped == (
        "sub/a.txt:3: AT has fewer than 3 letters",
        "sub/a.txt:3: ELEPHANTS has more than 8 letters",
    )

    lists = load(tmp_path / "more", {"a.txt": "c{at\nDOG\n{1..4}"}, max_expansion=3)
    assert lists.words == {"DOG"}
    assert lists.skipped == (
        "a.txt:1: column 2: '{' is never closed",
        "a.txt:3: column 6: more than 3 words",
    )

    lists = load(tmp_path / "last", {"a.txt": "cat\\ \n"})
    assert lists.skipped == ("a.txt:1: column 4: nothing after '\\'",)

    lists = load(tmp_path / "most", {"a.txt": "c{a,o,u}t"}, max_expansion=3)
    assert lists.words == {"CAT", "COT", "CUT"}


def test_encoding_unless_told_otherwise(tmp_path):
    lists = ListRules(tmp_path)
    assert (lists.pattern, lists.encoding, lists.comment) == ("*.txt", "utf-8", "#")
    assert lists.max_expansion == 500


def decoded(folder, raw, encoding="utf-8"):
    file = folder / "a.txt"
    file.write_bytes(raw)
    return decode(file, encoding)


def test_encoding_of_the_settings(tmp_path):
    assert decoded(tmp_path, "été".encode()) == "été"
    assert decoded(tmp_path, "été".encode("latin-1"), "latin-1") == "été"


def test_encoding_of_the_first_line(tmp_path):
    for line in ["# encoding: latin-1", ";; Encoding = Latin-1", "encoding:latin-1"]:
        assert decoded(tmp_path, f"{line}\nété".encode("latin-1")).endswith("\nété")

    raw = "# encoding: iso-8859-2\nŁódź".encode("iso-8859-2")
    assert decoded(tmp_path, raw).endswith("\nŁódź")

    assert decoded(tmp_path, "été\n# encoding: latin-1".encode()).startswith("été")
    assert decoded(tmp_path, "\n# encoding: latin-1\nété".encode()).endswith("été")
    assert decoded(tmp_path, "# no more encoding: latin-1\nété".encode()).endswith("\nété")


def test_byte_order_mark(tmp_path):
    assert decoded(tmp_path, "\ufeffcat".encode()) == "cat"
    assert decoded(tmp_path, "\ufeff# encoding: utf-8\nCAT".encode())[0] == "#"
    assert decoded(tmp_path, "\ufeff\ufeffcat".encode()) == "\ufeffcat"


def test_faulty_encodings(tmp_path):
    with pytest.raises(ListError, match="a.txt: unknown encoding klingon"):
        decoded(tmp_path, b"# encoding: klingon\nCAT")
    with pytest.raises(ListError, match="a.txt: not utf-8 at byte 3"):
        decoded(tmp_path, b"CAT\xe9")


def test_missing_folder(tmp_path):
    with pytest.raises(ListError, match="no folder none"):
        load_lists(ListRules(tmp_path / "none"), RULES)
    (tmp_path / "file").touch()
    with pytest.raises(ListError, match="no folder file"):
        load_lists(ListRules(tmp_path / "file"), RULES)
    assert load_lists(ListRules(tmp_path), RULES).words == frozenset()
