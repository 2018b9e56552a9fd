"""Documents, their signatories and what may happen to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from .errors import DocumentError, StateError
from .people import Person


class DocumentState(Enum):
    DRAFT = "draft"
    SENT = "sent"
    PARTIALLY_SIGNED = "partially_signed"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


class SignatoryState(Enum):
    PENDING = "pending"
    SIGNED = "signed"
    DECLINED = "declined"


class Order(Enum):
    PARALLEL = "parallel"
    SEQUENTIAL = "sequential"
    GROUPS = "groups"


_WHILE_OPEN = frozenset(DocumentState) - {DocumentState.DRAFT, DocumentState.SENT}

MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.DRAFT: frozenset({DocumentState.SENT, DocumentState.VOIDED}),
    DocumentState.SENT: _WHILE_OPEN | {DocumentState.SENT},
    DocumentState.PARTIALLY_SIGNED: _WHILE_OPEN,
    DocumentState.DECLINED: frozenset(
        {DocumentState.SENT, DocumentState.PARTIALLY_SIGNED, DocumentState.VOIDED}
    ),
}

OPEN = (DocumentState.SENT, DocumentState.PARTIALLY_SIGNED)

_ID = re.compile(r"DOC-(?P<year>\d{4})-(?P<number>\d{4,})")
_MAX_TITLE = 120


@dataclass(frozen=True)
class Signatory:
    position: int
    name: str
    email: str
    group: int = 1
    state: SignatoryState = SignatoryState.PENDING
    round: int = 1
    invited_at: datetime | None = None
    link_expires: datetime | None = None
    acted_at: datetime | None = None
    version: int = 0
    reason: str = ""
    reminded: int = 0

    @property
    def shown_name(self) -> str:
        return self.name or self.email


@dataclass(frozen=True)
class Document:
    id: str
    title: str
    owner: str
    order: Order
    signatories: tuple[Signatory, ...]
    created_at: datetime
    state: DocumentState = DocumentState.DRAFT
    original: int = 1
    version: int = 1
    sent_at: datetime | None = None
    deadline: datetime | None = None
    resends: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def signed(self) -> int:
        return sum(s.state is SignatoryState.SIGNED for s in self.signatories)


def parse_id(text: str) -> tuple[int, int]:
    """Year and number of an id such as `DOC-2024-0012`."""
    match = _ID.fullmatch(text.strip().upper())
    if match is None:
        raise DocumentError(f"not a document id: {text!r}")
    return int(match["year"]), int(match["number"])


def next_id(ids: Iterable[str], today: date) -> str:
    """The id after the highest of the year; numbers start again at 1 with every year."""
    parsed = map(parse_id, ids)
    highest = max((number for year, number in parsed if year == today.year), default=0)
    return f"DOC-{today.year:04d}-{highest + 1:04d}"


def new_document(
    id: str, title: str, owner: str, people: Sequence[Person], order: Order,
    now: datetime, max_signatories: int,
) -> Document:  # fmt: skip
    title = " ".join(title.split())
    if not title:
        raise DocumentError("a document needs a title")
    if len(title) > _MAX_TITLE:
        raise DocumentError(f"the title is longer than {_MAX_TITLE} characters")
    if not people:
        raise DocumentError("a document needs somebody to sign it")
    if len(people) > max_signatories:
        raise DocumentError(f"at most {max_signatories} people can sign, got {len(people)}")
    signatories = tuple(
        Signatory(position, person.name, person.email, person.group)
        for position, person in enumerate(people, start=1)
    )
    return Document(id, title, owner, order, signatories, now)


def move(document: Document, state: DocumentState) -> Document:
    if state not in MOVES.get(document.state, frozenset()):
        raise StateError(f"{document.id} is {document.state.value}, it cannot be {state.value}")
    return replace(document, state=state)


def signatory(document: Document, position: int) -> Signatory:
    if not 1 <= position <= len(document.signatories):
        raise DocumentError(f"{document.id} has no signatory {position}")
    return document.signatories[position - 1]


def with_signatory(document: Document, changed: Signatory) -> Document:
    everyone = list(document.signatories)
    everyone[changed.position - 1] = changed
    return replace(document, signatories=tuple(everyone))


def turn(document: Document) -> list[Signatory]:
    """Those who can sign now; nobody unless the document is open."""
    pending = [s for s in document.signatories if s.state is SignatoryState.PENDING]
    if not document.is_open or not pending:
        return []
    match document.order:
        case Order.PARALLEL:
            return pending
        case Order.SEQUENTIAL:
            return pending[:1]
        case Order.GROUPS:
            lowest = min(s.group for s in pending)
            return [s for s in pending if s.group == lowest]


def uninvited(document: Document) -> list[Signatory]:
    """Those whose turn has come and who do not know it yet."""
    return [s for s in turn(document) if s.invited_at is None]


def sign(document: Document, position: int, version: int, now: datetime) -> Document:
    """Note a signature, which made this version of the text."""
    signed = replace(
        signatory(document, position), state=SignatoryState.SIGNED, acted_at=now, version=version
    )
    document = replace(with_signatory(document, signed), version=version)
    if document.signed == len(document.signatories):
        return move(document, DocumentState.COMPLETED)
    return move(document, DocumentState.PARTIALLY_SIGNED)


def decline(document: Document, position: int, reason: str, now: datetime) -> Document:
    declined = replace(
        signatory(document, position), state=SignatoryState.DECLINED, acted_at=now,
        version=document.version, reason=reason,
    )  # fmt: skip
    return move(with_signatory(document, declined), DocumentState.DECLINED)


def reopen(document: Document, deadline: datetime, max_resends: int) -> Document:
    """Ask once more: signatures stay, everybody else starts over in a new round."""
    if document.state is DocumentState.DRAFT:
        raise StateError(f"{document.id} was never sent")
    document = move(
        document, DocumentState.PARTIALLY_SIGNED if document.signed else DocumentState.SENT
    )
    if document.resends >= max_resends:
        raise StateError(f"{document.id} was resent {document.resends} times already")
    everyone = tuple(
        s if s.state is SignatoryState.SIGNED else _start_over(s) for s in document.signatories
    )
    resends = document.resends + 1
    return replace(document, signatories=everyone, deadline=deadline, resends=resends)


def _start_over(last: Signatory) -> Signatory:
    return Signatory(last.position, last.name, last.email, last.group, round=last.round + 1)
