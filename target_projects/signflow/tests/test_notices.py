from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import NOW

from signflow.errors import SettingsError
from signflow.notices import Notice, NoticeKind, Outbox, Spool, Wording

DAY = date(2024, 3, 5)
VALUES = {
    "title": "Lease", "id": "DOC-2024-0001", "name": "Zoë", "link": "https://sign.test/x",
    "until": "1 Apr", "deadline": "2 Apr", "days": 3, "reason": "rent",
}  # fmt: skip


def make_notice(key="DOC-2024-0001/1/1/invite", **changes):
    fields = {"sender": "Desk <desk@example.com>", "to": "ana@example.com"}
    fields |= {"subject": "Größe", "body": "Łódź\n"}
    return Notice(key, **{**fields, **changes})


def said(kind, language="en"):
    notice = Wording(language).notice(kind, "key", "desk@example.com", "ana@example.com", VALUES)
    return f"{notice.subject}\n{notice.body}"


def test_notice():
    notice = Wording("en").notice(NoticeKind.INVITE, "k", "desk@a.co", "ana@b.co", VALUES)
    assert (notice.key, notice.sender, notice.to) == ("k", "desk@a.co", "ana@b.co")

    notice = Wording("en").notice(
        NoticeKind.COMPLETED, "k", "a", "b", {**VALUES, "title": "{name} {0}"}
    )
    assert notice.subject == "Signed by all: {name} {0}"


def test_wording_for_signatories():
    assert said(NoticeKind.INVITE) == (
        "Please sign: Lease\nDear Zoë,\n\nLease (DOC-2024-0001) is ready for you:\n"
        "https://sign.test/x\n\nThe link is good until 1 Apr, the document until 2 Apr.\n"
    )
    assert said(NoticeKind.REMINDER) == (
        "Still waiting for you: Lease\nDear Zoë,\n\n"
        "Lease can be signed for 3 more day(s):\nhttps://sign.test/x\n"
    )
    assert said(NoticeKind.VOIDED) == (
        "No longer needed: Lease\nDear Zoë,\n\n"
        "you do not have to sign DOC-2024-0001 any more.\nReason: rent\n"
    )


def test_wording_for_owners():
    assert said(NoticeKind.DECLINED) == (
        "Zoë declined: Lease\nZoë declined to sign DOC-2024-0001.\nReason: rent\n\n"
        "You can send it again or void it.\n"
    )
    assert (
        said(NoticeKind.COMPLETED) == "Signed by all: Lease\nEverybody has signed DOC-2024-0001.\n"
    )
    assert (
        said(NoticeKind.EXPIRED) == "Not signed in time: Lease\nDOC-2024-0001 ran out on 2 Apr.\n"
    )


def test_wording_in_german(ascii_machine):
    assert "(DOC-2024-0001) liegt für Sie bereit:\nhttps" in said(NoticeKind.INVITE, "de")
    assert said(NoticeKind.INVITE, "de").endswith("gilt bis 1 Apr, das Dokument bis 2 Apr.\n")
    assert "lässt sich noch 3 Tag(e) unterschreiben" in said(NoticeKind.REMINDER, "de")
    assert said(NoticeKind.COMPLETED, "de").startswith("Vollständig unterschrieben: Lease\n")


def test_wording_in_other_languages():
    for kind in (NoticeKind.DECLINED, NoticeKind.EXPIRED, NoticeKind.VOIDED):
        assert said(kind, "de") == said(kind, "en")

    with pytest.raises(SettingsError, match="no wording in 'fr'"):
        Wording("fr")


@pytest.fixture
def outbox(db):
    return Outbox(db)


def keys(outbox, limit=10):
    return [notice.key for notice in outbox.waiting(limit)]


def test_outbox_keeps_notices_in_order(outbox):
    for key in ("b", "c", "a"):
        outbox.put(make_notice(key))
    assert keys(outbox) == ["b", "c", "a"]
    assert keys(outbox, 2) == ["b", "c"]
    assert outbox.waiting(1) == [make_notice("b")]


def test_outbox_keeps_the_first_of_a_key(outbox):
    outbox.put(make_notice("a", subject="first"))
    outbox.put(make_notice("a", subject="second"))
    assert [notice.subject for notice in outbox.waiting(5)] == ["first"]


def test_delivered_notices_wait_no_more(outbox):
    for key in ("a", "b"):
        outbox.put(make_notice(key))
    outbox.delivered("a", NOW + timedelta(seconds=1))
    assert keys(outbox) == ["b"]
    outbox.put(make_notice("a"))
    assert keys(outbox) == ["b"]


def test_spool_makes_its_folders(tmp_path):
    spool = Spool(tmp_path / "var" / "spool")
    path = spool.deliver(make_notice(), DAY)
    assert path == tmp_path / "var" / "spool" / "2024-03-05" / "DOC-2024-0001_1_1_invite.mail"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_spool_path():
    path = Spool(Path("spool")).path(make_notice("a-1/b+2 c//é"), DAY)
    assert path.as_posix() == "spool/2024-03-05/a-1_b+2_c_.mail"


def test_spool_file(tmp_path, ascii_machine):
    text = Spool(tmp_path).deliver(make_notice(), DAY).read_bytes().decode("utf-8")
    assert text == ("From: Desk <desk@example.com>\nTo: ana@example.com\nSubject: Größe\n\nŁódź\n")

    assert Spool(tmp_path).deliver(make_notice(), DAY).read_bytes().endswith("\nŁódź\n".encode())


def test_spool_file_of_a_run_that_broke_off_is_written_again(tmp_path):
    spool = Spool(tmp_path)
    spool.deliver(make_notice(body="torn"), DAY)
    path = spool.deliver(make_notice(), DAY)
    assert path.read_text(encoding="utf-8").endswith("Łódź\n")
    assert [file.name for file in path.parent.iterdir()] == [path.name]
