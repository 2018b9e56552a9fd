"""A clerk looks up where a parcel goes."""

WHO = "a clerk in the dispatch office"
SUBJECT = "Country"
DETAIL = "No order is needed for this: the place is looked up by itself."

CASES = {
    "Germany": ("DE", "10115"),
    "small letters": (" de ", ""),
    "Greece by its other code": ("el", ""),
    "Britain by its other code": ("UK", "E1 0AA"),
    "America by three letters": ("usa", "10001"),
    "Shetland": ("GB", " ze1 0aa"),
    "Inverness": ("GB", "IV27 4XY"),
    "the Hebrides": ("GB", "HS11AA"),
    "Orkney": ("GB", "KW15 1AA"),
    "half a postcode": ("GB", "ZE1"),
    "a postcode with more before it": ("GB", "AZE1 0AA"),
    "the north of Norway": ("NO", "9170"),
    "Oslo": ("NO", "0150"),
    "a northern postcode of another country": ("SE", "9170"),
    "Hawaii": ("US", "96701"),
    "more of Hawaii": ("US", "96899"),
    "Alaska": ("US", "99501-1234"),
    "more of Alaska": ("US", "99601"),
    "Alaska with half a suffix": ("US", "99501-12"),
    "Iceland": ("IS", ""),
    "Finland": ("FI", ""),
    "Denmark": ("DK", ""),
    "Sweden": ("SE", ""),
    "Switzerland": ("CH", ""),
    "Ukraine": ("UA", ""),
    "Portugal": ("PT", ""),
    "Poland": ("PL", ""),
    "Canada": ("CA", ""),
    "Mexico": ("MX", ""),
    "Singapore": ("SG", ""),
    "Kuwait": ("KW", ""),
    "South Africa": ("ZA", ""),
    "New Zealand": ("NZ", ""),
    "a country that nobody knows": ("QQ", "9999"),
    "no country": ("", ""),
    "one letter": ("D", ""),
    "a name": ("Sweden", ""),
    "a letter and a digit": ("S1", ""),
}


def journey(country, postcode):
    from parcelrate.regions import atlas

    place = atlas().place(country, postcode)
    print(place.country, place.regions, "remote" if place.remote else "not remote")
