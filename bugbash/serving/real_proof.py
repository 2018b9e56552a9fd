"""What was seen of a real bug on this machine, kept by everything that it depends on."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

import bugbash
from bugbash.serving.ticket import Ticket, ticket_from_json
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.history.index import Entry
from bugbash.targets.spec import Target

_FORM = "4"
_KIND = "real-proof"


@dataclass(frozen=True)
class Proof:
    """A real bug whose failing tests were seen to fail here, and no others."""

    collected: tuple[str, ...]
    """Ids of the suite."""
    ticket: Ticket
    """The whole report, before anything is left out of it for a blind attempt."""


def key_of(target: Target, environment: Environment, entry: Entry) -> str:
    """What a proof is kept by: the code, how it is run, with what, and what the index says of it.

    The hash of the lock holds the Python's version and the platform.
    """
    parts = (_FORM, bugbash.__version__, target.digest, environment.lock, target.spec, entry)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def kept(store: Store, key: str) -> Proof | None:
    """What was proved before; None: nothing."""
    value = store.fact(_KIND, key)
    if value is None:
        return None
    return Proof(tuple(value["collected"]), ticket_from_json(value["ticket"]))


def keep(store: Store, key: str, proof: Proof) -> None:
    """Keep what was proved: it need not be run again."""
    store.set_fact(_KIND, key, asdict(proof))
