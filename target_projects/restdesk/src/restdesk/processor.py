"""The card processor upstream: what we ask, and what its answers mean.

It knows a charge by its reference and answers the same when the same reference comes again, so that
a charge whose answer got lost can be sent once more. What is not sent again it takes back itself.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .errors import BadGateway, Unavailable
from .records import Charge, ChargeStatus
from .shipped import shipped_text

Transport = Callable[[Mapping[str, Any]], tuple[int, bytes]]


@dataclass(frozen=True)
class Outcome:
    status: ChargeStatus
    code: str
    message: str


def load_codes() -> dict[str, Any]:
    return json.loads(shipped_text("processor_codes.json"))


@dataclass
class Processor:
    transport: Transport
    codes: Mapping[str, Any]
    retry_after: timedelta

    def submit(self, charge: Charge) -> Outcome:
        return self._ask(
            {
                "operation": "sale",
                "reference": charge.reference,
                "amount": charge.amount,
                "currency": charge.currency,
            }
        )

    def inquire(self, charge: Charge) -> Outcome:
        """What has become of a charge that was left pending."""
        return self._ask({"operation": "inquiry", "reference": charge.reference})

    def _ask(self, message: Mapping[str, Any]) -> Outcome:
        try:
            status, content = self.transport(message)
        except (TimeoutError, ConnectionError):
            raise self._unavailable("The processor does not answer", "processor_timeout") from None
        if status == 503:
            raise self._unavailable("The processor is down", "processor_down")
        if status != 200:
            raise BadGateway(f"The processor answered {status}", "processor_status")
        code = _read_code(content, message["reference"])
        known = self.codes.get(code)
        if known is None:
            raise BadGateway(f"The processor answered an unknown code: {code}", "processor_code")
        if known["outcome"] == "unavailable":
            raise self._unavailable(known["message"], code)
        return Outcome(ChargeStatus(known["outcome"]), code, known["message"])

    def _unavailable(self, message: str, code: str) -> Unavailable:
        return Unavailable(message, code, retry_after=self.retry_after.total_seconds())


def _read_code(content: bytes, reference: str) -> str:
    try:
        answer = json.loads(content.decode("utf-8"))
        code, about = str(answer["code"]), answer.get("reference")
    except (ValueError, KeyError, TypeError):
        raise BadGateway("The processor's answer is not readable", "processor_garbled") from None
    if about != reference:
        raise BadGateway("The processor's answer is about another charge", "processor_mixed_up")
    return code.strip().upper()


def http_transport(url: str, timeout: timedelta) -> Transport:
    def send(message: Mapping[str, Any]) -> tuple[int, bytes]:
        request = urllib.request.Request(
            url,
            data=json.dumps(message).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout.total_seconds()) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read()
        except urllib.error.URLError as problem:
            raise ConnectionError(problem.reason) from problem
        except http.client.HTTPException as problem:
            raise ConnectionError(f"the answer broke off: {problem!r}") from problem

    return send


class Sandbox:
    """Stands in for the processor: the last three digits of an amount choose the answer."""

    def __init__(self, rules: Mapping[str, str], later: Mapping[str, str]) -> None:
        self.rules = rules
        self.later = later
        self.answers: dict[str, str] = {}

    def __call__(self, message: Mapping[str, Any]) -> tuple[int, bytes]:
        reference = message["reference"]
        if message["operation"] == "inquiry":
            code = self.answers.get(reference, "P01")
            code = self.later.get(code, code)
        else:
            code = self.answers.get(reference) or self._choose(message["amount"])
        self.answers[reference] = code
        if code == "down":
            return 503, b""
        if code == "garbled":
            return 200, b"<html>"
        if code == "slow":
            raise TimeoutError("no answer in time")
        return 200, json.dumps({"reference": reference, "code": code}).encode()

    def _choose(self, amount: int) -> str:
        return self.rules.get(f"{amount % 1000:03d}", "A00")


def open_processor(url: str, timeout: timedelta, retry_after: timedelta) -> Processor:
    document = load_codes()
    transport: Transport
    if url == "sandbox":
        transport = Sandbox(document["sandbox"], document["sandbox_later"])
    else:
        transport = http_transport(url, timeout)
    return Processor(transport, document["codes"], retry_after)
