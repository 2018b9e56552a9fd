"""Vendored targets, with a user's options laid over them."""

from __future__ import annotations

from bugbash.targets import vendored
from bugbash.targets.overrides import NOTHING, Note, Overrides
from bugbash.targets.spec import Target


def prepare(argument: str, overrides: Overrides, _: Note) -> Target:
    """The vendored target `argument`; with options, a tree of its own that is narrowed."""
    target = vendored.prepare(argument)
    if overrides == NOTHING:
        return target
    from bugbash.targets.overrides import layered
    from bugbash.targets.prepare import finished

    spec = layered(target.spec, overrides, target.tree)
    return finished(target.tree, spec, argument, "vendored", target.overlay)
