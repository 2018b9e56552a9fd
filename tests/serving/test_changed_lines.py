"""Which lines a bug changes: all of them, and none that it only moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bugbash.serving.anchors import edits_between
from bugbash.serving.changed_lines import stretches

CLEAN = """\
import json


def total(prices, rate):
    net = 0
    for price in prices:
        net += price
    tax = net * rate
    note = "paid"
    return net + tax
"""
LOOP = "    for price in prices:\n        net += price\n"
NET, TAX, NOTE = "    net = 0\n", "    tax = net * rate\n", '    note = "paid"\n'


def changed(*pairs: tuple[str, str]) -> str:
    text = CLEAN
    for before, after in pairs:
        assert text.count(before) == 1
        text = text.replace(before, after)
    return text


CASES: dict[str, tuple[str, list[int], list[int]]] = {
    "one line": (changed(("net * rate", "net / rate")), [8], []),
    "two lines apart": (changed(("net = 0", "net = 1"), ("net * rate", "net / rate")), [5, 8], []),
    "neighbours": (changed(("net * rate", "net / rate"), ("paid", "due")), [8, 9], []),
    "a line moved and another changed": (
        changed((NOTE, ""), (NET, NET + NOTE), ("net * rate", "net / rate")), [9], [],
    ),
    "a line moved down and one above changed": (
        changed(("net = 0", "net = 1"), (TAX + NOTE, NOTE + TAX)), [5], [],
    ),
    "lines in another order": (changed((TAX + NOTE, NOTE + TAX)), [8], []),
    "a line taken out": (changed((TAX, "")), [], [8]),
    "a line moved and another taken out": (
        changed((NOTE, ""), (TAX, ""), (NET, NET + NOTE)), [6], [9],
    ),
    "a line put in": (changed((NOTE, NOTE + "    net = 0\n")), [10], []),
    "a block taken from around its lines": (
        changed((LOOP, "    net += price\n")), [], [6],
    ),
    "a line indented anew": (changed((TAX, f"    {TAX}")), [8], []),
    "a comment and a line": (
        changed(("import json\n", "# json\nimport json\n"), ("net = 0", "net = 1")), [6], [],
    ),
    "a blank line and a line": (changed(("\n\n\n", "\n\n"), ("net = 0", "net = 1")), [4], []),
    "a comment alone": (changed(("import json\n", "import json  # for later\n")), [1], []),
    "line ends alone": (CLEAN.replace("\n", "\r\n"), list(range(1, 11)), []),
    "no last line end": (CLEAN.rstrip("\n"), [10], []),
}  # fmt: skip


@pytest.mark.parametrize(("broken", "lines", "gaps"), CASES.values(), ids=CASES.keys())
def test_the_changed_lines_are_those_of_the_broken_file(
    tmp_path: Path, broken: str, lines: list[int], gaps: list[int]
) -> None:
    (tmp_path / "x.py").write_bytes(CLEAN.encode())
    edits = list(edits_between("x.py", CLEAN.encode(), broken.encode()))
    found = stretches(tmp_path, edits)
    assert sorted(line for one in found for line in one.lines) == lines
    assert [one.first for one in found if not one.count] == gaps


def test_other_bugs_move_lines_and_files_come_in_order(tmp_path: Path) -> None:
    for name in ("x.py", "a.py"):
        (tmp_path / name).write_bytes(CLEAN.encode())
    mine = [
        *edits_between("x.py", CLEAN.encode(), changed(("net * rate", "net / rate")).encode()),
        *edits_between("a.py", CLEAN.encode(), changed(("paid", "due")).encode()),
    ]
    longer = changed(("import json\n", "import json\nimport re\n"))
    other = list(edits_between("x.py", CLEAN.encode(), longer.encode()))
    found = stretches(tmp_path, mine, other)
    assert [(one.file, one.clean, list(one.lines)) for one in found] == [
        ("a.py", 9, [9]),
        ("x.py", 8, [9]),
    ]
