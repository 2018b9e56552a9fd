"""The file that `bugbash mutators new` writes: a mutator that works, with a tutorial in it."""

from __future__ import annotations

from bugbash.mutation.families import Family


def sample(name: str, family: Family) -> str:
    """A mutator's file. Those of settings are changed as text, all others as syntax nodes."""
    text = _SETTINGS if family == "configuration" else _CODE
    cls = "".join(word.capitalize() for word in name.split("-"))
    for word, value in (("@name@", name), ("@Class@", cls), ("@family@", family)):
        text = text.replace(word, value)
    return text


_HEAD = '''"""@name@: say here in a few words what is wrong after it."""

from __future__ import annotations

from collections.abc import Iterator
'''

_CODE = (
    _HEAD
    + '''
import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.mutator import Example, Faulty, Mutator


class @Class@(Mutator):
    # The name is what one types: `bugbash new TARGET --mutators FOLDER --mutator @name@`.
    # The family is one of validation, platform, logic, library, configuration.
    name = "@name@"
    family = "@family@"

    # Three texts that learners and instructors read, in whole sentences. `summary`: what is wrong
    # after it. `models`: which mistake of real people it stands for. `explanation`: why the clean
    # code is right and how one finds such a bug; `bugbash reveal` prints it.
    summary = "A running total is overwritten in every round instead of added to."
    models = "`total = price` in a loop, for `total += price`: one character was not typed."
    explanation = (
        "Each round has to add to what the rounds before it left. Look at the value after the "
        "second round: it holds the last item alone."
    )

    # What the fix looks like; bugs that are frequent in real projects are chosen more often.
    # One of: guard, absence, condition, return, statement, name, argument, try, text, except,
    # number, operator, other.
    trait = "operator"

    # The examples are the tests (`bugbash mutators check`) and the page (`bugbash mutators show`).
    # Example(before, after): the code, then what becomes of it. Several places: several `after`,
    # one for each, in the order of the code. No `after`: the mutator must leave the code alone.
    examples = (
        Example(
            """
            def total(prices):
                amount = 0
                for price in prices:
                    amount += price
                return amount
            """,
            """
            def total(prices):
                amount = 0
                for price in prices:
                    amount = price
                return amount
            """,
        ),
        Example(
            """
            while queue:
                done += queue.pop()
                seen += 1
            """,
            """
            while queue:
                done = queue.pop()
                seen += 1
            """,
            """
            while queue:
                done += queue.pop()
                seen = 1
            """,
        ),
        # Outside of a loop everybody would see it at once.
        Example("total += price"),
        Example("""
            for price in prices:
                total -= price
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        # bugbash calls this once for every node of a file. Most nodes are not yours: return early.
        # `python -c "import libcst as cst; print(cst.parse_statement('total += price'))"` shows
        # which nodes some code consists of.
        if not isinstance(node, cst.AugAssign) or not isinstance(node.operator, cst.AddAssign):
            return
        # `context` knows the surroundings: context.parent, context.ancestors, context.following.
        if not any(isinstance(around, (cst.For, cst.While)) for around in context.ancestors):
            return
        # Never change `node`: yield a new one, as small as can be. node.with_changes(...) copies a
        # node with some fields replaced; cst.RemoveFromParent() drops a statement or an argument;
        # cst.FlattenSentinel([one, other]) puts several statements in the place of one.
        yield cst.Assign(targets=[cst.AssignTarget(node.target)], value=node.value)
'''
)

_SETTINGS = (
    _HEAD
    + '''
from bugbash.mutation.data_values import values_of
from bugbash.mutation.mutator import Example, FileMutator, TextChange


class @Class@(FileMutator):
    # A FileMutator changes files of settings: the text, not syntax nodes. One that changes Python
    # derives from Mutator: `bugbash mutators new NAME --family logic` writes such a file.
    # The name is what one types: `bugbash new TARGET --mutators FOLDER --mutator @name@`.
    name = "@name@"
    family = "@family@"

    # Three texts that learners and instructors read, in whole sentences. `summary`: what is wrong
    # after it. `models`: which mistake of real people it stands for. `explanation`: why the clean
    # file is right and how one finds such a bug; `bugbash reveal` prints it.
    summary = "A setting is given as text where a number belongs."
    models = "`port = \\"8080\\"`: quotes that came along when the value was copied."
    explanation = (
        "The code calculates or compares with this setting, and a text is never equal to a number. "
        "Print the value with repr() where it is read."
    )

    # What the fix looks like; bugs that are frequent in real projects are chosen more often.
    # One of: guard, absence, condition, return, statement, name, argument, try, text, except,
    # number, operator, other.
    trait = "text"

    # Which files it changes: some of .toml, .json, .ini, .cfg.
    suffixes = (".toml", ".json")

    # The examples are the tests (`bugbash mutators check`) and the page (`bugbash mutators show`).
    # Example(before, after, file=...): the file, then what becomes of it. Several places: several
    # `after`, one for each, in the order of the file. No `after`: it must be left alone.
    examples = (
        Example("retries = 3", 'retries = "3"', file="settings.toml"),
        Example(
            """
            [server]
            port = 8080  # not 80
            limit = 2.5
            """,
            """
            [server]
            port = "8080"  # not 80
            limit = 2.5
            """,
            """
            [server]
            port = 8080  # not 80
            limit = "2.5"
            """,
            file="settings.toml",
        ),
        Example('{"port": 8080}', '{"port": "8080"}', file="settings.json"),
        Example("debug = false", file="settings.toml"),
        Example('name = "shop"', file="settings.toml"),
    )

    def rewrite(self, file: str, text: str) -> Iterator[TextChange]:
        # bugbash calls this once for every file with one of the suffixes. Yield one TextChange for
        # each faulty version: the characters from start to end become another text. `values_of`
        # finds the single values of a file: value.key, value.section, value.text, value.kind.
        for value in values_of(file, text):
            if value.kind == "number":
                yield TextChange(value.start, value.end, f'"{value.text}"')
'''
)
