import pytest
from builders import NOW, at, make_document, make_signatory

from signflow.blocks import Block, add_block, check_text, foreign_blocks, original_text, read_blocks
from signflow.errors import DocumentError, VersionError
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
    assert [block.sha256 for block in read_blocks(text)] == [text_hash(TEXT)] * 2


def test_name_of_somebody_without_one():
    text = add_block("x", DOCUMENT, make_signatory(1), NOW, "unknown")
    assert "\nName: Name 1\n" in text
    nameless = make_document().signatories[0].__class__(1, "", "cleo@example.com")
    assert "\nName: cleo\n" in add_block("x", DOCUMENT, nameless, NOW, "unknown")


def test_original_text_to_the_character():
    for text in ("", "x", "x\n", "x\r\n\r\n", "a\n\n\nb", "-----BEGIN"):
        assert original_text(signed(text, 1, 2)) == text
        assert original_text(text) == text


def test_blocks_in_the_order_of_signing():
    first, second = read_blocks(signed(TEXT, 2, 1))
    assert first == Block(
        2, 2, "Name 2", "p2@example.com", at("2 09:00"), "192.0.2.7", text_hash(TEXT)
    )
    assert (second.position, second.total, second.signed_at) == (1, 2, at("1 09:00"))

    assert read_blocks(TEXT) == []
    assert foreign_blocks(TEXT) == []

    assert read_blocks(signed().replace("END SIGNATURE 1", "END SIGNATURE 2")) == []


def test_value_with_a_colon_and_an_empty_one():
    text = signed().replace("Name: Name 1", "Name: Ana: Ruiz").replace("192.0.2.7", "")
    (block,) = read_blocks(text)
    assert (block.name, block.address) == ("Ana: Ruiz", "")


def test_faulty_block():
    text = signed().replace("Email: p1@example.com\n", "").replace("From: 192.0.2.7\n", "")
    with pytest.raises(VersionError, match="signature 1 lacks Email, From"):
        read_blocks(text)

    with pytest.raises(VersionError, match="not a line of a signature: 'Hello'"):
        read_blocks(signed().replace("Name: Name 1", "Hello"))


def test_foreign_blocks():
    text = signed(TEXT, 2, 1)
    assert foreign_blocks(text) == []
    assert foreign_blocks(text.replace("Pacht", "Miete")) == [1, 2]
    changed = text.replace(f"{text_hash(TEXT)}\n-----END SIGNATURE 2", "00\n-----END SIGNATURE 2")
    assert foreign_blocks(changed) == [2]


def test_text_to_be_sent():
    check_text("x")
    check_text("see the BEGIN SIGNATURE below: -----BEGIN SIGNATURE 1")

    for text in ("", " \n\t"):
        with pytest.raises(DocumentError, match="is empty"):
            check_text(text)
    for text in (signed(), "x\n  -----BEGIN SIGNATURE 9", "-----BEGIN SIGNATURE 1 OF 1-----"):
        with pytest.raises(DocumentError, match="signature block already"):
            check_text(text)
