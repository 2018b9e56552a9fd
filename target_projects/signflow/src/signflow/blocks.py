"""Signature blocks: the text that every signature adds below the document."""

from __future__ import annotations

from datetime import datetime

from .documents import Document, Signatory
from .errors import DocumentError
from .moments import to_text
from .versions import text_hash

BEGIN = "-----BEGIN SIGNATURE "
SEPARATOR = "\n\n"


def check_text(text: str) -> None:
    """Refuse a text that is empty or brings signatures of its own."""
    if not text.strip():
        raise DocumentError("the document is empty")
    if any(line.lstrip().startswith(BEGIN) for line in text.splitlines()):
        raise DocumentError("the document has a signature block already")


def add_block(
    text: str, document: Document, signatory: Signatory, now: datetime, address: str
) -> str:
    lines = (
        f"{BEGIN}{signatory.position} OF {len(document.signatories)}-----",
        f"Name: {signatory.shown_name}",
        f"Email: {signatory.email}",
        f"Signed: {to_text(now)}",
        f"From: {address}",
        f"Text-SHA256: {text_hash(original_text(text))}",
        f"-----END SIGNATURE {signatory.position}-----",
    )
    return text + SEPARATOR + "\n".join(lines)


def original_text(text: str) -> str:
    """The text without its blocks, to the character what was sent."""
    return text.partition(SEPARATOR + BEGIN)[0]


def blocks(text: str) -> list[str]:
    """The blocks in the order of signing."""
    return [BEGIN + block for block in text.split(SEPARATOR + BEGIN)[1:]]
