"""Numbers that are taken for each other."""

from __future__ import annotations

NEIGHBOURS = {
    30: 60,
    60: 30,
    100: 10,
    10: 100,
    1000: 100,
    1024: 1000,
    24: 12,
    12: 24,
    7: 5,
    365: 360,
    80: 60,
    5: 10,
    20: 10,
    50: 100,
    500: 50,
    3600: 60,
    300: 30,
    120: 60,
}
PORTS = {80: 8080, 8080: 8000, 8000: 8080, 443: 80, 25: 587, 587: 25}


def near(number: int) -> int:
    """A number that somebody might have written for this one."""
    if number in NEIGHBOURS:
        return NEIGHBOURS[number]
    if number <= 1:
        return 1 if number <= 0 else 0
    return number - 1 if number < 30 else number // 2 if number % 2 == 0 else number - 1
