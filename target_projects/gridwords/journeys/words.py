"""A setter's words are cleaned before they go into a grid."""

WHO = "a setter of puzzles"
SUBJECT = "Cleaning of a word"
DETAIL = "No list is needed for this: the word is cleaned by itself."

CASES = {
    "a plain word": ("tiger", 3, 15, "keep"),
    "capitals": ("TIGER", 3, 15, "keep"),
    "blanks around it": ("  tiger\t", 3, 15, "keep"),
    "two words": ("polar bear", 3, 15, "keep"),
    "hyphens": ("jack-in-the-box", 3, 15, "keep"),
    "an apostrophe": ("o'clock", 3, 15, "keep"),
    "a curly apostrophe": ("o’clock", 3, 15, "keep"),
    "accents that are kept": ("été", 3, 15, "keep"),
    "accents of two characters": ("e\u0301te\u0301", 3, 15, "keep"),
    "accents that are folded": ("été", 3, 15, "fold"),
    "folded accents of two characters": ("e\u0301te\u0301", 3, 15, "fold"),
    "a Danish letter": ("øre", 3, 15, "fold"),
    "Polish letters": ("Łódź", 3, 15, "fold"),
    "a joined letter": ("æon", 4, 4, "fold"),
    "a joined letter that is kept": ("æon", 4, 15, "keep"),
    "another joined letter": ("œuf", 3, 15, "fold"),
    "an Icelandic letter": ("þor", 3, 15, "fold"),
    "a barred letter": ("Đon", 3, 15, "fold"),
    "a sharp s": ("straße", 7, 7, "keep"),
    "the shortest word": ("cat", 3, 15, "keep"),
    "a word that is too short": ("at", 3, 15, "keep"),
    "the longest word": ("abcdefghijklmno", 3, 15, "keep"),
    "a word that is too long": ("abcdefghijklmnop", 3, 15, "keep"),
    "a single letter": ("a", 1, 1, "keep"),
    "a digit": ("cat5", 3, 15, "keep"),
    "an underscore": ("c_t", 3, 15, "keep"),
    "a full stop": ("cat.", 3, 15, "keep"),
    "no letters": (" - ", 1, 15, "keep"),
    "no text": ("", 1, 15, "keep"),
}


def journey(text, min_length, max_length, accents):
    from gridwords.words import WordRules, longest_first

    rules = WordRules(min_length, max_length, accents)
    print(rules.clean(text), WordRules())
    print(rules.clean_all(["zebra ", text, " ", text.upper(), "ants"]) if max_length > 5 else "")
    print(longest_first(["ant", "bee", rules.clean(text)]))
