"""The keys of `scenario.toml`: one model for reading, the JSON Schema and the reference page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bugbash.errors import nearest
from bugbash.mutation.families import FAMILIES

FORMAT = 1
DETAILS = ("full", "actual-only", "none")
Kind = Literal["text", "number", "texts"]
_TYPES: dict[Kind, type] = {"text": str, "number": int, "texts": list}
_NAMED: dict[Kind, str] = {"text": "a text", "number": "a whole number", "texts": "a list of texts"}


@dataclass(frozen=True)
class Key:
    """One key of a table: what it may hold, and what it means."""

    name: str
    kind: Kind
    told: str
    required: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    """Of a number, or how many texts."""
    one_line: bool = False

    def fault(self, value: Any) -> str:
        """What is wrong with a value, in words that follow the key's name; or nothing."""
        kind: Any = _TYPES[self.kind]
        if type(value) is not kind:
            return f"must be {_NAMED[self.kind]}, not {_shown(value)}"
        if isinstance(value, str):
            if self.choices and value not in self.choices:
                return f"is {value!r}. {nearest(value, self.choices)}"
            if self.required and not value.strip():
                return "is empty"
            return "must be one line" if self.one_line and "\n" in value.strip() else ""
        if isinstance(value, list):
            if not all(isinstance(one, str) for one in value):
                return "must hold texts alone"
            return f"has over {self.most}" if self.most and len(value) > self.most else ""
        if self.least is not None and value < self.least:
            return f"is below {self.least}"
        return f"is above {self.most}" if self.most is not None and value > self.most else ""

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        if self.kind == "texts":
            more = {"maxItems": self.most} if self.most is not None else {}
            return {"type": "array", "items": {"type": "string"}, "description": self.told, **more}
        if self.kind == "number":
            limits = {"minimum": self.least, "maximum": self.most}
            known = {key: value for key, value in limits.items() if value is not None}
            return {"type": "integer", "description": self.told, **known}
        choices = {"enum": list(self.choices)} if self.choices else {}
        return {"type": "string", "description": self.told, **choices}


def _shown(value: Any) -> str:
    names = {bool: "true or false", dict: "a table", list: "a list", str: "a text", int: "a number"}
    return names.get(type(value), f"{value}")


TOP = (
    Key("format_version", "number", f"{FORMAT}: the form of this file.", required=True),
    Key(
        "title",
        "text",
        "The symptom in one line; it heads the failure report.",
        required=True,
        one_line=True,
    ),
    Key(
        "target",
        "text",
        "What is broken: a name of `bugbash list`, a folder (as seen from this file), pypi:NAME==V "
        "or git+URL@REF.",
        required=True,
    ),
    Key("author", "text", "Who wrote it."),
    Key("tags", "texts", "Words for `bugbash scenario list --tag`."),
    Key("minutes", "number", "The time for it; `bugbash status` shows what is left.", least=1),
    Key(
        "report",
        "text",
        "A Markdown file beside this one, the failure report in your own words. Without it, one is "
        "generated from what the bug does.",
    ),
    Key(
        "details",
        "text",
        "What `check` shows of failing tests: everything (`full`), names and the kind of error but "
        "no expected values (`actual-only`), or their number alone (`none`).",
        choices=DETAILS,
    ),
    Key(
        "editable",
        "texts",
        'Patterns of the files whose changes count, as "src/**/*.py"; changes of others are '
        "ignored and told. Without it, every file but tests and pytest's configuration.",
    ),
    Key(
        "pass_to_pass",
        "texts",
        "Tests that have to stay green. Without it, every other test of the suite.",
    ),
)
BUG = (
    Key("mutator", "text", "The mutation operator that makes this bug, where one does."),
    Key("family", "text", "Needed where no mutator is named.", choices=FAMILIES),
    Key("file", "text", "The file that is changed, relative to the target."),
    Key(
        "before",
        "text",
        "The clean lines; their indentation as a whole does not matter. They must occur once.",
    ),
    Key("after", "text", "The broken lines in their place; empty where they are left out."),
    Key(
        "patch",
        "text",
        "Instead of file, before and after: a patch beside this file that breaks the clean code. "
        "It may touch settings and data, never tests.",
    ),
    Key("explanation", "text", "Why it is a bug: shown by `reveal` and after solving."),
    Key(
        "hints",
        "texts",
        'Texts for the four levels: area, file, function, line. "" where the generated one serves.',
        most=4,
    ),
    Key("fail_to_pass", "texts", "The tests that it breaks, those of `hidden/` too."),
)
RUBRIC = tuple(
    Key(name, "number", told, least=0, most=1000)
    for name, told in (
        ("fix", "The bug is gone and nothing else broke. 40 where nothing is said."),
        ("reproduce", "The failure was seen before any edit. 12."),
        ("isolate", "Runs and edits close in on the place. 12."),
        ("hypothesis", "Stated, put to a test, closed. 12."),
        ("verify", "The failing test, the whole suite, a test of one's own. 12."),
        ("clean_up", "Nothing left behind, committed. 12."),
    )
)
TABLES: dict[str, tuple[Key, ...]] = {"": TOP, "bug": BUG, "rubric": RUBRIC}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `scenario.toml` (draft 2020-12), for editors."""
    bug = _object(BUG) | {
        "oneOf": [{"required": ["file", "before", "after"]}, {"required": ["patch"]}],
        "anyOf": [{"required": ["mutator"]}, {"required": ["family"]}],
    }
    top = _object(TOP)
    top["properties"]["format_version"]["const"] = FORMAT
    top["properties"]["bug"] = {"type": "array", "minItems": 1, "maxItems": 5, "items": bug}
    top["properties"]["rubric"] = _object(RUBRIC)
    top["required"] = [*top["required"], "bug"]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "bugbash scenario"}
    return head | top


def _object(keys: tuple[Key, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: key.schema for key in keys},
        "required": [key.name for key in keys if key.required],
    }


def reference() -> str:
    """The keys as Markdown tables, for the docs."""
    heads = {"": "At the top", "bug": "`[[bug]]`, one for each", "rubric": "`[rubric]`"}
    parts = []
    for table, keys in TABLES.items():
        rows = [f"| `{key.name}` | {_kind(key)} | {key.told} |" for key in keys]
        parts.append(
            "\n".join(
                [f"### {heads[table]}", "", "| key | holds | means |", "|---|---|---|", *rows]
            )
        )
    return "\n\n".join(parts) + "\n"


def _kind(key: Key) -> str:
    words = " or ".join(f"`{one}`" for one in key.choices) or _NAMED[key.kind]
    return f"{words}, required" if key.required else words
