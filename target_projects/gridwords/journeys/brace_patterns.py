"""A list editor writes many words as one brace pattern."""

WHO = "an editor of the word lists"
SUBJECT = "Brace pattern"
DETAIL = "The last step of all counts the words of {1..10000}."

CASES = {
    "no braces": ("cat", 100),
    "nothing": ("", 100),
    "one pair": ("c{a,u}t", 100),
    "two pairs": ("{a,b}c{d,e}", 100),
    "alternatives out of order": ("{c,a,b}", 100),
    "an alternative twice": ("{a,b,a}", 100),
    "the same word in two ways": ("{a,ab}{b,}", 100),
    "an empty alternative": ("play{,s,ed}", 100),
    "an empty alternative at the end": ("un{do,}", 100),
    "braces in braces": ("{a{b,c}}", 100),
    "nested alternatives": ("{a,b}{c,{d,e}}", 100),
    "three levels": ("{{a,z},a{b,{c,d}},{ab,z}}", 100),
    "one alternative": ("{cat}", 100),
    "commas outside": ("dog,c{a,u}t", 100),
    "a comma at the end": ("dog,", 100),
    "an escaped comma": (r"{a\,b,c}", 100),
    "escaped braces": (r"\{a,b\}", 100),
    "an escaped backslash": (r"a\\{b,c}", 100),
    "an escaped letter": (r"\cat", 100),
    "an escaped range": (r"\{1..3\}", 100),
    "numbers": ("{1..5}", 100),
    "numbers past ten": ("r{9..11}", 100),
    "numbers below zero": ("{-2..1}", 100),
    "numbers that go down": ("{5..3}", 100),
    "one number": ("{4..4}", 100),
    "a step": ("{1..9..3}", 100),
    "a step that misses the end": ("{1..8..3}", 100),
    "a step down": ("{9..1..3}", 100),
    "a step of one": ("{1..3..1}", 100),
    "letters": ("{a..e}", 100),
    "letters that go down": ("{e..c}", 100),
    "letters with a step": ("{a..g..2}", 100),
    "capital letters": ("{X..Z}", 100),
    "numbers with zeros": ("{08..11}", 100),
    "zeros in the last number": ("{1..010..9}", 100),
    "zeros below zero": ("{-01..1}", 100),
    "zero itself": ("{0..10..5}", 100),
    "a range among alternatives": ("{x,{1..3}}", 100),
    "half a range": ("{1..}", 100),
    "a number and a letter": ("{1..c}", 100),
    "a small and a capital letter": ("{a..D}", 100),
    "a step of zero": ("{1..9..0}", 100),
    "a brace that is never closed": ("ab{c,d", 100),
    "an inner brace that is never closed": ("{a,{b}", 100),
    "a brace that was never opened": ("ab}c", 100),
    "empty braces": ("a{}b", 100),
    "a backslash at the end": ("ab\\", 100),
    "as many words as allowed": ("{1..3}{1..2}", 6),
    "one word too many": ("{1..3}{1..2}", 5),
    "alternatives as many as allowed": ("{a,b,c,a}", 3),
    "one alternative too many": ("{a,b}", 1),
    "a range of the limit": ("{1..7}", 7),
    "a range beyond the limit": ("{1..8}", 7),
    "fifty braces": ("{" * 50 + "a" + "}" * 50, 100),
    "fifty-one braces": ("{" * 51 + "a" + "}" * 51, 100),
    "letters that are not ASCII": ("é{t,c}é", 100),
}


def journey(pattern, limit):
    from gridwords.patterns import expand

    print(expand(pattern, limit))
    print(len(expand("{1..10000}")))
