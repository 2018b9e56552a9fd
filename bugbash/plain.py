"""Text from elsewhere, made safe for a terminal and for an editor."""

from __future__ import annotations


def plain(text: str) -> str:
    """Text with its control characters made visible: nothing in it can steer a terminal."""
    if text.replace("\n", "").replace("\t", "").isprintable():  # nearly always, and sooner known
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def plain_line(text: str) -> str:
    r"""`plain` for what has to stay one line.

    >>> plain_line("a.py\n0123456789  valid")
    'a.py\\n0123456789  valid'
    """
    return plain(text).replace("\n", r"\n")
