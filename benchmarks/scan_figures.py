"""What `bugbash scan` says of its own pace."""

from __future__ import annotations

import re

_SAID = re.compile(r"([\d,]+) mutants in (?:(\d+) min )?([\d.]+) s")


def scanned(said: str) -> tuple[int, float]:
    """The mutants that a scan tried, and in how many seconds, from what it printed."""
    found = _SAID.search(said)
    assert found, said[-2000:]
    count, minutes, seconds = (float((text or "0").replace(",", "")) for text in found.groups())
    return int(count), 60 * minutes + seconds
