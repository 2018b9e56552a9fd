"""Countries, the regions that they lie in, remote postcodes (`regions.toml`)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parcelrate.errors import TariffError, UnknownCountry

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
        """Raises TariffError for a country in two regions or an unknown parent."""
        self._aliases = dict(document.get("aliases", {}))
        self._remote = {
            country: re.compile(pattern) for country, pattern in document.get("remote", {}).items()
        }
        self._parents: dict[str, str] = {}
        self._regions: dict[str, str] = {}
        regions = document["regions"]
        for name, region in regions.items():
            parent = region["parent"]
            if parent and parent not in regions:
                raise TariffError(f"region {name}: unknown parent {parent!r}")
            self._parents[name] = parent
            for country in region["countries"]:
                if country in self._regions:
                    raise TariffError(f"{country} lies in {self._regions[country]} and {name}")
                self._regions[country] = name

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
        remote = pattern is not None and pattern.fullmatch(postcode.strip().upper()) is not None
        return Place(code, tuple(regions), remote)


@cache
def atlas() -> Atlas:
    file = Path(__file__).with_name("regions.toml")
    return Atlas(tomllib.loads(file.read_text(encoding="utf-8")))
