from parcelrate.cli import run

run()
