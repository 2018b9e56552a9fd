import pytest

from billcycle.addresses import mask, parse_address, parse_recipients, same_inbox
from billcycle.errors import AddressError


ACCEPTED = {
    "plus tags": ["ana+billing@example.com", "ana.b+c@example.com"],
    "dots": ["ana.ruiz@example.com", "a.b.c@example.com"],
    "underscores and hyphens": ["ana_ruiz@example.com", "a-b@example.com", "a.o_b-c@example.com"],
    "apostrophes": ["o'neil@example.com", "ana.o'neil@example.com"],
    "percent signs and digits": ["ana%office@example.com", "ana2@example.com", "a.2%b@example.com"],
    "subdomains": ["ana@mail.example.com", "ana@a.b.example.co.uk"],
    "hyphens and digits in domains": ["ana@my-shop.com", "ana@3com.com", "ana@web24.com"],
    "top levels": ["ana@example.de", "ana@example.travelersinsurance", "ana@example." + "z" * 24],
    "longest and shortest parts": [
        "z" * 64 + "@example.com",
        "ana@" + "d" * 63 + ".com",
        "a@x.com",
    ],
}


@pytest.mark.parametrize("feature", ACCEPTED)
def test_accepts(feature):
    texts = ACCEPTED[feature]
    assert [parse_address(text).mailbox for text in texts] == texts


def assert_refused(*texts):
    for text in texts:
        with pytest.raises(AddressError, match="not an e-mail address"):
            parse_address(text)


def test_rejects_odd_local_parts():
    assert_refused(".ana@example.com", "ana.@example.com", "ana..b@example.com")
    assert_refused(
        "ana ruiz@example.com", "@example.com", "ana@@example.com", "ana.example.com", ""
    )


def test_rejects_odd_domains():
    assert_refused("ana@example", "ana@example.c", "ana@example.c0m", "ana@example.com.")
    assert_refused("ana@-shop.com", "ana@shop-.com")
    assert_refused("ana@" + "d" * 64 + ".com", "ana@example." + "z" * 25)


def test_rejects_text_around_an_address():
    assert_refused("ana@example.com please", "to ana@example.com")
    assert_refused("Ana <ana@example.com> please", "Ana < Ruiz <ana@example.com>")


def test_too_long_addresses():
    with pytest.raises(AddressError, match="more than 64"):
        parse_address("z" * 65 + "@example.com")

    domain = ".".join(["d" * 60] * 4)
    text = "z" * (254 - len(domain) - 5) + "@" + domain + ".com"
    assert len(text) == 254
    assert parse_address(text).mailbox == text
    with pytest.raises(AddressError, match="longer than 254"):
        parse_address("z" + text)


def test_addresses_are_tidied():
    address = parse_address("Ana@Example.COM")
    assert (address.local, address.domain) == ("Ana", "example.com")

    assert parse_address("  ana@example.com\n").mailbox == "ana@example.com"


def names(*texts):
    found = [parse_address(text) for text in texts]
    assert {address.mailbox for address in found} == {"ana@example.com"}
    return [address.name for address in found]


def test_display_name():
    assert names("Ana Ruiz <ana@example.com>", "<ana@example.com>") == ["Ana Ruiz", ""]
    assert names('"Ruiz, Ana" <ana@example.com>') == ["Ruiz, Ana"]

    assert names("Ana <  ana@example.com >", "Ana<ana@example.com>") == ["Ana", "Ana"]


def test_text_shows_the_name_when_there_is_one():
    assert str(parse_address("Ana Ruiz <ana@example.com>")) == "Ana Ruiz <ana@example.com>"
    assert str(parse_address("<ana@example.com>")) == "ana@example.com"


def test_recipients_are_separated_by_commas_semicolons_and_lines():
    recipients = parse_recipients("ana@example.com, bo@example.com;cy@example.com\ndi@example.com")
    assert [address.local for address in recipients] == ["ana", "bo", "cy", "di"]


def test_recipients_appear_once():
    recipients = parse_recipients("Ana <ana@example.com>, bo@example.com, ANA@example.com")
    assert isinstance(recipients, list)
    assert [str(address) for address in recipients] == ["Ana <ana@example.com>", "bo@example.com"]


def test_separators_alone_are_no_recipients():
    with pytest.raises(AddressError, match="no recipient"):
        parse_recipients(" , ")

    assert len(parse_recipients("ana@example.com; ")) == 1


def test_tags_and_case_share_an_inbox():
    assert same_inbox(parse_address("Ana+march@example.com"), parse_address("ana@example.com"))

    assert not same_inbox(parse_address("ana@example.com"), parse_address("ana@example.org"))
    assert not same_inbox(parse_address("ana+x@example.com"), parse_address("bo+x@example.com"))


def test_mask_shows_two_letters_of_names_longer_than_three():
    texts = ["a@example.com", "ana@example.com", "anna@example.com"]
    shown = [mask(parse_address(text)) for text in texts]
    assert shown == ["a***@example.com", "a***@example.com", "an***@example.com"]
