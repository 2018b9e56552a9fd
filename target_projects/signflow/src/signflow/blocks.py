"""Signature blocks: the text that every signature adds below the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from .documents import Document, Signatory
from .errors import DocumentError, VersionError
from .moments import parse_moment, to_text
from .versions import text_hash

BEGIN = "-----BEGIN SIGNATURE "
SEPARATOR = "\n\n"
FIELDS = ("Name", "Email", "Signed", "From", "Text-SHA256")

_BLOCK = re.compile(
    r"^-----BEGIN SIGNATURE (?P<position>\d+) OF (?P<total>\d+)-----\n"
    r"(?P<fields>.*?)\n"
    r"-----END SIGNATURE (?P=position)-----$",
    re.MULTILINE | re.DOTALL,
)
_FIELD = re.compile(r"(?P<name>[A-Za-z0-9-]+): (?P<value>.*)")


@dataclass(frozen=True)
class Block:
    position: int
    total: int
    name: str
    email: str
    signed_at: datetime
    address: str
    sha256: str

    def __str__(self) -> str:
        values = (self.name, self.email, to_text(self.signed_at), self.address, self.sha256)
        lines = [f"{name}: {value}" for name, value in zip(FIELDS, values, strict=True)]
        return "\n".join([
            f"{BEGIN}{self.position} OF {self.total}-----",
            *lines,
            f"-----END SIGNATURE {self.position}-----",
        ])  # fmt: skip


def check_text(text: str) -> None:
    """Refuse a text that is empty or brings signatures of its own."""
    if not text.strip():
        raise DocumentError("the document is empty")
    if any(line.lstrip().startswith(BEGIN) for line in text.splitlines()):
        raise DocumentError("the document has a signature block already")


def add_block(
    text: str, document: Document, signatory: Signatory, now: datetime, address: str
) -> str:
    block = Block(
        position=signatory.position,
        total=len(document.signatories),
        name=signatory.shown_name,
        email=signatory.email,
        signed_at=now,
        address=address,
        sha256=text_hash(original_text(text)),
    )
    return f"{text}{SEPARATOR}{block}"


def original_text(text: str) -> str:
    """The text without its blocks, to the character what was sent."""
    return text.split(SEPARATOR + BEGIN, 1)[0]


def read_blocks(text: str) -> list[Block]:
    """The blocks in the order of signing. Raises VersionError for one that is incomplete."""
    blocks = []
    for match in _BLOCK.finditer(text):
        fields = dict(_split_field(line) for line in match["fields"].split("\n"))
        missing = [name for name in FIELDS if name not in fields]
        if missing:
            raise VersionError(f"signature {match['position']} lacks {', '.join(missing)}")
        blocks.append(
            Block(
                position=int(match["position"]),
                total=int(match["total"]),
                name=fields["Name"],
                email=fields["Email"],
                signed_at=parse_moment(fields["Signed"]),
                address=fields["From"],
                sha256=fields["Text-SHA256"],
            )
        )
    return blocks


def foreign_blocks(text: str) -> list[int]:
    """Positions of the blocks that were made for another text."""
    digest = text_hash(original_text(text))
    return sorted(block.position for block in read_blocks(text) if block.sha256 != digest)


def _split_field(line: str) -> tuple[str, str]:
    match = _FIELD.fullmatch(line)
    if match is None:
        raise VersionError(f"not a line of a signature: {line!r}")
    return match["name"], match["value"]
