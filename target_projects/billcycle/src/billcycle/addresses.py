"""E-mail addresses of customers: reading, comparing, and hiding them in logs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import AddressError

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254

_MAILBOX = re.compile(
    r"""
    (?P<local>
        [a-z0-9_%+'-]+ (?: \. [a-z0-9_%+'-]+ )*
    )
    @
    (?P<domain>
        (?: [a-z0-9] (?: [a-z0-9-]{0,61} [a-z0-9] )? \. )+
        [a-z]{2,24}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<mailbox>[^<>]+)>")
_SEPARATORS = re.compile(r"[;,\n]+")


@dataclass(frozen=True)
class Address:
    local: str
    domain: str
    name: str = ""

    @property
    def mailbox(self) -> str:
        return f"{self.local}@{self.domain}"

    def __str__(self) -> str:
        return f"{self.name} <{self.mailbox}>" if self.name else self.mailbox


def parse_address(text: str) -> Address:
    """Read `ana@example.com` or `Ana Ruiz <ana@example.com>`; domains come out in lower case."""
    name, mailbox = "", text.strip()
    if named := _NAMED.fullmatch(mailbox):
        name, mailbox = named["name"].strip('" '), named["mailbox"].strip()
    if len(mailbox) > LONGEST_ADDRESS:
        raise AddressError(f"address longer than {LONGEST_ADDRESS} characters")
    match = _MAILBOX.fullmatch(mailbox)
    if match is None:
        raise AddressError(f"not an e-mail address: {mailbox!r}")
    if len(match["local"]) > LONGEST_LOCAL:
        raise AddressError(f"more than {LONGEST_LOCAL} characters before the @")
    return Address(match["local"], match["domain"].lower(), name)


def parse_recipients(text: str) -> list[Address]:
    """Addresses between commas, semicolons or line ends, each of them once."""
    found: dict[str, Address] = {}
    for part in _SEPARATORS.split(text):
        if not part.strip():
            continue
        address = parse_address(part)
        found.setdefault(address.mailbox.lower(), address)
    if not found:
        raise AddressError("no recipient")
    return list(found.values())


def same_inbox(first: Address, second: Address) -> bool:
    """Whether mail to both lands in one inbox: case and `+tag` make no difference."""
    return _inbox(first) == _inbox(second)


def mask(address: Address) -> str:
    """`an***@example.com` for logs; short names show one letter."""
    shown = 2 if len(address.local) > 3 else 1
    return f"{address.local[:shown]}***@{address.domain}"


def _inbox(address: Address) -> tuple[str, str]:
    local, _, _tag = address.local.partition("+")
    return local.lower(), address.domain
