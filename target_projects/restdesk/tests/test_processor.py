import http.client
import io
import json
import urllib.error
from datetime import timedelta

import pytest
from builders import CODES, Bank, make_charge, make_processor

from restdesk.errors import BadGateway, Unavailable
from restdesk.processor import (
    Outcome,
    Processor,
    Sandbox,
    http_transport,
    load_codes,
    open_processor,
)
from restdesk.records import ChargeStatus

CHARGE = make_charge(amount=1234, reference="ref1")


def failure(kind, answer):
    with pytest.raises(kind) as caught:
        make_processor(answer).submit(CHARGE)
    return caught.value.code


def test_outcomes():
    processor = make_processor("OK", "NO", " wait ")
    outcomes = [processor.submit(CHARGE) for _ in range(3)]
    assert outcomes == [
        Outcome(ChargeStatus.SUCCEEDED, "OK", "Fine"),
        Outcome(ChargeStatus.FAILED, "NO", "Refused by the bank"),
        Outcome(ChargeStatus.PENDING, "WAIT", "Not yet"),
    ]

    answer = '{"code": "OK", "reference": "ref1", "text": "für Łódź"}'.encode()
    assert make_processor((200, answer)).submit(CHARGE).code == "OK"

    processor = Processor(bank := Bank(), CODES, timedelta(0))
    processor.submit(CHARGE)
    processor.inquire(CHARGE)
    assert bank.asked == [
        {"operation": "sale", "reference": "ref1", "amount": 1234, "currency": "EUR"},
        {"operation": "inquiry", "reference": "ref1"},
    ]


def test_processor_that_does_not_answer():
    for problem in (TimeoutError(), ConnectionError(), ConnectionResetError()):
        assert failure(Unavailable, problem) == "processor_timeout"
    with pytest.raises(PermissionError):
        make_processor(PermissionError()).submit(CHARGE)


def test_processor_that_is_down():
    assert failure(Unavailable, (503, b"")) == "processor_down"
    assert failure(Unavailable, "BUSY") == "BUSY"

    processor = Processor(Bank("BUSY"), CODES, timedelta(seconds=1.5))
    with pytest.raises(Unavailable) as caught:
        processor.submit(CHARGE)
    assert caught.value.retry_after == 1.5

    for answer in ("BUSY", (503, b""), TimeoutError()):
        with pytest.raises(Unavailable) as caught:
            make_processor(answer).submit(CHARGE)
        assert caught.value.retry_after == 20


def test_answers_that_make_no_sense():
    for status in (201, 400, 500, 502, 504):
        assert failure(BadGateway, (status, b"{}")) == "processor_status"

    assert failure(BadGateway, (200, b'{"code": 5, "reference": "ref1"}')) == "processor_code"
    assert failure(BadGateway, "WHAT") == "processor_code"
    assert (
        failure(BadGateway, (200, b'{"code": "OK", "reference": "ref2"}')) == "processor_mixed_up"
    )
    assert failure(BadGateway, (200, b'{"code": "OK"}')) == "processor_mixed_up"


def test_answers_that_are_not_readable():
    for content in (b"", b"<html>", b"[]", b"null", b'{"reference": "ref1"}', b"\xff"):
        assert failure(BadGateway, (200, content)) == "processor_garbled"


def test_shipped_codes():
    known = load_codes()["codes"]
    for outcome, codes in [
        ("succeeded", ["A00", "A10"]),
        ("failed", ["D05", "D14", "D51", "D54", "D61"]),
        ("pending", ["P01", "P02"]),
        ("unavailable", ["E91", "E96"]),
    ]:
        assert [code for code in known if known[code]["outcome"] == outcome] == codes


def test_shipped_messages(windows_text):
    known = load_codes()["codes"]
    assert known["D51"]["message"] == "The account doesn’t cover the charge"
    assert known["D61"]["message"] == "The charge is above the limit of the card"
    assert known["E91"]["message"] == "The bank can’t be reached"


def shipped_answer(amount):
    processor = open_processor("sandbox", timedelta(seconds=5), timedelta(seconds=20))
    return processor.submit(make_charge(amount=amount))


def test_sandbox_answers():
    codes = {5000: "A00", 1110: "A10", 5005: "D05", 14: "D14", 7051: "D51", 1054: "D54",
             1061: "D61", 2101: "P01", 2102: "P02", 1006: "A00"}  # fmt: skip
    assert {amount: shipped_answer(amount).code for amount in codes} == codes

    for amount, kind, code in [
        (1491, Unavailable, "E91"),
        (1496, Unavailable, "E96"),
        (1502, BadGateway, "processor_garbled"),
        (1503, Unavailable, "processor_down"),
        (1504, Unavailable, "processor_timeout"),
    ]:
        with pytest.raises(kind) as caught:
            shipped_answer(amount)
        assert caught.value.code == code


def test_sandbox_has_a_memory():
    sandbox = Sandbox({"005": "D05"}, {})
    for amount in (1005, 1000):
        _, content = sandbox({"operation": "sale", "reference": "r", "amount": amount})
        assert json.loads(content) == {"reference": "r", "code": "D05"}

    processor = open_processor("sandbox", timedelta(seconds=5), timedelta(seconds=20))
    for amount, later in [(2101, "A00"), (2102, "D05"), (2000, "A00"), (1061, "D61")]:
        charge = make_charge(amount=amount, reference=str(amount))
        processor.submit(charge)
        assert processor.inquire(charge).code == later
    assert processor.inquire(make_charge(reference="never seen")).code == "A00"


class Answer(io.BytesIO):
    status = 200


def test_http(monkeypatch):
    asked = []

    def urlopen(request, timeout):
        asked.append((request, timeout))
        return Answer(b"{\n}")

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    send = http_transport("https://bank.example/v2", timedelta(seconds=1.5))
    assert send({"reference": "ü"}) == (200, b"{\n}")
    [(request, timeout)] = asked
    assert (request.full_url, request.method, timeout) == ("https://bank.example/v2", "POST", 1.5)
    assert json.loads(request.data) == {"reference": "ü"}
    assert request.get_header("Content-type") == "application/json"

    problems = [
        urllib.error.HTTPError("u", 502, "bad", None, io.BytesIO(b"oh\nno")),
        urllib.error.URLError("no route"),
        http.client.IncompleteRead(b""),
        TimeoutError("slow"),
    ]
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: raise_(problems.pop(0)))
    send = http_transport("https://bank.example", timedelta(seconds=1))
    assert send({}) == (502, b"oh\nno")
    with pytest.raises(ConnectionError, match="no route"):
        send({})
    with pytest.raises(ConnectionError, match="broke off"):
        send({})
    with pytest.raises(TimeoutError, match="slow"):
        send({})


def raise_(problem):
    raise problem


def test_which_processor_is_opened():
    processor = open_processor("sandbox", timedelta(seconds=5), timedelta(seconds=7))
    assert isinstance(processor.transport, Sandbox)
    assert processor.retry_after == timedelta(seconds=7)
    processor = open_processor(
        "https://sandbox.example", timedelta(seconds=5), timedelta(seconds=7)
    )
    assert not isinstance(processor.transport, Sandbox)
