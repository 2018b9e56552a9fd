"""Countries, the regions that they lie in, remote postcodes (`regions.toml`)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parcelrate.errors import UnknownCountry

WORLD = "WORLD"

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Place:
    """`regions` from the nearest to the widest; none when the country is unknown."""

    country: str
    regions: tuple[str, ...]
    remote: bool = False


class Atlas:
    def __init__(self, document: Mapping[str, Any]) -> None:
        regions = document["regions"].items()
        self._parents = {name: region["parent"] for name, region in regions}
        self._regions = {
            country: name for name, region in regions for country in region["countries"]
        }
        self._aliases = document.get("aliases", {})
        self._remote = document.get("remote", {})

    def place(self, country: str, postcode: str = "") -> Place:
        """ "uk" is GB. Raises UnknownCountry for what cannot be the code of a country."""
        code = country.strip().upper()
        code = self._aliases.get(code, code)
        if not _COUNTRY.fullmatch(code):
            raise UnknownCountry(f"not a country: {country!r}")
        regions: list[str] = []
        region = self._regions.get(code, "")
        while region and region not in regions:
            regions.append(region)
            region = self._parents[region]
        pattern = self._remote.get(code)
        remote = pattern is not None and bool(re.fullmatch(pattern, postcode.strip().upper()))
        return Place(code, tuple(regions), remote)


@cache
def atlas() -> Atlas:
    file = Path(__file__).with_name("regions.toml")
    return Atlas(tomllib.loads(file.read_text(encoding="utf-8")))
