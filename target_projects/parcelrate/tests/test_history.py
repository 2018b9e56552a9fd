from datetime import date, datetime, timedelta, timezone

import pytest
from builders import NOON, rate

from parcelrate.errors import RateSyntaxError, StaleRates
from parcelrate.history import RateHistory

DESK = timezone(timedelta(hours=1))
ALWAYS = timedelta(days=10_000)


@pytest.fixture
def history(tmp_path):
    return RateHistory(tmp_path / "a" / "rates", DESK)


def put(history, name, text="USD:CAD:DHL:5"):
    """A file that is there already, without `save`."""
    path = history.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def names(history):
    found = history.snapshots()
    return [path.relative_to(history.folder).as_posix() for _, _, path in found]


def test_saved_under_the_day_of_the_desk(history, odd_zone):
    path = history.save([], datetime(2024, 3, 5, 23, 4, 9, tzinfo=timezone.utc))
    assert path.relative_to(history.folder).as_posix() == "2024/03/06/rates-000409.txt"
    path = history.save([], datetime(2023, 12, 31, 23, 30, tzinfo=timezone.utc))
    assert path.relative_to(history.folder).as_posix() == "2024/01/01/rates-003000.txt"


def test_saved_text(history, plain_machine):
    rates = [rate("USD", "GBP", "3"), rate("EUR", "USD", "8.0", "Årstad")]
    path = history.save(rates, NOON, "früh.txt")
    assert path.read_bytes().decode("utf-8") == (
        "# früh.txt, 2 rates\nEUR:USD:Årstad:8,\nUSD:GBP:DHL:3\n"
    )
    text = history.save([], NOON).read_text(encoding="utf-8")
    assert text.startswith("# unknown source, 0 rates\n")


def test_files_of_the_same_second_are_kept(history):
    written = [history.save([rate("USD", "CAD", str(value))], NOON).name for value in (1, 2, 3)]
    assert written == ["rates-130000.txt", "rates-130000-2.txt", "rates-130000-3.txt"]
    assert history.latest(NOON, ALWAYS)[0].value == 3


def test_oldest_comes_first(history, backward_listing):
    days = ["2024/03/05/rates-130000", "2023/12/31/rates-235959", "2024/03/05/rates-090000"]
    for name in (*days, "2024/03/05/rates-130000-10", "2024/03/05/rates-130000-9"):
        put(history, f"{name}.txt")
    assert names(history) == [
        "2023/12/31/rates-235959.txt",
        "2024/03/05/rates-090000.txt",
        "2024/03/05/rates-130000.txt",
        "2024/03/05/rates-130000-9.txt",
        "2024/03/05/rates-130000-10.txt",
    ]


def test_moments_are_those_of_the_desk(history, odd_zone):
    put(history, "2024/03/05/rates-130000.txt")
    ((at, number, _),) = history.snapshots()
    assert (at.isoformat(), number) == ("2024-03-05T13:00:00+01:00", 1)


def test_moments_of_paths_with_backslashes(history, backslashes):
    put(history, "2024/03/05/rates-130000.txt")
    put(history, "2023/12/31/rates-235959.txt")
    moments = [at.isoformat() for at, _, _ in history.snapshots()]
    assert moments == ["2023-12-31T23:59:59+01:00", "2024-03-05T13:00:00+01:00"]


def test_other_files_are_passed_over(history):
    assert names(history) == []
    for name in (
        "2024/03/05/rates-13000.txt",
        "2024/03/05/rates-1300000.txt",
        "2024/03/05/rates-130000.txt.txt",
        "2024/03/05/xrates-130000.txt",
        "2024/03/05/rates-130000-.txt",
        "2024/03/05/rates-250000.txt",
        "2024/02/30/rates-130000.txt",
        "2024/3/5/rates-130000.txt",
        "rates-130000.txt",
    ):
        put(history, name)
    assert names(history) == []
    put(history, "2024/02/29/rates-000000.txt")
    assert names(history) == ["2024/02/29/rates-000000.txt"]


def latest(history, now, max_age=ALWAYS):
    return [str(found.value) for found in history.latest(now, max_age)]


def test_latest_that_is_not_from_the_future(history):
    put(history, "2024/03/05/rates-130000.txt", "USD:CAD:DHL:1")
    put(history, "2024/03/05/rates-130001.txt", "USD:CAD:DHL:2")
    put(history, "2024/03/04/rates-235959.txt", "USD:CAD:DHL:3")
    assert latest(history, NOON) == ["1"]
    assert latest(history, NOON + timedelta(seconds=1)) == ["2"]
    assert latest(history, NOON - timedelta(seconds=1)) == ["3"]


def test_no_rates(history):
    with pytest.raises(StaleRates, match="^there are no rates$"):
        history.latest(NOON, ALWAYS)
    put(history, "2024/03/05/rates-130001.txt")
    with pytest.raises(StaleRates, match="^there are no rates$"):
        history.latest(NOON, ALWAYS)


def test_rates_that_are_too_old(history):
    put(history, "2024/03/04/rates-130000.txt")
    assert latest(history, NOON, timedelta(hours=24)) == ["5"]
    with pytest.raises(StaleRates, match="^the rates are of 2024-03-04 13:00$"):
        history.latest(NOON + timedelta(seconds=1), timedelta(hours=24))


def test_file_with_faults(history, plain_machine):
    put(history, "2024/03/05/rates-120000.txt", "# für heute\nUSD:CAD:Årstad:0")
    with pytest.raises(RateSyntaxError, match="not a rate: '0' at position 28"):
        history.latest(NOON, ALWAYS)


def test_prune_keeps_the_last_days(history):
    for day in ("2024/03/02", "2024/03/03", "2024/03/04", "2023/12/31"):
        put(history, f"{day}/rates-130000.txt")
    put(history, "2024/03/02/rates-140000.txt")
    removed = history.prune(date(2024, 3, 5), 3)
    assert removed == [date(2023, 12, 31), date(2024, 3, 2)]
    assert names(history) == ["2024/03/03/rates-130000.txt", "2024/03/04/rates-130000.txt"]
    assert not (history.folder / "2024" / "03" / "02").exists()
    assert history.prune(date(2024, 3, 5), 3) == []

    put(history, "2024/03/04/rates-130000.txt")
    put(history, "2024/03/05/rates-130000.txt")
    assert history.prune(date(2024, 3, 5), 1) == [date(2024, 3, 3), date(2024, 3, 4)]
