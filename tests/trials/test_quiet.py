"""What watched runs of every test, alone and together, add up to."""

from __future__ import annotations

from typing import Any

from bugbash.store import Store
from bugbash.trials.quiet import QuietBuilder, Seen


def alone(asked: list[int], noticed: list[int], **more: Any) -> dict[str, Any]:
    return {"asked": asked, "noticed": noticed, "outcome": "passed", "everywhere": False, **more}


def together(test: int, asked: list[int], noticed: list[int]) -> dict[str, Any]:
    return {"test": test, "asked": asked, "noticed": noticed}


def test_a_test_is_quiet_where_it_reached_the_statement_and_did_not_notice() -> None:
    builder = QuietBuilder(["one", "two"])
    builder.add(0, alone([0, 1], [1]))
    builder.add(1, alone([1], []))
    assert builder.quiet([0b11, 0b11]) == {"one": 0b01, "two": 0b10}


def test_what_is_noticed_in_company_counts() -> None:
    builder = QuietBuilder(["one"])
    builder.add(0, alone([0], []))
    builder.add_company(together(0, [0], [0]))
    assert builder.quiet([0b1]) == {"one": 0}


def test_a_test_that_comes_to_the_statement_in_company_alone_is_quiet_by_that() -> None:
    builder = QuietBuilder(["one"])
    builder.add_company(together(0, [0], []))
    builder.add_company(together(1, [0], []))
    assert builder.quiet([0b10]) == {"one": 0b01}  # the other one was not seen to reach it alone


def test_a_test_that_fails_alone_or_starts_processes_is_never_quiet() -> None:
    builder = QuietBuilder(["one"])
    builder.add(0, alone([0], [], outcome="failed"))
    builder.add(1, alone([0], [], everywhere=True))
    builder.add(2, {})
    assert builder.quiet([0b111]) == {"one": 0}


def test_the_store_gives_back_what_it_was_given(store: Store) -> None:
    known = {"one": 0b1011, "two": 0}
    seen = Seen(store, "a suite")
    assert (seen.quiet, seen.calm) == ({}, {})
    seen.quiet |= known
    seen.calm |= {"one": True, "two": False}
    seen.keep()
    again = Seen(store, "a suite")
    assert (again.quiet, again.calm) == (seen.quiet, seen.calm)
    assert Seen(store, "another suite").quiet == {}
