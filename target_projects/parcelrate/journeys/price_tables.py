"""Procurement tries a carrier's new price table before it is packaged, prices of 0 included."""

WHO = "a buyer in procurement"
SUBJECT = "Price table"
DETAIL = "The carrier of the steps is made up; its prices are in euros."

CASES = {
    "prices for a country and its region": ({"DE": "5.90"}, {"EU": "11.90", "WORLD": "38"}, "DE", "2kg", ""),
    "a price of 0 to a country": ({"DE": "0"}, {"EU": "11.90", "WORLD": "38"}, "DE", "2kg", ""),
    "a price of 0 to a region": ({"DE": "5.90"}, {"EU": "0", "WORLD": "38"}, "FR", "2kg", ""),
    "a price of 0 to the world": ({}, {"WORLD": "0"}, "US", "2kg", ""),
    "a price of 0.00 to a country without a region": ({"DE": "0.00"}, {}, "DE", "500 g", ""),
    "a region only": ({}, {"EU": "11.90"}, "FR", "500 g", ""),
    "a country without a price": ({"DE": "5.90"}, {}, "FR", "500 g", ""),
    "a band of 0": ({"DE": "5.90"}, {}, "DE", "500 g", ""),
    "a weight beyond the bands": ({"DE": "0"}, {}, "DE", "7.2kg", ""),
    "a surcharge of 0": ({"DE": "5.90"}, {}, "DE", "500 g", "fragile"),
    "a price of 0 with a surcharge": ({"DE": "0"}, {}, "DE", "500 g", "signature"),
    "a surcharge without a price": ({"DE": "5.90"}, {}, "DE", "500 g", "dangerous"),
}


def journey(countries, regions, country, weight, flags):
    from parcelrate.carriers import read_carrier
    from parcelrate.money import Money
    from parcelrate.orders import Order, Parcel, parse_flags, parse_weight
    from parcelrate.regions import atlas

    entry = {"name": "Test Express", "currency": "EUR", "divisor": 5000, "step_g": 500, "max_weight_g": 70000,
             "max_side_cm": 120, "fuel_percent": "0", "free_shipping": True, "per_kg": "1.40",
             "bands": {"500": "0", "2000": "3.50", "5000": "7.20"},
             "surcharges": {"fragile": "0", "signature": "4.50"}, "countries": countries, "regions": regions}
    carrier = read_carrier("TEST", entry)
    parcel = Parcel(parse_weight(weight), (100, 100, 100))
    order = Order("WEB-001", country, Money(100, "EUR"), parcel, flags=parse_flags(flags))
    print("to the country:", carrier.base_price(atlas().place(country, "")))
    print("for the weight:", carrier.weight_price(parcel))
    print("extra:", [f"{name} {price}" for name, price in carrier.surcharges_of(order, False)])
