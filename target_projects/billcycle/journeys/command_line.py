"""Clerks work with the command line in a folder of their own."""

WHO = "a clerk of the branch"
SUBJECT = "The command line"
DETAIL = "The folder of the desk is emptied before the commands are typed."

CASES = {
    "drafting an invoice": ({}, "", [["draft", "invoice.json"]]),
    "a customer outside ASCII": ({"customer": "Łódź Café"}, "", [["draft", "invoice.json"]]),
    "an empty due date": ({"due": ""}, "", [["draft", "invoice.json"]]),
    "a file that is not there": ({}, "", [["draft", "other.json"]]),
    "a list by customer": ({}, "", [["draft", "invoice.json"], ["list", "--customer", "Orchard Farm"]]),
    "a list by state": ({}, "", [["draft", "invoice.json"], ["list", "--state", "sent"]]),
    "a planned invoice": (
        {}, "", [["draft", "invoice.json"], ["schedule", "INV-2024-0001", "--on", "2024-03-02"], ["preview", "INV-2024-0001"]]
    ),
    "a planned invoice, no mail at weekends": (
        {},
        "[mail]\nskip_weekends = true",
        [["draft", "invoice.json"], ["schedule", "INV-2024-0001", "--on", "2024-03-02"], ["preview", "INV-2024-0001"]],
    ),
    "a void invoice": ({}, "", [["draft", "invoice.json"], ["void", "INV-2024-0001"], ["list"]]),
    "sending and paying": (
        {},
        "",
        [["draft", "invoice.json"], ["schedule", "INV-2024-0001", "--on", "2024-03-01"], ["run"], ["pay", "INV-2024-0001", "100.00"], ["run"], ["list"]],
    ),
    "an overpayment": (
        {},
        "",
        [["draft", "invoice.json"], ["schedule", "INV-2024-0001", "--on", "2024-03-01"], ["run"], ["pay", "INV-2024-0001", "100.01"]],
    ),
    "an export of both kinds": ({}, "", [["draft", "invoice.json"], ["export", "--format", "both"]]),
    "the folder of the database": ({}, "[storage]\ndatabase = \"data/deep/b.db\"", [["list"], ["draft", "invoice.json"], ["list"]]),
    "who owes what": (
        {},
        "",
        [["draft", "invoice.json"], ["schedule", "INV-2024-0001", "--on", "2024-03-01"], ["run"], ["aging"]],
    ),
}


def journey(changes, settings, commands):
    import json
    from pathlib import Path

    from billcycle.cli import main

    folder = Path("desk")
    folder.mkdir(exist_ok=True)
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    record = {
        "number": "INV-2024-0001",
        "customer": "Orchard Farm",
        "email": "orchard@example.com",
        "issued": "2024-03-01",
        "due": "2024-03-20",
        "lines": [{"description": "Support", "unit_price": "100.00"}],
    }
    (folder / "invoice.json").write_text(json.dumps({**record, **changes}, ensure_ascii=False), encoding="utf-8")
    (folder / "billcycle.toml").write_text(settings, encoding="utf-8")
    for words in commands:
        later = words[0] in ("run", "pay", "aging")
        at = "2024-03-25T10:00:00Z" if later else "2024-03-01T08:00:00Z"
        words = [str(folder / word) if word.endswith(".json") else word for word in words]
        code = main(["--config", str(folder / "billcycle.toml"), "--at", at, *words], {})
        print("exit code", code)
    print("files:", sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()))
