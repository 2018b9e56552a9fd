"""Mutants as edits of bytes: nothing but the changed node differs from the clean file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from bugbash.mutation.context import Context
from bugbash.mutation.load import load, select
from bugbash.mutation.mutator import Faulty, Mutator
from bugbash.mutation.sites import Mutant, mutants_in_tree, mutants_of
from bugbash.mutation.source import UnreadableSource

(BOUNDARY,) = select(load(), ["boundary-comparison"])


class Remover(Mutator):
    """Removes what is marked: the name, statement or item that mentions GONE first."""

    name = "remover"
    family = "logic"

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        kinds = (
            cst.BaseSmallStatement,
            cst.BaseCompoundStatement,
            cst.ExceptHandler,
            cst.MatchCase,
            cst.BaseElement,
            cst.BaseDictElement,
            cst.Arg,
            cst.Param,
            cst.Decorator,
        )
        if isinstance(node, kinds) and self._is_marked(node):
            yield cst.RemoveFromParent()

    def _is_marked(self, node: cst.CSTNode) -> bool:
        head = (
            cst.Module([]).code_for_node(node.with_changes(leading_lines=()))
            if hasattr(node, "leading_lines")
            else cst.Module([]).code_for_node(node)
        )
        return head.strip().split("\n")[0].split("#")[0].strip("@ ,:;").endswith("GONE")


class Unwrap(Mutator):
    """Puts the body of `with GONE:` in the place of the statement, and swaps `first; second`."""

    name = "unwrap"
    family = "logic"

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.With) and isinstance(node.body, cst.IndentedBlock):
            yield cst.FlattenSentinel(node.body.body)
        if isinstance(node, cst.Name) and node.value == "same":
            yield node
            yield cst.Name("other")
            yield cst.Name("other")
            yield cst.Name("class")


def broken(code: str, mutator: Mutator) -> list[str]:
    data = code.encode()
    return [m.edit.apply(data).decode() for m in mutants_of("a.py", data, [mutator])]


PRESERVED = {
    "crlf": "if a < b:\r\n    x()\r\n",
    "tabs": "def f():\n\tif a < b:\n\t\treturn 1 \n",
    "mixed line ends": "x = 1\r\nif a < b:\n    x()\r\n",
    "non-ascii": "text = 'žluťoučký 中文 🐍'\nok = 'ø' + f(a < b, 'é')  # naïve\n",
    "byte order mark": "\ufeffif a < b:\n    x()\n",
    "decorator": "@register(limit=a < b)\n@other\ndef f(): pass\n",
    "nested functions": "class A:\n  def f(self):\n    def g(): return a < b\n    return g\n",
    "call of several lines": "f(\n    1,\n    a < b,  # why\n\n    # next\n    key = 2,\n)\n",
    "continuation": "x = a \\\n  < b\n",
    "odd spacing": "if(a)<( b ) :x( )\n",
    "no line end": "x = a < b",
    "no line end in a block": "def f():\n  return a < b",
    "semicolons": "x = 1; y = a < b; z = 2\n",
    "f-string": "x = f'{a < b}'\n",
    "elif": "if a:\n  x()\nelif a < b: y()\n",
    "case guard": "match a:\n    case 1 if a < b: # no\n        pass\n",
    "except": "try:\n  f()\nexcept (a < b):\n  pass\n",
    "comprehension": "x = [i for i in y if a < b]\n",
    "form feed": "x = 1\n\x0c\ny = a < b\n",
    "walrus and lambda": "x = lambda: (y := a < b)\n",
}


@pytest.mark.parametrize("code", PRESERVED.values(), ids=PRESERVED)
def test_only_the_operator_changes(code: str) -> None:
    changed = code.replace("<", "<=", 1)
    assert broken(code, BOUNDARY) == [changed]


REMOVED = {
    "statement": ("a\nGONE\nb\n", "a\nb\n"),
    "its own comment": ("a\n# why\nGONE\n\nb\n", "a\n\nb\n"),
    "a comment about more": ("a\n# both\nGONE\nb\n", "a\n# both\nb\n"),
    "blank lines on both sides": ("a\n\nGONE\n\nb\n", "a\n\nb\n"),
    "first of a block": ("def f():\n    GONE\n\n    b\n", "def f():\n    b\n"),
    "last of a block": ("def f():\n    a\n\n    GONE\n\n\nb\n", "def f():\n    a\n\n\nb\n"),
    "only one of a block": ("if a:\n    GONE  # so\nb\n", "if a:\n    pass\nb\n"),
    "only one on the line": ("if a: GONE\n", "if a: pass\n"),
    "first of a line": ("GONE; b; c\n", "b; c\n"),
    "last of a line": ("a; GONE\n", "a\n"),
    "no line end": ("a\nGONE", "a\n"),
    "trailing comment": ("a\nGONE  # why\nb\n", "a\nb\n"),
    "crlf": ("a\r\nGONE\r\nb\r\n", "a\r\nb\r\n"),
    "block": ("a\nif GONE:\n    b\n    # c\nd\n", "a\nd\n"),
    "elif": ("if a:\n  1\nelif GONE:\n  2\nelif c:\n  3\n", "if a:\n  1\nelif c:\n  3\n"),
    "last elif": ("if a:\n  1\nelif GONE:\n  2\nb\n", "if a:\n  1\nb\n"),
    "elif before else": ("if a: 1\nelif GONE:\n  2\nelse: 3\n", "if a: 1\nelse: 3\n"),
    "case": (
        "match a:\n  case 1: b\n  case GONE:\n    c\n  case 3: d\n",
        "match a:\n  case 1: b\n  case 3: d\n",
    ),
    "except": (
        "try:\n  a\nexcept GONE:\n  b\nexcept C:\n  c\n",
        "try:\n  a\nexcept C:\n  c\n",
    ),
    "decorator": ("@GONE\n@b\ndef f(): pass\n", "@b\ndef f(): pass\n"),
    "argument": ("f(a, GONE, b)\n", "f(a, b)\n"),
    "first argument": ("f(GONE, b)\n", "f(b)\n"),
    "last argument": ("f(a, GONE)\n", "f(a)\n"),
    "last with a comma": ("f(a, GONE, )\n", "f(a, )\n"),
    "only argument": ("f(GONE)\n", "f()\n"),
    "argument on its line": ("f(\n  a,\n  GONE,  # x\n  b,\n)\n", "f(\n  a,\n  b,\n)\n"),
    "last one on its line": ("f(\n  a,\n  GONE\n)\n", "f(\n  a,\n)\n"),
    "last one on a common line": ("f(\n  a, GONE\n)\n", "f(\n  a\n)\n"),
    "only one on its line": ("f(\n  GONE\n)\n", "f()\n"),
    "only one with a comma": ("f(\n  GONE,\n)\n", "f()\n"),
    "element of a list": ("x = [GONE, b]\n", "x = [b]\n"),
    "pair stays a tuple": ("x = (a, GONE)\n", "x = (a,)\n"),
    "pair keeps its second": ("x = (GONE, b)\n", "x = (b,)\n"),
    "triple": ("x = (a, GONE, c)\n", "x = (a, c)\n"),
    "dictionary entry": ("x = {\n  1: a,\n  2: GONE,\n}\n", "x = {\n  1: a,\n}\n"),
    "parameter": ("def f(a, GONE, b): pass\n", "def f(a, b): pass\n"),
}


@pytest.mark.parametrize(("code", "expected"), REMOVED.values(), ids=REMOVED)
def test_what_is_removed_leaves_no_trace(code: str, expected: str) -> None:
    assert expected in broken(code, Remover())


IMPOSSIBLE = {
    "only case": "match a:\n  case GONE: b\n",
    "only handler": "try: a\nexcept GONE: b\n",
    "only element of a set": "x = {GONE}\n",
    "bare star": "def f(a, *, GONE): pass\n",
}


@pytest.mark.parametrize("code", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_the_grammar_needs_stays(code: str) -> None:
    assert all(ast.parse(after) for after in broken(code, Remover()))
    assert code.replace("GONE", "").strip() not in [c.strip() for c in broken(code, Remover())]


UNTOUCHED = {
    "annotation": "def f(x: A[a < b]) -> (a < b): pass\n",
    "type checking": "if TYPE_CHECKING:\n    x = a < b\n",
    "typing.TYPE_CHECKING": "if typing.TYPE_CHECKING:\n    x = a < b\n",
    "__all__": "__all__ = [a < b]\n__all__ += [a < b]\n__all__.append(a < b)\n",
    "overload": "@overload\ndef f(x=a < b): ...\n",
    "main": "if __name__ == '__main__':\n    main(a < b)\n",
    "log call": "logger.info('x', a < b)\nself._log.debug(a < b)\n",
    "warning": "warnings.warn(f'{a < b}')\n",
    "message": "raise ValueError(f'{a < b}')\nassert x, f(a < b)\n",
    "type alias": "X: TypeAlias = (a < b)\n",
}


@pytest.mark.parametrize("code", UNTOUCHED.values(), ids=UNTOUCHED)
def test_code_without_behaviour_is_left_alone(code: str) -> None:
    assert broken(code, BOUNDARY) == []


def test_the_other_branch_of_type_checking_is_code() -> None:
    assert broken("if TYPE_CHECKING:\n  x = 1\nelse:\n  x = a < b\n", BOUNDARY)


LEFT_BEHIND = {
    "import": "import re\nx = f(re.GONE)\n",
    "local": "def f():\n    x = 1\n    g()\n    h(x).GONE\n",
    "parameter": "def f(x):\n    g()\n    h(x).GONE\n",
    "group of a match": "def f(t):\n    m = P.match(t)\n    g(m['a'])\n    h(m['b']).GONE\n",
    "list that is only filled": "def f():\n    x = []\n    x.append(1)\n    h(x).GONE\n",
    "list that nothing fills": "def f():\n    x = {}\n    x[1] = GONE\n    return x\n",
}


@pytest.mark.parametrize("code", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_no_removal_leaves_behind_what_a_linter_points_at(code: str) -> None:
    assert broken(code, Remover()) == []


READ_ELSEWHERE = {
    "local": "def f():\n    x = 1\n    g(x)\n    h(x).GONE\n",
    "import": "import re\nx = f(re.GONE)\ny = re.I\n",
    "two fillers": "def f():\n    x = {}\n    x[0] = 1\n    x[1] = GONE\n    return x\n",
    "list of the caller": "def f(x):\n    x[0] = 1\n    x[1] = GONE\n",
}


@pytest.mark.parametrize("code", READ_ELSEWHERE.values(), ids=READ_ELSEWHERE)
def test_what_is_read_elsewhere_may_go_here(code: str) -> None:
    assert broken(code, Remover())


def test_several_statements_take_the_place_of_one() -> None:
    code = "def f():\n    # so\n    with lock:\n        a()\n        b()\n    c()\n"
    assert broken(code, Unwrap()) == ["def f():\n    # so\n    a()\n    b()\n    c()\n"]


def test_equal_and_repeated_and_invalid_results_are_dropped() -> None:
    assert broken("x = same\n", Unwrap()) == ["x = other\n"]


def only(code: str) -> Mutant:
    (mutant,) = mutants_of("pkg/a.py", code.encode(), [BOUNDARY])
    return mutant


def test_a_mutant_says_where_it_is() -> None:
    code = (
        "class A:\n"
        "    def f(self):\n"
        "        def g():\n"
        "            x = 1\n"
        "            if 'é' < b:\n"
        "                pass\n"
    )
    mutant = only(code)
    assert (mutant.line, mutant.end_line) == (5, 5)
    assert mutant.function == "A.f.<locals>.g"
    assert mutant.before == "if 'é' < b:"
    assert mutant.after == "if 'é' <= b:"
    assert code.encode()[mutant.edit.start : mutant.edit.end] == b"<"
    assert mutant.edit.replacement == "<="


def test_a_statement_of_several_lines_is_shown_whole() -> None:
    mutant = only("def f():\n    return g(\n        a,\n        b < c,\n    )\n")
    assert mutant.before == "return g(\n    a,\n    b < c,\n)"
    assert mutant.line == mutant.end_line == 4


def test_removed_lines_are_shown_without_what_is_around() -> None:
    (mutant,) = mutants_of("a.py", b"if a:\n    b\n    # so\n    GONE\n\n    c\n", [Remover()])
    assert (mutant.before, mutant.after, mutant.line) == ("# so\nGONE", "", 4)


def test_ids_depend_on_file_and_place_and_are_stable() -> None:
    assert only("x = a < b\n").id == only("x = a < b\n").id
    others = {m.id for m in (only("x = a < b\n"), only("x =  a < b\n"), only("x = a <= b\n"))}
    assert len(others) == 3
    (elsewhere,) = mutants_of("pkg/b.py", b"x = a < b\n", [BOUNDARY])
    assert elsewhere.id != only("x = a < b\n").id
    assert only("x = a < b\n").id == "db2d8baad25f937a"


def test_mutants_come_in_source_order() -> None:
    found = list(mutants_of("a.py", b"x = f(a < b)[c > d] < (e >= f)\ny = g <= h\n", [BOUNDARY]))
    starts = [mutant.edit.start for mutant in found]
    assert len(starts) == 5
    assert starts == sorted(starts)


UNREADABLE = {
    "does not parse": (b"def (:\n", r"a\.py:1 does not parse"),
    "latin-1": ("# -*- coding: latin-1 -*-\nx = 'é' < b\n".encode("latin-1"), "iso-8859-1"),
    "no encoding at all": (b"x = '\xff'\n", "UTF-8"),
    "null bytes": (b"x = 1\0\n", "parse"),
}


@pytest.mark.parametrize(("data", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_can_not_be_read_is_said(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message):
        list(mutants_of("a.py", data, [BOUNDARY]))


def test_a_tree_is_walked_in_name_order_and_bad_files_are_reported(tmp_path: Path) -> None:
    for name, code in {"b.py": "x = a < b\n", "a.py": "x = a > b\n", "c.py": "x = (\n"}.items():
        (tmp_path / name).write_text(code)
    skipped: list[UnreadableSource] = []
    found = mutants_in_tree(tmp_path, ["c.py", "b.py", "a.py"], [BOUNDARY], skipped.append)
    assert [mutant.edit.file for mutant in found] == ["a.py", "b.py"]
    assert len(skipped) == 1
    assert "c.py" in str(skipped[0])


def test_an_empty_module_has_no_mutants() -> None:
    assert list(mutants_of("a.py", b"", load())) == []
