import pytest
from builders import NOW, make_member, make_spec
from poolkeeper.errors import ServerError, SessionError
from poolkeeper.servers import ServerState, client_key, parse_endpoint, parse_id

STARTING, ACTIVE, DRAINING, DOWN, REMOVED = ServerState


def test_ids():
    assert [parse_id(text) for text in ("a", " Web-1 ", "db2-eu-03")] == ["a", "web-1", "db2-eu-03"]

    assert parse_id(" " + "a" * 32) == "a" * 32
    with pytest.raises(ServerError, match="longer than 32"):
        parse_id("a" * 33)


def test_not_an_id():
    for text in ("", "1web", "web_1", "web--1", "web-", "-web", "wéb", "web 1"):
        with pytest.raises(ServerError, match="not a server id"):
            parse_id(text)


def test_endpoints():
    assert parse_endpoint("10.0.3.7:8443", 80) == ("10.0.3.7", 8443)
    assert parse_endpoint(" App-1.Example ", 80) == ("app-1.example", 80)
    assert parse_endpoint("a:1", 80) == ("a", 1)

    assert parse_endpoint("[FE80::1]:443", 80) == ("[fe80::1]", 443)
    assert parse_endpoint("[::]", 80) == ("[::]", 80)
    longest = "[2001:0db8:85a3:0000:0000:8a2e:0370:7334]"
    assert parse_endpoint(longest, 80) == (longest, 80)


def test_endpoints_that_are_none():
    for text in (
        "",
        "a:",
        ":80",
        "-a:80",
        "a-:80",
        "a:80x",
        "fe80::1",
        "a:123456",
        "[:]",
        f"[{40 * 'a'}]",
    ):
        with pytest.raises(ServerError, match="not an endpoint"):
            parse_endpoint(text, 80)

    assert parse_endpoint("a:65535", 80) == ("a", 65535)
    for port in (0, 65536):
        with pytest.raises(ServerError, match=f"no such port: {port}"):
            parse_endpoint(f"a:{port}", 80)


def test_endpoint_free_places_and_load():
    assert make_spec("web-1", host="[::1]", port=8443).endpoint == "[::1]:8443"

    assert make_member("web-1", sessions=2, capacity=5).free == 3
    assert make_member("web-1", sessions=2, capacity=1).free == 0
    assert make_member("web-1", sessions=2).free is None

    assert make_member("web-1", sessions=3, weight=2).load == 1.5


def test_clients():
    assert client_key("  Łukasz 17 ") == "Łukasz 17"
    assert client_key("x" * 128) == client_key(" " + "x" * 128) == "x" * 128

    for text in ("", "  "):
        with pytest.raises(SessionError, match="needs an id"):
            client_key(text)
    with pytest.raises(SessionError, match="longer than 128"):
        client_key("x" * 129)


def steps_from(state):
    found = []
    for target in ServerState:
        member = make_member("web-1")
        member.state = state
        try:
            member.change(target)
        except ServerError:
            continue
        found.append(target)
    return found


def test_steps():
    assert steps_from(ACTIVE) == [DRAINING, DOWN]
    assert steps_from(DRAINING) == [ACTIVE, REMOVED]

    assert steps_from(STARTING) == [ACTIVE, DOWN, REMOVED]
    assert steps_from(DOWN) == [ACTIVE, REMOVED]
    assert steps_from(REMOVED) == []

    with pytest.raises(ServerError, match="web-1 is active and can't become starting"):
        make_member("web-1").change(STARTING)


def test_the_end_of_a_drain_is_forgotten_with_it():
    member = make_member("web-1")
    member.state, member.drain_until = DRAINING, NOW
    member.change(ACTIVE)
    assert (member.state, member.drain_until) == (ACTIVE, None)


def test_who_takes_sessions():
    assert make_member("web-1", sessions=1, capacity=2).takes_sessions()
    assert make_member("web-1", sessions=1).takes_sessions()
    assert not make_member("web-1", sessions=2, capacity=2).takes_sessions()

    member = make_member("web-1")
    taking = []
    for state in ServerState:
        member.state = state
        if member.takes_sessions():
            taking.append(state)
    assert taking == [ACTIVE]
