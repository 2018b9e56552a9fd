"""A setter looks for words that fit what is there already."""

WHO = "a setter of puzzles"
SUBJECT = "Words for a pattern"
DETAIL = "The words are given in the steps; no list is loaded."

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
    "letters that are not in a set": (["[!c]*"],),
    "letters that are not in a range": (["c[!a-m]t"],),
    "a full stop": (["c.t"],),
    "two patterns": (["s*", "o*"],),
    "words chosen twice": (["c*", "ca*"],),
    "words taken out": (["s*", "-st*"],),
    "patterns that only take words out": (["-*t"],),
    "two words taken out": (["-*t", "-s*"],),
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
