import email
import email.policy
from datetime import date, timedelta

import pytest
from builders import make_message

from billcycle.errors import DeliveryError
from billcycle.mail import MemoryTransport, Outbox, SpoolTransport, encode

DAY = date(2024, 3, 1)


@pytest.fixture
def spool(tmp_path):
    """A spool whose folder for the day is there already."""
    (tmp_path / "spool" / "2024-03-01").mkdir(parents=True)
    return SpoolTransport(tmp_path / "spool")


def read(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def test_spool_makes_its_folders(tmp_path):
    spool = SpoolTransport(tmp_path / "var" / "spool")
    assert spool.deliver(make_message())
    assert spool.names(DAY) == ["INV-2024-0001_invoice"]


def test_spool_files_by_day_and_key(spool):
    message = make_message(key="INV-2024-0001/reminder+14")
    spool.deliver(message)
    path = spool.path(message).relative_to(spool.folder).as_posix()
    assert path == "2024-03-01/INV-2024-0001_reminder+14.eml"
    assert spool.path(message).is_file()

    spool.deliver(make_message(key="INV-2024-0001/reminder-14"))
    assert spool.names(DAY) == ["INV-2024-0001_reminder+14", "INV-2024-0001_reminder-14"]


def test_spool_takes_a_key_once(spool):
    assert spool.deliver(make_message(subject="first")) is True
    assert spool.deliver(make_message(subject="second")) is False
    assert read(spool.path(make_message()).read_bytes())["Subject"] == "first"


def test_spool_names_are_sorted_and_complete(spool):
    for key in ("b", "a.2", "a.10", "c"):
        spool.deliver(make_message(key=key))
    (spool.folder / "2024-03-01" / "held").mkdir()
    (spool.folder / "2024-03-01" / "held" / "d.eml").touch()
    assert spool.names(DAY) == ["a.10", "a.2", "b", "c"]
    assert spool.names(date(2024, 3, 2)) == []


def test_half_written_file_is_not_a_delivery(spool):
    spool.path(make_message()).with_suffix(".part").write_bytes(b"Fro")
    assert spool.names(DAY) == []
    assert spool.deliver(make_message()) is True
    assert [file.suffix for file in (spool.folder / "2024-03-01").iterdir()] == [".eml"]


def test_unusable_spool_is_a_delivery_error(tmp_path):
    (tmp_path / "spool").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(DeliveryError, match="spool: ") as caught:
        SpoolTransport(tmp_path / "spool").deliver(make_message())
    assert caught.value.permanent is False


def test_mail_headers():
    mail = read(encode(make_message(to="Ana Ruiz <ana@example.com>; bo@example.com")))
    assert mail["From"] == "Hartley Ltd <billing@example.com>"
    assert mail["To"] == "Ana Ruiz <ana@example.com>, bo@example.com"
    assert (mail["Subject"], mail["X-Delivery-Key"]) == ("Invoice", "INV-2024-0001/invoice")


def test_mail_in_any_language():
    mail = read(encode(make_message(subject="Rechnung für Łódź", body="Größe: 5 €\n")))
    assert mail["Subject"] == "Rechnung für Łódź"
    assert mail.get_content() == "Größe: 5 €\n"


def test_memory_transport_takes_a_key_once():
    transport = MemoryTransport()
    assert transport.deliver(make_message(subject="first")) is True
    assert transport.deliver(make_message(subject="second")) is False
    assert transport.subjects() == ["first"]


def test_outbox_keeps_the_first_wording(db):
    outbox = Outbox(db)
    first = make_message(subject="Größe")
    assert outbox.put(first) == first
    assert outbox.put(make_message(subject="second")) == first


def test_outbox_lists_what_was_sent_in_order_of_time(db, clock):
    outbox = Outbox(db)
    for key in ("a", "b", "c"):
        outbox.put(make_message(key=key))
    outbox.mark_sent("b", clock())
    outbox.mark_sent("a", clock() + timedelta(minutes=1))
    assert outbox.sent() == [
        ("b", "2024-03-01T08:00:00.000000+00:00"),
        ("a", "2024-03-01T08:01:00.000000+00:00"),
    ]
