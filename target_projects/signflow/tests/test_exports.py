import json
from datetime import date

import pytest
from builders import NOW, SENT, SIGNED, at, make_document, make_signatory

from signflow.exports import list_rows, write_list

DAY = date(2024, 3, 5)
DOCUMENT = make_document(
    make_signatory(1, SIGNED), make_signatory(2), title='Pacht "Łódź", 2024', state=SENT,
    sent_at=NOW, deadline=at("19 09:00"),
)  # fmt: skip


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


def test_list_as_csv_for_spreadsheets(tmp_path, ascii_machine):
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
    for kind in ("csv", "json"):
        write_list([DOCUMENT, DOCUMENT], tmp_path, DAY, kind)
    assert write_list([], tmp_path, DAY, "csv").read_bytes().count(b"\n") == 1
    assert len(json.loads(write_list([], tmp_path, DAY, "json").read_bytes())) == 0
    assert write_list([], tmp_path, date(987, 1, 31), "csv").parent == tmp_path / "0987" / "01"
    with pytest.raises(ValueError, match="no such format: xls"):
        write_list([], tmp_path, DAY, "xls")
