"""Webhook delivery: stores payment events, delivers them, keeps the history of every attempt."""

__version__ = "1.9.3"
