"""A clerk enters who has to sign, the way people write names and addresses."""

WHO = "a clerk who prepares documents"
SUBJECT = "People who sign"
DETAIL = "No document is needed for this: the people are read by themselves."

CASES = {
    "a bare address": ("ana@example.com",),
    "a name and an address": ("Ana Ruiz <ana@example.com>",),
    "an address in capitals": (" Ana.Ruiz@Example.COM ",),
    "a name in quotes": ('"Ruiz,  Ana" <ana@example.com>',),
    "a name with blanks around": ("  Ana   Ruiz  <ana@example.com>",),
    "an accent of its own": ("Zoe\u0308 Ruiz <zoe@example.com>",),
    "brackets without a name": ("<ana@example.com>",),
    "a group": ("2: Ana <ana@example.com>",),
    "a group and blanks": (" 12 : ana@example.com",),
    "the first group": ("1:ana@example.com",),
    "the last group": ("99: ana@example.com",),
    "a group of zero": ("0: ana@example.com",),
    "a group of a hundred": ("100: ana@example.com",),
    "a name with a colon": ("Ana: director <ana@example.com>",),
    "three people": ("ana@example.com; Ben <ben@example.com>\n3: cleo@example.com",),
    "empty lines between people": (";\nana@example.com;;\n\n",),
    "nobody": (" ; ",),
    "somebody twice": ("ana@example.com; Ana <ANA@example.com>",),
    "somebody twice in two groups": ("1: ana@example.com; 2: ana@example.com",),
    "a plus in the address": ("a+b@example.com",),
    "odd signs in the address": ("!#$%&'*+/=?^_`{|}~-0.!#$%&'*+/=?^_`{|}~-9@b0-9z.example.com",),
    "an apostrophe in the address": ("o'neil_x@ex-ample.org",),
    "two dots in a row": ("a..b@example.com",),
    "a dot in front": (".a@example.com",),
    "a domain without a dot": ("ana@example",),
    "a last part of one letter": ("ana@example.c",),
    "a last part of two letters": ("ana@example.co",),
    "a hyphen in front of the domain": ("ana@-example.com",),
    "a hyphen at the end of the domain": ("ana@example-.com",),
    "a short domain": ("a@b.co",),
    "no at sign": ("ana.example.com",),
    "a blank in the address": ("ana ruiz@example.com",),
    "a letter with an accent in the address": ("zoë@example.com",),
    "a local part of 64 letters": ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",),
    "a local part of 65 letters": ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",),
    "an address of 254 letters": ("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.ffffffff",),
    "an address of 255 letters": ("a@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.fffffffff",),
}


def journey(text):
    from signflow.people import parse_people

    for person in parse_people(text):
        print(f"group {person.group}: {person} (name: {person.name!r})")
