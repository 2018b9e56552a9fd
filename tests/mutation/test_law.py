"""What holds for every module: drawn from the standard library of the running Python."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bugbash.mutation.context import Context
from bugbash.mutation.load import load
from bugbash.mutation.mutator import Faulty, Mutator
from bugbash.mutation.sites import Mutant, mutants_of

NAMES = (
    "argparse ast bisect calendar configparser contextlib copy csv dataclasses datetime difflib "
    "email/message email/utils enum fnmatch fractions ftplib functools gettext glob heapq "
    "html/parser http/client http/cookies imaplib inspect ipaddress json/decoder json/encoder "
    "locale logging/handlers mailbox mimetypes netrc optparse pathlib pickle plistlib pprint "
    "random sched selectors shlex shutil smtplib socketserver statistics string tarfile tempfile "
    "textwrap tokenize traceback types typing unittest/case urllib/parse urllib/request uuid "
    "wave xml/dom/minidom zipfile zoneinfo/_common"
)
LIBRARY = Path(sysconfig.get_path("stdlib"))
FILES = [path for name in NAMES.split() if (path := LIBRARY / f"{name}.py").is_file()]
STATEMENTS = 12


class Everything(Mutator):
    """Removes all that can be removed and unwraps all calls: far more than any real mutator."""

    name = "everything"
    family = "logic"

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        yield cst.RemoveFromParent()
        if isinstance(node, cst.If) and node.orelse:
            yield node.with_changes(orelse=None)
        if isinstance(node, cst.Call) and node.args:
            yield node.args[0].value
        if isinstance(node, cst.Try) and isinstance(node.body, cst.IndentedBlock):
            yield cst.FlattenSentinel(node.body.body)
        if context.function and isinstance(node, cst.BooleanOperation):
            yield node.left


MUTATORS = [*load(), Everything()]


def parts(path: Path) -> list[bytes]:
    """The top-level statements of a file, each small enough to be broken many times."""
    data = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(data).body
    lines = data.splitlines(keepends=True)
    starts = [min(x.lineno for x in (n, *getattr(n, "decorator_list", ()))) for n in body]
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    found = (b"".join(lines[a - 1 : b]) for a, b in zip(starts, ends, strict=True))
    return [part for part in found if part.count(b"\n") < 150 and b"__future__" not in part]


@st.composite
def modules(draw: st.DrawFn) -> bytes:
    """A module put together from statements of several files, with either line end."""
    chosen = draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=3))
    picked = [draw(st.sampled_from(parts(path) or [b"x = 1\n"])) for path in chosen]
    data = b"".join(part if part.endswith(b"\n") else part + b"\n" for part in picked)
    if draw(st.booleans()):
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + data


def tree(data: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.dump(ast.parse(data))


def found_in(data: bytes, mutators: list[Mutator]) -> list[Mutant]:
    return list(mutants_of("pkg/module.py", data, mutators))


def assert_law(data: bytes, mutants: list[Mutant]) -> None:
    clean = tree(data)
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        edit = mutant.edit
        after = edit.apply(data)
        assert after[: edit.start] == data[: edit.start]
        assert after.endswith(data[edit.end :])
        assert tree(after) != clean, mutant
        assert 1 <= mutant.line <= mutant.end_line <= data.count(b"\n") + 1
        assert mutant.before != mutant.after


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(modules())
def test_every_mutant_parses_and_differs_and_changes_only_its_span(data: bytes) -> None:
    mutants = found_in(data, MUTATORS)
    assert_law(data, mutants[:: max(1, len(mutants) // 60)])
    assert found_in(data, MUTATORS) == mutants


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES[::5], ids=lambda path: str(path.relative_to(LIBRARY)))
def test_every_mutant_of_a_library_module_obeys_the_law(path: Path) -> None:
    data = path.read_bytes()
    mutants = found_in(data, MUTATORS)
    assert_law(data, mutants[:: max(1, len(mutants) // 20)])
