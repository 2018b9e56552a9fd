import pytest
from builders import SECRET

from signflow import __version__
from signflow.cli import main
from signflow.moments import FrozenClock
from signflow.service import SigningDesk
from signflow.settings import load
from signflow.storage import connect

ENVIRON = {"SIGNFLOW_LINKS_SECRET": SECRET}
ID = "DOC-2024-0001"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder; gives exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lease.txt").write_bytes(b"Lease\r\n")

    def run(*arguments, at="2024-03-05T09:00:00Z", **environ):
        code = main(["--at", at, *arguments], {**ENVIRON, **environ})
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def draft(run, *signers, owner="Bo@example.com", **environ):
    flags = [part for s in signers or ("Ana <ana@example.com>",) for part in ("--signer", s)]
    return run("draft", "lease.txt", "--title", "Lease", "--owner", owner, *flags, **environ)


def token(position=1):
    db = connect("signflow.db")
    desk = SigningDesk(db, load(environ=ENVIRON), FrozenClock("2024-03-05T09:00:00Z"))
    document = desk.store.get(ID)
    db.close()
    return desk.token(document, document.signatories[position - 1])


@pytest.fixture
def sent(run):
    draft(run)
    run("send", ID)
    return run


def test_draft(run, tmp_path):
    (tmp_path / "lease.txt").write_bytes("\ufeffPacht: Łódź\r\n".encode())
    assert draft(run, "Ana <ana@example.com>", "2: ben@example.com") == (
        0, f"{ID} for 2 to sign (parallel): Lease\n",
    )  # fmt: skip
    stored = tmp_path / "versions" / ID / "0001-original.txt"
    assert stored.read_bytes() == "Pacht: Łódź\r\n".encode()


def test_draft_in_another_order(run):
    flags = ("--title", "x", "--owner", "bo@example.com", "--signer", "a@b.co")
    assert "(groups)" in run("draft", "lease.txt", *flags, "--order", "groups")[1]
    assert "(sequential)" in draft(run, SIGNFLOW_SIGNING_ORDER="sequential")[1]


def test_draft_from_a_template(run, tmp_path):
    flags = ["--title", "NDA", "--owner", "bo@example.com", "--signer", "ana@example.com"]
    values = ("company=Hartley", "partner=A=B", "day=2024-03-05", "penalty=10")
    settings = [part for value in values for part in ("--set", value)]
    assert run("draft", "--template", "nda", *settings, *flags)[0] == 0
    text = (tmp_path / "versions" / ID / "0001-original.txt").read_text(encoding="utf-8")
    assert "between Hartley and A=B, dated 5 Mar 2024." in text
    assert run("draft", "--template", "nda", "--set", "day", *flags) == (
        1, "signflow: write name=value, not 'day'\n",
    )  # fmt: skip


def test_draft_without_a_readable_file(run, tmp_path):
    flags = ("--title", "x", "--owner", "bo@example.com", "--signer", "a@b.co")
    (tmp_path / "latin.txt").write_bytes("Größe".encode("latin-1"))
    assert run("draft", *flags) == (1, "signflow: name a file or a --template\n")
    assert run("draft", "absent.txt", *flags) == (1, "signflow: cannot read absent.txt\n")
    assert run("draft", "latin.txt", *flags) == (1, "signflow: cannot read latin.txt\n")


