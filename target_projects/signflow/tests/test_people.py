import pytest

from signflow.errors import AddressError
from signflow.people import (
    Person,
    clean_address,
    clean_email,
    clean_name,
    parse_people,
    parse_person,
)


def test_email_that_is_good():
    assert clean_email(" Ana.Ruiz@Example.COM\n") == "ana.ruiz@example.com"

    for email in [
        "a@b.co",
        "a+b@example.com",
        "o'neil_x-1@mail.ex-ample.org",
        "a.b.c@x9.museum",
        "a@9.example.com",
    ]:
        assert clean_email(email) == email

    signs = "!#$%&'*+/=?^_`{|}~-"
    for email in (f"{signs}z9@b0-9z.example.com", f"a.{signs}z9@example.com"):
        assert clean_email(email) == email


def test_email_that_is_not():
    for email in [
        "", "ana", "ana@", "@example.com", "ana@example", "a..b@example.com", ".a@example.com",
        "ana@-x.com", "ana@x-.com", "ana@example.c", "ana ruiz@example.com", "a@b@example.com",
        "zoë@example.com", "ana@example.com!", "a@b.co,c@d.co",
    ]:  # fmt: skip
        with pytest.raises(AddressError, match="not an e-mail address"):
            clean_email(email)


def test_longest_local_part():
    assert clean_email("a" * 64 + "@example.com")
    with pytest.raises(AddressError, match="too long"):
        clean_email("a" * 65 + "@example.com")


def test_longest_email():
    labels = "a@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 60
    assert clean_email(labels + "." + "f" * 7)
    with pytest.raises(AddressError, match="too long"):
        clean_email(labels + "." + "f" * 9)

    email = "a@" + ".".join(letter * 60 for letter in "bcde") + "." + "f" * 8
    assert len(email) == 254
    assert clean_email(f" {email}\n") == email


def test_name_is_composed_and_tidied():
    assert clean_name(' "Zoe\u0308   Ruiz" ') == "Zo\u00eb Ruiz"


def test_person():
    assert parse_person("Ana Ruiz <Ana@example.com>") == Person("Ana Ruiz", "ana@example.com")
    assert parse_person(" ana@example.com ") == Person("", "ana@example.com")
    assert parse_person("<ana@example.com>") == Person("", "ana@example.com")

    assert parse_person(" Ana <ana@example.com> \n") == Person("Ana", "ana@example.com")
    for text in ("Ana <ana@example.com> x", "2: ana@example.com\nben@example.com"):
        with pytest.raises(AddressError, match="not an e-mail address"):
            parse_person(text)

    assert str(Person("Ana", "ana@example.com")) == "Ana <ana@example.com>"
    assert str(Person("", "ana@example.com")) == "ana@example.com"


def test_person_in_a_group():
    assert parse_person("2: Ana <ana@example.com>") == Person("Ana", "ana@example.com", 2)
    assert parse_person(" 12 :ana@example.com").group == 12
    assert parse_person("Ana: 2 <ana@example.com>").name == "Ana: 2"


def test_groups_go_from_1_to_99():
    assert parse_person("1: a@b.co").group == 1
    assert parse_person("99: a@b.co").group == 99
    for text in ("0: a@b.co", "100: a@b.co"):
        with pytest.raises(AddressError, match="groups go from 1 to 99"):
            parse_person(text)


def test_people_by_semicolon_and_line():
    people = parse_people("2: ana@example.com; Ben <ben@example.com>;\n\ncleo@example.com\n")
    assert [person.email[:3] for person in people] == ["ana", "ben", "cle"]
    assert [person.group for person in people] == [2, 1, 1]

    assert parse_people(" ;\n") == []
    assert len(parse_people("ana@example.com\nben@example.com")) == 2

    with pytest.raises(AddressError, match="ana@example.com is named twice"):
        parse_people("Ana <ana@example.com>; 2: ANA@example.com")


def test_client_address():
    for text, expected in [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:51000", "192.0.2.7"),
        ("192.0.2.7, 10.0.0.1, 10.0.0.2", "192.0.2.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ]:
        assert clean_address(text) == expected

    for text in [None, "", "localhost", "192.0.2.256", ", 192.0.2.7", "1.2.3:80", "192.0.2.7:80x"]:
        assert clean_address(text) == "unknown"
