"""What callers are expected to handle. Anything else that escapes is a fault of ours."""


class ParcelError(Exception):
    """The base of them all; the text is fit for the person at the desk."""


class AmountError(ParcelError, ValueError):
    """Not an amount, a currency, a weight or a size."""


class SettingsError(ParcelError):
    def __init__(self, name: str, problem: object) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


class RateSyntaxError(ParcelError):
    """`position` is that of the first wrong character, counted from 1."""

    def __init__(self, problem: object, position: int) -> None:
        super().__init__(f"{problem} at position {position}")
        self.position = position


class NoRoute(ParcelError):
    """No carrier converts the one currency into the other."""


class StaleRates(ParcelError):
    """There are no rates, or none that are young enough."""


class NoService(ParcelError):
    """A carrier does not take this parcel, or not to that place."""


class UnknownCountry(NoService):
    pass


class CouponError(ParcelError):
    pass


class OrderFileError(ParcelError):
    """A file of orders that can't be read at all; faulty rows are reported one by one."""


class QuoteError(ParcelError):
    pass
