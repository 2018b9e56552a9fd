"""environment-required: a variable that is set on the author's machine only."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bugbash.mutation.context import Context
from bugbash.mutation.imports import leaves_idle
from bugbash.mutation.mutator import Example, Faulty, Mutator
from bugbash.mutation.nodes import call_name, dotted

ENVIRONMENTS = frozenset({"environ", "env", "environment", "_environ", "_env"})


class EnvironmentRequired(Mutator):
    name = "environment-required"
    family = "platform"
    trait = "absence"
    summary = "An environment variable must be set; where it is not, the program stops."
    models = '`os.environ["EDITOR"]` for `os.environ.get("EDITOR", "vi")`: set at home, not on CI.'
    explanation = (
        "Most variables are optional: a program needs an answer for the machine that has none. A "
        "KeyError with a name in capitals, on one machine only, is this; compare `env` there and "
        "here."
    )
    examples = (
        Example(
            """
            def editor():
                return os.environ.get("EDITOR", "vi")
            """,
            """
            def editor():
                return os.environ["EDITOR"]
            """,
        ),
        Example(
            """
            def debug():
                return os.getenv('DEBUG') == '1'
            """,
            """
            def debug():
                return os.environ['DEBUG'] == '1'
            """,
        ),
        Example(
            """
            def home(environ):
                if environ.get("APP_HOME"):  # beats the default
                    return Path(environ["APP_HOME"])
            """,
            """
            def home(environ):
                if environ["APP_HOME"]:  # beats the default
                    return Path(environ["APP_HOME"])
            """,
        ),
        Example(
            """
            class Source:
                def text(self, name, default):
                    return self._environ.get(name) or default
            """,
            """
            class Source:
                def text(self, name, default):
                    return self._environ[name] or default
            """,
        ),
        Example(
            """
            def shell():
                shell = os.environ.get(
                    "SHELL",
                    "/bin/sh",
                )
                return shell
            """,
            """
            def shell():
                shell = os.environ["SHELL"]
                return shell
            """,
        ),
        Example('DEBUG = os.environ.get("DEBUG", "0")'),
        Example("""
            class Settings:
                level = os.getenv("LEVEL", "info")
            """),
        Example("""
            def get(settings):
                return settings.get("level", 1)
            """),
        Example("""
            def level():
                return os.environ["LEVEL"]
            """),
        Example("""
            def level(default):
                return os.environ.get("LEVEL", default)
            """),
        Example("""
            def drop():
                os.environ.pop("LEVEL", None)
            """),
    )

    def mutate(self, node: cst.CSTNode, context: Context) -> Iterator[Faulty]:
        if not isinstance(node, cst.Call) or not 1 <= len(node.args) <= 2 or not context.function:
            return
        environment = _environment(node)
        if environment is None or any(arg.star for arg in node.args) or node.args[0].keyword:
            return
        if not leaves_idle(context, *node.args[1:], parameters=True):
            key = cst.SubscriptElement(cst.Index(node.args[0].value))
            yield cst.Subscript(value=environment, slice=[key], lpar=node.lpar, rpar=node.rpar)


def _environment(call: cst.Call) -> cst.BaseExpression | None:
    """The mapping of variables that a call looks one up in."""
    func = call.func
    if not isinstance(func, cst.Attribute):
        return None
    if call_name(call) == "os.getenv":
        return cst.Attribute(func.value, cst.Name("environ"))
    known = dotted(func.value).rpartition(".")[2] in ENVIRONMENTS
    return func.value if func.attr.value == "get" and known else None
