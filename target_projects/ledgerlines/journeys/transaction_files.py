"""The gateway team keeps a file of transactions that the night jobs add to."""

WHO = "a developer of the gateway team"
SUBJECT = "Transaction file"
DETAIL = "The steps add one transaction to the file, with id 9."

CASES = {
    "a file in a folder that exists": ("day.txt", "1,2.00,0.10\n", 5, 2),
    "a file in a new folder": ("2024/03/day.txt", None, 5, 2),
    "an empty file": ("day.txt", "", 5, 1),
    "a last line without its end": ("day.txt", "1,2.00,0.10", 1, 5),
    "comments and blank lines": ("day.txt", "# März\n\n1,2.00,0.10\n  \n2,3.00,0.20\n", 2, 2),
    "a bad line": ("day.txt", "1,2.00,0.10\nx,y,z\n3,3.00,0.20\n", 5, 2),
    "a file with a byte order mark": ("day.txt", "\ufeff1,2.00,0.10\n", 5, 2),
    "two equally large amounts": ("day.txt", "4,90.00,0.10\n5,90.00,0.10\n", 5, 2),
    "parts of one line": ("day.txt", "1,2.00,0.10\n2,3.00,0.20\n", 9, 1),
    "parts of no line": ("day.txt", "1,2.00,0.10\n", 9, 0),
    "ids at both ends of a selection": ("day.txt", "5,2.00,0.10\n6,3.00,0.20\n", 5, 9),
}


def journey(name, text, first, size):
    from pathlib import Path
    from ledgerlines import linefiles, records

    errors, path = [], Path(name)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    linefiles.append_transactions(path, [records.Transaction(9, 4000, 120)])
    print(path.read_text(encoding="utf-8").splitlines())
    print(linefiles.summarise(linefiles.read_transactions(path, errors.append)), errors)
    good = linefiles.read_transactions(path, errors.append)
    linefiles.write_transactions(Path("new/sel.txt"), linefiles.select_ids(good, first, 9))
    for part in linefiles.split_file(Path("new/sel.txt"), Path("cut/parts"), size):
        print(part.as_posix(), part.read_bytes())
