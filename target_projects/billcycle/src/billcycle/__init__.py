"""Invoices that go out when they should, and the reminders that follow them."""

__version__ = "2.7.1"
