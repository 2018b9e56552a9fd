"""Support checks a customer's e-mail address before an invoice goes out."""

WHO = "a clerk at the invoicing desk"
SUBJECT = "Customer e-mail address"
DETAIL = "Ana's address in the last lines is the plain one, ana@example.com."

CASES = {
    "a plain address": ("ana@example.com",),
    "an address with a plus tag": ("ana+billing@example.com",),
    "a plus tag after a dot": ("ana.ruiz+march@example.com",),
    "a dotted name": ("ana.maria.ruiz@example.com",),
    "a name with an underscore": ("ana_ruiz@example.com",),
    "an underscore after a dot": ("a.ana_ruiz@example.com",),
    "a name with a hyphen": ("ana-maria@example.com",),
    "a hyphen after a dot": ("m.ana-maria@example.com",),
    "an Irish name": ("s.o'neil@example.com",),
    "an apostrophe at the front": ("o'neil@example.com",),
    "a percent sign": ("ana%office@example.com",),
    "a percent sign after a dot": ("m.ana%office@example.com",),
    "a name with digits": ("desk24.7@example.com",),
    "capital letters": ("Ana@Example.COM",),
    "a subdomain": ("ana@mail.eu.example.co.uk",),
    "a hyphen in the domain": ("ana@my-shop.com",),
    "a domain of digits": ("ana@360.com",),
    "a domain of one letter": ("ana@x.com",),
    "a country domain": ("ana@example.de",),
    "a very long top level": ("ana@example.travelersinsurance",),
    "the longest top level": ("ana@example.abcdefghijklmnopqrstuvwx",),
    "a name of 64 characters": ("n" * 64 + "@example.com",),
    "a name of 65 characters": ("n" * 65 + "@example.com",),
    "a domain label of 63 characters": ("ana@" + "d" * 63 + ".com",),
    "an address of 254 characters": ("n" * 60 + "@" + ("d" * 62 + ".") * 3 + "example",),
    "an address of 260 characters": ("n" * 60 + "@" + ("d" * 62 + ".") * 3 + "abcde.example",),
    "a display name": ("Ana Ruiz <ana@example.com>",),
    "a display name in quotes": ('"Ruiz, Ana" <ana@example.com>',),
    "blanks inside the brackets": ("Ana Ruiz < ana@example.com >",),
    "brackets without a name": ("<ana@example.com>",),
    "blanks around it": ("  ana@example.com ",),
    "a name of three letters": ("bob@example.com",),
    "a name of four letters": ("anna@example.com",),
    "two dots in a row": ("ana..ruiz@example.com",),
    "a domain without a dot": ("ana@localhost",),
    "a missing at sign": ("ana.example.com",),
    "two at signs": ("ana@home@example.com",),
    "a line of text after it": ("ana@example.com please",),
    "no text": ("",),
    "two between commas": ("ana@example.com, bo@example.com",),
    "two between semicolons": ("ana@example.com; bo@example.com",),
    "two on lines of their own": ("ana@example.com\nbo@example.com\n",),
    "a comma at the end": ("ana@example.com,",),
    "blanks between two commas": ("ana@example.com, , bo@example.com",),
    "the same address twice": ("ana@example.com, ana@example.com",),
    "the same address in capitals": ("Ana Ruiz <ana@example.com>, ANA@example.com",),
    "one faulty address of two": ("ana@example.com, bo",),
    "commas alone": (" , ,",),
}


def journey(text):
    from billcycle.addresses import mask, parse_address, parse_recipients, same_inbox

    for address in parse_recipients(text):
        print(f"name {address.name!r}, mailbox {address.mailbox!r}, in the log {mask(address)!r}")
        print("is it Ana?", same_inbox(address, parse_address("ana@example.com")))
