"""What a watched clean run calls quiet is not noticed by anybody: a law, and the known traps."""

from __future__ import annotations

import ast
import sys
import types
import warnings
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bugbash.trials
from bugbash.trials.affected import affected_lines
from tests.trials.programs import OBJECTS, PLAIN, Program, Words, program_of, run

_PROGRAMS = 12
_ARGUMENTS: tuple[Any, ...] = (0, 1, 2, None, "", " ab", b"ab", 0.0, True, 300)


def _inside(name: str) -> Any:
    """A module that runs in other people's Python, found as it is there."""
    import importlib.util

    path = Path(bugbash.trials.__file__).with_name("inside") / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"_bugbash_{name}", path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


INSIDE = {
    name: _inside(name) for name in ("compiling", "looking", "evaluating", "comparing", "probing")
}
FILE = "program.py"


def _functions(source: bytes) -> dict[int, bytes]:
    lines = source.splitlines(keepends=True)
    return {
        node.lineno: b"".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.col_offset in (0, 4)
    }


def _code(source: bytes) -> types.CodeType:
    module = compile(source, FILE, "exec")
    codes = [each for each in module.co_consts if isinstance(each, types.CodeType)]
    return next(each for each in codes if each.co_name == "f")


def watched(
    program: Program, *arguments: Any, varies: bool = False
) -> tuple[bool, tuple[Any, ...]]:
    """Whether a run of the clean program is quiet, and what it does."""
    clean, broken = _code(program.source), _code(program.broken)
    texts = _functions(program.source)

    def text_of(function: types.FunctionType) -> tuple[bytes | None, int]:
        first = function.__code__.co_firstlineno
        return (texts[first], first) if first in texts else (None, 0)

    probes = INSIDE["probing"].Probes("/", text_of, types.SimpleNamespace())
    first = clean.co_firstlineno
    body = _functions(program.broken).get(first)
    if clean.co_flags != broken.co_flags or body is None:
        return False, ()
    if not probes.add(0, FILE, (first, texts[first], body), clean, broken):
        return False, ()
    probes.begin()

    def see(frame: Any) -> None:
        if ("/" + FILE, frame.f_lineno) in probes.at:
            probes.see("/" + FILE, frame.f_lineno, frame)

    did, _ = run(program.source, *arguments, watch=see)
    told = probes.told(varies)
    return bool(told["asked"] and not told["noticed"]), did


def _holds(program: Program, *arguments: Any) -> bool:
    quiet, did = watched(program, *arguments)
    if quiet and did[0] != "does not end":
        assert run(program.broken, *arguments)[0] == did, (
            program.source.decode() + "\n" + program.broken.decode()
        )
    return quiet


def _is_local(program: Program) -> bool:
    lines = affected_lines(program.source, program.start, program.end, program.replacement)
    return lines[0].start > 1


@pytest.mark.parametrize("words", [PLAIN, OBJECTS])
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_nobody_notices_what_is_quiet(words: Words, seed: int) -> None:
    chance = Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(_PROGRAMS):
            program = program_of(chance, words)
            if program is not None and _is_local(program):
                _holds(program, chance.choice(_ARGUMENTS), chance.choice(_ARGUMENTS))


_PACKING = (
    b"import struct\n"
    b"big = struct.Struct('>Q').pack\nback = struct.Struct('>Q').unpack\n"
    b"class Struct:\n def pack(self, x): return b'0' * len(log.append(x) or log)\n"
    b"own = Struct().pack\nlog = []\na = 1\n"
    b"def f(x, y):\n return %s\n"
)


@pytest.mark.parametrize(
    ("clean", "broken", "x", "quiet"),
    [
        (b"big(x).lstrip(b'0')", b"big(x).strip(b'0')", 7, True),
        (b"big(x).lstrip(b'0')", b"big(x).strip(b'0')", 48, False),
        (b"back(big(x))[0]", b"back(big(x))[-1]", 7, True),
        (b"struct.pack('>H', x)[:9]", b"struct.pack('>H', x)[:8]", 7, True),
        (b"struct.pack('>H', x)[:9]", b"struct.pack('>H', x)[:8]", 1 << 20, False),
        (b"struct.pack('>H', x)[:9]", b"struct.pack('<H', x)[:9]", 7, False),
        (b"own(x)[:9]", b"own(x)[:8]", 7, False),
    ],
    ids=["same", "other", "unpacked", "by-name", "raises", "other-order", "of-another-class"],
)
def test_a_packed_number_is_known(clean: bytes, broken: bytes, x: int, quiet: bool) -> None:
    source = _PACKING % clean
    start = source.rindex(clean)
    assert _holds(Program(source, start, start + len(clean), broken), x, 0) is quiet


def test_what_another_run_may_bring_other_values_is_noticed() -> None:
    source = b"log = []\na = 1\ndef f(x, y):\n return x + 0\n"
    start = source.index(b"x + 0")
    program = Program(source, start, start + 5, b"x - 0")
    assert watched(program, 300, 0)[0]
    assert not watched(program, 300, 0, varies=True)[0]


@pytest.mark.parametrize(
    ("words", "noticed"),
    [
        ("", False),
        ("random.seed(1)", False),
        ("random.seed(1); random.random()", False),
        ("random.seed(1); random.seed(2); random.random()", False),
        ("random.random()", True),
        ("random.seed()", True),
        ("random.random(); random.seed(1)", True),
        ("random.seed(1); random.seed(None)", True),
    ],
)
def test_what_is_drawn_by_chance_is_noticed_unless_its_seed_was_set(
    words: str, noticed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import random

    monkeypatch.setattr(random, "seed", random.seed)  # put back at the end
    probes = INSIDE["probing"].Probes("/", lambda function: (None, 0), types.SimpleNamespace())
    code, broken = (_code(f"def f(x):\n return x + {n}\n".encode()) for n in (0, 1))
    texts = (1, b"def f(x):\n return x + 0\n", b"def f(x):\n return x - 0\n")
    assert probes.add(0, FILE, texts, code, broken)
    probes.follow_seeds()
    probes.begin()
    (probe,) = probes.at["/" + FILE, 2]
    probe.times = 1
    exec(words, {"random": random})
    assert bool(probes.told()["noticed"]) is noticed
