"""Which lines a run has to execute before it can notice an edit: a law, and the known traps."""

from __future__ import annotations

import warnings
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bugbash.trials.affected import affected_lines, function_lines
from tests.trials.programs import Program, program_of, run

_PROGRAMS = 12
"""Of one seed: Hypothesis takes longer to make one than they all need."""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_who_executes_no_affected_line_notices_nothing(seed: int) -> None:
    chance = Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(_PROGRAMS):
            program = program_of(chance)
            if program is not None:
                _holds(program, chance.randint(0, 2), chance.randint(0, 2))


def _holds(program: Program, *arguments: int) -> None:
    edit = (program.start, program.end, program.replacement)
    affected = set(chain.from_iterable(affected_lines(program.source, *edit)))
    if 1 in affected or not _is_seen(program, affected):
        return  # all lines: whoever imports it has to run
    told, executed = run(program.source, *arguments)
    if not affected & executed and told[0] != "does not end":
        assert run(program.broken, *arguments)[0] == told, program.source.decode()


def _is_seen(program: Program, affected: set[int]) -> bool:
    """Whether a tracer can see any of these lines; `Reach` takes the whole function where not."""
    code = compile(program.source, "program.py", "exec")
    seen: set[int] = set()
    codes = [code]
    while codes:
        one = codes.pop()
        seen.update(line for _, _, line in one.co_lines() if line)
        codes += [each for each in one.co_consts if hasattr(each, "co_lines")]
    return bool(seen & affected)


FUNCTION = """\
import os
LIMIT = 1
class Holder:
    @property
    def f(self, flag):
        total = 0
        if flag == 1:
            total += 1
        elif flag == 2:
            total += (
                2
            )
        else:
            total += 3
        try:
            total += LIMIT
        except ValueError as error:
            total = 4
        match flag:
            case 1:
                total += 5
            case _:
                pass
        while True:
            break
        def inner(value):
            return value + total
        return inner(flag)

def lazy(flag):
    if flag:
        yield 1
"""
HOLDER = set(range(4, 28))
EDITS: dict[str, tuple[str, str, set[int]]] = {
    "one line": ("total += 1\n", "total += 7\n", {8}),
    "part of a long statement": ("2\n            )", "7\n            )", {10, 11, 12}),
    "elif made if": ("elif flag == 2", "if flag == 2", set(range(7, 15))),
    "else dropped": ("        else:\n            total += 3\n", "", set(range(9, 15))),
    "condition": ("if flag == 1", "if flag == 0", {7}),
    "condition of an elif": ("elif flag == 2", "elif flag == 0", {9}),
    "except": ("except ValueError", "except KeyError", {17}),
    "in except": ("total = 4", "total = 5", set(range(15, 19))),
    "try dropped": ("try:\n            total += LIMIT\n        except ValueError as error:\n"
                    "            total = 4\n", "total += LIMIT\n", HOLDER),
    "case": ("case 1:", "case 2:", set(range(19, 24))),
    "in a case": ("total += 5", "total += 6", set(range(19, 24))),
    "endless made not": ("while True", "while False", {24}),
    "inner body": ("value + total", "value - total", {27}),
    "inner head": ("inner(value)", "inner(value=0)", {26}),
    "inserted at the end": ("return inner(flag)", "return inner(flag)\n        print()", {28}),
    "inserted before": ("total = 0\n", "print()\n        total = 0\n", {6}),
    "a new name": ("total += 1\n", "other = 1\n", HOLDER | {28}),
    "a global made local": ("total = 4", "LIMIT = 4", HOLDER | {28}),
    "declared global": ("total = 0\n", "global LIMIT\n        total = 0\n", HOLDER | {28}),
    "generator no more": ("yield 1", "return 1", set(range(1, 34))),
    "decorator": ("@property\n    ", "", {4, 5}),
    "outside": ("LIMIT = 1", "LIMIT = 2", set(range(1, 34))),
    "does not parse": ("return inner", "return (inner", set(range(1, 34))),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_lines_of_an_edit(name: str) -> None:
    clean, broken, expected = EDITS[name]
    if name == "try dropped":
        expected = expected | {28}
    start = FUNCTION.index(clean)
    assert FUNCTION.count(clean) == 1
    found = affected_lines(FUNCTION.encode(), start, start + len(clean), broken.encode())
    assert set(chain.from_iterable(found)) == expected


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_do_not_matter(ends: str) -> None:
    source = FUNCTION.replace("\n", ends)
    start = source.index("total += 1" + ends)
    assert affected_lines(source.encode(), start, start + 10, b"total += 7") == (range(8, 9),)
    assert function_lines(source.encode(), start, start + 10) == range(4, 29)


def test_a_function_of_the_first_line() -> None:
    assert affected_lines(b"def f(): return 1\n", 16, 17, b"2") == (range(1, 2),)
    assert function_lines(b"x = 1\ny = 2\n", 0, 5) == range(1, 4)
