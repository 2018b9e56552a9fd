import json
from datetime import date, timedelta, timezone

from builders import (
    COMPLETED,
    NOW,
    SENT,
    SIGNED,
    at,
    make_document,
    make_signatory,
    make_trail,
)

import pytest

from signflow.blocks import Block
from signflow.exports import (
    certificate,
    list_exports,
    list_rows,
    month_folder,
    to_csv,
    write_audit,
    write_list,
)
from signflow.moments import UTC

DAY = date(2024, 3, 5)
DOCUMENT = make_document(
    make_signatory(1, SIGNED), make_signatory(2), title='Pacht "Łódź", 2024', state=SENT,
    sent_at=NOW, deadline=at("19 09:00"),
)  # fmt: skip


def test_month_folder(tmp_path):
    assert month_folder(tmp_path, date(987, 1, 31)) == tmp_path / "0987" / "01"


def test_rows():
    (row,) = list_rows([DOCUMENT])
    assert row == {
        "id": "DOC-2024-0001", "title": 'Pacht "Łódź", 2024', "owner": "bo@example.com",
        "state": "sent", "signed": 1, "of": 2, "sent": "2024-03-05T09:00:00+00:00",
        "deadline": "2024-03-19T09:00:00+00:00",
    }  # fmt: skip
    (row,) = list_rows([make_document()])
    assert (row["sent"], row["deadline"]) == ("", "")


def test_rows_the_latest_first():
    days = [("0002", "4 09:00"), ("0001", "5 09:00"), ("0004", "3 09:00"), ("0003", "4 09:00")]
    documents = [make_document(id=f"DOC-2024-{n}", created_at=at(day)) for n, day in days]
    assert [row["id"][-1] for row in list_rows(documents)] == ["1", "3", "2", "4"]


def test_csv():
    rows = [{"a": 'x "y"', "b": "1,5", "c": "left out"}, {"a": ""}]
    assert to_csv(rows, ("b", "a")) == 'b,a\r\n"1,5","x ""y"""\r\n,\r\n'


def test_list_as_csv_for_spreadsheets(tmp_path):
    path = write_list([DOCUMENT], tmp_path / "out", DAY, "csv")
    assert path == tmp_path / "out" / "2024" / "03" / "documents-2024-03-05.csv"
    assert (
        path.read_bytes()
        == (
            "\ufeffid,title,owner,state,signed,of,sent,deadline\r\n"
            'DOC-2024-0001,"Pacht ""Łódź"", 2024",bo@example.com,sent,1,2,'
            "2024-03-05T09:00:00+00:00,2024-03-19T09:00:00+00:00\r\n"
        ).encode()
    )


def test_list_as_json(tmp_path, ascii_machine):
    path = write_list([DOCUMENT], tmp_path, DAY, "json")
    data = path.read_bytes()
    assert path.name == "documents-2024-03-05.json"
    assert data.startswith(b'[\n  {\n    "id": "DOC-2024-0001",\n')
    assert "Łódź".encode() in data and data.endswith(b"]\n")
    assert json.loads(data)[0]["of"] == 2


def test_list_is_written_over_the_one_of_the_day(tmp_path):
    write_list([DOCUMENT, DOCUMENT], tmp_path, DAY, "json")
    assert len(json.loads(write_list([], tmp_path, DAY, "json").read_bytes())) == 0
    with pytest.raises(ValueError, match="no such format: xls"):
        write_list([], tmp_path, DAY, "xls")


def test_lists_so_far(tmp_path):
    for day in (date(2024, 10, 1), date(2023, 12, 31), date(2024, 2, 1)):
        write_list([], tmp_path, day, "csv")
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "documents-x.csv").write_bytes(b"")
    assert list_exports(tmp_path) == [
        "2023/12/documents-2023-12-31.csv",
        "2024/02/documents-2024-02-01.csv",
        "2024/10/documents-2024-10-01.csv",
    ]
    assert list_exports(tmp_path / "absent") == []


def test_audit_as_csv(tmp_path, ascii_machine):
    trail = make_trail(tmp_path / "trail", ("created", "sent"))
    entry = trail.append("DOC-2024-0001", "declined", "ana", at("6 09:00"), detail="zu groß, nein")
    path = write_audit(
        [*trail.entries("DOC-2024-0001")[:1], entry], tmp_path / "out", "DOC-2024-0001"
    )
    assert path == tmp_path / "out" / "audit" / "DOC-2024-0001.csv"
    digest_free = (
        "number,at,event,actor,address,detail\r\n"
        "1,2024-03-01T09:00:00+00:00,created,bo@example.com,-,\r\n"
        '3,2024-03-06T09:00:00+00:00,declined,ana,-,"zu groß, nein"\r\n'
    )
    assert path.read_bytes() == digest_free.encode()
    assert write_audit([], tmp_path / "out", "DOC-2024-0001").read_bytes().count(b"\n") == 1


def block(position, name):
    return Block(position, 2, name, f"{name}@example.com", at("5 20:00"), "192.0.2.7", "ab12")


def test_certificate(tmp_path):
    events = ("created", "sent", "viewed", "signed", "completed", "declined", "voided")
    entries = make_trail(tmp_path, events).entries("DOC-2024-0001")
    office = timezone(timedelta(hours=5))
    document = make_document(state=COMPLETED)
    blocks = [block(2, "ben"), block(1, "ana")]
    assert certificate(document, blocks, entries, office).split("\n") == [
        "CERTIFICATE OF DOC-2024-0001",
        "",
        "Lease",
        "Sent by bo***@example.com, completed.",
        "  1. ana <ana@example.com> from 192.0.2.7 on 6 Mar 2024, 01:00",
        "  2. ben <ben@example.com> from 192.0.2.7 on 6 Mar 2024, 01:00",
        "Text (SHA-256): ab12",
        "Events on record: 4 of 7",
        "Last event: 6 Mar 2024, 14:00",
        "",
    ]

    assert certificate(make_document(state=SENT), [], [], UTC).splitlines()[3:] == [
        "Sent by bo***@example.com, sent.",
        "Events on record: 0 of 0",
    ]
