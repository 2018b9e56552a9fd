"""The proxy hands on where a signatory comes from, in one of several notations."""

WHO = "an auditor"
SUBJECT = "Address of a signatory"
DETAIL = "No document is needed for this: the address is read by itself."

CASES = {
    "an address": ("192.0.2.77",),
    "an address with blanks": (" 192.0.2.77 ",),
    "an address and a port": ("192.0.2.77:51000",),
    "an address behind two proxies": ("192.0.2.77, 10.0.0.1, 10.0.0.2",),
    "an IPv6 address": ("2001:DB8:7:0:0:0:0:1",),
    "an IPv6 address in brackets": ("[2001:db8:7:9::1]",),
    "an IPv6 address and a port": ("[2001:db8::1]:443",),
    "an IPv4 address written as IPv6": ("::ffff:192.0.2.77",),
    "the machine itself": ("127.0.0.1",),
    "a name": ("localhost",),
    "a number that is too large": ("192.0.2.256",),
    "an empty first entry": (", 192.0.2.77",),
    "an empty address": ("",),
    "no address": (None,),
}


def journey(text):
    from signflow.people import clean_address

    print("address:", clean_address(text))
