"""The ring of consistent hashing.

Every server has many points on the ring, and owns the clients between them and the points before.
When it leaves, its clients go to the owners of the next points; all others stay where they are.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter


def position(text: str) -> int:
    """Where a text lies on the ring: the same in every process and on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


class HashRing:
    def __init__(self, virtual_nodes: int) -> None:
        self.virtual_nodes = virtual_nodes
        self._points: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._points)

    def add(self, server: str, weight: int = 1) -> None:
        """Give a server its points; one that is on the ring already gets them anew."""
        self.remove(server)
        for number in range(self.virtual_nodes * weight):
            self._points.append((position(f"{server}#{number}"), server))
        self._points.sort()

    def remove(self, server: str) -> None:
        self._points = [point for point in self._points if point[1] != server]

    def walk(self, key: str) -> Iterator[str]:
        """Every server once: the owner of the key first, then the others clockwise."""
        start = bisect_left(self._points, position(key), key=itemgetter(0))
        met: set[str] = set()
        for step in range(len(self._points)):
            _, server = self._points[(start + step) % len(self._points)]
            if server not in met:
                met.add(server)
                yield server

    def owner(self, key: str) -> str | None:
        return next(self.walk(key), None)
