"""Prints the commands of the README's section "Set up", one a line."""

import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text("utf-8")
section = text.split("\n## Set up\n", 1)[1].split("\n## ", 1)[0]
for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
    print(block.strip())
