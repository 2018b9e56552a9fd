import pytest
from builders import SECRET, SENT, make_document, make_settings

from signflow import __version__, cli
from signflow.cli import main
from signflow.moments import FrozenClock
from signflow.service import SigningDesk
from signflow.storage import connect

ID = "DOC-2024-0001"


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys, settings, no_sync):
    """Run a command in an empty folder; gives exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "load", lambda path, environ: settings)
    (tmp_path / "lease.txt").write_bytes(b"Lease\r\n")

    def run(*arguments, at="2024-03-05T09:00:00Z"):
        code = main(["--at", at, *arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


FLAGS = ("--title", "Lease", "--owner", "Bo@example.com", "--signer", "Ana <ana@example.com>")


@pytest.fixture
def sent(run, settings):
    """Runs commands after a document was sent; `sent.link` is the link."""
    db = connect(settings.database)
    desk = SigningDesk(db, settings, FrozenClock("2024-03-05T09:00:00Z"))
    run("draft", "lease.txt", *FLAGS)
    document = desk.send(ID)
    run.link = "https://sign.test/sign/" + desk.token(document, document.signatories[0])
    db.close()
    return run


def test_draft(run, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "a.txt").write_bytes("\ufeffPacht: Łódź\r\n".encode())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert run("draft", "~/a.txt", *FLAGS, "--signer", "2: ben@example.com") == (
        0, f"{ID} for 2 to sign (parallel): Lease\n",
    )  # fmt: skip
    stored = tmp_path / "versions" / ID / "0001-original.txt"
    assert stored.read_bytes() == "Pacht: Łódź\r\n".encode()
    assert "(groups)" in run("draft", "lease.txt", *FLAGS, "--order", "groups")[1]


def test_draft_from_a_template(run, tmp_path):
    flags = ("--template", "nda", *FLAGS, "--set", "day=5 March")
    assert run("draft", *flags, "--set", "company=Hartley", "--set", "partner=A=B")[0] == 0
    text = (tmp_path / "versions" / ID / "0001-original.txt").read_text(encoding="utf-8")
    assert "between Hartley and A=B, dated 5 March." in text
    assert run("draft", *flags, "--set", "day") == (
        1, "signflow: write name=value, not 'day'\n",
    )  # fmt: skip
    assert run("draft", "--template", "nda", *FLAGS)[1].startswith("signflow: no value for company")


def test_draft_without_a_readable_file(run, tmp_path):
    (tmp_path / "latin.txt").write_bytes("Größe".encode("latin-1"))
    assert run("draft", *FLAGS) == (1, "signflow: name a file or a --template\n")
    assert run("draft", "absent.txt", *FLAGS) == (1, "signflow: cannot read absent.txt\n")
    assert run("draft", "lease.txt", *FLAGS[:4])[1] == (
        "signflow: a document needs somebody to sign it\n"
    )
    assert run("draft", "latin.txt", *FLAGS) == (1, "signflow: cannot read latin.txt\n")


def test_send_and_send_again(run):
    run("draft", "lease.txt", *FLAGS)
    expected = f"{ID}  sent              0/1  14 days left  bo@example.com  Lease\n"
    assert run("send", ID) == (0, expected)
    assert run("send", ID) == (1, f"signflow: {ID} was sent already\n")
    assert run("send", "--again", ID, at="2024-03-06T09:00:00Z") == (0, expected)
    assert run("void", ID, "--reason", "sold") == (
        0, f"{ID}  voided            0/1  bo@example.com  Lease\n",
    )  # fmt: skip


def test_view_and_sign_twice(sent):
    assert sent("view", sent.link, "--address", "192.0.2.8") == (0, "Lease\r\n\n")
    assert sent("sign", sent.link, "--address", "192.0.2.7") == (
        0, f"{ID}: signed at 2024-03-05 09:00:00+00:00, version 2\n",
    )  # fmt: skip
    assert sent("sign", sent.link, at="2024-05-05T09:00:00Z") == (
        0, f"{ID}: signed already at 2024-03-05 09:00:00+00:00, version 2\n",
    )  # fmt: skip
    text = sent("audit", ID)[1]
    assert "\n  3 2024-03-05T09:00:00+00:00 viewed ana@example.com 192.0.2.8\n" in text
    assert "signed ana@example.com 192.0.2.7\n" in text


def test_decline(sent):
    assert sent("decline", sent.link) == (1, "signflow: please say why you decline\n")
    code, text = sent("decline", sent.link, "--reason", "rent", "--address", "::1")
    assert (code, text) == (0, f"{ID}: declined at 2024-03-05 09:00:00+00:00, version 1\n")
    assert sent("audit", ID.lower(), "--event", "declined", "--event", "signed") == (
        0, "  3 2024-03-05T09:00:00+00:00 declined ana@example.com ::1\n",
    )  # fmt: skip
    assert sent("audit", ID, "--actor", "cleo@example.com") == (0, "")


def test_scan(sent, monkeypatch, settings):
    small = make_settings(settings.versions.parent, batch=1)
    monkeypatch.setattr(cli, "load", lambda path, environ: small)
    sent("draft", "lease.txt", *FLAGS, "--signer", "ben@example.com")
    sent("send", "DOC-2024-0002")
    assert sent("scan") == (0, "0 expired, 0 reminded, 3 mails\n")
    assert sent("scan", at="2024-03-08T09:00:00Z") == (0, "0 expired, 3 reminded, 3 mails\n")
    assert sent("scan", at="2024-03-19T09:00:00Z") == (0, "2 expired, 0 reminded, 2 mails\n")


def test_list(sent):
    for title in ("Two", "Three"):
        sent("draft", "lease.txt", "--title", title, *FLAGS[2:])
    draft = "draft             0/1  bo@example.com"
    assert sent("list", "--limit", "2")[1].splitlines() == [
        f"{ID}  sent              0/1  14 days left  bo@example.com  Lease",
        f"DOC-2024-0002  {draft}  Two",
        "more: --after 2",
    ]
    assert sent("list", "--after", "2") == (0, f"DOC-2024-0003  {draft}  Three\n")
    lines = sent("list", "--state", "draft", "--state", "voided")[1].splitlines()
    assert [line[:13] for line in lines] == ["DOC-2024-0002", "DOC-2024-0003"]


def test_check_and_export(sent, tmp_path):
    sent("draft", "lease.txt", *FLAGS)
    assert sent("check") == (0, "all is well\n")
    (tmp_path / "versions" / ID / "0001-original.txt").unlink()
    assert sent("check") == (1, f"{ID}: 0001-original.txt is missing\n")
    assert sent("check", "DOC-2024-0002") == (0, "all is well\n")
    assert sent("export") == (0, "2024/03/documents-2024-03-05.csv\n")
    assert sent("export", "--format", "json") == (0, "2024/03/documents-2024-03-05.json\n")


def test_settings_file(tmp_path, monkeypatch, capsys, clock):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.ini").write_text("[storage]\ndatabase = x.db\n", encoding="utf-8")
    assert main(["--config", "s.ini", "list"], {"SIGNFLOW_LINKS_SECRET": SECRET}, clock) == 0
    assert (tmp_path / "x.db").is_file()
    assert main(["--config", "none.ini", "list"], {}) == 1
    assert capsys.readouterr().err.startswith("signflow: cannot read none.ini")


def test_page_unless_told_otherwise():
    options = cli.make_parser().parse_args(["list"])
    assert (options.after, options.limit) == (0, 20)


def test_summary_of_an_old_document_without_a_deadline(desk):
    line = cli.summary(desk, make_document(state=SENT))
    assert line == f"{ID}  sent              0/1  bo@example.com  Lease"


def test_version_and_wrong_usage(capsys):
    for arguments, code in ((["--version"], 0), ([], 2), (["draft"], 2)):
        with pytest.raises(SystemExit) as caught:
            main(arguments, {})
        assert caught.value.code == code
    assert capsys.readouterr().out == f"signflow {__version__}\n"
