"""A month may go as long after its last day as it was to be kept, whichever month it is."""

from calendar import monthrange
from datetime import date, timedelta

from ledgerlines.intake import expired

MONTHS = [(2023, 11), (2023, 12), (2024, 1), (2024, 2), (2024, 4), (2024, 12), (2025, 2)]


def test_the_first_day_on_which_a_month_may_go(tmp_path):
    keep = timedelta(days=90)
    for year, month in MONTHS:
        name = f"{year}-{month:02}"
        archive = tmp_path / name
        (archive / "processed" / name).mkdir(parents=True)
        last = date(year, month, monthrange(year, month)[1])
        assert expired(archive, keep, last + keep) == []
        assert expired(archive, keep, last + keep + timedelta(days=1)) == [name]
