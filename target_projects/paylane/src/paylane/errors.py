"""What callers are expected to handle. The command line ends with the error's exit code."""

from __future__ import annotations

from datetime import timedelta

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: schedulers start the command again


class PaylaneError(Exception):
    exit_code = 1


class SettingsError(PaylaneError):
    """A setting with a wrong name, value or unit."""


class MoneyError(PaylaneError):
    """An amount that cannot be read, or amounts that do not go together."""


class CurrencyError(MoneyError):
    """A currency that we do not handle."""


class MomentError(PaylaneError):
    """Text that is no moment, duration, offset or time of the day."""


class CodecError(PaylaneError):
    """JSON that does not describe the record asked for; `where` is the way to the bad value."""

    def __init__(self, where: str, problem: object) -> None:
        prefix = f"{where}: " if where else ""
        super().__init__(f"{prefix}{problem}")
        self.where = where


class RequestError(PaylaneError):
    """A request that is refused before anything happens: field name to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name} {problem}" for name, problem in problems.items()))
        self.problems = problems


class KeyConflict(PaylaneError):
    """An idempotency key that was used before, for something else."""

    exit_code = 3


class KeyInUse(PaylaneError):
    """The first request with this key is still under way."""

    exit_code = TRY_AGAIN

    def __init__(self, key: str, retry_after: timedelta) -> None:
        super().__init__(f"key {key} is in use, try again later")
        self.retry_after = retry_after


class NotFound(PaylaneError):
    """A payment that does not exist."""

    exit_code = 4


class RefundError(PaylaneError):
    """A refund that the payment does not allow."""


class ExchangeError(PaylaneError):
    """Amounts that cannot be exchanged, or rates that cannot be read."""


class NoRoute(ExchangeError):
    """No chain of rates leads from one currency to the other."""


class Declined(PaylaneError):
    """The card network said no; asking again does not help."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"declined: {reason}")
        self.reason = reason


class NetworkUnavailable(PaylaneError):
    """The card network gave no answer; it may or may not have acted."""

    exit_code = TRY_AGAIN
