"""From the body of a failing test to the script that a user of the library would paste.

Assertions become `print`s of what they look at, parameters get the values of the failing set, small
fixtures and the module's own helpers are written out. What can't be shown so gives no script.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from bugbash.serving.blind import parts_of
from bugbash.serving.real_names import (
    NOT_SHOWN,
    NoSteps,
    acts,
    bare,
    defined,
    free,
    import_lines,
    import_of,
    inlined,
    is_text,
    names_in,
    stored,
)
from bugbash.serving.real_parameters import Function, ParameterSet, sets_of
from bugbash.syntax import parse, parsed

PROBE = "__bugbash__"
_OF_FIXTURES = {
    "Path": ("pathlib", "Path"),
    "asyncio": ("", "asyncio"),
    "os": ("", "os"),
    "tempfile": ("", "tempfile"),
}
"""What pytest's own fixtures, and tests that await something, are written out with."""
_LONGEST = 40
"""Statements of a script that is still read."""
_END = "look: end"
_TYPE_CHECKS = frozenset({"isinstance", "issubclass", "hasattr", "callable", "bool", "all", "any"})


@dataclass(frozen=True)
class Look:
    """A place of a test at which something is looked at, by number."""

    number: int
    shown: tuple[ast.expr, ...]
    """What to print, the most telling first; nothing where running it is all."""


