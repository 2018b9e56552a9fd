"""The trait and the family of a fix, from the code before and after it."""

from __future__ import annotations

import pytest

from bugbash.mining.kinds import kind_of

BODY = "import json\nimport os\n\n\ndef f(x, y=1):\n    {}\n"

KINDS = {
    "guard": ("return x[0]", "if y > 3:\n        return y\n    return x[0]", "guard", "logic"),
    "absence": (
        "return x[0]",
        "if x is None:\n        return y\n    return x[0]",
        "absence",
        "logic",
    ),
    "plain truth": (
        "return x[0]",
        "if not x:\n        return y\n    return x[0]",
        "absence",
        "logic",
    ),
    "one line": ("return x.a", "return x.a if x is not None else y", "absence", "logic"),
    "condition": (
        "if x > 1:\n        y = 2\n    return y",
        "if x > 1 and y < 2:\n        y = 2\n    return y",
        "condition",
        "logic",
    ),
    "comparison": (
        "if x > 1:\n        y = 2\n    return y",
        "if x >= 1:\n        y = 2\n    return y",
        "condition",
        "logic",
    ),
    "return": ("return x", "return x[::-1]", "return", "logic"),
    "statement": ("return x", "x.close()\n    return x", "statement", "logic"),
    "name": ("return x.first", "return x.last", "name", "logic"),
    "argument": ("return x.get(y)", "return x.get(y, 0)", "argument", "logic"),
    "library": ("return json.dumps(x)", "return json.dumps(x, indent=y)", "argument", "library"),
    "try": (
        "return x[y]",
        "try:\n        return x[y]\n    except LookupErr:\n        return y",
        "try",
        "logic",
    ),
    "text": ("return x['one']", "return x['two']", "text", "logic"),
    "number": ("return x * 60", "return x * 3600", "number", "logic"),
    "operator": ("return x + y", "return x - y", "operator", "logic"),
    "except": (
        "try:\n        return x\n    except KeyError:\n        return y",
        "try:\n        return x\n    except (KeyError, TypeError):\n        return y",
        "except",
        "validation",
    ),
    "raise": (
        "return x",
        "if y > 2:\n        raise ValueError(y)\n    return x",
        "guard",
        "validation",
    ),
    "type check": (
        "return x",
        "if isinstance(x, bytes_like):\n        return y\n    return x",
        "absence",
        "validation",
    ),
    "normalise": ("return x", "return x.strip()", "return", "validation"),
    "encoding": ("return open(x)", "return open(x, encoding='utf-8')", "argument", "platform"),
    "separator": ("return x + '/'", "return x + os.sep", "return", "platform"),
    "environment": ("return x", "return os.environ.get(x)", "return", "configuration"),
}


@pytest.mark.parametrize("case", KINDS)
def test_kinds(case: str) -> None:
    before, after, trait, family = KINDS[case]
    found = kind_of(
        {"pkg/a.py": BODY.format(before).encode()}, {"pkg/a.py": BODY.format(after).encode()}
    )
    assert found == (trait, family)


def test_a_constant_of_a_module_is_configuration() -> None:
    found = kind_of({"a.py": b"LIMIT = 10\n"}, {"a.py": b"LIMIT = 20\n"})
    assert found == ("number", "configuration")


def test_nothing_is_said_of_what_this_python_can_not_parse() -> None:
    assert kind_of({"a.py": b"print 'a'\n"}, {"a.py": b"print 'b'\n"}) == ("other", "logic")


def test_types_and_documents_do_not_count() -> None:
    before = b"def f(x):\n    return x + 1\n"
    after = b'def f(x: int) -> int:\n    """More."""\n    return x - 1\n'
    assert kind_of({"a.py": before}, {"a.py": after})[0] == "operator"


def test_the_most_telling_of_several_files_counts() -> None:
    before = {"a.py": b"def f(x):\n    return x\n", "b.py": b"A = 1\n"}
    after = {
        "a.py": b"def f(x):\n    if x is None:\n        return 0\n    return x\n",
        "b.py": b"A = 2\n",
    }
    assert kind_of(before, after)[0] == "absence"
