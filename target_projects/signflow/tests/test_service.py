from dataclasses import replace

import pytest
from builders import (
    ANA, BEN, CLEO, COMPLETED, DRAFT, EXPIRED, NOW, PARTLY, SENT, VOIDED, at, drafted, mails,
    make_settings, sent, token,
)  # fmt: skip

from signflow.documents import Order
from signflow.errors import AddressError, DocumentError, SettingsError, StateError, TokenError
from signflow.service import SigningDesk
from signflow.tokens import Claim
from signflow.versions import text_hash

ID = "DOC-2024-0001"


def events(desk, id=ID):
    return [entry.event for entry in desk.audit.entries(id)]


def last(desk):
    entry = desk.audit.entries(ID)[-1]
    return entry.event, entry.actor, entry.address, entry.detail


def problem(call, *arguments):
    with pytest.raises(TokenError) as caught:
        call(*arguments)
    return caught.value.problem


def test_draft_keeps_text_and_hash(desk):
    document = drafted(desk, text="Größe\n")
    assert (document.id, document.state, document.order) == (ID, DRAFT, Order.PARALLEL)
    assert desk.store.get(ID) == document
    assert desk.versions.read(ID, 1) == "Größe\n"
    assert last(desk) == ("created", "bo@example.com", "-", text_hash("Größe\n"))


def test_drafts_are_numbered_by_the_office_s_year(desk, clock):
    assert [drafted(desk).id[-4:], drafted(desk).id[-4:]] == ["0001", "0002"]
    clock.now = at("5 09:00").replace(month=12, day=31, hour=23)
    desk.settings = replace(desk.settings, office=at("5 09:00").tzinfo)
    assert drafted(desk).id == "DOC-2024-0003"


def test_draft_with_an_order_of_its_own(desk):
    assert drafted(desk, ANA, CLEO, order=Order.GROUPS).order is Order.GROUPS


def test_draft_that_is_refused_leaves_nothing(desk, tmp_path):
    with pytest.raises(DocumentError, match="is empty"):
        drafted(desk, text=" ")
    with pytest.raises(AddressError):
        desk.draft("Lease", "x", "nobody", [ANA])
    with pytest.raises(DocumentError, match="at most 3"):
        drafted(desk, ANA, BEN, CLEO, CLEO)
    assert (desk.store.ids(), list(tmp_path.iterdir())) == ([], [])


def test_draft_after_one_that_broke_off(desk):
    (desk.settings.versions / ID).mkdir(parents=True)
    (desk.settings.versions / ID / "0001-original.txt").write_bytes(b"left")
    document = sent(desk, ANA)
    assert (document.original, document.version) == (2, 2)
    desk.sign(token(desk, 1))
    assert desk.check(ID) == [f"{ID}: 0001-original.txt is not in the manifest"]


def test_send_invites_all_in_parallel(desk):
    document = sent(desk)
    assert (document.state, document.sent_at, document.deadline) == (SENT, NOW, at("19 09:00"))
    assert mails(desk) == [f"{ID}/1/1/invite", f"{ID}/2/1/invite"]
    assert (last(desk)[:2], desk.store.get(ID)) == (("sent", "bo@example.com"), document)


def test_invitation(desk):
    sent(desk, ANA)
    (notice,) = desk.outbox.waiting(5)
    assert (notice.sender, notice.to) == ("Desk <desk@example.com>", "Ana Ruiz <ana@example.com>")
    assert f"https://sign.test/sign/{token(desk, 1)}\n" in notice.body
    assert "good until 12 Mar 2024, 09:00, the document until 19 Mar 2024, 09:00." in notice.body


def test_invitation_of_somebody_without_a_name(desk):
    sent(desk, CLEO)
    (notice,) = desk.outbox.waiting(5)
    assert notice.to == "cleo@example.com"
    assert notice.body.startswith("Dear cleo@example.com,\n")


