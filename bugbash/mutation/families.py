"""The families of bugs: the interview guide's four, and configuration."""

from __future__ import annotations

from typing import Literal

Family = Literal["validation", "platform", "logic", "library", "configuration"]
FAMILIES: tuple[Family, ...] = ("validation", "platform", "logic", "library", "configuration")
