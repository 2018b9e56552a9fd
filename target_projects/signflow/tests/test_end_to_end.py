"""Whole lives of documents, with a database and folders on disk."""

import threading
from dataclasses import replace

import pytest
from builders import (
    ANA, BEN, CLEO, COMPLETED, DECLINED, EXPIRED, PARTLY, at, make_settings, sent, token,
)  # fmt: skip

from signflow.blocks import blocks, original_text
from signflow.documents import Order
from signflow.errors import StateError, TokenError
from signflow.service import SigningDesk
from signflow.storage import connect

ID = "DOC-2024-0001"


@pytest.fixture
def office(tmp_path, clock, no_sync):
    """Opens desks over the same database and folders, as several processes do."""
    databases = []

    def open_desk(**changes):
        settings = make_settings(tmp_path / "var" / "signflow", **changes)
        databases.append(connect(settings.database))
        return SigningDesk(databases[-1], settings, clock)

    yield open_desk
    for db in databases:
        db.close()


def events(desk):
    return [(entry.event, entry.actor) for entry in desk.audit.entries(ID)]


def test_document_that_all_sign_in_groups(office, clock):
    desk = office()
    sent(desk, CLEO, ANA, BEN, order=Order.GROUPS)
    clock.forward("1h")
    desk.sign(token(desk, 3), "192.0.2.3")
    clock.forward("1h")
    desk.sign(token(desk, 2), "192.0.2.2")
    clock.forward("1h")
    desk = office()
    desk.sign(token(desk, 1), "192.0.2.1")

    document = desk.store.get(ID)
    text = desk.versions.read(ID, document.version)
    assert (document.state, document.version) == (COMPLETED, 4)
    assert [block.split("\n")[2:4] for block in blocks(text)] == [
        ["Email: ben@example.com", "Signed: 2024-03-05T10:00:00+00:00"],
        ["Email: ana@example.com", "Signed: 2024-03-05T11:00:00+00:00"],
        ["Email: cleo@example.com", "Signed: 2024-03-05T12:00:00+00:00"],
    ]
    assert original_text(text) == desk.versions.read(ID, 1) == "Text.\n"
    assert desk.check(ID) == []
    assert desk.deliver() == 4


def test_same_link_twice_is_one_signature(office, clock):
    desk = office()
    sent(desk)
    link = token(desk, 1)
    first = desk.sign(link, "192.0.2.7")
    clock.forward("30d")
    for again in (desk.sign(link), office().sign(f"<https://sign.test/sign/{link}>")):
        assert again == replace(first, again=True)
    assert len(desk.versions.versions(ID)) == 2
    assert events(desk).count(("signed", "ana@example.com")) == 1


def test_same_link_at_the_same_time_is_one_signature(office, tmp_path, clock):
    sent(office())
    link = token(office(), 1)
    start, receipts = threading.Barrier(2), []

    def click():
        settings = make_settings(tmp_path / "var" / "signflow")
        db = connect(settings.database)
        try:
            desk = SigningDesk(db, settings, clock)
            start.wait(timeout=5)
            receipts.append(desk.sign(link))
        finally:
            db.close()

    threads = [threading.Thread(target=click, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert sorted(receipt.again for receipt in receipts) == [False, True]
    assert len(office().versions.versions(ID)) == 2


def test_decline_resend_and_sign(office, clock):
    desk = office()
    sent(desk)
    desk.sign(token(desk, 1))
    desk.decline(token(desk, 2), "wrong rent")
    assert desk.store.get(ID).state is DECLINED
    old = token(desk, 2)
    clock.forward("20d")
    assert desk.resend(ID).state is PARTLY
    with pytest.raises(TokenError) as caught:
        desk.sign(old)
    assert caught.value.problem == "superseded"
    desk.sign(token(desk, 2))
    assert [event for event, _ in events(desk)] == [
        "created", "sent", "signed", "declined", "resent", "signed", "completed",
    ]  # fmt: skip
    assert desk.check(ID) == []


def test_scans_over_three_weeks(office, clock):
    desk = office()
    sent(desk)
    desk.sign(token(desk, 2))
    done = []
    for day in range(15):
        clock.now = at(f"{5 + day} 09:00")
        done.append((desk.expire(), [key[-12:] for key in desk.remind()]))
    found = [(5 + day, *work) for day, work in enumerate(done) if any(work)]
    assert found == [
        (7, [], ["1/reminder-1"]), (10, [], ["1/reminder-2"]), (18, [], ["1/reminder-3"]),
        (19, [ID], []),
    ]  # fmt: skip
    assert desk.store.get(ID).state is EXPIRED


def test_new_secret_while_links_are_out(office):
    desk = office()
    sent(desk)
    link = token(desk, 1)
    new = office(secrets=("a new secret of 2024", *desk.settings.secrets))
    new.view(link)
    assert new.sign(link).again is False
    assert new.sign(token(new, 1)).again is True
    with pytest.raises(TokenError) as caught:
        office(secrets=("a new secret of 2024",)).sign(link)
    assert caught.value.problem == "forged"


def test_void_ends_every_link(office):
    desk = office()
    sent(desk)
    links = [token(desk, 1), token(desk, 2)]
    desk.sign(links[0])
    desk.void(ID, "sold")
    assert desk.sign(links[0]).again is True
    with pytest.raises(StateError, match="DOC-2024-0001 is voided"):
        desk.sign(links[1])
    desk.deliver()
    assert len(list((desk.settings.spool / "2024-03-05").glob("*_voided.mail"))) == 2
