"""Files that come out the same everywhere."""

from __future__ import annotations

import zlib

import pytest

from bugbash.workspace.plain_files import stored

SIZES = [0, 1, 65_534, 65_535, 65_536, 200_000]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_stored_is_read_by_zlib_and_not_compressed(size: int) -> None:
    data = bytes(index % 251 for index in range(size))
    found = stored(data)
    assert zlib.decompress(found) == data
    assert len(found) == size + 6 + 5 * max(1, -(-size // 65_535))