def test_invitation_to_an_old_document_without_a_deadline(desk):
    document = sent(desk, ANA, BEN, order=Order.SEQUENTIAL)
    desk.store.save(replace(document, deadline=None))
    desk.sign(token(desk, 1))
    assert desk.store.get(ID).signatories[1].link_expires == at("12 09:00")


def test_link_does_not_outlive_the_document(db, tmp_path, clock):
    short = make_settings(tmp_path, deadline=at("8 09:00") - NOW)
    (person,) = sent(SigningDesk(db, short, clock), ANA).signatories
    assert (person.invited_at, person.link_expires) == (NOW, at("8 09:00"))


def test_send_twice(desk):
    sent(desk)
    with pytest.raises(StateError, match="was sent already"):
        desk.send(ID)


def test_no_secret_no_links(db, tmp_path, clock):
    desk = SigningDesk(db, make_settings(tmp_path, secrets=()), clock)
    drafted(desk)
    with pytest.raises(SettingsError, match="links.secret is not set"):
        desk.send(ID)
    assert desk.store.get(ID).state is DRAFT


def test_no_token_without_an_invitation(desk):
    drafted(desk)
    with pytest.raises(StateError, match="ana@example.com was not invited to sign DOC-2024-0001"):
        token(desk, 1)


def test_view_notes_every_look(desk, clock):
    sent(desk)
    assert desk.view(token(desk, 1), "192.0.2.7:80") == "Text.\n"
    clock.forward("1h")
    desk.view(token(desk, 1))
    assert events(desk)[2:] == ["viewed", "viewed"]
    assert last(desk) == ("viewed", "ana@example.com", "unknown", "")


def test_view_shows_earlier_signatures(desk):
    sent(desk)
    desk.sign(token(desk, 1))
    assert "BEGIN SIGNATURE 1 OF 2" in desk.view(token(desk, 2))


def test_sign(desk, clock):
    sent(desk)
    clock.forward("1m")
    receipt = desk.sign(token(desk, 2), "192.0.2.7:443")
    assert (receipt.document, receipt.action, receipt.version) == (ID, "signed", 2)
    assert (receipt.at, receipt.again) == (at("5 09:01"), False)
    document = desk.store.get(ID)
    assert (document.state, document.version, document.signed) == (PARTLY, 2, 1)
    assert last(desk) == ("signed", "ben@example.com", "192.0.2.7", "")
    assert "\nFrom: 192.0.2.7\n" in desk.versions.read(ID, 2)


def test_fractions_of_a_second_are_left_out(desk, clock):
    sent(desk)
    clock.now = NOW.replace(microsecond=999_999)
    assert desk.sign(token(desk, 1)) == replace(desk.sign(token(desk, 1)), again=False)


def test_last_signature_completes(desk):
    sent(desk)
    desk.sign(token(desk, 1))
    assert desk.sign(token(desk, 2)).version == 3
    assert desk.store.get(ID).state is COMPLETED
    assert events(desk)[-2:] == ["signed", "completed"]
    assert last(desk)[1:3] == ("system", "-")
    assert mails(desk)[2:] == [f"{ID}/owner/1/completed"]
    assert desk.outbox.waiting(5)[-1].to == "bo@example.com"


def test_next_is_invited_after_a_signature(desk, clock):
    sent(desk, ANA, BEN, CLEO, order=Order.SEQUENTIAL)
    assert mails(desk) == [f"{ID}/1/1/invite"]
    clock.forward("1d")
    desk.sign(token(desk, 1))
    assert mails(desk)[1:] == [f"{ID}/2/1/invite"]
    assert desk.store.get(ID).signatories[1].invited_at == at("6 09:00")


def test_not_your_turn(desk):
    sent(desk, ANA, BEN, order=Order.SEQUENTIAL)
    early = desk.mint.issue(Claim(ID, 2, 1, at("9 09:00")))
    assert problem(desk.sign, early) == "early"


