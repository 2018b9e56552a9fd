"""The controllers collect the reports of the command line from a shared folder."""

WHO = "a controller"
SUBJECT = "Report file"
DETAIL = "Each report is written twice in the steps, with rows and without."

CASES = {
    "text": ("text", "Fees", "reports"),
    "text by its suffix": (".TXT", "Fees", "reports"),
    "CSV": ("csv", "Fees, Köln", "reports"),
    "JSON": (" json", "Fees/Köln", "reports"),
    "a format with a blank behind it": ("csv ", "Fees", "reports"),
    "a folder that does not exist": ("csv", "Fees", "2024/q1/reports"),
    "a title with blanks around": ("text", "  Fees__2024 ", "."),
    "a title without a letter": ("csv", "???", "."),
    "an unknown format": ("pdf", "Fees", "reports"),
}


def journey(fmt, title, folder):
    from pathlib import Path
    from ledgerlines import reports

    rows = (("Köln", 3, "1,200.50"), ("Bonn, Rhein", 12, "-0.50"))
    for cells in (rows, ()):
        table = reports.Table(title, ("city", "count", "sum"), cells)
        path = reports.write_report(table, Path(folder), reports.parse_format(fmt))
        print(path.as_posix())
        print(path.read_bytes().decode("utf-8"))
