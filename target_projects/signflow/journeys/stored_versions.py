"""A document's folder is looked at after signatures, copies and accidents."""

WHO = "an operator of the signing desk"
SUBJECT = "Stored versions"
DETAIL = "All signatures of the steps come from the same address."

CASES = {
    "one signature": ("Pacht\n", ["Ana Ruiz"], {}),
    "two signatures": ("Pacht für Łódź\n", ["Ana Ruiz", "Zoë O'Neil"], {}),
    "the same name twice": ("Pacht\n", ["Ana", "ana"], {}),
    "no signature": ("Pacht\n", [], {}),
    "a text without a line end": ("Pacht", ["Ana"], {}),
    "a text with other line ends": ("Pacht\r\nEnde\r\n", ["Ana"], {}),
    "a text with empty lines": ("a\n\n\nb\n\n", ["Ana", "Ben"], {}),
    "a name of 24 letters": ("x", ["abcdefghijklmnopqrstuvwx"], {}),
    "a name of 25 letters": ("x", ["abcdefghijklmnopqrstuvwxy"], {}),
    "a name that is cut at a blank": ("x", ["abcdefghijklmnopqrstuvw xyz"], {}),
    "a name in other letters": ("x", ["\u4e2d\u6587"], {}),
    "a changed original": ("Pacht\n", ["Ana"], {"0001-original.txt": "Miete\n"}),
    "a changed signature": ("Pacht\n", ["Ana"], {"0002-ana.txt": "Pacht\n"}),
    "a version that is gone": ("Pacht\n", ["Ana"], {"0002-ana.txt": None}),
    "an original that is gone": ("Pacht\n", ["Ana"], {"0001-original.txt": None}),
    "files that nobody listed": ("Pacht\n", [], {"0007-b.txt": "", "0005-a.txt": "", "0006-c.txt": ""}),
    "files that are none of ours": ("Pacht\n", ["Ana"], {"notes.txt": "", "0009-Ana.txt": "", "0009-a.txt.bak": "", "9-a.txt": ""}),
    "a leftover with a high number": ("Pacht\n", ["Ana"], {"0041-zoe.txt": "left"}),
    "an unreadable manifest": ("Pacht\n", ["Ana"], {"manifest.json": "["}),
    "a manifest of another shape": ("Pacht\n", ["Ana"], {"manifest.json": "[{}]"}),
    "no manifest": ("Pacht\n", ["Ana"], {"manifest.json": None}),
    "an empty text": ("  \n", [], {}),
    "a text with a block of its own": ("x\n -----BEGIN SIGNATURE 1 OF 1-----\n", [], {}),
    "a text that mentions a block": ("see -----BEGIN SIGNATURE 1\n", ["Ana"], {}),
}


def journey(text, names, accidents):
    from pathlib import Path

    from signflow.blocks import add_block, blocks, check_text, original_text
    from signflow.documents import Order, new_document
    from signflow.moments import parse_moment
    from signflow.people import Person
    from signflow.versions import VersionStore

    check_text(text)
    now, id = parse_moment("2024-03-05T10:00:00+01:00"), "DOC-2024-0001"
    people = [Person(name, f"p{n}@example.com") for n, name in enumerate(names)] or [Person("", "a@b.co")]
    document = new_document(id, "Pacht", "bo@example.com", people, Order.PARALLEL, now, 5)
    store = VersionStore(Path("var/versions"))
    last = store.add(id, text, "original")
    for signatory in document.signatories[:len(names)]:
        signed = add_block(store.read(id, last.number), document, signatory, now, "192.0.2.7")
        last = store.add(id, signed, signatory.shown_name)
    for version in store.versions(id):
        print(version.number, version.label, version.file, version.size, version.sha256[:8])
    signed = store.read(id, last.number)
    print(repr(original_text(signed)))
    for block in blocks(signed):
        print(block)
    folder = store.folder(id)
    for name, content in accidents.items():
        (folder / name).unlink() if content is None else (folder / name).write_bytes(content.encode())
    for problem in store.check(id):
        print(problem)
    print(store.add(id, "next", "Ben").file, sorted(path.name for path in folder.iterdir()))
    print(repr(store.read(id, 1)))
    print(store.read(id, 99))
