"""Quotes for parcels."""

__version__ = "1.6.3"
