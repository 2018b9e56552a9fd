"""The night shift lets the intake file away what the banks have sent."""

WHO = "an operator of the night shift"
SUBJECT = "Nightly intake"
DETAIL = "In the steps four files come in one after the other, two of them under the same name."

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
    "an export in Latin-1": ("payments_20240301.csv", ["10", "\udcfc"], "archive"),
    "a warning": ("payments_20240301.csv", ["10", "-10"], "archive"),
    "an export of just the largest size": ("payments_20240301.csv", ["1" * 206, "1" * 206], "archive"),
    "an export of one byte more": ("payments_20240301.csv", ["1" * 206, "1" * 207], "archive"),
}


def journey(name, amounts, archive):
    from datetime import UTC, datetime
    from pathlib import Path
    from ledgerlines import intake, runlog, settings

    rows = [f"pay_{number:04},charge,USD,2024-03-01,{text}\n" for number, text in enumerate(amounts)]
    chosen, clock = settings.Settings(max_file_size=500), lambda: datetime(2024, 3, 4, 9, tzinfo=UTC)
    for file in ("payments_20240308.csv", name, "payments_20240309.csv", name):
        Path(file).write_text("id,type,ccy,date,amount\n" + "".join(rows), "utf-8", "surrogateescape")
        print(*intake.run_intake(Path(), Path(archive), chosen, clock), sep="\n")
    print(*sorted(path.as_posix() for path in Path(archive).rglob("*.*")), sep="\n")
    print(*runlog.latest(Path(archive, "intake.log"), 2), sep="\n")
