"""Plain objects for tests; every test names only what matters to it."""

from dataclasses import replace
from datetime import timedelta

from signflow.audit import AuditTrail
from signflow.documents import Document, DocumentState, Order, Signatory, SignatoryState
from signflow.moments import UTC, parse_moment
from signflow.people import Person
from signflow.settings import Settings

SECRET = "orchard gate, blue"
NOW = parse_moment("2024-03-05T09:00:00Z")

DRAFT, SENT, PARTLY = DocumentState.DRAFT, DocumentState.SENT, DocumentState.PARTIALLY_SIGNED
COMPLETED, DECLINED = DocumentState.COMPLETED, DocumentState.DECLINED
EXPIRED, VOIDED = DocumentState.EXPIRED, DocumentState.VOIDED
PENDING, SIGNED, REFUSED = SignatoryState.PENDING, SignatoryState.SIGNED, SignatoryState.DECLINED

ANA = Person("Ana Ruiz", "ana@example.com")
BEN = Person("Ben", "ben@example.com")
CLEO = Person("", "cleo@example.com", 2)


def at(text):
    """A moment in March 2024: `5 09:00`."""
    day, time_ = text.split()
    return parse_moment(f"2024-03-{int(day):02d}T{time_}:00Z")


def make_settings(folder, **changes):
    settings = Settings(
        database=folder / "signflow.db",
        versions=folder / "versions",
        audit=folder / "audit",
        spool=folder / "spool",
        templates=folder / "templates",
        exports=folder / "exports",
        base_url="https://sign.test",
        lifetime=timedelta(days=7),
        order=Order.PARALLEL,
        deadline=timedelta(days=14),
        max_signatories=3,
        max_resends=2,
        decline_reason=True,
        remind_after=(timedelta(days=2), timedelta(days=5)),
        last_call=timedelta(days=1),
        sender=Person("Desk", "desk@example.com"),
        language="en",
        batch=10,
        office=UTC,
        secrets=(SECRET,),
    )
    return replace(settings, **changes)


def make_signatory(position=1, state=PENDING, **changes):
    return Signatory(
        position, f"Name {position}", f"p{position}@example.com", state=state, **changes
    )


def make_document(*signatories, **changes):
    fields = {
        "id": "DOC-2024-0001",
        "title": "Lease",
        "owner": "bo@example.com",
        "order": Order.PARALLEL,
        "signatories": signatories or (make_signatory(),),
        "created_at": NOW,
    }
    return Document(**{**fields, **changes})


def make_trail(folder, events=("created", "sent", "viewed")):
    trail = AuditTrail(folder)
    for day, event in enumerate(events, start=1):
        trail.append("DOC-2024-0001", event, "bo@example.com", at(f"{day} 09:00"))
    return trail


def drafted(desk, *people, text="Text.\n", order=None):
    return desk.draft("Lease", text, "bo@example.com", people or (ANA, BEN), order)


def sent(desk, *people, order=None):
    return desk.send(drafted(desk, *people, order=order).id)


def token(desk, position, id="DOC-2024-0001"):
    document = desk.store.get(id)
    return desk.token(document, document.signatories[position - 1])


def mails(desk):
    return [notice.key for notice in desk.outbox.waiting(100)]
