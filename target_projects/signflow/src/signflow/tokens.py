"""Signing links: what they claim, signed with HMAC so that nobody else can make one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .errors import SettingsError, TokenError

PREFIX = "s1"
SIGNATURE_BYTES = 20

_CLAIM = re.compile(
    r"(?P<document>DOC-\d{4}-\d{4,}):(?P<position>\d+):(?P<round>\d+):(?P<expires>\d+)"
)


@dataclass(frozen=True)
class Claim:
    document: str
    position: int
    round: int
    expires: datetime

    @property
    def key(self) -> str:
        """The same for every link of one signatory and round: such a link is good once."""
        return f"{self.document}/{self.position}/{self.round}"

    def __str__(self) -> str:
        seconds = int(self.expires.timestamp())
        return f"{self.document}:{self.position}:{self.round}:{seconds}"


class Mint:
    """Issues tokens with the first secret, accepts those of all."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets:
            raise SettingsError("links.secret is not set")
        self._keys = [secret.encode("utf-8") for secret in secrets]

    def issue(self, claim: Claim) -> str:
        body = _encode(str(claim).encode("ascii"))
        return f"{PREFIX}.{body}.{_encode(_signature(self._keys[0], body))}"

    def read(self, token: str) -> Claim:
        """What an authentic token claims, even when it has run out."""
        parts = tidy(token).split(".")
        if len(parts) != 3 or parts[0] != PREFIX:
            raise TokenError("malformed", "this is not a signing link")
        _, body, seal = parts
        try:
            given, text = _decode(seal), _decode(body).decode("ascii")
        except (binascii.Error, UnicodeError):
            raise TokenError("malformed", "this signing link is damaged") from None
        if not any(hmac.compare_digest(given, _signature(key, body)) for key in self._keys):
            raise TokenError("forged", "this signing link was not issued here")
        match = _CLAIM.fullmatch(text)
        if match is None:
            raise TokenError("malformed", "this signing link claims nothing")
        return Claim(
            match["document"],
            int(match["position"]),
            int(match["round"]),
            datetime.fromtimestamp(int(match["expires"]), UTC),
        )


def check_time(claim: Claim, now: datetime) -> None:
    if now >= claim.expires:
        raise TokenError("expired", "this signing link has run out")


def link(base_url: str, token: str) -> str:
    return f"{base_url}/sign/{token}"


def tidy(text: str) -> str:
    """The token in what people paste: a whole link, brackets, a tracking suffix, a full stop."""
    words = re.findall(r"[^/<>\s]+", re.split(r"[?#]", text)[0])
    return words[-1].rstrip(".") if words else ""


def _signature(key: bytes, body: str) -> bytes:
    return hmac.new(key, body.encode("ascii"), hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").replace("=", "")


def _decode(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
