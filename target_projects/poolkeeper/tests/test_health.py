from datetime import timedelta

import pytest
from builders import NOW, SECOND, make_health_rules
from poolkeeper.health import HealthMonitor, Probe, Verdict

UP, DOWN, UNDECIDED = Verdict.UP, Verdict.DOWN, Verdict.UNDECIDED
GOOD, BAD = 0, 2001


@pytest.fixture
def monitor():
    return HealthMonitor(make_health_rules())


def probe(latency=0, status=200, at=0, server="a"):
    return Probe(server, NOW + at * SECOND, status, timedelta(milliseconds=latency))


def verdicts(monitor, *latencies):
    return [monitor.record(probe(latency, at=at)) for at, latency in enumerate(latencies)]


def test_accepted_statuses(monitor):
    statuses = (200, 204, 201, 503, None)
    assert [monitor.passes(probe(status=status)) for status in statuses] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_slow_answers(monitor):
    assert [monitor.passes(probe(ms)) for ms in (0, 2000, 2001)] == [True, True, False]
    assert monitor.passes(probe(1500, status=500)) is False


def test_two_good_probes_bring_a_server_up(monitor):
    assert verdicts(monitor, GOOD, GOOD, GOOD) == [UNDECIDED, UP, UP]


def test_three_bad_probes_bring_a_server_down(monitor):
    assert verdicts(monitor, BAD, BAD, BAD, BAD) == [UNDECIDED, UNDECIDED, DOWN, DOWN]


def test_a_good_probe_ends_a_row_of_bad_ones(monitor):
    assert verdicts(monitor, BAD, BAD, GOOD, BAD, BAD) == [UNDECIDED] * 5


def test_a_bad_probe_ends_a_row_of_good_ones(monitor):
    assert verdicts(monitor, GOOD, BAD, GOOD, GOOD) == [UNDECIDED, UNDECIDED, UNDECIDED, UP]


def test_servers_are_counted_apart(monitor):
    monitor.record(probe(server="a"))
    assert monitor.record(probe(server="b")) is UNDECIDED


def test_late_probes_tell_nothing(monitor):
    monitor.record(probe(at=10))
    assert monitor.record(probe(at=10)) is UNDECIDED
    assert monitor.record(probe(at=9)) is UNDECIDED
    assert monitor.record(probe(at=11)) is UP


def test_a_late_probe_does_not_turn_time_back(monitor):
    monitor.record(probe(at=10))
    monitor.record(probe(at=5))
    assert monitor.record(probe(at=8)) is UNDECIDED
