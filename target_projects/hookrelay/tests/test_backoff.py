from datetime import timedelta

from builders import DAY, HOUR, NOW, POLICY, SECOND
from hookrelay.backoff import Verdict, jittered, judge, next_attempt, raw_delay


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
    assert raw_delay(POLICY, 10_000) == HOUR


def test_jitter_shortens_a_wait():
    for drawn, seconds in [(0.0, 8), (0.5, 6), (1.0, 4)]:
        assert jittered(8 * SECOND, 0.5, iter([drawn]).__next__) == seconds * SECOND

    assert jittered(8 * SECOND, 0.0, lambda: 0.9) == 8 * SECOND


def next_try(failures, left, drawn=0.0):
    moment = next_attempt(POLICY, failures, NOW, NOW + left, lambda: drawn)
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
