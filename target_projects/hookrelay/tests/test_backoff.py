from datetime import timedelta

from builders import DAY, HOUR, MINUTE, NOW, POLICY, SECOND
from hookrelay.backoff import Verdict, asked_wait, jittered, judge, next_attempt, raw_delay


def test_what_an_answer_means():
    for status, verdict in [
        (199, Verdict.RETRY),
        (200, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (299, Verdict.DELIVERED),
        (300, Verdict.RETRY),
        (302, Verdict.RETRY),
        (400, Verdict.RETRY),
        (404, Verdict.RETRY),
        (409, Verdict.RETRY),
        (410, Verdict.GONE),
        (411, Verdict.RETRY),
        (429, Verdict.RETRY),
        (500, Verdict.RETRY),
        (503, Verdict.RETRY),
        (None, Verdict.RETRY),
    ]:
        assert judge(status) is verdict


def test_waits_double():
    waits = [raw_delay(POLICY, failures).total_seconds() for failures in range(1, 7)]
    assert waits == [1, 2, 4, 8, 16, 32]

    assert raw_delay(POLICY, 12) == timedelta(seconds=2048)
    assert raw_delay(POLICY, 13) == HOUR
    assert raw_delay(POLICY, 100_000) == HOUR


def test_jitter_shortens_a_wait():
    for drawn, seconds in [(0.0, 8), (0.5, 6), (1.0, 4)]:
        assert jittered(8 * SECOND, 0.5, iter([drawn]).__next__) == seconds * SECOND

    assert jittered(8 * SECOND, 0.0, lambda: 0.9) == 8 * SECOND


def next_try(failures, left, wait=None, drawn=0.0):
    moment = next_attempt(POLICY, failures, NOW, NOW + left, lambda: drawn, wait)
    return None if moment is None else moment - NOW


def test_next_attempt():
    assert next_try(1, DAY) == SECOND
    assert next_try(4, DAY, drawn=1.0) == 4 * SECOND


def test_the_last_attempt_is_at_the_deadline():
    assert next_try(4, 9 * SECOND) == 8 * SECOND
    assert next_try(4, 7 * SECOND) == 7 * SECOND
    assert next_try(4, timedelta(microseconds=1)) == timedelta(microseconds=1)

    assert next_try(4, timedelta()) is None
    assert next_try(4, -SECOND) is None


def test_a_merchants_wait_counts_where_it_is_longer():
    assert next_try(4, DAY, wait=MINUTE) == MINUTE
    assert next_try(4, DAY, wait=2 * SECOND) == 8 * SECOND
    assert next_try(4, 30 * SECOND, wait=MINUTE) == 30 * SECOND
    assert next_try(1, DAY, wait=timedelta()) == SECOND


def test_retry_after_in_seconds():
    for status in [429, 503]:
        assert asked_wait(status, " 120 ", NOW) == 2 * MINUTE


def test_retry_after_of_other_answers_does_not_count():
    for status in [None, 200, 428, 430, 500, 502]:
        assert asked_wait(status, "120", NOW) is None

    assert asked_wait(429, None, NOW) is None


def test_retry_after_in_other_forms():
    for header, wait in [
        ("Fri, 01 Mar 2024 08:05:00 GMT", 5 * MINUTE),
        ("Fri, 01 Mar 2024 09:05:00 +0100", 5 * MINUTE),
        ("Fri, 01 Mar 2024 08:05:00 -0000", 5 * MINUTE),
        ("Fri, 01 Mar 2024 07:00:00 GMT", timedelta()),
        ("0", timedelta()),
        ("99999999999999", timedelta(seconds=999_999_999)),
    ]:
        assert asked_wait(503, header, NOW) == wait

    for header in ["soon", "", "-5", "1.5", "٣"]:
        assert asked_wait(503, header, NOW) is None
