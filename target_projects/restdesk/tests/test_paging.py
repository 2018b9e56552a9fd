import pytest
from builders import make_customer

from restdesk.errors import Invalid
from restdesk.paging import Page, Wanted, cut, read_filters, read_wanted, show_page


def refused(query):
    with pytest.raises(Invalid) as caught:
        read_wanted(query, 10, 100)
    return caught.value.code, caught.value.param


def shown(page, wanted):
    return show_page(page, wanted, lambda row: row.id)


def test_which_page():
    assert read_wanted({}, 10, 100) == Wanted(10)

    wanted = read_wanted({"limit": "5", "starting_after": "cus_0001"}, 10, 100)
    assert wanted == Wanted(5, "cus_0001", 0)
    assert wanted.offset == 0

    assert read_wanted({"page": "3"}, 10, 100) == Wanted(10, None, 3)
    assert [Wanted(10, None, number).offset for number in (0, 1, 2, 3)] == [0, 0, 10, 20]


def test_limits_of_the_limit():
    assert [read_wanted({"limit": text}, 10, 100).limit for text in ("1", "100")] == [1, 100]
    assert refused({"limit": "101"}) == ("limit_too_large", "limit")
    assert refused({"limit": "0"}) == ("limit_invalid", "limit")


def test_numbers_that_are_none():
    assert read_wanted({"page": "0123456789"[1:]}, 10, 100).number == 123_456_789
    for text in ("", "-1", "2.5", "ten", "٣", "1000000000", "9" * 5000):
        assert refused({"limit": text}) == ("limit_invalid", "limit")
    assert refused({"page": "0"}) == ("page_invalid", "page")

    assert refused({"page": "1", "starting_after": "x"}) == ("page_ambiguous", "page")


def test_filters():
    query = {"limit": "5", "starting_after": "x", "page": "1", "status": "active"}
    assert read_filters(query, ("email", "status")) == {"status": "active"}

    with pytest.raises(Invalid, match="Unknown parameter: colour") as caught:
        read_filters({"colour": "red", **dict.fromkeys("zyxwvutsrq", "x")}, ("status",))
    assert (caught.value.code, caught.value.param) == ("unknown_parameter", "colour")


def test_cut():
    assert cut([], Wanted(2)) == ([], False)
    assert cut([9, 8], Wanted(2)) == ([9, 8], False)
    assert cut([9, 8, 7], Wanted(2)) == ([9, 8], True)


def test_page_by_cursor():
    page = Page((make_customer(2), make_customer(1)), has_more=False)
    assert shown(page, Wanted(2)) == {
        "object": "list",
        "data": ["cus_0002", "cus_0001"],
        "has_more": False,
    }
    assert shown(Page((), has_more=True), Wanted(2, "cus_0001"))["has_more"] is True


def test_numbered_page():
    body = shown(Page((make_customer(1),), has_more=True, total=5), Wanted(2, None, 2))
    assert (body["page"], body["pages"], body["total"]) == (2, 3, 5)

    def pages(total):
        return shown(Page((), False, total), Wanted(10, None, 1))["pages"]

    assert [pages(total) for total in (0, 1, 10, 11, 20, 21)] == [0, 1, 1, 2, 2, 3]