def test_expired_link(desk, clock):
    sent(desk, ANA)
    link = token(desk, 1)
    clock.forward("6d 23h 59m 59s")
    desk.view(link)
    clock.forward("1s")
    assert problem(desk.view, link) == problem(desk.sign, link) == "expired"


def test_viewing_or_declining_after_signing(desk):
    sent(desk)
    desk.sign(token(desk, 1))
    assert problem(desk.view, token(desk, 1)) == "used"
    assert problem(desk.decline, token(desk, 1), "no") == "used"


def test_decline(desk):
    sent(desk)
    receipt = desk.decline(token(desk, 1), "  wrong \n rent ", "192.0.2.7")
    assert (receipt.document, receipt.action, receipt.version) == (ID, "declined", 1)
    assert last(desk) == ("declined", "ana@example.com", "192.0.2.7", "wrong rent")
    assert mails(desk)[2:] == [f"{ID}/owner/1/declined"]
    assert desk.outbox.waiting(5)[-1].body.startswith(
        "Ana Ruiz declined to sign DOC-2024-0001.\nReason: wrong rent\n"
    )


def test_decline_twice_is_once(desk, clock):
    sent(desk)
    first = desk.decline(token(desk, 1), "no")
    clock.forward("30d")
    assert desk.decline(token(desk, 1), "really not") == replace(first, again=True)
    assert events(desk).count("declined") == 1


def test_decline_needs_a_reason_if_so_set(db, desk, tmp_path, clock):
    sent(desk, ANA)
    with pytest.raises(StateError, match="say why"):
        desk.decline(token(desk, 1), " ")
    lenient = SigningDesk(db, make_settings(tmp_path, decline_reason=False), clock)
    lenient.decline(token(desk, 1))
    assert "Reason: none given\n" in desk.outbox.waiting(5)[-1].body


def test_nobody_signs_what_was_declined(desk):
    sent(desk)
    desk.decline(token(desk, 1), "no")
    with pytest.raises(StateError, match="DOC-2024-0001 is declined"):
        desk.sign(token(desk, 2))


def test_resend(desk, clock):
    sent(desk)
    desk.sign(token(desk, 1))
    old = token(desk, 2)
    clock.forward("1d")
    document = desk.resend(ID)
    assert (document.state, document.deadline) == (PARTLY, at("20 09:00"))
    assert mails(desk)[-1] == f"{ID}/2/2/invite"
    assert last(desk) == ("resent", "bo@example.com", "-", "round 2")
    assert problem(desk.sign, old) == "superseded"
    assert desk.store.get(ID) == document


def test_void_tells_those_who_know(desk):
    sent(desk, ANA, BEN, order=Order.SEQUENTIAL)
    assert desk.void(ID, " sold ").state is VOIDED
    assert mails(desk)[1:] == [f"{ID}/1/1/voided"]
    assert desk.outbox.waiting(5)[-1].body.endswith("Reason: sold\n")
    assert last(desk) == ("voided", "bo@example.com", "-", "sold")
    assert desk.store.get(ID).state is VOIDED


def test_void_needs_a_reason(desk):
    drafted(desk)
    with pytest.raises(StateError, match="without a reason"):
        desk.void(ID, "  ")
    desk.void(ID, "typo")
    assert mails(desk) == []


def test_expire(desk, clock):
    sent(desk)
    clock.forward("13d 23h 59m")
    assert desk.expire() == []
    clock.forward("1m")
    assert desk.expire() == [ID]
    assert (desk.store.get(ID).state, last(desk)[:2]) == (EXPIRED, ("expired", "system"))
    assert mails(desk)[2:] == [f"{ID}/owner/1/expired"]
    assert desk.expire() == []


