from datetime import date, timedelta

import pytest

from ledgerlines.intake import (
    FileState,
    expired,
    folder_for,
    free_name,
    pending,
    run_intake,
    state_for,
)
from ledgerlines.runlog import entries
from ledgerlines.settings import Settings
from ledgerlines.validation import Outcome

HEADER = "id,type,ccy,date,amount\n"
GOOD = HEADER + "po_0001,payout,USD,2024-02-01,-5.00\n"
TODAY = date(2024, 3, 4)


def outcome(rows, valid, problem_count):
    return Outcome(rows, valid, (), problem_count, 0)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    for name in ("processed/2024-03", "rejected/2024-03-04", "held", "ignored/empty"):
        (folder / name).mkdir(parents=True)
    return folder


def test_exports_wait_in_order_of_their_names(inbox, backward_listing):
    for name in ("payments_20240303.csv", "payments_20240301.csv", "payments_20240302.csv"):
        (inbox / name).write_text("", encoding="utf-8")
    assert [path.name[-6:-4] for path in pending(inbox)] == ["01", "02", "03"]


def test_names_of_exports(inbox):
    names = [
        "PAYMENTS_20240302.CSV",
        "payment-20240301.csv",
        "payments_20240301.csv",
        "payments_20240301.txt",
        "payments_20240301_eu-2.csv",
    ]
    for name in names:
        (inbox / name).touch()
    assert sorted(path.name for path in pending(inbox)) == names


def test_what_is_no_export(inbox):
    for name in ("payments_20240301.csv.part", "sales_20240301.csv", "payments_2024.csv"):
        (inbox / name).write_text("", encoding="utf-8")
    (inbox / "payments_20240301.csv").mkdir()
    assert pending(inbox) == []


def test_no_inbox_no_archive(tmp_path):
    assert pending(tmp_path / "nowhere") == []
    (tmp_path / "inbox").touch()
    assert pending(tmp_path / "inbox") == []
    assert expired(tmp_path, timedelta(0), TODAY) == []


def test_what_becomes_of_a_file():
    for result, state in [
        (outcome(0, 0, 0), FileState.EMPTY),
        (outcome(10, 10, 0), FileState.PROCESSED),
        (outcome(10, 10, 1), FileState.HELD),
        (outcome(10, 9, 1), FileState.HELD),
        (outcome(19, 17, 2), FileState.REJECTED),
    ]:
        assert state_for(result) is state


def test_where_a_file_goes(tmp_path):
    for state, folder in [
        (FileState.PROCESSED, "processed/2024-03"),
        (FileState.HELD, "held"),
        (FileState.REJECTED, "rejected/2024-03-04"),
        (FileState.EMPTY, "ignored/empty"),
        (FileState.OVERSIZE, "ignored/oversize"),
    ]:
        assert folder_for(tmp_path, state, TODAY) == tmp_path / folder


def test_names_that_are_taken(tmp_path):
    assert free_name(tmp_path, "a.csv").name == "a.csv"
    (tmp_path / "a.csv").touch()
    assert free_name(tmp_path, "a.csv").name == "a-2.csv"
    (tmp_path / "a-2.csv").touch()
    assert free_name(tmp_path, "a.csv").name == "a-3.csv"


def test_names_keep_their_capitals(tmp_path):
    assert free_name(tmp_path, "Payments_EU.CSV").name == "Payments_EU.CSV"
    (tmp_path / "Payments_EU.CSV").touch()
    assert free_name(tmp_path, "Payments_EU.CSV").name == "Payments_EU-2.CSV"


def test_a_run_files_every_export_away(inbox, archive, clock):
    (inbox / "payments_20240301.csv").write_text(GOOD, encoding="utf-8")
    (inbox / "payments_20240302.csv").write_text(HEADER, encoding="utf-8")
    (inbox / "payments_20240303.csv").write_text("no,header\n", encoding="utf-8")
    filed = list(run_intake(inbox, archive, Settings(), clock))
    assert [(item.name[-6:-4], item.state.value, item.problems) for item in filed] == [
        ("01", "processed", 0),
        ("02", "empty", 0),
        ("03", "rejected", 1),
    ]
    assert list(inbox.iterdir()) == []
    assert (
        (archive / "processed" / "2024-03" / "payments_20240301.csv")
        .read_bytes()
        .startswith(b"id,")
    )


def test_a_run_is_logged(inbox, archive, clock):
    (inbox / "payments_20240301.csv").write_text(GOOD.replace("USD", "?"), encoding="utf-8")
    list(run_intake(inbox, archive, Settings(), clock))
    assert list(entries(archive / "intake.log")) == [
        {
            "at": "2024-03-04T09:30:00Z",
            "event": "rejected",
            "file": "payments_20240301.csv",
            "problems": 1,
        }
    ]


def test_a_run_makes_the_archive(inbox, tmp_path, clock):
    (inbox / "payments_20240301.csv").write_text(HEADER, encoding="utf-8")
    list(run_intake(inbox, tmp_path / "new" / "archive", Settings(), clock))
    assert (tmp_path / "new/archive/ignored/empty/payments_20240301.csv").exists()


def test_a_second_export_of_the_same_name(inbox, archive, clock):
    (archive / "ignored" / "empty" / "payments_20240301.csv").write_text("old", encoding="utf-8")
    (inbox / "payments_20240301.csv").write_text(HEADER, encoding="utf-8")
    list(run_intake(inbox, archive, Settings(), clock))
    assert (archive / "ignored" / "empty" / "payments_20240301.csv").read_text("utf-8") == "old"
    assert (archive / "ignored" / "empty" / "payments_20240301-2.csv").exists()


def test_files_of_just_the_largest_size(inbox, archive, clock):
    (inbox / "payments_20240301.csv").write_bytes(HEADER.encode() + b"\n")
    (inbox / "payments_20240302.csv").write_bytes(HEADER.encode() + b"\n\n")
    settings = Settings(max_file_size=len(HEADER) + 1)
    filed = [
        (item.state.value, item.problems) for item in run_intake(inbox, archive, settings, clock)
    ]
    assert filed == [("empty", 0), ("oversize", 0)]


def test_a_file_that_is_not_utf_8_is_rejected(inbox, archive, clock):
    (inbox / "payments_20240301.csv").write_bytes(HEADER.encode() + "M\xfcller".encode("latin-1"))
    [filed] = run_intake(inbox, archive, Settings(), clock)
    assert filed.state is FileState.REJECTED


def test_settings_reach_the_rules(inbox, archive, clock):
    header = HEADER.replace("amount", "amount,description")
    row = "po_0001,payout,USD,2024-02-01,-5.00,"
    (inbox / "payments_20240301.csv").write_text(f"{header}{row}0123456789\n", encoding="utf-8")
    (inbox / "payments_20240302.csv").write_text(f"{header}{row}01234567890\n", encoding="utf-8")
    settings = Settings(max_description=10, strict=True, max_problems=0)
    filed = list(run_intake(inbox, archive, settings, clock))
    assert [item.state for item in filed] == [FileState.PROCESSED, FileState.REJECTED]
    assert filed[1].problems == 1


def test_months_expire_after_their_last_day(archive, backward_listing):
    for name in ("2023-11", "2023-12", "2024-01", "notes/2023-10"):
        (archive / "processed" / name).mkdir(parents=True)
    assert expired(archive, timedelta(days=64), date(2024, 3, 5)) == ["2023-11", "2023-12"]
    assert expired(archive, timedelta(days=65), date(2024, 3, 5)) == ["2023-11"]
