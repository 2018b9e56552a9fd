"""The night shift lets the intake file away what the banks have sent."""

WHO = "the night shift"
SUBJECT = "Nightly intake"
DETAIL = "Starting it by hand in the morning gives the same picture."

CASES = {
    "a good export": ("payments_20240301.csv", ["10"], "archive"),
    "a good export of the other bank": ("payment-20240301.txt", ["10"], "archive"),
    "an export with capitals": ("PAYMENTS_20240301.CSV", ["10"], "archive"),
    "an export of a branch": ("payments_20240301_eu-2.csv", ["10"], "archive"),
    "a file that is still coming in": ("payments_20240301.csv.part", ["10"], "archive"),
    "an archive in a new folder": ("payments_20240301.csv", ["10"], "var/finance/archive"),
    "an export without rows": ("payments_20240301.csv", [], "archive"),
    "one bad row in ten": ("payments_20240301.csv", ["10"] * 9 + ["?"], "archive"),
    "one bad row in nine": ("payments_20240301.csv", ["10"] * 8 + ["?"], "archive"),
    "a warning": ("payments_20240301.csv", ["10", "-10"], "archive"),
    "an export of just the largest size": ("payments_20240301.csv", ["1" * 64, "1" * 64], "archive"),
    "an export of one byte more": ("payments_20240301.csv", ["1" * 64, "1" * 65], "archive"),
}


def journey(name, amounts, archive):
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from ledgerlines import intake, runlog, settings

    archive, inbox = Path(archive), Path("inbox")
    inbox.mkdir()
    for file in (name, "payments_20240302.csv"):
        rows = [f"pay_{number:04},charge,USD,2024-03-01,{text}\n" for number, text in enumerate(amounts)]
        (inbox / file).write_text("id,type,ccy,date,amount\n" + "".join(rows), encoding="utf-8")
    chosen, clock = settings.Settings(max_file_size=217), lambda: datetime(2024, 3, 4, 9, tzinfo=UTC)
    print(*intake.run_intake(inbox, archive, chosen, clock), sep="\n")
    (inbox / "payments_20240302.csv").write_text("id\n", encoding="utf-8")
    print(*intake.run_intake(inbox, archive, chosen, clock), sep="\n")
    print(*sorted(path.as_posix() for path in archive.rglob("*.*") if path.is_file()), sep="\n")
    print(*runlog.latest(archive / "intake.log", 2), sep="\n")
    print(intake.expired(archive, timedelta(days=0), clock().date() + timedelta(days=28)))
