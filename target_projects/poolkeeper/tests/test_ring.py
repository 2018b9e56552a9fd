from poolkeeper.ring import HashRing, position

CLIENTS = [f"client-{number}" for number in range(400)]


def make_ring(*servers, virtual_nodes=20):
    ring = HashRing(virtual_nodes)
    for server in servers:
        ring.add(server)
    return ring


def owners(ring):
    return {client: ring.owner(client) for client in CLIENTS}


def test_positions_are_the_same_everywhere():
    assert position("client-1") == 6270380780101322212
    assert position("Łukasz") == 14230054561430883020

    ring = HashRing(20)
    assert (len(ring), ring.owner("client-1"), list(ring.walk("client-1"))) == (0, None, [])


def test_points_by_weight():
    ring = HashRing(20)
    ring.add("a", 3)
    ring.add("b")
    assert len(ring) == 80

    ring = make_ring("a", "b")
    ring.add("a", 2)
    assert len(ring) == 60


def test_the_owner_has_the_next_point():
    ring = make_ring("a", "b", "c", virtual_nodes=1)
    points = sorted((position(f"{server}#0"), server) for server in "abc")
    for client in CLIENTS[:50]:
        after = [server for place, server in points if place >= position(client)]
        assert ring.owner(client) == (after[0] if after else points[0][1])


def test_a_client_on_a_point_belongs_to_it():
    ring = make_ring("a", "b", "c", virtual_nodes=1)
    assert [ring.owner(f"{server}#0") for server in "abc"] == ["a", "b", "c"]


def test_walk_meets_every_server_once():
    ring = make_ring("a", "b", "c", "d")
    for client in CLIENTS[:20]:
        walk = list(ring.walk(client))
        assert sorted(walk) == ["a", "b", "c", "d"]
        assert walk[0] == ring.owner(client)


def test_walk_goes_on_behind_the_last_point():
    ring = make_ring("a", "b", virtual_nodes=1)
    last = max("ab", key=lambda server: position(f"{server}#0"))
    first = "b" if last == "a" else "a"
    beyond = next(c for c in CLIENTS if position(c) > position(f"{last}#0"))
    assert list(ring.walk(beyond)) == [first, last]


def test_owners_depend_on_the_servers_only():
    assert owners(make_ring("a", "b", "c")) == owners(make_ring("c", "a", "b"))

    ring = make_ring("a", "b", "c")
    before = owners(ring)
    ring.remove("c")
    ring.add("c")
    assert owners(ring) == before


def test_only_the_clients_of_the_leaving_server_move():
    ring = make_ring("a", "b", "c", "d")
    before = owners(ring)
    ring.remove("b")
    after = owners(ring)
    assert {before[client] for client in CLIENTS if before[client] != after[client]} == {"b"}
    assert "b" not in after.values()
