"""wrong-setting: a default, limit or unit in settings code is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.setting_values import is_holder, is_setting, other_numbers, other_texts

FACTORS = frozenset({"10", "60", "24", "7", "1000", "1_000", "1024", "3600", "3_600"})
SWITCHES = {"True": "False", "False": "True"}


class WrongSetting(Mutator):
    name = "wrong-setting"
    family = "configuration"
    trait = "number"
    summary = "A default or limit is wrong: another unit, a nought too many, a switch turned."
    models = "Seconds for milliseconds, KB for MB, a limit with a nought less, strict by default."
    explanation = (
        "The value is what counts where nobody sets another. Read the setting's name for its "
        "unit, the documentation for its default, and follow it to where it is used."
    )
    examples = (
        Example("DEFAULT_TIMEOUT = 30", "DEFAULT_TIMEOUT = 30000"),
        Example("MAX_SIZE = 5 * 1024 * 1024  # bytes", "MAX_SIZE = 5 * 1024  # bytes"),
        Example("POLL_INTERVAL_MS = 2_000", "POLL_INTERVAL_MS = 2"),
        Example("MAX_RETRIES: int = 3", "MAX_RETRIES: int = 2"),
        Example(
            """
            @dataclass
            class Settings:
                page_size: int = 50
                strict: bool = False
                lease: str = "5m"
                name: str = "shop"
            """,
            """
            @dataclass
            class Settings:
                page_size: int = 5
                strict: bool = False
                lease: str = "5m"
                name: str = "shop"
            """,
            """
            @dataclass
            class Settings:
                page_size: int = 50
                strict: bool = True
                lease: str = "5m"
                name: str = "shop"
            """,
            """
            @dataclass
            class Settings:
                page_size: int = 50
                strict: bool = False
                lease: str = "5s"
                name: str = "shop"
            """,
        ),
        Example(
            """
            def load_settings(source):
                return source.number("mail", "batch", 20, 1, 500), source.text("mail", "age", "7d")
            """,
            """
            def load_settings(source):
                return source.number("mail", "batch", 2, 1, 500), source.text("mail", "age", "7d")
            """,
            """
            def load_settings(source):
                return source.number("mail", "batch", 20, 1, 500), source.text("mail", "age", "7h")
            """,
        ),
        Example("limit = config.get('page_limit', 100)", "limit = config.get('page_limit', 10)"),
        Example("def fetch(url, timeout=10): pass", "def fetch(url, timeout=10000): pass"),
        Example("count = 30"),
        Example("DEFAULT_NAME = 'shop'"),
        Example("MAX_DEPTH = 1"),
        Example("COLOURS = 16"),
        Example("""
            class Order:
                size: int = 50
            """),
        Example("MASK_LIMIT = 0xff"),
        Example("price = prices.get('apple', 100)"),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, (cst.Integer, cst.Float)):
            name = _setting(context)
            for text in _numbers(name, node.value):
                yield node.with_changes(value=text)
        elif isinstance(node, cst.SimpleString):
            yield from _texts(node, context)
        elif isinstance(node, cst.Name) and node.value in SWITCHES:
            if isinstance(context.parent, (cst.AnnAssign, cst.Assign)) and _in_holder(context):
                yield node.with_changes(value=SWITCHES[node.value])
        elif isinstance(node, cst.BinaryOperation) and _is_product(node) and _setting(context):
            yield node.left


def _numbers(name: str, text: str) -> Iterator[str]:
    if name and "." not in text:
        yield from other_numbers(name, text)
    elif name and text.replace(".", "").isdecimal() and float(text) > 0:
        yield repr(round(float(text) * 10, 6))


def _texts(node: cst.SimpleString, context: Context) -> Iterator[cst.SimpleString]:
    if node.prefix or len(node.quote) > 1 or not _setting(context, is_text=True):
        return
    for text in other_texts(node.raw_value):
        yield node.with_changes(value=f"{node.quote}{text}{node.quote}")


def _is_product(node: cst.BinaryOperation) -> bool:
    is_times = isinstance(node.operator, cst.Multiply) and isinstance(node.right, cst.Integer)
    return is_times and isinstance(node.right, cst.Integer) and node.right.value in FACTORS


def _setting(context: Context, is_text: bool = False) -> str:
    """The name of the setting whose value stands here; "" where it is none."""
    parent = context.parent
    if isinstance(parent, cst.Arg):
        return _argument(parent, context, is_text)
    if isinstance(parent, cst.Param) and parent.default is context.node:
        return parent.name.value if is_setting(parent.name.value) else ""
    if isinstance(parent, cst.AnnAssign):
        name = dotted(parent.target)
    elif isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        name = dotted(parent.targets[0].target)
    else:
        return ""
    return name if _in_holder(context) or _is_constant(name, context, is_text) else ""


def _is_constant(name: str, context: Context, is_text: bool) -> bool:
    at_top = isinstance(context.scope.node, cst.Module)
    return at_top and name.isupper() and (is_text or is_setting(name))


def _in_holder(context: Context) -> bool:
    """Whether it stands in the body of a class with settings."""
    scope = context.scope.node
    return isinstance(scope, cst.ClassDef) and is_holder(scope.name.value)


def _argument(arg: cst.Arg, context: Context, is_text: bool) -> str:
    """The setting that an argument is the default or value of."""
    call = context.outer.parent if context.outer else None
    if not isinstance(call, cst.Call):
        return ""
    called = dotted(call.func)
    if arg.keyword:
        named = arg.keyword.value
        return named if is_holder(called.rpartition(".")[2]) and called[:1].isupper() else ""
    index = next(i for i, each in enumerate(call.args) if each is arg)
    keys = [each.value for each in call.args[:index]]
    if not keys or not all(isinstance(key, cst.SimpleString) for key in keys):
        return ""
    last = keys[-1]
    assert isinstance(last, cst.SimpleString)
    name = str(last.raw_value)
    about = is_holder(called) or is_holder(context.function or "") or "environ" in called
    about = about or called.rpartition(".")[2] in ("getenv", "getint", "getfloat")
    return name if about and (is_text or is_setting(name) or len(keys) > 1) else ""
