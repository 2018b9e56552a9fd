"""What a file comes to does not depend on where its bad rows are."""

from datetime import date

import pytest

from ledgerlines.intake import FileState, state_for
from ledgerlines.validation import Rules, check_file

RULES = Rules(date(2020, 1, 1), date(2024, 12, 31))


def outcome(folder, bad, most):
    rows = ["id,transaction_type,currency,date,amount\n"]
    for number in range(400):
        day = "41" if number in bad else "01"
        rows.append(f"pay_{number:04d},charge,EUR,2024-03-{day},10.00\n")
    path = folder / "payments.csv"
    path.write_text("".join(rows), encoding="utf-8")
    return check_file(path, RULES, most)


@pytest.mark.parametrize("bad", [range(40), range(200, 240)], ids=["on top", "further down"])
def test_one_bad_row_in_ten_holds_a_file(tmp_path, bad):
    found = outcome(tmp_path, bad, most=2)
    assert state_for(found) is FileState.HELD
    assert (found.rows, found.valid, found.problem_count, found.errors) == (400, 360, 40, 40)
    assert [problem.line for problem in found.problems] == [bad[0] + 2, bad[0] + 3]
