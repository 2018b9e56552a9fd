from enum import Enum

import pytest

from restdesk.errors import Invalid
from restdesk.fields import (
    Field,
    choice,
    clean_all,
    clean_changes,
    email,
    text,
    whole,
)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


FIELDS = {
    "name": Field(text(1, 10), required=True),
    "size": Field(whole),
    "colour": Field(choice(Colour), default=Colour.RED),
}


def refused(clean, value, name="field"):
    with pytest.raises(Invalid) as caught:
        clean(value, name)
    assert caught.value.param == name
    return caught.value.code


def test_text():
    assert text(1, 20)("  Orchard \n\t Farm ", "name") == "Orchard Farm"

    assert text(1, 4)("Cafe\u0301", "name") == "Caf\u00e9"

    for character in "\x00\x08\x1b\x7f\ud800\udfff":
        assert refused(text(0, 9), f"a{character}b") == "not_text"
    assert text(1, 9)("a\x80\ue000~", "name") == "a\x80\ue000~"

    assert refused(text(0, 9), 5) == "wrong_type"
    assert refused(text(0, 9), ["a"]) == "wrong_type"

    clean = text(2, 4)
    assert [clean(value, "name") for value in ("ab", "abcd")] == ["ab", "abcd"]
    assert refused(clean, " a ") == "too_short"
    assert refused(clean, "abcde") == "too_long"
    assert text(0, 4)("  ", "name") == ""


def test_email_addresses():
    cleaned = {
        " Ana.Lima+x@Example.COM ": "Ana.Lima+x@example.com",
        "a@b-c.d.org": "a@b-c.d.org",
        "a@ab.de": "a@ab.de",
        "a@b4c." + "e" * 63: "a@b4c." + "e" * 63,
        "a!#$%&'*+/=?^_`{|}~-9@X9.de": "a!#$%&'*+/=?^_`{|}~-9@x9.de",
        "a.!#$%&'*+/=?^_`{|}~-9Z.b@9x.De": "a.!#$%&'*+/=?^_`{|}~-9Z.b@9x.de",
        "o'neil_1@example.travel": "o'neil_1@example.travel",
        "x@" + "d" * 63 + ".de": "x@" + "d" * 63 + ".de",
    }
    assert {value: email(value, "email") for value in cleaned} == cleaned

    assert email("a" * 64 + "@example.com", "email").startswith("aaaa")
    assert refused(email, "a" * 65 + "@example.com") == "too_long"
    domain = ".".join(["d" * 60] * 3)
    longest = "a" * 60 + "@" + domain + "." + "d" * 7 + ".de"
    assert len(longest) == 254
    assert email(longest, "email") == longest
    assert refused(email, "b" + longest) == "too_long"


def test_not_email_addresses():
    for value in ("", "ana", "@example.com", "ana@", "ana@example", "a b@example.com"):
        assert refused(email, value, "email") == "email_invalid"

    for value in (".a@example.com", "a..b@example.com", "a@example.com!", "a@b@c.com",
                  "a@-x.com", "a@x-.com", "a@example.c",
                  "a@b@example.com", "a@example..com", "x@" + "d" * 64 + ".de"):  # fmt: skip
        assert refused(email, value, "email") == "email_invalid"

    assert refused(email, None) == "wrong_type"


def test_choices():
    assert choice(Colour)(" Blue ", "colour") is Colour.BLUE
    with pytest.raises(Invalid, match="colour must be one of: blue, red"):
        choice(Colour)("green", "colour")
    assert refused(choice(Colour), 5) == "not_a_choice"


def test_whole_numbers():
    assert whole(1, "amount") == 1
    assert refused(whole, 0) == "not_positive"
    assert refused(whole, -1) == "not_positive"
    assert [refused(whole, value) for value in (True, 10.0, "10")] == ["wrong_type"] * 3


def test_clean_all():
    assert clean_all({"name": " Ana ", "size": None}, FIELDS) == {
        "name": "Ana",
        "size": None,
        "colour": Colour.RED,
    }
    assert clean_all({"name": "Ana", "size": 3, "colour": "blue"}, FIELDS) == {
        "name": "Ana",
        "size": 3,
        "colour": Colour.BLUE,
    }

    for body, code in [({"name": ""}, "too_short"), ({"name": "Ana", "size": 0}, "not_positive")]:
        with pytest.raises(Invalid) as caught:
            clean_all(body, FIELDS)
        assert caught.value.code == code

    for body in ({}, {"name": None}):
        with pytest.raises(Invalid, match="name is required") as caught:
            clean_all(body, FIELDS)
        assert (caught.value.code, caught.value.param) == ("missing", "name")


def test_clean_changes():
    assert clean_changes({"size": 3}, FIELDS) == {"size": 3}
    assert clean_changes({}, FIELDS) == {}

    assert clean_changes({"colour": None, "size": None}, FIELDS) == {
        "colour": Colour.RED,
        "size": None,
    }
    for body, code in [({"name": ""}, "too_short"), ({"size": 0}, "not_positive")]:
        with pytest.raises(Invalid) as caught:
            clean_changes(body, FIELDS)
        assert caught.value.code == code
    with pytest.raises(Invalid, match="name is required") as caught:
        clean_changes({"name": None}, FIELDS)
    assert (caught.value.code, caught.value.param) == ("missing", "name")


def test_unknown_fields_are_refused():
    for clean in (clean_all, clean_changes):
        with pytest.raises(Invalid, match="Unknown field: age") as caught:
            clean({"name": "Ana", **dict.fromkeys("zyxwvutsrq"), "age": 5}, FIELDS)
        assert (caught.value.code, caught.value.param) == ("unknown_field", "age")
