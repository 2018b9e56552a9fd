"""Reads, checks and aggregates the finance desk's transaction, payment and sales files."""

__version__ = "2.4.1"
