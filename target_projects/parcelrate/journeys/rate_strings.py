"""Treasury sends a rate string by mail, and somebody checks it."""

WHO = "a colleague in treasury"
SUBJECT = "Rate string"
DETAIL = "No file is needed for this: the string is read by itself."

CASES = {
    "three rates": ("USD:CAD:DHL:5, USD:GBP:FedEx:3, EUR:USD:UPS:8",),
    "small letters and blanks": ("usd : cad:\tSvea Post :0.75\n",),
    "lines": ("USD:CAD:DHL:5,\nEUR:CAD:DHL:2",),
    "a comma at the end": ("USD:CAD:DHL:5,\n",),
    "remarks": ("# morning, rates\nUSD:CAD:DHL:5,\n  # EUR:CAD:DHL:1,\nEUR:USD:DHL:2",),
    "a fault after a remark": ("# ab\nUSD:CAD:DHL:0",),
    "nothing": ("",),
    "a comma only": (" ,",),
    "two commas": ("USD:CAD:DHL:5,,EUR:CAD:DHL:5",),
    "three fields": ("USD:CAD:DHL:5, USD:GBP:3",),
    "five fields": ("  USD:CAD:DHL:5:6",),
    "a comma forgotten": ("USD:CAD:DHL:5\nUSD:GBP:DHL:3",),
    "a source of two letters": ("USD:CAD:DHL:5, US:GBP:DHL:3",),
    "a target of one letter": ("USD:CAD:DHL:5, USD: G:DHL:3",),
    "no carrier": ("USD:CAD::5",),
    "a carrier that begins with a digit": ("USD:CAD:  7-11:5",),
    "a carrier with signs": ("USD:CAD:Smith & Co. 2-Day:5",),
    "a carrier from Åland": ("USD:CAD:Åland:5",),
    "a carrier with an apostrophe": ("USD:CAD:O'Neil:5",),
    "a carrier of 24 letters": ("USD:CAD:abcdefghijklmnopqrstuvwx:5",),
    "a carrier of 25 letters": ("USD:CAD:abcdefghijklmnopqrstuvwxy:5",),
    "a carrier with a slash": ("USD:CAD:a/b:5",),
    "no rate": ("USD:CAD:DHL:",),
    "a rate in words": ("EUR:USD:UPS:8, USD:CAD:DHL: five",),
    "a rate of zero": ("USD:CAD:DHL:0.00",),
    "a rate below zero": ("USD:CAD:DHL:-1",),
    "a rate with an exponent": ("USD:CAD:DHL:1e3",),
    "the lowest rate": ("USD:CAD:DHL:0.00000001",),
    "nine decimals": ("USD:CAD:DHL:0.000000001",),
    "the highest rate": ("USD:CAD:DHL:999999999",),
    "ten digits": ("USD:CAD:DHL:1000000000",),
    "noughts at the end": ("USD:CAD:DHL:15000.00, USD:GBP:DHL:1.10",),
    "a currency into itself": ("EUR:CAD:DHL:5, USD: usd:DHL:5",),
    "the same entry twice": ("USD:CAD:DHL:5, USD:CAD:dhl:5.0",),
    "another rate for the same": ("USD:CAD:DHL:5,  usd:cad:dhl:6",),
    "the same carrier with an ß": ("USD:CAD:Groß:5, USD:CAD:GROSS:5",),
    "a remark behind a tab": ("#\n\t# a,b\nUSD:CAD:DHL:5",),
    "two carriers": ("USD:CAD:ups:5, USD:CAD:DHL:4, EUR:CAD:DHL:4",),
}


def journey(text):
    from parcelrate.ratestrings import format_rates, parse_rates

    rates = parse_rates(text)
    for rate in rates:
        print(rate.source, rate.target, rate.carrier, rate.value)
    print(format_rates(rates))
