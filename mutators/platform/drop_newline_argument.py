"""drop-newline-argument: line ends are left to the machine."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.imports import leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name

OPENERS = frozenset(
    {"open", "write_text", "fdopen", "TextIOWrapper", "NamedTemporaryFile", "StringIO", "read_text"}
)
WRITERS = frozenset({"writer", "DictWriter"})
CSV_ENDS = frozenset({"\\r\\n"})
"""What `csv` writes anyway."""


class DropNewlineArgument(Mutator):
    name = "drop-newline-argument"
    family = "platform"
    trait = "argument"
    summary = "Line ends are translated, or not, as the machine likes: cells and files change."
    models = '`newline=""` forgotten for a CSV file, `lineterminator` for its writer.'
    explanation = (
        'The csv module takes care of line ends itself and needs `newline=""`; files that others '
        'compare byte by byte need a fixed `newline="\\n"`. Look at the bytes of the file, or at '
        "the `repr` of a cell with a line break in it."
    )
    examples = (
        Example(
            """
            with open(path, newline="") as file:
                rows = list(csv.reader(file))
            """,
            """
            with open(path) as file:
                rows = list(csv.reader(file))
            """,
        ),
        Example(
            """
            out = path.open("w", encoding="utf-8", newline="\\n")
            """,
            """
            out = path.open("w", encoding="utf-8")
            """,
        ),
        Example(
            "writer = csv.writer(out, lineterminator='\\n')",
            "writer = csv.writer(out)",
        ),
        Example(
            """
            path.write_text(
                text,
                encoding="utf-8",
                newline="",  # as it is
            )
            """,
            """
            path.write_text(
                text,
                encoding="utf-8",
            )
            """,
        ),
        Example(
            "out = io.StringIO(newline='')",
            "out = io.StringIO()",
        ),
        Example(
            "writer = csv.DictWriter(out, COLUMNS, delimiter=';', lineterminator=os.linesep)",
            "writer = csv.DictWriter(out, COLUMNS, delimiter=';')",
        ),
        Example("file = open(path, newline=None)"),
        Example("out = io.StringIO(newline='\\n')"),
        Example("writer = csv.writer(out, lineterminator='\\r\\n')"),
        Example("print_all(rows, newline='')"),
        Example("file = open(path, 'w', -1, 'utf-8')"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Arg) or node.keyword is None:
            return
        keyword = node.keyword.value
        if keyword not in ("newline", "lineterminator"):
            return
        call = context.parent
        name = call_name(call).rpartition(".")[2] if call else ""
        text = node.value.raw_value if isinstance(node.value, cst.SimpleString) else None
        if keyword == "newline" and name in OPENERS:
            drops = _name(node.value) != "None" and not (name == "StringIO" and text == "\\n")
        else:
            drops = keyword == "lineterminator" and name in WRITERS and text not in CSV_ENDS
        if drops and not leaves_idle(context, node, parameters=True):
            yield cst.RemoveFromParent()


def _name(node: cst.BaseExpression) -> str:
    return node.value if isinstance(node, cst.Name) else ""
