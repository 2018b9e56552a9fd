import base64
from datetime import timedelta, timezone

import pytest
from builders import MINUTE, NOW, SECOND, log_attempts, make_attempt
from hookrelay.attempts import (
    AttemptLog,
    Query,
    decode_cursor,
    encode_cursor,
    excerpt,
    parse_query,
    show_attempt,
)
from hookrelay.errors import BadQuery


def test_excerpts():
    for body, limit, text in [
        (b"thanks", 6, "thanks"),
        (b"thanks", 5, "than…"),
        (b"  ok\r\n\tfine \n", 20, "ok fine"),
        (b"so far and", 8, "so far …"),
        ("größe".encode(), 5, "größe"),
        (b"caf\xe9", 20, "caf\ufffd"),
        (b"thanks", 1, "…"),
        (b"thanks", 0, ""),
        (b"", 0, ""),
        (b"a\x00\x1b[31mb", 20, "a [31mb"),
        (b"a\x7fb", 20, "a b"),
        (b"a\x1f b", 20, "a  b"),
    ]:
        assert excerpt(body, limit) == text


def test_cursors_there_and_back():
    for number in (1, 25, 10**6):
        cursor = encode_cursor(number)
        assert decode_cursor(cursor) == number
        assert "=" not in cursor

    strange = ['{"after": 3}', "[3]", "3", '{"before": "3"}', '{"before": 0}', '{"before": -1}']
    strange.append(f'{{"before": {2**63}}}')
    texts = [base64.urlsafe_b64encode(text.encode()).decode() for text in strange]
    for text in ["a", "????", "äöü", *texts]:
        with pytest.raises(BadQuery, match="not a cursor of ours"):
            decode_cursor(text)


def conditions(zone=timezone.utc, **given):  # noqa: UP017
    return parse_query(given, 25, 100, zone).conditions


def test_no_filters():
    assert parse_query({}, 25, 100) == Query(25)
    empty = dict.fromkeys(
        ("outcome", "status", "event", "endpoint", "since", "until", "cursor"), ""
    )
    assert parse_query(empty, 25, 100) == Query(25)


def test_limits():
    limits = [parse_query({"limit": text}, 25, 100).limit for text in ("1", "26", "100", "101")]
    assert limits == [1, 26, 100, 100]

    assert parse_query({"cursor": encode_cursor(41)}, 25, 100).before == 41


def test_statuses():
    for text, bounds in [
        ("404", (404, 404)), ("4xx", (400, 499)), (" 5XX ", (500, 599)), ("100", (100, 100)),
    ]:  # fmt: skip
        assert conditions(status=text) == (("status BETWEEN ? AND ?", bounds),)


def test_moments_and_days():
    assert conditions(since="2024-03-01T09:00:00+01:00") == (
        ("at >= ?", ("2024-03-01T08:00:00.000+00:00",)),
    )
    east = timezone(timedelta(hours=2))
    assert conditions(east, until="2024-03-01") == (("at < ?", ("2024-02-29T22:00:00.000+00:00",)),)

    assert conditions(event=" evt_0001 ", endpoint=" Orchard-Main ") == (
        ("event_id = ?", ("evt_0001",)),
        ("endpoint_id = ?", ("orchard-main",)),
    )


def test_filters_that_make_no_sense():
    for given, problem in [
        ({"colour": "red", "age": "1"}, "unknown filter: age, colour"),
        ({"limit": "0"}, "limit must be at least 1"),
        ({"limit": "many"}, "limit must be a whole number, got 'many'"),
        ({"limit": ""}, "limit must be a whole number"),
        ({"outcome": "good"}, "outcome must be one of success, failure, no_answer"),
        ({"status": "4x"}, "status must look like 404 or 4xx, got '4x'"),
        ({"status": "600"}, "status must look like"),
        ({"status": "4045"}, "status must look like"),
        ({"since": "monday"}, "since: not a moment: 'monday'"),
        ({"until": "2024-03-01T08:00:00"}, "until: a moment needs a time zone"),
    ]:
        with pytest.raises(BadQuery, match=problem):
            parse_query(given, 25, 100)


def ask(log, merchant="orchard", **given):
    page = log.history(merchant, parse_query(given, 25, 100))
    return [attempt.number for attempt in page.items]


def test_the_newest_come_first(db):
    log = log_attempts(db, *(make_attempt(number) for number in (1, 2, 3)))
    assert ask(log) == [3, 2, 1]


def test_only_ones_own_attempts(db):
    log = log_attempts(db, make_attempt(1), make_attempt(2, merchant="kiosk"))
    assert ask(log, "kiosk") == [2]
    assert ask(log, "nobody") == []


