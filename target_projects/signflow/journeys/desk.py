"""A clerk works through a day on the command line."""

WHO = "a clerk at the command line"
SUBJECT = "Day at the signing desk"
DETAIL = "The clock of the steps stands at half past eleven in the evening, in UTC."

CASES = {
    "a draft": (["list"],),
    "two drafts": (["draft lease.txt --title Miete --owner ana@b.co --signer c@d.co --signer e@f.co", "list"],),
    "a draft with an order": (["draft lease.txt --title x --owner ana@b.co --signer c@d.co --order groups"],),
    "a draft without people": (["draft lease.txt --title x --owner ana@b.co", "list"],),
    "a draft without an owner's address": (["draft lease.txt --title x --owner ana --signer c@d.co", "list"],),
    "a draft of a file that is not there": (["draft none.txt --title x --owner ana@b.co --signer c@d.co"],),
    "a draft of a file in another encoding": (["draft latin.txt --title x --owner ana@b.co --signer c@d.co"],),
    "a draft of nothing": (["draft --title x --owner ana@b.co --signer c@d.co"],),
    "a draft from a template": (["draft --template offer --set number=a=1 --set customer=Orchard --set service=S --set price=9 --set start=2024-04-01 --title x --owner a@b.co --signer c@d.co", "list"],),
    "a draft from a template without values": (["draft --template offer --title x --owner a@b.co --signer c@d.co", "list"],),
    "a draft from a template with half a value": (["draft --template nda --set company --title x --owner a@b.co --signer c@d.co", "list"],),
    "a document that is sent": (["send DOC-2024-0001", "list --state sent", "list --state draft"],),
    "a document that is sent by an id in small letters": (["send doc-2024-0001", "audit doc-2024-0001"],),
    "a document that is sent twice": (["send DOC-2024-0001", "send DOC-2024-0001", "audit DOC-2024-0001"],),
    "a document that is sent again": (["send DOC-2024-0001", "send --again DOC-2024-0001", "audit DOC-2024-0001"],),
    "a draft sent again": (["send --again DOC-2024-0001", "list"],),
    "a document that is viewed": (["send DOC-2024-0001", "view {token} --address 192.0.2.7", "audit DOC-2024-0001 --event viewed"],),
    "a document that is signed": (["send DOC-2024-0001", "sign {token} --address ::1", "sign {token}", "list"],),
    "a document that is declined": (["send DOC-2024-0001", "decline {token} --reason rent --address 192.0.2.7", "audit DOC-2024-0001"],),
    "a document that is declined without a reason": (["send DOC-2024-0001", "decline {token}", "list"],),
    "a document that is taken back": (["send DOC-2024-0001", "void DOC-2024-0001 --reason sold", "scan", "list"],),
    "a scan": (["send DOC-2024-0001", "scan", "scan"],),
    "an audit by actor": (["send DOC-2024-0001", "view {token}", "audit DOC-2024-0001 --actor Ana@example.com"],),
    "an audit of an unknown document": (["audit DOC-2024-0007", "list"],),
    "a list page by page": (["draft lease.txt --title two --owner a@b.co --signer c@d.co", "draft lease.txt --title three --owner a@b.co --signer c@d.co", "list --limit 1", "list --limit 1 --after 1", "list --limit 2", "list --after 2", "list --limit 3"],),
    "a list of nothing": (["list --limit 0", "list --after 1"],),
    "a list by state": (["draft lease.txt --title two --owner a@b.co --signer c@d.co", "send DOC-2024-0001", "list --state sent", "list --state draft --state sent", "list --state voided"],),
    "an export": (["send DOC-2024-0001", "export", "export --format json"],),
    "a check of a document": (["send DOC-2024-0001", "check doc-2024-0001", "check DOC-2024-0002"],),
    "a check": (["send DOC-2024-0001", "sign {token}", "check", "check DOC-2024-0001"],),
}


def journey(commands):
    from pathlib import Path

    from signflow.cli import main
    from signflow.moments import FrozenClock
    from signflow.service import SigningDesk
    from signflow.settings import load
    from signflow.storage import connect

    environ = {"SIGNFLOW_LINKS_SECRET": "the secret of this year"}
    Path("lease.txt").write_bytes("\ufeffPacht: Łódź\r\n".encode())
    Path("latin.txt").write_bytes("Größe".encode("latin-1"))
    token = ""
    for command in ["draft lease.txt --title Pacht --owner Bo@example.com --signer ana@example.com", *commands]:
        arguments = ["--at", "2024-03-05T23:30:00Z", *command.format(token=token).split()]
        print(f"$ {command}")
        print("gives", main(arguments, environ))
        desk = SigningDesk(connect("signflow.db"), load(environ=environ), FrozenClock("2024-03-05T23:30:00Z"))
        for document in desk.store.find()[:1]:
            token = desk.token(document, document.signatories[0]) if document.sent_at else ""
        desk.db.close()
    for file in sorted(Path().glob("*/*/*")) + sorted(Path("exports").glob("*/*/*")):
        if file.suffix in (".txt", ".mail", ".csv", ".json") and file.name != "manifest.json":
            print(file.as_posix(), file.read_bytes()[:200])
