from ledgerlines.cli import run

run()
