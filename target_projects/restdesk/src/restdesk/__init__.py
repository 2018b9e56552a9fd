"""The customers and charges API of the front desk."""

__version__ = "3.6.2"
