"""Everything billcycle raises on purpose."""

from __future__ import annotations


class BillcycleError(Exception):
    """Base of the expected errors; the command line prints them in one line."""


class AddressError(BillcycleError):
    """An e-mail address that we will not write to."""


class MoneyError(BillcycleError):
    """An amount that cannot be read, or amounts that do not go together."""


class InvoiceError(BillcycleError):
    """An invoice record that is incomplete, or a step that its state forbids."""


class SettingsError(BillcycleError):
    """A setting with a wrong name, value or unit."""


class ScheduleError(BillcycleError):
    """A send or a reminder that cannot be planned."""


class LeaseLost(BillcycleError):
    """Another worker has taken the job over in the meantime."""


class DeliveryError(BillcycleError):
    """The mail relay did not take a message; `permanent` means that asking again is useless."""

    def __init__(self, reason: str, permanent: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
