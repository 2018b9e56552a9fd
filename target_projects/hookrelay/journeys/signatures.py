"""A merchant's developer checks the signature of a webhook with what our documentation says."""

WHO = "a developer at a merchant"
SUBJECT = "Signature of a webhook"
DETAIL = "The steps use two secrets, a new one and an old one."

CASES = {
    "a fresh webhook": ("t={t},v1={good}", 0, "{}"),
    "a webhook with text": ("t={t},v1={good}", 0, '{"reference":"Café"}'),
    "blanks in the header": (" v1={good} , t={t} ", 0, "{}"),
    "capital letters": ("t={t},v1={GOOD}", 0, "{}"),
    "two signatures": ("t={t},v1={old},v1={good}", 0, "{}"),
    "the old signature alone": ("t={t},v1={old}", 0, "{}"),
    "another scheme beside it": ("t={t},v0=zz,v1={good}", 0, "{}"),
    "another scheme alone": ("t={t},v0={good}", 0, "{}"),
    "a part without a value": ("t={t},v1={good},x", 0, "{}"),
    "no time stamp": ("v1={good}", 0, "{}"),
    "no signature": ("t={t}", 0, "{}"),
    "an empty header": ("", 0, "{}"),
    "a word for a time stamp": ("t=soon,v1={good}", 0, "{}"),
    "an empty time stamp": ("t=,v1={good}", 0, "{}"),
    "a negative time stamp": ("t=-5,v1={good}", 0, "{}"),
    "a signature of odd letters": ("t={t},v1=ü", 0, "{}"),
    "another body": ("t={t},v1={other}", 0, "{}"),
    "a check five minutes later": ("t={t},v1={good}", 300, "{}"),
    "a check a second more than five minutes later": ("t={t},v1={good}", 301, "{}"),
    "a check five minutes earlier": ("t={t},v1={good}", -300, "{}"),
    "a check a second more than five minutes earlier": ("t={t},v1={good}", -301, "{}"),
    "a check a day later": ("t={t},v1={good}", 86400, "{}"),
}


def journey(header, shift, body):
    from datetime import UTC, datetime, timedelta

    from hookrelay.signing import parse_header, sign, signature, verify

    now, t = datetime(2024, 3, 1, 8, 0, 0, 999_000, tzinfo=UTC), 1709280000
    secret, old = "whsec_0123456789abcdef", "whsec_ffffffffffffffff"
    good = signature(secret, t, body.encode("utf-8"))
    print(sign([secret, old], now, body.encode("utf-8")))
    header = header.format(t=t, good=good, GOOD=good.upper(), old=signature(old, t, body.encode("utf-8")),
                           other=signature(secret, t, b"?"))
    print(parse_header(header))
    later = now + timedelta(seconds=shift)
    verify(header, body.encode("utf-8"), [secret], later, timedelta(minutes=5))
    print("the signature is good")
