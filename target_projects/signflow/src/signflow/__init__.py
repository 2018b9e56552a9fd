"""Documents that go round for signature, and the proof of who signed what."""

__version__ = "3.4.1"
