"""Somebody at the desk asks what an amount is in another currency, and who settles it."""

WHO = "a clerk at the quotes desk"
SUBJECT = "Conversion"
DETAIL = "The rates are given in the steps."

CASES = {
    "a direct rate": ("USD:CAD:DHL:5", "USD 10.50", "CAD", "direct", None, 3, "0"),
    "the cheapest of three carriers": ("USD:CAD:DHL:5, USD:CAD:UPS:4, USD:CAD:FedEx:6", "USD 1", "CAD", "direct", None, 3, "0"),
    "two carriers at the same rate": ("USD:CAD:UPS:5, USD:CAD:DHL:5", "USD 1", "CAD", "direct", None, 3, "0"),
    "the same currency": ("USD:CAD:DHL:5", "USD 1.23", "USD", "cheapest", None, 3, "0"),
    "the other way round": ("USD:CAD:DHL:5", "CAD 1", "USD", "shortest", None, 3, "0"),
    "a chain where a direct rate is asked for": ("USD:EUR:DHL:2, EUR:GBP:DHL:2", "USD 1", "GBP", "direct", None, 3, "0"),
    "a chain": ("USD:EUR:UPS:2, EUR:GBP:DHL:2", "USD 1", "GBP", "shortest", None, 3, "0"),
    "a chain with a fee": ("USD:EUR:UPS:2, EUR:GBP:DHL:2", "USD 1", "GBP", "shortest", None, 3, "10"),
    "the short way": ("USD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:GBP:DHL:0.75", "USD 10", "GBP", "shortest", None, 3, "0"),
    "the cheap way": ("USD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:GBP:DHL:0.75", "USD 10", "GBP", "cheapest", None, 3, "0"),
    "the cheap way at a fee": ("USD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:GBP:DHL:0.75", "USD 10", "GBP", "cheapest", None, 3, "5"),
    "two short ways": ("USD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:CAD:UPS:1, CAD:GBP:UPS:0.6", "USD 10", "GBP", "shortest", None, 3, "0"),
    "two ways that are equally cheap": ("USD:EUR:A:1, EUR:GBP:A:1, USD:GBP:UPS:1", "USD 10", "GBP", "cheapest", None, 3, "0"),
    "two ways that are equal in all": ("USD:EUR:B:1, EUR:GBP:C:1, USD:CAD:A:1, CAD:GBP:C:1", "USD 10", "GBP", "shortest", None, 3, "0"),
    "two cheap ways that are equal in all": ("USD:EUR:B:1, EUR:GBP:C:1, USD:CAD:A:1, CAD:GBP:C:1", "USD 10", "GBP", "cheapest", None, 3, "0"),
    "three hops": ("USD:EUR:A:2, EUR:GBP:B:2, GBP:JPY:C:2", "USD 1", "JPY", "shortest", None, 3, "10"),
    "a hop too many": ("USD:EUR:A:2, EUR:GBP:B:2, GBP:JPY:C:2", "USD 1", "JPY", "shortest", None, 2, "0"),
    "one hop at most": ("USD:EUR:A:2, EUR:GBP:B:2", "USD 1", "GBP", "cheapest", None, 1, "0"),
    "a circle that gets cheaper": ("USD:EUR:A:0.5, EUR:USD:A:0.5, USD:GBP:A:1", "USD 1", "GBP", "cheapest", None, 4, "0"),
    "one carrier only": ("USD:CAD:FedEx:5, USD:CAD:UPS:4", "USD 1", "CAD", "direct", ["fedEX"], 3, "0"),
    "two carriers only": ("USD:EUR:UPS:1, EUR:GBP:DHL:1, USD:GBP:A:1", "USD 1", "GBP", "shortest", ["UPS", "DHL"], 3, "0"),
    "a carrier that has no rate": ("USD:CAD:FedEx:5", "USD 1", "CAD", "direct", ["UPS"], 3, "0"),
    "a carrier with an ß": ("USD:CHF:Groß & Co:2, USD:CHF:UPS:1", "USD 1", "CHF", "direct", ["GROSS & CO"], 3, "0"),
    "a carrier with two s": ("USD:CHF:GROSS & CO:2, USD:CHF:UPS:1", "USD 1", "CHF", "direct", ["Groß & Co"], 3, "0"),
    "no carrier allowed": ("USD:CAD:FedEx:5", "USD 1", "CAD", "direct", [], 3, "0"),
    "a chain into yen": ("EUR:USD:DHL:0.333, USD:JPY:DHL:151.5", "EUR 10", "JPY", "shortest", None, 3, "0"),
    "half a yen": ("EUR:JPY:DHL:150.5", "EUR 1", "JPY", "direct", None, 3, "0"),
    "an amount of 0": ("EUR:USD:DHL:1.1", "EUR 0", "USD", "direct", None, 3, "0"),
    "less than half a yen": ("EUR:JPY:DHL:150.4", "EUR 1", "JPY", "direct", None, 3, "0"),
    "out of dinars": ("KWD:EUR:DHL:3.001", "KWD 0.125", "EUR", "direct", None, 3, "0"),
    "no way at all": ("USD:EUR:DHL:1, GBP:CAD:DHL:1", "USD 1", "CAD", "cheapest", None, 3, "0"),
    "an unknown policy": ("USD:CAD:DHL:5", "USD 1", "CAD", "fastest", None, 3, "0"),
}


def journey(text, amount, target, policy, carriers, max_hops, fee):
    from decimal import Decimal

    from parcelrate.conversion import Policy, RateTable
    from parcelrate.money import Money
    from parcelrate.ratestrings import parse_rates

    currency, figure = amount.split()
    table = RateTable(parse_rates(text), max_hops, Decimal(fee))
    money, route = table.convert(Money.parse(figure, currency), target, Policy(policy), carriers)
    print(money, "by", route.carrier, "at", route.rate)
    print(route)
    print(RateTable(parse_rates(text)).convert(Money.parse(figure, currency), target, Policy.SHORTEST)[1])
