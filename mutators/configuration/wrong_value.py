"""wrong-value: a value in a settings file is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from bugbash.mutation.data_values import Value, listings_of, values_of
from bugbash.mutation.mutator import Example, FileMutator, TextChange
from bugbash.mutation.setting_values import other_numbers, other_texts
from bugbash.mutation.words import alike, is_pair

SWITCHES = {"true": "false", "false": "true", "yes": "no", "no": "yes", "on": "off", "off": "on"}
MOST_VALUES = 150
"""A file with more values holds data: there, one value is as good as another."""
MOST_WORDS = 6
"""As many different texts may stand under one key for each to be taken for one of a few states."""


class WrongValue(FileMutator):
    name = "wrong-value"
    family = "configuration"
    trait = "text"
    summary = "A value in a settings file is wrong: a unit, a nought, a switch, a line mixed up."
    models = "Minutes for seconds, `true` for `false`, an entry lost from a list, a copied value."
    explanation = (
        "The code is right and does what the file says. Print the settings as they are loaded, and "
        "compare each with the documentation and with what the code expects: unit, order, spelling."
    )
    suffixes = (".toml", ".json", ".ini", ".cfg")
    examples = (
        Example(
            """
            [http]
            timeout = 30  # seconds
            retry = true
            """,
            """
            [http]
            timeout = 30000  # seconds
            retry = true
            """,
            """
            [http]
            timeout = 30  # seconds
            retry = false
            """,
            file="shop.toml",
        ),
        Example(
            """
            lease    = "5m"      # at most
            formats  = ["csv", "json", "xml"]
            """,
            """
            lease    = "5s"      # at most
            formats  = ["csv", "json", "xml"]
            """,
            """
            lease    = "5m"      # at most
            formats  = ["csv", "json"]
            """,
            file="shop.toml",
        ),
        Example(
            """
            {"mail": {"max_size": 2500, "host": "a"},
             "from_date": "2024-01-01", "to_date": "2024-12-31"}
            """,
            """
            {"mail": {"max_size": 250, "host": "a"},
             "from_date": "2024-01-01", "to_date": "2024-12-31"}
            """,
            """
            {"mail": {"max_size": 2500, "host": "a"},
             "from_date": "2024-12-31", "to_date": "2024-12-31"}
            """,
            """
            {"mail": {"max_size": 2500, "host": "a"},
             "from_date": "2024-01-01", "to_date": "2024-01-01"}
            """,
            file="shop.json",
        ),
        Example(
            """
            [jobs]
            ; how often
            attempts: 5
            debug = off
            name = jobs
            """,
            """
            [jobs]
            ; how often
            attempts: 4
            debug = off
            name = jobs
            """,
            """
            [jobs]
            ; how often
            attempts: 5
            debug = on
            name = jobs
            """,
            file="jobs.ini",
        ),
        Example(
            """
            low_rate = "0.05"
            high_rate = "0.19"
            """,
            """
            low_rate = "0.19"
            high_rate = "0.19"
            """,
            """
            low_rate = "0.05"
            high_rate = "0.05"
            """,
            file="rates.toml",
        ),
        Example(
            """
            [{"name": "sent", "effect": "debit", "also": ["paid", "gone"]},
             {"name": "lost", "effect": "credit"},
             {"name": "back", "effect": "credit"},
             {"name": "kept", "effect": "debit"}]
            """,
            """
            [{"name": "sent", "effect": "credit", "also": ["paid", "gone"]},
             {"name": "lost", "effect": "credit"},
             {"name": "back", "effect": "credit"},
             {"name": "kept", "effect": "debit"}]
            """,
            """
            [{"name": "sent", "effect": "debit", "also": ["paid"]},
             {"name": "lost", "effect": "credit"},
             {"name": "back", "effect": "credit"},
             {"name": "kept", "effect": "debit"}]
            """,
            """
            [{"name": "sent", "effect": "debit", "also": ["paid", "gone"]},
             {"name": "lost", "effect": "debit"},
             {"name": "back", "effect": "credit"},
             {"name": "kept", "effect": "debit"}]
            """,
            """
            [{"name": "sent", "effect": "debit", "also": ["paid", "gone"]},
             {"name": "lost", "effect": "credit"},
             {"name": "back", "effect": "debit"},
             {"name": "kept", "effect": "debit"}]
            """,
            """
            [{"name": "sent", "effect": "debit", "also": ["paid", "gone"]},
             {"name": "lost", "effect": "credit"},
             {"name": "back", "effect": "credit"},
             {"name": "kept", "effect": "credit"}]
            """,
            file="kinds.json",
        ),
        Example("[a]\nafter = 2d, 5d, 10d\n", "[a]\nafter = 2d, 5d\n", file="a.ini"),
        Example('name = "shop"\n# timeout = 30\n', file="shop.toml"),
        Example('text = """\ntimeout = 30\n"""\n', file="shop.toml"),
        Example('[1, 20, 300, true, "5m"]\n', file="shop.json"),
        Example('{"version": 2, "id": "a"}\n', file="shop.json"),
        Example("formats = ['csv']\n", file="shop.toml"),
    )

    def rewrite(self, file: str, text: str) -> Iterator[TextChange]:
        values = values_of(file, text)
        if len(values) > MOST_VALUES:
            return
        for value in values:
            if value.key.lower() not in ("version", "format_version", "schema", "$schema", "id"):
                yield from _changes(value, values)
        for listing in listings_of(file, text):
            if len(listing.elements) >= 2:
                before, last = listing.elements[-2:]
                yield TextChange(before[1], last[1], "")


def _changes(value: Value, values: list[Value]) -> Iterator[TextChange]:
    seen: set[str] = set()
    for text in (*_others(value), *_neighbours(value, values), *_states(value, values)):
        if text not in seen:
            seen.add(text)
            yield TextChange(value.start, value.end, text)


def _others(value: Value) -> Iterator[str]:
    if value.kind == "number":
        yield from other_numbers(value.key, value.text)
    elif value.kind == "switch":
        yield _in_case(value.text, SWITCHES[value.text.lower()])
    elif value.kind == "text":
        quote = value.text[0]
        yield from (f"{quote}{text}{quote}" for text in other_texts(value.bare))
    else:
        yield from other_texts(value.text)


def _in_case(old: str, new: str) -> str:
    return new.capitalize() if old[0].isupper() else new


def _states(value: Value, values: list[Value]) -> Iterator[str]:
    """Another text that stands under the same key elsewhere, where those are a few states."""
    if value.kind != "text":
        return
    same = [other.text for other in values if other.key == value.key]
    states = list(dict.fromkeys(same))
    if 2 <= len(states) <= MOST_WORDS and len(same) >= 2 * len(states):
        yield states[(states.index(value.text) + 1) % len(states)]


def _neighbours(value: Value, values: list[Value]) -> Iterator[str]:
    """The value of a key of the same section that is called alike, and has a value of its kind."""
    if value.kind == "switch":
        return
    fitting = [
        other
        for other in values
        if other.section == value.section
        and other.kind == value.kind
        and other.text != value.text
        and (is_pair(value.key, other.key) or alike(value.key, other.key))
    ]
    fitting.sort(key=lambda other: not is_pair(value.key, other.key))
    yield from (other.text for other in fitting[:1])
