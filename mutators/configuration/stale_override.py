"""stale-override: the wrong one of file, environment and default wins."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.calls import method_name, receiver, same_code
from bugbash.mutation.context import Context
from bugbash.mutation.excluded import dotted
from bugbash.mutation.merging import may_clash
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.paths import last_word
from bugbash.mutation.truth import is_always_true
from bugbash.mutation.words import words

LAYERS = frozenset(
    words(
        "default_defaults_base_config_configuration_settings_setting_option_options_override_"
        "overrides_env_environ_environment_getenv_file_args_cli_user_custom_extra_kwargs_headers_"
        "params_attrs_attributes_meta_metadata_style_styles_fallback_own_inherited_parent_local"
    )
)
"""Words of things that are laid over each other."""
NOT_LAID_OVER = frozenset(
    words("h_hash_hasher_digest_m_md5_sha_sha256_self_super_progress_cache_caches_memo_seen_pool")
)
"""Words of objects that gather or remember, in any order."""
MOMENTS = frozenset({"clock", "now", "today", "utcnow"})
"""Words of what always has a value."""
MERGED = frozenset(
    words("default_defaults_base_config_settings_options_overrides_env_environ_given_changes_extra")
)
"""Words of dictionaries that `|` merges; it does many other things."""


class StaleOverride(Mutator):
    name = "stale-override"
    family = "configuration"
    trait = "return"
    summary = "Of two sources of a setting the wrong one wins: the default hides what was set."
    models = "`{**given, **defaults}`, the file over the environment, `=` where `setdefault` was."
    explanation = (
        "The more particular source must win: the command line over the environment, that over "
        "the file, and the file over the defaults. Set the same thing in two of them, and see "
        "which one is used; in a merge, the last one wins, in an `or` and a ChainMap the first."
    )
    examples = (
        Example("merged = {**defaults, **given}", "merged = {**given, **defaults}"),
        Example(
            """
            merged = {
                **defaults,  # below
                **from_file,
                **given,
                'name': name,
            }
            """,
            """
            merged = {
                **from_file,  # below
                **defaults,
                **given,
                'name': name,
            }
            """,
            """
            merged = {
                **defaults,  # below
                **given,
                **from_file,
                'name': name,
            }
            """,
        ),
        Example("merged = ChainMap(given, defaults)", "merged = ChainMap(defaults, given)"),
        Example("options = defaults | given", "options = given | defaults"),
        Example("name = given or settings.name", "name = settings.name or given"),
        Example(
            "port = os.environ.get('PORT', config.get('port', 80))",
            "port = config.get('port', os.environ.get('PORT', 80))",
        ),
        Example("options.setdefault('size', 3)", "options['size'] = 3"),
        Example(
            """
            def merged(defaults, given):
                found = {}
                found.update(defaults)
                found.update(given)
                return found
            """,
            """
            def merged(defaults, given):
                found = {}
                found.update(given)
                found.update(defaults)
                return found
            """,
        ),
        Example(
            """
            for key, value in defaults.items():
                # as far as it is not set
                if key not in options:
                    options[key] = value
            """,
            """
            for key, value in defaults.items():
                # as far as it is not set
                options[key] = value
            """,
        ),
        Example("flags = one | other"),
        Example("both = {**rows, 'a': 1}"),
        Example("if given or settings.name: run()"),
        Example("name = given or 'nobody'"),
        Example("groups.setdefault(key, []).append(row)"),
        Example("ok = env_ok or is_fine(x) and y"),
        Example("""
            PRICES = {"net": 1, "gross": 2}
            both = {**PRICES, **dict(name="x")}
            more = {**{"a": 1}, **{"b": 2}}
            """),
        Example("""
            def main(options, clock: Callable[[], datetime]):
                found = {}
                found.update({"a": 1})
                found.update(b=2)
                return run(found, options.at or clock, options.day or book.today())
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if isinstance(node, cst.Dict):
            yield from _displays(node, context)
        elif isinstance(node, cst.Call):
            yield from _calls(node, context)
        elif isinstance(node, (cst.BooleanOperation, cst.BinaryOperation)):
            if _is_choice(node, context):
                yield node.with_changes(left=node.right, right=node.left)
        elif isinstance(node, cst.Expr):
            yield from _set_anyway(node)
        elif isinstance(node, cst.IndentedBlock):
            yield from _updates(node, context)
        elif isinstance(node, cst.If) and _fills_gap(node):
            assert isinstance(node.body, cst.IndentedBlock)
            yield node.body.body[0].with_changes(leading_lines=node.leading_lines)


def _is_layer(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call):
        return _is_layer(node.func)
    if isinstance(node, cst.Subscript):
        return _is_layer(node.value)
    if isinstance(node, cst.Attribute):
        return _is_layer(node.value) or bool(LAYERS & set(words(node.attr.value)))
    return isinstance(node, cst.Name) and bool(LAYERS & set(words(node.value)))


def _displays(node: cst.Dict, context: Context) -> Iterator[cst.Dict]:
    for index in range(len(node.elements) - 1):
        one, other = node.elements[index : index + 2]
        both = isinstance(one, cst.StarredDictElement), isinstance(other, cst.StarredDictElement)
        if (
            all(both)
            and not same_code(one.value, other.value)
            and may_clash(one.value, other.value, context)
        ):
            elements = list(node.elements)
            elements[index] = one.with_changes(value=other.value)
            elements[index + 1] = other.with_changes(value=one.value)
            yield node.with_changes(elements=elements)


