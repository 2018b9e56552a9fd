"""Waits stay within the cap however long an endpoint is down, whatever the factor."""

from dataclasses import replace

import pytest
from builders import HOUR, MINUTE, POLICY

from hookrelay.backoff import raw_delay


@pytest.mark.parametrize("factor", [2, 3, 10])
def test_waits_never_leave_the_cap(factor):
    policy = replace(POLICY, factor=factor, cap=10 * MINUTE)
    waits = [raw_delay(policy, failures) for failures in range(1, 500)]
    assert waits == sorted(waits)
    assert set(waits[20:]) == {10 * MINUTE}
    assert raw_delay(replace(policy, cap=HOUR), 100_000) == HOUR
