"""A setter looks for words that fit what is there already."""

WHO = "the setters"
SUBJECT = "Words for a pattern"
DETAIL = "The lists were loaded an hour ago."

CASES = {
    "a question mark": (["c?t"],),
    "two question marks": (["??t"],),
    "a star": (["c*t"],),
    "a star at the front": (["*ing"],),
    "a star alone": (["*"],),
    "capitals": (["CAT"],),
    "a part of words": (["at"],),
    "a vowel": (["c@t"],),
    "a vowel with an accent": (["@cu"],),
    "consonants": (["#@#"],),
    "a consonant or a digit": (["b#"],),
    "a set": (["[co]?t"],),
    "a range": (["c[a-m]*"],),
    "the end of a range": (["c[a-o]t"],),
    "what is not in a set": (["[!c]*"],),
    "what is not in a range": (["c[!a-m]t"],),
    "a full stop": (["c.t"],),
    "two patterns": (["s*", "o*"],),
    "words chosen twice": (["c*", "ca*"],),
    "words taken out": (["s*", "-st*"],),
    "only words taken out": (["-*t"],),
    "two taken out": (["-*t", "-s*"],),
    "everything taken out": (["*", "-*"],),
    "no patterns": ([],),
    "an empty pattern": ([""],),
    "a set that is not closed": (["c[at"],),
    "an empty set": (["c[]t"],),
    "a set of digits": (["c[1]t"],),
    "a range backwards": (["c[e-a]t"],),
}


def journey(patterns):
    from gridwords.patterns import select

    for word in select(["STING", "CAT", "COT", "CUT", "CAST", "OAT", "ÉCU", "SING", "CAT", "BB", "B1", "C.T"], patterns):
        print(word)
