import pytest
from builders import NOW, at, make_document, make_signatory

from signflow.blocks import add_block, blocks, check_text, original_text
from signflow.documents import Signatory
from signflow.errors import DocumentError
from signflow.versions import text_hash

DOCUMENT = make_document(make_signatory(1), make_signatory(2))
TEXT = "Pacht für Łódź\n"


def signed(text=TEXT, *positions):
    for position in positions or (1,):
        signatory = DOCUMENT.signatories[position - 1]
        text = add_block(text, DOCUMENT, signatory, at(f"{position} 09:00"), "192.0.2.7")
    return text


def test_block_below_the_text():
    assert signed() == (
        "Pacht für Łódź\n\n\n"
        "-----BEGIN SIGNATURE 1 OF 2-----\n"
        "Name: Name 1\n"
        "Email: p1@example.com\n"
        "Signed: 2024-03-01T09:00:00+00:00\n"
        "From: 192.0.2.7\n"
        f"Text-SHA256: {text_hash(TEXT)}\n"
        "-----END SIGNATURE 1-----"
    )


def test_second_block_is_for_the_same_text():
    text = signed(TEXT, 2, 1)
    assert text.startswith(signed(TEXT, 2) + "\n\n-----BEGIN SIGNATURE 1 OF 2-----\n")
    assert text.count(f"Text-SHA256: {text_hash(TEXT)}\n") == 2


def test_name_of_somebody_without_one():
    nameless = Signatory(1, "", "cleo@example.com")
    assert "\nName: cleo@example.com\n" in add_block("x", DOCUMENT, nameless, NOW, "unknown")


def test_original_text_to_the_character():
    for text in ("", "x", "x\n", "x\r\n\r\n", "a\n\n\nb", "-----BEGIN"):
        assert original_text(signed(text, 1, 2)) == text
        assert original_text(text) == text


def test_blocks_in_the_order_of_signing():
    first, second = blocks(signed(TEXT, 2, 1))
    assert first == signed("", 2).removeprefix("\n\n").replace(text_hash(""), text_hash(TEXT))
    assert second.startswith("-----BEGIN SIGNATURE 1 OF 2-----\n")
    assert blocks(TEXT) == []


def test_text_to_be_sent():
    check_text("x")
    check_text("see the BEGIN SIGNATURE below: -----BEGIN SIGNATURE 1")

    for text in ("", " \n\t"):
        with pytest.raises(DocumentError, match="is empty"):
            check_text(text)
    for text in (
        signed(), "x\n  -----BEGIN SIGNATURE 9", "-----BEGIN SIGNATURE 1 OF 1-----",
        "x\u2028-----BEGIN SIGNATURE 1", "-----BEGIN SIGNATURE \n",
    ):  # fmt: skip
        with pytest.raises(DocumentError, match="signature block already"):
            check_text(text)
