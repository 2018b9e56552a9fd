import builtins
import tracemalloc

import pytest

from ledgerlines.errors import LineError
from ledgerlines.linefiles import (
    append_transactions,
    read_lines,
    read_transactions,
    select_ids,
    split_file,
    summarise,
    write_transactions,
)
from ledgerlines.records import Transaction

TWO = [Transaction(1, 1000, 30), Transaction(2, 250, 8)]


def lines_of(count):
    return "".join(f"{1000 + number},10.00,0.30\n" for number in range(count))


def test_a_file_of_a_hundred_lines(write):
    totals = summarise(read_transactions(write("t.txt", lines_of(100))))
    assert (totals.count, totals.amount, totals.fees, totals.net) == (100, 100_000, 3000, 97_000)


def test_reading_takes_one_line_at_a_time(write, monkeypatch):
    path = write("t.txt", lines_of(100))
    real_open = builtins.open
    taken = []

    class Lines:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def __iter__(self):
            for line in self.file:
                taken.append(line)
                yield line

    monkeypatch.setattr(builtins, "open", lambda *args, **kwargs: Lines(real_open(*args, **kwargs)))
    transactions = read_transactions(path)
    assert taken == []
    assert [next(transactions).id for _ in range(3)] == [1000, 1001, 1002]
    assert len(taken) == 3


def test_memory_stays_flat(write):
    path = write("t.txt", lines_of(1500))
    tracemalloc.start()
    try:
        assert summarise(read_transactions(path)).count == 1500
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


def test_blank_lines_and_comments_keep_their_numbers(write):
    path = write("t.txt", "# id,amount,fee\n\n1,2.00,0.10\n   \n  # note\n2,3.00,0.10")
    assert list(read_lines(path)) == [(3, "1,2.00,0.10"), (6, "2,3.00,0.10")]


def test_windows_line_ends(write):
    assert [t.fee for t in read_transactions(write("t.txt", "1,2.00,0.10\r\n2,3.00,0.20\r\n"))] == [
        10,
        20,
    ]


def test_a_byte_order_mark_is_no_part_of_the_id(write):
    assert [item.id for item in read_transactions(write("t.txt", "\ufeff7,2.00,0.10\n"))] == [7]


def test_comments_in_any_language(write, windows_text):
    path = write("t.txt", "# Gebühren für März – № Ρ\n1,2.00,0.10\n")
    assert [item.id for item in read_transactions(path)] == [1]


def test_an_empty_file(write):
    totals = summarise(read_transactions(write("t.txt", "")))
    assert (totals.count, totals.net, totals.largest) == (0, 0, None)


def test_a_bad_line_is_raised_with_its_number(write):
    with pytest.raises(LineError, match="line 3: expected 3 values"):
        list(read_transactions(write("t.txt", "1,2.00,0.10\n\n2,3.00\n")))


def test_bad_lines_can_be_collected(write):
    path = write("t.txt", "1,2.00,0.10\nx,1,1\n2,3.00,0.10\n3,?,1\n")
    errors = []
    assert [item.id for item in read_transactions(path, errors.append)] == [1, 2]
    assert [error.number for error in errors] == [2, 4]


def test_the_first_of_two_largest(write):
    path = write("t.txt", "5,2.00,0.10\n6,9.00,0.10\n7,9.00,0.10\n8,1.00,0.10\n")
    assert summarise(read_transactions(path)).largest.id == 6


def test_writing_replaces_a_file(write):
    path = write("t.txt", "9,9.00,0.90\n")
    assert write_transactions(path, TWO) == 2
    assert path.read_bytes() == b"1,10.00,0.30\n2,2.50,0.08\n"


def test_writing_makes_the_folders(tmp_path):
    path = tmp_path / "2024" / "03" / "t.txt"
    write_transactions(path, TWO)
    assert path.read_bytes().count(b"\n") == 2


def test_written_lines_end_alike_everywhere(tmp_path, windows_text):
    write_transactions(tmp_path / "t.txt", TWO)
    assert (tmp_path / "t.txt").read_bytes() == b"1,10.00,0.30\n2,2.50,0.08\n"


def test_appending_keeps_what_is_there(write):
    path = write("t.txt", "9,9.00,0.90\n")
    assert append_transactions(path, TWO) == 2
    assert path.read_bytes() == b"9,9.00,0.90\n1,10.00,0.30\n2,2.50,0.08\n"


def test_appending_makes_the_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "t.txt"
    append_transactions(path, TWO[:1])
    assert path.read_bytes() == b"1,10.00,0.30\n"


def test_appending_completes_a_torn_line(write):
    torn, empty = write("torn.txt", "9,9.00,0.90"), write("empty.txt", "")
    for path in (torn, empty):
        append_transactions(path, TWO[:1])
    assert torn.read_bytes() == b"9,9.00,0.90\n1,10.00,0.30\n"
    assert empty.read_bytes() == b"1,10.00,0.30\n"


def test_appended_lines_end_alike_everywhere(write, windows_text):
    path = write("t.txt", "9,9.00,0.90")
    append_transactions(path, TWO[1:])
    assert path.read_bytes() == b"9,9.00,0.90\n2,2.50,0.08\n"


def test_splitting_cuts_at_full_parts(write, tmp_path):
    folder = tmp_path / "a" / "parts"
    parts = split_file(write("t.txt", lines_of(6)), folder, 3)
    assert parts == [folder / "part-001.txt", folder / "part-002.txt"]
    assert [summarise(read_transactions(part)).count for part in parts] == [3, 3]


def test_the_last_part_may_be_short(write, tmp_path, windows_text):
    for _ in range(2):
        parts = split_file(write("t.txt", lines_of(3)), tmp_path, 2)
    assert parts[1].read_bytes() == b"1002,10.00,0.30\n"


def test_parts_of_one_line(write, tmp_path):
    assert len(split_file(write("t.txt", lines_of(2)), tmp_path, 1)) == 2
    with pytest.raises(ValueError, match="not 0"):
        split_file(write("t.txt", lines_of(2)), tmp_path, 0)


def test_ids_from_first_to_last():
    transactions = [Transaction(number, 100, 0) for number in range(1, 8)]
    assert [item.id for item in select_ids(transactions, 3, 5)] == [3, 4, 5]
