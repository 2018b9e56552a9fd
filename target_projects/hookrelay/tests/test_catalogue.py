import pytest
from hookrelay.catalogue import EventType, check_pattern, event_types, find_type, matches
from hookrelay.errors import EndpointError, EventError

EXPECTED = {
    "payment.authorized": "required",
    "payment.succeeded": "required",
    "payment.failed": "required",
    "refund.created": "required",
    "refund.failed": "required",
    "dispute.opened": "required",
    "dispute.won": "required",
    "dispute.lost": "optional",
    "payout.paid": "required",
    "customer.updated": "none",
    "endpoint.ping": "none",
}


def test_types():
    for name in EXPECTED:
        kind = event_types()[name]
        assert (kind.name, kind.amount) == (name, EXPECTED[name])

    assert sorted(event_types()) == sorted(EXPECTED)


def test_spellings():
    for text in ("payment.failed", " Payment.FAILED "):
        assert find_type(text).name == "payment.failed"


def test_unknown_type():
    with pytest.raises(EventError, match=r"unknown event type 'payment\.lost'"):
        find_type("payment.lost")


def test_patterns(monkeypatch):
    for pattern, name, fits in [
        ("*", "payment.succeeded", True),
        ("*", "endpoint.ping", False),
        ("endpoint.*", "endpoint.ping", True),
        ("endpoint.ping", "endpoint.ping", True),
        ("payment.*", "payment.failed", True),
        ("payment.*", "payout.paid", False),
        ("refund.created", "refund.created", True),
        ("refund.created", "refund.failed", False),
    ]:
        assert matches(pattern, event_types()[name]) is fits

    assert not matches("pay.*", event_types()["payment.failed"])
    assert matches("payout.*", EventType("payout.batch.paid", "none"))


def test_patterns_are_written_in_one_way():
    for text in [" Payment.* ", "PAYMENT.*"]:
        assert check_pattern(text) == "payment.*"


def test_patterns_that_are_none():
    for text in ["", "payment", "*.failed", "payment.*.x", "payment.1", "**"]:
        with pytest.raises(EndpointError, match="not a pattern"):
            check_pattern(text)

    for text in ["invoice.*", "payment.lost", "charge.failed"]:
        with pytest.raises(EndpointError, match="no event type fits"):
            check_pattern(text)


def test_the_catalogue_is_utf_8_and_cannot_be_changed(windows_text):
    assert dict(event_types.__wrapped__()) == dict(event_types())

    with pytest.raises(TypeError):
        event_types()["x"] = None
