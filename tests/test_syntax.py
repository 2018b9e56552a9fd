"""Parsing anybody's Python: nothing is raised that can be expected, and threads take turns."""

from __future__ import annotations

import ast
import threading
import time

import pytest

from bugbash import syntax


@pytest.mark.parametrize(
    "source",
    ["def", b"\xff", "\0", "(" * 5000, "-" * 100_000 + "1"],
    ids=["syntax", "bytes", "nul", "brackets", "deep"],
)
def test_what_does_not_parse_is_no_tree(source: str | bytes) -> None:
    assert syntax.parsed(source) is None


def test_a_warning_of_the_source_is_nobodys(recwarn: pytest.WarningsRecorder) -> None:
    assert isinstance(syntax.parse('"\\d" is 1'), ast.Module)
    assert not recwarn.list


def test_threads_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, parse = 0, 0, ast.parse

    def slow(source: str) -> ast.Module:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return parse(source)

    monkeypatch.setattr(ast, "parse", slow)
    threads = [threading.Thread(target=syntax.parse, args=("x = 1",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
