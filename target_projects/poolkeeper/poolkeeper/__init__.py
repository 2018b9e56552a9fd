"""Keeps sessions on servers: pools, health, request limits and the daily reports."""

__version__ = "1.8.2"
