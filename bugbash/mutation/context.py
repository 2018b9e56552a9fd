"""Where a node stands in its module: what a mutator may ask about the surroundings of a node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from bugbash.mutation.names import Names

Scope = cst.FunctionDef | cst.ClassDef | cst.Module


@dataclass(eq=False, slots=True)
class Context:
    """A node, its place in the source and the way up to the module."""

    node: cst.CSTNode
    outer: Context | None
    """The context of the parent."""
    start: int
    """Where the node starts in the module's text, its leading white space and comments included."""
    end: int
    function: str | None
    """The `__qualname__` of the innermost function around the node, or None outside of any."""
    indent: tuple[str, ...]
    excluded: bool
    """True inside docstrings, annotations, messages and the like, which are never mutated."""
    children: list[Context] = field(default_factory=list)
    _names: Names | None = None
    """Of the whole module; kept by the outermost context."""

    @property
    def parent(self) -> cst.CSTNode | None:
        return self.outer.node if self.outer else None

    @property
    def ancestors(self) -> Iterator[cst.CSTNode]:
        """The parent, its parent and so on up to the module."""
        for context in self.chain:
            if context is not self:
                yield context.node

    @property
    def chain(self) -> Iterator[Context]:
        """This context and those around it, up to the module's."""
        context: Context | None = self
        while context:
            yield context
            context = context.outer

    @property
    def root(self) -> Context:
        """The context of the module."""
        *_, last = self.chain
        return last

    @property
    def module(self) -> cst.Module:
        node = self.root.node
        assert isinstance(node, cst.Module)
        return node

    @property
    def names(self) -> Names:
        """What the module binds and how it uses names; read once a module, when first asked."""
        root = self.root
        if root._names is None:
            from bugbash.mutation.names import Names

            root._names = Names(root)
        return root._names

    @property
    def statement(self) -> Context:
        """The innermost statement that holds the node (or is it); else the module."""
        for context in self.chain:
            if isinstance(context.node, (cst.BaseStatement, cst.Module)):
                return context
        raise AssertionError("the outermost node is the module")

    @property
    def block(self) -> Sequence[cst.CSTNode]:
        """The statements beside this one, this one included."""
        outer = self.statement.outer
        body = getattr(outer.node, "body", ()) if outer else ()
        return body if isinstance(body, (tuple, list)) else ()

    @property
    def following(self) -> Sequence[cst.CSTNode]:
        """The statements that come after this one in its block."""
        return self.block[self._index + 1 :]

    @property
    def _index(self) -> int:
        node = self.statement.node
        return next((i for i, other in enumerate(self.block) if other is node), 0)

    @property
    def scope(self) -> Context:
        """The function, class or module that the node belongs to."""
        for context in self.chain:
            if isinstance(context.node, Scope) and context is not self:
                return context
        return self

    def inside(self) -> Iterator[Context]:
        """Every context below this one, in source order."""
        stack = self.children[::-1]
        while stack:
            context = stack.pop()
            yield context
            stack.extend(reversed(context.children))
