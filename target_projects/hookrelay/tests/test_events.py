import json
from datetime import timedelta

import pytest
from builders import MINUTE, NOW, make_event, make_record
from hookrelay.errors import EventError
from hookrelay.events import (
    decode_body,
    encode_body,
    parse_event,
    parse_merchant,
    read_events,
)
from hookrelay.money import Amount


def test_an_event():
    event = parse_event(make_record(reference="  Order\n 17 "), NOW)
    assert (event.id, event.merchant, event.type) == ("evt_0001", "orchard", "payment.succeeded")
    assert parse_event(make_record(), NOW).reference == ""
    assert event.created == NOW
    assert event.amount == Amount("EUR", 1250)
    assert event.reference == "Order 17"


def test_spellings_of_producers():
    record = make_record(id=" evt_0001 ", type=" Refund.Created", merchant=" Orchard ")
    event = parse_event(record, NOW)
    assert (event.id, event.type, event.merchant) == ("evt_0001", "refund.created", "orchard")


def test_required_parts():
    for name in ["id", "type", "merchant", "created"]:
        with pytest.raises(EventError, match=f"an event needs {name}$"):
            parse_event(make_record(**{name: ""}), NOW)

    with pytest.raises(EventError, match=r"an event needs id, created$"):
        parse_event(make_record(id=None, created=None), NOW)


def test_ids():
    for event_id in ["evt_abcd", "evt_" + "Z9" * 16]:
        assert parse_event(make_record(id=event_id), NOW).id == event_id

    for event_id in ["evt_abc", "evt_" + "a" * 33, "ev_1234", "evt_12-34", "x evt_1234"]:
        with pytest.raises(EventError, match="not an event id"):
            parse_event(make_record(id=event_id), NOW)


def test_merchants():
    for name in ["ab", "a1", "a-b-2", "a" * 30]:
        assert parse_merchant(f" {name.upper()} ") == name

    for name in ["", "a", "1a", "-ab", "a b", "a_b", "a" * 31, "kiösk"]:
        with pytest.raises(EventError, match="not a merchant"):
            parse_merchant(name)


def test_moments_in_the_future():
    at = (NOW + MINUTE).isoformat()
    assert parse_event(make_record(created=at), NOW, MINUTE).created == NOW + MINUTE
    with pytest.raises(EventError, match="evt_0001: created in the future"):
        parse_event(make_record(created=at), NOW, MINUTE - timedelta(milliseconds=1))

    parse_event(make_record(created="2024-03-01T08:05:00Z"), NOW)
    with pytest.raises(EventError, match="future"):
        parse_event(make_record(created="2024-03-01T08:05:01Z"), NOW)


def test_a_moment_without_a_zone():
    with pytest.raises(EventError, match="evt_0001: a moment needs a time zone"):
        parse_event(make_record(created="2024-03-01T08:00:00"), NOW)


def test_amounts_that_do_not_fit():
    for changes, problem in [
        ({"amount": None}, "payment.succeeded needs an amount"),
        ({"amount": "-0.01"}, "amounts are not negative"),
        ({"amount": "12.345"}, "EUR has 2 decimals"),
        ({"currency": None}, "not a currency: ''"),
        ({"type": "customer.updated"}, "customer.updated has no amount"),
    ]:
        with pytest.raises(EventError, match=problem):
            parse_event(make_record(**changes), NOW)


def test_numbers_where_text_is_meant():
    assert parse_event(make_record(reference=17), NOW).reference == "17"
    for changes, problem in [
        ({"id": 12345}, "not an event id: '12345'"),
        ({"type": 5}, "unknown event type '5'"),
        ({"merchant": 77}, "not a merchant: '77'"),
        ({"created": 1709280000}, "not a moment: '1709280000'"),
        ({"currency": 978}, "not a currency: '978'"),
    ]:
        with pytest.raises(EventError, match=problem):
            parse_event(make_record(**changes), NOW)


def test_amounts_that_need_not_be():
    assert parse_event(make_record(type="dispute.lost", amount=None), NOW).amount is None
    assert parse_event(make_record(type="dispute.lost"), NOW).amount == Amount("EUR", 1250)
    assert parse_event(make_record(type="endpoint.ping", amount=None), NOW).amount is None
    assert parse_event(make_record(amount=0), NOW).amount == Amount("EUR", 0)


def test_the_body_is_the_same_bytes_every_time():
    assert (
        encode_body(make_event(reference="Café Łódź"))
        == (
            '{"created":"2024-03-01T08:00:00.000+00:00","data":{"amount":1250,"currency":"EUR",'
            '"reference":"Café Łódź"},"id":"evt_0001","merchant":"orchard",'
            '"type":"payment.succeeded"}'
        ).encode()
    )

    for amount in [Amount("JPY", 0), None]:
        event = make_event(amount=amount, reference="Ünal")
        assert decode_body(encode_body(event)) == event


def read(path, **changes):
    problems = []
    options = {"now": NOW, "future_tolerance": MINUTE, "on_error": lambda *p: problems.append(p)}
    events = [event.id for event in read_events(path, **{**options, **changes})]
    return events, problems


def test_a_file_of_events(tmp_path):
    records = [make_record(), make_record(id="x"), make_record(id="evt_0002")]
    first, second, third = map(json.dumps, records)
    lines = ["# a comment", "", first, "{", "[]", second, third]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read(file) == (
        ["evt_0001", "evt_0002"],
        [(4, "not JSON"), (5, "not an object"), (6, "not an event id: 'x'")],
    )


def test_a_file_in_utf_8(tmp_path, windows_text):
    file = tmp_path / "events.jsonl"
    text = json.dumps(make_record(reference="Łódź"), ensure_ascii=False)
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (event,) = read_events(file, NOW, MINUTE, print)
    assert event.reference == "Łódź"


def test_the_tolerance_holds_for_files(tmp_path):
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(make_record(created="2024-03-01T08:02:00Z")), encoding="utf-8")
    assert read(file) == ([], [(1, "evt_0001: created in the future")])
    assert read(file, future_tolerance=2 * MINUTE) == (["evt_0001"], [])
