"""What counts as an edit of the code, and what only looks at it."""

from __future__ import annotations

import pytest

from bugbash.grading.leftovers import Module, looking, module_of
from bugbash.grading.rubric import Marks, Rubric, dimension, rubric_of

SERVED = """\
import sys


class Till:
    \"\"\"Counts.\"\"\"

    def total(self, prices):
        found = sum(prices)
        print("total", found)
        return found


def main():
    log.info("start")
    return Till().total([1])
"""


def read(text: str, served: str = SERVED) -> Module:
    found = module_of(text.encode(), looking(served.encode()))
    assert found is not None
    return found


ONLY_LOOKS = {
    "a print": ("        found", '        print("here")\n        found'),
    "a print in a branch of its own": (
        "        return found",
        "        if found:\n            print(found)\n        return found"),
    "a print in a loop of its own": (
        "        return found",
        "        for p in prices:\n            print(p)\n        return found"),
    "logging": ("    return Till", '    logging.debug("x")\n    return Till'),
    "a logger": (
        "import sys", "import logging\nimport sys\n\nlog = logging.getLogger(__name__)"),
    "a logger of the class": ("    return Till", "    self.log.warning('x')\n    return Till"),
    "standard error": ("    return Till", "    sys.stderr.write('x')\n    return Till"),
    "a breakpoint": ("    return Till", "    breakpoint()\n    return Till"),
    "pdb": ("    return Till", "    import pdb; pdb.set_trace()\n    return Till"),
    "a traceback": ("    return Till", "    traceback.print_stack()\n    return Till"),
    "a comment": ("    return Till", "    # TODO\n    return Till"),
    "a docstring": ('"""Counts."""', '"""Counts the money."""'),
    "blank lines": ("\n\n\ndef", "\n\n\n\n\n\ndef"),
}  # fmt: skip
EDITS = {
    "a value": ("sum(prices)", "sum(prices) + 1"),
    "another order": (
        '    log.info("start")\n    return Till().total([1])',
        '    x = 1\n    log.info("start")\n    return Till().total([1])'),
    "what the program prints": ('print("total", found)', 'print("sum", found)'),
    "what the program logs is gone": ('    log.info("start")\n', ""),
    "a statement beside a print": ("    return Till", "    print(1)\n    x = 2\n    return Till"),
    "a return for trying": ("        found = sum", "        return 0\n        found = sum"),
    "a decorator": ("    def total", "    @cache\n    def total"),
    "a base": ("class Till:", "class Till(dict):"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ONLY_LOOKS.values(), ids=ONLY_LOOKS)
def test_what_only_looks_is_no_edit(before: str, after: str) -> None:
    assert SERVED.count(before) == 1
    assert read(SERVED.replace(before, after)).bare == read(SERVED).bare


@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_what_changes_the_program_is_an_edit(before: str, after: str) -> None:
    assert SERVED.count(before) == 1
    assert read(SERVED.replace(before, after)).bare != read(SERVED).bare


def test_what_was_put_in_to_look_is_known() -> None:
    assert not read(SERVED).extra
    assert read(SERVED + "print(1)\n").extra


def test_two_statements_that_change_places_are_an_edit() -> None:
    one, other = "a = 1\nb = a\n", "b = a\na = 1\n"
    assert read(one, one).bare != read(other, one).bare


def test_code_that_does_not_parse_says_nothing() -> None:
    assert module_of(b"def (:", frozenset()) is None


def test_parts_that_are_known_come_out_the_same() -> None:
    known: dict[object, Module] = {}
    own = looking(SERVED.encode())
    for text in (SERVED, SERVED.replace("sum(", "max("), SERVED + "print(1)\n", SERVED):
        assert module_of(text.encode(), own, known) == module_of(text.encode(), own)


def test_weights_replace_the_defaults_and_nothing_else() -> None:
    assert rubric_of({}) == Rubric()
    assert Rubric().total == 100
    assert rubric_of({"clean up": 0, "verify": 24}) == Rubric(clean_up=0, verify=24)


@pytest.mark.parametrize("weights", [{"clean_up": 1}, {"style": 5}, {"fix": -1}])
def test_weights_that_are_none_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        rubric_of(weights)


@pytest.mark.parametrize(
    ("parts", "points"), [(12, 30), (6, 15), (0, 0), (13, 30), (-1, 0), (1, 2)]
)
def test_a_step_earns_its_share_of_what_a_scenario_gives_it(parts: float, points: int) -> None:
    found = dimension("verify", Marks(parts, ("x",), "do better"), Rubric(verify=30))
    assert (found.points, found.max) == (points, 30)
    assert found.advice == ("" if points == 30 else "do better")
