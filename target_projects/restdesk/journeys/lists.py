"""A partner reads lists page by page while others add and delete rows."""

WHO = "a developer at a partner"
SUBJECT = "Lists, page by page"
DETAIL = "There are eight customers at the start; + adds one and an id deletes one."

CASES = {
    "the first page": (["?limit=3"],),
    "the usual page": ([""],),
    "the second page": (["?limit=3&starting_after=cus_0006"],),
    "the last page": (["?limit=3&starting_after=cus_0003"],),
    "a page that is just full": (["?limit=2&starting_after=cus_0003"],),
    "a page after the last row": (["?starting_after=cus_0001"],),
    "all rows on one page": (["?limit=8"],),
    "all rows but one on a page": (["?limit=7"],),
    "pages of one": (["?limit=1", "?limit=1&starting_after=cus_0008"],),
    "the largest page": (["?limit=100"],),
    "a page that is too large": (["?limit=101"],),
    "a page of nothing": (["?limit=0"],),
    "a page of minus one": (["?limit=-1"],),
    "a page in words": (["?limit=ten"],),
    "rows that come in between": (["?limit=3", "+", "+", "?limit=3&starting_after=cus_0006"],),
    "a last row of a page that goes": (["?limit=3", "cus_0006", "?limit=3&starting_after=cus_0006"],),
    "a row of the next page that goes": (["?limit=3", "cus_0005", "?limit=3&starting_after=cus_0006"],),
    "a cursor nobody knows": (["?starting_after=cus_0099"],),
    "numbered pages": (["?limit=3&page=1", "?limit=3&page=2", "?limit=3&page=3"],),
    "a number beyond the end": (["?limit=3&page=4"],),
    "the number zero": (["?limit=3&page=0"],),
    "numbered pages and new rows": (["?limit=3&page=1", "+", "?limit=3&page=2"],),
    "numbered pages and rows that go": (["?limit=3&page=1", "cus_0007", "?limit=3&page=2"],),
    "one numbered page": (["?limit=8&page=1", "?limit=4&page=2"],),
    "a number and a cursor": (["?page=1&starting_after=cus_0003"],),
    "blocked customers": (["?status=blocked&limit=1", "?status=blocked&limit=1&starting_after=cus_0006", "?status=blocked&page=1"],),
    "active customers": (["?status=Active&limit=4"],),
    "a customer by address": (["?email=C3%40example.com"],),
    "nobody by address": (["?email=x%40example.com&page=1"],),
    "all charges": (["charges?"],),
    "charges of a customer": (["charges?customer=cus_0001"],),
    "charges of another customer": (["charges?customer=cus_0002"],),
    "charges of nobody": (["charges?customer=cus_0009"],),
    "charges that succeeded": (["charges?status=Succeeded"],),
    "charges that failed": (["charges?status=failed"],),
    "charges that are pending": (["charges?status=pending"],),
    "charges that are lost": (["charges?status=lost"],),
    "charges in euros": (["charges?currency=eur&limit=2"],),
    "charges in yen": (["charges?currency=JPY&page=1"],),
    "charges of a customer in euros": (["charges?customer=cus_0002&currency=eur&status=succeeded"],),
    "charges by name": (["charges?name=Ana"],),
    "charges after a charge": (["charges?starting_after=ch_0013&limit=1&currency=eur"],),
    "charges after a customer": (["charges?starting_after=cus_0001"],),
}


def journey(steps):
    import itertools
    from datetime import datetime, timedelta, timezone
    from restdesk.desk import Desk
    from restdesk.errors import Declined
    from restdesk.handlers import Call, find_route
    from restdesk.processor import open_processor
    from restdesk.settings import load
    from restdesk.storage import Store, connect
    from restdesk.wire import Request, parse_query

    settings, numbers, now = load(environ={}), itertools.count(1), [datetime(2024, 3, 1, 9, tzinfo=timezone.utc)]
    processor = open_processor("sandbox", settings.processor_timeout, settings.processor_retry_after)
    desk = Desk(Store(connect(":memory:")), processor, settings, lambda: now[0], lambda prefix: f"{prefix}_{next(numbers):04d}")
    added = itertools.count(1)
    for step in ["+"] * 8 + [(1, 5000, "eur"), (2, 5101, "eur"), (2, 5000, "jpy"), (1, 5005, "eur"), (2, 700, "eur")] + steps:
        if isinstance(step, tuple):
            try:
                desk.charge({"customer": f"cus_000{step[0]}", "amount": step[1], "currency": step[2]})
            except Declined as error:
                print(error)
            now[0] += timedelta(hours=1)
        elif step == "+":
            number = next(added)
            status = "blocked" if number % 3 == 0 else "active"
            desk.create_customer({"name": "C", "email": f"c{number}@example.com", "status": status})
        elif step.startswith("cus_"):
            desk.delete_customer(desk.store.customer(step))
        else:
            path, _, query = step.partition("?")
            path = f"/v1/{path or 'customers'}"
            body = find_route("GET", path)[0].action(Call(desk, Request("GET", path, parse_query(query)))).body
            print({**body, "data": [row["id"] for row in body["data"]]})