def test_draft_of_a_file_at_home(run, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "a.txt").write_text("x", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    flags = ("--title", "x", "--owner", "bo@example.com", "--signer", "a@b.co")
    assert run("draft", "~/a.txt", *flags)[0] == 0


def test_send_and_send_again(run):
    draft(run)
    expected = f"{ID}  sent              0/1  14 days left  bo***@example.com  Lease\n"
    assert run("send", ID) == (0, expected)
    assert run("send", ID) == (1, f"signflow: {ID} was sent already\n")
    assert run("send", "--again", ID, at="2024-03-06T09:00:00Z") == (0, expected)


def test_view(sent):
    assert sent("view", token(), "--address", "192.0.2.7") == (0, "Lease\r\n\n")
    assert "viewed ana@example.com 192.0.2.7\n" in sent("audit", ID)[1]


def test_sign_twice(sent):
    link = f"https://sign.example.com/sign/{token()}"
    assert sent("sign", link, "--address", "192.0.2.7") == (
        0, f"{ID}: signed at 2024-03-05 09:00:00+00:00, version 2\n",
    )  # fmt: skip
    assert sent("sign", link, at="2024-05-05T09:00:00Z") == (
        0, f"{ID}: signed already at 2024-03-05 09:00:00+00:00, version 2\n",
    )  # fmt: skip


def test_decline(sent):
    assert sent("decline", token()) == (1, "signflow: please say why you decline\n")
    code, text = sent("decline", token(), "--reason", "rent", "--address", "::1")
    assert (code, text) == (0, f"{ID}: declined at 2024-03-05 09:00:00+00:00, version 1\n")
    assert "declined ana@example.com ::1" in sent("audit", ID)[1]


def test_void(sent):
    assert sent("void", ID, "--reason", "sold") == (
        0, f"{ID}  voided            0/1  bo***@example.com  Lease\n",
    )  # fmt: skip


def test_scan(sent):
    assert sent("scan") == (0, "0 expired, 0 reminded, 1 mails\n")
    assert sent("scan", at="2024-03-08T09:00:00Z") == (0, "0 expired, 1 reminded, 1 mails\n")
    at, batch = "2024-03-19T09:00:00Z", {"SIGNFLOW_MAIL_BATCH": "1"}
    assert sent("scan", at=at, **batch) == (0, "1 expired, 0 reminded, 1 mails\n")


def test_scan_hands_over_every_mail(run):
    draft(run, "a@example.com", "b@example.com", "c@example.com")
    run("send", ID)
    assert run("scan", SIGNFLOW_MAIL_BATCH="2") == (0, "0 expired, 0 reminded, 3 mails\n")


def test_list_page_by_page(run):
    for owner in ("ana@b.co", "bo@b.co", "cleo@b.co"):
        draft(run, owner=owner)
    assert run("list", "--limit", "2")[1].splitlines() == [
        "DOC-2024-0001  draft             0/1  an***@b.co  Lease",
        "DOC-2024-0002  draft             0/1  bo***@b.co  Lease",
        "more: --after 2",
    ]
    code, text = run("list", "--after", "2")
    assert (code, text) == (0, "DOC-2024-0003  draft             0/1  cl***@b.co  Lease\n")


def test_list_by_state_and_owner(sent):
    draft(sent, owner="ana@b.co")
    assert [line[:13] for line in sent("list", "--state", "draft")[1].splitlines()] == [
        "DOC-2024-0002"
    ]
    assert sent("list", "--owner", "bo@example.com")[1].startswith(ID)
    assert sent("list", "--owner", "bo@example.com", "--state", "draft") == (0, "")


def test_audit(sent):
    assert sent("audit", ID.lower(), "--event", "sent", "--event", "signed") == (
        0, "  2 2024-03-05T09:00:00+00:00 sent bo@example.com -\n",
    )  # fmt: skip
    assert sent("audit", ID, "--actor", "ana@example.com") == (0, "")
    assert sent("audit", "DOC-2024-0009")[0] == 1


def test_check(sent, tmp_path):
    draft(sent)
    assert sent("check") == (0, "all is well\n")
    (tmp_path / "versions" / ID / "0001-original.txt").unlink()
    assert sent("check") == (1, f"{ID}: 0001-original.txt is missing\n")
    assert sent("check", "DOC-2024-0002") == (0, "all is well\n")


def test_export(sent, tmp_path):
    assert sent("export") == (0, "2024/03/documents-2024-03-05.csv\n")
    assert sent("export", "--format", "json")[1] == "2024/03/documents-2024-03-05.json\n"
    assert sent("export", ID) == (0, f"audit/{ID}.csv\n")
    assert (tmp_path / "exports" / "audit" / f"{ID}.csv").read_bytes().count(b"\r\n") == 3


def test_certificate(sent):
    sent("sign", token())
    code, text = sent("certificate", ID)
    assert (code, text.splitlines()[4]) == (
        0, "  1. Ana <ana@example.com> from unknown on 5 Mar 2024, 10:00",
    )  # fmt: skip
    assert text.endswith("\nLast event: 5 Mar 2024, 10:00\n")


def test_settings_file(run, tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "s.ini").write_text("[storage]\ndatabase = x.db\n", encoding="utf-8")
    assert run("--config", "etc/s.ini", "list") == (0, "")
    assert (tmp_path / "etc" / "x.db").is_file()
    assert run("--config", "none.ini", "list")[1].startswith("signflow: cannot read none.ini")


def test_version_and_wrong_usage(run, capsys):
    for arguments, code in ((["--version"], 0), ([], 2), (["draft"], 2)):
        with pytest.raises(SystemExit) as caught:
            main(arguments, {})
        assert caught.value.code == code
    assert capsys.readouterr().out == f"signflow {__version__}\n"
