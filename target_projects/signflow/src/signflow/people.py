"""People who sign, and the network addresses that they come from."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

from .errors import AddressError

UNKNOWN_ADDRESS = "unknown"
MAX_EMAIL = 254
MAX_LOCAL = 64
MAX_GROUP = 99

_EMAIL = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})",
)
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>\s*")
_GROUPED = re.compile(r"\s*(?P<group>\d{1,3})\s*:(?P<person>.+)")
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    group: int = 1

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


def clean_email(text: str) -> str:
    """The address in lower case, so that equal addresses compare equal."""
    email = text.strip().lower()
    match = _EMAIL.fullmatch(email)
    if match is None:
        raise AddressError(f"not an e-mail address: {text.strip()!r}")
    if len(email) > MAX_EMAIL or len(match["local"]) > MAX_LOCAL:
        raise AddressError(f"e-mail address too long: {email[:20]}...")
    return email


def clean_name(text: str) -> str:
    """Composed letters, single blanks, no quotes around it."""
    name = unicodedata.normalize("NFC", text).strip().strip('"')
    return " ".join(name.split())


def parse_person(text: str) -> Person:
    """Read `ana@example.com`, `Ana Ruiz <ana@example.com>` or `2: Ana Ruiz <...>` (group 2)."""
    group = 1
    if grouped := _GROUPED.fullmatch(text):
        group = int(grouped["group"])
        text = grouped["person"]
        if group < 1 or group > MAX_GROUP:
            raise AddressError(f"groups go from 1 to {MAX_GROUP}, got {group}")
    named = _NAMED.fullmatch(text)
    if named is None:
        return Person("", clean_email(text), group)
    return Person(clean_name(named["name"]), clean_email(named["email"]), group)


def parse_people(text: str) -> list[Person]:
    """People separated by semicolons or line ends; an address may occur once only."""
    people: list[Person] = []
    seen: set[str] = set()
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        person = parse_person(part)
        if person.email in seen:
            raise AddressError(f"{person.email} is named twice")
        seen.add(person.email)
        people.append(person)
    return people


def clean_address(text: str | None) -> str:
    """The client's address without port, as the proxy handed it on.

    Of a list (`client, proxy1, proxy2`) the first counts. What is not an address is `unknown`.
    """
    first = (text or "").partition(",")[0].strip()
    if port := _WITH_PORT.fullmatch(first):
        first = port["v6"] or port["v4"]
    try:
        address = ipaddress.ip_address(first)
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)
