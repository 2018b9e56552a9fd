"""A signatory pastes a link from a mail, whole or in part."""

WHO = "a signatory"
SUBJECT = "Signing link"
DETAIL = "The link of the steps is good for seven days."

CASES = {
    "a link": ("https://sign.test/sign/{token}", "6d", ["first secret, 16+"]),
    "the token alone": ("{token}", "6d", ["first secret, 16+"]),
    "a link in brackets": ("<https://sign.test/sign/{token}>", "6d", ["first secret, 16+"]),
    "a link with a slash": ("https://sign.test/sign/{token}/", "6d", ["first secret, 16+"]),
    "a link with blanks around": ("  https://sign.test/sign/{token}\n", "6d", ["first secret, 16+"]),
    "a link with a tracking suffix": ("https://sign.test/sign/{token}?utm_source=mail/7", "6d", ["first secret, 16+"]),
    "a link with an anchor": ("https://sign.test/sign/{token}#top", "6d", ["first secret, 16+"]),
    "a link at the end of a sentence": ("https://sign.test/sign/{token}.", "6d", ["first secret, 16+"]),
    "a link a second before it runs out": ("{token}", "604799s", ["first secret, 16+"]),
    "a link when it runs out": ("{token}", "7d", ["first secret, 16+"]),
    "a link long after": ("{token}", "8d", ["first secret, 16+"]),
    "a link after the secret was changed": ("{token}", "6d", ["second secret, 16+", "first secret, 16+"]),
    "a link of a secret that is gone": ("{token}", "6d", ["second secret, 16+"]),
    "a link of two retired secrets": ("{token}", "6d", ["third secret, 16+", "second secret", "first secret, 16+"]),
    "no secret": ("{token}", "6d", []),
    "a link that lost its end": ("https://sign.test/sign/s1.RE9D", "6d", ["first secret, 16+"]),
    "a link with something behind it": ("{token}.x", "6d", ["first secret, 16+"]),
    "a link with a letter of another alphabet": ("{token}é", "6d", ["first secret, 16+"]),
    "a link with two letters lost": ("{token_cut}", "6d", ["first secret, 16+"]),
    "a link of another release": ("s0{token}", "6d", ["first secret, 16+"]),
    "a link to nothing": ("https://sign.test/", "6d", ["first secret, 16+"]),
    "an empty link": ("", "6d", ["first secret, 16+"]),
}


def journey(pasted, wait, secrets):
    from signflow.moments import FrozenClock, parse_span, to_text
    from signflow.tokens import Claim, Mint, check_time, link

    clock = FrozenClock("2024-03-05T09:00:00Z")
    claim = Claim("DOC-2024-0012", 3, 2, clock() + parse_span("7d"))
    token = Mint(["first secret, 16+"]).issue(claim)
    print(link("https://sign.test", token))
    mint = Mint(secrets)
    clock.forward(wait)
    read = mint.read(pasted.format(token=token, token_cut=token[:-2]))
    print(read.key, to_text(read.expires))
    print(mint.issue(read))
    check_time(read, clock())
    print("good at", to_text(clock()))