def _calls(call: cst.Call, context: Context) -> Iterator[cst.Call]:
    name = method_name(call)
    if name == "ChainMap" and not any(arg.keyword or arg.star for arg in call.args):
        for index in range(len(call.args) - 1):
            if not may_clash(call.args[index].value, call.args[index + 1].value, context):
                continue
            args = list(call.args)
            args[index] = args[index].with_changes(value=call.args[index + 1].value)
            args[index + 1] = args[index + 1].with_changes(value=call.args[index].value)
            yield call.with_changes(args=args)
    elif name in ("get", "getenv") and len(call.args) == 2:
        inner = call.args[1].value
        if isinstance(inner, cst.Call) and method_name(inner) in ("get", "getenv"):
            yield from _turned(call, inner)


def _turned(outer: cst.Call, inner: cst.Call) -> Iterator[cst.Call]:
    """`a.get(k, b.get(j, d))` to `b.get(j, a.get(k, d))`."""
    plain = not any(arg.keyword or arg.star for arg in (*outer.args, *inner.args))
    if not plain or not 1 <= len(inner.args) <= 2 or receiver(inner) is None:
        return
    first = outer.args[0]
    default = [outer.args[1].with_changes(value=arg.value) for arg in inner.args[1:]]
    if not default:
        first = first.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    low = outer.with_changes(args=[first, *default], lpar=(), rpar=())
    key = inner.args[0].with_changes(comma=outer.args[0].comma)
    turned = [key, outer.args[1].with_changes(value=low)]
    yield inner.with_changes(args=turned, lpar=outer.lpar, rpar=outer.rpar)


def _set_anyway(node: cst.Expr) -> Iterator[cst.Assign]:
    """`d.setdefault(key, value)` to `d[key] = value`."""
    call = node.value
    if not isinstance(call, cst.Call) or method_name(call) != "setdefault" or len(call.args) != 2:
        return
    on = receiver(call)
    kept = on is None or NOT_LAID_OVER & set(words(dotted(on)))
    if on is not None and not kept and not any(arg.keyword or arg.star for arg in call.args):
        index = cst.SubscriptElement(cst.Index(call.args[0].value))
        target = cst.AssignTarget(cst.Subscript(on, [index]))
        yield cst.Assign([target], call.args[1].value, semicolon=node.semicolon)


def _is_choice(node: cst.BooleanOperation | cst.BinaryOperation, context: Context) -> bool:
    """Whether `a or b` (or `a | b`) picks (or merges) settings, and is no condition."""
    if not isinstance(node.operator, (cst.Or, cst.BitOr)):
        return False
    if not isinstance(context.parent, (cst.Assign, cst.AnnAssign, cst.Return, cst.Arg)):
        return False
    kinds = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
    sides = node.left, node.right
    if not all(isinstance(side, kinds) and not _is_fixed(side) for side in sides):
        return False
    if isinstance(node.operator, cst.BitOr):
        return all(_is_merged(side) for side in sides) and may_clash(*sides, context)
    if is_always_true(node.right, context):
        return False
    if _owner(node.left) == _owner(node.right) != "":
        return False
    return any(_is_layer(side) for side in sides)


def _is_merged(node: cst.BaseExpression) -> bool:
    """Whether a name is that of a dictionary with settings."""
    return bool(MERGED & set(words(dotted(node).rpartition(".")[2])))


def _owner(node: cst.BaseExpression) -> str:
    """The object whose attribute it is."""
    return dotted(node).rpartition(".")[0]


def _is_fixed(node: cst.BaseExpression) -> bool:
    """Whether it always has the same value: in front, nothing else would ever be taken."""
    if last_word(node.func if isinstance(node, cst.Call) else node) in MOMENTS:
        return True
    if isinstance(node, cst.Call):
        made = not node.args and dotted(node.func)[:1].isupper()
        return made or dotted(node.func) in ("str", "repr", "list", "dict", "Path")
    last = dotted(node).rpartition(".")[2]
    return (
        last.isupper()
        or last[:1].isupper()
        or last in ("None", "True", "False", "sys", "stdout", "stderr")
    )


def _updates(block: cst.IndentedBlock, context: Context) -> Iterator[cst.IndentedBlock]:
    """Two calls of `update` of the same object, one below the other."""
    for index in range(len(block.body) - 1):
        one, other = (_updated(statement) for statement in block.body[index : index + 2])
        if one is None or other is None or not same_code(receiver(one), receiver(other)):
            continue
        if may_clash(one, other, context):
            body = list(block.body)
            first, second = body[index], body[index + 1]
            body[index] = second.with_changes(leading_lines=getattr(first, "leading_lines", ()))
            body[index + 1] = first.with_changes(leading_lines=getattr(second, "leading_lines", ()))
            yield block.with_changes(body=body)


def _updated(statement: cst.CSTNode) -> cst.Call | None:
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    value = small.value if isinstance(small, cst.Expr) else None
    if not isinstance(value, cst.Call) or method_name(value) != "update" or len(value.args) != 1:
        return None
    on = words(dotted(receiver(value) or cst.Name("h")))
    return value if not NOT_LAID_OVER & {*on, *on[-1:]} else None


def _fills_gap(node: cst.If) -> bool:
    """Whether it is `if key not in d: d[key] = ...` and nothing else."""
    test, body = node.test, node.body
    if node.orelse or not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    target = test.comparisons[0]
    if not isinstance(target.operator, cst.NotIn) or not isinstance(body, cst.IndentedBlock):
        return False
    line = body.body[0] if len(body.body) == 1 else None
    assign = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if not isinstance(assign, cst.Assign) or not isinstance(
        assign.targets[0].target, cst.Subscript
    ):
        return False
    stored = assign.targets[0].target
    if NOT_LAID_OVER & set(words(dotted(stored.value))):
        return False
    plain = not isinstance(assign.value, (cst.List, cst.Dict, cst.Set, cst.Integer))
    return plain and same_code(stored.value, target.comparator)
