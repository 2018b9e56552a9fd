"""A clerk works through a day on the command line."""

WHO = "a clerk at the command line"
SUBJECT = "Day at the invoicing desk"
DETAIL = "The invoice of the steps has one line, for support."

CASES = {
    "a draft": (["list", "preview INV-2024-0001", "aging"],),
    "a second draft": (["draft invoice.json", "list"],),
    "a list by state": (["schedule INV-2024-0001", "list --state draft", "list --state scheduled"],),
    "an invoice sent today": (["schedule INV-2024-0001", "run", "list --state sent"],),
    "an invoice for next week": (["schedule INV-2024-0001 --on 2024-03-08", "run", "list"],),
    "an invoice for yesterday": (["schedule INV-2024-0001 --on 2024-02-29", "list"],),
    "an invoice scheduled twice": (["schedule INV-2024-0001", "schedule INV-2024-0001"],),
    "a part payment": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 40", "aging"],),
    "two part payments": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 40", "pay INV-2024-0001 59.99"],),
    "a full payment": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 100", "run", "list"],),
    "a payment of a cent too much": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 100.01"],),
    "a payment of nothing": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 0"],),
    "a payment on a draft": (["pay INV-2024-0001 100"],),
    "a void draft": (["void INV-2024-0001", "list"],),
    "a void scheduled invoice": (["schedule INV-2024-0001", "void INV-2024-0001", "run"],),
    "a void sent invoice": (["schedule INV-2024-0001", "run", "void INV-2024-0001", "list"],),
    "a written-off invoice": (["schedule INV-2024-0001", "run", "void INV-2024-0001 --write-off", "list"],),
    "a written-off part payment": (["schedule INV-2024-0001", "run", "pay INV-2024-0001 40", "void INV-2024-0001 --write-off"],),
    "a payment after the write-off": (["schedule INV-2024-0001", "run", "void INV-2024-0001 --write-off", "pay INV-2024-0001 100"],),
    "a part payment after the write-off": (["schedule INV-2024-0001", "run", "void INV-2024-0001 --write-off", "pay INV-2024-0001 1"],),
    "a draft written off": (["void INV-2024-0001 --write-off", "list"],),
    "an export": (["export", "export --format both"],),
}


def journey(commands):
    import json
    from pathlib import Path

    from billcycle.cli import main

    record = {"customer": "Orchard Farm", "email": "orchard@example.com", "issued": "2024-03-01",
              "lines": [{"description": "Support", "unit_price": "100"}]}
    Path("invoice.json").write_text(json.dumps(record), encoding="utf-8")
    for command in ["draft invoice.json", *commands]:
        print(command, "gives", main(["--at", "2024-03-01T10:00:00Z", *command.split()], environ={}))
    for file in sorted(Path("spool").glob("*/*.eml")):
        print(file.as_posix(), file.read_text(encoding="utf-8"))
