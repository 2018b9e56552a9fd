"""A customer's order is priced with the packaged tariffs."""

WHO = "a customer of the shop"
SUBJECT = "Quote"
DETAIL = "The day of the steps is the 6th of March 2024."

CASES = {
    "a small order": ([{}], {}),
    "a heavier order": ([{"weight": 2100}], {}),
    "an order to France": ([{"country": "FR"}], {}),
    "an order to Britain": ([{"country": "uk", "postcode": "ZE1 0AA"}], {}),
    "an order to Sweden": ([{"country": "SE", "value": "SEK 480"}], {}),
    "an order to America": ([{"country": "US", "value": "USD 20"}], {}),
    "an order in yen": ([{"value": "JPY 900"}], {}),
    "goods for 0 euros": ([{"value": "EUR 0"}], {}),
    "an unknown country": ([{"country": "QQ"}], {}),
    "an unknown country at the price of the world": ([{"country": "QQ"}], {"unknown_country": "world"}),
    "a known country where unknown ones are allowed": ([{"country": "AT"}], {"unknown_country": "world"}),
    "no country": ([{"country": ""}], {}),
    "four parcels": ([{"parcels": 4}], {}),
    "five parcels": ([{"parcels": 5}], {}),
    "nine parcels": ([{"parcels": 9}], {}),
    "ten parcels": ([{"parcels": 10}], {}),
    "five parcels without discount": ([{"parcels": 5}], {"bulk": {}}),
    "goods just below the threshold": ([{"value": "EUR 44.99"}], {}),
    "goods at the threshold": ([{"value": "EUR 45.00"}], {}),
    "goods at the threshold of others": ([{"value": "EUR 150", "country": "FR"}], {}),
    "goods below the threshold of others": ([{"value": "EUR 149.99", "country": "FR"}], {}),
    "goods in dollars at the threshold": ([{"value": "USD 50"}], {}),
    "goods in dollars below the threshold": ([{"value": "USD 49.98"}], {}),
    "free shipping of fragile goods": ([{"value": "EUR 45.00", "flags": ["fragile"], "parcels": 5}], {}),
    "the heaviest that ships free": ([{"value": "EUR 45.00", "weight": 5000, "parcels": 4}], {}),
    "goods that are too heavy to ship free": ([{"value": "EUR 45.00", "weight": 5001, "parcels": 4}], {}),
    "free shipping to America": ([{"value": "USD 900", "country": "US"}], {}),
    "a coupon of per cent": ([{"coupon": "TENTH", "flags": ["fragile"]}], {}),
    "a coupon of an amount": ([{"coupon": "THREE"}], {}),
    "a coupon of an amount in kronor": ([{"coupon": "THREE", "country": "SE", "value": "SEK 100"}], {}),
    "a coupon that is worth more than the freight": ([{"coupon": "HUGE"}], {}),
    "a coupon that makes the price 0": ([{"coupon": "HUGE"}, {"coupon": "SHIP"}], {}),
    "a coupon for free shipping": ([{"coupon": "SHIP", "country": "US", "value": "USD 5", "flags": ["signature"]}], {}),
    "a coupon nobody knows": ([{"coupon": "NONE"}], {}),
    "a coupon on its last day": ([{"coupon": "LATE", "day": "2024-03-05"}], {}),
    "a coupon after its last day": ([{"coupon": "LATE"}], {}),
    "a coupon that ends the day before": ([{"coupon": "LATE", "day": "2024-03-06"}], {}),
    "a coupon for goods of 20 euros": ([{"coupon": "RICH", "value": "EUR 20"}, {"coupon": "RICH", "value": "EUR 19.99"}], {}),
    "a coupon for goods of 20 euros in dollars": ([{"coupon": "RICH", "value": "USD 22.30"}, {"coupon": "RICH", "value": "USD 22"}], {}),
    "a coupon for two": ([{"coupon": "TWICE"}, {"coupon": "TWICE"}, {"coupon": "TWICE"}], {}),
    "a coupon for two of which one is refused": ([{"coupon": "TWICE", "country": "QQ"}, {"coupon": "TWICE"}, {"coupon": "TWICE"}], {}),
    "a coupon that others have": ([{"coupon": "TWICE"}], {"uses": {"TWICE": {"WEB-0000", "WEB-9999"}}}),
    "a coupon that others have once": ([{"coupon": "TWICE"}, {"coupon": "TWICE"}], {"uses": {"TWICE": {"WEB-9999"}}}),
    "dangerous goods": ([{"flags": ["dangerous"]}], {}),
    "dangerous goods too heavy": ([{"flags": ["dangerous"], "weight": 70001}], {}),
    "bulky goods": ([{"sides": (1300, 400, 300)}], {}),
    "a currency without rates": ([{"value": "CHF 20"}, {}], {}),
    "the carrier's own rate": ([{"country": "US", "value": "GBP 20"}], {}),
    "a cheaper detour": ([{"country": "SE", "value": "USD 20"}], {"policy": "cheapest"}),
    "no detour": ([{"country": "SE", "value": "USD 20"}], {"policy": "direct"}),
}


