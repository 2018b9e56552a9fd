"""Clients are spread over a ring of servers, and a server comes or goes."""

WHO = "a developer of the web shop"
SUBJECT = "Spread of the clients"
DETAIL = "Three hundred clients are spread in the steps."

CASES = {
    "ten servers": (10, 200, {}, None),
    "ten servers with few points": (10, 3, {}, None),
    "one point each": (3, 1, {}, None),
    "one server": (1, 50, {}, None),
    "no server": (0, 50, {}, None),
    "a heavy server": (3, 100, {"s1": 3}, None),
    "ten servers of which one leaves": (10, 200, {}, "s4"),
    "two servers of which one leaves": (2, 50, {}, "s0"),
    "an only server that leaves": (1, 50, {}, "s0"),
    "a server that leaves and was never there": (3, 50, {}, "s9"),
}


def journey(servers, points, weights, leaving):
    from collections import Counter
    from itertools import islice

    from poolkeeper.ring import HashRing, position

    ring = HashRing(points)
    for number in range(servers):
        if f"s{number}" in weights:
            ring.add(f"s{number}", weights[f"s{number}"])
        else:
            ring.add(f"s{number}")
    clients = [f"Łukasz {number}" for number in range(300)] + [f"s{n}#0" for n in range(servers)]
    before = {client: ring.owner(client) for client in clients}
    print(len(ring), sorted(Counter(before.values()).items(), key=str))
    for client in islice(clients, 3):
        print(position(client), list(ring.walk(client)))
    print([before[f"s{number}#0"] for number in range(servers)])
    if leaving:
        ring.remove(leaving)
        moved = [client for client in clients if ring.owner(client) != before[client]]
        print(len(moved), "moved, from", sorted({before[client] for client in moved}))
        print(moved[:10])
