"""From what an author wrote to edits of the clean files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bugbash import git
from bugbash.errors import UsageProblem
from bugbash.files import apply_edits
from bugbash.serving.anchors import anchor, anchor_all, edits_between, find_text
from bugbash.serving.near import merged, near_text
from bugbash.serving.written import Written, WrittenBug, read
from bugbash.targets.spec import Target
from tests.scenario_files import LIMIT, SWAPPED, patch_of, write_scenario

TargetOf = Callable[..., Target]

line = st.text(st.sampled_from("ab =(\t\x0c\u2028é"), max_size=6)
lines = st.lists(line, max_size=8)
ending = st.sampled_from(["\n", "\r\n"])


@given(lines, lines, ending, st.booleans())
def test_the_edits_between_two_texts_make_one_of_the_other(
    old: list[str], new: list[str], end: str, whole: bool
) -> None:
    before, after = (end.join([*part, ""] if whole else part).encode() for part in (old, new))
    edits = tuple(edits_between("a.py", before, after))
    assert apply_edits(before, edits) == after


@given(st.data(), ending)
def test_anchoring_the_lines_of_an_edit_gives_the_result_of_the_edit(
    data: st.DataObject, end: str
) -> None:
    words = st.text(st.sampled_from("abc=()"), min_size=1, max_size=4)
    indented = st.builds(lambda n, word: " " * n + word, st.integers(0, 8), words)
    clean = data.draw(st.lists(indented | st.just(""), min_size=1, max_size=10))
    first = data.draw(st.integers(0, len(clean) - 1))
    last = data.draw(st.integers(first + 1, len(clean)))
    put = data.draw(st.lists(indented, max_size=4))
    wanted = clean[first:last]
    assume(wanted[0] and wanted[-1])  # blank lines at the ends of a text do not count
    text = end.join([*clean, ""])
    found = find_text("\n".join(wanted), text)
    assume(len(found) == 1)
    expected = end.join([*clean[:first], *put, *clean[last:], ""])
    assert found[0].replaced(text, "\n".join(wanted), "\n".join(put)) == expected


@given(st.integers(0, 6), st.integers(1, 6))
def test_the_indentation_of_a_text_as_a_whole_does_not_matter(given: int, there: int) -> None:
    clean = "".join(f"{' ' * there}{line}\n" for line in ("if a:", "    return b", "return c"))
    assume(given != there)
    before = "".join(f"{' ' * given}{line}\n" for line in ("if a:", "    return b"))
    (found,) = find_text(before, f"def f():\n{clean}")
    changed = found.replaced(f"def f():\n{clean}", before, before.replace("b", "d"))
    assert changed == f"def f():\n{clean.replace('return b', 'return d')}"


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[..., Written]:
    """A scenario over the tiny project: `scenario(text, files)`."""

    def make(text: str = SWAPPED, files: dict[str, str] | None = None) -> Written:
        return read(write_scenario(tmp_path / "mine", text, files))

    return make


def anchored(written: Written, target: Target, number: int = 1) -> bytes:
    """The file of a bug as it is with the bug."""
    found = anchor(written, written.bugs[number - 1], target)
    name = found.edits[0].file
    return apply_edits((target.tree / name).read_bytes(), found.edits)


def test_lines_that_moved_or_have_windows_ends_are_found(
    scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    written = scenario()
    text = "import os\r\n\r\n\r\nclass Label:\r\n        def parcel(self, name, street):\r\n"
    text += '                return f"[{label(name, street)}]"\r\n'
    target = tiny_target({"tiny/labels.py": text})
    assert anchored(written, target) == text.replace("name, street)}", "street, name)}").encode()
    assert anchor(written, written.bugs[0], target).line == 6


def test_a_patch_means_the_same_as_the_lines_it_changes(
    scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    target = tiny_target()
    by_lines = anchored(scenario(), target)
    head, _, _ = SWAPPED.partition("[[bug]]")
    patch = patch_of("tiny/labels.py", "label(name, street)}]", "label(street, name)}]", False)
    text = f'{head}[[bug]]\nfamily = "library"\npatch = "bug.patch"\n'
    assert anchored(scenario(text, {"bug.patch": patch}), target) == by_lines


def test_a_patch_with_windows_ends_applies_to_code_with_or_without_them(
    scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    head, _, _ = SWAPPED.partition("[[bug]]")
    text = f'{head}[[bug]]\nfamily = "library"\npatch = "bug.patch"\n'
    unix = {"tiny/prices.py": b"a = 1\nb = 2\n"}
    windows = {name: data.replace(b"\n", b"\r\n") for name, data in unix.items()}
    for clean in (unix, windows):
        broken = {name: data.replace(b"2", b"3") for name, data in clean.items()}
        patch = git.patch(clean, broken).replace("\r\n", "\n").replace("\n", "\r\n")
        written = scenario(text, {"bug.patch": patch})
        assert anchored(written, tiny_target(clean)) == broken["tiny/prices.py"]


def test_bugs_in_neighbouring_lines_do_not_touch_each_other(
    scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    second = LIMIT.replace("return price >= limit", "a = 1\\nb = 2").replace(
        "return price > limit", "a = 1\\nb = 3"
    )
    third = second.replace("b = 3", "b = 2").replace('after = "a = 1', 'after = "a = 0')
    target = tiny_target({"tiny/prices.py": "a = 1\nb = 2\n"})
    written = scenario(SWAPPED + second + third)
    edits = [edit for one in anchor_all(written, target)[1:] for edit in one.edits]
    assert apply_edits(b"a = 1\nb = 2\n", tuple(edits)) == b"a = 0\nb = 3\n"


def test_bugs_in_the_same_lines_are_refused(
    scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    written = scenario(SWAPPED + LIMIT + LIMIT.replace("> limit", "< limit"))
    with pytest.raises(UsageProblem, match=r"scenario.toml:22: it changes lines that bug 2 "):
        anchor_all(written, tiny_target())


@pytest.mark.parametrize("name", ["../tiny/tiny/prices.py", "./tiny/prices.py", "tiny\\prices.py"])
def test_a_file_is_named_as_the_target_has_it(
    name: str, scenario: Callable[..., Written], tiny_target: TargetOf
) -> None:
    written = scenario()
    bug = WrittenBug(1, family="logic", file=name, before="price >= limit", after="")
    with pytest.raises(UsageProblem, match=r"scenario.toml:9: .* has no file .*Did you mean 't"):
        anchor(written, bug, tiny_target())


NEAR = {
    "a renamed word": ("total = price + fee", "total = price + tax"),
    "a line that came in": (
        "if a > limit:\n    return cheap", "if a > limit:\n    log(a)\n    return cheap"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), NEAR.values(), ids=NEAR.keys())
def test_lines_that_were_changed_are_found_where_they_are_clearly_the_ones(
    old: str, new: str
) -> None:
    around = "import os\n\n\ndef f(a):\n    {}\n\n\nclass Other:\n    name = 'x'\n"
    text = around.format(new.replace("\n", "\n    "))
    assert near_text(old, text) == new
    assert near_text(old, text + text.replace("import", "from")) is None


@given(st.lists(st.sampled_from(["a", "b", " ", "\n", "("]), max_size=12).map("".join), line)
def test_a_change_alone_is_the_merger(base: str, new: str) -> None:
    assert merged(base, base, new) == new
    assert merged(base, new, base) == new


def test_changes_of_the_same_words_are_not_merged() -> None:
    assert merged("a = 1", "a = 2", "a = 3") is None
