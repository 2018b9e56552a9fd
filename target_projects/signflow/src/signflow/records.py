"""Documents as dictionaries that JSON can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from .documents import Document, DocumentState, Order, Signatory, SignatoryState
from .errors import DocumentError
from .moments import parse_moment, to_text

Record = dict[str, Any]

_MOMENTS = ("invited_at", "link_expires", "acted_at")


def to_record(document: Document) -> Record:
    return {
        "id": document.id,
        "title": document.title,
        "owner": document.owner,
        "order": document.order.value,
        "state": document.state.value,
        "original": document.original,
        "version": document.version,
        "created_at": to_text(document.created_at),
        "sent_at": _text(document.sent_at),
        "deadline": _text(document.deadline),
        "resends": document.resends,
        "signatories": [_signatory_record(s) for s in document.signatories],
    }


def _signatory_record(signatory: Signatory) -> Record:
    return {
        "name": signatory.name,
        "email": signatory.email,
        "group": signatory.group,
        "state": signatory.state.value,
        "round": signatory.round,
        "version": signatory.version,
        "reason": signatory.reason,
        "reminded": signatory.reminded,
        **{name: _text(getattr(signatory, name)) for name in _MOMENTS},
    }


def from_record(record: Mapping[str, Any]) -> Document:
    """A document from its record; records written before release 3 lack the optional fields."""
    try:
        return Document(
            id=record["id"],
            title=record["title"],
            owner=record["owner"],
            order=Order(record.get("order", "parallel")),
            signatories=tuple(map(_signatory, count(1), record["signatories"])),
            created_at=parse_moment(record["created_at"]),
            state=DocumentState(record.get("state", "draft")),
            original=record.get("original", 1),
            version=record.get("version", 1),
            sent_at=_moment(record.get("sent_at")),
            deadline=_moment(record.get("deadline")),
            resends=record.get("resends", 0),
        )
    except (ValueError, KeyError) as problem:
        raise DocumentError(f"record of {record.get('id')}: {problem}") from problem


def _signatory(position: int, record: Mapping[str, Any]) -> Signatory:
    return Signatory(
        position=position,
        name=record.get("name", ""),
        email=record["email"],
        group=record.get("group", 1),
        state=SignatoryState(record.get("state", "pending")),
        round=record.get("round", 1),
        version=record.get("version", 0),
        reason=record.get("reason", ""),
        reminded=record.get("reminded", 0),
        **{name: _moment(record.get(name)) for name in _MOMENTS},
    )


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return parse_moment(text) if text else None
