"""Bugs and tickets made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bugbash.files import Edit
from bugbash.serving.scenario import Bug


@pytest.fixture
def make_bug() -> Callable[..., Bug]:
    """A bug of the module shop/order.py; keyword arguments take the place of its values."""

    def make(**values: Any) -> Bug:
        usual: dict[str, Any] = {
            "id": "0001",
            "mutator": "boundary-comparison",
            "family": "logic",
            "edit": Edit("shop/order.py", 10, 12, "<"),
            "line": 7,
            "function": "Basket.total_of",
            "before": 'if count >= limit and kind == "pending":',
            "after": 'if count > limit and kind == "pending":',
            "explanation": "Try the border.",
            "fail_to_pass": ("tests/test_order.py::test_border",),
        }
        return Bug(**{**usual, **values})

    return make
