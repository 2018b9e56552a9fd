"""One mutant by hand for each construct of the torture package, and the way it has to be tried."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A file of `knots`, what stands there, what the mutant makes of it, and the way."""

    file: str
    clean: str
    broken: str
    way: str
    """`swap`, `reimport`, `cold`, or "" where any will do."""


SWAP, FRESH, COLD, ANY = "swap", "reimport", "cold", ""

CASES: dict[str, Case] = {
    "nothing changes": Case("wrapped", "return 254", "return 200 + 54", SWAP),
    # decorated, stubs, same names, conditional definitions
    "wrapped function": Case("wrapped", 'f"bye {name}"', 'f"hi {name}"', SWAP),
    "wrapped function of which a copy exists": Case(
        "wrapped", 'f"hello {name}"', 'f"hi {name}"', FRESH
    ),
    "wrapper made at import": Case("wrapped", 'function(*args) + "!"', 'function(*args) + "?"', ""),
    "decorator that ran at import": Case(
        "wrapped", "return lambda *args: function(*args)", "return lambda *args: 3", FRESH
    ),
    "function behind a bare decorator": Case("wrapped", "value * 2", "value * 3", SWAP),
    "function behind a class decorator": Case("wrapped", "value // 2", "value // 3", SWAP),
    "the class decorator": Case("wrapped", "self.calls += 1", "self.calls += 2", SWAP),
    "its start": Case("wrapped", "self.calls = 0", "self.calls = None", FRESH),
    "decorator dropped": Case("wrapped", "@bare\n", "", FRESH),
    "overload stub": Case("wrapped", "return 10", "return 11", ANY),
    "behind overloads": Case("wrapped", "value.upper()", "value.lower()", SWAP),
    "first of a name": Case("wrapped", 'return "first"', 'return "1st"', SWAP),
    "second of a name": Case("wrapped", '" second"', '" 2nd"', SWAP),
    "method of a name": Case("wrapped", "return 254", "return 255", SWAP),
    "other method of the name": Case("wrapped", "return 3048", "return 3049", SWAP),
    "getter": Case("wrapped", "return self._size", "return self._size + 1", SWAP),
    "setter": Case("wrapped", "abs(size)", "size", SWAP),
    "conditional": Case("wrapped", "text.casefold()", "text.upper()", SWAP),
    "conditional not taken": Case("wrapped", "text.lower()", "text.upper()", FRESH),
    "in except": Case("wrapped", 'return "rescued"', 'return "lost"', ANY),
    "condition turned": Case("wrapped", "if isinstance(value, int)", "if not value", FRESH),
    "error is another": Case("wrapped", "value.strip()", "value + 'x'", ANY),
    # copies and replacements
    "copied function": Case("wrapped", "return number - 1", "return number - 2", SWAP),
    "code kept": Case("wrapped", "    return value.strip()", "    return value.lstrip()", FRESH),
    "replaced function": Case("copies", "number + 200", "number + 201", SWAP),
    "function it replaced": Case("copies", "number + 100", "number + 101", SWAP),
    "method that was replaced": Case("copies", "return slow(number)", "return 0", FRESH),
    "monkeypatched": Case("copies", 'return "helper"', 'return "other"', SWAP),
    # caches and constants
    "cache warm at import": Case("caches", "number * 10", "number * 12", FRESH),
    "cold cache": Case("caches", "number * 11", "number * 12", SWAP),
    "cached property used": Case("caches", "return [1]", "return [3]", FRESH),
    "cached property unused": Case("caches", "return [2]", "return [3]", SWAP),
    "constant by a call": Case("caches", "6 * 7", "6 * 8", FRESH),
    "constant": Case("caches", "LIMIT = 5", "LIMIT = 6", FRESH),
    "module lambda": Case("caches", "pair[1]", "pair[0]", FRESH),
    "line run in company": Case("caches", "return _seen[0]", "return _seen[0] + 1", ANY),
    "state kept": Case("caches", "_seen.append(value)", "_seen.append(value + 1)", ANY),
    "state not cleared": Case("caches", "_seen.clear()", "pass", ANY),
    "a global made local": Case("caches", "bound = 3\n", "LIMIT = 3\n", ANY),
    "a local made global": Case("caches", "        bound = 3\n", "", ANY),
    # flows
    "closure made at import": Case("flows", "value + number", "value - number", FRESH),
    "nested function": Case("flows", "value * 3", "value * 4", SWAP),
    "lambda in a function": Case("flows", "-one", "one", SWAP),
    "generator begun at import": Case("flows", "number += 1", "number += 2",
                                      FRESH),
    "generator made at import": Case("flows", 'yield "b"', 'yield "c"', FRESH),
    "generator": Case("flows", "yield done[0]", "yield done", SWAP),
    "generator no more": Case("flows", "yield done[0]", "return done", FRESH),
    "inner generator no more": Case("flows", "yield 1", "return [1]", FRESH),
    "coroutine": Case("flows", "return value + 1", "return value + 2", SWAP),
    "coroutine no more": Case("flows", "async def fetch(value):\n    await asyncio.sleep(0)",
                              "def fetch(value):\n    asyncio.sleep", FRESH),
    "match": Case("flows", 'case {"size": x}', 'case {"sizes": x}', SWAP),
    "match of the rest": Case("flows", "return 0  # no size", "return 1", SWAP),
    "endless recursion": Case("flows", "depth(number - 1)", "depth(number + 1)", SWAP),
    "docstring": Case("flows", "Say it.", "Say so.", FRESH),
    "docstring dropped": Case("flows", '    "Say it."\n', "", FRESH),
    # classes
    "dataclass default": Case("classes", "x: int = 1", "x: int = 2", FRESH),
    "dataclass factory": Case("classes", "default_factory=list", "default=()", FRESH),
    "dataclass method": Case("classes", "self.x + by", "self.x - by", SWAP),
    "default argument": Case("classes", "by=2", "by=3", SWAP),
    "enum member": Case("classes", "RED = 1", "RED = 3", FRESH),
    "enum method": Case("classes", "if self is Colour.RED", "if self is Colour.BLUE", SWAP),
    "class attribute": Case("classes", "limit = 30", "limit = 31", FRESH),
    "keyword default": Case("classes", "least=0", "least=-5", SWAP),
    "generic function": Case("classes", 'f"<{value}>"', 'f"({value})"', SWAP),
    "registered function": Case("classes", 'f"#{value}"', 'f"{value}"', SWAP),
    "registration": Case("classes", "_(value: int)", "_(value: float)", FRESH),
    "init_subclass": Case("classes", "cls.__name__", "cls.__qualname__.lower()", FRESH),
    "the only super": Case("classes", 'super().name() + "-child"', '"child"', FRESH),
    "beside super": Case("classes", '"-child"', '"-kid"', SWAP),
    "metaclass new": Case("classes", '"meta"', '"mesa"', FRESH),
    "metaclass call": Case("classes", "made.called = True", "made.called = False", SWAP),
    "set_name": Case("classes", '"_" + name', '"__" + name', FRESH),
    "descriptor get": Case("classes", "self.name, 7", "self.name, 8", SWAP),
    "slots": Case("classes", '("_cell", "_b")', '("_b",)', FRESH),
    "private name": Case("classes", "return self.__secret", "return self.__other", SWAP),
    "does not parse": Case("classes", "class Vault:", "class  (Vault:", FRESH),
    "raises at import": Case("classes", "limit = 30", "limit = missing", FRESH),
    "two lines more": Case("classes", "self.__secret = 1", "pass\n        pass\n"
                           "        self.__secret = 1", ANY),
    # files
    "BOM": Case("marked", "number + 1", "number + 2", ANY),
    "CRLF": Case("returns", "{text}", "{text}!", SWAP),
    "future import": Case("future", "y + x", "y - x", SWAP),
    "future import dropped": Case("future", "from __future__ import annotations", "", FRESH),
    "named like a test module": Case("test_tools", "return number", "return -number", ANY),
    "assertion in it": Case("test_tools", "assert number, 'zero'", "pass", ANY),
    "lazily imported": Case("lazy", "number * FACTOR", "number + FACTOR", SWAP),
    "constant lazily imported": Case("lazy", "FACTOR = 4", "FACTOR = 5", ANY),
    "warning at a lazy import": Case("lazy", "return number == 1", "return number is 1", FRESH),
    "warning at import": Case("flows", "if number <= 0", "if number is 0", FRESH),
    # functions that ran at import
    "branch not taken at import": Case("early", "kind.upper()", "kind.lower()", SWAP),
    "branch taken at import": Case("early", '"early"', '"late"', FRESH),
    "condition asked at import": Case("early", 'kind == "begin"', 'kind == "start"', FRESH),
    "before what was made at import": Case("early", 'kind = "none"', 'kind = "one"', SWAP),
    "in what was made at import": Case("early", '"made"', '"built"', FRESH),
    "a line more before it": Case("early", 'kind = "none"', 'kind = "n"\n        kind += "one"',
                                  FRESH),
    "loop that no tracer is told of": Case("early", "while True", "while limit < 9", FRESH),
    "loop left at import": Case("early", '"far"', '"near"', SWAP),
    "comprehension not made at import": Case("early", "each * each", "each + each", SWAP),
    "reloaded": Case("documented", "side * side", "side + side", SWAP),
    "doctest": Case("documented", "    9\n", "    8\n", FRESH),
    "in another process": Case("cli", 'return "word"', 'return "ward"', ANY),
    # fixtures
    "session fixture": Case("system", 'return "open"', 'return "shut"', ANY),
    "expected failure passes": Case("system", 'return "open"', 'return "close"', ANY),
    "tear-down": Case("system", 'return "closed"', 'return "shut"', FRESH),
    "skipped test, xfail, company": Case("system", "return 3", "return 4", SWAP),
    "skip no more": Case("system", "return 3", "return 5", SWAP),
    # the machine
    "file left open": Case("system", "    file.close()\n", "", ANY),
    "file left open in a cycle": Case("system", "    file.close()\n", "    a = [file]\n"
                                      "    a.append(a)\n", ANY),
    "socket left open": Case("system", "    made.close()\n", "", ANY),
    "folder not restored": Case("system", "os.chdir(before)", "pass", ANY),
    "variable not removed": Case("system", "del os.environ[name]", "pass", ANY),
    "temporary file left": Case("system", "    os.unlink(name)\n", "", ANY),
    "registry not emptied": Case("system", "    REGISTRY.remove(name)\n", "", ANY),
    "file in the project": Case("system", "return True\n", "return Path('litter.txt').write_text('x"
                                "') > 0\n", ANY),
    "project file changed": Case("system", "return True\n", "return Path('data.txt').write_text('x"
                                 "') > 0\n", ANY),
    "child goes on": Case("system", "os._exit(value)", "pass", ANY),
    "child ends otherwise": Case("system", "os._exit(value)", "os._exit(1)", ANY),
    "process ends": Case("system", "os._exit(value)", "pass\n    os._exit(0)", COLD),
    "thread fails": Case("system", "found.append(value)", "1 / 0", ANY),
    "thread left running": Case("system", "lambda: found.append(value)",
                                "__import__('time').sleep, args=(9,)", ANY),
    "BaseException not caught": Case("system", "except BaseException", "except ValueError", SWAP),
    "exit": Case("system", "return work()", "raise SystemExit(0)", SWAP),
    "Ctrl-C": Case("system", "return number >= 0", "raise KeyboardInterrupt", COLD),
}  # fmt: skip

HANGS: dict[str, Case] = {
    "endless loop": Case("flows", "number -= 1", "number -= 0", ANY),
    "sleeps": Case("flows", "return number  # spun", "__import__('time').sleep(60)", COLD),
    "endless loop at import": Case("caches", "LIMIT = 5", "while True: pass", COLD),
}  # fmt: skip

SLOW = frozenset(
    {"thread left running", "thread fails", "file left open in a cycle", "socket left open",
     "process ends", "Ctrl-C", "variable not removed", "project file changed", "exit",
     "child ends otherwise", "raises at import", "future import dropped", "warning at import",
     "dataclass factory", "slots", "set_name", "registration", "keyword default", "enum member",
     "doctest", "docstring dropped", "inner generator no more", "generator made at import",
     "constant", "module lambda", "its start", "conditional not taken", "error is another",
     "condition turned", "a local made global", "state kept", "skip no more", "getter",
     "other method of the name", "method of a name", "function it replaced", "assertion in it"}
)  # fmt: skip
"""They wait for a limit, start cold, or have a twin among the others."""
