"""Signatures of webhook bodies: `Relay-Signature: t=<unix seconds>,v1=<hex>,v1=<hex>`.

During a rotation the header holds one signature for each secret that is still good.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from hookrelay.errors import SignatureError

HEADER = "Relay-Signature"
SCHEME = "v1"

_SECRET = re.compile(r"whsec_[A-Za-z0-9]{16,64}")


def check_secret(text: str) -> str:
    secret = text.strip()
    if _SECRET.fullmatch(secret) is None:
        raise SignatureError("a secret is whsec_ and 16 to 64 letters or digits")
    return secret


def unix_seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Hex HMAC-SHA256 over `<seconds>.<body>`, so that neither can be changed alone."""
    message = f"{seconds}.".encode("ascii") + body
    return hmac.new(secret.encode("utf-8"), message, hashlib.sha256).hexdigest()


def sign(secrets: Sequence[str], now: datetime, body: bytes) -> str:
    """The header's value, newest secret first."""
    seconds = unix_seconds(now)
    parts = [f"t={seconds}"]
    parts += [f"{SCHEME}={signature(secret, seconds, body)}" for secret in secrets]
    return ",".join(parts)


def parse_header(text: str) -> tuple[int, tuple[str, ...]]:
    """Seconds and signatures; schemes that we do not know are left out. Raises SignatureError."""
    seconds: int | None = None
    found = []
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            if not (value.isascii() and value.isdigit()):
                raise SignatureError(f"not a time stamp: {value!r}")
            seconds = int(value)
        elif name == SCHEME:
            found.append(value.lower())
    if seconds is None:
        raise SignatureError("the header has no time stamp")
    if not found:
        raise SignatureError(f"the header has no {SCHEME} signature")
    return seconds, tuple(found)


def verify(
    header: str, body: bytes, secrets: Sequence[str], now: datetime, tolerance: timedelta
) -> None:
    """Raises SignatureError unless one of the secrets signed this body within the tolerance."""
    seconds, given = parse_header(header)
    distance = abs(unix_seconds(now) - seconds)
    if distance > tolerance.total_seconds():
        raise SignatureError(f"the time stamp is {distance} seconds off")
    for secret in secrets:
        expected = signature(secret, seconds, body)
        if any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
            return
    raise SignatureError("no signature matches")
