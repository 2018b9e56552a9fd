"""A diff for people: blocks stay together."""

from __future__ import annotations

import pytest

from bugbash.mutation.line_diff import line_diff

BLOCK = ["    net = price", "    tax = price * rate", "    log(tax)"]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        pytest.param(["a", "b"], ["a", "c"], ["  a", "- b", "+ c"], id="a line"),
        pytest.param(["a"], ["a"], ["  a"], id="nothing"),
        pytest.param([], ["a"], ["+ a"], id="all new"),
        pytest.param(
            ["for price in prices:", *BLOCK],
            [line[4:] for line in BLOCK],
            [
                "- for price in prices:",
                *(f"- {line}" for line in BLOCK),
                *(f"+ {line[4:]}" for line in BLOCK),
            ],
            id="a block indented anew",
        ),
        pytest.param(
            ["begin()", *BLOCK, "end()", "close()"],
            ["begin()", "end()", *BLOCK, "close()"],
            ["  begin()", "+ end()", *(f"  {line}" for line in BLOCK), "- end()", "  close()"],
            id="a block moved",
        ),
    ],
)
def test_lines_that_change_together_are_shown_together(
    old: list[str], new: list[str], shown: list[str]
) -> None:
    assert line_diff(old, new) == shown
