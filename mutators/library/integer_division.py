"""integer-division: the fraction is lost, or kept where it should go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted, is_text
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.words import words

PATHS = frozenset(
    words(
        "path_dir_directory_folder_root_base_home_tmp_temp_parent_file_filename_cwd_here_dest_"
        "destination_source_src_location_cache_config_prefix_target_out_output_stem_tree"
    )
)
NUMERIC = (cst.Integer, cst.Float)
PATH_CALLS = frozenset({"Path", "PurePath", "cwd", "home", "joinpath", "resolve", "with_name"})
CALCULATIONS = frozenset({"len", "sum", "float", "int", "abs", "min", "max", "round"})


class IntegerDivision(Mutator):
    name = "integer-division"
    family = "library"
    trait = "operator"
    summary = "A division loses its fraction, or keeps one that nobody wants."
    models = "`//` for `/`, a ceiling that became a floor, a price that went through a float."
    explanation = (
        "`/` gives a fraction and `//` rounds towards minus infinity, for negatives as well. "
        "Try numbers that do not divide evenly, and see which of the two the result needs."
    )
    examples = (
        Example("mean = sum(values) / len(values)", "mean = sum(values) // len(values)"),
        Example("middle = (low + high)//2", "middle = (low + high)/2"),
        Example("share /= 100  # per cent", "share //= 100  # per cent"),
        Example("pages = -(-count // size)", "pages = count // size"),
        Example("rate = Decimal('0.19')", "rate = Decimal(0.19)"),
        Example(
            """
            speed = (
                metres  # since the start
                / seconds
            )
            """,
            """
            speed = (
                metres  # since the start
                // seconds
            )
            """,
        ),
        Example("hours = round(minutes / 60)", "hours = round(minutes // 60)"),
        Example("file = folder / name"),
        Example("file = base / 'a.txt'"),
        Example("""
            from pathlib import Path
            found = one / other
            """),
        Example("row = rows[count // 2]"),
        Example("for n in range(count // 2): use(n)"),
        Example("price = Decimal('12')"),
        Example("times = a * b"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.BinaryOperation):
            yield from _divisions(node, context)
        elif isinstance(node, cst.AugAssign):
            if isinstance(node.operator, cst.DivideAssign) and _is_number(node.value, context):
                yield node.with_changes(operator=_like(node.operator, cst.FloorDivideAssign))
        elif isinstance(node, cst.UnaryOperation):
            yield from _ceilings(node)
        elif isinstance(node, cst.Call) and dotted(node.func).endswith("Decimal"):
            yield from _through_float(node)


def _divisions(node: cst.BinaryOperation, context: Context) -> Iterator[cst.BinaryOperation]:
    operator = node.operator
    if isinstance(operator, cst.Divide) and _is_quotient(node, context):
        yield node.with_changes(operator=_like(operator, cst.FloorDivide))
    elif isinstance(operator, cst.FloorDivide) and not isinstance(node.left, cst.UnaryOperation):
        yield from () if _is_position(context) else (_exact(node, operator),)


def _exact(node: cst.BinaryOperation, operator: cst.FloorDivide) -> cst.BinaryOperation:
    return node.with_changes(operator=_like(operator, cst.Divide))


Division = cst.Divide | cst.FloorDivide | cst.DivideAssign
_New = TypeVar("_New", cst.Divide, cst.FloorDivide, cst.FloorDivideAssign)


def _like(old: Division, new: type[_New]) -> _New:
    """The other operator with the blanks of the first."""
    return new(whitespace_before=old.whitespace_before, whitespace_after=old.whitespace_after)


def _is_quotient(node: cst.BinaryOperation, context: Context) -> bool:
    sides = (node.left, node.right)
    if any(is_text(side) or _is_path(side) for side in sides):
        return False
    if all(isinstance(side, NUMERIC) for side in sides):
        return False
    if any(_is_number(side, context) for side in sides):
        return True
    names = context.names.bindings.get(context.root, {})
    return not {"Path", "pathlib", "PurePath", "PurePosixPath"} & set(names)


def _is_path(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call):
        return dotted(node.func).rpartition(".")[2] in PATH_CALLS
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return is_text(node.right) or _is_path(node.left)
    name = dotted(node).rpartition(".")[2]
    return bool(PATHS & set(words(name))) or name.endswith(("path", "dir"))


def _is_number(node: cst.BaseExpression, context: Context) -> bool:
    if isinstance(node, NUMERIC):
        return True
    if isinstance(node, cst.Call):
        return dotted(node.func) in CALCULATIONS
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, cst.Divide):
            return _is_number(node.left, context) or _is_number(node.right, context)
        return not is_text(node)
    if not isinstance(node, cst.Name):
        return False
    known = {b.holds for b in context.names.visible(context) if b.name == node.value}
    return bool(known & {"int", "float", "Decimal", "Fraction"})


def _is_position(context: Context) -> bool:
    """Whether the number counts or points: a fraction would only raise a TypeError."""
    for around in context.ancestors:
        if isinstance(around, (cst.Index, cst.Slice)):
            return True
        if isinstance(around, cst.Call):
            return dotted(around.func) == "range"
        if isinstance(around, cst.BinaryOperation) and isinstance(around.operator, cst.Multiply):
            return is_text(around.left) or isinstance(around.left, cst.List)
        if isinstance(around, cst.BaseStatement):
            return False
    return False


def _ceilings(node: cst.UnaryOperation) -> Iterator[cst.BinaryOperation]:
    """`-(-a // b)` to `a // b`."""
    inside = node.expression
    if not isinstance(node.operator, cst.Minus) or not isinstance(inside, cst.BinaryOperation):
        return
    left = inside.left
    negative = isinstance(left, cst.UnaryOperation) and isinstance(left.operator, cst.Minus)
    if negative and isinstance(inside.operator, cst.FloorDivide):
        assert isinstance(left, cst.UnaryOperation)
        yield inside.with_changes(left=left.expression, lpar=node.lpar, rpar=node.rpar)


def _through_float(call: cst.Call) -> Iterator[cst.Call]:
    """`Decimal("0.1")` to `Decimal(0.1)`, for fractions that a float does not hold."""
    value = call.args[0].value if len(call.args) == 1 else None
    if not isinstance(value, cst.SimpleString):
        return
    text = value.raw_value
    whole, dot, fraction = text.partition(".")
    if not (dot and whole.isdecimal() and fraction.isdecimal()) or float(text) * 1024 % 1 == 0:
        return
    if whole == "0" or not whole.startswith("0"):
        changed = call.args[0].with_changes(value=cst.Float(text))
        yield call.with_changes(args=[changed])