class TestSource:
    """A test function in its file, with the arguments of one failing test."""

    __test__ = False

    def __init__(self, tree: Path, test: str) -> None:
        self._tree, self._test = tree, test
        self._file, self._classes, self._name = parts_of(test)
        self._module = _module(tree / self._file)
        self._function, self._decorators = self._found()
        self.is_async = isinstance(self._function, ast.AsyncFunctionDef)
        self.looks: list[Look] = []

    def _found(self) -> tuple[Function, list[ast.expr]]:
        body, decorators = self._module.body, list[ast.expr]()
        for name in self._classes:
            owner = next((n for n in body if isinstance(n, ast.ClassDef) and n.name == name), None)
            if owner is None:
                raise NoSteps("its class is elsewhere")
            body, decorators = owner.body, [*owner.decorator_list, *decorators]
        for node in body:
            if isinstance(node, Function) and node.name == self._name:
                return node, [*decorators, *node.decorator_list]
        raise NoSteps("its function is elsewhere")

    @cached_property
    def sets(self) -> list[ParameterSet]:
        """Every set of arguments of the function, as far as the source tells."""
        return sets_of(self._decorators, self._module) or []

    @cached_property
    def own_set(self) -> ParameterSet | None:
        """The failing one; None for a function without parameters."""
        _, bracket, rest = self._test.partition("[")
        if not bracket:
            return None
        found = [one for one in self.sets if rest.removesuffix("]") in one.ids]
        if not found:
            raise NoSteps("its arguments are not told")
        return found[0]

    def statements(self) -> list[ast.stmt]:
        """The body with `print`s for assertions, behind the values of its arguments."""
        body = [copy.deepcopy(node) for node in self._function.body]
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        self.looks = []
        shown = [*self._arguments(), *self._rewritten(body)]
        if not self.looks:
            raise NoSteps("it asserts nothing that can be printed")
        return shown

    def _arguments(self) -> Iterator[ast.stmt]:
        given = self.own_set.values if self.own_set else {}
        arguments = self._function.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if one.arg in ("self", "cls", "monkeypatch"):
                continue
            if one.arg == "tmp_path":
                yield from parse("tmp_path = Path(tempfile.mkdtemp())").body
                continue
            value = given.get(one.arg) or self._fixture(one.arg)
            yield ast.Assign([ast.Name(one.arg, ast.Store())], copy.deepcopy(value))

    def _fixture(self, name: str) -> ast.expr:
        """What a fixture that only returns something returns."""
        for module in (self._module, *self._conftests()):
            for node in module.body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    if not any("fixture" in ast.unparse(d) for d in node.decorator_list):
                        continue
                    body = [n for n in node.body if not is_text(n)]
                    last = body[0] if len(body) == 1 else None
                    if isinstance(last, ast.Return) and last.value is not None:
                        used = {arg.arg for arg in node.args.args}
                        if not used & names_in(last.value) and not self._needs_other(last, module):
                            return last.value
        raise NoSteps(f"it needs {name}")

    def _needs_other(self, node: ast.AST, module: ast.Module) -> bool:
        """Whether a fixture of another file uses names that the test's file does not have alike."""
        if module is self._module:
            return False
        mine, theirs = defined(self._module), defined(module)
        for name in names_in(node) & theirs.keys():
            if name not in mine:
                mine[name] = theirs[name]
                self._module.body.insert(0, theirs[name])
            elif ast.dump(mine[name]) != ast.dump(theirs[name]):
                return True
        return False

    def _conftests(self) -> Iterator[ast.Module]:
        for folder in PurePosixPath(self._file).parents:
            path = self._tree / folder / "conftest.py"
            if path.is_file():
                yield _module(path)

    def _rewritten(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        caught: set[str] = set()
        for node in body:
            if caught & names_in(node):
                continue  # it looks at the error, which is shown anyway
            if isinstance(node, ast.Assert):
                done.append(self._look(node, _subjects(node.test)))
            elif isinstance(node, ast.With | ast.AsyncWith) and _raises(node):
                done += self._raising(node)
                caught |= stored(item.optional_vars for item in node.items if item.optional_vars)
            elif (patched := _patched(node)) is not None:
                done += patched
            else:
                for field in ("body", "orelse", "finalbody"):
                    inner = getattr(node, field, None)
                    if inner and isinstance(node, ast.With | ast.AsyncWith | ast.For | ast.If):
                        setattr(node, field, self._rewritten(inner))
                done.append(node)
        return done

    def _look(self, place: ast.AST, shown: tuple[ast.expr, ...]) -> ast.stmt:
        self.looks.append(Look(len(self.looks), shown))
        marked = ast.Expr(ast.Constant(f"look {len(self.looks) - 1}"))
        return ast.copy_location(marked, place)

    def _raising(self, node: ast.With | ast.AsyncWith) -> Iterator[ast.stmt]:
        """What a block that must raise does: its last statement is looked at, the rest is run."""
        if len(node.items) != 1:
            raise NoSteps("it looks at several things at once")
        *before, last = node.body
        yield from before
        if not isinstance(last, ast.Expr | ast.Assign):
            raise NoSteps("what raises is no expression")
        yield self._look(node, (last.value,))

    def watched(self) -> str:
        """A script that records every look, whatever the one before did."""
        body = _marked(self.statements(), self._record)
        return self.script(body)

    def _record(self, number: int) -> list[ast.stmt]:
        shown = self.looks[number].shown
        source = ", ".join([str(number), *map(ast.unparse, shown)])
        text = (
            f"try:\n    {PROBE}.record({source})\n"
            f"except Exception as error:\n    {PROBE}.failed({number}, error)"
        )
        return parse(text).body

    def shortened(self, number: int, choice: int) -> str:
        """The script up to one look, which prints its `choice`."""
        statements = self.statements()
        shown = self.looks[number].shown[choice]

        def put(found: int) -> list[ast.stmt]:
            return parse(f"print({ast.unparse(shown)})").body if found == number else []

        return self.script(_until(_marked(statements, put, stop=number)))

    def script(self, body: list[ast.stmt]) -> str:
        """The statements behind what they need of the module."""
        body = inlined(body)
        if sum(1 for node in body for _ in ast.walk(node) if isinstance(_, ast.stmt)) > _LONGEST:
            raise NoSteps("it is long")
        if self.is_async:
            body = _as_main(body)
        head, *helpers = self._needed(body)
        between = "\n\n\n" if helpers or self.is_async else "\n\n"
        return between.join(filter(None, [head, *helpers, _text(body)])) + "\n"

    def _needed(self, body: Sequence[ast.AST]) -> list[str]:
        """What some statements use of the module as text: its imports, then each definition."""
        known = defined(self._module)
        bound = {PROBE, *stored(body)}
        imports: set[tuple[str, str]] = set()
        helpers: dict[int, ast.stmt] = {}
        waiting, seen = list(free(body)), set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen or name in bound or (name not in known and hasattr(builtins, name)):
                continue
            seen.add(name)
            node = known.get(name)
            if node is None and name in _OF_FIXTURES:
                imports.add(_OF_FIXTURES[name])
                continue
            if node is None or name in NOT_SHOWN:
                raise NoSteps(f"it needs {name}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports.add(import_of(node, name))
            else:
                helpers[node.lineno] = bare(node)
                waiting += free([node])
        given = [_text([node]) for _, node in sorted(helpers.items())]
        return [import_lines(imports), *given]


def _module(path: Path) -> ast.Module:
    tree = parsed(path.read_bytes()) if path.is_file() else None
    if tree is None:
        raise NoSteps("its file can't be read")
    return tree


def _raises(node: ast.With | ast.AsyncWith) -> bool:
    return any(
        isinstance(item.context_expr, ast.Call)
        and ast.unparse(item.context_expr.func) in ("pytest.raises", "raises")
        for item in node.items
    )


def _patched(node: ast.stmt) -> list[ast.stmt] | None:
    """What a call of `monkeypatch` does to the environment; None for another statement."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return None
    given = [ast.unparse(one) for one in call.args]
    match ast.unparse(call.func), given:
        case "monkeypatch.setenv", [name, value]:
            return parse(f"os.environ[{name}] = {value}").body
        case "monkeypatch.delenv", [name]:
            return parse(f"os.environ.pop({name}, None)").body
        case "monkeypatch.chdir", [folder]:
            return parse(f"os.chdir({folder})").body
    return None


def _subjects(test: ast.expr) -> tuple[ast.expr, ...]:
    """What an assertion looks at, the most telling first, and the assertion itself."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return (*_subjects(test.operand)[:1], test)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = test.left, test.comparators[0]
        inside = isinstance(test.ops[0], ast.In | ast.NotIn)
        first, second = (right, left) if inside else (left, right)
        if not acts(first) and acts(second):
            first = second
        return (first, test)
    if isinstance(test, ast.Call) and ast.unparse(test.func) in _TYPE_CHECKS and test.args:
        return (test.args[0], test)
    return (test,)


def _mark_of(node: ast.stmt) -> int | None:
    if not is_text(node):
        return None
    word, _, number = str(node.value.value).partition(" ")  # type: ignore[attr-defined]
    return int(number) if word == "look" and number.isdecimal() else None


def _marked(body: list[ast.stmt], put: object, stop: int | None = None) -> list[ast.stmt]:
    """The body with what `put` gives for each look; nothing behind the look `stop`."""
    assert callable(put)
    done: list[ast.stmt] = []
    for node in body:
        number = _mark_of(node)
        if number is not None:
            done += put(number)
            if number == stop:
                done.append(ast.Expr(ast.Constant(_END)))
                break
            continue
        for field in ("body", "orelse"):
            inner = getattr(node, field, None)
            if inner and isinstance(node, ast.With | ast.AsyncWith | ast.For | ast.If):
                setattr(node, field, _marked(inner, put, stop))
        done.append(node)
        if stop is not None and _ends(node):
            break
    return [node for node in done if not _is_empty(node)]


def _ends(node: ast.stmt) -> bool:
    return any(_is_end(inner) for inner in ast.walk(node))


def _is_end(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and getattr(node.value, "value", None) == _END


def _is_empty(node: ast.stmt) -> bool:
    compound = isinstance(node, ast.With | ast.AsyncWith | ast.For | ast.If)
    return compound and not node.body  # type: ignore[attr-defined]


def _until(body: list[ast.stmt]) -> list[ast.stmt]:
    """The body without the marks of its end."""

    class Ends(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
            return None if _is_end(node) else node

    return [done for node in body if (done := Ends().visit(node)) is not None]


def _as_main(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements that await something as a program."""
    made = parse("async def main():\n    pass\nasyncio.run(main())").body
    made[0].body = body  # type: ignore[attr-defined]
    return made


def _text(body: Sequence[ast.stmt]) -> str:
    tree = ast.fix_missing_locations(ast.Module(list(body), []))
    return ast.unparse(tree)
