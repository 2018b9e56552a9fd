"""An operator writes a pool file and has it read."""

WHO = "an operator of the gateways"
SUBJECT = "Pool file"
DETAIL = "The usual capacity is set to 40 in the steps."

CASES = {
    "all options": ("server web-1 10.0.0.1:8443 weight=3 capacity=500 zone=eu-a", None),
    "no options": ("server web-1 10.0.0.1", None),
    "capitals": ("SERVER Web-1 App.Example ZONE=EU Capacity=7 weight=2", None),
    "an endpoint of IPv6": ("server web-1 [FE80::1]:443\nserver web-2 [::]", None),
    "any capacity": ("server a h capacity=any\nserver b h capacity=Unlimited", None),
    "the limits of options": ("server a h weight=1 capacity=1\nserver b h weight=100 capacity=100000", None),
    "a weight of zero": ("server a h weight=0", None),
    "a weight of 101": ("server a h weight=101", None),
    "a capacity of zero": ("server a h capacity=0", None),
    "a capacity of 100001": ("server a h capacity=100001", None),
    "half a weight": ("server a h weight=1.5", None),
    "a negative weight": ("server a h weight=-1", None),
    "zones": ("server a h zone=eu\nserver b h zone=europewe\nserver c h zone=eu-a-12345678", None),
    "a zone of one letter": ("server a h zone=e", None),
    "a zone of nine letters": ("server a h zone=europewes", None),
    "a zone with a long part": ("server a h zone=eu-123456789", None),
    "a zone with an underscore": ("server a h zone=eu_a", None),
    "an unknown option": ("server a h  colour=red", None),
    "an option with an exclamation mark": ("server a h zone=eu!", None),
    "the longest address": ("server a [2001:0db8:85a3:0000:0000:8a2e:0370:7334]", None),
    "an option without a value": ("server a h weight=", None),
    "an option twice": ("server a h weight=1 WEIGHT=2", None),
    "a server twice": ("server a h\nserver A h2", None),
    "three servers": ("server c h1\nserver a h2\nserver b h3", None),
    "a strategy": ("strategy Consistent_Hash\nserver a h", None),
    "an unknown strategy": ("strategy random\nserver a h", None),
    "a second pool": ("server a h\n pool q", None),
    "no servers": ("strategy round-robin", None),
    "comments": ("# żółw\n\n\tserver web-1 a#server web-2 b\n", None),
    "a lonely word": ("server", None),
    "an unknown word": ("  servers a h", None),
    "a server without an endpoint": ("server a", None),
    "an id that begins with a digit": ("server 1a h", None),
    "an id with two hyphens": ("server a--b h", None),
    "an id that ends with a hyphen": ("server a- h", None),
    "an id of digits and parts": ("server db2-eu-03 h", None),
    "an id of 32 letters": ("server aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa h", None),
    "an id of 33 letters": ("server aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa h", None),
    "port 0": ("server a h:0", None),
    "port 1": ("server a h:1", None),
    "port 65535": ("server a h:65535", None),
    "port 65536": ("server a h:65536", None),
    "a port of letters": ("server a h:http", None),
    "a host of one letter and a hyphen": ("server a h-\n", None),
    "a host with hyphens and dots": ("server a a-b.c-d.example", None),
    "no name": ("", "server a h"),
    "a name with an underscore": ("", "pool p_1"),
}


def journey(text, whole):
    from pathlib import Path

    from poolkeeper.poolfile import find_pools
    from poolkeeper.settings import load

    Path("pools.d").mkdir()
    rules = load(environ={"POOLKEEPER_POOL_CAPACITY": "40"}).pool
    Path("pools.d/shop.pool").write_bytes((whole or f"pool Shop\n{text}").encode())
    for name, pool in find_pools(rules.folder, rules).items():
        print(name, pool.strategy)
        for spec in pool.servers:
            print(spec, spec.endpoint)
