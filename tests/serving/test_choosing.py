"""Choosing: the same wishes and seed give the same bugs, everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.files import Edit
from bugbash.mutation.traits import Trait, weight
from bugbash.serving.catalogue import Catalogue, Entry
from bugbash.serving.choosing import (
    Place,
    Wanted,
    candidates,
    first,
    independent,
    not_enough,
    rank,
    weighted,
)
from bugbash.serving.levels import Level
from bugbash.serving.scenario import Bug
from bugbash.serving.ticket import Ticket

KINDS = (("swap-arguments", "library"), ("drop-guard", "logic"), ("tighten-regex", "validation"))


@pytest.fixture
def catalogue(make_bug: Callable[..., Bug]) -> Catalogue:
    bugs = [
        make_bug(id=f"{number:04}", mutator=mutator, family=family)
        for number in range(8)
        for mutator, family in [KINDS[number % len(KINDS)]]
    ]
    entries = tuple(Entry(bug, Ticket(bug.id, (), "ci")) for bug in bugs)
    return Catalogue("shop", "1", "d", (), ("linux-3.11",), {}, {}, {}, 1.0, entries)


def places(**counts: int) -> list[Place]:
    """So many places of each trait."""
    return [
        Place(f"{trait}-{number}", trait)  # type: ignore[arg-type]
        for trait, count in counts.items()
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", [0, 1, 7, 10**12])
def test_the_order_is_a_law_of_the_seed_alone(seed: int) -> None:
    some = places(guard=5, operator=5, name=5)
    order = weighted(seed, some)
    assert sorted(order, key=lambda place: place.id) == sorted(some, key=lambda place: place.id)
    assert weighted(seed, reversed(some)) == order
    assert first(seed, some) == order[0]


def test_within_a_trait_the_order_is_that_of_the_seeded_hash() -> None:
    some = places(guard=20)
    assert weighted(3, some) == sorted(some, key=lambda place: rank(3, place.id))


def test_what_crashes_at_once_comes_first_seldom_and_not_never() -> None:
    some = [Place(str(number), "guard", late=number % 2 == 0) for number in range(20)]
    firsts = Counter(weighted(seed, some)[0].id for seed in range(2000))
    late = sum(firsts[str(number)] for number in range(0, 20, 2))
    assert set(firsts) == {place.id for place in some}
    assert 0.15 < late / 2000 < 0.25


def test_bugs_of_a_trait_come_first_equally_often() -> None:
    some = places(guard=10)
    firsts = Counter(weighted(seed, some)[0].id for seed in range(2000))
    assert len(firsts) == 10
    assert min(firsts.values()) > 150
    assert max(firsts.values()) < 250


def test_the_same_seed_means_another_draw_in_each_target(make_bug: Callable[..., Bug]) -> None:
    names: tuple[Trait, ...] = ("guard", "absence", "statement", "condition", "return", "name")
    entries = tuple(
        Entry(make_bug(id=f"{name}{number}", trait=name), Ticket("t", (), "ci"))
        for name in names
        for number in range(5)
    )
    shops = [Catalogue(t, "1", "d", (), (), {}, {}, {}, 1.0, entries) for t in ("shop", "bank")]
    pairs = [[candidates(shop, Wanted(seed))[0].bug for shop in shops] for seed in range(200)]
    same_kind = sum(one.trait == other.trait for one, other in pairs)
    assert 10 < same_kind < 90  # by chance a fifth
    again = [candidates(shops[0], Wanted(seed))[0].bug for seed in range(200)]
    assert again == [one for one, _ in pairs]


def test_traits_come_first_as_often_as_among_real_fixes() -> None:
    some = places(guard=3, absence=3, operator=30)
    firsts = Counter(weighted(seed, some)[0].trait for seed in range(2000))
    total = weight("guard") + weight("absence") + weight("operator")
    for trait, count in firsts.items():
        assert abs(count / 2000 - weight(trait) / total) < 0.04
    assert firsts["guard"] > firsts["absence"] > firsts["operator"] > 0


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((), {None, 0.1, 0.5, 0.9}), (("easy",), {0.1}), (("medium", "hard"), {0.5, 0.9})],
)
def test_only_bugs_of_the_levels_asked_for_come(
    levels: tuple[Level, ...], expected: set[float | None], make_bug: Callable[..., Bug]
) -> None:
    values = (None, 0.1, 0.5, 0.9)
    bugs = [make_bug(id=str(value), difficulty=value) for value in values]
    entries = tuple(Entry(bug, Ticket(bug.id, (), "ci")) for bug in bugs)
    shop = Catalogue("shop", "1", "d", (), (), {}, {}, {}, 1.0, entries)
    found = candidates(shop, Wanted(1, levels=levels))
    assert {entry.bug.difficulty for entry in found} == expected


def test_a_level_that_nothing_has_is_said(make_bug: Callable[..., Bug]) -> None:
    entries = (Entry(make_bug(difficulty=0.1), Ticket("t", (), "ci")),)
    shop = Catalogue("shop", "1", "d", (), (), {}, {}, {}, 1.0, entries)
    with pytest.raises(UsageProblem, match="shop has no medium or hard bug"):
        candidates(shop, Wanted(1, levels=("medium", "hard")))


def test_other_seeds_give_other_orders(catalogue: Catalogue) -> None:
    firsts = {candidates(catalogue, Wanted(seed))[0].bug.id for seed in range(20)}
    assert len(firsts) > 4


def test_the_order_does_not_depend_on_pythons_hash_seed() -> None:
    code = "from bugbash.serving.choosing import rank; print(rank(3, 'abc'))"
    for seed in "01":
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == rank(3, "abc")


FILTERS = {
    "all": ((), (), {"swap-arguments", "drop-guard", "tighten-regex"}),
    "a family": (("logic",), (), {"drop-guard"}),
    "two families": (("logic", "library"), (), {"drop-guard", "swap-arguments"}),
    "a mutator": ((), ("tighten-regex",), {"tighten-regex"}),
    "a mutator of its family": (("library",), ("swap-arguments",), {"swap-arguments"}),
}


@pytest.mark.parametrize("case", FILTERS)
def test_only_what_was_asked_for_comes(case: str, catalogue: Catalogue) -> None:
    families, mutators, expected = FILTERS[case]
    wanted = Wanted(1, families=families, mutators=mutators)
    assert {entry.bug.mutator for entry in candidates(catalogue, wanted)} == expected


NOTHING = {
    "an unknown family": (("logik",), (), "no bug by logik. Did you mean 'logic'?"),
    "an unknown mutator": ((), ("drop-gard",), "no bug by drop-gard. Did you mean 'drop-guard'?"),
    "a mutator of another family": (
        ("logic",), ("swap-arguments",), "no bug of that mutator in that family"),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING)
def test_what_nothing_fits_is_told_with_what_there_is(case: str, catalogue: Catalogue) -> None:
    families, mutators, told = NOTHING[case]
    with pytest.raises(UsageProblem) as caught:
        candidates(catalogue, Wanted(1, families=families, mutators=mutators))
    assert told in str(caught.value)


OTHERS: dict[str, tuple[dict[str, Any], bool]] = {
    "another place and test": ({}, True),
    "the same test": ({"fail_to_pass": ("t::a", "t::c")}, False),
    "the same function": ({"edit": Edit("a.py", 50, 51, ""), "function": "f"}, False),
    "a function of that name elsewhere": (
        {"edit": Edit("c.py", 50, 51, ""), "function": "f"},
        True,
    ),
    "another function of the file": ({"edit": Edit("a.py", 50, 51, ""), "function": "g"}, True),
}


@pytest.mark.parametrize("case", OTHERS)
def test_bugs_are_independent_when_place_and_tests_are_their_own(
    case: str, make_bug: Callable[..., Bug]
) -> None:
    values, expected = OTHERS[case]
    chosen = make_bug(edit=Edit("a.py", 1, 2, ""), function="f", fail_to_pass=("t::a", "t::b"))
    usual: dict[str, Any] = {
        "edit": Edit("b.py", 1, 2, ""),
        "function": "h",
        "fail_to_pass": ("t::d",),
    }
    other = make_bug(**{**usual, **values})
    assert independent([chosen], other) is expected
    assert independent([other], chosen) is expected
    assert independent([], other)


@pytest.mark.parametrize(("bugs", "found", "told"), [(1, 0, "no bug of shop"), (3, 2, "only 2")])
def test_too_few_bugs_are_said_with_a_way_out(bugs: int, found: int, told: str) -> None:
    error = not_enough("shop", Wanted(1, bugs=bugs), found)
    assert isinstance(error, EnvironmentProblem)
    assert told in str(error)
