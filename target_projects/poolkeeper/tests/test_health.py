from datetime import timedelta

import pytest
from builders import NOW, SECOND, make_health_rules
from poolkeeper.health import HealthMonitor, Outcome, Probe, Verdict

UP, DOWN, UNDECIDED = Verdict.UP, Verdict.DOWN, Verdict.UNDECIDED
GOOD, SLOW, BAD = 0, 1500, 2500


@pytest.fixture
def monitor():
    return HealthMonitor(make_health_rules())


def probe(latency=0, status=200, at=0, server="a"):
    return Probe(server, NOW + at * SECOND, status, timedelta(milliseconds=latency))


def verdicts(monitor, *latencies):
    return [monitor.record(probe(latency, at=at)) for at, latency in enumerate(latencies)]


def test_accepted_statuses(monitor):
    assert [monitor.judge(probe(status=status)) for status in (200, 204)] == [Outcome.GOOD] * 2
    assert [monitor.judge(probe(status=status)) for status in (201, 503)] == [Outcome.BAD] * 2

    assert monitor.judge(Probe("a", NOW, None)) is Outcome.BAD


def test_slow_answers(monitor):
    assert [monitor.judge(probe(ms)) for ms in (1000, 1001)] == [Outcome.GOOD, Outcome.SLOW]
    assert [monitor.judge(probe(ms)) for ms in (2000, 2001)] == [Outcome.SLOW, Outcome.BAD]

    assert monitor.judge(probe(1500, status=500)) is Outcome.BAD


def test_two_good_probes_bring_a_server_up(monitor):
    assert verdicts(monitor, GOOD, GOOD, GOOD) == [UNDECIDED, UP, UP]


def test_three_bad_probes_bring_a_server_down(monitor):
    assert verdicts(monitor, BAD, BAD, BAD, BAD) == [UNDECIDED, UNDECIDED, DOWN, DOWN]


def test_a_good_probe_ends_a_row_of_bad_ones(monitor):
    assert verdicts(monitor, BAD, BAD, GOOD, BAD, BAD) == [UNDECIDED] * 5


def test_a_bad_probe_ends_a_row_of_good_ones(monitor):
    assert verdicts(monitor, GOOD, BAD, GOOD, GOOD) == [UNDECIDED, UNDECIDED, UNDECIDED, UP]


def test_a_slow_probe_ends_a_row_of_good_ones_only(monitor):
    assert verdicts(monitor, GOOD, SLOW, GOOD) == [UNDECIDED] * 3


def test_a_slow_probe_does_not_end_a_row_of_bad_ones(monitor):
    assert verdicts(monitor, BAD, BAD, SLOW, BAD) == [UNDECIDED, UNDECIDED, UNDECIDED, DOWN]


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


def test_stale_servers(monitor):
    for server, at in (("c", 0), ("b", 1), ("a", -1)):
        monitor.record(probe(server=server, at=at))
    assert monitor.stale(NOW + 45 * SECOND) == ["a"]
    assert monitor.stale(NOW + 46 * SECOND) == ["a", "c"]
    assert monitor.stale(NOW) == []
