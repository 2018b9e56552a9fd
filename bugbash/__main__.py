"""`python -m bugbash` is the `bugbash` command."""

from bugbash.cli import run

if __name__ == "__main__":
    run()
