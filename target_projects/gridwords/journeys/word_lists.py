"""The editors load the folder of word lists."""

WHO = "an editor of the word lists"
SUBJECT = "Loading the word lists"
DETAIL = "Words of three to eight letters are wanted in the steps."

CASES = {
    "one list": ({"a.txt": b"cat\nDog\n"}, {}),
    "lines of Windows": ({"a.txt": b"cat\r\ndog\r\n"}, {}),
    "blank lines": ({"a.txt": b"\n  \ncat\n\n"}, {}),
    "comments": ({"a.txt": b"# animals\ncat # tabby # or not\n"}, {}),
    "another comment sign": ({"a.txt": b"; animals\ncat ; tabby\n"}, {"comment": ";"}),
    "no comments": ({"a.txt": b"cat\ndog # x\n"}, {"comment": ""}),
    "a brace pattern": ({"a.txt": b"play{,s,ed}\n"}, {}),
    "a word taken back": ({"a.txt": b"cat\ndog\n!cat\n"}, {}),
    "a word taken back before it comes": ({"a.txt": b"!cat\ncat\n"}, {}),
    "a pattern taken back": ({"a.txt": b"cat\ncut\ndog\n! c{a,u}t\n"}, {}),
    "words taken back by a later file": ({"b.txt": b"!cat\n", "a.txt": b"cat\ndog\n"}, {}),
    "words that come back": ({"c.txt": b"cat\n", "b.txt": b"!cat\n", "a.txt": b"cat\n"}, {}),
    "files that share words": ({"a.txt": b"cat\ndog\n", "b.txt": b"dog\nant\nant\n"}, {}),
    "a folder in the folder": ({"a.txt": b"cat\n", "more/b.txt": b"dog\n", "more/x/c.txt": b"ant\n"}, {}),
    "a folder that sorts before a file": ({"b.txt": b"!dog\n", "a/z.txt": b"dog\nant\n"}, {}),
    "a hidden file": ({"a.txt": b"cat\n", ".b.txt": b"dog\n"}, {}),
    "a file of another kind": ({"a.txt": b"cat\n", "b.csv": b"dog\n"}, {}),
    "another kind of files": ({"a.txt": b"cat\n", "b.lst": b"dog\n"}, {"pattern": "*.lst"}),
    "UTF-8": ({"a.txt": "été\n".encode()}, {}),
    "a byte order mark": ({"a.txt": "\ufeffcat\ndog\n".encode()}, {}),
    "Latin-1 by its first line": ({"a.txt": "# encoding: latin-1\nété\n".encode("latin-1")}, {}),
    "an encoding without a comment sign": ({"a.txt": "Encoding = latin-1\nété\n".encode("latin-1")}, {}),
    "an encoding in the second line": ({"a.txt": "été\n# encoding: latin-1\n".encode()}, {}),
    "Latin-1 by the settings": ({"a.txt": "été\n".encode("latin-1")}, {"encoding": "latin-1"}),
    "Latin-1 unannounced": ({"a.txt": "cat\nété\n".encode("latin-1")}, {}),
    "an unknown encoding": ({"a.txt": b"# encoding: klingon\ncat\n"}, {}),
    "words too short and too long": ({"a.txt": b"at\ncat\nelephants\nelephant\n"}, {}),
    "one bad word of a pattern": ({"a.txt": b"cat\n{at,dog,d0g}\n"}, {}),
    "a faulty pattern": ({"a.txt": b"c{at\ndog\n"}, {}),
    "as large a pattern as allowed": ({"a.txt": b"c{a,o,u}t\n"}, {"max_expansion": 3}),
    "too large a pattern": ({"a.txt": b"dog\nc{a,o,u}t\n"}, {"max_expansion": 2}),
    "an empty folder": ({}, {}),
    "no folder": (None, {}),
}


def journey(files, settings):
    from pathlib import Path

    from gridwords.wordlists import ListRules, list_files, load_lists
    from gridwords.words import WordRules

    if files is not None:
        Path("lists").mkdir()
    for name, raw in (files or {}).items():
        Path("lists", name).parent.mkdir(parents=True, exist_ok=True)
        Path("lists", name).write_bytes(raw)
    rules = ListRules(Path("lists"), **settings)
    print({name: value for name, value in vars(rules).items() if name != "folder"})
    print(list_files(Path("lists"), rules.pattern))
    lists = load_lists(rules, WordRules(3, 8))
    print(type(lists.words), sorted(lists.words), lists.sources, *lists.skipped, sep="\n")
