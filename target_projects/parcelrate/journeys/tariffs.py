"""Procurement compares what the carriers ask for a parcel."""

WHO = "a buyer in procurement"
SUBJECT = "Tariff"
DETAIL = "All carriers are asked for the same parcel."

CASES = {
    "half a kilogram to Germany": ("DE", "", "500 g", "10x10x10", ""),
    "a gram more": ("DE", "", "501 g", "10x10x10", ""),
    "a kilogram to Austria": ("AT", "", "1kg", "10x10x10", ""),
    "two kilograms to France": ("FR", "", "2kg", "10x10x10", ""),
    "a bit more than two kilograms": ("FR", "", "2.001kg", "10x10x10", ""),
    "five kilograms to Switzerland": ("CH", "", "5kg", "10x10x10", ""),
    "ten kilograms to America": ("US", "", "10kg", "10x10x10", ""),
    "a parcel beyond the bands": ("US", "", "10.5kg", "10x10x10", ""),
    "a parcel far beyond the bands": ("CA", "", "15kg", "10x10x10", ""),
    "nine kilograms to Canada": ("CA", "", "9kg", "10x10x10", ""),
    "three pounds to Mexico": ("MX", "", "3 lb", "12x8x4in", ""),
    "two pounds to Mexico": ("MX", "", "2lbs", "10x10x10", ""),
    "eight ounces to Japan": ("JP", "", "8oz", "10x10x10", ""),
    "a letter to Sweden": ("SE", "", "250g", "30x20x1", ""),
    "a little more to Sweden": ("SE", "", "251g", "30x20x1", ""),
    "three kilograms to Norway": ("NO", "", "3kg", "10x10x10", ""),
    "more than three kilograms to Denmark": ("DK", "", "3.1kg", "10x10x10", ""),
    "Iceland": ("IS", "", "1kg", "10x10x10", ""),
    "Australia": ("AU", "", "1kg", "10x10x10", ""),
    "the heaviest for the Swedes": ("SE", "", "20kg", "10x10x10", ""),
    "a parcel too heavy for the Swedes": ("SE", "", "20.1kg", "10x10x10", ""),
    "the heaviest for the Americans": ("US", "", "68kg", "10x10x10", ""),
    "a parcel too heavy for the Americans": ("US", "", "68.1kg", "10x10x10", ""),
    "the heaviest of all": ("DE", "", "70kg", "10x10x10", ""),
    "a parcel too heavy for all": ("DE", "", "70.1kg", "10x10x10", ""),
    "a bulky parcel": ("DE", "", "1kg", "50x40x40", ""),
    "a bulky parcel at the limit": ("DE", "", "1kg", "50x20x10", ""),
    "a bulky parcel above the limit": ("DE", "", "1kg", "50.1x20x10", ""),
    "a bulky parcel a little above a step": ("DE", "", "100g", "14.3x14.1x12.4", ""),
    "half centimetres": ("DE", "", "100g", "2.5 x 2.5 x 2.5 cm", ""),
    "the longest side for the Swedes": ("SE", "", "1kg", "60x10x10", ""),
    "a parcel too long for the Swedes": ("SE", "", "1kg", "60.1x10x10", ""),
    "the longest side for the Americans": ("US", "", "1kg", "10x110x10", ""),
    "a parcel too long for the Americans": ("US", "", "1kg", "10x110.1x10", ""),
    "a parcel too long for all": ("DE", "", "1kg", "10x10x1201mm", ""),
    "a fragile parcel": ("SE", "", "1kg", "10x10x10", "fragile"),
    "a fragile parcel to America": ("US", "", "1kg", "10x10x10", "fragile"),
    "a parcel with a signature": ("SE", "", "1kg", "10x10x10", "Signature"),
    "a parcel with a signature in America": ("US", "", "1kg", "10x10x10", "signature"),
    "a dangerous parcel": ("DE", "", "1kg", "10x10x10", "dangerous|fragile"),
    "a remote place": ("NO", "9170", "1kg", "10x10x10", ""),
    "a remote place in America": ("US", "96701", "1kg", "10x10x10", "signature|fragile"),
    "a parcel with every flag": ("GB", "ZE1 0AA", "4.2kg", "130x20x10", "signature dangerous fragile"),
    "an unknown flag": ("DE", "", "1kg", "10x10x10", "old|fragile|big"),
    "a weight without a unit": ("DE", "", "1", "10x10x10", ""),
    "a weight of nothing": ("DE", "", "0.0kg", "10x10x10", ""),
    "a size of two sides": ("DE", "", "1kg", "10x10", ""),
    "a side of nothing": ("DE", "", "1kg", "10x0x10", ""),
    "a size with two points": ("DE", "", "1kg", "1.2.3x1x1", ""),
}


def journey(country, postcode, weight, size, flags):
    from parcelrate.carriers import carriers
    from parcelrate.errors import NoService
    from parcelrate.money import Money
    from parcelrate.orders import Order, Parcel, parse_flags, parse_size, parse_weight
    from parcelrate.regions import atlas

    parcel = Parcel(parse_weight(weight), parse_size(size))
    order = Order("WEB-001", country, Money(100, "EUR"), parcel, flags=parse_flags(flags))
    place = atlas().place(country, postcode)
    print(parcel)
    for carrier in carriers():
        try:
            print(carrier.code, "|", carrier.name, "|", carrier.billable_g(parcel), "g |", carrier.base_price(place), "+", carrier.weight_price(parcel))
            print([f"{name} {price}" for name, price in carrier.surcharges_of(order, place.remote)], carrier.fuel_percent)
        except NoService as reason:
            print(carrier.code, reason)
