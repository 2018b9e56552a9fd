import pytest
from gridwords.errors import WordError
from gridwords.words import WordRules, fold, longest_first

ANY = WordRules(1, 50)


def test_words_are_capitals():
    assert ANY.clean("  cat\n") == "CAT"
    assert ANY.clean("straße") == "STRASSE"


def test_joined_words():
    assert ANY.clean("polar bear") == "POLARBEAR"
    assert ANY.clean("jack-in-the-box") == "JACKINTHEBOX"
    assert [ANY.clean(text) for text in ("o'clock", "o’clock")] == ["OCLOCK", "OCLOCK"]
    assert ANY.clean("a -  b") == "AB"


def test_accents_are_kept():
    assert ANY.clean("été") == "ÉTÉ"
    assert ANY.clean("e\u0301te\u0301") == "ÉTÉ"


def test_accents_are_folded():
    folded = WordRules(1, 50, "fold")
    assert folded.clean("été") == "ETE"
    assert folded.clean("Łódź") == "LODZ"

    for word, plain in [
        ("ØRE", "ORE"),
        ("ŁAD", "LAD"),
        ("ÆON", "AEON"),
        ("ŒUF", "OEUF"),
        ("ĐON", "DON"),
        ("ÞOR", "THOR"),
    ]:
        assert fold(word) == plain


def test_other_characters():
    for text in ["", " - ", "cat5", "cat.", "c_t", "c&t"]:
        with pytest.raises(WordError, match="not made of letters"):
            ANY.clean(text)


def test_length_limits():
    rules = WordRules(3, 5)
    assert [rules.clean("cat"), rules.clean("tiger")] == ["CAT", "TIGER"]
    with pytest.raises(WordError, match="AT has fewer than 3 letters"):
        rules.clean("at")
    with pytest.raises(WordError, match="RABBIT has more than 5 letters"):
        rules.clean("rabbit")

    assert WordRules(4, 4, "fold").clean("æon") == "AEON"
    assert WordRules(3, 3).clean("a-b-c") == "ABC"


def test_lengths_unless_told_otherwise():
    rules = WordRules()
    assert (rules.min_length, rules.max_length, rules.accents) == (3, 15, "keep")


def test_many_words():
    assert ANY.clean_all(["dog", "cat", " ", "Dog", ""]) == ["DOG", "CAT"]


def test_longest_first():
    assert longest_first({"CAT", "TIGER", "ANT", "LION"}) == ["TIGER", "LION", "ANT", "CAT"]
