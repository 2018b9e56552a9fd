"""Plays one bug of each target project through an installed bugbash, by the lines that it prints.

    play.py BUGBASH

Red under plain pytest with exactly the announced tests, not solved, revealed, solved.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

BUGBASH = sys.argv[1]


def run(words, cwd, expected=0):
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, shell=isinstance(words, str)
    )
    if done.returncode != expected:
        sys.exit(f"{words}: exit {done.returncode}, not {expected}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def play(target, folder):
    printed = run([BUGBASH, "new", target, "--seed", "11"], folder)
    lines = re.findall(r"^    (cd .*|\.venv\S*pytest|.*bugbash check)$", printed, re.MULTILINE)
    workspace = Path(shlex.split(lines[0])[1])
    red = run("\n".join(lines[:2]), folder, expected=1)
    told = set(re.findall(r"✗ (\S.*)", printed))
    failed = set(re.findall(r"^FAILED ([^\n]*?)(?: - .*)?$", red, re.MULTILINE))
    assert failed == told, (failed, told)
    run(f"{lines[0]}\n{lines[2]}", folder, expected=1)
    patch = run([BUGBASH, "reveal", "--patch"], workspace)
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    grade = json.loads(run([BUGBASH, "check", "--json"], workspace))
    assert grade["solved"] and grade["diff"]["equivalent"] == "ast", grade
    print(f"{target}: red as announced ({len(told)}), not solved, revealed, solved")


with tempfile.TemporaryDirectory() as name:
    os.environ["BUGBASH_HOME"] = str(Path(name, "bugbash home"))
    for target in ("billcycle", "ledgerlines"):
        play(target, Path(name))
