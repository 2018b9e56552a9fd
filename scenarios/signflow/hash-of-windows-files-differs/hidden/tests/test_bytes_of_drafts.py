"""What is signed is the file, to the byte."""

import pytest

from signflow.cli import main

ENVIRON = {"SIGNFLOW_LINKS_SECRET": "a secret of some length"}


@pytest.mark.parametrize(
    "data",
    [
        b"Lease\r\n\r\nThe rent is 900.\r\n",
        b"Lease\r\nThe rent is 900.\n",
        b"Lease\rThe rent is 900.",
    ],
    ids=["from Windows", "mixed", "carriage returns"],
)
def test_a_draft_keeps_every_byte(tmp_path, monkeypatch, data):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lease.txt").write_bytes(data)
    people = ["--owner", "bo@example.com", "--signer", "ana@example.com"]
    assert main(["draft", "lease.txt", "--title", "Lease", *people], ENVIRON) == 0
    [stored] = (tmp_path / "versions").glob("*/0001-original.txt")
    assert stored.read_bytes() == data
