"""The signing desk: every step of a document, with its versions, audit entries and mails."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from . import documents as rules
from .audit import NOWHERE, SYSTEM, AuditTrail
from .blocks import add_block, blocks, check_text, original_text
from .documents import Document, DocumentState, Order, Signatory, SignatoryState
from .errors import AuditError, StateError, TokenError, VersionError
from .moments import Clock, days_left, office_day, shown
from .notices import NoticeKind, Outbox, Spool, Wording
from .people import Person, clean_address, clean_email
from .scans import overdue, reminders_due
from .settings import Settings
from .storage import DocumentStore, transaction
from .tokens import Claim, Mint, check_time, link
from .versions import VersionStore, text_hash


@dataclass(frozen=True)
class Receipt:
    """What a signatory gets for a click; `again` when the link was used before."""

    document: str
    action: str
    at: datetime
    version: int
    again: bool = False


class SigningDesk:
    def __init__(self, db: sqlite3.Connection, settings: Settings, clock: Clock) -> None:
        self.db = db
        self.settings = settings
        self.clock = clock
        self.store = DocumentStore(db)
        self.outbox = Outbox(db)
        self.versions = VersionStore(settings.versions)
        self.audit = AuditTrail(settings.audit)
        self.wording = Wording(settings.language)

    @cached_property
    def mint(self) -> Mint:
        return Mint(self.settings.secrets)

    def now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def today(self) -> date:
        return office_day(self.now(), self.settings.office)

    def draft(
        self, title: str, text: str, owner: str, people: Sequence[Person],
        order: Order | None = None,
    ) -> Document:  # fmt: skip
        """Take a document in; its text is kept as version 1 and never changes."""
        check_text(text)
        now, settings = self.now(), self.settings
        order = order if order is not None else settings.order
        with transaction(self.db):
            id = rules.next_id(self.store.ids(), self.today())
            document = rules.new_document(
                id, title, clean_email(owner), people, order, now, settings.max_signatories
            )
            self.store.add(document)
            original = self.versions.add(id, text, "original")
            document = replace(document, original=original.number, version=original.number)
            self.store.save(document)
            self.audit.append(id, "created", document.owner, now, detail=text_hash(text))
        return document

    def send(self, id: str) -> Document:
        """Start the round; whose turn it is gets a link."""
        now = self.now()
        with transaction(self.db):
            document = self.store.get(id)
            if document.state is not DocumentState.DRAFT:
                raise StateError(f"{document.id} was sent already")
            document = rules.move(document, DocumentState.SENT)
            deadline = now + self.settings.deadline
            document = self._invite(replace(document, sent_at=now, deadline=deadline))
            self.store.save(document)
            self.audit.append(document.id, "sent", document.owner, now)
        return document

    def view(self, token: str, address: str | None = None) -> str:
        """The text for a signatory; every look is noted."""
        now = self.now()
        with transaction(self.db):
            document, viewer = self._admit(token)
            text = self.versions.read(document.id, document.version)
            source = clean_address(address)
            self.audit.append(document.id, "viewed", viewer.email, now, source)
        return text

    def sign(self, token: str, address: str | None = None) -> Receipt:
        """Sign once; the same link again gives the same receipt and changes nothing."""
        now = self.now()
        with transaction(self.db):
            if receipt := self._earlier(token, SignatoryState.SIGNED):
                return receipt
            document, signer = self._admit(token)
            source = clean_address(address)
            text = self.versions.read(document.id, document.version)
            signed = add_block(text, document, signer, now, source)
            version = self.versions.add(document.id, signed, signer.shown_name)
            document = rules.sign(document, signer.position, version.number, now)
            document = self._invite(document)
            self.store.save(document)
            self.audit.append(document.id, "signed", signer.email, now, source)
            if document.state is DocumentState.COMPLETED:
                self._tell_owner(NoticeKind.COMPLETED, document)
                self.audit.append(document.id, "completed", SYSTEM, now)
        return Receipt(document.id, "signed", now, version.number)

    def decline(self, token: str, reason: str = "", address: str | None = None) -> Receipt:
        """Refuse to sign: nobody can go on until the owner resends or voids the document."""
        now = self.now()
        reason = " ".join(reason.split())
        with transaction(self.db):
            if receipt := self._earlier(token, SignatoryState.DECLINED):
                return receipt
            if self.settings.decline_reason and not reason:
                raise StateError("please say why you decline")
            document, decliner = self._admit(token)
            document = rules.decline(document, decliner.position, reason, now)
            self.store.save(document)
            self._tell_owner(NoticeKind.DECLINED, document, decliner.shown_name, reason)
            source = clean_address(address)
            self.audit.append(document.id, "declined", decliner.email, now, source, reason)
        return Receipt(document.id, "declined", now, document.version)

    def resend(self, id: str) -> Document:
        """Ask again those who have not signed; links sent before are no longer good."""
        now, settings = self.now(), self.settings
        with transaction(self.db):
            document = self.store.get(id)
            document = rules.reopen(document, now + settings.deadline, settings.max_resends)
            document = self._invite(document)
            self.store.save(document)
            detail = f"round {document.resends + 1}"
            self.audit.append(document.id, "resent", document.owner, now, detail=detail)
        return document

    def void(self, id: str, reason: str) -> Document:
        """Take a document back; those who know about it are told."""
        now, reason = self.now(), reason.strip()
        if not reason:
            raise StateError("a document is not voided without a reason")
        with transaction(self.db):
            document = rules.move(self.store.get(id), DocumentState.VOIDED)
            for person in document.signatories:
                if person.invited_at is not None:
                    self._tell(NoticeKind.VOIDED, document, person.position, reason=reason)
            self.store.save(document)
            self.audit.append(document.id, "voided", document.owner, now, detail=reason)
        return document

    def expire(self) -> list[str]:
        """Close what was not signed in time; the ids, the longest overdue first."""
        now = self.now()
        with transaction(self.db):
            late = overdue(self.store.find(*rules.OPEN), now)
            for document in late:
                document = rules.move(document, DocumentState.EXPIRED)
                self.store.save(document)
                self._tell_owner(NoticeKind.EXPIRED, document)
                self.audit.append(document.id, "expired", SYSTEM, now)
        return [document.id for document in late]

    def remind(self) -> list[str]:
        """Remind those who should have signed by now; the keys of the mails."""
        now, keys = self.now(), []
        with transaction(self.db):
            for document in self.store.find(*rules.OPEN):
                for person, step in reminders_due(document, now, self.settings):
                    person = replace(self._with_link(document, person, now), reminded=step)
                    document = rules.with_signatory(document, person)
                    self.store.save(document)
                    keys.append(self._tell(NoticeKind.REMINDER, document, person.position, step))
                    self.audit.append(document.id, "reminded", SYSTEM, now, NOWHERE, person.email)
        return keys

    def deliver(self) -> int:
        """Hand the next batch of mails to the spool; how many there were."""
        spool = Spool(self.settings.spool)
        batch = self.outbox.waiting(self.settings.batch)
        for notice in batch:
            spool.deliver(notice, self.today())
            self.outbox.delivered(notice.key, self.now())
        return len(batch)

    def check(self, id: str) -> list[str]:
        """What is wrong with the versions, the signatures and the trail of a document."""
        document, problems = self.store.get(id), []
        try:
            self.audit.verify(document.id)
        except AuditError as problem:
            problems.append(f"{document.id}: audit trail, {problem}")
        try:
            problems += self.versions.check(document.id)
            text = self.versions.read(document.id, document.version)
            count = len(blocks(text))
            if count != document.signed:
                problems.append(f"{document.id}: {document.signed} signed, {count} in the text")
            if original_text(text) != self.versions.read(document.id, document.original):
                problems.append(f"{document.id}: the text is not the original")
        except VersionError as problem:
            if str(problem) not in problems:
                problems.append(str(problem))
        return problems

    def token(self, document: Document, signatory: Signatory) -> str:
        """The token of an invited signatory's latest link."""
        return self.mint.issue(self._claim(document, signatory))

    def _claim(self, document: Document, signatory: Signatory) -> Claim:
        if signatory.link_expires is None:
            raise StateError(f"{signatory.email} was not invited to sign {document.id}")
        return Claim(document.id, signatory.position, signatory.round, signatory.link_expires)

    def _earlier(self, token: str, action: SignatoryState) -> Receipt | None:
        """The receipt of an earlier use; a link that was used for something else is no good."""
        document, person = self._named(token)
        if person.acted_at is None:
            return None
        if person.state is not action:
            raise TokenError("used", f"this link was used before: {person.state.value}")
        return Receipt(document.id, action.value, person.acted_at, person.version, again=True)

    def _named(self, token: str) -> tuple[Document, Signatory]:
        """Document and signatory of an authentic link of their latest round."""
        claim = self.mint.read(token)
        document = self.store.get(claim.document)
        person = rules.signatory(document, claim.position)
        if claim.round < person.round:
            raise TokenError("superseded", "there is a newer link for you")
        return document, person

    def _admit(self, token: str) -> tuple[Document, Signatory]:
        """Document and signatory of a link that is good now."""
        check_time(self.mint.read(token), self.now())
        document, person = self._named(token)
        if not document.is_open:
            raise StateError(f"{document.id} is {document.state.value.replace('_', ' ')}")
        if person.state is not SignatoryState.PENDING:
            raise TokenError("used", f"you have {person.state.value} {document.id} already")
        if person not in rules.turn(document):
            raise TokenError("early", "it is not your turn yet")
        return document, person

    def _invite(self, document: Document) -> Document:
        now = self.now()
        for person in rules.uninvited(document):
            person = replace(self._with_link(document, person, now), invited_at=now)
            document = rules.with_signatory(document, person)
            self._tell(NoticeKind.INVITE, document, person.position)
        return document

    def _with_link(self, document: Document, person: Signatory, now: datetime) -> Signatory:
        """The signatory with a fresh link, which never outlives the document."""
        expires = now + self.settings.lifetime
        if document.deadline is not None:
            expires = min(expires, document.deadline)
        return replace(person, link_expires=expires)

    def _tell(
        self, kind: NoticeKind, document: Document, position: int,
        step: int = 0, reason: str = "",
    ) -> str:  # fmt: skip
        person = rules.signatory(document, position)
        key = f"{document.id}/{person.position}/{person.round}/{kind.value}"
        if step:
            key += f"-{step}"
        claim = self._claim(document, person)
        values = {
            "name": person.shown_name,
            "until": shown(claim.expires, self.settings.office),
            "link": link(self.settings.base_url, self.mint.issue(claim)),
            "reason": reason,
        }
        self._put(kind, key, str(Person(person.name, person.email)), document, values)
        return key

    def _tell_owner(
        self, kind: NoticeKind, document: Document, name: str = "", reason: str = ""
    ) -> None:
        key = f"{document.id}/owner/{document.resends + 1}/{kind.value}"
        values = {"name": name, "reason": reason or "none given"}
        self._put(kind, key, document.owner, document, values)

    def _put(
        self, kind: NoticeKind, key: str, to: str, document: Document, more: Mapping[str, str]
    ) -> None:
        deadline, now = document.deadline or self.now(), self.now()
        values = {
            "id": document.id,
            "title": document.title,
            "deadline": shown(deadline, self.settings.office),
            "days": days_left(now, deadline),
            **more,
        }
        sender = str(self.settings.sender)
        self.outbox.put(self.wording.notice(kind, key, sender, to, values))
