"""Real-time card payments with idempotency keys, refunds, currency exchange and settlement."""

__version__ = "3.4.2"
