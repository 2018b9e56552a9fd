import hashlib
import hmac

import pytest
from builders import DAY, MINUTE, NOW, SECOND, SECRET
from hookrelay.errors import SignatureError
from hookrelay.signing import check_secret, parse_header, sign, signature, verify

OLD = "whsec_ffffffffffffffff"
BODY = '{"reference":"Café"}'.encode()
T = 1_709_280_000


def test_signatures_are_hmac_sha256_over_time_and_body():
    expected = hmac.new(SECRET.encode(), b"1709280000." + BODY, hashlib.sha256).hexdigest()
    assert signature(SECRET, T, BODY) == expected


def test_the_header():
    assert sign([SECRET], NOW, BODY) == f"t={T},v1={signature(SECRET, T, BODY)}"

    one, two = signature(SECRET, T, BODY), signature(OLD, T, BODY)
    assert sign([SECRET, OLD], NOW, BODY) == f"t={T},v1={one},v1={two}"


def test_time_stamps_are_whole_seconds():
    assert sign([], NOW + 0.999 * SECOND, b"") == f"t={T}"


def test_headers():
    for header in ["t=5,v1=Ab", " v1=aB , t=5 ", "t=5,v0=zz,v1=AB", "t=5,v1=ab,x"]:
        assert parse_header(header) == (5, ("ab",))

    for header, problem in [
        ("", "no time stamp"),
        ("v1=ab", "no time stamp"),
        ("t=5", "no v1 signature"),
        ("t=5,v0=ab", "no v1 signature"),
        ("t=soon,v1=ab", "not a time stamp: 'soon'"),
        ("t=,v1=ab", "not a time stamp: ''"),
        ("t=-5,v1=ab", "not a time stamp"),
        ("t=٣,v1=ab", "not a time stamp"),
    ]:
        with pytest.raises(SignatureError, match=problem):
            parse_header(header)


def test_a_good_signature():
    verify(sign([SECRET], NOW, BODY), BODY, [SECRET], NOW, MINUTE)
    verify(f"t={T},v1={signature(SECRET, T, BODY).upper()}", BODY, [SECRET], NOW, MINUTE)


def test_during_a_rotation_either_secret_is_good():
    header = sign([SECRET, OLD], NOW, BODY)
    verify(header, BODY, [OLD], NOW, MINUTE)
    verify(sign([OLD], NOW, BODY), BODY, [SECRET, OLD], NOW, MINUTE)


def test_signatures_that_do_not_match():
    for body, secrets in [(BODY + b" ", [SECRET]), (BODY, [OLD]), (BODY, [])]:
        with pytest.raises(SignatureError, match="no signature matches"):
            verify(sign([SECRET], NOW, BODY), body, secrets, NOW, MINUTE)

    with pytest.raises(SignatureError, match="no signature matches"):
        verify(f"t={T},v1=ü", BODY, [SECRET], NOW, MINUTE)


def test_within_the_tolerance():
    for shift in [60, -60]:
        verify(sign([SECRET], NOW, BODY), BODY, [SECRET], NOW + shift * SECOND, MINUTE)

    for shift in [61, -61]:
        with pytest.raises(SignatureError, match="the time stamp is 61 seconds off"):
            verify(sign([SECRET], NOW, BODY), BODY, [SECRET], NOW + shift * SECOND, MINUTE)


def test_another_time_stamp_does_not_pass():
    header = sign([SECRET], NOW, BODY).replace(f"t={T}", f"t={T + 1}")
    with pytest.raises(SignatureError, match="no signature matches"):
        verify(header, BODY, [SECRET], NOW, MINUTE)


def test_secrets():
    for length in [16, 64]:
        assert check_secret(f" whsec_{'aZ' * (length // 2)}\n") == f"whsec_{'aZ' * (length // 2)}"

    for text in ["whsec_" + "a" * 15, "whsec_" + "a" * 65, "sec_" + "a" * 20, "whsec_" + "a-" * 8]:
        with pytest.raises(SignatureError, match="a secret is whsec_"):
            check_secret(text)


def test_headers_at_the_edges():
    assert parse_header("t=0,v1=a=b") == (0, ("a=b",))


def test_a_tolerance_of_days_and_a_secret_of_another_provider():
    header = sign(["schlüssel"], NOW, BODY)
    verify(header, BODY, ["schlüssel"], NOW + DAY + SECOND, DAY + SECOND)
