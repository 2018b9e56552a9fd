"""Catalogues: what is saved is loaded, the same bytes each time, and damage is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bugbash.errors import EnvironmentProblem
from bugbash.serving import catalogue as module
from bugbash.serving.catalogue import Catalogue, Entry, here, load, save
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Section, Ticket


@pytest.fixture(autouse=True)
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of scenarios, in place of the shipped one."""
    monkeypatch.setattr(module, "shipped", lambda folder: tmp_path / folder)
    return tmp_path / "scenarios"


@pytest.fixture
def catalogue(make_bug: Callable[..., Bug]) -> Catalogue:
    ticket = Ticket("größer", (Section("a", "b\r\n\u2028", "observed"),), "journey")
    return Catalogue(
        target="shop",
        version="1.0",
        digest="d",
        tests=("t::a", "t::b"),
        proved_on=("linux-3.11", "linux-3.13"),
        tried={"m": {"killed": 3, "survived": 1}},
        survey={"m": {"mutants": 9, "killed": 8, "survived": 1, "servable": 4}},
        levels={"logic": {"easy": 1, "hard": 3}},
        suite_seconds=1.25,
        entries=(Entry(make_bug(), ticket), Entry(make_bug(id="2", function=None), ticket)),
    )


def test_what_was_saved_is_loaded(catalogue: Catalogue) -> None:
    save(catalogue)
    assert load("shop") == catalogue


def test_the_same_catalogue_gives_the_same_bytes(catalogue: Catalogue) -> None:
    first = save(catalogue).read_bytes()
    loaded = load("shop")
    assert loaded is not None
    assert save(loaded).read_bytes() == first


def test_a_target_without_a_catalogue_has_none() -> None:
    assert load("shop") is None


def changed(key: str, value: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), key: value})


def without(key: str) -> Callable[[str], str]:
    return lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != key})


DAMAGES: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[:-200],
    "empty": lambda text: "",
    "a list": lambda text: "[]",
    "a newer format": changed("format", 99),
    "no format": without("format"),
    "no entries": without("entries"),
    "entries of another kind": changed("entries", [{"bug": 1}]),
    "entries that are text": changed("entries", "abc"),
    "an unknown field of a bug": lambda text: text.replace('"mutator":', '"mutator_":'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_one_sentence_with_the_way_out(damage: str, catalogue: Catalogue) -> None:
    path = save(catalogue)
    path.write_text(DAMAGES[damage](path.read_text("utf-8")), "utf-8")
    with pytest.raises(EnvironmentProblem) as caught:
        load("shop")
    assert str(path) in str(caught.value)
    assert "bugbash catalogue build shop" in str(caught.value)


def test_bytes_that_are_no_text_are_damage_too(catalogue: Catalogue) -> None:
    save(catalogue).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EnvironmentProblem, match="is damaged"):
        load("shop")


def test_this_machine_has_a_name() -> None:
    system, python = here().split("-")
    assert system in ("linux", "darwin", "windows")
    assert python.startswith("3.")
