"""Where the levels would be cut into thirds: the tertiles of the stored catalogues' difficulties.

`python benchmarks/level_cuts.py`, after the catalogues were rebuilt; the two numbers over all
projects go into `bugbash/serving/levels.py`.
"""

from __future__ import annotations

from statistics import quantiles

from bugbash.serving import catalogue
from bugbash.serving.levels import LEVELS, level
from bugbash.targets import vendored


def main() -> None:
    everything: list[float] = []
    for name in vendored.names():
        known = catalogue.load(name)
        found = [e.bug.difficulty for e in known.entries] if known else []
        measured = [value for value in found if value is not None]
        everything += measured
        show(name, measured)
    show("all", everything)


def show(name: str, measured: list[float]) -> None:
    if len(measured) < 2:
        print(f"{name:12} {len(measured)} bugs")
        return
    low, high = quantiles(measured, n=3)
    words = [level(value) for value in measured]
    shares = ", ".join(f"{words.count(word)} {word}" for word in LEVELS)
    print(f"{name:12} cuts {low:.2f} and {high:.2f} of {len(measured)} bugs; now {shares}")


if __name__ == "__main__":
    main()
