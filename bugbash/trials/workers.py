"""Working side by side so that Ctrl-C, or an answer found early, ends the others at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event


@dataclass(frozen=True)
class Workers:
    """A pool of threads, and the event that tells what they run to stop."""

    pool: ThreadPoolExecutor
    halt: Event


class HaltedRun(Exception):
    """A suite was stopped because nobody waits for it any more."""


@contextmanager
def workers(count: int, halt: Event | None = None) -> Iterator[Workers]:
    """`count` threads; an error, Ctrl-C or a closed generator in the block halts them."""
    made = Workers(ThreadPoolExecutor(count), halt or Event())
    try:
        yield made
    except BaseException:
        made.halt.set()
        raise
    finally:
        made.pool.shutdown(wait=True, cancel_futures=True)
