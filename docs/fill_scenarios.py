"""Writes the tables of docs/scenarios.md from the program: `python docs/fill_scenarios.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).with_name("scenarios.md")
MARKS = {"keys": ("schema", "--markdown"), "scenarios": ("list", "--markdown")}


def main() -> None:
    text = PAGE.read_text("utf-8")
    for mark, words in MARKS.items():
        command = [sys.executable, "-m", "bugbash", "scenario", *words]
        table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        pattern = rf"(<!-- {mark} -->\n).*?(<!-- end -->)"
        text = re.sub(pattern, lambda m, t=table: m[1] + t + m[2], text, count=1, flags=re.DOTALL)
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
