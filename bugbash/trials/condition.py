"""The circumstances that runs differ in on purpose, so that what is served fails everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """One set of circumstances. `folder` names the place where the tree stands."""

    name: str
    hash_seed: int
    time_zone: str
    locale: str
    reverse_listing: bool
    folder: str
    clock_ahead_s: float | None = None
    """How far the date and time that Python tells lie ahead; None: nothing tells them anew."""

    def environment(self) -> dict[str, str]:
        return {
            "PYTHONHASHSEED": str(self.hash_seed),
            "TZ": self.time_zone,
            "LC_ALL": self.locale,
            "LANG": self.locale,
        }


CONDITIONS: tuple[Condition, ...] = (
    Condition("utc", 0, "UTC", "C.UTF-8", False, "one"),
    Condition("kolkata", 1, "Asia/Kolkata", "C", True, "another place"),
    Condition("new-york", 2, "America/New_York", "C.UTF-8", True, "three/levels/down"),
)
"""A bug is proved in each; the first is also that of single trials and of `check`."""

USUAL = CONDITIONS[0]