@pytest.fixture
def mixed(db):
    return log_attempts(
        db, *(make_attempt(n, status=n) for n in (199, 200, 299, 300, 404, 500)),
        make_attempt(0, status=None, error="timeout"),
    )  # fmt: skip


def test_outcomes(mixed):
    assert ask(mixed, outcome="success") == [299, 200]
    assert ask(mixed, outcome=" FAILURE ") == [0, 500, 404, 300, 199]
    assert ask(mixed, outcome="no_answer") == [0]


def test_filter_by_status(mixed):
    assert ask(mixed, status="2xx") == [299, 200]
    assert ask(mixed, status="404") == [404]
    assert ask(mixed, status="5xx", outcome="failure") == [500]
    assert ask(mixed, status="5xx", outcome="success") == []


def test_filter_by_time(db):
    log = log_attempts(db, *(make_attempt(n, at=NOW + n * SECOND) for n in range(4)))
    since, until = "2024-03-01T08:00:01Z", "2024-03-01T08:00:03Z"
    assert ask(log, since=since) == [3, 2, 1]
    assert ask(log, until=until) == [2, 1, 0]
    assert ask(log, since=since, until=until) == [2, 1]


def test_filter_by_event_and_endpoint(db):
    log = log_attempts(
        db, make_attempt(1), make_attempt(2, event_id="evt_0002"),
        make_attempt(3, endpoint_id="second"),
    )  # fmt: skip
    assert ask(log, event="evt_0001") == [3, 1]
    assert ask(log, event="evt_0001", endpoint="second") == [3]


def test_pages(db):
    log = log_attempts(db, *(make_attempt(number) for number in range(1, 6)))
    first = log.history("orchard", Query(2))
    assert [attempt.number for attempt in first.items] == [5, 4]
    second = log.history("orchard", parse_query({"cursor": first.next_cursor}, 2, 100))
    assert [attempt.number for attempt in second.items] == [3, 2]
    last = log.history("orchard", parse_query({"cursor": second.next_cursor}, 2, 100))
    assert ([attempt.number for attempt in last.items], last.next_cursor) == ([1], None)


def test_a_full_last_page_has_no_next(db):
    log = log_attempts(db, make_attempt(1), make_attempt(2))
    assert log.history("orchard", Query(2)).next_cursor is None
    assert log.history("kiosk", Query(2)).next_cursor is None


def test_attempts_made_while_paging_do_not_shift_the_pages(db):
    log = log_attempts(db, *(make_attempt(number) for number in range(1, 5)))
    cursor = log.history("orchard", Query(2)).next_cursor
    log.add(make_attempt(5))
    page = log.history("orchard", parse_query({"cursor": cursor}, 2, 100))
    assert [attempt.number for attempt in page.items] == [2, 1]


def test_attempts_of_a_delivery(db):
    log = log_attempts(
        db, make_attempt(2), make_attempt(1), make_attempt(3, delivery_id=2), make_attempt(11)
    )
    assert [attempt.number for attempt in log.of_delivery(1)] == [1, 2, 11]
    assert (log.count(1), log.count(2), log.count(3)) == (3, 1, 0)


def test_attempts_between_moments(db):
    log = log_attempts(db, *(make_attempt(n, at=NOW - n * MINUTE) for n in range(4)))
    assert [a.number for a in log.between(NOW - 2 * MINUTE, NOW)] == [2, 1]


def test_there_and_back(db):
    attempt = make_attempt(4, status=None, error="timeout: x", excerpt="Łódź", latency_ms=0)
    (found,) = log_attempts(db, attempt).of_delivery(1)
    assert found == make_attempt(
        4, status=None, error="timeout: x", excerpt="Łódź", latency_ms=0, id=1
    )


def test_success():
    for status, good in [(None, False), (199, False), (200, True), (299, True), (300, False)]:
        assert make_attempt(status=status).success is good


def test_what_the_dashboard_shows():
    assert show_attempt(make_attempt(2, id=9, excerpt="ok")) == {
        "id": 9,
        "delivery_id": 1,
        "event_id": "evt_0001",
        "endpoint_id": "orchard-main",
        "number": 2,
        "at": "2024-03-01T08:00:00.000+00:00",
        "status": 200,
        "error": "",
        "excerpt": "ok",
        "latency_ms": 40,
        "success": True,
    }


def test_ids_are_never_used_again(db):
    log = log_attempts(db, make_attempt(1), make_attempt(2))
    db.execute("DELETE FROM attempts")
    AttemptLog(db).add(make_attempt(3))
    assert log.of_delivery(1)[0].id == 3
