"""What signflow raises on purpose."""

from __future__ import annotations

from typing import Literal

TokenProblem = Literal["malformed", "forged", "expired", "superseded", "used", "early"]


class SignflowError(Exception):
    """Base of the expected errors; the command line prints them in one line."""


class SettingsError(SignflowError):
    """A setting with a wrong name, value or unit."""


class AddressError(SignflowError):
    """A person or an e-mail address that cannot be read."""


class DocumentError(SignflowError):
    """A document that is unknown, incomplete or badly put together."""


class StateError(SignflowError):
    """A step that the state of the document forbids."""


class TokenError(SignflowError):
    """A signing link that is not good (any more); `problem` says why."""

    def __init__(self, problem: TokenProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


class TemplateError(SignflowError):
    """A template that is missing, or placeholders that cannot be filled."""


class VersionError(SignflowError):
    """A stored version that is missing, or not what was stored."""


class AuditError(SignflowError):
    """An audit trail that does not hold together; `line` is where it breaks."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
