"""bugbash: a practice harness for the debugging round of software interviews."""

__version__ = "0.1.0"
