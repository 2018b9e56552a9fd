"""What hookrelay raises on purpose."""

from __future__ import annotations


class RelayError(Exception):
    """Base of the expected errors; the command line prints them in one line."""


class SettingsError(RelayError):
    """A setting with a wrong name, value or unit."""


class FormatError(RelayError):
    """A moment, duration or amount that cannot be read."""


class EventError(RelayError):
    """An event that is incomplete, or that contradicts one stored before."""


class EndpointError(RelayError):
    """An endpoint configuration that we will not deliver to."""


class SignatureError(RelayError):
    """A signature header that does not vouch for the body."""


class NotFound(RelayError):
    """No such event, endpoint or delivery."""


class Conflict(RelayError):
    """A step that the state of a delivery or endpoint forbids."""


class BadQuery(RelayError):
    """A filter or cursor of the dashboard that makes no sense."""


class LeaseLost(RelayError):
    """Another worker holds the delivery by now."""


class TransportFault(RelayError):
    """No HTTP answer: `kind` is "timeout" or "connection"."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
