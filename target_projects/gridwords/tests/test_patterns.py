import pytest
from gridwords.errors import PatternError
from gridwords.patterns import expand, select


def test_alternatives_are_combined():
    assert expand("{a,b}c{d,e}") == ["acd", "ace", "bcd", "bce"]
    assert expand("{a,b,c}d{e,f}") == ["ade", "adf", "bde", "bdf", "cde", "cdf"]

    assert expand("cat") == ["cat"]
    assert expand("") == [""]


def test_nested_braces_and_duplicates():
    assert expand("{a{b,c}}") == ["ab", "ac"]
    assert expand("{a,b}{c,{d,e}}") == ["ac", "ad", "ae", "bc", "bd", "be"]
    assert expand("{{a,z},a{b,c},{ab,z}}") == ["a", "ab", "ac", "z"]

    assert expand("{b,a,b,a}") == ["a", "b"]
    assert expand("{a,ab}{b,}") == ["a", "ab", "abb"]


def test_commas():
    assert expand("dog,c{a,u}t") == ["cat", "cut", "dog"]

    assert expand("play{,s,ed}") == ["play", "played", "plays"]
    assert expand("{un,}do") == ["do", "undo"]


def test_escaped_characters():
    assert expand(r"a\,b") == ["a,b"]
    assert expand(r"\{a\}") == ["{a}"]
    assert expand(r"{a\,b,c\\}") == ["a,b", "c\\"]
    assert expand(r"\{1..3\}") == ["{1..3}"]


def test_ranges():
    assert expand("{1..5}") == ["1", "2", "3", "4", "5"]
    assert expand("r{9..11}") == ["r10", "r11", "r9"]
    assert expand("{-1..1}") == ["-1", "0", "1"]
    assert expand("{4..4}") == ["4"]
    assert expand("{123456788..123456789}") == ["123456788", "123456789"]
    assert expand("{0..999999999..999999999}") == ["0", "999999999"]

    assert expand("{a..e}") == ["a", "b", "c", "d", "e"]
    assert expand("{X..Z}1") == ["X1", "Y1", "Z1"]

    assert expand("{3..1}") == ["1", "2", "3"]
    assert expand("{9..1..3}") == ["3", "6", "9"]
    assert expand("{e..c}") == ["c", "d", "e"]


def test_most_braces():
    assert expand("{" * 50 + "a" + "}" * 50) == ["a"]
    with pytest.raises(PatternError, match="column 51: more than 50 braces"):
        expand("{" * 51 + "a" + "}" * 51)


def test_steps_and_padding():
    assert expand("{1..8..3}") == ["1", "4", "7"]
    assert expand("{a..g..2}") == ["a", "c", "e", "g"]

    assert expand("{08..11}") == ["08", "09", "10", "11"]
    assert expand("{1..010..9}") == ["001", "010"]
    assert expand("{-01..1}") == ["-01", "000", "001"]
    assert expand("{0..10..5}") == ["0", "10", "5"]

    assert expand("{x,{1..3}}") == ["1", "2", "3", "x"]
    assert expand("{1..}") == ["1.."]


def test_faulty_braces():
    for pattern, column, why in [
        ("ab}c", 3, "'}' without"),
        ("a{b,c", 2, "never closed"),
        ("{a,{b}", 1, "never closed"),
        ("a{}b", 2, "empty braces"),
        ("ab\\", 3, "nothing after"),
        ("x{1..c}", 2, "1 and c do not make"),
        ("{a..9}", 1, "a and 9 do not make"),
        ("{a..D}", 1, "a and D do not make"),
        ("x{1..9..0}", 2, "a step of 0"),
    ]:
        with pytest.raises(PatternError, match=f"column {column}: .*{why}") as caught:
            expand(pattern)
        assert caught.value.position == column - 1


def test_limits():
    assert len(expand("{1..3}{1..2}", limit=6)) == 6
    with pytest.raises(PatternError, match="column 12: more than 5 words"):
        expand("{1..3}{1..2}", limit=5)

    assert expand("{c,a,b,a}", limit=3) == ["a", "b", "c"]
    with pytest.raises(PatternError, match="column 4: more than 1 words"):
        expand("{a,b}", limit=1)

    assert len(expand("{1..40}", limit=40)) == 40
    with pytest.raises(PatternError, match="more than 39 words"):
        expand("{1..40}", limit=39)


def test_limit_unless_told_otherwise():
    assert len(expand("{1..10000}")) == 10_000
    with pytest.raises(PatternError, match="more than 10000 words"):
        expand("{0..10000}")


WORDS = ["CAT", "COT", "CAST", "OAT", "ÉCU", "SING", "STING"]


def test_wildcards():
    assert select(WORDS, ["C?T"]) == ["CAT", "COT"]
    assert select(WORDS, ["C*T"]) == ["CAST", "CAT", "COT"]
    assert select(WORDS, ["*ING"]) == ["SING", "STING"]

    assert select(["BAT", "BET", "BIT", "BOT", "BUT", "BYT"], ["B@T"]) == [
        "BAT",
        "BET",
        "BIT",
        "BOT",
        "BUT",
    ]
    assert select(WORDS, ["#@#"]) == ["CAT", "COT"]
    assert select(["AB", "B1", "BB"], ["B#"]) == ["BB"]


def test_patterns_are_for_whole_words_in_any_case():
    assert select(WORDS, ["cat"]) == ["CAT"]
    assert select(WORDS, ["OA"]) == select(WORDS, ["AT"]) == []
    assert select(WORDS, ["é??"]) == ["ÉCU"]

    assert select(["CAT", "C.T"], ["C.T"]) == ["C.T"]


def test_sets():
    assert select(WORDS, ["[co]?T"]) == ["CAT", "COT", "OAT"]
    assert select(WORDS, ["[!c]?T"]) == ["OAT"]
    assert select(WORDS, ["C[a-m]*"]) == ["CAST", "CAT"]


def test_faulty_sets():
    for pattern in ["C[AT", "C[]T", "C[1]", "C[A--B]", "C[1]T[AB]"]:
        with pytest.raises(PatternError, match="column 2: not a set"):
            select(WORDS, [pattern])

    with pytest.raises(PatternError, match="bad character range"):
        select(WORDS, ["[E-A]*"])


def test_several_patterns():
    assert select(["COT", "CAT", "CAT"], ["C*", "CA?"]) == ["CAT", "COT"]
    assert select(WORDS, ["S*", "O*", "-ST*"]) == ["OAT", "SING"]
    assert select(WORDS, ["-*T", "-S*"]) == ["STING", "ÉCU"][1:]
    assert select(WORDS, []) == sorted(WORDS)