def journey(orders, options):
    from datetime import date
    from decimal import Decimal

    from parcelrate.carriers import carriers
    from parcelrate.conversion import Policy, RateTable
    from parcelrate.discounts import FreeShipping, read_coupon
    from parcelrate.money import Money
    from parcelrate.orders import Order, Parcel
    from parcelrate.quotes import Pricer
    from parcelrate.ratestrings import parse_rates
    from parcelrate.regions import atlas

    rates = "USD:EUR:UPS:0.9, EUR:USD:UPS:1.2, EUR:USD:DHL:1.25, SEK:EUR:Svea Post:0.09, SEK:USD:UPS:0.2, EUR:SEK:UPS:11, GBP:EUR:A:1.1, USD:GBP:FedEx:0.8, USD:GBP:A:0.7, EUR:GBP:A:0.9, JPY:EUR:UPS:0.006, EUR:JPY:UPS:160.5"
    coupons = [{"code": "TENTH", "kind": "percent", "value": 10}, {"code": "THREE", "kind": "fixed", "value": 3}, {"code": "HUGE", "kind": "fixed", "value": 999},
               {"code": "SHIP", "kind": "free", "value": 2}, {"code": "LATE", "kind": "free", "last": "2024-03-05"}, {"code": "RICH", "kind": "free", "min_value": 20},
               {"code": "TWICE", "kind": "free", "max_uses": 2}]
    policy = Policy(options.pop("policy", "shortest"))
    fields = {"bulk": {5: Decimal(4), 10: Decimal("7.5")}, "free": FreeShipping(Decimal(150), {"DE": Decimal(45)}, 20_000), **options}
    coupons = {entry["code"]: read_coupon(entry) for entry in coupons}
    pricer = Pricer(carriers(), atlas(), RateTable(parse_rates(rates)), "EUR", date(2024, 3, 6), policy, coupons=coupons, **fields)
    wanted = []
    for number, order in enumerate(orders):
        currency, figure = order.get("value", "EUR 20").split()
        parcel = Parcel(order.get("weight", 500), order.get("sides", (100, 100, 100)))
        day = date.fromisoformat(order["day"]) if "day" in order else None
        wanted.append(Order(f"WEB-000{number}", order.get("country", "DE"), Money.parse(figure, currency), parcel, order.get("postcode", ""), order.get("parcels", 1), frozenset(order.get("flags", ())), order.get("coupon"), day))
    best, refused = pricer.best_offers(wanted)
    for offer in best:
        print(offer.order_id, offer.carrier, offer.total, offer.via, [f"{line.label} {line.amount}" for line in offer.lines], offer.coupon)
    print(refused)
    print([(offer.carrier, str(offer.total)) for offer in pricer.offers(wanted[-1])])
