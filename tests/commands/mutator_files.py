"""Files of mutators, right and wrong, for tests of the commands about them."""

from __future__ import annotations

GOOD = '''\
"""flip: True becomes False."""

import libcst as cst

from bugbash.mutation.mutator import Example, Mutator


class Flip(Mutator):
    name = "flip"
    family = "logic"
    summary = "A switch is off that has to be on."
    models = "A wrong default."
    explanation = "Print the switch where it is read."
    examples = (
        Example("x = True", "x = False"),
        Example("f(True)", "f(False)"),
        Example("x = 1"),
    )

    def mutate(self, node, context):
        if isinstance(node, cst.Name) and node.value == "True":
            yield cst.Name("False")
'''
"""A mutator in which nothing is wrong; line 15 is its first example, line 22 its `yield`."""

YIELD = '            yield cst.Name("False")'


def named(name: str, code: str = GOOD) -> str:
    """The same mutator under another name."""
    return code.replace('"flip"', f'"{name}"')


def doing(*lines: str) -> str:
    """The mutator with other lines in the place of its `yield`."""
    return GOOD.replace(YIELD, "\n".join(" " * 12 + line for line in lines))