def test_remind(desk, clock):
    sent(desk)
    clock.forward("2d")
    assert desk.remind() == [f"{ID}/1/1/reminder-1", f"{ID}/2/1/reminder-1"]
    assert desk.remind() == []
    assert [s.reminded for s in desk.store.get(ID).signatories] == [1, 1]
    assert mails(desk)[2:] == [f"{ID}/1/1/reminder-1", f"{ID}/2/1/reminder-1"]
    assert last(desk) == ("reminded", "system", "-", "ben@example.com")


def test_reminder_has_a_link_that_is_good(desk, clock):
    sent(desk, ANA)
    first = token(desk, 1)
    clock.forward("6d")
    desk.remind()
    notice = desk.outbox.waiting(5)[-1]
    assert "for 8 more day(s)" in notice.body
    assert first != token(desk, 1) and token(desk, 1) in notice.body
    clock.forward("6d")
    desk.sign(token(desk, 1))


def test_deliver_in_batches(db, tmp_path, clock):
    desk = SigningDesk(db, make_settings(tmp_path, batch=2), clock)
    sent(desk, ANA, BEN, CLEO)
    assert [desk.deliver(), desk.deliver(), desk.deliver()] == [2, 1, 0]
    names = sorted(path.name for path in (tmp_path / "spool" / "2024-03-05").iterdir())
    assert names == [f"{ID}_{n}_1_invite.mail" for n in (1, 2, 3)]


def test_check_finds_what_was_changed(desk):
    sent(desk, ANA)
    desk.sign(token(desk, 1))
    assert desk.check(ID) == []
    path = desk.audit.path(ID)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"sent"', '"viewed"'), encoding="utf-8"
    )
    (desk.versions.folder(ID) / "0002-ana-ruiz.txt").write_bytes(b"other")
    assert desk.check(ID) == [
        f"{ID}: audit trail, line 2: was changed",
        f"{ID}: 0002-ana-ruiz.txt was changed",
    ]


def test_check_finds_a_swapped_text(desk):
    sent(desk, ANA)
    desk.sign(token(desk, 1))
    text = desk.versions.read(ID, 2).replace("Text.", "Other.")
    forged = desk.versions.add(ID, text, "ana")
    desk.store.save(replace(desk.store.get(ID), version=forged.number))
    assert desk.check(ID) == [
        f"{ID}: the text is not the original",
    ]


def test_check_of_an_unreadable_manifest(desk):
    drafted(desk)
    (desk.versions.folder(ID) / "manifest.json").write_bytes(b"[")
    assert desk.check(ID) == [f"{ID}: unreadable manifest"]


def test_check_counts_the_signatures(desk):
    sent(desk)
    desk.sign(token(desk, 1))
    desk.store.save(replace(desk.store.get(ID), version=1))
    assert desk.check(ID) == [f"{ID}: 1 signed, 0 in the text"]


def test_every_entry_belongs_to_a_transaction(desk, clock, monkeypatch):
    append, entries = desk.audit.append, []

    def spy(id, event, *arguments, **more):
        entries.append((event, desk.db.in_transaction))
        return append(id, event, *arguments, **more)

    monkeypatch.setattr(desk.audit, "append", spy)
    sent(desk)
    desk.view(token(desk, 1))
    desk.sign(token(desk, 1))
    desk.decline(token(desk, 2), "no")
    desk.resend(ID)
    clock.forward("2d")
    desk.remind()
    desk.void(ID, "sold")
    sent(desk)
    clock.forward("14d")
    desk.expire()
    assert entries == [(event, True) for event in (
        "created", "sent", "viewed", "signed", "declined", "resent", "reminded", "voided",
        "created", "sent", "expired",
    )]  # fmt: skip


def test_failure_half_way_changes_nothing(desk, monkeypatch):
    sent(desk, ANA)

    def full(*arguments, **more):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(desk.audit, "append", full)
        with pytest.raises(OSError, match="disk full"):
            desk.sign(token(desk, 1))
    assert desk.store.get(ID).state is SENT
    receipt = desk.sign(token(desk, 1))
    assert (receipt.again, receipt.version) == (False, 3)
    assert desk.check(ID) == []
