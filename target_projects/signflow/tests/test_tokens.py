import base64
from datetime import timedelta

import pytest
from builders import NOW, SECRET

from signflow.errors import SettingsError, TokenError
from signflow.tokens import Claim, Mint, check_time, link, tidy

CLAIM = Claim("DOC-2024-0001", 2, 3, NOW)
TOKEN = "s1.RE9DLTIwMjQtMDAwMToyOjM6MTcwOTYyOTIwMA.FG9rBZrTTGKAChJSILVx9rzwK3A"


@pytest.fixture
def mint():
    return Mint([SECRET])


def problem(mint, token):
    with pytest.raises(TokenError) as caught:
        mint.read(token)
    return caught.value.problem


def test_token_is_always_the_same(mint):
    assert mint.issue(CLAIM) == TOKEN


def test_token_there_and_back(mint):
    assert mint.read(mint.issue(CLAIM)) == CLAIM
    large = Claim("DOC-2024-12345", 12, 10, NOW + timedelta(days=1))
    assert mint.read(mint.issue(large)) == large

    assert mint.read(TOKEN).expires == NOW


def test_claim_key_is_the_same_for_every_link_of_a_round():
    assert CLAIM.key == "DOC-2024-0001/2/3"
    assert Claim("DOC-2024-0001", 2, 3, NOW + timedelta(days=1)).key == CLAIM.key


def test_check_time():
    check_time(CLAIM, NOW - timedelta(seconds=1))
    for now in (NOW, NOW + timedelta(seconds=1)):
        with pytest.raises(TokenError) as caught:
            check_time(CLAIM, now)
        assert caught.value.problem == "expired"


def test_forged_token(mint):
    assert problem(mint, Mint(["somebody else's key"]).issue(CLAIM)) == "forged"

    _, _, seal = TOKEN.split(".")
    other = base64.urlsafe_b64encode(b"DOC-2024-0001:1:3:1709629200").rstrip(b"=").decode()
    assert problem(mint, f"s1.{other}.{seal}") == "forged"

    assert problem(mint, TOKEN[:-3]) == "forged"
    assert problem(mint, TOKEN.rpartition(".")[0] + ".") in ("forged", "malformed")


def test_malformed_token(mint):
    for token in [
        "", "s1", "s1.abc", TOKEN + ".x", "s2" + TOKEN[2:], TOKEN[:10] + "*" + TOKEN[11:],
        TOKEN[:-1] + "é", "s1.a.b", "s1.é" + TOKEN[4:],
    ]:  # fmt: skip
        assert problem(mint, token) == "malformed"


def test_authentic_token_that_claims_nothing(mint):
    for text in [
        "DOC-2024-0001:2:3",
        "DOC-24-0001:2:3:4",
        "DOC-2024-0001:2:3:4x",
        "xDOC-2024-0001:2:3:4",
    ]:

        class Odd(Claim):
            def __str__(self):
                return text

        assert problem(mint, mint.issue(Odd("DOC-2024-0001", 1, 1, NOW))) == "malformed"


def test_secrets():
    both = Mint(["the new secret, 2024", SECRET])
    assert both.read(TOKEN) == CLAIM
    assert both.issue(CLAIM) == Mint(["the new secret, 2024"]).issue(CLAIM)

    mint = Mint(["Schlüssel für Łódź"])
    assert mint.read(mint.issue(CLAIM)) == CLAIM

    with pytest.raises(SettingsError, match="links.secret is not set"):
        Mint([])


def test_link():
    assert link("https://sign.test", TOKEN) == f"https://sign.test/sign/{TOKEN}"


def test_tidy():
    for pasted in [
        "s1.a.b", " s1.a.b\n", "<https://x.test/sign/s1.a.b>", "https://x.test/sign/s1.a.b/",
        "https://x.test/sign/s1.a.b?utm_source=mail/7", "https://x.test/sign/s1.a.b#top",
        "s1.a.b.",
    ]:  # fmt: skip
        assert tidy(pasted) == "s1.a.b"
    assert (tidy(""), tidy("https://"), tidy(".s1.a")) == ("", "https:", ".s1.a")
